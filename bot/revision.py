"""Which source is running, exactly: the version and the revision that disclosures print."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = "0"


@lru_cache(maxsize=1)
def running_version() -> str:
    """The installed version, `0` when the program is not installed as a package."""
    try:
        return version("palabre")
    except PackageNotFoundError:
        return UNKNOWN


@lru_cache(maxsize=1)
def running_revision() -> str:
    """The commit the source was taken from, with `+modified` when the tree differs from it.

    Without a repository beside the program it is the version: a release is named by it.
    """
    commit = _git("rev-parse", "--short=12", "HEAD")
    if not commit:
        return running_version()
    return f"{commit}+modified" if _git("status", "--porcelain", "--untracked-files=no") else commit


def _git(*arguments: str) -> str:
    if not (ROOT / ".git").exists():
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, our own repository
            ["git", "-C", str(ROOT), *arguments],  # noqa: S607 - whichever git the operator has
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        # Without git the version names the source well enough.
        return ""
    return done.stdout.strip()
