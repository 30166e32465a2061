"""The vote that follows a debate: made and published by itself once the debate is closed, with its own disclosure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consultation import Consultation, Definition, Kind, Results, State
from bot.domain.dates import later
from bot.domain.debate.model import DebateRules
from bot.domain.receipts import Receipt
from bot.domain.roll_sources import RollSource
from bot.store import Transaction
from bot.usecases.house import House
from bot.usecases.publish import frozen

REMINDED = timedelta(hours=24)
"""How long before the closing of the vote its voters are reminded."""


async def follow_up(house: House, number: int, now: datetime) -> None:
    """Make the vote a closed debate announced, once: the debate's course keeps its number in the same transaction."""

    def work(tx: Transaction) -> int | None:
        debate = tx.consultation(number, lock=True)
        rules, course = debate.definition.debate, tx.debates.course(number, lock=True)
        assert rules is not None
        if course is None or course.follow_up is not None or debate.closed_at is None:
            return None
        if debate.state is State.CANCELLED or not rules.vote:
            return None
        vote = tx.add_consultation(_vote(tx, debate, rules, now))
        tx.joint.carry(number, vote.number)
        tx.debates.set_course(replace(course, follow_up=vote.number))
        tx.record(now, "followed-up", {"vote": vote.number}, number)
        tx.record(
            now, "scheduled", {"kind": Kind.VOTE.value, "opens_at": now.isoformat(), "after": number}, vote.number
        )
        tx.touch(number)
        return vote.number

    made = await house.store.write(work)
    if made is not None:
        house.nudge(made)


def _vote(tx: Transaction, debate: Consultation, rules: DebateRules, now: datetime) -> Consultation:
    organisation = tx.organisation(debate.organisation)
    closes_at = later(now, rules.vote_lasts, ZoneInfo(organisation.time_zone))
    return Consultation(
        number=0,
        organisation=debate.organisation,
        author=debate.author,
        state=State.SCHEDULED,
        definition=frozen(_definition(debate.definition, rules), organisation, closes_at, ""),
        # A room that had to be excused from the debate would hold up its vote in the same way.
        rooms=tuple(room for room in debate.rooms if room not in debate.excused),
        created_at=now,
        opens_at=now,
        lasts=rules.vote_lasts,
    )


def _definition(debate: Definition, rules: DebateRules) -> Definition:
    """The debate's question put to the vote: a single choice, counted at the closing, by those on the organisation's
    list where the debate was for them, else by the members of the rooms."""
    return Definition(
        kind=Kind.VOTE,
        title=debate.title,
        options=debate.options,
        purpose=debate.purpose,
        binding=debate.binding,
        language=debate.language,
        statutes=debate.statutes,
        results=Results.CLOSING,
        receipt=Receipt.INCLUSION,
        roll=RollSource.ROOM if debate.roll is RollSource.OPEN else debate.roll,
        group=debate.group,
        seniority=debate.seniority,
        reminders=(REMINDED,) if rules.vote_lasts > REMINDED else (),
    )
