"""The keys of a debate and of an opinion map, read into their rules.

It knows which values make sense together within those rules; what they share with
every consultation (title, dates, rooms) is read where those are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import dates
from bot.domain.debate.model import Budget, DebateRules, Measure, Phase, Review, Signing, Stage
from bot.domain.opinions.model import OpinionRules
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import fold

KEYS = frozenset(
    {
        "phases", "signing", "moderation", "grounds", "reports", "length", "each", "minimum", "turn", "alternate",
        "lists", "opinion", "final_vote",
    }
)  # fmt: skip
"""The keys that only a debate knows; an opinion map shares some of them."""

OPINION_KEYS = frozenset({"moderation", "grounds", "reports", "length", "each", "minimum"})
"""Those of them that an opinion map knows too."""

MOTION_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "en": ("For", "Against", "Abstain"),
    "fr": ("Pour", "Contre", "Abstention"),
}
"""The options of the vote after a debate that names none."""

SHARES: Mapping[Phase, int] = {
    Phase.INFORMATION: 1,
    Phase.ARGUMENTS: 4,
    Phase.DISCUSSION: 2,
    Phase.CONCLUSION: 1,
}
"""In which proportions the phases share the time of a debate that doesn't say how long each lasts."""

SHORTEST_PHASE = timedelta(minutes=1)
SHORTEST_VOTE = timedelta(minutes=1)
DEBATE_LENGTH = 280
STATEMENT_LENGTH = 140
LEAST_GROUP = 3
"""No figure is ever shown about fewer people than this."""

_BY_HAND = frozenset({"manual", "manually", "by hand", "manuel", "a la main"})
_PHASES = {phase.value: phase for phase in Phase} | {"argument": Phase.ARGUMENTS, "discussions": Phase.DISCUSSION}
_YES = frozenset({"yes", "oui"})
_COUNTED = re.compile(r"([0-9]{1,6}) ?(messages?|caracteres|characters|character|caractere|signes|chars|car)")
_MEASURED = {Measure.MESSAGES: (1, 100), Measure.CHARACTERS: (40, 20_000), Measure.SECONDS: (60, 86_400)}
_NAME_LIMIT = 60
_MOST_NAMES = 12
# What already means something after the command that asks for the floor.
_TAKEN = frozenset({"for", "against", "neither", "order", "list", "pour", "contre", "ordre", "liste"})


@dataclass(frozen=True, slots=True)
class Phases:
    """The phases asked for, in their order; how long each lasts, None when they share the time or are moved by hand."""

    order: tuple[Phase, ...] = tuple(Phase)
    lasting: tuple[timedelta, ...] | None = None
    by_hand: bool = False

    @property
    def total(self) -> timedelta | None:
        """How long the debate lasts if its phases say so."""
        return sum(self.lasting, timedelta()) if self.lasting else None

    def stages(self, lasts: timedelta) -> tuple[Stage, ...]:
        """The stages of a debate that lasts so long."""
        if self.by_hand:
            return tuple(Stage(phase) for phase in self.order)
        whole = sum(SHARES[phase] for phase in self.order)
        seconds = lasts // timedelta(seconds=1)
        shared = tuple(timedelta(seconds=seconds * SHARES[phase] // whole) for phase in self.order)
        return tuple(map(Stage, self.order, self.lasting or shared))


def read_phases(wishes: Wishes) -> Phases:
    """The phases named: `information 1d, arguments 2d`, names alone, or `manual`; all four unless said.

    Raises Refusal `phases-unknown`, `phases-out-of-order`, `phases-need-arguments`, `phase-too-short`, besides those of
    `dates.duration`.
    """
    if "phases" not in wishes.keys:
        return Phases()
    if fold(wishes.keys["phases"]) in _BY_HAND:
        return Phases(by_hand=True)
    read = [_phase(wishes, part) for part in re.split("[,;]", wishes.keys["phases"]) if part.strip()]
    order = tuple(phase for phase, _ in read)
    lasting = tuple(lasts for _, lasts in read if lasts is not None)
    if lasting and len(lasting) < len(read):
        raise _unknown(wishes)
    if [phase for phase in Phase if phase in order] != list(order):
        raise Refusal("phases-out-of-order", said=wishes.said("phases"), phases=_names(Phase))
    if Phase.ARGUMENTS not in order:
        raise Refusal("phases-need-arguments", said=wishes.said("phases"))
    if any(lasts < SHORTEST_PHASE for lasts in lasting):
        raise Refusal("phase-too-short", said=wishes.said("phases"))
    return Phases(order, lasting or None)


def _phase(wishes: Wishes, part: str) -> tuple[Phase, timedelta | None]:
    name, _, lasts = fold(part).partition(" ")
    phase = _PHASES.get(name.rstrip(":"))
    if phase is None:
        raise _unknown(wishes)
    lasts = lasts.strip(" :()")
    return phase, wishes.echoing("phases", lambda _: dates.duration(lasts)) if lasts else None


def _unknown(wishes: Wishes) -> Refusal:
    return Refusal("phases-unknown", said=wishes.said("phases"), phases=_names(Phase))


def _names(phases: type[Phase]) -> tuple[str, ...]:
    return tuple(phase.value for phase in phases)


def debate_rules(wishes: Wishes, phases: Phases, lasts: timedelta) -> DebateRules:
    """The rules of a debate that lasts so long.

    Opinions are compared only if there is a conclusion, in which the second one is asked. Raises Refusal
    `opinion-needs-conclusion`, `list-name-taken`, besides those of the single readings.
    """
    return DebateRules(
        stages=phases.stages(lasts),
        signing=Signing(wishes.listed("signing") or Signing.NAME),
        review=Review(wishes.listed("moderation") or Review.AFTER),
        grounds=wishes.names("grounds", _MOST_NAMES, _NAME_LIMIT),
        reports=_reports(wishes),
        length=_length(wishes, DEBATE_LENGTH),
        each=_each(wishes),
        minimum=_minimum(wishes),
        turn=_turn(wishes),
        alternate=wishes.listed("alternate") == "yes",
        lists=_lists(wishes),
        opinion=_opinion(wishes, phases),
        vote=wishes.asks("final_vote"),
        vote_lasts=_vote_lasts(wishes),
    )


def opinion_rules(wishes: Wishes) -> OpinionRules:
    """The rules of an opinion map. Raises the Refusals of the single readings."""
    return OpinionRules(
        review=Review(wishes.listed("moderation") or Review.AFTER),
        grounds=wishes.names("grounds", _MOST_NAMES, _NAME_LIMIT),
        reports=_reports(wishes),
        length=_length(wishes, STATEMENT_LENGTH),
        each=_each(wishes),
        minimum=_minimum(wishes),
    )


def _reports(wishes: Wishes) -> int:
    return wishes.number("reports", 1, 1000) or 3


def _length(wishes: Wishes, usual: int) -> int:
    return wishes.number("length", 40, 1000) or usual


def _each(wishes: Wishes) -> int | None:
    return wishes.number("each", 1, 1000) if wishes.asks("each") else None


def _minimum(wishes: Wishes) -> int:
    return wishes.number("minimum", LEAST_GROUP, 1000) or 5


def _turn(wishes: Wishes) -> Budget | None:
    """What one turn may use. Raises Refusal `turn-unknown`, `impossible-number`."""
    if not wishes.asks("turn"):
        return None
    counted = _COUNTED.fullmatch(fold(wishes.keys["turn"]))
    if counted:
        measure = Measure.MESSAGES if counted[2].startswith("message") else Measure.CHARACTERS
        amount = int(counted[1])
    else:
        measure, amount = Measure.SECONDS, _seconds(wishes)
    least, most = _MEASURED[measure]
    if not least <= amount <= most:
        raise Refusal("turn-unknown", said=wishes.said("turn"))
    return Budget(amount, measure)


def _seconds(wishes: Wishes) -> int:
    try:
        return dates.duration(wishes.keys["turn"]) // timedelta(seconds=1)
    except Refusal as refusal:
        raise Refusal("turn-unknown", said=wishes.said("turn")) from refusal


def _lists(wishes: Wishes) -> tuple[str, ...]:
    names = wishes.names("lists", _MOST_NAMES, _NAME_LIMIT)
    if any(fold(name) in _TAKEN for name in names):
        raise Refusal("list-name-taken", said=wishes.said("lists"))
    return names


def _opinion(wishes: Wishes, phases: Phases) -> bool:
    concluded = Phase.CONCLUSION in phases.order
    asked = wishes.listed("opinion")
    if asked == "yes" and not concluded:
        raise Refusal("opinion-needs-conclusion", said=wishes.said("opinion"))
    return concluded and asked != "no"


def _vote_lasts(wishes: Wishes) -> timedelta:
    """How long the vote after the debate lasts. Raises Refusal `final-vote-too-short`."""
    if not wishes.asks("final_vote") or fold(wishes.keys["final_vote"]) in _YES:
        return timedelta(days=2)
    lasts = wishes.echoing("final_vote", dates.duration)
    if lasts < SHORTEST_VOTE:
        raise Refusal("final-vote-too-short", said=wishes.said("final_vote"))
    return lasts
