"""Damaged files are counted or refused, with the line at fault, and never more: no traceback, nothing half counted."""

from __future__ import annotations

import contextlib
import io
import random
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ballot_files import ENDINGS, BallotFileError, read
from bot.ballot_files.rules import Overvotes, PaperRules
from bot.counting_command import count_file
from bot.domain.tally import METHODS
from bot.domain.tally.profile import Form
from tests.ballot_files.test_dialects import GRADED, OLD, PLACES
from tests.ballot_files.test_reading import ABIF, BLT, CATEGORIES, PB, PREFLIB

WHOLE = [
    (".blt", BLT),
    (".blt", BLT.replace("-3\n", "[undeclared 3]\n")),
    (".abif", ABIF),
    (".pb", PB),
    (".pb", PB.replace("cumulative", "ordinal")),
    (".pb", PB.replace("cumulative", "approval")),
    (".cat", CATEGORIES),
    (".csv", "count,A,B\n1,1,2\n"),
    (".csv", "ballot\nA>B=C\n"),
    (".csv", GRADED),
    (".csv", PLACES),
    *((ending, text) for ending in (".soc", ".soi", ".toc", ".toi") for text in (PREFLIB, OLD)),
]
SCRAPS = ["", "\n", "0", "-", "=", ",", "{", "}", '"', ";", ":", "#", "[", "é", "\u202e", "\r", "\x85", "9" * 40, "1e9"]
RULES = st.builds(PaperRules, st.sampled_from(Overvotes), st.none() | st.integers(0, 2))
fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)


def damaged(text: str, chance: random.Random) -> str:
    """Letters replaced by scraps, and lines lost, doubled, and put elsewhere."""
    letters = list(text)
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(letters))
        letters[place] = chance.choice([*SCRAPS, letters[place] * 2])
    rows = "".join(letters).splitlines(keepends=True)
    for _ in range(chance.randint(0, 2)):
        if rows:
            row = rows.pop(chance.randrange(len(rows)))
            rows[chance.randint(0, len(rows)) :] += chance.choice([[], [row, row], [row[: len(row) // 2]]])
    return "".join(rows)


def test_every_format_is_damaged() -> None:
    assert {ending for ending, _ in WHOLE} == set(ENDINGS)


@fuzzed
@given(st.sampled_from(WHOLE), st.sampled_from(Form), RULES, st.randoms(use_true_random=False))
def test_damaged_files_are_read_or_refused(
    tmp_path: Path, file: tuple[str, str], form: Form, rules: PaperRules, chance: random.Random
) -> None:
    path = tmp_path / f"damaged{file[0]}"
    path.write_bytes(damaged(file[1], chance).encode())
    line, profile = 0, None
    try:
        profile = read(path, form, rules)
    except BallotFileError as refused:
        line = refused.line
    assert 0 <= line <= path.read_bytes().count(b"\n") + 1
    if profile:
        assert all(len(ballot) == 2 * len(profile.options) for ballot in profile.ballots)


@fuzzed
@given(st.sampled_from(WHOLE), st.sampled_from([*METHODS]), st.randoms(use_true_random=False))
def test_the_command_counts_them_or_says_why_not(
    tmp_path: Path, file: tuple[str, str], method: str, chance: random.Random
) -> None:
    path = tmp_path / f"damaged{file[0]}"
    path.write_bytes(damaged(file[1], chance).encode())
    printed, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
        code = count_file(path, method, None, as_json=chance.random() < 0.5)
    if code == 0:
        assert (said.getvalue(), bool(printed.getvalue())) == ("", True)
    else:
        assert (code, printed.getvalue()) == (2, "")
        assert re.match(r"palabre: damaged\.\w+(, (line|ligne) \d+)?\b", said.getvalue())
