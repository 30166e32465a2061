"""PrefLib's files: `.soc .soi .toc .toi` (orders) and `.cat` (categories), as defined on preflib.org since 2022.

Metadata in lines that begin with `#`, then `how many: 1,{2,3},4`: alternatives in order,
braces around equal ones. In a `.cat` file each group is a category, the first being the
best: for marks the first category is chosen, for rankings each is a rank, for scores it
is worth its name if all categories are named by numbers, else the number of categories
after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Lines, Options, decimal, lines, shown, whole
from bot.domain.tally.profile import Form, Profile

_FACT = re.compile(r"#\s*([A-Z ]+?)\s*([0-9]*)\s*:\s*(.*)")
_GROUP = re.compile(r"\s*(?:\{([0-9,\s]*)\}|([0-9]+))\s*(,|$)")


def read_orders(path: Path, form: Form) -> Profile:
    """The ballots of an order file, as rankings or the marks of their first group."""
    options = Options()
    box = Box(form, options)
    for line, text in _ballots(lines(path), options, {}):
        count, groups = _split(text, options, line)
        box.rank(groups, count, line)
    return box.profile()


def read_categories(path: Path, form: Form) -> Profile:
    """The ballots of a category file."""
    options = Options()
    box = Box(form, options)
    categories: dict[int, str] = {}
    worth: Sequence[Fraction] = ()
    for line, text in _ballots(lines(path), options, categories):
        worth = worth or _worth(categories)
        count, groups = _split(text, options, line)
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
            box.ballots.rank(groups, count)
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


def _worth(categories: Mapping[int, str]) -> list[Fraction]:
    names = [categories[number] for number in sorted(categories)]
    try:
        return [decimal(name, 0) for name in names]
    except BallotFileError:
        return [Fraction(after) for after in reversed(range(len(names)))]


def _split(text: str, options: Options, line: int) -> tuple[int, list[list[int]]]:
    """How many ballots, and their groups of options."""
    count, colon, order = text.partition(":")
    if not colon:
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
