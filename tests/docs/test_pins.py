"""What is installed is what `pyproject.toml` asks for: pinned, hashed, and from no particular address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def group(name: str) -> list[str]:
    entries = PROJECT["dependency-groups"][name]
    own = [entry for entry in entries if isinstance(entry, str)]
    return own + [each for entry in entries if isinstance(entry, dict) for each in group(entry["include-group"])]


WANTED = {
    "palabre": PROJECT["project"]["dependencies"] + group("build"),
    "dev": PROJECT["project"]["dependencies"] + group("dev"),
    "synapse": group("synapse"),
    "postgres": group("postgres"),
}


def test_there_is_one_file_for_each_environment() -> None:
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == WANTED.keys()


@pytest.mark.parametrize("name", WANTED)
def test_what_is_wanted_is_pinned(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins = {canonicalize_name(package): version for package, version in PINNED.findall(text)}
    wanted = [Requirement(line) for line in WANTED[name]]
    loose = [str(each) for each in wanted if pins.get(canonicalize_name(each.name), "0") not in each.specifier]
    assert loose == []


@pytest.mark.parametrize("name", WANTED)
def test_pins_are_hashed_and_name_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pinned = re.split(r"\n(?=[\w.-]+==)", text)
    assert [block.split()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert not re.search(r"://|--(extra-)?index|--find-links", text)
