"""What the operator decides about Matrix, and nothing about how it is read from a file or the environment."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """How to reach Matrix, and whose accounts count.

    One of `password` and `access_token` is enough. `store_path` is a folder of ours
    alone: the session, its encryption keys and the seeds of our identity. With no
    `allowed_homeservers`, accounts of every homeserver are persons. `edit_interval`
    is the number of seconds left between two edits of cards in one room.
    """

    homeserver: str
    user_id: str
    password: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    device_name: str = "Palabre"
    store_path: str = "palabre-matrix"
    allowed_homeservers: tuple[str, ...] = ()
    edit_interval: float = 5.0
