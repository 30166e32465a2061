"""The cards of a debate fit in a message whatever was typed, and say what may be done now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import Kind, State
from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Course,
    DebateRules,
    Phase,
    Request,
    Side,
    Signing,
    Stage,
)
from bot.domain.debate.model import Speech as Turn
from bot.text.card import Card
from bot.text.cards import Place
from bot.text.catalogue import Speech
from bot.text.debate.card import DebateView, debate_card, debate_status
from bot.text.debate.digest import digest_card
from bot.text.debate.floor import FloorView
from bot.text.debate.notices import phase_notice, timetable_card
from bot.text.fitting import CARD_LIMIT, length
from tests.domain.votes import NOW, consultation, definition

HOSTILE = ("x" * 60, "😀" * 60, "**Ana** <b>", "z\u0341\u0342" * 20, "\u202eana\u202c", "")
RULES = DebateRules(tuple(Stage(phase, timedelta(days=1)) for phase in Phase), length=1000)
SPEECHES = [Speech(language, ZoneInfo("Europe/Paris")) for language in ("fr", "en")]


def argument(number: int, kind: ArgumentKind, text: str, name: str, supports: int = 0) -> Argument:
    return Argument(
        number, 1, kind, text, name, NOW, 1, ArgumentState.PUBLISHED, supports=supports, ratings=supports,
        weight=supports * 4, version=2, parent=1 if kind is ArgumentKind.REPLY else None,
    )  # fmt: skip


def view(published: tuple[Argument, ...] = (), stage: int = 1, rules: DebateRules = RULES, **changes) -> DebateView:
    made = replace(definition(kind=Kind.DEBATE, title="T" * 200), debate=rules)
    one = consultation(made, state=State.OPEN, opened_at=NOW, closes_at=NOW + timedelta(days=4))
    until = NOW + timedelta(days=1) if rules.stages[stage].lasts and stage + 1 < len(rules.stages) else None
    course = Course(one.number, stage, NOW, until, **changes)
    return DebateView(one, course, published, 200, NOW)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Argument, ...]:
    """Up to 1,000 arguments of up to 1,000 characters, by people with the worst names."""
    text = draw(st.sampled_from(["short", "a" * 280, "é" * 1000, "😀" * 1000, "word " * 200]))
    kinds = draw(st.lists(st.sampled_from(ArgumentKind), min_size=1, max_size=7))
    name, count = draw(st.sampled_from(HOSTILE)), draw(st.sampled_from([1, 3, 10, 60, 1000]))
    return tuple(
        argument(number, kinds[number % len(kinds)], text, name, draw(st.just(number % 7)))
        for number in range(1, count + 1)
    )


@given(crowds(), st.sampled_from(SPEECHES), st.booleans(), st.integers(0, 3))
def test_every_card_fits_in_a_message(published, speech: Speech, buttons: bool, stage: int) -> None:
    shown = view(published, stage)
    request = Request(2, "😀" * 60, NOW)
    turn = Turn(1, 1, "😀" * 60, NOW, None, Side.FOR, "", False)
    shown = replace(shown, floor=FloorView(RULES, turn, (request,) * 50, True, NOW))
    place = Place(buttons)
    for card in (
        debate_card(shown, place, speech), debate_status(shown, speech), digest_card(shown, published, place, speech),
        phase_notice(shown, place, speech), timetable_card(shown, speech),
    ):  # fmt: skip
        assert length(card.plain) <= CARD_LIMIT


def test_what_has_no_room_is_counted() -> None:
    crowd = tuple(argument(number, ArgumentKind.FOR, "a" * 280, "Ana") for number in range(1, 1001))
    card = debate_card(view(crowd), Place(buttons=True), SPEECHES[1])
    shown = sum(f"#{number} “" in card.plain for number in range(1, 1001))
    assert "For (1,000)" in card.plain
    assert f"and {1000 - shown} others" in card.plain


def test_the_strongest_come_first_then_the_newest() -> None:
    crowd = tuple(
        argument(number, ArgumentKind.AGAINST, f"reason {number}", "Ana", 9 if number == 7 else 0)
        for number in range(1, 31)
    )
    lines = debate_card(view(crowd), Place(buttons=True), SPEECHES[1]).plain.splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("#")]
    assert listed[0] == "#7"
    assert listed[-2:] == ["#30", "#29"]


def test_only_questions_without_an_answer_stand_on_the_card() -> None:
    asked = argument(1, ArgumentKind.QUESTION, "Who keeps the key?", "Ana")
    open_ = argument(2, ArgumentKind.QUESTION, "How much is it?", "Ana")
    reply = argument(3, ArgumentKind.REPLY, "The caretaker", "Bob")
    plain = debate_card(view((asked, open_, reply)), Place(buttons=True), SPEECHES[1]).plain
    assert "Questions without an answer (1)" in plain
    assert "How much is it?" in plain
    assert "Who keeps the key?" not in plain


def labels(card: Card) -> set[str]:
    return {button.label for row in card.buttons for button in row}


@pytest.mark.parametrize(
    ("stage", "offered"),
    [
        (0, {"Ask a question", "Read all", "My opinion"}),
        (1, {"Add an argument", "Rate three", "Read all", "Ask for the floor", "My opinion"}),
        (2, {"Ask a question", "Rate three", "Read all", "Ask for the floor"}),
        (3, {"Read all", "My opinion"}),
    ],
)
def test_the_buttons_are_those_of_the_phase(stage: int, offered: set[str]) -> None:
    assert labels(debate_card(view(stage=stage), Place(buttons=True), SPEECHES[1])) == offered
    assert labels(debate_card(view(stage=stage), Place(buttons=False), SPEECHES[1])) == set()
    paused = view(stage=stage, paused_at=NOW)
    assert labels(debate_card(paused, Place(buttons=True), SPEECHES[1])) == set()


@pytest.mark.parametrize("signing", [Signing.PSEUDONYM, Signing.ANONYMOUS])
@pytest.mark.parametrize("stage", [0, 1])
def test_where_names_are_not_shown_no_reply_in_the_room_is_proposed(signing: Signing, stage: int) -> None:
    card = debate_card(view(stage=stage, rules=replace(RULES, signing=signing)), Place(buttons=True), SPEECHES[1])
    assert "reply to this message" not in card.plain
    assert "write to me in private" in card.plain
    assert "Ask for the floor" not in labels(card)
