"""The outage rule: when the bot was away from a platform for more than two minutes, closings move by as much, once, and
so does the end of the time in which a result can be contested.

The heartbeat in the database says when the bot last served each platform. At a
start the rule is applied before any update is read, so nobody is refused for
voting late because we were not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.consultation import Consultation, State
from bot.domain.contests import final_at, provisional
from bot.store import Transaction
from bot.usecases.house import House

TOLERANCE = timedelta(minutes=2)
"""An absence up to this long changes nothing."""
BEAT = timedelta(seconds=20)
"""How often the heartbeat is written."""


async def came_back(house: House, platforms: Iterable[str], now: datetime) -> None:
    """Move the closings of what was open on platforms we were away from, then beat; one absence is applied once."""
    platforms = tuple(platforms)

    def work(tx: Transaction) -> list[int]:
        gaps = {platform: gap for platform in platforms if (gap := _gap(tx, platform, now)) > TOLERANCE}
        moved = [one.number for one in _under_way(tx) if _move(tx, one, gaps, now)] if gaps else []
        for platform in platforms:
            tx.beat(platform, now)
        return moved

    for number in await house.store.write(work):
        house.memory.forget(number)
        house.nudge(number)


def _gap(tx: Transaction, platform: str, now: datetime) -> timedelta:
    last = tx.last_beat(platform)
    return now - last if last is not None else timedelta()


def _under_way(tx: Transaction) -> list[Consultation]:
    return list(tx.consultations(states=[State.OPEN, State.CLOSED], limit=1_000_000))


def _move(tx: Transaction, consultation: Consultation, gaps: dict[str, timedelta], now: datetime) -> bool:
    rooms = [tx.room_by_id(room) for room in consultation.rooms]
    gap = max((gaps.get(room.ref.platform, timedelta()) for room in rooms), default=timedelta())
    if provisional(consultation):
        return _move_contesting(tx, consultation, gap, now)
    return _extend(tx, consultation, gap, now)


def _move_contesting(tx: Transaction, consultation: Consultation, gap: timedelta, now: datetime) -> bool:
    """Give back to those who would contest the time in which the bot could not be written to."""
    until, closed_at = final_at(consultation), consultation.closed_at
    if not gap or until is None or closed_at is None or until <= now - gap:
        return False
    lost = timedelta(seconds=int(min(gap, now - closed_at).total_seconds()))
    moved = replace(consultation, contest_moves=(*consultation.contest_moves, lost))
    facts = {"until": (until + lost).isoformat(), "seconds": int(lost.total_seconds())}
    tx.record(now, "contest-moved", facts, consultation.number)
    tx.save(moved)
    tx.touch(consultation.number)
    return True


def _extend(tx: Transaction, consultation: Consultation, gap: timedelta, now: datetime) -> bool:
    closes_at = consultation.closes_at
    course = tx.debates.course(consultation.number)
    # The time of a paused debate stands still already, with us or without us.
    paused = course is not None and course.paused_at is not None
    if not gap or closes_at is None or closes_at <= now - gap or paused:
        return False
    if course is not None and course.until is not None:
        tx.debates.set_course(replace(course, until=course.until + gap))
    later = closes_at + gap
    extended = replace(consultation, closes_at=later, extensions=consultation.extensions + 1)
    facts = {"cause": "outage", "closes_at": later.isoformat(), "seconds": int(gap.total_seconds())}
    tx.record(now, "extended", facts, consultation.number)
    tx.save(extended)
    tx.touch(consultation.number)
    return True
