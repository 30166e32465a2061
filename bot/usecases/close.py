"""Closing: no ballot counts any more, the links are erased, the totals enter the journal, the result can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.ballots import to_text
from bot.domain.consultation import Consultation, Secrecy, State
from bot.domain.lifecycle import Event, after
from bot.domain.results import Result, Verdict, conclude
from bot.store import Transaction
from bot.usecases.house import House
from bot.usecases.scrub import scrub


async def close(house: House, number: int, now: datetime, *, early: bool = False) -> None:
    """Close the consultation if it is open and its time has come (or an organiser closes it early)."""

    def work(tx: Transaction) -> bool:
        consultation = tx.consultation(number, lock=True)
        assert consultation.state is not State.OPEN or consultation.closes_at is not None
        if consultation.state is not State.OPEN or not (early or now >= (consultation.closes_at or now)):
            return False
        _close(tx, consultation, now, early)
        return consultation.definition.secrecy is not Secrecy.PUBLIC

    if await house.store.write(work):
        # After the commit, so that the erased links also leave the files the database wrote them to.
        await scrub(house)


def _close(tx: Transaction, consultation: Consultation, now: datetime, early: bool) -> None:
    number = consultation.number
    tally = tx.tally(number)
    tx.seal_ballots(number, keep_links=consultation.definition.secrecy is Secrecy.PUBLIC)
    state = after(after(consultation.state, Event.CLOSE, number), Event.CERTIFY, number)
    closed_at = now if early or consultation.closes_at is None else consultation.closes_at
    closed = replace(consultation, state=state, closed_at=closed_at)
    tx.save(closed)
    tx.touch(number)
    facts = {
        "early": early,
        "ballots": {to_text(choice): count for choice, count in sorted(tally.items())},
        "voters": tx.turnout(number).voters,
        "roll": consultation.roll_size or 0,
        "seed": consultation.seed,
    }
    tx.record(now, "closed", facts, number)


async def erase(house: House, number: int, now: datetime) -> None:
    """Erase what is kept of the voters on the day the disclosure promised; the journal keeps how many there were."""

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.erase_at is None or now < consultation.erase_at:
            return
        tx.save(replace(consultation, erase_at=None))
        tx.record(now, "erased", {"rights": tx.erase_voters(number)}, number)

    await house.store.write(work)
    await scrub(house)


def awaits_tie_decision(consultation: Consultation, result: Result) -> bool:
    """Whether an organiser has to decide between options left level."""
    return consultation.state is State.CERTIFIED and result.verdict is Verdict.TIED


def result_of(tx: Transaction, number: int) -> Result:
    """The result as the ballots give it, worked out anew."""
    return conclude(tx.consultation(number), tx.tally(number))
