"""Opening a consultation, once its disclosure stands in every room: the roll is frozen, then ballots are taken."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.agenda import DISCLOSURE
from bot.domain.canonical import digest
from bot.domain.consultation import Consultation, State, definition_facts
from bot.domain.dates import later
from bot.domain.debate.phases import first_course
from bot.domain.eligibility import senior_enough
from bot.domain.key_shares import is_shared
from bot.domain.lifecycle import Event, after
from bot.domain.opinions.model import StatementState
from bot.domain.refusals import Refusal
from bot.domain.roles import observers
from bot.domain.roll_sources import RollSource
from bot.ports import Roster
from bot.store import Account, Room, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.disclose import MISSING_AGAIN, setting_of, voice_to_author, warn_once
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House
from bot.usecases.parts import note_unanswered, opening_waits, parts, places
from bot.usecases.proxies.days import settle
from bot.usecases.receipts import begin_codes
from bot.usecases.sealed import closing as sealed
from bot.usecases.sealed import shares
from bot.usecases.voters import must_have_voters, on_list, seen_there, suspended_in

ROOM_SILENT = timedelta(seconds=30)
"""How long to wait before asking again who is in a room that did not answer."""
ACCOUNTS_AT_ONCE = 500
"""Accounts written in one work, so that a large room's roll does not keep other ballots waiting."""


async def disclose(house: House, number: int, now: datetime) -> None:
    """Note that the disclosure stands in every room; each place where it stands goes into the journal."""

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.state is not State.SCHEDULED:
            return
        standing = [
            post for post in tx.posts(number) if post.role == DISCLOSURE and post.version == consultation.version
        ]
        sent = {post.room: post for post in standing if post.state == "sent"}
        if any(room not in sent for room in consultation.rooms if room not in consultation.excused):
            return
        tx.save(replace(consultation, state=after(consultation.state, Event.DISCLOSE, number)))
        facts = {
            "version": consultation.version,
            "digest": consultation.disclosure_digest,
            "rooms": len(sent),
            "excused": len(consultation.excused),
        }
        tx.record(now, "disclosed", facts, number)

    await house.store.write(work)


async def open_(house: House, number: int, now: datetime) -> datetime | None:
    """Freeze the roll and open; when a room doesn't say who is in it, the instant to ask again."""
    if not await _has_voters(house, number):
        return now + MISSING_AGAIN
    answer_by = await house.store.read(lambda tx: opening_waits(tx, number, now))
    if answer_by is not None:
        return answer_by
    held_by = await shares.opening_waits(house, number, now)
    if held_by is not None:
        return held_by
    rooms = await house.store.read(lambda tx: _places(tx, number))
    rosters = [await house.messenger(room.ref.platform).roster(room.ref.place) for room in rooms]
    if any(roster is None for roster in rosters):
        return now + ROOM_SILENT
    known = [roster for roster in rosters if roster is not None]
    await _write_accounts(house, known, now)
    # On the disk before the opening is committed: ballots are sealed from then on.
    sealed_to = await sealed.prepare_key(house, await house.store.read(lambda tx: tx.consultation(number)))

    def work(tx: Transaction) -> None:
        fresh = tx.consultation(number, lock=True)
        # Others may have been invited, or have joined with their rooms, since they were asked who is there.
        waits = opening_waits(tx, number, now) is not None or not shares.may_open(tx, fresh, sealed_to)
        if fresh.state is State.DISCLOSED and not waits:
            if sealed_to:
                holder = {"holder": fresh.definition.key.value} if is_shared(fresh.definition) else {}
                tx.record(now, "sealed-to", {"key": sealed_to, **holder}, number)
            speech = house.speech(fresh.definition.language, house.defaults.time_zone, rooms[0].ref.platform)
            _open(tx, fresh, list(zip(rooms, known, strict=True)), now, speech.say("notice.overtaken"))

    await house.store.write(work)
    house.memory.owes_notices = True  # to whoever votes for somebody, or isn't voted for after all
    return None


async def _has_voters(house: House, number: int) -> bool:
    """Whether somebody could vote; if not, the opening waits, and the author is told once."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    try:
        await house.store.read(lambda tx: must_have_voters(tx, setting.consultation))
    except Refusal:
        line = voice_to_author(house, setting).line("warn.roll-empty")
        card = Card((headline(setting.consultation, voice_to_author(house, setting)), line))
        await warn_once(house, setting, "roll-empty", card)
        return False
    return True


def _places(tx: Transaction, number: int) -> list[Room]:
    """The rooms to ask who is in them: one for each whole group."""
    consultation = tx.consultation(number)
    rooms = rooms_by_id(tx, [room for room in consultation.rooms if room not in consultation.excused])
    places = {room.place: room for room in rooms}
    return list(places.values())


async def _write_accounts(house: House, rosters: Sequence[Roster], now: datetime) -> None:
    people = [person for roster in rosters for person in roster.members or ()]
    for start in range(0, len(people), ACCOUNTS_AT_ONCE):
        some = people[start : start + ACCOUNTS_AT_ONCE]
        await house.store.write(lambda tx, some=some: [tx.account(one.account, one.name, now) for one in some])  # type: ignore[misc]


def _open(
    tx: Transaction, consultation: Consultation, rosters: list[tuple[Room, Roster]], now: datetime, overtaken: str
) -> None:
    zone = ZoneInfo(tx.organisation(consultation.organisation).time_zone)
    closes_at = consultation.closes_at or later(now, consultation.lasts or timedelta(), zone)
    opened = replace(
        consultation,
        state=after(consultation.state, Event.OPEN, consultation.number),
        opened_at=now,
        closes_at=closes_at,
    )
    if closes_at <= now:
        _cancel_overtaken(tx, consultation, now, overtaken)
        return
    size = _freeze(tx, opened, rosters)
    # Where the quorum is a share, only those who registered are on the roll: it is known.
    known = opened.definition.needs_known_roll or not opened.definition.roll.observed
    uncounted = 0 if known else _uncounted(tx, opened, rosters)
    opened = replace(
        opened,
        roll_size=None if opened.definition.roll is RollSource.OPEN else size + uncounted,
        roll_known=not uncounted,
        roll_digest=_roll_digest(tx, opened),
    )
    tx.save(opened)
    begin_codes(tx, opened)
    _begin(tx, opened, now, closes_at)
    note_unanswered(tx, opened.number, now)
    settle(tx, opened, now)
    tx.record(now, "opened", _journal_facts(opened), opened.number)


def _roll_digest(tx: Transaction, opened: Consultation) -> str:
    """The digest of the roll's accounts, and of its persons where a list says who they are, with a salt of its own,
    then the salt: two rolls never show that they are the same."""
    salt = secrets.token_hex(16)
    accounts = [str(account) for account in tx.roll_accounts(opened.number)]
    people = {"people": list(tx.roll_people(opened.number))} if opened.definition.roll.listed else {}
    return f"{digest({'accounts': accounts, 'salt': salt, **people})}:{salt}"


def _begin(tx: Transaction, opened: Consultation, now: datetime, closes_at: datetime) -> None:
    """What deliberations start with: a debate its first phase, an opinion map the statements given at its creation."""
    if opened.definition.debate is not None:
        tx.debates.set_course(first_course(opened.number, opened.definition.debate, now, closes_at))
    if opened.definition.opinions is not None:
        for option in opened.definition.options:
            tx.opinion_maps.add_statement(opened.number, 0, option.text, now, StatementState.PUBLISHED)


def _uncounted(tx: Transaction, consultation: Consultation, rosters: list[tuple[Room, Roster]]) -> int:
    """How many people the platforms that list no members say there are, less those of a list who were seen there."""
    silent = {room.place: roster.count for room, roster in rosters if roster.members is None}
    return max(sum(silent.values()) - seen_there(tx, consultation, silent), 0)


def _freeze(tx: Transaction, consultation: Consultation, rosters: list[tuple[Room, Roster]]) -> int:
    """Give their right to the members on the organisation's list and to those the platforms list, as the rule says;
    how many there are with those who registered before."""
    if consultation.definition.roll is RollSource.OPEN:
        return 0
    own = parts(tx, consultation)
    size = 0
    for part in own:
        listed = [member.person for member in on_list(tx, part)]
        here = places(tx, part)
        present = _present(tx, part, [(room, roster) for room, roster in rosters if room.id in here])
        tx.freeze_people(consultation.number, listed)
        size = tx.freeze_roll(consultation.number, [account.id for account in present])
        if len(own) > 1:
            tx.joint.stand(consultation.number, [*listed, *(each.person for each in present)], part.organisation)
    return size


def _present(tx: Transaction, consultation: Consultation, rosters: list[tuple[Room, Roster]]) -> list[Account]:
    """Those the platforms list who may vote, where being in a room gives a right."""
    if not consultation.definition.roll.observed:
        return []
    suspended = suspended_in(tx, consultation)
    accounts: list[Account] = []
    watching = observers(tx.members.grants(consultation.organisation, consultation.number))
    for room, roster in rosters:
        for person in roster.members or ():
            account = tx.account(person.account, person.name, consultation.created_at)
            presence = tx.presence(room.place, account.id)
            tx.arrived(room.place, account.id, None)
            votes = account.person not in watching | suspended
            if votes and senior_enough(consultation, presence.arrived_at if presence else None):
                accounts.append(account)
    return accounts


def _cancel_overtaken(tx: Transaction, consultation: Consultation, now: datetime, why: str) -> None:
    """It could not open before its own closing time (a room could not be told): it never opens."""
    tx.save(replace(consultation, state=State.CANCELLED, cancelled_because=why, closed_at=now))
    tx.record(now, "cancelled", {"cause": "overtaken"}, consultation.number)


def _journal_facts(consultation: Consultation) -> dict[str, object]:
    assert consultation.closes_at is not None
    return {
        "definition": digest(definition_facts(consultation.definition)),
        "closes_at": consultation.closes_at.isoformat(),
        "roll": consultation.roll_size or 0,
        "roll_known": consultation.roll_known,
        "roll_digest": consultation.roll_digest,
    }
