"""House rules that no linter has: our names are ours alone, modules say what they know, and sizes stay readable."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "storage")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|base|impl|misc|common)$|[a-z](Utils?|Helper|Manager|Base|Impl)$")
LONGEST_FUNCTION, LONGEST_MODULE = 45, 400


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_there_is_something_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_installs_a_package_of_our_name(package: str) -> None:
    # Installers overwrite such a clash in silence. An editable install of ours is not listed at all.
    assert set(packages_distributions().get(package, [])) <= {"palabre"}


def test_no_test_folder_hides_a_library() -> None:
    hidden = {"telegram", "nio", "alembic", "sqlmodel", "sqlalchemy", "babel", "matplotlib", "apscheduler"}
    assert not [
        path for path in (ROOT / "tests").rglob("*/") if path.name in hidden and "node_modules" not in str(path)
    ]


def test_names_come_from_voting_not_from_frameworks() -> None:
    vague = [named(path) for path in MODULES if VAGUE.search(path.stem)]
    for path in MODULES:
        classes = (node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))
        vague += [f"{named(path)}: {node.name}" for node in classes if VAGUE.search(node.name)]
    assert vague == []


def test_modules_say_what_they_know_and_stay_short() -> None:
    silent = [named(path) for path in MODULES if not ast.get_docstring(tree(path))]
    long = [named(path) for path in MODULES if path.read_text(encoding="utf-8").count("\n") > LONGEST_MODULE]
    assert (silent, long) == ([], [])


def test_functions_fit_on_a_screen() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{named(path)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def test_only_texts_speak() -> None:
    sentence = re.compile(r"[éèêëàâîïôùûçÉÈÀÇ]\w* .* ")
    found = []
    for path in MODULES:
        if not path.is_relative_to(ROOT / "bot" / "text"):
            found += [f"{named(path)}:{node.lineno}" for node in literals(path) if sentence.search(str(node.value))]
    assert found == []


def test_the_core_never_asks_which_platform_it_is() -> None:
    core = [path for path in MODULES if path.relative_to(ROOT).parts[:2] in {("bot", "domain"), ("bot", "usecases")}]
    found = [
        f"{named(path)}:{node.lineno}"
        for path in core
        for node in literals(path)
        if node.value in ("telegram", "matrix")
    ]
    assert found == []


def literals(path: Path) -> Iterator[ast.Constant]:
    """String constants of a module that are no docstrings."""
    module = tree(path)
    documentation = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node
