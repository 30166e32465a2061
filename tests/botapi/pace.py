"""How fast the bot talks: counts for every chat, and Telegram's limits where a test wants them enforced.

Limits (Bots FAQ, and what bots report of edits): 30 messages a second in all, 20 a
minute in one group, edits counted. The clock is the world's, so that a test can
pass minutes at once.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from tests.botapi.errors import too_many
from tests.botapi.world import Chat, Clock

OVERALL = (30, 1.0)
GROUP = (20, 60.0)


@dataclass(frozen=True, slots=True)
class Beat:
    """One message sent or edited in a chat."""

    at: float
    chat_id: int
    kind: Literal["send", "edit"]


def kind_of(method: str) -> Literal["send", "edit"] | None:
    """Whether the method sends or edits a message, as far as the limits care."""
    if method.startswith("edit"):
        return "edit"
    sends = method.startswith(("send", "copyMessage", "forwardMessage")) and method != "sendChatAction"
    return "send" if sends else None


class Pace:
    """Counts what is sent. `enforced` makes a breach of Telegram's limits a refusal with code 429."""

    def __init__(self, clock: Clock, enforced: bool) -> None:
        self._clock, self.enforced = clock, enforced
        self.beats: list[Beat] = []
        self.breaches = 0
        self._overall: deque[float] = deque()
        self._group: defaultdict[int, deque[float]] = defaultdict(deque)

    def of(self, chat: Chat) -> list[Beat]:
        """What was sent and edited in the chat."""
        return [beat for beat in self.beats if beat.chat_id == chat.id]

    def count(self, chat_id: int, kind: Literal["send", "edit"]) -> None:
        """Count one message; ApiError 429 when it comes too soon and limits are enforced (it then doesn't count)."""
        now = self._clock()
        windows = [(self._overall, OVERALL)] + ([(self._group[chat_id], GROUP)] if chat_id < 0 else [])
        wait = max(_wait(window, limit, now) for window, limit in windows)
        if wait > 0:
            self.breaches += 1
            if self.enforced:
                raise too_many(max(1, math.ceil(wait)))
        for window, _ in windows:
            window.append(now)
        self.beats.append(Beat(now, chat_id, kind))


def _wait(window: deque[float], limit: tuple[int, float], now: float) -> float:
    """Seconds until one more fits into the window; zero when it does now. Forgets what is older than the window."""
    most, span = limit
    while window and window[0] <= now - span:
        window.popleft()
    return window[len(window) - most] + span - now if len(window) >= most else 0.0
