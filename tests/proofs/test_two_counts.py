"""The program in a bundle and Palabre count the same, on random elections of every method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ballots import MARKED, RANKED, Choice, Marks, Ranking, to_text
from bot.domain.budgets import BudgetRules
from bot.domain.consultation import (
    BallotType,
    Base,
    Consultation,
    Definition,
    Majority,
    Method,
    Option,
    OptionRole,
    Quorum,
    State,
    Tie,
    definition_facts,
)
from bot.domain.methods import METHODS_OF, ONE_SEAT
from bot.domain.result_facts import result_facts
from bot.domain.results import Verdict, commitment, conclude
from bot.domain.vocabulary import CONSENT_OPTIONS, GRADES
from tests.domain.votes import NOW, consultation
from tests.proofs.programs import methods, program

SEED = "5eed"
FUNDING = (Method.EQUAL_SHARES, Method.GREEDY)
BUDGETS = [(ballot, method) for ballot in (BallotType.APPROVAL, BallotType.POINTS) for method in FUNDING]
LIVE = [(ballot, method) for ballot, known in METHODS_OF.items() for method in known]
LABELS = ("Café", "Library", "Park", "Garden", "Radio", "Bikes")


def facts_of(held: Consultation) -> dict[str, Any]:
    return {
        "definition": definition_facts(held.definition),
        "added_options": [
            {"number": option.number, "text": option.text, "added_at": NOW.isoformat()}
            for option in held.definition.options
            if option.added_at
        ],
        "seed": held.seed,
        "tie_choices": list(held.tie_choices),
    }


def again(held: Consultation, tally: Mapping[Choice, int]) -> dict[str, Any]:
    sheet = {to_text(choice): times for choice, times in tally.items()}
    counted = program("recount.py")["recount"](facts_of(held), sheet, held.roll_size or 0, methods())
    assert isinstance(counted, dict)
    return counted


def by_palabre(held: Consultation, tally: Mapping[Choice, int]) -> dict[str, Any]:
    facts = result_facts(held.definition, conclude(held, tally))
    del facts["tie_breaks"]
    facts["rounds"] = [{"title": each["title"], "tallies": each["tallies"]} for each in facts["rounds"]]
    return facts


@st.composite
def definitions(draw: st.DrawFn, ballot: BallotType, method: Method) -> Definition:
    """A vote by this method, with any tie rule, quorum and majority, blank ballots, and options added since."""
    made = consultation().definition
    majority = draw(
        st.sampled_from([None, None, Majority(), Majority(Fraction(1, 2)), Majority(Fraction(2, 3), strict=False)])
    )
    listed, shares = draw(options(ballot)), method in FUNDING
    quorum = draw(st.sampled_from([None, None, Quorum(share=Fraction(1, 3)), Quorum(count=7)]))
    return replace(
        made,
        options=listed,
        budget=draw(budgets(listed)) if shares else None,
        ballot=ballot,
        method=method,
        at_most=40,
        at_least=1
        if ballot in {BallotType.SINGLE, BallotType.CONSENT, BallotType.SIGNATURE}
        else draw(st.integers(1, 2)),
        seats=1 if method in ONE_SEAT or shares else draw(st.integers(1, 3)),
        tie=draw(st.sampled_from(Tie)),
        seed_commitment=commitment(SEED),
        majority=None if shares else majority,
        quorum=quorum,
        quorum_of_present=draw(st.booleans()),
        base=draw(st.sampled_from(Base)),
        scale=5 if ballot is BallotType.SCORE else None,
        grades=GRADES["en"] if ballot is BallotType.JUDGMENT else (),
        points=9 if ballot is BallotType.POINTS else None,
        quadratic=draw(st.booleans()) if ballot is BallotType.POINTS else False,
    )


@st.composite
def budgets(draw: st.DrawFn, listed: Sequence[Option]) -> BudgetRules:
    """What each project costs, rarely all of it together."""
    amount = draw(st.integers(5, 400))
    costs = tuple((option.number, draw(st.integers(1, amount))) for option in listed if not option.aside)
    return BudgetRules(amount, costs)


@st.composite
def options(draw: st.DrawFn, ballot: BallotType) -> tuple[Option, ...]:
    if ballot is BallotType.CONSENT:
        roles = (OptionRole.AGREEMENT, OptionRole.ABSTENTION, OptionRole.DISAGREEMENT, OptionRole.BLOCK)
        return tuple(Option(n, CONSENT_OPTIONS["en"][n - 1], role) for n, role in enumerate(roles, 1))
    if ballot is BallotType.SIGNATURE:
        return (Option(1, "I sign"),)
    labels = draw(st.sampled_from([LABELS, ("Yes", "No"), ("Pour !", "Contre"), ("J’approuve.", "Non"), LABELS[:3]]))
    made = [Option(number, text) for number, text in enumerate(labels, 1)]
    if draw(st.booleans()):
        made.append(Option(len(made) + 1, "None", OptionRole.NONE))
    if draw(st.booleans()):
        made.append(Option(len(made) + 1, "Blank", OptionRole.BLANK))
    if draw(st.booleans()):
        made.append(Option(len(made) + 1, "Bench", added_at=NOW))
    return tuple(made)


@st.composite
def choices(draw: st.DrawFn, made: Definition) -> Choice:
    numbers = [option.number for option in made.options if not option.aside]
    aside = next(iter(sorted(made.asides)), None)
    if aside is not None and made.ballot is not BallotType.CONSENT and draw(st.integers(0, 5)) == 0:
        return (
            Ranking(((aside,),))
            if made.ballot in RANKED
            else Marks(((aside, 1),))
            if made.ballot in MARKED
            else (aside,)
        )
    if made.ballot in {BallotType.SINGLE, BallotType.CONSENT, BallotType.SIGNATURE}:
        return (draw(st.sampled_from([option.number for option in made.options])),)
    some = draw(st.lists(st.sampled_from(numbers), min_size=1, unique=True))
    if made.ballot is BallotType.APPROVAL:
        return tuple(sorted(some))
    if made.ballot in MARKED:
        least = 1 if made.ballot is BallotType.POINTS else 0
        return Marks(tuple(sorted((number, draw(st.integers(least, made.best_mark))) for number in some)))
    equal = made.method in {Method.SCHULZE, Method.RANKED_PAIRS, Method.BORDA}
    levels: list[list[int]] = []
    for number in some:
        if levels and equal and draw(st.booleans()):
            levels[-1].append(number)
        else:
            levels.append([number])
    return Ranking(tuple(tuple(sorted(level)) for level in levels))


@pytest.mark.parametrize(("ballot", "method"), sorted({*LIVE, *BUDGETS}))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_both_find_the_same(ballot: BallotType, method: Method, data: st.DataObject) -> None:
    made = data.draw(definitions(ballot, method))
    tally = data.draw(st.dictionaries(choices(made), st.integers(1, 4), max_size=8))
    held = consultation(
        made, state=State.CERTIFIED, roll_size=data.draw(st.sampled_from([None, 12])),
        seed=SEED if made.tie is Tie.DRAW else "",
    )  # fmt: skip
    assert again(held, tally) == by_palabre(held, tally)
    for _ in range(3):
        result = conclude(held, tally)
        if result.verdict is not Verdict.TIED:
            break
        # The organisers decide, seat after seat.
        held = replace(held, tie_choices=(*held.tie_choices, data.draw(st.sampled_from(result.leaders))))
        assert again(held, tally) == by_palabre(held, tally)
