"""Pabulib's `.pb` files: a participatory budget, as defined on pabulib.org.

Three sections, META (`key;value`), PROJECTS and VOTES, each with a header line. Votes by
approval (or of a single project) are marks, cumulative and scoring ones are points, and
ordinal ones rankings, in which methods with a budget find nothing to add up. Projects are
known by their `project_id`. The rule that META declares goes along as the profile's
`variant`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Options, decimal, lines, shown
from bot.ballot_files.rules import PaperRules
from bot.domain.tally.profile import Form, Profile

SECTIONS = ("META", "PROJECTS", "VOTES")
FORMS: Mapping[str, Form] = {
    "approval": Form.MARKS,
    "choose-1": Form.MARKS,
    "cumulative": Form.SCORES,
    "scoring": Form.SCORES,
    "ordinal": Form.RANKING,
}
"""What each type of vote is counted as."""


@dataclass(slots=True)
class Reading:
    """What has been read so far."""

    meta: dict[str, str] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    costs: list[Fraction] = field(default_factory=list)
    box: Box | None = None


def read_pb(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of a .pb file, in the form that its votes have; its costs and budget."""
    reading = Reading()
    last = 0
    for last, section, row in _rows(path):
        match section:
            case "META":
                reading.meta[row.get("key", "")] = row.get("value", "")
            case "PROJECTS":
                _project(reading, row, last)
            case _:
                _vote(reading, row, last)
    if reading.box is None:
        raise BallotFileError(last, "count.why.pb-sections")
    if not reading.meta.get("budget", "").strip():
        raise BallotFileError(0, "count.why.pb-budget")
    budget = _money(reading.meta["budget"], 0)
    rule = reading.meta.get("rule", "")
    return replace(reading.box.profile(), costs=tuple(reading.costs), budget=budget, variant=rule)


def _rows(path: Path) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """Each row with its line, its section, and its cells by column."""
    reader = csv.reader((text for _, text in lines(path)), delimiter=";", strict=False)
    section, header = "", list[str]()
    try:
        for row in reader:
            if not row or not any(row):
                continue
            if len(row) == 1 and row[0].strip().upper() in SECTIONS:
                section, header = row[0].strip().upper(), []
            elif not section:
                raise BallotFileError(reader.line_num, "count.why.pb-sections")
            elif not header:
                header = [name.strip().lower() for name in row]
            else:
                yield reader.line_num, section, dict(zip(header, row, strict=False))
    except csv.Error:
        raise BallotFileError(reader.line_num, "count.why.csv-quotes") from None


def _project(reading: Reading, row: Mapping[str, str], line: int) -> None:
    name = row.get("project_id", "").strip()
    if not name:
        raise BallotFileError(line, "count.why.no-such-option", text="")
    if reading.options.add(name, line) < len(reading.costs):
        raise BallotFileError(line, "count.why.named-twice")
    cost = _money(row.get("cost", ""), line)
    if cost < 0:
        raise BallotFileError(line, "count.why.not-a-number", text=str(cost))
    reading.costs.append(cost)


def _money(text: str, line: int) -> Fraction:
    """An amount, with a point or a comma."""
    return decimal(text.strip().replace(",", "."), line)


def _vote(reading: Reading, row: Mapping[str, str], line: int) -> None:
    kind = reading.meta.get("vote_type", "").strip()
    form = FORMS.get(kind)
    if form is None:
        raise BallotFileError(line, "count.why.pb-votes", text=shown(kind), types=", ".join(FORMS))
    if reading.box is None:
        reading.box = Box(form, reading.options)
    if "vote" not in row:
        raise BallotFileError(line, "count.why.csv-cells", n=len(row), expected=2)
    named = [reading.options.place(word.strip(), line) for word in row["vote"].split(",") if word.strip()]
    if len(set(named)) < len(named):
        raise BallotFileError(line, "count.why.named-twice")
    reading.box.weigh(1, line)
    match form:
        case Form.MARKS:
            reading.box.ballots.add(dict.fromkeys(named, 1))
        case Form.SCORES:
            reading.box.ballots.score(dict(zip(named, _points(row, len(named), line), strict=True)))
        case Form.RANKING:
            reading.box.ballots.rank([[project] for project in named])


def _points(row: Mapping[str, str], wanted: int, line: int) -> Sequence[Fraction]:
    points = [decimal(word.strip(), line) for word in row.get("points", "").split(",") if word.strip()]
    if len(points) != wanted:
        raise BallotFileError(line, "count.why.csv-cells", n=len(points), expected=wanted)
    return points
