"""The dependency rule is kept, and each of its contracts really catches what it is there to catch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", RUN], cwd=folder, capture_output=True, text=True, check=False)


def test_the_project_keeps_its_contracts() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layers")
    for package in ("bot", "adapters", "storage"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("Imports point from the wiring to the domain", "bot/domain/planted.py", "import bot.usecases"),
        ("Imports point from the wiring to the domain", "bot/text/planted.py", "import bot.usecases"),
        ("The core knows no platform, no SQL and no scheduler", "bot/usecases/planted.py", "import telegram"),
        ("Each library has one home", "adapters/matrix/planted.py", "import sqlmodel"),
        ("Each library has one home", "storage/planted.py", "import matplotlib"),
        ("Adapters don't know one another", "adapters/matrix/planted.py", "import adapters.telegram"),
        ("Adapters and storage see no use case and no sentence", "adapters/console/planted.py", "import bot.usecases"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(copy: Path, contract: str, module: str, line: str) -> None:
    planted = copy / module
    planted.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    try:
        done = lint(copy)
    finally:
        planted.unlink()
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout
