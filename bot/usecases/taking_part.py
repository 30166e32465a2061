"""Taking part in a debate or an opinion map: on the roll, the rules accepted, and then known by an alias."""

from __future__ import annotations

from datetime import datetime

from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import Consultation, State
from bot.domain.refusals import Refusal
from bot.ports import Person
from bot.store import Transaction
from bot.usecases import admission
from bot.usecases.house import House


class MustAcceptError(Exception):
    """The person has to accept the rules before this act: the front asks them, and does the act once they did."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


async def take_part(house: House, who: Person, number: int) -> int:
    """The person's alias in the open consultation, drawn now if this is their first contribution.

    Raises what `check_may_take_part` does.
    """
    alias = await check_may_take_part(house, who, number)
    if alias is not None:
        return alias
    if not await house.store.read(lambda tx: _on_the_roll(tx, who, number)):
        await admission.admit(house, who, number)
    now = house.clock.now()
    return await house.store.write(lambda tx: tx.debates.take_part(number, tx.account(who.account, who.name, now).id))


async def check_may_take_part(house: House, who: Person, number: int) -> int | None:
    """The person's alias in the open consultation, None if they may take part and did not yet. Changes nothing.

    Raises the Refusal that says why they may not (`no-such-consultation`, `not-open-yet`, `already-closed`,
    `cancelled`, and those of admission), MustAcceptError when they have not accepted the rules yet.
    """
    now = house.clock.now()
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    must_be_open(consultation, now)
    alias = await house.store.read(lambda tx: _alias(tx, who, number))
    if alias is None:
        await admission.check_may_vote(house, who, number)
        if not await house.store.read(lambda tx: _accepted(tx, who)):
            raise MustAcceptError(number)
    return alias


def must_be_open(consultation: Consultation, at: datetime | None = None) -> None:
    """Return if the consultation is open, and its time not over `at` this instant; raise the Refusal that says why it
    is not."""
    facts = {"number": str(consultation.number)}
    if consultation.state is State.CANCELLED:
        raise Refusal("cancelled", reason=consultation.cancelled_because, **facts)
    if consultation.state in {State.DRAFT, State.SCHEDULED, State.DISCLOSED}:
        raise Refusal("not-open-yet", opens_at=consultation.opens_at, **facts)
    closes_at = consultation.closes_at
    over = at is not None and closes_at is not None and at >= closes_at
    if consultation.state is not State.OPEN or over:
        closed_at = consultation.closed_at or closes_at
        assert closed_at is not None
        raise Refusal("already-closed", closed_at=closed_at, **facts)


def _alias(tx: Transaction, who: Person, number: int) -> int | None:
    account = tx.find_account(who.account)
    return tx.debates.alias_of(number, account.id) if account else None


def _on_the_roll(tx: Transaction, who: Person, number: int) -> bool:
    account = tx.find_account(who.account)
    return account is not None and tx.right_of(number, account.id) is not None


def _accepted(tx: Transaction, who: Person) -> bool:
    account = tx.find_account(who.account)
    return account is not None and tx.accepted(account.id, RULES_VERSION)
