"""Contestations: until when, what can be decided of them, what makes a result final, what is planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agenda import FINAL, OVERDUE, RESULT, Advance, Owe, plan
from bot.domain.agenda import Standing as Posted
from bot.domain.consultation import Binding, Consultation, Definition, Kind, Option, State, definition_facts
from bot.domain.contests import (
    WORDS,
    Contest,
    Contested,
    Ruling,
    Verdict,
    contested,
    final_at,
    may_certify,
    must_be_contestable,
    must_be_possible,
    ruling_in,
    with_contest,
)
from bot.domain.lifecycle import Event
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes

CLOSED = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
WINDOW = timedelta(hours=2)
OPTIONS = (Option(1, "Yes"), Option(2, "No"))


def asked(window: timedelta | None = WINDOW, **changes: object) -> Definition:
    plain = {"kind": Kind.POLL, "title": "Adopt?", "options": OPTIONS, "purpose": "it", "language": "en"}
    return Definition(**{"binding": Binding.ADVICE, "contest": window, **plain, **changes})  # type: ignore[arg-type]


def ended(state: State = State.CLOSED, definition: Definition | None = None) -> Consultation:
    begun = CLOSED - timedelta(hours=2)
    return Consultation(
        12, 1, 1, state, definition or asked(), (1,), begun, begun, CLOSED, opened_at=begun, closed_at=CLOSED
    )


def contest(entry: int = 1, verdict: Verdict = Verdict.OPEN) -> Contest:
    return Contest(12, entry, 4, "the roll is wrong", CLOSED, verdict=verdict)


@pytest.mark.parametrize(
    ("after", "waiting", "final"),
    [(-1, 0, False), (0, 0, True), (0, 1, False), (3600, 0, True), (10**6, 2, False)],
)
def test_a_result_is_final_once_its_time_has_passed_and_nothing_waits(after: int, waiting: int, final: bool) -> None:
    now = CLOSED + WINDOW + timedelta(seconds=after)
    assert may_certify(ended(), waiting, now) is final
    steps = plan(ended(), {(1, RESULT): Posted(True, False, 0)}, 0, now, contested=Contested(waiting)).steps
    assert (Advance(Event.CERTIFY) in steps) is final


@given(st.sampled_from([state for state in State if state is not State.CLOSED]), st.integers(0, 3))
def test_only_a_closed_consultation_becomes_final(state: State, waiting: int) -> None:
    assert not may_certify(ended(state), waiting, CLOSED + 2 * WINDOW)


def test_the_planner_looks_again_when_the_time_is_over() -> None:
    agenda = plan(ended(), {(1, RESULT): Posted(True, False, 0)}, 0, CLOSED)
    assert (agenda.steps, agenda.again) == ((), CLOSED + WINDOW)


def test_rooms_are_told_that_it_is_final_only_where_it_was_not_at_once() -> None:
    told = {(1, RESULT): Posted(True, False, 0)}
    assert plan(ended(State.CERTIFIED), told, 0, CLOSED + WINDOW).steps == (Owe(1, FINAL),)
    assert plan(ended(State.CERTIFIED, asked(None)), told, 0, CLOSED + WINDOW).steps == ()


def test_every_decision_is_told_and_an_annulled_result_once() -> None:
    told = {(1, role): Posted(True, False, 0) for role in (RESULT, "disclosure")}
    decided = Contested(0, (1, 3), annulled=True)
    assert plan(ended(State.CANCELLED), told, 0, CLOSED, contested=decided).steps == (
        Owe(1, "contested-1"), Owe(1, "contested-3"),
    )  # fmt: skip


def test_an_answer_is_not_overdue_before_the_result_is_final() -> None:
    due = asked(answer_by=CLOSED + timedelta(minutes=1))
    told = {(1, role): Posted(True, False, 0) for role in (RESULT, FINAL)}
    waiting = plan(ended(definition=due), told, 0, CLOSED + WINDOW, contested=Contested(1))
    assert Owe(1, OVERDUE) not in waiting.steps
    assert Owe(1, OVERDUE) in plan(ended(State.CERTIFIED, due), told, 0, CLOSED + WINDOW).steps


@pytest.mark.parametrize(
    ("state", "window", "at", "code"),
    [
        (State.OPEN, None, 0, ""),
        (State.OPEN, WINDOW, 0, ""),
        (State.CLOSED, WINDOW, 7199, ""),
        (State.CLOSED, WINDOW, 7200, "contest-too-late"),
        (State.CERTIFIED, None, 0, "contest-too-late"),
        (State.CERTIFIED, WINDOW, 60, "contest-too-late"),
        (State.ANSWERED, WINDOW, 60, "contest-too-late"),
        (State.SCHEDULED, WINDOW, 0, "contest-not-yet"),
        (State.DRAFT, WINDOW, 0, "contest-not-yet"),
        (State.CANCELLED, WINDOW, 0, "cancelled"),
    ],
)
def test_until_when_it_can_be_contested(state: State, window: timedelta | None, at: int, code: str) -> None:
    def attempt() -> None:
        must_be_contestable(ended(state, asked(window)), CLOSED + timedelta(seconds=at))

    if not code:
        attempt()
        return
    with pytest.raises(Refusal) as refused:
        attempt()
    assert refused.value.code == code


@pytest.mark.parametrize("state", [State.OPEN, State.CERTIFIED, State.ANSWERED])
def test_only_a_provisional_result_is_annulled(state: State) -> None:
    must_be_possible(ended(state), contest(), Verdict.REJECTED)
    must_be_possible(ended(), contest(), Verdict.ANNULLED)
    with pytest.raises(Refusal, match="annul-when-closed"):
        must_be_possible(ended(state), contest(), Verdict.ANNULLED)


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.OPEN}))
def test_what_was_decided_is_not_decided_again(verdict: Verdict) -> None:
    with pytest.raises(Refusal, match="contest-decided"):
        must_be_possible(ended(), contest(verdict=verdict), Verdict.REJECTED)


def test_what_the_planner_is_told_of_contestations() -> None:
    some = [contest(1, Verdict.REJECTED), contest(2), contest(3, Verdict.ANNULLED), contest(4)]
    assert contested(some) == Contested(2, (1, 3), annulled=True)
    assert final_at(ended(State.CANCELLED)) is None


@pytest.mark.parametrize(
    ("typed", "ruling"),
    [
        ("reject 1 the roll was checked", Ruling(Verdict.REJECTED, 1, "the roll was checked")),
        ("Annuler 2 on recommence", Ruling(Verdict.ANNULLED, 2, "on recommence")),
        ("noter 3", Ruling(Verdict.NOTED, 3, "")),
        ("note", None),
        ("the count is wrong", None),
        ("reject everything", None),
        ("annul 99999 x", None),
    ],
)
def test_the_words_that_decide(typed: str, ruling: Ruling | None) -> None:
    assert ruling_in(typed) == ruling


@given(st.text(max_size=60))
def test_anything_typed_is_a_decision_or_none(typed: str) -> None:
    found = ruling_in(typed)
    assert found is None or found.verdict in WORDS.values()


@pytest.mark.parametrize(
    ("typed", "window"), [("2h", WINDOW), ("30 days", timedelta(days=30)), ("none", None), ("aucune", None)]
)
def test_the_key_gives_the_time(typed: str, window: timedelta | None) -> None:
    assert with_contest(asked(None), Wishes({"contest": typed}, "en")).contest == window


@pytest.mark.parametrize("typed", ["31 days", "5 weeks"])
def test_a_time_nobody_could_use_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="contest-too-long"):
        with_contest(asked(None), Wishes({"contest": typed}, "en"))


def test_definitions_without_these_rules_keep_their_digest() -> None:
    facts = definition_facts(asked(None))
    assert "contest" not in facts
    assert "approval" not in facts
    assert definition_facts(asked(approval=True))["contest"] == 7200
