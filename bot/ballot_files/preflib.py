"""PrefLib's files: `.soc .soi .toc .toi` (orders) and `.cat` (categories), as defined on preflib.org.

Metadata in lines that begin with `#`, then `how many: 1,{2,3},4`: alternatives in order,
braces around equal ones. Orders from before 2022 say how many alternatives there are,
then `number,name` for each, then three totals, then `how many,1,{2,3},4`. In a `.cat`
file each group is a category, the first being the best: for marks the first category is
chosen, for rankings each is a rank, for scores it is worth its name if all categories
are named by numbers, else the number of categories after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Lines, Options, decimal, lines, shown, whole
from bot.ballot_files.rules import PaperRules
from bot.domain.tally.profile import Form, Profile

_FACT = re.compile(r"#\s*([A-Z ]+?)\s*([0-9]*)\s*:\s*(.*)")
_GROUP = re.compile(r"\s*(?:\{([0-9,\s]*)\}|([0-9]+))\s*(,|$)")


def read_orders(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of an order file, as rankings or the marks of their first group."""
    options = Options()
    box = Box(form, options, rules)
    rest = ((line, text) for line, text in lines(path) if text.strip())
    first = next(rest, (0, "#"))
    old = not first[1].startswith("#") and ":" not in first[1]
    for line, text in _old_ballots(first, rest, options) if old else _ballots(chain([first], rest), options, {}):
        count, groups = _split(text, "," if old else ":", options, line)
        box.rank(groups, count, line)
    return box.profile()


def read_categories(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of a category file."""
    options = Options()
    box = Box(form, options, rules)
    categories: dict[int, str] = {}
    worth: Sequence[Fraction] = ()
    for line, text in _ballots(lines(path), options, categories):
        worth = worth or _worth(categories)
        count, groups = _split(text, ":", options, line)
        if len(groups) > len(categories):
            raise BallotFileError(line, "count.why.too-many-categories", n=len(categories))
        if len({option for group in groups for option in group}) < sum(map(len, groups)):
            raise BallotFileError(line, "count.why.named-twice")
        box.weigh(count, line)
        if form is Form.SCORES:
            given = {option: value for value, group in zip(worth, groups, strict=False) for option in group}
            box.ballots.score(given, count)
        elif form is Form.MARKS:
            box.ballots.add(dict.fromkeys(groups[0] if groups else (), 1), count)
        else:
            box.ballots.rank(rules.said(groups), count)
    return replace(box.profile(), top=max(worth, default=None))


def _ballots(rest: Lines, options: Options, categories: dict[int, str]) -> Lines:
    """The lines with ballots, after the metadata has named the alternatives and categories."""
    for line, text in rest:
        if not text.strip():
            continue
        if not text.startswith("#"):
            yield line, text
            continue
        fact = _FACT.match(text)
        match fact.group(1) if fact else "":
            case "ALTERNATIVE NAME":
                assert fact
                options.add(str(whole(fact.group(2), line)), line, fact.group(3).strip())
            case "CATEGORY NAME":
                assert fact
                categories[whole(fact.group(2), line)] = fact.group(3).strip()


def _old_ballots(first: tuple[int, str], rest: Lines, options: Options) -> Lines:
    """The lines with ballots of a file from before 2022, after the names of its alternatives and its totals."""
    line, text = first
    named = whole(text.strip(), line)
    for number in range(1, named + 1):
        line, text = next(rest, (line, ""))
        word, comma, name = text.partition(",")
        if not comma or whole(word.strip(), line) != number or not name.strip():
            raise BallotFileError(line, "count.why.names-missing", n=named - number + 1)
        options.add(str(number), line, name.strip())
    line, text = next(rest, (line, ""))
    for total in text.split(","):
        whole(total.strip(), line)
    yield from rest


def _worth(categories: Mapping[int, str]) -> list[Fraction]:
    names = [categories[number] for number in sorted(categories)]
    try:
        return [decimal(name, 0) for name in names]
    except BallotFileError:
        return [Fraction(after) for after in reversed(range(len(names)))]


def _split(text: str, after_count: str, options: Options, line: int) -> tuple[int, list[list[int]]]:
    """How many ballots, and their groups of options."""
    count, found, order = text.partition(after_count)
    if not found:
        raise BallotFileError(line, "count.why.preflib-ballot", text=shown(text))
    groups: list[list[int]] = []
    start, order = 0, order.strip()
    while start < len(order):
        group = _GROUP.match(order, start)
        if group is None or (group.group(3) == "," and group.end() == len(order)):
            raise BallotFileError(line, "count.why.preflib-ballot", text=shown(text))
        words = (group.group(1) if group.group(2) is None else group.group(2)).split(",")
        groups.append([options.place(str(whole(word.strip(), line)), line) for word in words if word.strip()])
        start = group.end()
    return whole(count.strip(), line), groups
