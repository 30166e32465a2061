"""A PostgreSQL of the test's own, which it may kill and whose files it may read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.postgres import USER, _binaries, _unprivileged


class OwnPostgres:
    """One cluster in a folder, listening on a unix socket there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.url = f"postgresql://{USER}@/postgres?host={folder}"
        self._binaries = _binaries()
        self._user = _unprivileged(folder)
        self._run("initdb", "-D", self.data, "-U", USER, "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", f"-k {self.folder} -h ''", "start")

    def kill(self) -> None:
        """Kill -9 everything, as the kernel does when memory is short."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        everything = (main, *_children(main))
        for process in everything:
            os.kill(process, signal.SIGKILL)
        while any(_alive(process) for process in everything):
            os.sched_yield()
        # Where nobody reaps orphans their numbers stay taken, and the next server would believe in this one.
        (self.data / "postmaster.pid").unlink()

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._binaries / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=self._user)


def _children(parent: int) -> list[int]:
    return [process for process, (_, its_parent) in _processes().items() if its_parent == parent]


def _alive(process: int) -> bool:
    state, _ = _processes().get(process, ("Z", 0))
    return state != "Z"


def _processes() -> dict[int, tuple[str, int]]:
    """The state and the parent of every process."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue  # it ended meanwhile
            found[int(entry.name)] = (state, int(parent))
    return found


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A running server, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="palabre-pg-"))
    try:
        server = OwnPostgres(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
