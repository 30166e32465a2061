"""The programs of a bundle, loaded as files: they belong to no package."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.usecases.bundle import PROGRAMS


@cache
def program(name: str) -> Mapping[str, Any]:
    """What a program defines."""
    return runpy.run_path(str(PROGRAMS / name))


@cache
def methods() -> Mapping[str, Any]:
    programs = map(program, ("count_marks.py", "count_rankings.py", "count_budgets.py"))
    return {name: count for made in programs for name, count in made["METHODS"].items()}
