"""Telegram shows two hundred characters of a toast: the code of a ballot is always whole in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ballots import Choice
from bot.domain.casting import Recorded
from bot.domain.consultation import BallotType, Consultation, Method, Option
from bot.domain.receipts import Receipt
from bot.text.catalogue import Speech, languages
from bot.usecases.vote import TOAST_LENGTH, in_short
from tests.disclosures import consultation, vote
from tests.domain.votes import consented

CODE = "MWMWMWMWMWMW"
GROUPED = "MWM-WMW-MWM-WMW"
CLOSING = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
LONG = tuple(Option(number, f"{number} " + "un mot puis " * 16) for number in range(1, 13))


def asked(**changes: object) -> Consultation:
    definition = replace(vote(receipt=Receipt.INCLUSION), options=LONG, **changes)  # type: ignore[arg-type]
    return replace(consultation(definition), number=12_345, closes_at=CLOSING)


CASES = [
    (asked(), (1,), (2,)),
    (asked(ballot=BallotType.APPROVAL, method=Method.APPROVAL, at_most=12), tuple(range(1, 13)), (1, 2)),
    (replace(consultation(replace(consented(), receipt=Receipt.CHOICE)), closes_at=CLOSING), (3,), (1,)),
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("more", ["", "Why? Tell me in private. " * 9])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_code_is_whole_in_a_toast(language: str, case: int, more: str) -> None:
    each, choice, previous = CASES[case]
    speech = Speech(language, ZoneInfo("Europe/Paris"))
    for ruling in rulings(choice, previous):
        words = in_short(each, ruling, speech, CODE, more)
        assert len(words) <= TOAST_LENGTH
        assert words.endswith(f"{GROUPED}.")
        assert words.startswith(in_short(each, ruling, speech)[:12])


@pytest.mark.parametrize("language", languages())
def test_a_long_name_leaves_room_for_the_hour_and_the_code(language: str) -> None:
    each, choice, previous = CASES[0]
    for ruling in rulings(choice, previous):
        words = in_short(each, ruling, Speech(language, ZoneInfo("Europe/Paris")), CODE)
        assert "un mot" in words
        assert ruling.repeated or "23:59" in words or "23h59" in words, words


def rulings(choice: Choice, previous: Choice) -> list[Recorded]:
    return [
        Recorded(choice, None, repeated=False),
        Recorded(choice, previous, repeated=False),
        Recorded(choice, choice, repeated=True),
    ]
