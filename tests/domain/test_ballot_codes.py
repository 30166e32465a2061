"""Codes worked out from a secret, what is published of them, and who has one at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ballot_codes import code_from, gives_codes, new_secret, receipts, receipts_digest, receipts_of
from bot.domain.canonical import digest
from bot.domain.consultation import BallotType, Definition, Kind, Secrecy
from bot.domain.receipt_wishes import with_receipts
from bot.domain.receipts import Receipt
from bot.domain.refusals import Refusal
from bot.domain.sealed import ALPHABET, LENGTH, code_in, grouped, receipt_of
from bot.domain.wishes import Wishes
from tests.disclosures import poll, vote

SECRET = bytes(range(32))
BALLOTS = [(7, (1,)), (3, (2,)), (12, (1,))]


def test_a_code_is_the_first_sixty_bits_of_the_hmac_of_the_right() -> None:
    # What `openssl dgst -sha256 -mac HMAC` says of the text "42" under this key begins with these fifteen digits.
    code = code_from(SECRET, 42)
    assert len(code) == LENGTH
    assert sum(ALPHABET.index(sign) << 5 * place for place, sign in enumerate(reversed(code))) == 0x7DF989924B2EBF8
    assert code_in(grouped(code)) == code


def test_codes_stay_and_differ_by_right_and_by_secret() -> None:
    codes = {code_from(SECRET, right) for right in range(1, 5_000)}
    assert len(codes) == 4_999
    assert code_from(SECRET, 42) == code_from(SECRET, 42)
    assert code_from(new_secret(), 42) not in codes


@pytest.mark.parametrize(
    ("receipt", "said"), [(Receipt.INCLUSION, ["", "", ""]), (Receipt.CHOICE, ["1", "1", "2"]), (Receipt.NONE, [])]
)
def test_what_is_published_is_in_the_order_of_hashes(receipt: Receipt, said: list[str]) -> None:
    published = receipts_of(vote(receipt=receipt), SECRET, BALLOTS)
    assert list(published) == sorted(published)
    assert sorted(ballot for _, ballot in published) == said
    of = {receipt_of(code_from(SECRET, right)): choice for right, choice in BALLOTS}
    assert all(of[line] == (int(ballot),) for line, ballot in published if ballot)
    assert receipts_of(vote(receipt=receipt), SECRET, reversed(BALLOTS)) == published


def test_the_digest_is_that_of_the_lines_in_their_order() -> None:
    published = receipts(Receipt.CHOICE, [("b", (2,)), ("a", (1,))])
    assert receipts_digest(published) == digest([["a", "1"], ["b", "2"]])
    assert receipts_digest(published) != receipts_digest(receipts(Receipt.INCLUSION, [("b", (2,)), ("a", (1,))]))


@pytest.mark.parametrize("secrecy", Secrecy)
@pytest.mark.parametrize("receipt", Receipt)
def test_only_confidential_ballots_have_such_a_code(secrecy: Secrecy, receipt: Receipt) -> None:
    expected = secrecy is Secrecy.CONFIDENTIAL and receipt is not Receipt.NONE
    assert gives_codes(vote(secrecy=secrecy, receipt=receipt)) is expected


def wished(definition: Definition, **keys: str) -> Receipt:
    return with_receipts(definition, Wishes(keys, "fr")).receipt


def test_a_vote_gives_codes_unless_told_otherwise_and_a_poll_when_told() -> None:
    for secrecy in (Secrecy.CONFIDENTIAL, Secrecy.UNLINKED):
        assert wished(vote(secrecy=secrecy)) is Receipt.INCLUSION
        assert wished(poll(secrecy=secrecy)) is Receipt.NONE
        for said, receipt in (("présence", "inclusion"), ("choix", "choice"), ("aucun", "none")):
            assert wished(vote(secrecy=secrecy), receipt=said) == receipt
            assert wished(poll(secrecy=secrecy), receipt=said) == receipt
    assert wished(replace(poll(), kind=Kind.BUDGET)) is Receipt.NONE
    assert wished(vote(ballot=BallotType.SIGNATURE)) is Receipt.NONE


def test_public_votes_have_no_codes() -> None:
    public = vote(secrecy=Secrecy.PUBLIC)
    assert wished(public) is Receipt.NONE
    assert wished(public, receipt="aucun") is Receipt.NONE
    with pytest.raises(Refusal) as refused:
        wished(public, receipt="présence")
    assert refused.value.code == "receipt-public"
