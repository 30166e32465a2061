"""CSV: a header line, then a ballot a line. Commas, semicolons or tabs.

The column `count` says how many such ballots there are (1 without it). The others are
either one column `ballot` in the typed form (`A>B=C`); or columns `rank1`, `rank2`, …
with names in order (an empty place is skipped, `|` joins equal names, `overvote` ends
the ballot, a name said before is passed over); or one column for each option. Such a
column holds ranks (1 is best; ranks may leave gaps), or scores where the method counts
scores, or 1 and 0 where a ballot marks options. An empty cell says nothing. Columns
without a name, and those by which polls are exported with their voters (`VoterID`,
`VoteTime`, `PollID`, `ballot_id`), are passed over.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Options, lines, shown, whole
from bot.domain.tally.profile import Form, Profile

PASSED_OVER = {"", "voterid", "voter_id", "votetime", "pollid", "ballotid", "ballot_id"}
OVERVOTE, UNDERVOTE = "overvote", "undervote"
NOTHING = {"", "-"}
_PLACE = re.compile(r"rank\s*[0-9]+", re.IGNORECASE)
Put = Callable[[Sequence[str], int, int], None]
"""Puts what a line's cells say into the box: the cells, how many ballots, the line."""


def read_csv(path: Path, form: Form) -> Profile:
    """The ballots of a CSV file."""
    rows = _rows(path)
    line, header = next(rows, (0, []))
    names = [name.strip() for name in header]
    column = next((place for place, name in enumerate(names) if name.lower() == "count"), None)
    used = [place for place, name in enumerate(names) if place != column and name.lower() not in PASSED_OVER]
    box = Box(form, Options())
    put = _reader(box, [names[place] for place in used], line)
    for line, row in rows:
        if len(row) != len(names):
            raise BallotFileError(line, "count.why.csv-cells", n=len(row), expected=len(names))
        count = 1 if column is None else whole(row[column].strip(), line)
        put([row[place].strip() for place in used], count, line)
    return box.profile()


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of cells, each with the number of its last line."""
    texts = (text for _, text in lines(path))
    first = next(texts, "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(chain([first], texts), delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BallotFileError(reader.line_num, "count.why.csv-quotes") from None
        if row:
            yield reader.line_num, row


def _reader(box: Box, names: Sequence[str], line: int) -> Put:
    """How to read the lines below this header."""
    if [name.lower() for name in names] == ["ballot"]:
        return _typed(box)
    if names and all(_PLACE.fullmatch(name) for name in names):
        return _places(box)
    if len(set(names)) < len(names):
        raise BallotFileError(line, "count.why.named-twice")
    for name in names:
        box.options.add(name, line)
    return _scores(box) if box.form is Form.SCORES else _ranks(box)


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
                # A rank with several names: nothing can be read from here on, as with two equal ones.
                break
            names = [name.strip() for name in cell.split("|") if name.strip() not in {"", UNDERVOTE}]
            said = {option for group in groups for option in group}
            groups.append([o for o in dict.fromkeys(box.options.add(name, line) for name in names) if o not in said])
        box.rank([group for group in groups if group], count, line)

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
