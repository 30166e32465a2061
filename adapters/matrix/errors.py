"""What went wrong at the homeserver, in the words of the ports: `Answer` → `Outcome`. It sends nothing."""

from __future__ import annotations

from adapters.matrix.wire import Answer
from bot.ports import Cause, Later, Never

RETRY = 5.0
"""Seconds to wait after a failure of the network or of the server."""
REFUSED = 60.0
"""Seconds to wait when our token was refused: the session is being renewed, or only the operator can mend it."""


def undone(answer: Answer, *, joined: bool = True, whisper: bool = False) -> Later | Never:
    """Why a message was not confirmed; `joined`: we are in its room, `whisper`: it is for one person."""
    if answer.status == 429:
        return Later(answer.retry_after)
    if answer.passing:
        # Sending again can't post twice as long as the homeserver remembers the transaction; it may forget (24 h).
        return Later(RETRY, maybe_delivered=answer.sent)
    if answer.status == 401:
        return Later(REFUSED)
    return Never(_cause(answer, joined, whisper), str(answer))


def _cause(answer: Answer, joined: bool, whisper: bool) -> Cause:
    if answer.status in {403, 404} and whisper:
        return "no-private-chat"
    if answer.status == 404 or (answer.status == 403 and not joined):
        return "room-gone"
    if answer.status == 403:
        return "not-allowed"
    return "rejected"
