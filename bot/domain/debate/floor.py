"""Whose turn it is to speak: the fair order of the speakers' list, and what is left of a turn.

The order is a rule that can be said in one sentence (`floor.rule` in the catalogues):
points of order first, then whoever has spoken least often, then whoever asked first;
where the debate says so, for and against take turns, and so do the quota lists. It
depends on nothing but the list and the turns already taken, so anyone can check it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.debate.model import Budget, Course, DebateRules, Measure, Request, Side, Speech
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown

_FACING = {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR}
_WARNED = (4, 5)
"""The speaker is told when a fifth of the turn is left."""


@dataclass(slots=True)
class _Record:
    """How often each person, side and list has had the floor."""

    people: Counter[int] = field(default_factory=Counter)
    sides: Counter[Side] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)

    def add(self, turn: Request | Speech) -> None:
        """Count a turn; a point of order is no intervention."""
        if not turn.order:
            self.people[turn.alias] += 1
            self.sides[turn.side] += 1
            self.lists[turn.list] += 1


def fair_order(requests: Sequence[Request], speeches: Sequence[Speech], rules: DebateRules) -> list[Request]:
    """The requests, given in the order they were made, in the order in which they get the floor; the turns taken so far
    are `speeches`."""
    orders = sorted((one for one in requests if one.order), key=lambda one: one.at)
    waiting = [one for one in requests if not one.order]
    record = _Record()
    for speech in speeches:
        record.add(speech)
    placed: list[Request] = []
    while waiting:
        chosen = _first(waiting, record, rules)
        waiting.remove(chosen)
        record.add(chosen)
        placed.append(chosen)
    return [*orders, *placed]


def _first(waiting: Sequence[Request], record: _Record, rules: DebateRules) -> Request:
    """Who is next: of the list that had fewest turns, who spoke least; giving way once to the side heard less."""
    if rules.lists:
        fewest = min(record.lists[one.list] for one in waiting)
        waiting = [one for one in waiting if record.lists[one.list] == fewest]
    chosen = _least_heard(waiting, record)
    facing = _FACING.get(chosen.side)
    if rules.alternate and facing is not None and record.sides[facing] < record.sides[chosen.side]:
        return _least_heard([one for one in waiting if one.side is facing] or [chosen], record)
    return chosen


def _least_heard(waiting: Sequence[Request], record: _Record) -> Request:
    return min(waiting, key=lambda one: (record.people[one.alias], one.at))


def under_way(speeches: Sequence[Speech]) -> Speech | None:
    """The turn under way, None when nobody has the floor."""
    return speeches[-1] if speeches and speeches[-1].ended_at is None else None


def spent(speech: Speech, budget: Budget, now: datetime) -> int:
    """What the turn has used by `now`, in the budget's measure (whole seconds for a time)."""
    match budget.measure:
        case Measure.MESSAGES:
            return speech.messages
        case Measure.CHARACTERS:
            return speech.characters
        case Measure.SECONDS:
            return max(int(((speech.ended_at or now) - speech.began_at) / timedelta(seconds=1)), 0)


def left(speech: Speech, budget: Budget, now: datetime) -> int:
    """What is left of the turn at `now`, in the budget's measure; never below 0."""
    return max(budget.amount - spent(speech, budget, now), 0)


def over(speech: Speech, budget: Budget | None, now: datetime) -> bool:
    """Whether the turn has used all it may; without a budget it ends by hand."""
    return budget is not None and left(speech, budget, now) == 0


def nearly_over(speech: Speech, budget: Budget | None, now: datetime) -> bool:
    """Whether a fifth of the turn or less is left, and something still is."""
    part, whole = _WARNED
    return (
        budget is not None
        and not over(speech, budget, now)
        and spent(speech, budget, now) * whole >= budget.amount * part
    )


def ends_at(speech: Speech, budget: Budget | None) -> datetime | None:
    """When the turn ends by itself; None unless its budget is a time."""
    if budget is None or budget.measure is not Measure.SECONDS:
        return None
    return speech.began_at + timedelta(seconds=budget.amount)


def next_due(course: Course, speeches: Sequence[Speech], rules: DebateRules, now: datetime) -> datetime | None:
    """When time alone next changes something about the turn under way (its warning or its end), if that lies ahead."""
    speech = under_way(speeches)
    end = ends_at(speech, rules.turn) if speech is not None else None
    if speech is None or end is None or course.paused_at is not None:
        return None
    assert rules.turn is not None
    part, whole = _WARNED
    # Rounded up: at a fraction of a second before, a fifth would not yet be left.
    warning = speech.began_at + timedelta(seconds=-(-rules.turn.amount * part // whole))
    return min((instant for instant in (warning, end) if instant > now), default=None)


@dataclass(frozen=True, slots=True)
class FloorWish:
    """What is asked after `/floor`: to be on the list (`side`, `list`, `order`), to read it (`reads`), or, with nothing
    said, to join it or leave it (`toggles`)."""

    side: Side = Side.NEITHER
    list: str = ""
    order: bool = False
    reads: bool = False

    @property
    def toggles(self) -> bool:
        """Whether nothing was said."""
        return self == FloorWish()


_SIDES = {"for": Side.FOR, "pour": Side.FOR, "against": Side.AGAINST, "contre": Side.AGAINST}
_ORDER = frozenset({"order", "point of order", "ordre", "motion d'ordre", "point d'ordre"})
_READ = frozenset({"list", "liste"})


def read_wish(text: str, rules: DebateRules) -> FloorWish:
    """What the words after `/floor` ask for: nothing, a side, a quota list, a side and a list, `order`, or `list`.

    Raises Refusal `floor-not-understood`, or `floor-unknown-list` in a debate with quota lists.
    """
    words = fold(text)
    if not words:
        return FloorWish()
    lists = {fold(name): name for name in rules.lists}
    first, _, rest = words.partition(" ")
    if words in lists:
        return FloorWish(list=lists[words])
    if words in _ORDER:
        return FloorWish(order=True)
    if words in _READ:
        return FloorWish(reads=True)
    if first in _SIDES and (not rest or rest in lists):
        return FloorWish(_SIDES[first], lists.get(rest, ""))
    if rules.lists:
        raise Refusal("floor-unknown-list", said=shown(text), lists=rules.lists)
    raise Refusal("floor-not-understood", said=shown(text))
