"""Small files of ours alone: written whole or not at all, readable by nobody else (0600, in a folder of 0700).

They hold the session, the seeds of our identity and the work left unfinished. This
module knows how they are kept and nothing of what they say.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def own_folder(path: str) -> Path:
    """The folder, made if need be and closed to everybody else."""
    folder = Path(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def read(path: Path) -> dict[str, Any]:
    """What the file says; nothing when there is none. A damaged file is a ValueError, never an empty one."""
    if not path.exists():
        return {}
    content = json.loads(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} does not hold an object")  # noqa: TRY004 - the file is wrong, not a type
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    """Replace the file; it is on the disk when this returns."""
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    # A rename is only safe from a power cut once the folder itself is written.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
