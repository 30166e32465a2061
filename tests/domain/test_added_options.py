"""Options that voters add: which polls may grow, which texts are taken, and what stays as it was frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.added_options import (
    MOST_EACH,
    AddedOption,
    AddedState,
    Decision,
    Ruling,
    decision_in,
    must_be_within_limits,
    must_have_room,
    next_number,
    proposed,
    read_added,
    read_date,
    with_added,
)
from bot.domain.ballots import Press, amend
from bot.domain.canonical import digest
from bot.domain.consultation import Definition, Kind, definition_facts
from bot.domain.debate.model import Review
from bot.domain.papers import paper_order
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
YES = {"add_options": "yes"}


def asked(keys: dict[str, str], kind: Kind = Kind.POLL, options: tuple[str, ...] = ("Café", "Library")) -> Definition:
    more = {"purpose": "x", "binding": "advice", "close": "2d"} if kind is Kind.VOTE else {}
    return propose(kind, "Where?", options, {**more, **keys}, now=NOW, zone=PARIS, language="en").definition


def added(entry: int, text: str, state: AddedState = AddedState.ACCEPTED, **more: Any) -> AddedOption:
    number = entry + 2 if state in {AddedState.ACCEPTED, AddedState.HIDDEN} else None
    return AddedOption(
        entry, **{"account": 1, "person": 1, "number": number, "at": NOW, **more}, text=text, state=state
    )


def refused(keys: dict[str, str], kind: Kind = Kind.POLL) -> str:
    with pytest.raises(Refusal) as refusal:
        asked(keys, kind)
    return refusal.value.code


def test_a_poll_takes_no_options_unless_asked_and_then_reads_them_first() -> None:
    assert asked({}).add_options is None
    assert asked({"add_options": "no"}).add_options is None
    assert asked(YES).add_options is Review.BEFORE
    assert asked({**YES, "moderation": "after"}).add_options is Review.AFTER


@pytest.mark.parametrize(
    ("keys", "kind", "code"),
    [
        (YES, Kind.VOTE, "added-options-frozen"),
        ({**YES, "majority": "simple"}, Kind.POLL, "added-options-not-with"),
        ({**YES, "early": "1h"}, Kind.POLL, "added-options-not-with"),
        ({"moderation": "before"}, Kind.POLL, "moderation-needs-added-options"),
        ({"moderation": "before"}, Kind.VOTE, "key-not-for-kind"),
        ({"moderation": "later", **YES}, Kind.POLL, "impossible-value"),
    ],
)
def test_where_options_cannot_be_added_the_setting_is_refused(keys: dict[str, str], kind: Kind, code: str) -> None:
    assert refused(keys, kind) == code


def test_two_rounds_take_no_options() -> None:
    with pytest.raises(Refusal, match="added-options-not-with"):
        asked({**YES, "method": "two-round"}, options=("A", "B", "C"))


def test_a_vote_that_asks_for_none_is_none_the_worse() -> None:
    assert asked({"add_options": "no"}, Kind.VOTE).add_options is None


@pytest.mark.parametrize("ballot", ["approval", "ranking", "score", "judgment", "points"])
def test_a_ballot_without_limit_has_room_for_the_options_to_come(ballot: str) -> None:
    definition = with_added(asked({**YES, "ballot": ballot}), [added(1, "Park")])
    assert [option.number for option in definition.options] == [1, 2, 3]
    assert definition.at_most >= 3


def test_a_limit_on_choices_stays() -> None:
    options = ("A", "B", "C")
    assert asked({**YES, "ballot": "approval", "choices": "1-2"}, options=options).at_most == 2
    assert asked({**YES, "ballot": "approval", "choices": "3"}, options=options).at_most == 3


def test_what_was_frozen_keeps_its_digest() -> None:
    definition = asked(YES)
    grown = with_added(definition, [added(1, "Park"), added(2, "Beach")])
    assert definition_facts(grown) == definition_facts(definition)
    assert "added_at" not in str(definition_facts(grown))
    assert digest(definition_facts(asked({}))) != digest(definition_facts(definition))
    assert "add_options" not in definition_facts(asked({}))


DAYS = ("2026-12-12 18:00", "2026-12-13 15:00")


def test_a_date_lasts_as_long_as_the_others_and_is_not_frozen_either() -> None:
    definition = asked({**YES, "lasts": "2h"}, Kind.DATES, DAYS)
    slot = read_date("14 December 2026 19:00", definition, zone=PARIS, now=NOW, closes_at=NOW)
    assert slot.ends - slot.starts == timedelta(hours=2)
    grown = with_added(definition, [added(1, "Monday", slot=slot)])
    assert [one.option for one in grown.dates] == [1, 2, 3]
    assert definition_facts(grown) == definition_facts(definition)


@pytest.mark.parametrize(("text", "code"), [("tomorrow 10:00", "added-date-too-early"), ("Park", "option-not-a-date")])
def test_what_is_no_date_to_come_is_refused(text: str, code: str) -> None:
    closes_at = NOW + timedelta(days=5)
    with pytest.raises(Refusal) as refusal:
        read_date(text, asked(YES, Kind.DATES, DAYS), zone=PARIS, now=NOW, closes_at=closes_at)
    assert refusal.value.code == code


def test_an_accepted_option_can_be_chosen_and_no_other() -> None:
    definition = with_added(
        asked(YES), [added(1, "Park", AddedState.HIDDEN), added(2, "Beach"), added(3, "Moon", AddedState.WAITING)]
    )
    assert amend(definition, None, Press(4)) == (4,)
    for number in (3, 5):
        with pytest.raises(Refusal, match="no-such-option"):
            amend(definition, None, Press(number))


def test_numbers_are_never_given_twice() -> None:
    definition = asked(YES)
    assert next_number(definition, []) == 3
    assert next_number(definition, [added(1, "Park", AddedState.HIDDEN), added(2, "Moon", AddedState.REFUSED)]) == 4


def test_the_others_keep_their_order_on_a_voters_paper() -> None:
    before = asked({**YES, "ballot": "ranking"}, options=("A", "B", "C", "D", "E"))
    after = with_added(before, [added(4, "F")])
    for voter in map(str, range(50)):
        order = paper_order(after, voter)
        assert tuple(number for number in order if number != 6) == paper_order(before, voter)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("café", "option-there-already"),
        ("  CAFE ", "option-there-already"),
        ("The  PARK", "option-there-already"),
        ("beach", "option-proposed-already"),
        ("Moon", "option-refused-already"),
        ("Abstain", "added-option-chooses-nothing"),
        ("", "option-empty"),
        ("x" * 101, "option-too-long"),
        ("a\x00", "unreadable-characters"),
    ],
)
def test_a_text_that_is_there_or_says_nothing_is_refused(text: str, code: str) -> None:
    existing = [
        added(1, "The park"), added(2, "Beach", AddedState.WAITING), added(3, "Moon", AddedState.REFUSED, why="far"),
    ]  # fmt: skip
    with pytest.raises(Refusal) as refusal:
        read_added(text, with_added(asked(YES), existing), existing, 1)
    assert refusal.value.code == code


def test_a_new_text_is_cleaned_like_any_option() -> None:
    assert read_added("  The\u200b sea \n side ", asked(YES), [], 1) == "The sea side"


def test_there_is_an_end_to_it() -> None:
    definition = asked(YES, options=tuple(f"Option {number}" for number in range(39)))
    must_have_room(definition, [])
    with pytest.raises(Refusal, match="too-many-options"):
        must_have_room(definition, [added(1, "Park", AddedState.WAITING)])


def test_one_person_has_one_waiting_and_a_few_on_the_card() -> None:
    shown = [added(entry, f"Option {entry}") for entry in range(1, MOST_EACH)]
    must_be_within_limits(shown, 1)
    with pytest.raises(Refusal, match="added-options-limit"):
        must_be_within_limits([*shown, added(9, "Park")], 1)
    with pytest.raises(Refusal, match="one-proposal-at-a-time"):
        must_be_within_limits([added(1, "Park", AddedState.WAITING)], 1)
    must_be_within_limits([*shown, added(9, "Park"), added(10, "Sea", AddedState.WAITING)], 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [("+ Park", "Park"), ("+Park", "Park"), ("\uff0b The sea", "The sea"), ("+1", None), ("+", None), ("Park", None)],
)
def test_a_plus_proposes_and_applause_does_not(text: str, words: str | None) -> None:
    assert proposed(text, asked(YES)) == words
    assert proposed(text, asked({})) is None


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("accept 3", Decision(Ruling.ACCEPT, 3, "")),
        ("Refuser #2 : trop loin", Decision(Ruling.REFUSE, 2, "trop loin")),
        ("hide 5 it closed", Decision(Ruling.HIDE, 5, "it closed")),
        ("accept", None),
        ("accept 3rd", None),
        ("The park 3", None),
    ],
)
def test_a_decision_names_what_it_is_about(text: str, decision: Decision | None) -> None:
    assert decision_in(text) == decision
