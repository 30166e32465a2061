"""However many statements there are and whatever people typed, every card fits in a message."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.consultation import Consultation, Kind, State
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Opinion, OpinionRules, Statement, StatementState
from bot.text.card import Card
from bot.text.cards import Place
from bot.text.catalogue import Speech, languages
from bot.text.fitting import fits
from bot.text.opinions.card import Counts, opinions_card, statement_paper
from bot.text.opinions.map import Drawn, map_page, result_card
from bot.text.opinions.moderation import log_card, queue_card
from bot.text.opinions.own import own_blocks, own_card
from tests.domain.votes import NOW, consultation, definition

SPEECHES = [Speech(language, ZoneInfo("Europe/Paris")) for language in languages()]
HOSTILE = (
    "<b>&amp;*_`[x](http://e.example)" * 40,
    "\U0001f469\u200d\U0001f467" * 500,
    "{n} {title_text} ** " * 60,
    "é" * 1000,
)
GROUNDS = ("off-topic", "other", "\U0001f600" * 60)


def opened(length: int = 1000) -> Consultation:
    made = definition(kind=Kind.OPINIONS, title="\U0001f600" * 200, options=(), opinions=OpinionRules(length=length))
    return consultation(made, roll_size=200)


def statement(number: int, text: str, state: StatementState = StatementState.PUBLISHED) -> Statement:
    return Statement(number, number % 200 + 1, text, NOW, state, GROUNDS[number % 3], text[:500], 80, 70, 50)


def drawn(texts: list[str], people: int) -> Drawn:
    """A map of these statements, with as many camps as there are letters."""
    chance = random.Random(len(texts) + people)
    statements = [statement(number, text) for number, text in enumerate(texts, 1)]
    sides = {camp: [chance.choice(list(Opinion)) for _ in texts] for camp in range(5)}
    answers = {
        alias: {number: sides[alias % 5][number - 1] for number in range(1, len(texts) + 1) if chance.random() < 0.8}
        for alias in range(1, people + 1)
    }
    closed = replace(opened(), state=State.CERTIFIED, closed_at=NOW + timedelta(days=2))
    found = opinion_map(statements, answers, 3)
    counts = Counts(people, len(texts), people * len(texts))
    return Drawn(closed, counts, {one.number: one for one in statements}, found, "\U0001f600" * 120)


def cards(what: Drawn, speech: Speech) -> list[Card]:
    """Every card that could be made of it."""
    statements, one = list(what.statements.values()), opened()
    states = list(StatementState)
    moderated = [replace(each, state=states[each.number % len(states)]) for each in statements]
    mine = [replace(each, alias=1) for each in moderated]
    opinions = dict.fromkeys(what.statements, Opinion.DISAGREE)
    return [
        result_card(what, speech),
        *(map_page(what, page, "A", True, speech) for page in {1, 2, 3, what.pages, 10**4}),
        *(opinions_card(one, what.counts, Place(buttons), speech) for buttons in (True, False)),
        log_card(one, moderated, speech),
        own_card(one, own_blocks(mine, 1, opinions, 10, 40, speech), speech),
        *(statement_paper(one, each, 3, len(statements), speech) for each in statements[:4]),
        *(queue_card(one, statements[place:], speech) for place in range(min(4, len(statements)))),
    ]


@pytest.mark.parametrize("speech", SPEECHES, ids=languages())
def test_with_a_thousand_statements_of_any_kind(speech: Speech) -> None:
    what = drawn([HOSTILE[number % len(HOSTILE)][:1000] for number in range(1000)], 200)
    assert len(what.map.groups) >= 3
    assert [card.plain[:80] for card in cards(what, speech) if not fits(card)] == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=1000), min_size=1, max_size=12), st.integers(0, 30))
def test_with_whatever_people_write(texts: list[str], people: int) -> None:
    what = drawn(texts, people)
    for speech in SPEECHES:
        assert all(fits(card) for card in cards(what, speech))
