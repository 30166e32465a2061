"""What the cards of rooms say, and what they must not: in both languages, for every rule there is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.consultation import (
    Base,
    Binding,
    Consultation,
    Kind,
    Majority,
    Option,
    Quorum,
    Results,
    Secrecy,
    State,
    Tie,
)
from bot.domain.results import Result, conclude
from bot.domain.roll_sources import RollSource
from bot.text.card import Bars, Card, Line
from bot.text.cards import Place, ballot_card, notice, reminder_card
from bot.text.catalogue import Speech, catalogue, languages
from bot.text.results import Concluded, chart, result_card
from tests.domain.votes import NOW, approval, consultation, definition

LANGUAGES = languages()
PARIS = ZoneInfo("Europe/Paris")
TALLY = {(1,): 317, (2,): 201, (3,): 88}
TELEGRAM_TEXT, TELEGRAM_LABEL_BYTES = 4096, 64


def speech(language: str) -> Speech:
    return Speech(language, PARIS)


def opened(kind: Kind = Kind.VOTE, results: Results = Results.CLOSING, **changes: Any) -> Consultation:
    return consultation(definition(kind=kind, results=results, **changes), roll_size=1000)


def closed(**changes: Any) -> Consultation:
    made = changes.pop("made", None) or definition(**changes)
    return consultation(made, state=State.CERTIFIED, closed_at=NOW + timedelta(days=2), roll_size=1000)


def counted(one: Consultation) -> Result:
    return conclude(one, TALLY)


def figures(card: Card) -> set[str]:
    labels = " ".join(button.label for row in card.buttons for button in row)
    return set(re.findall(r"\d+", card.plain + labels))


def everything(card: Card) -> str:
    return "\n".join([card.plain, *(button.label for row in card.buttons for button in row)])


# ── hidden counts ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "language", "buttons"), list(product(Kind, LANGUAGES, (True, False))), ids=str)
def test_counts_to_be_shown_at_the_closing_are_not_on_the_card_before(kind: Kind, language: str, buttons: bool) -> None:
    one = opened(kind)
    for card in (
        ballot_card(one, counted(one), Place(buttons), speech(language)),
        reminder_card(one, counted(one), Place(buttons), speech(language)),
    ):
        assert "606" in figures(card)  # the turnout is for everyone
        assert not {"317", "201", "88"} & figures(card)
        assert not any(isinstance(block, Bars) for block in card.blocks)


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_the_card_is_the_same_whatever_the_hidden_ballots_say(kind: Kind) -> None:
    one = opened(kind)
    cards = {
        ballot_card(one, conclude(one, tally), Place(True), speech("fr")).plain
        for tally in ({(1,): 606}, {(2,): 606}, TALLY)
    }
    assert len(cards) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_live_counts_are_on_the_card_and_final_ones_too(language: str) -> None:
    live = opened(Kind.POLL, Results.LIVE)
    assert {"317", "201", "88"} <= figures(ballot_card(live, counted(live), Place(True), speech(language)))
    done = closed(results=Results.CLOSING)
    assert {"317", "201", "88"} <= figures(ballot_card(done, counted(done), Place(True), speech(language)))


def test_a_closed_or_cancelled_card_has_no_button() -> None:
    for one in (closed(), consultation(state=State.CANCELLED, cancelled_because="x", closed_at=NOW)):
        assert ballot_card(one, conclude(one, {}), Place(True), speech("fr")).buttons == ()


# ── what a card says ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("kind", "secrecy", "language"), list(product(Kind, Secrecy, LANGUAGES)), ids=str)
def test_a_card_says_how_to_vote_with_and_without_buttons(kind: Kind, secrecy: Secrecy, language: str) -> None:
    one = opened(kind, secrecy=secrecy)
    with_buttons, without = (ballot_card(one, counted(one), Place(has), speech(language)) for has in (True, False))
    labels = [button.label for row in with_buttons.buttons for button in row]
    if secrecy is Secrecy.UNLINKED:  # nothing is pressed in the room
        assert labels[0] == speech(language).say("button.vote-in-private")
        assert not {"Café", "Library", "Park"} & {*labels}
    else:
        assert labels[:3] == ["Café", "Library", "Park"]
    assert without.buttons == ()
    for card in (with_buttons, without):
        assert "/v 12" in card.plain.replace("/voter 12", "/v 12")
        assert all(f"{number}. {text}" in card.plain for number, text in enumerate(("Café", "Library", "Park"), 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poll_says_that_voting_is_accepting_and_a_vote_what_it_takes(language: str) -> None:
    poll, vote = opened(Kind.POLL), opened(Kind.VOTE, quorum=Quorum(share=Fraction(3, 10)))
    accepting = speech(language).say("card.voting-is-accepting")
    assert accepting in ballot_card(poll, counted(poll), Place(True), speech(language)).plain
    card = ballot_card(vote, counted(vote), Place(True), speech(language)).plain
    assert accepting not in card
    assert "300" in card


MAJORITIES = (
    None,
    Majority(),
    Majority(Fraction(1, 2)),
    Majority(Fraction(2, 3), False),
    Majority(Fraction(3, 5), False),
)
OUTCOMES = ({}, {(1,): 1}, {(1,): 5, (2,): 5}, {(1,): 6, (2,): 3, (3,): 1}, {(3,): 9})


@pytest.mark.parametrize(("language", "tie"), list(product(LANGUAGES, Tie)), ids=str)
@pytest.mark.parametrize("labels", [("A", "B", "C"), ("Pour", "Contre", "Abstention"), ("Blanc", "Pour", "Contre")])
def test_there_is_a_result_card_for_every_outcome(language: str, tie: Tie, labels: tuple[str, ...]) -> None:
    for majority, base, quorum, tally in product(MAJORITIES, Base, (None, Quorum(count=8)), OUTCOMES):
        made = definition(*labels, majority=majority, base=base, quorum=quorum, tie=tie)
        one = replace(
            closed(made=made), seed="5eed", tie_choices=(2,) if tie is Tie.ORGANISER else (), tie_reason="why"
        )
        result = conclude(one, tally)
        card = result_card(Concluded(one, result, (), "Octet"), speech(language))
        assert "{" not in card.plain
        drawing = chart(Concluded(one, result, (), "Octet"), speech(language))
        assert [row.winner for row in drawing.rows].count(True) == (result.winner is not None)
        assert drawing.subtitle in card.plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_motion_reads_its_own_figures_wherever_the_blanks_stand(language: str) -> None:
    one = closed(made=definition("Blanc", "Pour", "Contre", majority=Majority()))
    card = result_card(Concluded(one, conclude(one, {(1,): 91, (2,): 62, (3,): 47}), (), "Octet"), speech(language))
    verdict = card.blocks[1]
    assert isinstance(verdict, Line)
    assert "Pour 62, Contre 47" in verdict.plain
    assert "Blanc" not in verdict.plain


def test_all_who_lead_below_the_majority_are_named() -> None:
    one = closed(made=definition("A", "B", "C", majority=Majority(Fraction(1, 2))))
    card = result_card(Concluded(one, conclude(one, {(1,): 5, (2,): 5}), (), "Octet"), speech("en"))
    assert "A and B" in card.plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_stand_on_the_result_of_a_public_vote_only(language: str) -> None:
    names = (("Ana", (1,)), ("Bruno", (2,)))
    for secrecy in Secrecy:
        one = closed(secrecy=secrecy)
        card = result_card(Concluded(one, conclude(one, {(1,): 1, (2,): 1}), names, "Octet"), speech(language))
        assert ("Bruno" in card.plain) is (secrecy is Secrecy.PUBLIC)


def test_a_roll_that_is_not_known_is_never_said_as_if_it_were() -> None:
    about = replace(closed(), roll_known=False)
    card = result_card(Concluded(about, counted(about), (), "Octet"), speech("en")).plain
    assert "about 1,000" in card
    assert "did not vote" not in card
    anyone = replace(closed(roll=RollSource.OPEN), roll_size=None)
    assert "1,000" not in result_card(Concluded(anyone, counted(anyone), (), "Octet"), speech("en")).plain


# ── words that are never said ────────────────────────────────────────────────────────────────────────────────────────

SECRET = re.compile(r"scrutin\w* secret|vote\w* secret|bulletin\w* secret|secret ballot|secret vote", re.IGNORECASE)
DENIED = re.compile(r"\b(not?|n'est pas|pas un|never|jamais|aucun)\b[^.]*", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_calls_anything_a_secret_ballot(language: str) -> None:
    for key, words in catalogue(language).items():
        for form in (words,) if isinstance(words, str) else words:
            for sentence in re.split(r"(?<=[.!?])\s", form):
                if SECRET.search(sentence):
                    assert DENIED.search(sentence), f"{key}: {sentence}"


# ── what platforms can hold ──────────────────────────────────────────────────────────────────────────────────────────


def longest(kind: Kind, **changes: Any) -> Consultation:
    options = tuple(Option(number, f"{number:02}" + "é" * 98) for number in range(1, 41))
    made = replace(approval(**changes), kind=kind, title="T" * 200, options=options, results=Results.LIVE)
    return consultation(replace(made, binding=Binding.DECISION, statutes="s" * 500), roll_size=1000)


@pytest.mark.parametrize(("language", "kind"), list(product(LANGUAGES, Kind)), ids=str)
def test_the_longest_notices_fit_in_one_message(language: str, kind: Kind) -> None:
    one = longest(kind)
    cards = [
        reminder_card(one, conclude(one, {}), Place(True), speech(language)),
        notice(one, "notice.cancelled", speech(language), reason="r" * 500),
        notice(one, "notice.answer", speech(language), organisation="o" * 80, text="t" * 1500),
    ]
    for card in cards:
        assert len(card.plain.encode("utf-16-le")) // 2 <= TELEGRAM_TEXT


@pytest.mark.parametrize("kind", Kind, ids=str)
def test_every_button_of_the_longest_card_can_be_carried(kind: Kind) -> None:
    card = ballot_card(longest(kind), conclude(longest(kind), {}), Place(True), speech("fr"))
    actions = [button.action for row in card.buttons for button in row]
    assert len(actions) == 41
    for action in actions:
        assert action is not None
        spelled = f"{action.verb}:{action.number}:{action.argument}"
        assert spelled.isascii()
        assert len(spelled) <= TELEGRAM_LABEL_BYTES - 4
