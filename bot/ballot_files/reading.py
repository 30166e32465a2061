"""What all ballot files have in common: lines of text, whole numbers, options by name. Nothing of a file is trusted.

Files are read line by line and their ballots merged as they come, so that size is
bounded by the number of different ballots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.rules import AS_WRITTEN, Overvotes, PaperRules
from bot.domain.tally.profile import ONE_CONTINUING, Ballots, Form, Profile
from bot.domain.tally.sums import MOST_BALLOTS

LONGEST_LINE = 1_000_000
MOST_OPTIONS = 2_000
MOST_LEVELS = 60_000
LARGEST_TABLE = 200_000_000
"""Different ballots times options: what fits into memory."""
_NUMBER = re.compile(r"[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
Lines = Iterator[tuple[int, str]]


def lines(path: Path) -> Lines:
    """The lines with their numbers, without their ends. Refuses what isn't text."""
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST_LINE):
            number += 1
            if len(raw) == LONGEST_LINE:
                raise BallotFileError(number, "count.why.long-line")
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise BallotFileError(number, "count.why.not-text") from None
            if "\0" in text:
                raise BallotFileError(number, "count.why.not-text")
            yield number, text.rstrip("\r\n")


def whole(text: str, line: int) -> int:
    """A whole number."""
    if not _NUMBER.fullmatch(text):
        raise BallotFileError(line, "count.why.not-a-number", text=shown(text))
    return int(text)


def decimal(text: str, line: int) -> Fraction:
    """A decimal number, exactly."""
    value = _decimal(text)
    if value is None:
        raise BallotFileError(line, "count.why.not-a-number", text=shown(text))
    return value


@lru_cache(maxsize=65_536)
def _decimal(text: str) -> Fraction | None:
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


def shown(text: str) -> str:
    """Words of a file, short and printable."""
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return printable if len(printable) <= 60 else f"{printable[:60]}\N{HORIZONTAL ELLIPSIS}"


class Options:
    """The options of a file in its order, each known by a word of the file and shown by its name."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self._names)

    def add(self, word: str, line: int, name: str = "") -> int:
        """The place of an option, which is new if its word is."""
        if word not in self._places:
            if len(self._names) >= MOST_OPTIONS:
                raise BallotFileError(line, "count.why.too-many-options", most=MOST_OPTIONS)
            self._places[word] = len(self._names)
            self._names.append(name or word)
        return self._places[word]

    def place(self, word: str, line: int) -> int:
        """The place of a known option."""
        if word not in self._places:
            raise BallotFileError(line, "count.why.no-such-option", text=shown(word))
        return self._places[word]

    def names(self) -> list[str]:
        """The names; one that stands twice carries its number."""
        return [
            f"{name} #{place + 1}" if self._names.count(name) > 1 else name for place, name in enumerate(self._names)
        ]


class Box:
    """Takes in the ballots of a file."""

    def __init__(self, form: Form, options: Options, rules: PaperRules = AS_WRITTEN, width: int = 1) -> None:
        self._width = width
        self.rules = rules
        self.ballots = Ballots(form)
        self.options = options
        self._total = 0
        self._levels: dict[str, int] = {}

    @property
    def form(self) -> Form:
        """The form of the profile to be made."""
        return self.ballots.form

    def weigh(self, count: int, line: int) -> None:
        """Take note of a line's ballots."""
        self._total += count
        if self._total > MOST_BALLOTS:
            raise BallotFileError(line, "count.why.too-many-ballots", most=MOST_BALLOTS)
        if len(self.ballots.merged) * max(len(self.options), self._width) > LARGEST_TABLE:
            raise BallotFileError(line, "count.why.too-large")
        if len(self.ballots.levels) > MOST_LEVELS:
            raise BallotFileError(line, "count.why.too-many-scores", most=MOST_LEVELS)

    def level(self, text: str, line: int) -> int:
        """The level of a score as the file writes it."""
        level = self._levels.get(text)
        if level is None:
            level = self._levels[text] = self.ballots.level(decimal(text, line))
        return level

    def rank(self, groups: Sequence[Sequence[int]], count: int, line: int) -> None:
        """Put in `count` ballots that rank these options; empty groups are ranks left empty. Refuses one that names an
        option twice."""
        named = [option for group in groups for option in group]
        if len(set(named)) < len(named):
            raise BallotFileError(line, "count.why.named-twice")
        if self.form is Form.SCORES:
            raise BallotFileError(line, "count.why.no-scores")
        self.weigh(count, line)
        self.ballots.rank(self.rules.said(groups), count)

    def profile(self) -> Profile:
        """The profile of what was put in."""
        if not len(self.options):
            raise BallotFileError(0, "count.why.empty")
        found = self.ballots.profile(self.options.names())
        return replace(found, variant=ONE_CONTINUING) if self.rules.overvotes is Overvotes.CONTINUING else found
