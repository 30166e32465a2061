"""A provisional result becomes final: its time to be contested has passed, and every contestation was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.contests import contested, may_certify
from bot.domain.lifecycle import Event, after
from bot.store import Transaction
from bot.usecases.house import House
from bot.usecases.sequels import follow


@dataclass(frozen=True, slots=True)
class _Certified:
    """What was made final, with the number of what follows by itself."""

    follower: int | None


async def certify(house: House, number: int, now: datetime) -> None:
    """Make the result final if its time has come; what follows by itself is made in the same transaction."""

    def work(tx: Transaction) -> _Certified | None:
        consultation = tx.consultation(number, lock=True)
        if not may_certify(consultation, contested(tx.scrutiny.contests(number)).waiting, now):
            return None
        certified = replace(consultation, state=after(consultation.state, Event.CERTIFY, number))
        tx.save(certified)
        tx.touch(number)
        tx.record(now, "certified", {}, number)
        return _Certified(follow(tx, certified, now))

    done = await house.store.write(work)
    if done is not None and done.follower is not None:
        house.nudge(done.follower)
