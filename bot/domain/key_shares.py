"""The two shares of a key that opens unlinked ballots: how it is split, and how a share is written down.

One share is random, the other is the key combined with it, bit by bit (exclusive or):
either alone says nothing at all of the key, both together are the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.approvals import Paired, Word, standing
from bot.domain.consultation import Consultation, Definition, Secrecy
from bot.domain.key_holder import KeyHolder
from bot.domain.refusals import Refusal
from bot.domain.sealed import ALPHABET, signs_in
from bot.domain.wishes import Wishes

NUMBERS = (1, 2)
"""The shares' numbers."""

SIZE = 32
"""Bytes of a share, as many as the key has."""

ASKED_AGAIN = timedelta(days=1)
"""How long after the voting ended, and then after each time, those who can open the ballots are asked once more."""

TIMES_ASKED = 8
"""How many times they are asked at most, the first time included."""

_CHECK = 3
_GROUP = 4
_SIGN_BITS = 5
_LENGTH = (SIZE + _CHECK) * 8 // _SIGN_BITS


@dataclass(frozen=True, slots=True)
class KeyShare:
    """What is kept of a share, which is never the share. `account` holds it (None: nobody yet, or somebody forgotten);
    `public` is the key it belongs to, `digest` what it must hash to; `sent` and `kept_at`: that it was delivered, and
    when its holder confirmed having it."""

    number: int
    share: int
    public: str
    digest: str
    account: int | None = None
    sent: bool = False
    kept_at: datetime | None = None


def with_key(definition: Definition, wishes: Wishes) -> Definition:
    """The definition with who holds the key of its ballots. Raises Refusal `key-needs-unlinked`."""
    holder = KeyHolder(wishes.listed("key") or KeyHolder.SERVER)
    if "key" in wishes.keys and definition.secrecy is not Secrecy.UNLINKED:
        raise Refusal("key-needs-unlinked", said=wishes.said("key"))
    return replace(definition, key=holder)


def is_shared(definition: Definition) -> bool:
    """Whether two scrutineers hold the key, and the server doesn't."""
    return definition.secrecy is Secrecy.UNLINKED and definition.key is KeyHolder.SCRUTINEERS


def needs_two_words(definition: Definition) -> bool:
    """Whether the server holds the key and may use it only once two people said so."""
    return definition.secrecy is Secrecy.UNLINKED and definition.approval and not is_shared(definition)


def combined(one: bytes, other: bytes) -> bytes:
    """The exclusive or of both: of the key and one share the other share, of both shares the key."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def digest_of(share: bytes) -> str:
    """What a share that is typed later must hash to; of 256 random bits it tells nothing."""
    return hashlib.sha256(b"palabre-share:" + share).hexdigest()


def written(number: int, share: int, secret: bytes) -> str:
    """The share as it is handed over: fourteen groups of four signs, the last of which check the others."""
    value = int.from_bytes(secret + _check(number, share, secret), "big")
    places = range(_SIGN_BITS * (_LENGTH - 1), -1, -_SIGN_BITS)
    signs = "".join(ALPHABET[value >> place & 31] for place in places)
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def share_in(number: int, share: int, text: str) -> bytes | None:
    """The share that someone typed or pasted, however it is grouped; None if it isn't this one of this consultation, or
    a sign is wrong."""
    signs = signs_in(text)
    if signs is None or len(signs) != _LENGTH:
        return None
    value = 0
    for sign in signs:
        value = value << _SIGN_BITS | ALPHABET.index(sign)
    whole = value.to_bytes(SIZE + _CHECK, "big")
    secret, check = whole[:SIZE], whole[SIZE:]
    return secret if check == _check(number, share, secret) else None


def _check(number: int, share: int, secret: bytes) -> bytes:
    return hashlib.sha256(f"palabre-share-check:{number}:{share}:".encode() + secret).digest()[:_CHECK]


def fitting(shares: Iterable[KeyShare], public: str, people: Iterable[Sequence[int]]) -> bool:
    """Whether these shares are of this key, and each that was handed over is held by a scrutineer of today, two
    different people. `people`: the accounts of each scrutineer."""
    found = list(shares)
    if len(found) != len(NUMBERS) or any(share.public != public for share in found):
        return False
    accounts = [set(each) for each in people]
    holders = [_person(share.account, accounts) for share in found if share.account is not None or share.sent]
    return None not in holders and len(holders) == len(set(holders))


def _person(account: int | None, people: Sequence[set[int]]) -> int | None:
    return next((place for place, accounts in enumerate(people) if account in accounts), None)


def all_kept(shares: Iterable[KeyShare]) -> bool:
    """Whether both were confirmed by their holders."""
    found = list(shares)
    return len(found) == len(NUMBERS) and all(share.kept_at is not None for share in found)


def voting_is_over(consultation: Consultation, now: datetime) -> bool:
    """Whether its closing time has come, while it waits for its ballots to be opened."""
    return consultation.takes_ballots and consultation.closes_at is not None and now >= consultation.closes_at


def agreed(words: Iterable[Word], terms: str, now: datetime) -> bool:
    """Whether two people said that the ballots may be opened."""
    given = [word for word in standing(words, Paired.REVEAL, now) if word.terms == terms]
    return len({word.person for word in given}) > 1


def asked_so_far(closes_at: datetime, now: datetime) -> tuple[int, datetime | None]:
    """How many times they should have been asked by now, and when once more; None: never again."""
    times = min(int((now - closes_at) / ASKED_AGAIN) + 1, TIMES_ASKED)
    return times, closes_at + times * ASKED_AGAIN if times < TIMES_ASKED else None
