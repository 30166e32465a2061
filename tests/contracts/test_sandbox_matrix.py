"""The sandbox starts, says how to come in, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.servers.synapse import ROOT


def test_the_sandbox_says_how_to_come_in(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sandbox", "--once"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for words in ("http://127.0.0.1:", "ana", "bruno", "chloe", "palabre", "Mot de passe", "Password", "Ctrl-C"):
        assert words in done.stdout
    assert "is not one the bot is in" not in done.stderr
    assert not list(tmp_path.glob("palabre-sandbox-*"))
