"""How each counting method works, with a small election worked out; and the same ballots counted by other methods.

The figures of an example are never written down: they are counted, like those of any vote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.ballots import Choice, Marks, Ranking
from bot.domain.budgets import BudgetRules, priced
from bot.domain.consultation import (
    BallotType,
    Binding,
    Consultation,
    Definition,
    Kind,
    Method,
    Option,
    OptionRole,
    Quorum,
    State,
)
from bot.domain.counting.otherwise import Other
from bot.domain.methods import BUDGET_METHODS, ballots_for
from bot.domain.results import conclude
from bot.domain.vocabulary import CONSENT_OPTIONS, GRADES, SIGNATURE_OPTION
from bot.text.card import Bars, Block, Card, Gap, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.counting.bars import figure_bars
from bot.text.counting.telling import Telling
from bot.text.counting.verdicts import verdict_sentence
from bot.text.counting.working import working
from bot.text.fitting import first_fitting, in_messages
from bot.text.papers import ballot_words
from bot.text.results import Concluded

TAUGHT = (
    Method.PLURALITY, Method.TWO_ROUND, Method.APPROVAL, Method.SCHULZE, Method.RANKED_PAIRS, Method.IRV, Method.STV,
    Method.BORDA, Method.SCORE, Method.STAR, Method.MAJORITY_JUDGMENT, Method.POINTS, Method.AVAILABILITY,
    Method.CONSENT, Method.SIGNATURE, Method.EQUAL_SHARES, Method.GREEDY,
)  # fmt: skip
"""The methods that are explained, in the order in which they are listed."""
_CUTS = (100, 60, 30, 14)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def methods_list(speech: Speech) -> list[Card]:
    """Every method with the sentence that says how it counts, in as few messages as hold them."""
    entries: list[Sequence[Block]] = [[_entry(method, speech)] for method in TAUGHT]
    entries.append([Gap(), speech.line("learn.more")])
    return in_messages((speech.heading("learn.title"),), entries)


def _entry(method: Method, speech: Speech) -> Block:
    rule = speech.say(f"method.{method.value}")
    return speech.line("learn.entry", name=name_of(method, speech), word=method.value, rule=rule)


def name_of(method: Method, speech: Speech) -> str:
    """A method as people call it."""
    return speech.say(f"method-name.{method.value}")


def lesson(method: Method, speech: Speech) -> Card:
    """How a method works: its rule, when it is of use and what to beware of, and a tiny election worked out."""
    example = _example(method, speech)
    telling = Telling(example.consultation, conclude(example.consultation, example.ballots), speech)
    bars = figure_bars(telling, len(telling.definition.options))
    blocks: list[Block] = [
        speech.heading("learn.method", name=name_of(method, speech)),
        speech.line(f"method.{method.value}"),
        *(Line((Span(line),)) for line in speech.say(f"learn.about.{method.value}").split("\n")),
        Gap(),
        speech.line("learn.example"),
        *(_cast(example.consultation.definition, choice, times, speech) for choice, times in example.ballots.items()),
        *([Bars(bars)] if bars else []),
        *(block for entry in working(telling) for block in entry),
        Line((Span(verdict_sentence(telling.consultation, telling.result, speech), "bold"),)),
    ]
    return Card(tuple(blocks))


def compared(concluded: Concluded, others: Sequence[Other], speech: Speech) -> Card:
    """What other methods would have found in the same ballots, marked at the beginning and the end as no result."""
    return first_fitting(_compared(concluded, others, speech, cut) for cut in _CUTS)


def _compared(concluded: Concluded, others: Sequence[Other], speech: Speech, cut: int) -> Card:
    consultation, result = concluded.consultation, concluded.result
    telling = Telling(consultation, result, speech, cut)
    own = name_of(consultation.definition.method, speech)
    verdict = verdict_sentence(consultation, result, speech, cut)
    lines = [
        speech.line(
            "learn.other-tied" if other.tied else "learn.other" if other.winners else "learn.other-nobody",
            name=name_of(other.method, speech), winners=telling.names(other.winners),
            tied=telling.names((*other.winners, *other.tied)),
        )
        for other in others
    ]  # fmt: skip
    return Card(
        (
            headline(consultation, speech, "learn.compared"),
            speech.line("learn.not-the-result"),
            speech.line("learn.the-result", name=own, verdict=verdict),
            Gap(),
            speech.line("learn.others"),
            *lines,
            Gap(),
            speech.line("learn.why-different", number=str(consultation.number)),
        )
    )


# ── the examples ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Example:
    """A tiny election: nine people, three options."""

    consultation: Consultation
    ballots: Mapping[Choice, int]


def _ranked(*numbers: int) -> Choice:
    return Ranking(tuple((number,) for number in numbers))


def _marked(*marks: int) -> Choice:
    return Marks(tuple((number, mark) for number, mark in enumerate(marks, 1) if mark))


_BALLOTS: Mapping[BallotType, Mapping[Choice, int]] = {
    BallotType.SINGLE: {(1,): 4, (2,): 3, (3,): 2},
    BallotType.APPROVAL: {(1,): 4, (2, 3): 3, (2,): 2},
    BallotType.RANKING: {_ranked(1, 2, 3): 4, _ranked(2, 3, 1): 3, _ranked(3, 2, 1): 2},
    BallotType.SCORE: {_marked(5, 3, 0): 4, _marked(0, 5, 2): 3, _marked(0, 4, 5): 2},
    BallotType.JUDGMENT: {_marked(5, 3, 0): 4, _marked(0, 5, 2): 3, _marked(0, 4, 5): 2},
    BallotType.POINTS: {_marked(10, 0, 0): 4, _marked(0, 6, 4): 3, _marked(0, 4, 6): 2},
    BallotType.AVAILABILITY: {_marked(2, 1, 0): 4, _marked(0, 2, 1): 3, _marked(0, 1, 2): 2},
    BallotType.CONSENT: {(1,): 7, (2,): 1, (3,): 1},
    BallotType.SIGNATURE: {(1,): 7},
}


_MONEY = BudgetRules(900, ((1, 700), (2, 300), (3, 100)), "€")
_APPROVED: Mapping[Choice, int] = {(1,): 5, (2, 3): 3, (2,): 1}
"""A budget that five of nine people would spend on one project, and the four others on two smaller ones."""


def _budget(method: Method, speech: Speech) -> _Example:
    names = ((number, speech.say(f"learn.project.{number}")) for number in (1, 2, 3))
    options = tuple(Option(number, priced(name, _MONEY, number, speech.language)) for number, name in names)
    definition = Definition(
        kind=Kind.BUDGET, title="", options=options, purpose="", binding=Binding.ADVICE, language=speech.language,
        ballot=BallotType.APPROVAL, method=method, at_most=3, budget=_MONEY,
    )  # fmt: skip
    return _Example(Consultation(0, 0, 0, State.CERTIFIED, definition, (), _NEVER, _NEVER), _APPROVED)


def _example(method: Method, speech: Speech) -> _Example:
    if method in BUDGET_METHODS:
        return _budget(method, speech)
    ballot = ballots_for(method)[0]
    definition = Definition(
        kind=Kind.POLL, title="", options=_options(ballot, speech), purpose="", binding=Binding.ADVICE,
        language=speech.language, ballot=ballot, method=method, at_most=3, seats=2 if method is Method.STV else 1,
        scale=5 if ballot is BallotType.SCORE else None,
        grades=GRADES[speech.language] if ballot is BallotType.JUDGMENT else (),
        points=10 if ballot is BallotType.POINTS else None,
        quorum=Quorum(count=5) if ballot is BallotType.SIGNATURE else None,
    )  # fmt: skip
    consultation = Consultation(0, 0, 0, State.CERTIFIED, definition, (), _NEVER, _NEVER)
    return _Example(consultation, _BALLOTS[ballot])


def _options(ballot: BallotType, speech: Speech) -> tuple[Option, ...]:
    if ballot is BallotType.CONSENT:
        roles = (OptionRole.AGREEMENT, OptionRole.ABSTENTION, OptionRole.DISAGREEMENT, OptionRole.BLOCK)
        labelled = zip(CONSENT_OPTIONS[speech.language], roles, strict=True)
        return tuple(Option(number, text, role) for number, (text, role) in enumerate(labelled, 1))
    if ballot is BallotType.SIGNATURE:
        return (Option(1, SIGNATURE_OPTION[speech.language]),)
    of = "date" if ballot is BallotType.AVAILABILITY else "option"
    return tuple(Option(number, speech.say(f"learn.{of}.{number}")) for number in (1, 2, 3))


def _cast(definition: Definition, choice: Choice, times: int, speech: Speech) -> Block:
    return speech.line("learn.ballots", n=times, ballot=ballot_words(definition, choice, speech, 200))
