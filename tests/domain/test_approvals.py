"""Acts that need two: two persons, the very same terms, within a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.approvals import VALID, Paired, Word, proposed, seconded

NOW = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)


def word(person: int, terms: str = "too early", act: Paired = Paired.CANCEL, ago: timedelta = timedelta()) -> Word:
    return Word(act, person, 100 + person, terms, NOW - ago)


@pytest.mark.parametrize(
    ("words", "agreed"),
    [
        ([], False),
        ([word(1)], False),
        ([word(2)], True),
        ([word(1), word(2)], True),
        ([word(2, "too late")], False),
        ([word(2, act=Paired.CLOSE)], False),
        ([word(2, ago=VALID - timedelta(seconds=1))], True),
        ([word(2, ago=VALID)], False),
        ([word(2, ago=timedelta(seconds=-1))], False),
    ],
)
def test_two_agree(words: list[Word], agreed: bool) -> None:
    assert seconded(words, Paired.CANCEL, "too early", person=1, now=NOW) is agreed


def test_two_accounts_of_one_person_are_one_person() -> None:
    linked = Word(Paired.CLOSE, 1, 999, "", NOW)
    assert not seconded([linked], Paired.CLOSE, "", person=1, now=NOW)


def test_a_button_agrees_to_the_terms_it_was_shown_with_and_no_others() -> None:
    shown, changed = word(2, "a mistake", ago=timedelta(hours=1)), word(3, "another reason")
    assert proposed([shown, changed], Paired.CANCEL, 1, NOW, shown.fingerprint) == shown
    assert proposed([changed], Paired.CANCEL, 1, NOW, shown.fingerprint) is None
    assert proposed([shown, changed], Paired.CANCEL, 1, NOW) == changed
    assert proposed([word(1)], Paired.CANCEL, 1, NOW) is None
