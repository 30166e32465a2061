"""Making the card a room is owed, from what is in the database at this instant."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from bot.domain import agenda
from bot.domain.consultation import Kind
from bot.domain.debate.agenda import DIGEST, PHASE
from bot.store import Room
from bot.text.calendar import calendar_file
from bot.text.card import Card, Image
from bot.text.cards import Place, ballot_card, notice, reminder_card
from bot.text.catalogue import Speech
from bot.text.counting.pictures import alternative
from bot.text.disclosure import disclosure_card
from bot.text.fingerprints import fingerprint
from bot.text.joint import together_line
from bot.text.native_polls import with_poll_in_room
from bot.text.results import Concluded, chart, result_card
from bot.text.sealed import voting_over_card
from bot.usecases.debate import cards as debates
from bot.usecases.facts import Facts, facts_of, without_hidden_names
from bot.usecases.house import House
from bot.usecases.opinions import cards as opinions

log = logging.getLogger(__name__)

HEADS = {agenda.CARD: "opened", agenda.RESULT: "closed"}
"""The kind of line whose hash is told with what is posted in a role."""


async def card_for(house: House, number: int, room: Room, role: str) -> tuple[int, Card]:
    """The card for this role in this room, and the tally version it shows."""
    facts = await house.store.read(lambda tx: facts_of(tx, number))
    if role == agenda.RESULT:
        facts = await without_hidden_names(house, facts)
    speech = house.speech(facts.consultation.definition.language, facts.organisation.time_zone, room.ref.platform)
    place = Place(house.messenger(room.ref.platform).buttons, room.id)
    return facts.tally_version, await card_of(house, facts, role, place, speech)


async def card_of(house: House, facts: Facts, role: str, place: Place, speech: Speech) -> Card:
    """The card for this role, for such a place, in this voice; under the ballot and under the result, the head of the
    journal as it was at the opening and at the closing."""
    card = await _told(house, facts, role, place, speech)
    if role == agenda.CARD and facts.unclaimed:
        card = replace(card, blocks=(*card.blocks, speech.line("card.unclaimed", n=facts.unclaimed)))
    if role == agenda.CARD and facts.together:
        card = replace(card, blocks=(*card.blocks, together_line(facts.together, speech)))
    head = facts.heads.get(HEADS.get(role, ""))
    if head is None:
        return card
    return replace(card, blocks=(*card.blocks, speech.line("card.journal", head=fingerprint(head))))


async def _told(house: House, facts: Facts, role: str, place: Place, speech: Speech) -> Card:
    consultation = facts.consultation
    match role:
        case agenda.DISCLOSURE:
            assert facts.disclosure is not None
            # Pinned where that is possible: the rules stay within reach while the room talks on.
            return replace(disclosure_card(consultation, facts.disclosure, speech), pin=True)
        case _ if consultation.definition.kind is Kind.DEBATE and _own(role):
            return await debates.card_for_role(house, facts, role, place, speech)
        case _ if consultation.definition.kind is Kind.OPINIONS and _own(role):
            return await opinions.card_for_role(house, facts, role, place, speech)
        case agenda.CARD if facts.voting_over:
            return voting_over_card(consultation, facts.result, facts.voting_over, speech)
        case agenda.CARD:
            card = ballot_card(consultation, facts.result, place, speech)
            return with_poll_in_room(card, consultation, place, speech)
        case agenda.RESULT:
            image = await _picture(house, facts.concluded, speech)
            return result_card(facts.concluded, speech, image)
        case _ if role.startswith(agenda.REMINDER):
            return reminder_card(consultation, facts.result, place, speech)
        case _:
            return _notice(facts, role, speech)


def _own(role: str) -> bool:
    """Whether each kind of consultation has its own words for what is posted in this role."""
    return role in {agenda.CARD, agenda.RESULT} or role.startswith((agenda.REMINDER, PHASE, DIGEST))


def _notice(facts: Facts, role: str, speech: Speech) -> Card:
    consultation, organisation = facts.consultation, facts.organisation.name
    match role:
        case agenda.CANCELLED:
            return notice(consultation, "notice.cancelled", speech, reason=consultation.cancelled_because)
        case agenda.OVERDUE:
            return notice(consultation, "notice.overdue", speech, organisation=organisation)
        case agenda.VOTING_OVER | agenda.FINAL:
            over = f"notice.voting-over-{facts.voting_over or 'shares'}"
            key = "notice.final" if role == agenda.FINAL else over
            return notice(consultation, key, speech, number=str(consultation.number))
        case agenda.ANSWER:
            words = next(str(entry.facts["text"]) for entry in reversed(facts.changes) if entry.kind == "answered")
            return notice(consultation, "notice.answer", speech, organisation=organisation, text=words)
        case _ if role.startswith(agenda.CONTESTED):
            return _contested(facts, role, speech)
        case _ if role.startswith(agenda.CONTEST_MOVED):
            return _contest_moved(facts, role, speech)
        case _ if role.startswith(agenda.TIE):
            return _tie(facts, role, speech)
        case _:
            return _change(facts, role, speech)


def _tie(facts: Facts, role: str, speech: Speech) -> Card:
    """The notice of the n-th tie that organisers decided, with its own reason."""
    decided = [entry for entry in facts.changes if entry.kind == "tie-decided"]
    entry = decided[int(role.partition("-")[2] or 1) - 1]
    option = facts.consultation.definition.option(entry.facts["option"])
    assert option is not None
    card = notice(facts.consultation, "notice.tie", speech, option=option.text, reason=str(entry.facts["reason"]))
    return replace(card, file=calendar_file(facts.consultation, facts.result, facts.organisation.name, speech))


def _contested(facts: Facts, role: str, speech: Speech) -> Card:
    """The notice of a contestation that was decided: what was contested, what was decided, and why."""
    wanted = role.removeprefix(agenda.CONTESTED)
    decided = (entry.facts for entry in facts.changes if entry.kind == "contest-decided")
    found = next(each for each in decided if str(each["contestation"]) == wanted)
    key, reason = f"notice.contest-{found['decision']}", str(found["reason"])
    return notice(facts.consultation, key, speech, entry=wanted, text=str(found["text"]), reason=reason)


def _contest_moved(facts: Facts, role: str, speech: Speech) -> Card:
    """The notice of the n-th time by which the time to contest grew, with the end that it had then."""
    moved = [entry for entry in facts.changes if entry.kind == "contest-moved"]
    entry = moved[int(role.removeprefix(agenda.CONTEST_MOVED)) - 1]
    until, number = speech.when(datetime.fromisoformat(entry.facts["until"])), str(facts.consultation.number)
    return notice(facts.consultation, "notice.contest-moved", speech, until=until, number=number)


def _change(facts: Facts, role: str, speech: Speech) -> Card:
    """The notice of the n-th change of the closing time, with its own cause and its own new time."""
    extended = [entry for entry in facts.changes if entry.kind == "extended"]
    entry = extended[int(role.rsplit("-", 1)[1]) - 1]
    key = f"notice.extended-{entry.facts['cause']}"
    closes_at = speech.when(datetime.fromisoformat(entry.facts["closes_at"]))
    counted = {name: speech.fact(entry.facts[name]) for name in ("voters", "needed") if name in entry.facts}
    return notice(facts.consultation, key, speech, **{"closes_at": closes_at, **counted})


async def _picture(house: House, concluded: Concluded, speech: Speech) -> Image | None:
    number, drawing = concluded.consultation.number, chart(concluded, speech)
    try:
        png = await house.draughtsman.draw(drawing)
    except Exception:
        # The result matters more than its picture: it is published without, and the operator reads why here.
        log.exception("the chart of consultation %d could not be drawn", number)
        return None
    return Image(png, alternative(drawing), f"resultat-{number}.png")
