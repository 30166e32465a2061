"""BLT: the format of OpenSTV, droop and the Scottish councils.

`candidates seats`, then `-n` for withdrawn candidates, `[undeclared n]` for names that
voters wrote in and that can't be elected (as in Minneapolis: they leave before anything
else, and their papers go on), other options in brackets, one ballot a
line (`how many`, the candidates' numbers in order, `=` between equal ones, `-` for a
place left empty, `0`), a line with `0`, the candidates' names and the title. `#` begins
a comment before the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import MOST_OPTIONS, Box, Lines, Options, lines, shown, whole
from bot.ballot_files.rules import PaperRules
from bot.domain.tally.profile import Form, Profile

UNDECLARED = "[undeclared"


def read_blt(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of a BLT file, without those of its candidates who can't be elected."""
    rest = lines(path)
    candidates, seats = _head(rest)
    options, box = Options(), Box(form, Options(), rules, candidates)
    places: dict[int, int] = {number: number - 1 for number in range(1, candidates + 1)}
    for line, words in _before_names(rest):
        if words[0] == UNDECLARED:
            places = _withdraw(places, words[1:], line)
        elif words[0].startswith("["):
            continue
        elif words[0].startswith("-") and len(words[0]) > 1:
            places = _withdraw(places, words, line)
        else:
            count, groups = _ballot(words, candidates, line)
            box.rank([[places[number] for number in group if number in places] for group in groups], count, line)
    for number, name in enumerate(_names(rest, candidates), 1):
        if number in places:
            options.add(str(number), line, name)
    box.options = options
    return replace(box.profile(), seats=seats)


def _head(rest: Lines) -> tuple[int, int]:
    """How many candidates and seats the first line says."""
    for line, text in rest:
        words = text.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2:
            raise BallotFileError(line, "count.why.blt-head")
        candidates, seats = whole(words[0], line), whole(words[1], line)
        if not 1 <= candidates <= MOST_OPTIONS:
            raise BallotFileError(line, "count.why.too-many-options", most=MOST_OPTIONS)
        return candidates, max(seats, 1)
    raise BallotFileError(0, "count.why.empty")


def _before_names(rest: Lines) -> Iterator[tuple[int, list[str]]]:
    """The lines between the first and the `0` that ends the ballots, as words."""
    line = 0
    for line, text in rest:
        words = text.partition("#")[0].split()
        if words == ["0"]:
            return
        if words:
            yield line, words
    raise BallotFileError(line, "count.why.blt-end")


def _withdraw(places: dict[int, int], words: Sequence[str], line: int) -> dict[int, int]:
    gone = {whole(word.removeprefix("-").removesuffix("]"), line) for word in words if word != "]"}
    if unknown := gone - places.keys():
        raise BallotFileError(line, "count.why.no-such-option", text=str(min(unknown)))
    return {number: place for place, number in enumerate(number for number in places if number not in gone)}


def _ballot(words: Sequence[str], candidates: int, line: int) -> tuple[int, list[tuple[int, ...]]]:
    """How many ballots, and the candidates they rank, best first."""
    if words[-1] != "0" or len(words) < 2:
        raise BallotFileError(line, "count.why.blt-ballot")
    groups: list[tuple[int, ...]] = []
    for word in words[1:-1]:
        if word == "-":
            groups.append(())
            continue
        named = _equals(word, candidates)
        if named is None:
            raise BallotFileError(line, "count.why.no-such-option", text=shown(word))
        groups.append(named)
    return whole(words[0], line), groups


@lru_cache(maxsize=65_536)
def _equals(word: str, candidates: int) -> tuple[int, ...] | None:
    """The candidates of one rank, or None if one of them doesn't exist."""
    numbers = word.split("=")
    if not all(number.isascii() and number.isdecimal() and len(number) < 6 for number in numbers):
        return None
    named = tuple(int(number) for number in numbers)
    return named if all(1 <= number <= candidates for number in named) else None


def _names(rest: Lines, candidates: int) -> list[str]:
    names: list[str] = []
    last = 0
    for line, text in rest:
        last = line
        if text.strip():
            names.append(text.strip().strip('"'))
        if len(names) == candidates:
            return names
    raise BallotFileError(last, "count.why.names-missing", n=candidates - len(names))
