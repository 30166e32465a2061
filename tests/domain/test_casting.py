"""Every ruling on a cast, and that the first thing that stands in its way is the one that is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.casting import AcceptanceAsked, Cast, NoRight, Recorded, Ruling, Standing, decide
from bot.domain.consultation import Kind, State
from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal
from tests.domain.votes import NOW, consultation, definition

VOTE = consultation()
POLL = consultation(definition(kind=Kind.POLL))
CAST = Cast("telegram:cb:1", NOW + timedelta(hours=1), AccountRef("telegram", "7"), 12, Press(2))
READY = Standing(VOTE, seen=False, right=5, previous=None, accepted=True)


def ruling(cast: Cast = CAST, **changes: object) -> Ruling:
    return decide(cast, replace(READY, **changes))  # type: ignore[arg-type]


def refusal(cast: Cast = CAST, **changes: object) -> tuple[str, dict[str, object]]:
    found = ruling(cast, **changes)
    assert isinstance(found, Refusal)
    return found.code, dict(found.facts)


def test_a_ballot_is_recorded_changed_and_withdrawn() -> None:
    assert ruling() == Recorded((2,), None, repeated=False)
    assert ruling(previous=(1,)) == Recorded((2,), (1,), repeated=False)
    assert ruling(replace(CAST, gesture=Withdrawal()), previous=(1,)) == Recorded(None, (1,), repeated=False)


def test_what_changes_nothing_is_repeated() -> None:
    assert ruling(previous=(2,)) == Recorded((2,), (2,), repeated=True)
    assert ruling(replace(CAST, gesture=Withdrawal())) == Recorded(None, None, repeated=True)


def test_a_replay_is_answered_from_the_ballot_on_record() -> None:
    assert ruling(seen=True, previous=(1,)) == Recorded((1,), (1,), repeated=True)
    assert ruling(seen=True) == Recorded(None, None, repeated=True)  # withdrawn since


def test_the_replay_of_the_press_that_was_asked_to_accept_is_asked_again_and_does_not_vote() -> None:
    assert ruling(seen=True, accepted=False) == AcceptanceAsked()


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.DISCLOSED])
def test_before_the_opening(state: State) -> None:
    waiting = replace(VOTE, state=state, opened_at=None)
    assert refusal(consultation=waiting) == ("not-open-yet", {"number": "12", "opens_at": NOW})


@pytest.mark.parametrize("state", [State.CLOSED, State.CERTIFIED, State.ANSWERED])
def test_after_the_closing(state: State) -> None:
    closed = replace(VOTE, state=state, closed_at=NOW + timedelta(minutes=5))
    assert refusal(consultation=closed) == ("already-closed", {"number": "12", "closed_at": closed.closed_at})


def test_the_hour_decides_whatever_the_timers_did() -> None:
    closes_at = VOTE.closes_at
    assert closes_at is not None
    assert isinstance(ruling(replace(CAST, at=closes_at - timedelta(microseconds=1))), Recorded)
    assert refusal(replace(CAST, at=closes_at)) == ("already-closed", {"number": "12", "closed_at": closes_at})


def test_a_cancelled_consultation_says_why() -> None:
    cancelled = replace(VOTE, state=State.CANCELLED, cancelled_because="mistake")
    assert refusal(consultation=cancelled) == ("cancelled", {"number": "12", "reason": "mistake"})


def test_there_is_none_of_that_number() -> None:
    assert refusal(consultation=None) == ("no-such-consultation", {"number": "12"})


def test_without_a_right_the_roll_rule_is_asked() -> None:
    assert ruling(right=None) == NoRight()


def test_a_formal_vote_asks_to_accept_the_rules_first() -> None:
    assert ruling(accepted=None) == AcceptanceAsked()
    assert ruling(replace(CAST, gesture=Answer((2,))), accepted=None) == AcceptanceAsked()


def test_the_second_press_accepts_and_a_typed_ballot_waits_for_yes() -> None:
    typed = replace(CAST, gesture=Answer((2,)))
    assert ruling(accepted=False) == Recorded((2,), None, repeated=False)
    assert ruling(typed, accepted=False) == AcceptanceAsked()
    assert ruling(replace(typed, accepts=True), accepted=False) == Recorded((2,), None, repeated=False)


@pytest.mark.parametrize("accepted", [None, False, True])
def test_voting_in_a_poll_is_accepting(accepted: bool | None) -> None:
    assert ruling(consultation=POLL, accepted=accepted) == Recorded((2,), None, repeated=False)


def test_a_ballot_that_the_rules_forbid_is_refused() -> None:
    assert refusal(replace(CAST, gesture=Press(9)))[0] == "no-such-option"
    assert refusal(replace(CAST, gesture=Answer((1, 2))))[0] == "too-many-choices"


def test_the_first_obstacle_is_the_one_that_is_said() -> None:
    # Everything is wrong at once; each obstacle taken away shows the next.
    late = VOTE.closes_at
    assert late is not None
    cast = replace(CAST, gesture=Answer((9,)), at=late)
    worst = Standing(None, seen=False, right=None, previous=None, accepted=None)
    assert _word(decide(cast, worst)) == "no-such-consultation"
    assert _word(decide(cast, replace(worst, consultation=replace(VOTE, state=State.CANCELLED)))) == "cancelled"
    assert _word(decide(cast, replace(worst, consultation=VOTE))) == "already-closed"
    timely, standing = replace(cast, at=NOW), replace(worst, consultation=VOTE)
    assert decide(timely, standing) == NoRight()
    assert decide(timely, replace(standing, right=5)) == AcceptanceAsked()
    assert _word(decide(timely, replace(standing, right=5, accepted=True))) == "no-such-option"


def _word(found: Ruling) -> str:
    return found.code if isinstance(found, Refusal) else type(found).__name__
