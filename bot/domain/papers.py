"""A ballot being filled in step by step, before anything is recorded: what each touch makes of it.

Nothing here casts: the finished draft is an ordinary ballot, checked and recorded like a
typed one. Touching twice what is chosen already changes nothing, so an impatient finger is
harmless.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from math import ceil

from bot.domain.ballot_checks import check_known, cost
from bot.domain.ballots import (
    MARKED,
    RANKED,
    Answer,
    Choice,
    Mark,
    Marks,
    Press,
    Ranking,
    amend,
    from_text,
    to_text,
)
from bot.domain.consultation import BallotType, Definition
from bot.domain.none_of_these import listed_last
from bot.domain.refusals import Refusal
from bot.domain.results import is_motion

FILLED_IN = RANKED | MARKED
"""The ballots that are filled in on a paper of one's own: one press does not say them."""

ONE_BY_ONE = frozenset({BallotType.SCORE, BallotType.JUDGMENT, BallotType.AVAILABILITY})
"""The papers that ask for one option after the other; the others show a page of options."""

_IN_ORDER = frozenset({BallotType.AVAILABILITY, BallotType.CONSENT, BallotType.SIGNATURE})
"""The papers that keep the order of the list: dates follow each other, and so do the four answers to a proposal."""

PAGE = 8
"""Options on one page of a paper."""

_STEPS_TO_ALL = 20
"""Presses at most to give one option everything there is to spend."""

_STEP = re.compile(r"([0-9a-f]{6})\.(?:([tuxasp])([0-9]{1,4})|(m)([0-9]{1,4})-([0-9]{1,4})|([zre])|(c)([0-9a-f]{8}))")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper someone has before them. `name` tells it from their other papers. `at` is the place, in the paper's
    order, of the option being asked, or the page shown. `reviewing` once they read it again before casting it."""

    name: str
    draft: Choice | None = None
    at: int = 0
    reviewing: bool = False

    @property
    def fingerprint(self) -> str:
        """What tells this draft from any other: casting names it, so that an old button casts nothing else."""
        return fingerprint(self.draft)


@dataclass(frozen=True, slots=True)
class Step:
    """One touch on the paper called `paper`.

    `t`: choose an option (rank it next, answer blank); `u`: take back the last rank, which is this option's; `m`: give
    an option a mark; `x`: leave it without; `a`, `s`: more or fewer points for it; `p`: go to a place or a page; `z`:
    start again; `r`: review; `e`: correct; `c`: cast the draft with this fingerprint.
    """

    paper: str
    verb: str
    option: int = 0
    mark: int = 0
    fingerprint: str = ""

    @property
    def argument(self) -> str:
        """The step as a button carries it."""
        said: str
        match self.verb:
            case "z" | "r" | "e":
                said = self.verb
            case "c":
                said = f"c{self.fingerprint}"
            case "m":
                said = f"m{self.option}-{self.mark}"
            case _:
                said = f"{self.verb}{self.option}"
        return f"{self.paper}.{said}"


def step_in(argument: str) -> Step:
    """The step that a button carries. Raises Refusal `expired-button` for anything that is none."""
    found = _STEP.fullmatch(argument)
    if found is None:
        raise Refusal("expired-button")
    paper, touched, option, marking, of, mark, alone, casting, cast = found.groups()
    return Step(
        paper, touched or marking or alone or casting, int(option or of or 0), int(mark or 0), cast or ""
    )  # fmt: skip


def fingerprint(draft: Choice | None) -> str:
    """See Paper.fingerprint."""
    return hashlib.sha256((to_text(draft) if draft is not None else "").encode()).hexdigest()[:8]


def saved(paper: Paper) -> dict[str, str | int | bool]:
    """The paper as plain values."""
    draft = to_text(paper.draft) if paper.draft is not None else ""
    return {"name": paper.name, "draft": draft, "at": paper.at, "reviewing": paper.reviewing}


def restored(name: str, draft: str, at: int, reviewing: bool) -> Paper:
    """The paper that plain values stand for."""
    return Paper(name, from_text(draft) if draft else None, at, reviewing)


def paper_order(definition: Definition, voter: str) -> tuple[int, ...]:
    """The options in the order of this voter's paper: at random among voters, the same for a voter each time, so that
    no option owes its votes to its place on the list. What wants none of the others is last, and those that choose
    nothing are apart."""
    numbers = [option.number for option in definition.options if not option.aside]
    if definition.ballot is BallotType.CONSENT:
        return tuple(option.number for option in definition.options)
    if keeps_order(definition):
        return tuple(numbers)
    drawn = sorted(numbers, key=lambda number: hashlib.sha256(f"{voter}/{number}".encode()).digest())
    return listed_last(definition, drawn)


def keeps_order(definition: Definition) -> bool:
    """Whether papers have the order of the list, the same for everyone: dates, the four answers to a proposal, and the
    yes and the no to a motion, which people look for where they always are."""
    return definition.ballot in _IN_ORDER or is_motion(definition)


def take(definition: Definition, order: tuple[int, ...], paper: Paper, step: Step) -> Paper:
    """The paper after the step (not a casting).

    Raises Refusal `paper-empty` for the review of an empty paper, and those of `ballots.amend`.
    """
    match step.verb:
        case "z":
            return Paper(paper.name)
        case "e":
            return replace(paper, reviewing=False, at=0)
        case "p":
            return replace(paper, reviewing=False, at=min(step.option, len(order) - 1))
        case "r":
            return replace(paper, draft=checked(definition, paper.draft), reviewing=True)
        case "t":
            return _chosen(definition, paper, step.option)
        case "u":
            return replace(paper, draft=_without_last(paper.draft, step.option), reviewing=False)
        case _:
            return _marked(definition, order, paper, step)


def checked(definition: Definition, draft: Choice | None) -> Choice:
    """The draft as a whole ballot that the rules allow. Raises Refusal `paper-empty`, and those of `ballots.amend`."""
    if draft is None:
        raise Refusal("paper-empty")
    found = amend(definition, None, Answer(draft))
    assert found is not None
    return found


def _chosen(definition: Definition, paper: Paper, option: int) -> Paper:
    if paper.draft is None or option not in paper.draft:
        draft = amend(definition, paper.draft, Press(option))
        paper = replace(paper, draft=draft)
    return replace(paper, reviewing=option in definition.asides)


def _without_last(draft: Choice | None, option: int) -> Choice | None:
    if not isinstance(draft, Ranking) or option not in draft.levels[-1]:
        return draft
    return Ranking(draft.levels[:-1]) if len(draft.levels) > 1 else None


def _marked(definition: Definition, order: tuple[int, ...], paper: Paper, step: Step) -> Paper:
    check_known(definition, (step.option,))
    mark: int | None = step.mark
    if step.verb == "x":
        mark = None
    elif step.verb in {"a", "s"}:
        mark = _points(definition, paper.draft, step)
    draft = amend(definition, paper.draft, Mark(step.option, mark))
    if definition.ballot not in ONE_BY_ONE or step.option not in order:
        return replace(paper, draft=draft, reviewing=False)
    after = order.index(step.option) + 1
    over = after >= len(order)
    return replace(paper, draft=draft, at=after if not over else paper.at, reviewing=over and draft is not None)


def _points(definition: Definition, draft: Choice | None, step: Step) -> int:
    """More or fewer points for an option: as many as one press is worth, and never more than is left."""
    worth = max(ceil(definition.best_mark / _STEPS_TO_ALL), 1)
    had = given(draft, step.option) or 0
    if step.verb == "s":
        return max(had - worth, 0)
    wanted = min(had + worth, definition.best_mark)
    while wanted > had and spent(definition, draft, step.option, wanted) > (definition.points or 0):
        wanted -= 1
    return wanted


def given(draft: Choice | None, option: int) -> int | None:
    """The mark the draft gives the option, None if it gives none."""
    return dict(draft.given).get(option) if isinstance(draft, Marks) else None


def spent(definition: Definition, draft: Choice | None, option: int = 0, points: int = 0) -> int:
    """What the draft's points cost, once `option` has `points` instead."""
    found = (
        {number: mark for number, mark in draft.given if number not in definition.asides}
        if isinstance(draft, Marks)
        else {}
    )
    if option:
        found[option] = points
    return cost(definition, tuple(found.items()))
