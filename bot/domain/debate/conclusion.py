"""What the draft of a conclusion is assembled from, by rule: nobody chooses what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.debate.figures import Figures, figures
from bot.domain.debate.model import Argument, ArgumentState, DebateRules
from bot.domain.debate.order import RATED, Order, columns, ordered

STRONGEST = 3
"""How many arguments of each side, and proposals, are taken up."""

AGREED = 4
"""The least mean weight, from 1 to 5, of a point of agreement."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The strongest arguments of each side, the strongest proposals, the points of agreement (strongest first), the
    published questions that nobody answered (oldest first), and the figures of all contributions."""

    pros: tuple[Argument, ...]
    cons: tuple[Argument, ...]
    proposals: tuple[Argument, ...]
    agreements: tuple[Argument, ...]
    open_questions: tuple[Argument, ...]
    figures: Figures


def outline(arguments: Sequence[Argument], rules: DebateRules) -> Outline:
    """What the draft says, from every contribution of the debate.

    A point of agreement is a published argument or proposal whose mean weight is at least AGREED, given by at least
    `rules.minimum` people, and that no published argument against answers.
    """
    published = [argument for argument in arguments if argument.state is ArgumentState.PUBLISHED]
    standing = columns(published, Order.STRONGEST)
    asked = ordered(standing.questions, Order.OLDEST)
    opposed = {argument.parent for argument in standing.cons}
    return Outline(
        pros=standing.pros[:STRONGEST],
        cons=standing.cons[:STRONGEST],
        proposals=standing.proposals[:STRONGEST],
        agreements=tuple(
            argument
            for argument in ordered(published, Order.STRONGEST)
            if _weighty(argument, rules) and argument.number not in opposed
        ),
        open_questions=tuple(question for question in asked if question.number not in standing.answered),
        figures=figures(arguments),
    )


def _weighty(argument: Argument, rules: DebateRules) -> bool:
    enough = argument.ratings >= max(rules.minimum, 1)
    return argument.kind in RATED and enough and argument.weight >= AGREED * argument.ratings
