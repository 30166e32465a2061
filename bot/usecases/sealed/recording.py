"""Recording an unlinked ballot: the right is used and the ballot sealed in one transaction, then the voter is told.

The ballot's name is a hash of the voter's right and code under the consultation's key.
The same act again finds the ballot there; a code is of no use to another account; and
whoever copies the database can't try codes.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.ballots import Choice
from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import Consultation
from bot.domain.refusals import Refusal
from bot.domain.sealed import plain_ballot
from bot.ports import BallotKey, Person
from bot.store import Transaction
from bot.usecases import admission
from bot.usecases.house import House, Visit
from bot.usecases.sealed import guesses
from bot.usecases.taking_part import must_be_open


class Fate(StrEnum):
    """What became of an unlinked ballot, as the catalogue calls it."""

    RECORDED = "sealed.recorded"
    CHANGED = "sealed.changed"
    ALREADY = "sealed.already"


def key_of(house: House, number: int) -> BallotKey:
    """The consultation's key. Raises Refusal `sealed-key-missing`."""
    key = house.keys.key(number)
    if key is None:
        raise Refusal("sealed-key-missing", number=str(number))
    return key


async def record(
    house: House, visit: Visit, consultation: Consultation, choice: Choice, code: str, *, replaces: bool
) -> Fate:
    """Seal the ballot under the code, in place of the one that is there if it `replaces` one.

    To confirm was to accept the rules. Raises Refusal `sealed-code-needed` for someone who voted and comes with a new
    code, `sealed-code-unknown`, `sealed-key-missing`, and those of `must_be_open` and admission.
    """
    number, key = consultation.number, key_of(house, consultation.number)
    await _have_right(house, visit, number)
    ballot = key.seal(plain_ballot(consultation.definition, choice, code))

    def work(tx: Transaction) -> Fate:
        must_be_open(tx.consultation(number, lock=True), visit.at)
        right = tx.right_of(number, visit.account.id)
        if right is None:
            raise Refusal("not-a-member", number=str(number))
        name = key.name(right, code)
        known = tx.sealed.has(number, name)
        if not tx.first_time(f"{visit.key}/sealed") or (known and not replaces):
            return Fate.ALREADY
        if replaces and not known:
            raise Refusal("sealed-code-unknown", number=str(number))
        if not known and tx.sealed.used(right):
            raise Refusal("sealed-code-needed", number=str(number))
        tx.sealed.put(number, name, ballot)
        tx.sealed.use(right, used=True)
        tx.set_accepted(visit.account.id, RULES_VERSION, True)
        tx.touch(number)
        return Fate.CHANGED if replaces else Fate.RECORDED

    fate = await guesses.counted(house, visit, house.store.write(work))
    house.nudge(number)
    return fate


async def withdraw(house: House, visit: Visit, consultation: Consultation, code: str) -> None:
    """Take back the ballot under the code: its voter has not voted. Raises what `record` does."""
    number, key = consultation.number, key_of(house, consultation.number)

    def work(tx: Transaction) -> None:
        must_be_open(tx.consultation(number, lock=True), visit.at)
        if not tx.first_time(f"{visit.key}/sealed"):
            return
        right = tx.right_of(number, visit.account.id)
        name = "" if right is None else key.name(right, code)
        if right is None or not tx.sealed.has(number, name):
            raise Refusal("sealed-code-unknown", number=str(number))
        tx.sealed.drop(number, name)
        tx.sealed.use(right, used=False)
        tx.touch(number)

    await guesses.counted(house, visit, house.store.write(work))
    house.nudge(number)


async def stands_under(house: House, visit: Visit, number: int, code: str) -> bool:
    """Whether the person's ballot under this code is there, in an open consultation."""
    key = house.keys.key(number)

    def query(tx: Transaction) -> bool:
        right = tx.right_of(number, visit.account.id)
        return key is not None and right is not None and tx.sealed.has(number, key.name(right, code))

    return await house.store.read(query)


async def _have_right(house: House, visit: Visit, number: int) -> None:
    if await house.store.read(lambda tx: tx.right_of(number, visit.account.id)) is None:
        await admission.admit(house, Person(visit.account.ref, visit.account.name), number)
