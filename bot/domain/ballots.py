"""What a voter may express, and how a gesture turns the ballot they had into the ballot they have.

A choice is either the sorted numbers of the chosen options (single, approval and
consent ballots), a ranking, or a mark for each of some options. Its canonical text
(`2`, `1,3`; `>2>1=3`; `1:5,3:0`) is what the database stores, so that it can merge
equal ballots itself. A blank ballot or an explicit abstention names that one option,
in the same form as the other ballots of its consultation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import ballot_checks as checks
from bot.domain.consultation import BallotType, Definition
from bot.domain.refusals import Refusal

Chosen = tuple[int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Ranking:
    """Options by preference, the best first: the sorted options of one level are equal."""

    levels: tuple[Chosen, ...]

    def __iter__(self) -> Iterator[int]:
        """The options it ranks, best first."""
        return (number for level in self.levels for number in level)

    def __len__(self) -> int:
        return sum(len(level) for level in self.levels)


@dataclass(frozen=True, slots=True, order=True)
class Marks:
    """A mark for each of some options, as (option, mark) sorted by option: scores, grades, points, availability."""

    given: tuple[tuple[int, int], ...]

    def __iter__(self) -> Iterator[int]:
        """The options it marks."""
        return (number for number, _ in self.given)

    def __len__(self) -> int:
        return len(self.given)


Choice = Chosen | Ranking | Marks

ONE_CHOICE = frozenset({BallotType.SINGLE, BallotType.CONSENT, BallotType.SIGNATURE})
RANKED = frozenset({BallotType.RANKING})
MARKED = frozenset({BallotType.SCORE, BallotType.JUDGMENT, BallotType.POINTS, BallotType.AVAILABILITY})
"""The ballots that choose one option, that are rankings, and that give marks; approval chooses any number."""


@dataclass(frozen=True, slots=True)
class Press:
    """One press on an option's button: chooses it where one is chosen, turns it on or off on an approval ballot, ranks
    it next on a ranking (or takes it off), votes blank or abstains on any ballot."""

    option: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One press that gives an option a mark, or takes its mark away (None)."""

    option: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole ballot, typed; on a consent ballot, perhaps with its reason."""

    options: Choice
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """No ballot at all: as if the voter had not voted."""


Gesture = Press | Mark | Answer | Withdrawal


def amend(definition: Definition, previous: Choice | None, gesture: Gesture) -> Choice | None:
    """The ballot after the gesture, None when there is none left.

    Pressing a single choice again leaves it as it is (a double tap must not undo a
    vote). Any other ballot emptied by presses is withdrawn, one short of options
    stays but does not count. Raises Refusal `no-such-option`, `too-many-choices`,
    `too-few-choices`, `other-ballot`, and those of `ballot_checks`.
    """
    match gesture:
        case Withdrawal():
            return None
        case Answer(choice, _):
            return _checked(definition, choice)
        case Press(option):
            return _pressed(definition, previous, option)
        case Mark(option, mark):
            return _marked(definition, previous, option, mark)


def _pressed(definition: Definition, previous: Choice | None, option: int) -> Choice | None:
    """Someone who must choose three starts with one, and takes one off before choosing another: the ballot is taken
    and completed press by press, and counted only once it is complete (see `complete`)."""
    if definition.ballot in ONE_CHOICE:
        checks.check_known(definition, (option,))
        return (option,)
    asides = definition.asides
    if option in asides:
        nothing = aside(definition, option)
        return None if previous == nothing else nothing
    if definition.ballot is BallotType.APPROVAL:
        chosen = tuple(sorted({*(previous or ())} - asides ^ {option}))
        checks.check_known(definition, chosen)
        return chosen or None
    if definition.ballot in MARKED:
        raise Refusal("press-needs-mark", example=checks.example(definition))
    levels = previous.levels if isinstance(previous, Ranking) else ()
    return _ranked_next(definition, tuple(level for level in levels if asides.isdisjoint(level)), option)


def _ranked_next(definition: Definition, levels: tuple[Chosen, ...], option: int) -> Ranking | None:
    left = tuple(kept for level in levels if (kept := tuple(each for each in level if each != option)))
    if left == levels:
        left = (*levels, (option,))
    checks.check_known(definition, [number for level in left for number in level])
    return Ranking(left) if left else None


def _marked(definition: Definition, previous: Choice | None, option: int, mark: int | None) -> Choice | None:
    if definition.ballot not in MARKED or option in definition.asides:
        raise Refusal("other-ballot", example=checks.example(definition))
    given = dict(previous.given) if isinstance(previous, Marks) else {}
    kept = {number: old for number, old in given.items() if number != option and number not in definition.asides}
    if mark is not None and not (definition.ballot is BallotType.POINTS and mark == 0):
        kept[option] = mark
    elif definition.option(option) is None:
        checks.check_known(definition, (option,))
    return _checked(definition, Marks(tuple(sorted(kept.items())))) if kept else None


def aside(definition: Definition, option: int) -> Choice:
    """The ballot that names only this blank or abstaining option, in the form of the consultation's ballots."""
    if definition.ballot in RANKED:
        return Ranking(((option,),))
    return Marks(((option, 1),)) if definition.ballot in MARKED else (option,)


def complete(definition: Definition, choice: Choice) -> bool:
    """Whether the ballot has at least as many options as the rules ask, so that it counts: blank ballots always do."""
    return len(choice) >= definition.at_least or not definition.asides.isdisjoint(choice)


def _checked(definition: Definition, choice: Choice) -> Choice:
    """The whole ballot in its canonical form, if the rules allow it."""
    asides = definition.asides
    named = asides.intersection(choice)
    if named and len(choice) > 1 and definition.ballot not in ONE_CHOICE:
        raise Refusal("blank-stands-alone")
    match choice:
        case Ranking(levels) if definition.ballot in RANKED:
            found: Choice = Ranking(tuple(tuple(sorted(level)) for level in levels if level))
            checks.check_ranking(definition, levels)
        case Marks(given) if definition.ballot in MARKED:
            if named:
                return aside(definition, min(named))
            checks.check_marks(definition, given)
            # Points not given and no points given are one: the ballot says the same.
            found = Marks(
                tuple(sorted(each for each in given if each[1] or definition.ballot is not BallotType.POINTS))
            )
        case tuple() if definition.ballot not in RANKED | MARKED:
            found = tuple(sorted(set(choice)))
            checks.check_known(definition, found)
        case _:
            raise Refusal("other-ballot", example=checks.example(definition))
    if not named and len(found) < definition.at_least:
        raise Refusal("too-few-choices", n=definition.at_least)
    return found


def to_text(choice: Choice) -> str:
    """The canonical text of a choice: `2`, `1,3`; `>2>1=3`; `1:5,3:0`."""
    match choice:
        case tuple():
            return ",".join(str(number) for number in choice)
        case Ranking(levels):
            return "".join(">" + "=".join(str(number) for number in level) for level in levels)
        case Marks(given):
            return ",".join(f"{number}:{mark}" for number, mark in given)


def from_text(text: str) -> Choice:
    """The choice a canonical text stands for. Raises ValueError for anything else."""
    if text.startswith(">"):
        return Ranking(tuple(tuple(int(number) for number in level.split("=")) for level in text[1:].split(">")))
    if ":" in text:
        pairs = (each.split(":") for each in text.split(","))
        return Marks(tuple((int(number), int(mark)) for number, mark in pairs))
    return tuple(int(number) for number in text.split(","))
