"""Codes as people read and type them, and what is sealed of a ballot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Marks, Ranking
from bot.domain.consultation import BallotType, Method, Secrecy
from bot.domain.sealed import (
    ALPHABET,
    Opened,
    code_in,
    grouped,
    new_code,
    opened,
    plain_ballot,
    receipt_of,
    sheet_of,
    split_code,
)
from tests.domain.votes import definition

CODES = st.text(ALPHABET, min_size=12, max_size=12)
DEFINITION = definition("A", "B", "C", secrecy=Secrecy.UNLINKED)


def test_codes_are_drawn_from_more_than_enough() -> None:
    assert len(ALPHABET) ** 12 >= 2**60
    assert len({new_code() for _ in range(1000)}) == 1000
    assert not set("ILOU") & set(ALPHABET)


@given(CODES)
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    looks = grouped(code).replace("0", "O").replace("1", "l")
    for typed in (code, grouped(code), grouped(code).lower(), grouped(code).replace("-", " "), looks, f" {looks} "):
        assert code_in(typed) == code
    assert code_in(grouped(code).replace("-", "–")) == code


@pytest.mark.parametrize("typed", ["", "K7M", "K7M-2QX-94T-HBEE", "K7M-2QX-94T-HB!", "oui"])
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert code_in(typed) is None


@given(CODES, st.sampled_from(["2", "2>1>3", "", "-", "Library, Café"]))
def test_a_code_is_found_behind_a_ballot(code: str, ballot: str) -> None:
    assert split_code(f"{ballot} {grouped(code)}") == (ballot, code)
    assert split_code(f"{ballot} {grouped(code).lower()} ") == (ballot, code)


@pytest.mark.parametrize("text", ["2", "SHAREDGARDEN", "2 SHAREDGARDEN", "1-2", "K7M-2QX-94T"])
def test_a_ballot_without_a_code_stays_as_it_is(text: str) -> None:
    assert split_code(text) == (text, None)


def test_sealed_ballots_of_a_vote_are_all_as_long() -> None:
    ranking = replace(DEFINITION, ballot=BallotType.RANKING, method=Method.SCHULZE, at_most=3)
    marks = replace(DEFINITION, ballot=BallotType.SCORE, method=Method.SCORE, at_most=3, scale=10)
    for form, choices in (
        (DEFINITION, [(1,), (2,)]),
        (ranking, [Ranking(((1,),)), Ranking(((3,), (1, 2)))]),
        (marks, [Marks(((1, 10),)), Marks(((1, 10), (2, 10), (3, 10)))]),
    ):
        assert len({len(plain_ballot(form, choice, new_code())) for choice in choices}) == 1


def test_a_ballot_opens_as_it_was_sealed() -> None:
    code = new_code()
    assert opened(DEFINITION, plain_ballot(DEFINITION, (2,), code)) == Opened((2,), receipt_of(code))


@pytest.mark.parametrize("plain", [b"", b"{}", b'{"choice": "9", "receipt": ""}', b"\xff", b"[]", b'{"choice": 1}'])
def test_what_is_no_ballot_of_the_vote_is_none(plain: bytes) -> None:
    assert opened(DEFINITION, plain) is None


@given(st.permutations([(1,), (1,), (2,), (3,)]))
def test_the_sheet_says_nothing_of_the_order(ballots: list[tuple[int, ...]]) -> None:
    assert list(sheet_of([Opened(choice, "") for choice in ballots]).items()) == [("1", 2), ("2", 1), ("3", 1)]
