"""What organisers may still do once a consultation is published: open now, extend, close early, cancel, excuse a room,
remind, decide a tie, answer. Each is announced in every room and written in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.agenda import REMINDER
from bot.domain.approvals import Paired
from bot.domain.authority import Act, authorise, may
from bot.domain.consultation import Consultation, Secrecy, State
from bot.domain.dates import At, moment
from bot.domain.key_shares import voting_is_over
from bot.domain.lifecycle import Event, after
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text
from bot.ports import Delivered
from bot.store import Room, Transaction
from bot.usecases.announce import card_for
from bot.usecases.approvals import proposed_terms, seconds, waits_for_second
from bot.usecases.close import awaits_tie_decision, close, forget_everyone, result_of
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit
from bot.usecases.linking import admins_of
from bot.usecases.parts import partners_of
from bot.usecases.publish import publish
from bot.usecases.scrub import scrub
from bot.usecases.tell import answer, sentence

Change = Callable[[Transaction, Consultation], Consultation]


async def authorised(house: House, visit: Visit, number: int, act: Act = Act.STEER) -> Setting:
    """The consultation with its rooms, once the person is known to organise it. Raises the Refusal of `authority`."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    standing = await standing_of(house, visit.account, setting.organisation, setting.rooms, setting.consultation)
    authorise(act, standing)
    return setting


async def _authorised_for(house: House, visit: Visit, number: int, act: Paired, words: str = "") -> Setting:
    """The consultation, for whoever organises it, or looks after it and agrees to what somebody else proposed."""
    seconding = await seconds(house, visit, number, act, words)
    return await authorised(house, visit, number, Act.OVERSEE if seconding else Act.STEER)


async def moderates(house: House, visit: Visit, number: int) -> bool:
    """Whether the person moderates the consultation, as far as the platforms say."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    standing = await standing_of(house, visit.account, setting.organisation, setting.rooms, setting.consultation)
    return may(Act.MODERATE, standing) is True


async def _apply(house: House, visit: Visit, number: int, change: Change) -> Consultation | None:
    """Change the consultation once for this message; None when it was handled before."""

    def work(tx: Transaction) -> Consultation | None:
        consultation = tx.consultation(number, lock=True)
        if not tx.first_time(f"{visit.key}/steer"):
            return None
        changed = change(tx, consultation)
        tx.save(changed)
        tx.touch(number)
        return changed

    changed = await house.store.write(work)
    house.memory.forget(number)
    house.nudge(number)
    return changed


async def open_now(house: House, visit: Visit, number: int) -> None:
    """Bring the opening forward to now, or publish a draft; the disclosure still comes first."""
    setting = await _authorised_for(house, visit, number, Paired.OPEN)
    if setting.consultation.state is State.DRAFT:
        await publish(house, visit, number)
        return
    _must_wait_to_open(setting.consultation)
    if not await waits_for_second(house, visit, setting, Paired.OPEN):
        await carry_out_opening(house, visit, setting)


def _must_wait_to_open(consultation: Consultation) -> None:
    if consultation.state not in {State.SCHEDULED, State.DISCLOSED}:
        raise Refusal("not-waiting-to-open", number=str(consultation.number))


async def carry_out_opening(house: House, visit: Visit, setting: Setting, _: str = "") -> None:
    """Bring the opening forward, once whoever must agree does."""
    number, now = setting.consultation.number, house.clock.now()

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        _must_wait_to_open(consultation)
        tx.record(now, "brought-forward", {"from": consultation.opens_at.isoformat()}, number)
        return replace(consultation, opens_at=min(now, consultation.opens_at))

    if await _apply(house, visit, number, change):
        await answer(house, visit, sentence(visit.speech, "steer.opening", number=str(number)))


async def extend(house: House, visit: Visit, number: int, text: str) -> None:
    """Move the closing of an open consultation later: to a date, or by a duration."""
    setting = await authorised(house, visit, number)
    after(setting.consultation.state, Event.EXTEND, number)
    closes_at = setting.consultation.closes_at
    assert closes_at is not None
    if not text.strip():
        raise Refusal("extend-until-when", number=str(number))
    found = moment(text, now=visit.at, zone=ZoneInfo(setting.organisation.time_zone), language=visit.speech.language)
    later = found.at if isinstance(found, At) else closes_at + found.lasting
    if later <= closes_at:
        raise Refusal("extend-must-be-later", closes_at=closes_at)
    if await _extend(house, visit, number, later):
        await answer(house, visit, sentence(visit.speech, "steer.extended", number=str(number), closes_at=later))


async def _extend(house: House, visit: Visit, number: int, later: datetime) -> Consultation | None:
    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        state = after(consultation.state, Event.EXTEND, number)
        if consultation.definition.secrecy is Secrecy.UNLINKED and voting_is_over(consultation, visit.at):
            raise Refusal("voting-is-over", number=str(number))
        # Another organiser, or an outage, may have moved it further since it was read.
        if consultation.closes_at is not None and later <= consultation.closes_at:
            raise Refusal("extend-must-be-later", closes_at=consultation.closes_at)
        facts = {"cause": "organiser", "closes_at": later.isoformat()}
        tx.record(visit.at, "extended", facts, number)
        return replace(consultation, state=state, closes_at=later, extensions=consultation.extensions + 1)

    return await _apply(house, visit, number, change)


async def close_early(house: House, visit: Visit, number: int) -> None:
    """Close before the announced time. The command names the consultation, so nothing more is asked."""
    setting = await _authorised_for(house, visit, number, Paired.CLOSE)
    after(setting.consultation.state, Event.CLOSE, number)
    if not await waits_for_second(house, visit, setting, Paired.CLOSE):
        await carry_out_closing(house, visit, setting)


async def carry_out_closing(house: House, visit: Visit, setting: Setting, _: str = "") -> None:
    """Close it now, once whoever must agree does."""
    number = setting.consultation.number
    after(setting.consultation.state, Event.CLOSE, number)
    await close(house, number, house.clock.now(), early=True)
    house.memory.forget(number)
    house.nudge(number)
    waits = await house.store.read(lambda tx: tx.consultation(number).takes_ballots)
    told = "steer.voting-over" if waits else "steer.closed"
    await answer(house, visit, sentence(visit.speech, told, number=str(number)))


async def carry_out_revealing(house: House, visit: Visit, setting: Setting, _: str = "") -> None:
    """Let the sealed ballots be opened, once two people said so: the closing finds their words."""
    number = setting.consultation.number
    house.nudge(number)
    await answer(house, visit, sentence(visit.speech, "reveal.agreed", number=str(number)))


async def cancel(house: House, visit: Visit, number: int, reason: str) -> None:
    """Cancel before the closing, with a reason that everyone reads; a draft is simply dropped."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    if setting.consultation.state is State.DRAFT:
        await drop(house, visit, number)
        return
    # Whoever only names it agrees to what somebody else proposed.
    words = clean_text(reason) if reason.strip() else await proposed_terms(house, visit, number, Paired.CANCEL)
    await _authorised_for(house, visit, number, Paired.CANCEL, words)
    after(setting.consultation.state, Event.CANCEL, number)
    if not words:
        raise Refusal("cancel-needs-a-reason", number=str(number))
    if not await waits_for_second(house, visit, setting, Paired.CANCEL, words):
        await carry_out_cancelling(house, visit, setting, words)


async def carry_out_cancelling(house: House, visit: Visit, setting: Setting, words: str) -> None:
    """Cancel it for this reason, once whoever must agree does."""
    number, now = setting.consultation.number, house.clock.now()

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        state = after(consultation.state, Event.CANCEL, number)
        tx.record(now, "cancelled", {"reason": words, "from": consultation.state.value}, number)
        # No result will be told, so nothing is kept of who chose what: not even for a public vote.
        forget_everyone(house, tx, consultation, now)
        return replace(consultation, state=state, cancelled_because=words, closed_at=now)

    if await _apply(house, visit, number, change):
        await scrub(house)
        await answer(house, visit, sentence(visit.speech, "steer.cancelled", number=str(number)))


async def drop(house: House, visit: Visit, number: int) -> None:
    """Give up a draft; associations that had agreed to hold it too are owed it."""
    setting = await authorised(house, visit, number, Act.DROP_DRAFT)
    if setting.consultation.state is not State.DRAFT:
        raise Refusal("already-published", number=str(number))

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        tx.set_dialogue(visit.account.id, None)
        for partner in partners_of(tx, number):
            for admin in admins_of(tx, partner):
                tx.owe(admin.id, "draft-dropped", {"number": number}, f"{visit.key}/dropped/{admin.id}", visit.at)
        return replace(consultation, state=after(consultation.state, Event.CANCEL, number), closed_at=visit.at)

    if await _apply(house, visit, number, change):
        house.memory.owes_notices = True
        await answer(house, visit, sentence(visit.speech, "steer.dropped", number=str(number)))


async def excuse(house: House, visit: Visit, number: int, address: str) -> None:
    """Let a consultation open without a room that can't be told; the journal says so."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    room = next((room for room in setting.rooms if _is(room.title, room.ref.id, room.id, address)), None)
    await _may_excuse(house, visit, setting, room)
    if room is None:
        titles = tuple(room.title or room.ref.id for room in setting.rooms)
        raise Refusal("excuse-which-room", number=str(number), rooms=titles)
    if setting.consultation.state not in {State.SCHEDULED, State.DISCLOSED}:
        raise Refusal("not-waiting-to-open", number=str(number))
    if len(setting.rooms) - len(setting.consultation.excused) < 2:
        raise Refusal("excuse-last-room", number=str(number))

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        tx.record(house.clock.now(), "excused", {"room": room.title or str(room.ref)}, number)
        return replace(consultation, excused=tuple(sorted({*consultation.excused, room.id})))

    if await _apply(house, visit, number, change):
        name = room.title or room.ref.id
        await answer(house, visit, sentence(visit.speech, "steer.excused", number=str(number), room=name))


async def _may_excuse(house: House, visit: Visit, setting: Setting, room: Room | None) -> None:
    """Return if the person may let it open without the room: where several organisations hold it, each decides about
    its own. Raises the Refusal of `authority`."""
    number = setting.consultation.number
    partners = await house.store.read(lambda tx: partners_of(tx, number))
    if room is None or room.organisation not in partners:
        await authorised(house, visit, number)
        return
    own = await house.store.read(lambda tx: tx.organisation(room.organisation))
    rooms = [each for each in setting.rooms if each.organisation == own.id]
    authorise(Act.STEER, await standing_of(house, visit.account, own, rooms))


def _is(title: str, address: str, number: int, typed: str) -> bool:
    wanted = typed.strip().removeprefix("#").casefold()
    return wanted in {title.casefold(), address.casefold(), str(number)}


async def remind(house: House, visit: Visit, number: int) -> None:
    """Post the reminder now, in every room, the same for everyone."""
    setting = await authorised(house, visit, number)
    if setting.consultation.state is not State.OPEN:
        raise Refusal("not-open", number=str(number))
    if not await house.store.write(lambda tx: tx.first_time(f"{visit.key}/remind")):
        return
    for room in setting.rooms:
        if room.id not in setting.consultation.excused:
            await _remind_in(house, visit, setting.consultation, room)


async def _remind_in(house: House, visit: Visit, consultation: Consultation, room: Room) -> None:
    """Post one reminder, written down as ours so that it can be replied to."""
    number, version = consultation.number, consultation.version
    role = f"{REMINDER}{hashlib.sha256(visit.key.encode()).hexdigest()[:16]}"
    post = await house.store.write(lambda tx: tx.claim_post(number, version, room.id, role))
    shown, card = await card_for(house, number, room, role)
    outcome = await house.messenger(room.ref.platform).post(room.ref, card, f"post-{post.id}")
    if isinstance(outcome, Delivered):
        await house.store.write(lambda tx: tx.post_sent(post.id, outcome.post, shown))


async def respond(house: House, visit: Visit, number: int, text: str) -> None:
    """`/answer`: publish what the organisers do, or did, with the result."""
    setting = await authorised(house, visit, number)
    after(setting.consultation.state, Event.ANSWER, number)
    if not text.strip():
        raise Refusal("answer-needs-a-text", number=str(number))
    words = clean_text(text, 1500)

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        tx.record(visit.at, "answered", {"text": words}, number)
        return replace(consultation, state=after(consultation.state, Event.ANSWER, number))

    if await _apply(house, visit, number, change):
        await answer(house, visit, sentence(visit.speech, "steer.answered", number=str(number)))


async def choose_tie(house: House, visit: Visit, number: int, option: int) -> None:
    """First half of deciding a tie: which option; the reason is asked next."""
    setting = await authorised(house, visit, number)
    result = await house.store.read(lambda tx: result_of(tx, number))
    if not awaits_tie_decision(setting.consultation, result) or option not in result.leaders:
        raise Refusal("no-tie-to-decide", number=str(number))
    state = {"ask": "tie", "number": number, "option": option}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    await answer(house, visit, sentence(visit.speech, "tie.ask-reason"))


async def decide_tie(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Second half: the reason, published with the decision."""
    number, option = int(dialogue["number"]), int(dialogue["option"])
    await authorised(house, visit, number)
    words = clean_text(text)

    def change(tx: Transaction, consultation: Consultation) -> Consultation:
        result = result_of(tx, number)
        # Another organiser may have decided between the same options since it was chosen.
        if not awaits_tie_decision(consultation, result) or option not in result.leaders:
            raise Refusal("no-tie-to-decide", number=str(number))
        tx.record(visit.at, "tie-decided", {"option": option, "reason": words}, number)
        tx.set_dialogue(visit.account.id, None)
        reasons = " · ".join(filter(None, (consultation.tie_reason, words)))
        return replace(consultation, tie_choices=(*consultation.tie_choices, option), tie_reason=reasons)

    if await _apply(house, visit, number, change):
        await answer(house, visit, sentence(visit.speech, "tie.decided", number=str(number)))
