"""Budgets: what is read of projects and amounts, and how the money is shared out among them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ballot_files import read
from bot.domain.ballots import Answer, Choice, Marks, amend, complete
from bot.domain.budgets import MOST_MONEY, BudgetRules, Money, amount_words, read_money
from bot.domain.consultation import (
    BallotType,
    Definition,
    Kind,
    Method,
    Option,
    OptionRole,
    Results,
    Secrecy,
    State,
    Tie,
    definition_facts,
)
from bot.domain.counting.otherwise import otherwise, read_by
from bot.domain.decided import is_decided
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from bot.domain.results import Result, Verdict, conclude
from bot.domain.roll_sources import RollSource
from bot.domain.tally.outcome import Title
from bot.domain.tally.profile import Form, Profile, levels_of
from bot.domain.typed_ballots import read as typed
from tests.domain.tally.elections import outcome
from tests.domain.votes import concluded, consultation, definition, marked

PROJECTS = ("Bike stand: 300", "Garden: 1200", "Concert: 1100")


def asked(*projects: str, language: str = "en", **keys: str) -> Definition:
    return propose(
        Kind.BUDGET, "Which projects?", projects or PROJECTS, {"amount": "2000", **keys},
        now=datetime(2026, 12, 1, tzinfo=UTC), zone=ZoneInfo("Europe/Paris"), language=language,
    ).definition  # fmt: skip


def refused(*projects: str, **keys: str) -> Refusal:
    with pytest.raises(Refusal) as found:
        asked(*projects, **keys)
    return found.value


def costing(costs: Sequence[int], amount: int, **changes: Any) -> Definition:
    """A budget of so much, with a project of each cost."""
    rules = BudgetRules(amount, tuple(enumerate(costs, 1)), "€")
    standing = {
        "kind": Kind.BUDGET, "ballot": BallotType.APPROVAL, "method": Method.EQUAL_SHARES, "tie": Tie.FIRST,
        "at_most": len(costs), "budget": rules,
    }  # fmt: skip
    return definition(*(f"P{number}" for number in range(1, len(costs) + 1)), **{**standing, **changes})


def spent(made: Definition, result: Result) -> int:
    assert made.budget is not None
    return sum(made.budget.cost(number) for number in result.winners)


# ── amounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "units", "currency", "before"),
    [
        ("2000", 2000, "", False), ("2 000 €", 2000, "€", False), ("2000€", 2000, "€", False),
        ("€2,000", 2000, "€", True), ("2000 crédits", 2000, "crédits", False), ("EUR 2000", 2000, "EUR", True),
        ("2\u202f000\u00a0€", 2000, "€", False), ("1.234.567 zł", 1234567, "zł", False),
        ("2'000 CHF", 2000, "CHF", False),
        ("2 000,00 €", 2000, "€", False), ("-5 €", -5, "€", False), ("€-5", -5, "€", True), ("0", 0, "", False),
        ("12,50 €", None, "€", False), ("1,20", None, "", False), ("1,2345", None, "", False),
        ("1,234.567", None, "", False),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_currency_where_it_stands(
    text: str, units: int | None, currency: str, before: bool
) -> None:
    assert read_money(text) == Money(units, currency, before)


@pytest.mark.parametrize("text", ["", "free", "€", "2 k€", "€20€", "3 or 4", "20 euros each", "२०"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert read_money(text) is None


@given(st.integers(1, MOST_MONEY), st.sampled_from(["", "€", "EUR", "crédits"]), st.booleans(), st.sampled_from("ef"))
def test_an_amount_reads_back_as_it_is_written(units: int, currency: str, before: bool, language: str) -> None:
    rules = BudgetRules(units, (), currency, bool(currency) and before)
    written = amount_words(rules, units, "fr" if language == "f" else "en")
    assert read_money(written) == Money(units, currency, rules.before)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_projects_are_shown_with_their_costs_whatever_the_way_they_are_written() -> None:
    made = asked("Phase 2: bikes : 300", "Garden (1 200 euros)", "Concert = €1,100", "Blank", amount="2 000 €")
    assert [option.text for option in made.options] == [
        "Phase 2: bikes (300\u00a0€)", "Garden (1,200\u00a0€)", "Concert (1,100\u00a0€)", "Blank",
    ]  # fmt: skip
    assert made.budget == BudgetRules(2000, ((1, 300), (2, 1200), (3, 1100)), "€")
    assert [option.role for option in made.options][2:] == [OptionRole.SUBSTANTIVE, OptionRole.BLANK]
    assert asked(language="fr").options[1].text == "Garden (1\u202f200)"


def test_a_budget_has_the_defaults_of_a_poll_and_hides_its_partial_counts() -> None:
    made = asked()
    assert (made.ballot, made.method, made.tie) == (BallotType.APPROVAL, Method.EQUAL_SHARES, Tie.DRAW)
    assert (made.results, made.secrecy, made.roll) == (Results.CLOSING, Secrecy.CONFIDENTIAL, RollSource.ROOM)
    assert (made.purpose, made.at_least, made.at_most) == ("Which projects?", 1, 3)


def test_points_may_be_shared_out_and_counted_by_either_rule() -> None:
    made = asked(ballot="points", points="6", method="gloutonne")
    assert (made.ballot, made.points, made.method) == (BallotType.POINTS, 6, Method.GREEDY)
    assert asked(ballot="points").method is Method.EQUAL_SHARES


def test_what_is_called_like_a_blank_ballot_but_costs_something_is_a_project() -> None:
    made = asked("None: 300", "Blank: 20", "None of these", "A: 5")
    assert [option.role for option in made.options] == [
        OptionRole.SUBSTANTIVE, OptionRole.SUBSTANTIVE, OptionRole.BLANK, OptionRole.SUBSTANTIVE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("projects", "keys", "code"),
    [
        (("A", "B: 2"), {}, "project-without-cost"),
        (("A: soon", "B: 2"), {}, "project-without-cost"),
        (("A: 12,50", "B: 2"), {}, "project-cost-not-whole"),
        (("A: 0", "B: 2"), {}, "project-cost-nothing"),
        (("A: -3", "B: 2"), {}, "project-cost-nothing"),
        (("A: 2001", "B: 2"), {}, "project-too-dear"),
        (("A: $3", "B: 2"), {"amount": "€2,000"}, "project-other-currency"),
        (("A: $3", "B: 2 €"), {"amount": "2000"}, "project-other-currency"),
        (("A: 3", "a: 2"), {}, "repeated-option"),
        (("x" * 98 + ": 3", "B: 2"), {}, "option-too-long"),
        (("A: 3",), {}, "too-few-options"),
        (PROJECTS, {"amount": "a lot"}, "impossible-amount"),
        (PROJECTS, {"amount": "2000,50"}, "impossible-amount"),
        (PROJECTS, {"amount": "0"}, "impossible-amount"),
        (PROJECTS, {"amount": "1000000000"}, "impossible-amount"),
        (PROJECTS, {"amount": "none"}, "budget-needs-amount"),
        (PROJECTS, {"ballot": "ranking"}, "budget-ballot"),
        (PROJECTS, {"method": "schulze"}, "budget-method"),
        (PROJECTS, {"tie": "organiser"}, "budget-tie"),
        (PROJECTS, {"points": "6"}, "key-needs-ballot"),
        (PROJECTS, {"early": "1h"}, "early-needs-votes"),
        *((PROJECTS, {key: "2"}, "key-not-for-kind") for key in (
            "seats", "majority", "base", "scale", "grades", "quadratic", "second_round", "add_options", "phases",
        )),
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_a_budget_is_refused(projects: tuple[str, ...], keys: dict[str, str], code: str) -> None:
    assert refused(*projects, **keys).code == code


def test_a_refusal_names_the_project() -> None:
    too_dear = refused("A: 3", "Boat: 2 500", amount="€2,000")
    assert too_dear.facts == {"option": "Boat", "cost": "€2,500", "amount": "€2,000"}


def test_an_amount_is_required_and_belongs_to_budgets_only() -> None:
    place: dict[str, Any] = {
        "now": datetime(2026, 12, 1, tzinfo=UTC), "zone": ZoneInfo("Europe/Paris"), "language": "en",
    }  # fmt: skip
    with pytest.raises(Refusal) as found:
        propose(Kind.BUDGET, "Which?", PROJECTS, {}, **place)
    assert found.value.code == "budget-needs-amount"
    for kind, keys, code in (
        (Kind.POLL, {"amount": "2000"}, "key-not-for-kind"),
        (Kind.POLL, {"ballot": "approval", "method": "greedy"}, "method-for-budgets"),
    ):
        with pytest.raises(Refusal) as found:
            propose(kind, "Which?", ("A", "B"), keys, **place)
        assert found.value.code == code


def test_costs_and_amount_are_part_of_what_is_frozen() -> None:
    made = definition_facts(asked(amount="€2,000"))
    assert made["budget"] == {
        "amount": 2000, "before": True, "costs": [[1, 300], [2, 1200], [3, 1100]], "currency": "€",
    }  # fmt: skip
    assert "budget" not in definition_facts(definition())


def test_a_project_is_called_by_its_name_without_its_cost() -> None:
    made = asked("Bike stand: 300", "Garden: 1200", "Concert: 1100", amount="€2,000")
    assert typed("garden, 3", made) == Answer((2, 3))
    assert typed("Garden (€1,200)", made) == Answer((2,))
    pointed = asked("Bike stand: 300", "Garden: 1200", ballot="points")
    assert typed("garden: 6, bike stand: 4", pointed) == Answer(Marks(((1, 4), (2, 6))))


def test_approving_of_more_than_the_money_pays_for_is_a_ballot_like_another() -> None:
    made = asked()
    choice = amend(made, None, Answer((1, 2, 3)))
    assert choice is not None
    assert complete(made, choice)


# ── the count ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_equal_shares_let_a_minority_decide_on_its_share_and_greedy_does_not() -> None:
    tally: Mapping[Choice, int] = {(1,): 5, (2, 3): 3, (2,): 1}
    shared = concluded(costing((700, 300, 100), 900), tally)
    assert shared.winners == (2, 3)
    assert spent(costing((700, 300, 100), 900), shared) == 400
    greedily = concluded(costing((700, 300, 100), 900, method=Method.GREEDY), tally)
    assert greedily.winners == (1, 3)


def test_the_working_says_what_supporters_of_the_others_have_left() -> None:
    result = concluded(costing((700, 300, 100), 900), {(1,): 5, (2, 3): 3, (2,): 1})
    last = result.rounds[-1]
    assert (last.title, dict(last.tallies), last.amount) == (Title.LEFT, {1: Fraction(5 * 139)}, 500)


def test_points_weigh_what_projects_are_worth() -> None:
    """One voter's share pays for what is worth most to them, at the lowest price for each point."""
    tally: Mapping[Choice, int] = {marked(o1=1, o2=9): 2, marked(o3=10): 2}
    made = costing((100, 100, 200), 400, ballot=BallotType.POINTS, points=10)
    result = concluded(made, tally)
    prices = {
        number: each.tallies[number] for each in result.rounds if each.title is Title.PRICE for number in each.elected
    }
    assert result.winners == (2, 3, 1)
    assert prices == {2: Fraction(100, 18), 3: Fraction(10), 1: Fraction(50)}


def test_a_project_that_nobody_supports_is_not_funded_though_there_is_money() -> None:
    for method in (Method.EQUAL_SHARES, Method.GREEDY):
        result = concluded(costing((10, 10), 100, method=method), {(1,): 3})
        assert result.winners == (1,)
        assert result.rounds[0].amount == 10


def test_blank_ballots_have_no_share_and_no_ballots_fund_nothing() -> None:
    made = asked("A: 300", "B: 300", "Blank", amount="300")
    result = concluded(made, {(1,): 1, (3,): 5})
    assert (result.winners, result.expressed, result.ballots) == ((1,), 1, 6)
    assert concluded(made, {(3,): 5}).verdict is Verdict.NO_VOTES
    assert concluded(made, {}).winners == ()


def test_nothing_is_funded_when_the_first_project_to_be_paid_would_pass_the_sum() -> None:
    """All four voters could pay for their own project at the same share: no smaller one pays for any."""
    result = concluded(costing((90, 90, 90, 90), 100), {(1,): 1, (2,): 1, (3,): 1, (4,): 1})
    assert (result.winners, result.verdict, result.expressed) == ((), Verdict.NO_VOTES, 4)


def test_a_tie_for_the_money_is_decided_by_lots_and_told() -> None:
    made = costing((60, 60), 100, method=Method.GREEDY, tie=Tie.DRAW)
    tally: Mapping[Choice, int] = {(1,): 2, (2,): 2}
    found = {concluded(made, tally, seed=seed).winners for seed in ("a", "b", "c", "d", "e", "f")}
    assert found == {(1,), (2,)}
    (tie,) = concluded(made, tally, seed="a").tie_breaks
    assert (tie.tied, tie.chosen) == ((1, 2), concluded(made, tally, seed="a").winners)


def test_while_it_is_open_a_budget_is_not_counted_but_its_support_is_known() -> None:
    opened = consultation(costing((60, 60), 100), roll_size=3)
    result = conclude(opened, {(1,): 2})
    assert opened.state is State.OPEN
    assert (result.winners, result.votes(1), result.ballots) == ((), 2, 2)
    assert not is_decided(opened, result)


def test_amounts_of_any_size_are_counted_in_bounded_steps() -> None:
    """One voter alone supports what costs everything: the shares must grow a thousandfold, and it ends all the same."""
    tally: Mapping[Choice, int] = {(1,): 999, (2,): 1}
    result = concluded(costing((5, MOST_MONEY), MOST_MONEY), tally, roll=1000)
    assert result.winners == (1,)


def test_the_other_rule_is_shown_for_learning() -> None:
    made = costing((700, 300, 100), 900)
    (other,) = otherwise(made, {(1,): 5, (2, 3): 3, (2,): 1})
    assert (other.method, other.winners, other.tied) == (Method.GREEDY, (1, 3), ())
    assert Method.EQUAL_SHARES in read_by(made)


BUDGETS = st.integers(2, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(1, 100), min_size=n, max_size=n),
        st.integers(100, 200),
        st.lists(st.sets(st.integers(1, n), min_size=1).map(lambda one: tuple(sorted(one))), min_size=1, max_size=12),
    )
)


@given(BUDGETS, st.sampled_from((Method.EQUAL_SHARES, Method.GREEDY)))
def test_never_is_more_spent_than_there_is_nor_on_what_nobody_supports(
    budget: tuple[list[int], int, list[tuple[int, ...]]], method: Method
) -> None:
    costs, amount, ballots = budget
    made = costing(costs, amount, method=method)
    result = concluded(made, Counter[Choice](ballots))
    assert spent(made, result) <= amount
    assert len(set(result.winners)) == len(result.winners)
    assert all(result.votes(number) for number in result.winners)
    if method is Method.GREEDY:
        left = amount - spent(made, result)
        unfunded = {number for row in result.rows if row.votes and (number := row.option.number) not in result.winners}
        assert all(costs[number - 1] > left for number in unfunded)


@given(BUDGETS)
def test_a_group_that_agrees_has_what_its_shares_pay_for(budget: tuple[list[int], int, list[tuple[int, ...]]]) -> None:
    """Voters with the same ballot, who together hold what all they want costs, are given all of it."""
    costs, amount, ballots = budget
    wanted = ballots[0]
    same = [ballot for ballot in ballots if ballot == wanted]
    if Fraction(amount * len(same), len(ballots)) >= sum(costs[number - 1] for number in wanted):
        result = concluded(costing(costs, amount), Counter[Choice](ballots))
        assert set(wanted) <= set(result.winners)


# ── published budgets, through a live consultation ───────────────────────────────────────────────────────────────────


def as_asked(profile: Profile, method: Method) -> Definition:
    """The budget of a file as if it had been asked in a room."""
    numbered = list(enumerate(profile.options, 1))
    rules = BudgetRules(
        int(profile.budget), tuple((number, int(cost)) for number, cost in enumerate(profile.costs, 1)), "zł"
    )
    points = int(max(profile.values)) if profile.form is Form.SCORES else None
    return costing(
        (), 1, options=tuple(Option(number, name) for number, name in numbered), budget=rules, method=method,
        ballot=BallotType.POINTS if points else BallotType.APPROVAL, points=points, at_most=len(numbered),
    )  # fmt: skip


def as_cast(profile: Profile) -> dict[Choice, int]:
    found: Counter[Choice] = Counter()
    for row, times in profile.ballots.items():
        given = [(number, level) for number, level in enumerate(levels_of(row), 1) if level]
        if profile.form is Form.SCORES:
            found[Marks(tuple((number, int(profile.values[level - 1])) for number, level in given))] += times
        else:
            found[tuple(number for number, _ in given)] += times
    return dict(found)


def selected(profile: Profile, method: Method) -> list[str]:
    made = as_asked(profile, method)
    return sorted(profile.options[number - 1] for number in concluded(made, as_cast(profile)).winners)


def test_live_budgets_select_what_was_published(test_data: Path) -> None:
    methods = {"greedy": Method.GREEDY, "equalshares/add1": Method.EQUAL_SHARES}
    compared = []
    for path in sorted((test_data / "03_participatory_budgeting").glob("*.pb")):
        official = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        method = methods.get(official["official_rule"])
        if method is not None:
            profile = read(path, Form.MARKS)
            assert selected(profile, method) == official["official_selected"], path.name
            compared.append((method, profile.form))
    assert {(Method.EQUAL_SHARES, Form.MARKS), (Method.GREEDY, Form.MARKS), (Method.GREEDY, Form.SCORES)} <= {*compared}


def test_live_points_are_the_utilities_of_the_ballot_files(test_data: Path) -> None:
    """The thousandth of a share is one unit of money in these, so that the completion is that of the files."""
    for path in sorted((test_data / "03_participatory_budgeting").glob("Poland_Czestochowa*Parkitka.pb")):
        profile = replace(read(path, Form.SCORES), variant="equalshares/add1")
        by_file = outcome(profile, "equal-shares")
        assert selected(profile, Method.EQUAL_SHARES) == sorted(profile.options[place] for place in by_file.winners)
