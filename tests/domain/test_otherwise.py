"""The same ballots by other methods: what published elections give, and nothing for ballots read in one way only."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice
from bot.domain.consultation import BallotType, Method, OptionRole
from bot.domain.counting.otherwise import READ_BY, otherwise
from bot.domain.methods import METHODS_OF
from bot.domain.results import conclude
from tests.domain.votes import approval, consultation, definition, judged, marked, pointed, ranked, ranking, scored

CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
TENNESSEE: dict[Choice, int] = {
    ranked("1>2>3>4"): 42, ranked("2>3>4>1"): 26, ranked("3>4>2>1"): 15, ranked("4>3>2>1"): 17,
}  # fmt: skip


def test_the_capital_of_tennessee_depends_on_the_method() -> None:
    found = {other.method: other.winners for other in otherwise(ranking(*CITIES), TENNESSEE)}
    assert found == {
        Method.RANKED_PAIRS: (2,), Method.IRV: (4,), Method.STV: (4,), Method.BORDA: (2,), Method.TWO_ROUND: (2,),
        Method.PLURALITY: (1,),
    }  # fmt: skip


def test_scores_are_read_as_preferences_too() -> None:
    tally: dict[Choice, int] = {marked(o1=5, o2=4): 4, marked(o2=5): 2}
    found = {other.method: other.winners for other in otherwise(scored("A", "B", "C"), tally)}
    assert found == {
        Method.MAJORITY_JUDGMENT: (1,), Method.STAR: (1,), Method.SCHULZE: (1,), Method.BORDA: (1,),
    }  # fmt: skip


def test_blank_ballots_prefer_nobody_and_options_keep_their_numbers() -> None:
    made = ranking("Blanc", "A", "B")
    assert made.options[0].role is OptionRole.BLANK
    found = otherwise(made, {ranked("3>2"): 2, ranked("2"): 1, ranked("1"): 9})
    assert {other.winners for other in found} == {(3,)}


def test_a_tie_is_left_a_tie() -> None:
    found = {other.method: other for other in otherwise(ranking("A", "B"), {ranked("1"): 1, ranked("2"): 1})}
    assert found[Method.BORDA].winners == ()
    assert found[Method.BORDA].tied == (1, 2)


def test_methods_that_elect_one_are_left_out_where_several_are_elected() -> None:
    found = {other.method for other in otherwise(ranking(*CITIES, seats=2), TENNESSEE)}
    assert Method.IRV not in found
    assert {Method.STV, Method.BORDA} <= found


def test_ballots_that_one_method_reads_have_no_other_result() -> None:
    assert otherwise(definition(), {(1,): 3}) == []
    assert otherwise(approval(), {(1,): 3}) == []
    assert otherwise(pointed(), {marked(o1=3): 3}) == []
    assert otherwise(judged(), {}) == []


@given(st.dictionaries(st.permutations([1, 2, 3, 4]).map(tuple), st.integers(1, 50), min_size=1), st.integers(1, 3))
def test_it_is_the_result_that_the_method_would_give(orders: dict[tuple[int, ...], int], seats: int) -> None:
    tally: dict[Choice, int] = {ranked(">".join(map(str, order))): times for order, times in orders.items()}
    made = ranking(*CITIES, seats=seats)
    for other in otherwise(made, tally):
        if other.method in METHODS_OF[BallotType.RANKING]:
            result = conclude(consultation(replace(made, method=other.method)), tally)
            assert result.winners == other.winners
    assert set(READ_BY[BallotType.RANKING]) >= set(METHODS_OF[BallotType.RANKING])
