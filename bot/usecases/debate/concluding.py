"""What a debate came to, read from the database at one instant; and the draft of its conclusion, assembled by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from bot.domain.consultation import Consultation
from bot.domain.debate.conclusion import outline
from bot.domain.debate.figures import fairness, sides
from bot.domain.debate.floor import spent
from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Budget,
    DebateRules,
    Measure,
    Side,
)
from bot.domain.debate.model import Speech as Turn
from bot.domain.debate.shift import shifted
from bot.store import Transaction
from bot.text.catalogue import Speech
from bot.text.debate.conclusion import Findings, Sides, draft_text


def draft(tx: Transaction, consultation: Consultation, speech: Speech, now: datetime) -> None:
    """Keep the draft assembled by rule, unless somebody wrote the conclusion. `speech` is in the debate's language.

    For the transaction that begins the conclusion, and for those that change what it quotes or close the debate.
    """
    number, rules = consultation.number, consultation.definition.debate
    assert rules is not None
    kept = tx.debates.conclusion(number)
    if kept is None or kept.author is None:
        text = draft_text(outline(tx.debates.arguments(number), rules), rules, speech)
        if kept is None or kept.text != text:
            tx.debates.add_conclusion(number, text, now, None)


def concluded_facts(tx: Transaction, number: int) -> Findings:
    """Everything the conclusion of a debate is shown with."""
    consultation = tx.consultation(number)
    rules = consultation.definition.debate
    assert rules is not None
    arguments, measured = tx.debates.arguments(number), _measured(tx.debates.speeches(number), rules)
    shares = sides(arguments)
    return Findings(
        consultation=consultation,
        rules=rules,
        conclusion=tx.debates.conclusion(number),
        outline=outline(arguments, rules),
        comments=tuple(_published(arguments, comments=True)),
        shift=shifted(tx.debates.shifts(number)),
        written=fairness(list(Counter(one.alias for one in _published(arguments, comments=False)).values())),
        spoken=fairness(_by_speaker(measured)),
        measure=_budget(rules).measure,
        arguments=Sides(shares[ArgumentKind.FOR], shares[ArgumentKind.AGAINST]),
        floor=_floor_sides(measured),
    )


def _published(arguments: Iterable[Argument], *, comments: bool) -> list[Argument]:
    standing = (one for one in arguments if one.state is ArgumentState.PUBLISHED)
    return [one for one in standing if (one.kind is ArgumentKind.COMMENT) is comments]


def _budget(rules: DebateRules) -> Budget:
    """What turns are measured in: what they were limited in, else time."""
    return rules.turn or Budget(0, Measure.SECONDS)


def _measured(turns: Sequence[Turn], rules: DebateRules) -> list[tuple[Turn, int]]:
    """Each turn that is over and what it used of the floor; a point of order is no intervention."""
    budget = _budget(rules)
    return [(turn, spent(turn, budget, turn.ended_at)) for turn in turns if turn.ended_at and not turn.order]


def _by_speaker(measured: Sequence[tuple[Turn, int]]) -> list[int]:
    used: Counter[int] = Counter()
    for turn, amount in measured:
        used[turn.alias] += amount
    return list(used.values())


def _floor_sides(measured: Sequence[tuple[Turn, int]]) -> Sides:
    used: Counter[Side] = Counter()
    for turn, amount in measured:
        used[turn.side] += amount
    total = used[Side.FOR] + used[Side.AGAINST] or 1
    return Sides(Fraction(used[Side.FOR], total), Fraction(used[Side.AGAINST], total))
