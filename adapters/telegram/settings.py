"""What the operator decides about Telegram, and nothing about how it is read from a file or the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach Telegram, and how it reaches us.

    `base_url` is a Bot API server's address without `/bot`. With `mode` "webhook",
    Telegram posts to `webhook_url` and we listen on `webhook_listen` ("host:port"); an
    empty `webhook_secret` means a new one at each start. `edit_interval` is the number
    of seconds left between two edits of cards in one group.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8081"
    webhook_secret: str = field(default="", repr=False)
    edit_interval: float = 5.0
