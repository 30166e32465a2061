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
    """One cluster in a folder, listening on a unix socket there, with settings of ours (`name=value`)."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder = folder
        self.log = ""
        self._settings = [word for setting in settings for word in ("-c", setting)]
        self.data = folder / "data"
        self.url = f"postgresql://{USER}@/postgres?host={folder}"
        self._binaries = _binaries()
        self._user = _unprivileged(folder)
        make = ["-D", self.data, "-U", USER, "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync"]
        # The smallest files of its log of changes: as many as a server has, without writing as much.
        command = [self._binaries / "initdb", *make, "--wal-segsize=1"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=self._user)

    def start(self) -> None:
        """Start it as our own child: what is killed must also be reaped, or its number stays taken."""
        command = [self._binaries / "postgres", "-D", self.data, "-k", self.folder, "-h", "", *self._settings]
        self._process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, cwd=self.folder, user=self._user, process_group=0
        )
        assert self._process.stderr
        for line in self._process.stderr:
            self.log += line
            if "ready to accept connections" in line:
                return
        raise AssertionError("PostgreSQL did not start")

    def kill(self) -> None:
        """Kill -9 everything, as the kernel does when memory is short."""
        children = _children(self._process.pid)
        for process in (self._process.pid, *children):
            os.kill(process, signal.SIGKILL)
        self._reap()
        while any(_alive(process) for process in children):
            os.sched_yield()

    def stop(self) -> None:
        """Stop at once, whatever is going on."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        assert self._process.stderr
        if not self._process.stderr.closed:
            with self._process.stderr as rest:
                self.log += rest.read()


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
def own_postgres(*settings: str) -> Iterator[OwnPostgres]:
    """A running server with these settings, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="palabre-pg-"))
    try:
        server = OwnPostgres(folder, *settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
