"""The course of a debate as time and moderators change it: from phase to phase, a digest now and then, the end.

Each change is one transaction: the course, what the new phase needs, and the journal.
Repeating one changes nothing, so a crash anywhere costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.agenda import OUTDATED, RESULT
from bot.domain.consultation import Consultation, State
from bot.domain.debate.agenda import digest_due, digest_role
from bot.domain.debate.model import ArgumentState, Course, DebateRules, Deed, Phase
from bot.domain.debate.moderation import OTHER
from bot.domain.debate.phases import ALLOWED, next_courses, phase_of
from bot.store import Transaction
from bot.text.catalogue import Speech
from bot.usecases.debate.cards import DIGESTED, untold
from bot.usecases.debate.concluding import draft
from bot.usecases.house import House


async def move_on(house: House, number: int, now: datetime) -> None:
    """Go on to the phase in which the dates say the debate is, if the one it is in has ended."""

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.state is not State.OPEN:
            return
        old = _course(tx, number)
        new = next_courses(_rules(consultation), old, now, _closing(consultation))
        if new.moves != old.moves:
            enter(house, tx, consultation, old, new, now, by="clock")

    await house.store.write(work)


def enter(  # noqa: PLR0913 - the debate as it was and is, when, and who changed it
    house: House, tx: Transaction, consultation: Consultation, old: Course, new: Course, now: datetime, *, by: str
) -> None:
    """Put the debate where it now stands: whoever had the floor leaves it where nobody may speak, the conclusion is
    drafted as its phase begins, and the journal says who changed what."""
    number, entered = consultation.number, phase_of(_rules(consultation), new)
    tx.debates.set_course(new)
    if new.paused_at is not None or Deed.SPEAK not in ALLOWED[entered]:
        tx.debates.end_speech(number, now)
    if entered is Phase.CONCLUSION and new.stage != old.stage:
        draft(tx, consultation, voice_of(house, tx, consultation), now)
    facts = {"phase": entered.value, "by": by, "paused": new.paused_at is not None}
    until = {"until": new.until.isoformat()} if new.until else {}
    tx.record(now, "phase", {**facts, **until, "closes_at": _closing(consultation).isoformat()}, number)
    tx.touch(number)


def _course(tx: Transaction, number: int) -> Course:
    course = tx.debates.course(number, lock=True)
    assert course is not None
    return course


def _rules(consultation: Consultation) -> DebateRules:
    assert consultation.definition.debate is not None
    return consultation.definition.debate


def _closing(consultation: Consultation) -> datetime:
    assert consultation.closes_at is not None
    return consultation.closes_at


def voice_of(house: House, tx: Transaction, consultation: Consultation) -> Speech:
    """The voice in which what is kept of a consultation is written: its own language, its association's zone."""
    platform = tx.room_by_id(consultation.rooms[0]).ref.platform
    known = platform if platform in house.messengers else next(iter(house.messengers))
    zone = tx.organisation(consultation.organisation).time_zone
    return house.speech(consultation.definition.language, zone, known)


async def digest(house: House, number: int, now: datetime) -> None:
    """Choose what the next digest tells, once an hour at most: everything published that none has told yet."""

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.state is not State.OPEN:
            return
        course = _course(tx, number)
        due, told = digest_due(_rules(consultation), course), [argument.number for argument in untold(tx, number)]
        if due is None or now < due or not told:
            return
        count = course.digests + 1
        tx.debates.set_course(replace(course, digests=count, digested_at=now))
        tx.record(now, DIGESTED, {"digest": count, "arguments": told}, number)

    await house.store.write(work)


def restate(house: House, tx: Transaction, number: int, argument: int, now: datetime) -> None:
    """See that everything of ours which quotes a contribution comes to say what stands now: the digests that told it,
    the conclusion unless somebody wrote it, and the result."""
    digests = [entry.facts for entry in tx.journal(number) if entry.kind == DIGESTED]
    quoting = {RESULT, *(digest_role(facts["digest"]) for facts in digests if argument in facts["arguments"])}
    if tx.debates.conclusion(number) is not None:
        consultation = tx.consultation(number)
        draft(tx, consultation, voice_of(house, tx, consultation), now)
    for post in tx.posts(number):
        if post.role in quoting:
            tx.post_rendered(post.id, OUTDATED)


def cut_off(house: House, tx: Transaction, consultation: Consultation, now: datetime) -> None:
    """End what a closing or a cancellation cuts off: the turn on the floor, and what no moderator looked at in time."""
    number = consultation.number
    tx.debates.end_speech(number, now)
    unread = voice_of(house, tx, consultation).say("debate.not-read-in-time")
    for argument in tx.debates.arguments(number, states=[ArgumentState.PENDING]):
        tx.debates.settle_argument(number, argument.number, ArgumentState.REFUSED, OTHER, unread)


def conclude_debate(house: House, tx: Transaction, consultation: Consultation, now: datetime) -> None:
    """Close a debate: what is cut off ends, and a conclusion stands, drafted by rule if there was no phase for it."""
    cut_off(house, tx, consultation, now)
    draft(tx, consultation, voice_of(house, tx, consultation), now)
