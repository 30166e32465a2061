"""The real program in a child process: started, killed without warning, stopped, and its log read afterwards.

It knows processes and nothing of voting. A child dies with the test run that
started it, however that ends.
"""

from __future__ import annotations

import asyncio
import ctypes
import resource
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def _tie_to_us() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


class Program:
    """`palabre run --config FILE`, as often as it is started. What it logs is added to the file `log`."""

    def __init__(self, config: Path, log: Path) -> None:
        self._config, self._log = config, log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, seconds: float = 40.0) -> str:
        """Start it and return what it printed up to "ready"; AssertionError with its log if it never is."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "bot", "run", "--config", str(self._config)]
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log, preexec_fn=_tie_to_us
            )
        printed = ""
        assert self._process.stdout
        async with asyncio.timeout(seconds):
            while line := await self._process.stdout.readline():
                if line == b"ready\n":
                    return printed
                printed += line.decode()
        raise AssertionError(f"the program did not start: {self.log}")

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def log(self) -> str:
        """Everything it has logged, over all its starts."""
        return self._log.read_text()

    async def kill(self) -> None:
        """kill -9: nothing of it runs any more when this returns."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop, as a service manager does; its exit code."""
        return await self._end(signal.SIGTERM)

    def limit_files(self, size: int | None) -> None:
        """Let no file it writes grow beyond so many bytes from now on, as a full disk would; None: let them again."""
        _, most = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))

    async def _end(self, how: signal.Signals) -> int:
        assert self._process
        self._process.send_signal(how)
        async with asyncio.timeout(20):
            await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode
