"""Whether a whole ballot keeps the rules of its consultation: known options, each once, ranks, marks, points.

It checks plain numbers and refuses with what is wrong and an example that would do.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import BallotType, Definition
from bot.domain.methods import TIED_RANKS
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import AVAILABILITY_WORDS
from bot.domain.words import shown


def check_known(definition: Definition, options: Sequence[int]) -> None:
    """Raise Refusal `no-such-option`, `no-such-option-left`, `option-twice` or `too-many-choices` unless the options
    may stand together."""
    listed = {option.number for option in definition.options}
    if len(options) <= definition.at_most and listed.issuperset(options) and len(set(options)) == len(options):
        return
    seen: set[int] = set()
    for number in options:
        if number not in listed:
            raise _no_such_option(number, sorted(listed))
        if number in seen:
            raise Refusal("option-twice", option=named(definition, number))
        seen.add(number)
    raise Refusal("too-many-choices", n=definition.at_most)


def _no_such_option(number: int, listed: Sequence[int]) -> Refusal:
    """The refusal of a number that no option has; in a second round, some numbers in between are nobody's."""
    if listed[-1] == len(listed):
        return Refusal("no-such-option", option=str(number), last=len(listed))
    return Refusal("no-such-option-left", option=str(number), numbers=tuple(str(each) for each in listed))


def check_ranking(definition: Definition, levels: Sequence[Sequence[int]]) -> None:
    """Raise Refusal `ranks-shared` where the method needs strict ranks, besides those of `check_known`."""
    check_known(definition, [number for level in levels for number in level])
    shared = next((level for level in levels if len(level) > 1), None)
    if shared is not None and definition.method not in TIED_RANKS:
        first, second = shared[:2]
        raise Refusal(
            "ranks-shared",
            first=named(definition, first), second=named(definition, second), example=example(definition),
        )  # fmt: skip


def check_marks(definition: Definition, given: Sequence[tuple[int, int]]) -> None:
    """Raise Refusal `mark-out-of-range` or `too-many-points`, besides those of `check_known`."""
    check_known(definition, [number for number, _ in given])
    if definition.ballot is BallotType.POINTS:
        _check_points(definition, given)
        return
    for number, mark in given:
        if not 0 <= mark <= definition.best_mark:
            raise Refusal(
                "mark-out-of-range",
                said=f"{number}:{mark}", most=definition.best_mark, example=example(definition),
            )  # fmt: skip


def _check_points(definition: Definition, given: Sequence[tuple[int, int]]) -> None:
    budget = definition.points or 0
    for number, mark in given:
        if not 0 <= mark <= budget:
            raise Refusal("mark-out-of-range", said=f"{number}:{mark}", most=definition.best_mark,
                          example=example(definition))  # fmt: skip
    spent = cost(definition, given)
    if spent > budget and definition.quadratic:
        raise Refusal("too-many-points-squared", spent=spent, budget=budget, example=example(definition))
    if spent > budget:
        raise Refusal("too-many-points", spent=spent, budget=budget, over=spent - budget)


def cost(definition: Definition, given: Sequence[tuple[int, int]]) -> int:
    """What the points given cost: n points cost n, or n squared where the rules are quadratic.

    Source: S. P. Lalley and E. G. Weyl, "Quadratic Voting", AEA Papers and Proceedings 108 (2018).
    """
    return sum(mark**2 if definition.quadratic else mark for _, mark in given)


def example(definition: Definition) -> str:
    """A ballot for these options, as one would type it."""
    listed = [option.number for option in definition.options if not option.aside]
    some = listed[: min(max(2, definition.at_least), definition.at_most)]
    best = definition.best_mark
    match definition.ballot:
        case BallotType.SINGLE | BallotType.CONSENT | BallotType.SIGNATURE | BallotType.APPROVAL:
            return ", ".join(str(number) for number in some)
        case BallotType.RANKING:
            # Not in the order of the list: people see that it is theirs to choose.
            return ">".join(str(number) for number in some[1:2] + some[:1] + some[2:])
        case BallotType.POINTS if not definition.quadratic:
            shares = (-(-best // 2), best // 2)
            return as_typed(definition, [pair for pair in zip(listed, shares, strict=False) if pair[1]])
        case BallotType.POINTS:
            return as_typed(definition, ((listed[0], best),))
        case _:
            return as_typed(definition, list(zip(listed, (best, 0), strict=False)))


def as_typed(definition: Definition, given: Sequence[tuple[int, int]]) -> str:
    """Marks as one would type them: `1:5 2:0`, `1: Good, 2: Poor`, `1 yes, 3 no`."""
    match definition.ballot:
        case BallotType.AVAILABILITY:
            words = AVAILABILITY_WORDS[definition.language]
            return ", ".join(f"{number} {words[2 - mark]}" for number, mark in given)
        case BallotType.JUDGMENT:
            grades = definition.grades
            return ", ".join(f"{number}: {grades[-1 - mark]}" for number, mark in given)
        case _:
            return " ".join(f"{number}:{mark}" for number, mark in given)


def named(definition: Definition, number: int) -> str:
    """The option as refusals name it: its number and its text."""
    option = definition.option(number)
    return f"{number}. {shown(option.text)}" if option else str(number)
