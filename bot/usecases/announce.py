"""Making the card a room is owed, from what is in the database at this instant."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import agenda
from bot.domain.charter import Disclosure, from_facts
from bot.domain.consultation import Consultation, Secrecy
from bot.domain.ids import AccountRef
from bot.domain.organisation import Organisation
from bot.domain.results import Result, conclude
from bot.store import JournalEntry, NamedBallot, Room, Transaction
from bot.text.card import Card, Image
from bot.text.cards import Place, ballot_card, notice, reminder_card
from bot.text.catalogue import Speech
from bot.text.disclosure import disclosure_card
from bot.text.results import Concluded, chart, result_card
from bot.usecases.house import House

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a card may show, read together so that counts and version belong to one another."""

    consultation: Consultation
    organisation: Organisation
    result: Result
    names: tuple[NamedBallot, ...]
    tally_version: int
    disclosure: Disclosure | None
    changes: tuple[JournalEntry, ...]

    @property
    def concluded(self) -> Concluded:
        """What a result card is made of."""
        names = tuple((one.name, one.choice) for one in self.names)
        return Concluded(self.consultation, self.result, names, self.organisation.name)


def facts_of(tx: Transaction, number: int) -> Facts:
    """Read everything a card of this consultation may show."""
    consultation = tx.consultation(number)
    shown = tx.disclosure(number, consultation.version)
    public = consultation.definition.secrecy is Secrecy.PUBLIC
    return Facts(
        consultation=consultation,
        organisation=tx.organisation(consultation.organisation),
        result=conclude(consultation, tx.tally(number)),
        names=tuple(tx.votes_by_name(number)) if public else (),
        tally_version=tx.tally_version(number),
        disclosure=from_facts(shown) if shown is not None else None,
        changes=tuple(entry for entry in tx.journal(number) if entry.kind in {"extended", "answered"}),
    )


async def without_hidden_names(house: House, facts: Facts) -> Facts:
    """The facts without the names of those who take part without showing theirs."""
    if not facts.names:
        return facts
    rooms = await house.store.read(lambda tx: [tx.room_by_id(room) for room in facts.consultation.rooms])
    hidden: set[AccountRef] = set()
    for room in rooms:
        messenger = house.messengers.get(room.ref.platform)
        found = await messenger.hidden_names(room.ref.place) if messenger else None
        # A platform that doesn't answer must not cost anyone their anonymity: then no name of it is shown.
        everyone = (one.account for one in facts.names if one.account.platform == room.ref.platform)
        hidden.update(everyone if found is None else found)
    return replace(facts, names=tuple(replace(one, name="") if one.account in hidden else one for one in facts.names))


async def card_for(house: House, number: int, room: Room, role: str) -> tuple[int, Card]:
    """The card for this role in this room, and the tally version it shows."""
    facts = await house.store.read(lambda tx: facts_of(tx, number))
    if role == agenda.RESULT:
        facts = await without_hidden_names(house, facts)
    speech = house.speech(facts.consultation.definition.language, facts.organisation.time_zone, room.ref.platform)
    place = Place(house.messenger(room.ref.platform).buttons)
    return facts.tally_version, await _card(house, facts, role, place, speech)


async def _card(house: House, facts: Facts, role: str, place: Place, speech: Speech) -> Card:
    consultation = facts.consultation
    match role:
        case agenda.DISCLOSURE:
            assert facts.disclosure is not None
            # Pinned where that is possible: the rules stay within reach while the room talks on.
            return replace(disclosure_card(consultation, facts.disclosure, speech), pin=True)
        case agenda.CARD:
            return ballot_card(consultation, facts.result, place, speech)
        case agenda.RESULT:
            image = await _picture(house, consultation, facts.result, speech)
            return result_card(facts.concluded, speech, image)
        case _ if role.startswith(agenda.REMINDER):
            return reminder_card(consultation, facts.result, place, speech)
        case _:
            return _notice(facts, role, speech)


def _notice(facts: Facts, role: str, speech: Speech) -> Card:
    consultation, organisation = facts.consultation, facts.organisation.name
    match role:
        case agenda.CANCELLED:
            return notice(consultation, "notice.cancelled", speech, reason=consultation.cancelled_because)
        case agenda.OVERDUE:
            return notice(consultation, "notice.overdue", speech, organisation=organisation)
        case agenda.ANSWER:
            words = next(str(entry.facts["text"]) for entry in reversed(facts.changes) if entry.kind == "answered")
            return notice(consultation, "notice.answer", speech, organisation=organisation, text=words)
        case agenda.TIE:
            return _tie(consultation, speech)
        case _:
            return _change(facts, role, speech)


def _tie(consultation: Consultation, speech: Speech) -> Card:
    assert consultation.tie_choice is not None
    option = consultation.definition.option(consultation.tie_choice)
    assert option is not None
    return notice(consultation, "notice.tie", speech, option=option.text, reason=consultation.tie_reason)


def _change(facts: Facts, role: str, speech: Speech) -> Card:
    """The notice of the n-th change of the closing time, with its own cause and its own new time."""
    extended = [entry for entry in facts.changes if entry.kind == "extended"]
    entry = extended[int(role.rsplit("-", 1)[1]) - 1]
    key = f"notice.extended-{entry.facts['cause']}"
    return notice(
        facts.consultation, key, speech, **{"closes_at": speech.when(datetime.fromisoformat(entry.facts["closes_at"]))}
    )


async def _picture(house: House, consultation: Consultation, result: Result, speech: Speech) -> Image | None:
    drawing = chart(consultation, result, speech)
    try:
        png = await house.draughtsman.bar_chart(drawing)
    except Exception:
        # The result matters more than its picture: it is published without, and the operator reads why here.
        log.exception("the chart of consultation %d could not be drawn", consultation.number)
        return None
    rows = "; ".join(f"{row.label}: {row.caption}" for row in drawing.rows)
    return Image(png, f"{drawing.title}. {drawing.subtitle} {rows}", f"resultat-{consultation.number}.png")
