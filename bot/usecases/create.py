"""Creating a consultation: from what was typed to a draft, and from the draft to the next thing to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.authority import Act, may
from bot.domain.consultation import Consultation, Kind, State
from bot.domain.dates import After, At, Moment
from bot.domain.declaration import unanswered
from bot.domain.ids import Action
from bot.domain.organisation import Organisation
from bot.domain.proposal import Proposal, propose
from bot.domain.refusals import Refusal
from bot.store import Room, Transaction
from bot.text.card import Button, Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.dates import worded
from bot.text.fitting import cut
from bot.usecases import templates
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit
from bot.usecases.preview import preview
from bot.usecases.publish import publish
from bot.usecases.setup import ask_three
from bot.usecases.tell import answer, in_room, sentence

OPTIONS_SHOWN = 2_500
"""Code units of its options that a proposal shows to the room."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a person gave to create a consultation, as typed: kept so that one thing can be changed later."""

    kind: Kind
    title: str
    options: tuple[str, ...]
    keys: Mapping[str, str]
    room: int
    draft: int | None = None

    def saved(self) -> dict[str, Any]:
        """The inputs as a dialogue keeps them."""
        return {
            "kind": self.kind.value, "title": self.title, "options": list(self.options), "keys": dict(self.keys),
            "room": self.room, "draft": self.draft,
        }  # fmt: skip

    @staticmethod
    def restored(saved: Mapping[str, Any]) -> Inputs:
        """The inputs a dialogue kept."""
        return Inputs(
            Kind(saved["kind"]), saved["title"], tuple(saved["options"]), dict(saved["keys"]), saved["room"],
            saved["draft"],
        )  # fmt: skip


async def create(house: House, visit: Visit, inputs: Inputs) -> None:
    """Check what was typed, keep it as a draft, and go on: ask what is missing, preview, publish, or propose."""
    room, organisation = await house.store.read(lambda tx: _home(tx, inputs.room))
    inputs = replace(inputs, keys=await templates.fill(house, room, inputs.kind, inputs.keys))
    proposal = _proposed(visit, inputs, room, organisation)
    rooms = await _rooms(house, room, proposal.rooms)
    draft = _draft(visit, proposal, rooms, organisation)
    kept = await house.store.write(lambda tx: _keep(tx, visit, inputs, draft))
    if kept is not None:
        await go_on(house, visit, kept.number, yes=proposal.yes)


def _home(tx: Transaction, room: int) -> tuple[Room, Organisation]:
    home = tx.room_by_id(room)
    return home, tx.organisation(home.organisation)


def _proposed(visit: Visit, inputs: Inputs, room: Room, organisation: Organisation) -> Proposal:
    proposal = propose(
        inputs.kind,
        inputs.title,
        inputs.options,
        inputs.keys,
        now=visit.at,
        zone=ZoneInfo(organisation.time_zone),
        language=room.language,
    )
    definition = proposal.definition
    speech = Speech(definition.language, ZoneInfo(organisation.time_zone))
    return replace(proposal, definition=worded(definition, speech))


async def _rooms(house: House, home: Room, addresses: Sequence[str]) -> list[Room]:
    """The rooms named by the author, the one they asked from when none is."""
    if not addresses:
        return [home]
    found: list[Room] = []
    for address in addresses:
        room = await _find_room(house, home, address)
        if room.id not in {other.id for other in found}:
            found.append(room)
    return found


async def _find_room(house: House, home: Room, address: str) -> Room:
    wanted = address.strip().removeprefix("#").casefold()
    known = await house.store.read(lambda tx: tx.rooms_of(home.organisation))
    titled = [room for room in known if wanted in {room.title.casefold(), room.ref.id.casefold()}]
    if len(titled) == 1:
        return titled[0]
    for messenger in house.messengers.values():
        ref = await messenger.find_room(address.strip())
        if ref is not None:
            return await house.store.write(
                lambda tx, ref=ref: house.seen_room(tx, ref, "", house.clock.now())  # type: ignore[misc]
            )
    raise Refusal("no-such-room", room=address.strip())


def _draft(visit: Visit, proposal: Proposal, rooms: Sequence[Room], organisation: Organisation) -> Consultation:
    opens_at = _instant(proposal.opens, visit.at) or visit.at
    closes = proposal.closes
    return Consultation(
        number=0,
        organisation=organisation.id,
        author=visit.account.id,
        state=State.DRAFT,
        definition=proposal.definition,
        rooms=tuple(room.id for room in rooms),
        created_at=visit.at,
        opens_at=opens_at,
        closes_at=closes.at if isinstance(closes, At) else None,
        lasts=closes.lasting if isinstance(closes, After) else None,
    )


def _instant(moment: Moment | None, now: datetime) -> datetime | None:
    match moment:
        case At(instant):
            return instant
        case After(duration):
            return now + duration
        case None:
            return None


def _keep(tx: Transaction, visit: Visit, inputs: Inputs, draft: Consultation) -> Consultation | None:
    """Store the draft (a new one, or in place of the one being changed); None when this message was handled before."""
    if not tx.first_time(visit.key):
        return _kept_before(tx, visit, inputs)
    if inputs.draft is None:
        kept = tx.add_consultation(draft)
    else:
        old = tx.consultation(inputs.draft, lock=True)
        if old.state is not State.DRAFT:
            raise Refusal("already-published", number=str(old.number))
        kept = replace(draft, number=old.number, created_at=old.created_at)
        tx.save(kept)
    saved = replace(inputs, draft=kept.number).saved()
    tx.set_dialogue(visit.account.id, {"inputs": saved})
    return kept


def _kept_before(tx: Transaction, visit: Visit, inputs: Inputs) -> Consultation | None:
    """The draft this same message made when it came before, if it still is one: a crash may have stopped it there."""
    saved = (tx.dialogue(visit.account.id) or {}).get("inputs")
    if not saved or {**saved, "draft": inputs.draft} != inputs.saved():
        return None
    kept = tx.consultation(saved["draft"])
    return kept if kept.state is State.DRAFT else None


async def go_on(house: House, visit: Visit, number: int, *, yes: bool) -> None:
    """The next step for a draft: someone else's becomes a proposal; a room nobody set up is asked three things; then
    comes the preview or, when the author asked for it, publication."""
    consultation, organisation, rooms = await house.store.read(lambda tx: _situation(tx, number))
    standing = await standing_of(house, visit.account, organisation, rooms, consultation)
    if may(Act.PUBLISH, standing) is not True:
        await _propose_to_organisers(house, visit, consultation)
        return
    if unanswered(organisation.declaration):
        await ask_three(house, visit, organisation, draft=number, yes=yes)
    elif yes:
        await publish(house, visit, number)
    else:
        await preview(house, visit, number)


def _situation(tx: Transaction, number: int) -> tuple[Consultation, Organisation, list[Room]]:
    consultation = tx.consultation(number)
    rooms = [tx.room_by_id(room) for room in consultation.rooms]
    return consultation, tx.organisation(consultation.organisation), rooms


async def _propose_to_organisers(house: House, visit: Visit, consultation: Consultation) -> None:
    """A member's proposal: the room sees it, and any organiser can publish it with one button."""
    number = str(consultation.number)
    home = await house.store.read(lambda tx: tx.room_by_id(consultation.rooms[0]))
    speech = house.speech(consultation.definition.language, visit.room_speech.zone.key, home.ref.platform)
    messenger = house.messenger(home.ref.platform)
    options = tuple(f"{option.number}. {option.text}" for option in consultation.definition.options)
    facts = {"name": visit.account.name, "number": number}
    key = "proposal.published-by-button" if messenger.buttons else "proposal.published-by-command"
    card = Card(
        (
            headline(consultation, speech, "proposal.headline"),
            speech.line("proposal.who", **facts),
            *([speech.line("proposal.options", options=cut(" · ".join(options), OPTIONS_SHOWN))] if options else []),
            speech.line(key, **facts),
        )
    )
    if messenger.buttons:
        button = Button(speech.say("button.publish"), Action("pub", consultation.number))
        card = replace(card, buttons=((button,),))
    if visit.room is not None and visit.room.id == home.id:
        await in_room(house, visit, card)
    else:
        await messenger.post(home.ref, card, f"{visit.key}/proposal")
    await answer(house, visit, sentence(visit.speech, "proposal.thanks", number=number))
