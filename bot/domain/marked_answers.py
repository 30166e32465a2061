"""Marks by text: a score, a grade, points or an availability for each of some options.

`1:5 2:0`, `Library: 3, Park: 1`, `1 yes, 3 no`, `1: very good, 2: poor`. A part that
can be read in two ways is refused, like one that can't be read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.answers import option_called
from bot.domain.ballot_checks import as_typed, example, named
from bot.domain.ballots import Marks
from bot.domain.consultation import BallotType, Definition
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import AVAILABILITIES
from bot.domain.words import fold, shown

_NUMBER = re.compile(r"[0-9]{1,4}")
_LONGEST_MARK = 4
"""Words in the longest mark that is looked for after an option without a colon between."""
_SIGN = re.compile(r"\s*[:=]\s*")
# Several marks with blanks between: each value ends where the next option's word and its sign begin…
_SIGNED = re.compile(r"(\S[^:=]*?)[:=](.+?)(?=\s\S+[:=]|$)\s*")
# … or, without signs, where the next number begins.
_NUMBERED = re.compile(r"(#?[0-9]{1,3})\s+([^0-9]+?)(?=\s#?[0-9]|$)\s*")


def marks(text: str, definition: Definition) -> Marks:
    """The marks that the text gives.

    Raises Refusal `marks-unknown` (with what was understood before), `mark-ambiguous`, `option-twice`, and those of
    `answers.option_called`.
    """
    given: dict[int, int] = {}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        found = _pairs(part.strip(), definition)
        if not found:
            understood = as_typed(definition, sorted(given.items()))
            raise Refusal("marks-unknown", said=shown(part), understood=understood or "-", example=example(definition))
        for number, mark in found:
            if number in given:
                raise Refusal("option-twice", option=named(definition, number))
            given[number] = mark
    if not given:
        raise Refusal("marks-unknown", said=shown(text), understood="-", example=example(definition))
    return Marks(tuple(sorted(given.items())))


def _pairs(part: str, definition: Definition) -> list[tuple[int, int]]:
    """The marks of a part between commas: one, or several with blanks between; [] if it isn't understood."""
    readings = set(_readings(part, definition))
    if len(readings) > 1:
        raise Refusal("mark-ambiguous", said=shown(part), example=example(definition))
    if readings:
        return list(readings)
    for pattern in (_SIGNED, _NUMBERED):
        found = _sequence(pattern, _SIGN.sub(":", part), definition)
        if found:
            return found
    return []


def _readings(part: str, definition: Definition) -> Iterator[tuple[int, int]]:
    """Every way to read the part as one option and its mark: at the last sign, or before its last words."""
    cuts = []
    signs = list(_SIGN.finditer(part))
    if signs:
        cuts.append((part[: signs[-1].start()], part[signs[-1].end() :]))
    words = part.split()
    cuts += [
        (" ".join(words[:-many]), " ".join(words[-many:])) for many in range(1, min(len(words), _LONGEST_MARK + 1))
    ]
    for option, value in cuts:
        mark = _mark(value, definition)
        number = None if mark is None else option_called(option, definition.options)
        if number is not None and mark is not None:
            yield number, mark


def _sequence(pattern: re.Pattern[str], part: str, definition: Definition) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(part):
        pair = pattern.match(part, place)
        number = option_called(pair[1], definition.options) if pair else None
        mark = _mark(pair[2], definition) if pair else None
        if pair is None or number is None or mark is None:
            return []
        found.append((number, mark))
        place = pair.end()
    return found


def _mark(value: str, definition: Definition) -> int | None:
    """The mark that a value means, None if it means none."""
    value = value.strip().strip('"').strip()
    match definition.ballot:
        case BallotType.AVAILABILITY:
            return AVAILABILITIES.get(fold(value).strip(" .!"))
        case BallotType.JUDGMENT if not _NUMBER.fullmatch(value):
            return _grade(value, definition)
        case _:
            return int(value) if _NUMBER.fullmatch(value) else None


def _grade(value: str, definition: Definition) -> int | None:
    """The mark of a grade by its words, their initials, or its first letters where only one grade has them.

    Raises Refusal `grade-several`.
    """
    said = fold(value).strip(" .!")
    if not said:
        return None
    grades = [fold(grade) for grade in definition.grades]
    initials = ["".join(word[0] for word in re.findall(r"\w+", grade)) for grade in grades]
    for same in (
        [place for place, grade in enumerate(grades) if grade == said],
        [place for place, letters in enumerate(initials) if letters == said and len(said) > 1],
        [place for place, grade in enumerate(grades) if grade.startswith(said)],
    ):
        if len(same) > 1:
            listed = tuple(definition.grades[place] for place in same)
            raise Refusal("grade-several", said=shown(value), grades=listed)
        if same:
            return len(grades) - 1 - same[0]
    return None
