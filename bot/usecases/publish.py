"""Publishing a draft: from here on, time and the reconciler take it to its disclosure and its opening."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.authority import Act, authorise
from bot.domain.charter import missing_facts
from bot.domain.consultation import Binding, Consultation, Definition, Tie
from bot.domain.dates import later
from bot.domain.declaration import unanswered, with_defaults
from bot.domain.lifecycle import Event, after
from bot.domain.organisation import Field, Organisation
from bot.domain.refusals import Refusal
from bot.domain.results import commitment
from bot.store import Transaction
from bot.text.disclosure import missing_card
from bot.usecases.disclose import Setting, disclosure_now, setting_of
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit
from bot.usecases.setup import ask_three
from bot.usecases.tell import answer, sentence
from bot.usecases.voters import must_have_voters

REGISTRATION = timedelta(minutes=10)
"""The least time members are given to register, where a quorum is a share of a roll that a platform can't list."""


async def publish(house: House, visit: Visit, number: int) -> None:
    """Schedule a draft after checking the author's role, what rooms allow, and that nothing required is missing."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    standing = await standing_of(house, visit.account, setting.organisation, setting.rooms, setting.consultation)
    authorise(Act.PUBLISH, standing)
    after(setting.consultation.state, Event.PUBLISH, number)
    if unanswered(setting.organisation.declaration):
        await ask_three(house, visit, setting.organisation, draft=number, yes=True)
        return
    disclosure = await disclosure_now(house, setting, "organiser")
    missing = missing_facts(disclosure)
    if missing:
        await answer(house, visit, missing_card(missing, visit.speech))
        return
    await house.store.read(lambda tx: must_have_voters(tx, setting.consultation))
    silent = await check_rooms(house, setting)
    now = house.clock.now()
    published = await house.store.write(lambda tx: _schedule(tx, visit, setting.organisation, number, now))
    if published is None:
        return
    house.nudge(number)
    key = "published.now" if published.opens_at <= now else "published.later"
    await answer(house, visit, sentence(visit.speech, key, number=str(number), opens_at=published.opens_at))
    for room in silent:
        await answer(house, visit, sentence(visit.speech, "warn.members-may-not-send", room=room))


async def check_rooms(house: House, setting: Setting) -> list[str]:
    """The rooms where members may not write (they vote in private); refuses a share of a roll nobody could know."""
    silent: list[str] = []
    time_to_register = setting.consultation.opens_at - house.clock.now() >= REGISTRATION
    for room in setting.rooms:
        messenger = house.messengers.get(room.ref.platform)
        abilities = await messenger.abilities(room.ref) if messenger else None
        if abilities is None:
            raise Refusal("room-unreachable", room=room.title or str(room.ref))
        if setting.consultation.definition.needs_known_roll and not abilities.exact_roster and not time_to_register:
            raise Refusal("quorum-needs-a-known-roll")
        if not abilities.members_may_send and not abilities.private_answer:
            silent.append(room.title or str(room.ref))
    return silent


def _schedule(
    tx: Transaction, visit: Visit, organisation: Organisation, number: int, now: datetime
) -> Consultation | None:
    draft = tx.consultation(number, lock=True)
    state = after(draft.state, Event.PUBLISH, number)
    if not tx.first_time(f"{visit.key}/publish"):
        return None
    opens_at = max(draft.opens_at, now)
    if draft.closes_at is not None and draft.closes_at <= opens_at + timedelta(minutes=1):
        raise Refusal("closes-before-opening", closes_at=draft.closes_at)
    closes_at = draft.closes_at or later(opens_at, draft.lasts or timedelta(), ZoneInfo(organisation.time_zone))
    seed = secrets.token_hex(16) if draft.definition.tie is Tie.DRAW else ""
    definition = frozen(draft.definition, organisation, closes_at, seed)
    scheduled = replace(draft, state=state, opens_at=opens_at, definition=definition, seed=seed)
    tx.save(scheduled)
    tx.record(now, "scheduled", {"kind": definition.kind.value, "opens_at": opens_at.isoformat()}, number)
    tx.set_dialogue(visit.account.id, None)
    return scheduled


def frozen(definition: Definition, organisation: Organisation, closes_at: datetime, seed: str) -> Definition:
    """The definition with the promised date of the answer and the commitment to the seed of a draw."""
    answer_by = definition.answer_by
    if answer_by is None and definition.binding is not Binding.DECISION:
        days = with_defaults(organisation.declaration)[Field.ANSWER_DAYS].value
        answer_by = closes_at + timedelta(days=int(days))
    return replace(definition, answer_by=answer_by, seed_commitment=commitment(seed) if seed else "")
