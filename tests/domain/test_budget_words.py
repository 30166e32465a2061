"""What people read of a budget: who pays what, why a project is not funded, on cards, in results and on pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts import BarChart
from bot.domain.ballots import Choice, Marks
from bot.domain.budgets import BudgetRules, priced
from bot.domain.consultation import BallotType, Definition, Kind, Method, Option, Results, State, Tie
from bot.domain.results import conclude
from bot.text.cards import Place, ballot_card
from bot.text.catalogue import Speech, languages
from bot.text.counting.pictures import alternative
from bot.text.fitting import CARD_LIMIT, length
from bot.text.results import Concluded, chart, result_card, result_pages
from tests.domain.votes import consultation, definition, marked

TALLY: Mapping[Choice, int] = {(1,): 5, (2, 3): 3, (2,): 1}


def speech(language: str = "en") -> Speech:
    return Speech(language, ZoneInfo("Europe/Paris"))


def budget(method: Method = Method.EQUAL_SHARES, language: str = "en", **changes: object) -> Definition:
    rules = BudgetRules(900, ((1, 700), (2, 300), (3, 100)), "€", before=True)
    names = enumerate(("Concert", "Garden", "Bikes", "Stage"), 1)
    options = tuple(Option(number, priced(name, rules, number, language)) for number, name in names)[:3]
    standing = {
        "kind": Kind.BUDGET, "options": options, "ballot": BallotType.APPROVAL, "method": method, "tie": Tie.FIRST,
        "at_most": 3, "budget": rules, "language": language,
    }  # fmt: skip
    return replace(definition(), **{**standing, **changes})


def ended(made: Definition, tally: Mapping[Choice, int]) -> Concluded:
    one = consultation(made, state=State.CERTIFIED, roll_size=12)
    return Concluded(one, conclude(one, tally), (), "Octet")


def told(made: Definition, tally: Mapping[Choice, int] = TALLY, language: str = "en") -> list[str]:
    return result_card(ended(made, tally), speech(language)).plain.split("\n")


def test_equal_shares_are_told_purchase_by_purchase() -> None:
    lines = told(budget())
    assert lines[1] == "Projects funded: Garden (€300) and Bikes (€100). €400 spent of €900, €500 left."
    assert "€900 for 9 voters: each gets a share of €100." in lines
    assert any(line.startswith("These shares left money unspent: they grew together to €139.") for line in lines)
    assert "Garden (€300), 4 votes: each pays €75. Funded." in lines
    assert "Bikes (€100), 3 votes: each pays €33.33. Funded." in lines
    assert "Concert (€700) isn't funded: its supporters have only €695 left between them." in lines
    assert "In the end, €500 of €900 is left." in lines


def test_greedy_is_told_in_the_order_of_support() -> None:
    lines = told(budget(Method.GREEDY))
    start = lines.index("Concert (€700), 5 votes: funded. €200 left.")
    assert lines[start + 1 : start + 4] == [
        "Garden (€300), 4 votes: not funded, too dear for the €200 left.",
        "Bikes (€100), 3 votes: funded. €100 left.",
        "In the end, €100 of €900 is left.",
    ]


def test_points_are_told_as_points_and_poor_supporters_pay_what_they_have() -> None:
    made = budget(ballot=BallotType.POINTS, points=10)
    lines = told(made, {marked(o1=1, o2=9): 2, marked(o1=10): 1})
    assert any("points: each pays" in line and "for every point given" in line for line in lines)
    some = told(budget(), {(1, 2): 1, (1,): 3})
    assert "Concert (€700), 4 votes: each pays €175. Funded." in some
    assert all("Stage" not in line for line in some)


def test_what_nobody_chose_and_a_sum_wholly_spent_are_said() -> None:
    lines = told(budget(Method.GREEDY), {(1,): 2})
    assert "Garden (€300) isn't funded: nobody chose it." in lines
    whole = told(budget(options=budget().options[:2], budget=BudgetRules(900, ((1, 700), (2, 200)), "€")), {(1, 2): 3})
    assert whole[1].startswith("Projects funded: Concert")
    assert whole[1].endswith("All the money is spent: 900\u00a0€.")
    assert any("Every project that anyone supports is paid for." in line for line in whole) is False


def test_nothing_funded_is_said_as_such() -> None:
    rules = BudgetRules(100, ((1, 90), (2, 90), (3, 90)), "")
    lines = told(budget(budget=rules), {(1,): 1, (2,): 1, (3,): 1})
    assert lines[1].startswith("No project is funded")


@pytest.mark.parametrize("language", languages())
def test_the_card_says_how_much_there_is_and_each_cost(language: str) -> None:
    made = budget(language=language)
    one = consultation(made, roll_size=12)
    card = ballot_card(one, conclude(one, TALLY), Place(buttons=True), speech(language)).plain
    assert "€900" in card
    assert "2. Garden (€300)" in card
    live = consultation(replace(made, results=Results.LIVE), roll_size=12)
    assert "▇ 5" in ballot_card(live, conclude(live, TALLY), Place(buttons=True), speech(language)).plain


@pytest.mark.parametrize("method", [Method.EQUAL_SHARES, Method.GREEDY])
def test_the_picture_marks_what_is_funded_in_words_too(method: Method) -> None:
    concluded = ended(budget(method), TALLY)
    drawn = chart(concluded, speech())
    assert isinstance(drawn, BarChart)
    assert [row.winner for row in drawn.rows] == [row.caption.endswith("· funded") for row in drawn.rows]
    assert {row.label for row in drawn.rows if row.winner} == {
        f"{number}. {option.text}"
        for number in concluded.result.winners
        if (option := concluded.consultation.definition.option(number))
    }
    assert "Garden (€300): 4 votes (44%)" in alternative(drawn)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 999_999), min_size=2, max_size=40),
    st.sampled_from([Method.EQUAL_SHARES, Method.GREEDY]),
    st.booleans(),
    st.sampled_from(languages()),
    st.data(),
)
def test_every_result_fits_a_message_and_every_page_too(
    costs: list[int], method: Method, by_points: bool, language: str, data: st.DataObject
) -> None:
    rules = BudgetRules(999_999, tuple(enumerate(costs, 1)), "crédits")
    options = tuple(Option(n, priced("W" * 70 + str(n), rules, n, language)) for n in range(1, len(costs) + 1))
    chosen = st.sets(st.integers(1, len(costs)), min_size=1).map(lambda one: tuple(sorted(one)))
    ballots: list[Choice] = data.draw(st.lists(chosen, min_size=1, max_size=6))
    if by_points:
        ballots = [Marks(tuple((number, 1) for number in ballot)) for ballot in ballots]
    made = budget(
        method, language, options=options, budget=rules, at_most=len(costs),
        ballot=BallotType.POINTS if by_points else BallotType.APPROVAL, points=40 if by_points else None,
    )  # fmt: skip
    pages = result_pages(ended(made, dict.fromkeys(ballots, 1)), speech(language))
    assert all(length(page.plain) <= CARD_LIMIT for page in pages)
    assert "{" not in pages[0].plain
