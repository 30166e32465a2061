"""What may be told of each organisation that holds a consultation with others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import Secrecy, State
from bot.domain.joint import (
    LEAST,
    MOST,
    Answer,
    Asked,
    Partner,
    PartnerState,
    answer_by,
    apart,
    asked,
    must_be_invitable,
    must_have_room,
    told_apart,
)
from bot.domain.refusals import Refusal
from tests.disclosures import NOW, consultation, debate, vote

ORGANISATIONS = (1, 2, 3, 4)
groups = st.frozensets(st.sampled_from(ORGANISATIONS), min_size=1)
sizes = st.dictionaries(groups, st.integers(0, 12), max_size=8)


@given(sizes)
def test_nothing_that_can_be_worked_out_is_about_fewer_than_five(found: dict[frozenset[int], int]) -> None:
    """Whatever is told is a sum over groups of voters who can't be told apart by it: each of them is large enough."""
    told = told_apart(ORGANISATIONS, found)
    alike: Counter[frozenset[int]] = Counter()
    for mine, size in found.items():
        alike[mine & told] += size
    assert not told or all(size == 0 or size >= LEAST for size in alike.values())


@given(sizes)
def test_no_result_nor_the_rest_of_the_whole_nor_two_results_less_the_whole_is_about_few(
    found: dict[frozenset[int], int],
) -> None:
    told, whole = told_apart(ORGANISATIONS, found), sum(found.values())
    voters = {one: sum(size for mine, size in found.items() if one in mine) for one in told}
    for one in told:
        assert voters[one] >= LEAST
        assert whole - voters[one] == 0 or whole - voters[one] >= LEAST
    if len(told) == 2:
        both = sum(size for mine, size in found.items() if told <= mine)
        assert both == 0 or both >= LEAST


def test_the_smallest_is_hidden_and_with_it_the_next_one_that_would_give_it_away() -> None:
    assert told_apart((1, 2, 3), {frozenset({1}): 20, frozenset({2}): 10, frozenset({3}): 4}) == {1}
    assert told_apart((1, 2, 3), {frozenset({1}): 20, frozenset({2}): 10, frozenset({3}): 5}) == {1, 2, 3}
    assert told_apart((1, 2), {frozenset({1}): 20, frozenset({2}): 4}) == set()


def test_one_member_of_both_would_be_given_away_by_both_results() -> None:
    found = {frozenset({1}): 20, frozenset({2}): 10, frozenset({1, 2}): 1}
    assert told_apart((1, 2), found) == {1}
    assert told_apart((1, 2), {**found, frozenset({1, 2}): 5}) == {1, 2}


def test_each_result_counts_members_of_two_and_public_ballots_are_all_told() -> None:
    cells = {frozenset({1}): {(1,): 2}, frozenset({2}): {(2,): 1}, frozenset({1, 2}): {(1,): 1}}
    assert apart((1, 2), cells, everything=True) == {1: {(1,): 3}, 2: {(2,): 1, (1,): 1}}
    assert apart((1, 2), cells, everything=False) == {}


def test_what_is_typed_after_the_command() -> None:
    assert asked("") is None
    assert asked("12 ABCD-EF01") == Asked(12, code="ABCD-EF01")
    assert asked("accept 12") == asked("Accepter #12") == Asked(12, Answer.ACCEPT)
    assert asked("refuser 12") == Asked(12, Answer.DECLINE)
    assert asked("retirer 12") == Asked(12, Answer.WITHDRAW)
    for wrong in ("12", "accept", "accept twelve", "Oak", "accept 12 13", "1234567890123 ABCD", "² ABCD"):
        with pytest.raises(Refusal, match="invite-how"):
            asked(wrong)


def test_what_has_not_opened_can_be_shared_and_nothing_else() -> None:
    for definition in (vote(), debate(), vote(secrecy=Secrecy.UNLINKED)):
        for state in (State.DRAFT, State.SCHEDULED, State.DISCLOSED):
            must_be_invitable(consultation(definition, state=state))
        for state in (State.OPEN, State.CLOSED, State.CERTIFIED, State.CANCELLED):
            with pytest.raises(Refusal, match="invite-not-now"):
                must_be_invitable(consultation(definition, state=state))


def test_eight_may_hold_it_with_the_first_and_those_who_do_not_answer_any_more_do_not_count() -> None:
    waiting = consultation(vote(), state=State.SCHEDULED)
    partners = [Partner(number, PartnerState.INVITED, NOW, {}) for number in range(MOST + 2)]
    must_have_room(waiting, partners, NOW)
    with pytest.raises(Refusal, match="invite-too-many"):
        must_have_room(waiting, partners, NOW - timedelta(seconds=1))
    accepted = [replace(each, state=PartnerState.ACCEPTED) for each in partners[:MOST]]
    must_have_room(waiting, accepted[1:], NOW)
    with pytest.raises(Refusal, match="invite-too-many"):
        must_have_room(waiting, accepted, NOW)


def test_an_invited_organisation_has_a_day_at_least() -> None:
    waiting = consultation(vote(), state=State.SCHEDULED)
    assert answer_by(waiting, NOW) == NOW + timedelta(days=1)
    far = consultation(vote(), opens_at=NOW + timedelta(days=2))
    assert answer_by(far, NOW) == NOW + timedelta(days=2)
    with pytest.raises(Refusal, match="invite-too-late"):
        answer_by(waiting, NOW + timedelta(days=2, hours=1))
