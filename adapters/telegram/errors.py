"""What went wrong at Telegram, in the words of the ports: `telegram.error` → `Outcome`.

It reads exception classes and the official error texts, and knows nothing about what
was being sent. A changed group address (`ChatMigrated`) is dealt with by the sender,
which alone can send again.
"""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.domain.ids import PostRef
from bot.ports import Cause, Delivered, Later, Never, Outcome

RETRY = 5.0
"""Seconds to wait after a failure of the network or of Telegram's servers."""

REFUSED = 60.0
"""Seconds to wait when our token was refused: only the operator can mend that."""

MARGIN = 1.0
"""Seconds added to Telegram's `retry_after`, which is whole seconds counted on another clock."""


class NeverSent(NetworkError):
    """The connection could not be made, so nothing reached Telegram and sending again can't post twice."""


_TEXTS: tuple[tuple[str, Cause], ...] = (
    ("message to edit not found", "message-gone"),
    ("message can't be edited", "message-gone"),
    ("message_id_invalid", "message-gone"),
    ("bot was blocked", "no-private-chat"),
    ("can't initiate conversation", "no-private-chat"),
    ("user is deactivated", "no-private-chat"),
    ("can't send messages to bots", "no-private-chat"),
    ("user not found", "no-private-chat"),
    ("not enough rights", "not-allowed"),
    ("have no rights", "not-allowed"),
    ("administrator rights", "not-allowed"),
    ("chat_admin_required", "not-allowed"),
    ("chat_write_forbidden", "not-allowed"),
    ("chat_restricted", "not-allowed"),
    ("topic_closed", "not-allowed"),
    ("chat not found", "room-gone"),
    ("peer_id_invalid", "room-gone"),
    ("message thread not found", "room-gone"),
    ("topic_deleted", "room-gone"),
    ("bot was kicked", "room-gone"),
    ("bot is not a member", "room-gone"),
    ("group chat was deleted", "room-gone"),
    ("group chat was deactivated", "room-gone"),
    ("group chat was upgraded", "room-gone"),
    ("channel_private", "room-gone"),
)


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait, in seconds, with a margin."""
    wait = error.retry_after
    return (wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) + MARGIN


def outcome(error: TelegramError, *, whisper: bool = False, post: PostRef | None = None) -> Outcome:
    """What became of a message: `whisper` when it was for one person, `post` when it was an edit of that message."""
    if isinstance(error, RetryAfter):
        return Later(seconds(error))
    # BadRequest is a NetworkError in this library, so it has to be asked about first.
    if isinstance(error, BadRequest | Forbidden):
        if post is not None and "message is not modified" in error.message.lower():
            return Delivered(post)
        return Never(_cause(error, whisper), error.message)
    if isinstance(error, ChatMigrated) and post is not None:
        # What was posted in the old group can no longer be edited from anywhere.
        return Never("message-gone", error.message)
    if isinstance(error, InvalidToken):
        return Later(REFUSED)
    if isinstance(error, NeverSent | ChatMigrated):
        return Later(RETRY)
    return Later(RETRY, maybe_delivered=post is None)


def _cause(error: BadRequest | Forbidden, whisper: bool) -> Cause:
    text = error.message.lower()
    cause = next((cause for words, cause in _TEXTS if words in text), None)
    if cause is None:
        cause = "room-gone" if isinstance(error, Forbidden) else "rejected"
    return "no-private-chat" if whisper and cause == "room-gone" else cause
