"""CSV: a header line, then a ballot a line. Commas, semicolons or tabs.

The column `count` says how many such ballots there are (1 without it). The others are
either one column `ballot` in the typed form (`A>B=C`); or columns `rank1`, `rank2`, …
with names in order (an empty place is skipped, `|` joins equal names, `overvote` stands
for names unknown, a name said before is passed over); or one column for each option. Such a
column holds ranks (1 is best; ranks may leave gaps), or scores where the method counts
scores, or 1 and 0 where a ballot marks options; or words, if a line above the header
declares them, the best first: `# grades: Good, Fair, Poor`. An empty cell says nothing. Columns
without a name, and those by which polls are exported with their voters (`VoterID`,
`VoteTime`, `PollID`, `ballot_id`), are passed over.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Lines, Options, lines, shown, whole
from bot.ballot_files.rules import Overvotes, PaperRules
from bot.domain.tally.profile import Form, Profile

PASSED_OVER = {"", "voterid", "voter_id", "votetime", "pollid", "ballotid", "ballot_id"}
OVERVOTE, UNDERVOTE = "overvote", "undervote"
NOTHING = {"", "-"}
_GRADES = re.compile(r"#\s*grades\s*:(.*)", re.IGNORECASE)
_PLACE = re.compile(r"rank\s*[0-9]+", re.IGNORECASE)
Put = Callable[[Sequence[str], int, int], None]
"""Puts what a line's cells say into the box: the cells, how many ballots, the line."""


def read_csv(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of a CSV file."""
    rest = lines(path)
    first = next(rest, (0, ""))
    grades = _grades(*first)
    rows = _rows(rest if grades else chain([first], rest), len(grades[:1]))
    line, header = next(rows, (0, []))
    names = [name.strip() for name in header]
    column = next((place for place, name in enumerate(names) if name.lower() == "count"), None)
    used = [place for place, name in enumerate(names) if place != column and name.lower() not in PASSED_OVER]
    box = Box(form, Options(), rules)
    put = _reader(box, [names[place] for place in used], grades, line)
    for line, row in rows:
        if len(row) != len(names):
            raise BallotFileError(line, "count.why.csv-cells", n=len(row), expected=len(names))
        count = 1 if column is None else whole(row[column].strip(), line)
        put([row[place].strip() for place in used], count, line)
    return replace(box.profile(), grades=grades, top=Fraction(len(grades) - 1) if grades else None)


def _grades(line: int, text: str) -> tuple[str, ...]:
    """The grades that the file's first line declares, the lowest first; none if it is another line."""
    declared = _GRADES.fullmatch(text)
    if declared is None:
        return ()
    grades = tuple(word.strip() for word in reversed(re.split("[,;]", declared.group(1))))
    if len({grade.casefold() for grade in grades}) < len(grades):
        raise BallotFileError(line, "count.why.named-twice")
    if len(grades) < 2 or not all(grades):
        raise BallotFileError(line, "count.why.grades")
    return grades


def _rows(rest: Lines, above: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of cells, each with the number of its last line, of which there are some above."""
    texts = (text for _, text in rest)
    first = next(texts, "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(chain([first], texts), delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BallotFileError(reader.line_num + above, "count.why.csv-quotes") from None
        if row:
            yield reader.line_num + above, row


def _reader(box: Box, names: Sequence[str], grades: Sequence[str], line: int) -> Put:
    """How to read the lines below this header."""
    if grades:
        return _graded(box, names, grades, line)
    if [name.lower() for name in names] == ["ballot"]:
        return _typed(box)
    if names and all(_PLACE.fullmatch(name) for name in names):
        return _places(box)
    _name_options(box, names, line)
    return _scores(box) if box.form is Form.SCORES else _ranks(box)


def _name_options(box: Box, names: Sequence[str], line: int) -> None:
    if len(set(names)) < len(names):
        raise BallotFileError(line, "count.why.named-twice")
    for name in names:
        box.options.add(name, line)


def _graded(box: Box, names: Sequence[str], grades: Sequence[str], line: int) -> Put:
    """A word, or nothing, for each option."""
    _name_options(box, names, line)
    worth = {grade.casefold(): Fraction(value) for value, grade in enumerate(grades)}
    for value in worth.values():
        box.ballots.level(value)

    def put(cells: Sequence[str], count: int, line: int) -> None:
        said = {option: cell.casefold() for option, cell in enumerate(cells) if cell not in NOTHING}
        for option, word in said.items():
            if word not in worth:
                raise BallotFileError(
                    line, "count.why.no-such-grade", text=shown(cells[option]), grades=", ".join(reversed(grades))
                )
        box.weigh(count, line)
        box.ballots.score({option: worth[word] for option, word in said.items()}, count)

    return put


def _typed(box: Box) -> Put:
    """Ballots in the typed form."""

    def put(cells: Sequence[str], count: int, line: int) -> None:
        groups = [group.split("=") for group in cells[0].split(">")] if cells[0] else []
        if any(not name.strip() for group in groups for name in group):
            raise BallotFileError(line, "count.why.typed-ballot", text=shown(cells[0]))
        box.rank([[box.options.add(name.strip(), line) for name in group] for group in groups], count, line)

    return put


def _places(box: Box) -> Put:
    """Names in the order of their places."""

    def put(cells: Sequence[str], count: int, line: int) -> None:
        groups: list[list[int]] = []
        for cell in cells:
            if cell == OVERVOTE:
                if box.rules.overvotes is Overvotes.SKIP:
                    continue
                # A rank with several names: nothing can be read from here on, as with two equal ones.
                break
            names = [name.strip() for name in cell.split("|") if name.strip() not in {"", UNDERVOTE}]
            said = {option for group in groups for option in group}
            new = [o for o in dict.fromkeys(box.options.add(name, line) for name in names) if o not in said]
            if new or not names:
                groups.append(new)
        box.rank(groups, count, line)

    return put


def _scores(box: Box) -> Put:
    """A score, or nothing, for each option."""

    def put(cells: Sequence[str], count: int, line: int) -> None:
        box.weigh(count, line)
        level = box.level
        box.ballots.add({option: level(cell, line) for option, cell in enumerate(cells) if cell not in NOTHING}, count)

    return put


def _ranks(box: Box) -> Put:
    """A rank, or nothing, for each option. A 0 is nothing too where the file marks options with 1."""
    zero, deepest = 0, 0

    def put(cells: Sequence[str], count: int, line: int) -> None:
        nonlocal zero, deepest
        ranks = {option: whole(cell, line) for option, cell in enumerate(cells) if cell not in NOTHING}
        if not zero and 0 in ranks.values():
            zero = line
        deepest = max([deepest, *ranks.values()])
        if zero and deepest > 1:
            raise BallotFileError(line, "count.why.rank-zero", zero=zero)
        given = sorted({rank for rank in ranks.values() if rank})
        box.rank([[option for option in ranks if ranks[option] == rank] for rank in given], count, line)

    return put
