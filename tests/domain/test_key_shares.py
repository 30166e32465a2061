"""The shares of a key: split so that one says nothing, written so that a slip is noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approvals import VALID, Paired, Word
from bot.domain.consultation import Secrecy
from bot.domain.key_holder import KeyHolder
from bot.domain.key_shares import (
    TIMES_ASKED,
    KeyShare,
    agreed,
    all_kept,
    asked_so_far,
    combined,
    digest_of,
    fitting,
    is_shared,
    needs_two_words,
    share_in,
    written,
)
from bot.domain.sealed import ALPHABET
from tests.domain.votes import definition

SECRETS = st.binary(min_size=32, max_size=32)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@given(SECRETS, SECRETS)
def test_both_shares_are_the_key_and_either_could_be_of_any(key: bytes, random: bytes) -> None:
    other = combined(key, random)
    assert combined(random, other) == combined(other, random) == key
    # The same first share goes with any other key: alone it says nothing.
    assert combined(random, combined(bytes(32), random)) == bytes(32)


@given(SECRETS, st.sampled_from([1, 2]))
def test_a_share_is_read_however_it_is_typed(secret: bytes, share: int) -> None:
    text = written(12, share, secret)
    assert len(text.split("-")) == 14
    spaced = text.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    for typed in (text, spaced, text.replace("-", ""), f"  {text}\n"):
        assert share_in(12, share, typed) == secret
    assert digest_of(secret) == digest_of(bytes(secret))


@given(SECRETS, st.integers(0, 55), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(secret: bytes, place: int, sign: str) -> None:
    signs = written(12, 1, secret).replace("-", "")
    changed = signs[:place] + sign + signs[place + 1 :]
    assert (share_in(12, 1, changed) is None) is (changed != signs)


@given(SECRETS)
def test_a_share_is_of_one_vote_and_one_place(secret: bytes) -> None:
    text = written(12, 1, secret)
    assert share_in(12, 2, text) is None
    assert share_in(13, 1, text) is None


@given(st.text(max_size=120))
def test_anything_else_is_no_share(typed: str) -> None:
    assert share_in(1, 1, typed) is None


def share(number: int, account: int | None, *, public: str = "ab", sent: bool = True, kept: bool = False) -> KeyShare:
    return KeyShare(1, number, public, "", account, sent, NOON if kept else None)


PEOPLE = [[1, 11], [2], [3]]


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        ([share(1, 1), share(2, 2)], True),
        ([share(1, 11), share(2, 3, kept=True)], True),
        ([share(1, None, sent=False), share(2, None, sent=False)], True),
        ([share(1, 1), share(2, 11)], False),  # two accounts of one person
        ([share(1, 1), share(2, 4)], False),  # no scrutineer, or not any more
        ([share(1, 1), share(2, None)], False),  # sent to somebody who was forgotten
        ([share(1, 1), share(2, 2, public="cd")], False),  # of another key
        ([share(1, 1)], False),
        ([], False),
    ],
)
def test_shares_fit_while_two_scrutineers_hold_them(held: list[KeyShare], fits: bool) -> None:
    assert fitting(held, "ab", PEOPLE) is fits


def test_it_may_open_once_both_confirmed() -> None:
    assert all_kept([share(1, 1, kept=True), share(2, 2, kept=True)])
    assert not all_kept([share(1, 1, kept=True), share(2, 2)])
    assert not all_kept([])


def word(person: int, at: datetime = NOON, terms: str = "same") -> Word:
    return Word(Paired.REVEAL, person, person, terms, at)


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ([word(1), word(2)], True),
        ([word(1), word(1)], False),
        ([word(1), word(2, terms="another closing")], False),
        ([word(1), word(2, NOON - VALID)], False),
        ([], False),
    ],
)
def test_two_people_agree_to_the_same_closing_within_a_day(words: list[Word], both: bool) -> None:
    assert agreed(words, "same", NOON) is both


def test_people_are_asked_each_day_for_a_week() -> None:
    day = timedelta(days=1)
    assert asked_so_far(NOON, NOON) == (1, NOON + day)
    assert asked_so_far(NOON, NOON + 2 * day) == (3, NOON + 3 * day)
    assert asked_so_far(NOON, NOON + 100 * day) == (TIMES_ASKED, None)


def test_who_holds_the_key_says_how_ballots_are_opened() -> None:
    shared = definition("A", "B", secrecy=Secrecy.UNLINKED, key=KeyHolder.SCRUTINEERS, approval=True)
    approved = definition("A", "B", secrecy=Secrecy.UNLINKED, approval=True)
    assert (is_shared(shared), needs_two_words(shared)) == (True, False)
    assert (is_shared(approved), needs_two_words(approved)) == (False, True)
    assert not needs_two_words(definition("A", "B", approval=True))
