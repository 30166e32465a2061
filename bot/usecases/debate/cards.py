"""What the rooms are shown of a debate: read from the database at one instant, worded elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import agenda
from bot.domain.consultation import Consultation
from bot.domain.debate.agenda import DIGEST
from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState
from bot.domain.debate.phases import first_course
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import Place
from bot.text.catalogue import Speech
from bot.text.debate.card import DebateView, debate_card
from bot.text.debate.digest import digest_card
from bot.text.debate.notices import phase_notice
from bot.text.debate.result import debate_result
from bot.usecases.debate.concluding import concluded_facts
from bot.usecases.debate.turns import floor_view
from bot.usecases.facts import Facts
from bot.usecases.house import House

DIGESTED = "digested"
"""The kind of the journal's entries that say which arguments a digest told."""


async def card_for_role(house: House, facts: Facts, role: str, place: Place, speech: Speech) -> Card:
    """The card of a debate for this role: its card, a digest, its result, or the notice of a phase."""
    number = facts.consultation.number
    if role == agenda.RESULT:
        found, course = await house.store.read(lambda tx: (concluded_facts(tx, number), tx.debates.course(number)))
        vote = course.follow_up if course is not None else None
        return debate_result(found, vote, facts.organisation.name, speech)
    view = await house.store.read(lambda tx: view_of(tx, facts.consultation, house.clock.now(), place.room))
    if role == agenda.CARD:
        return debate_card(view, place, speech)
    if role.startswith(DIGEST):
        told = await house.store.read(lambda tx: told_by(tx, number, int(role.removeprefix(DIGEST))))
        return digest_card(view, told, place, speech)
    return phase_notice(view, place, speech)


def view_of(tx: Transaction, consultation: Consultation, now: datetime, room: int | None = None) -> DebateView:
    """A debate as its cards show it; one that has not opened is shown as it will open."""
    number, rules = consultation.number, consultation.definition.debate
    assert rules is not None
    course = tx.debates.course(number)
    if course is None:
        assert consultation.closes_at is not None
        course = first_course(number, rules, consultation.opened_at or consultation.opens_at, consultation.closes_at)
    return DebateView(
        consultation=consultation,
        course=course,
        published=tuple(published(tx, number)),
        participants=tx.debates.participants(number),
        now=now,
        floor=floor_view(tx, number, room or 0, now),
    )


def published(tx: Transaction, number: int) -> Sequence[Argument]:
    """The published contributions of a debate; comments are about its conclusion and shown with that."""
    standing = tx.debates.arguments(number, states=[ArgumentState.PUBLISHED])
    return [argument for argument in standing if argument.kind is not ArgumentKind.COMMENT]


def untold(tx: Transaction, number: int) -> Sequence[Argument]:
    """The published contributions that no digest has told yet."""
    told = {argument for entry in tx.journal(number) if entry.kind == DIGESTED for argument in entry.facts["arguments"]}
    return [argument for argument in published(tx, number) if argument.number not in told]


def told_by(tx: Transaction, number: int, digest: int) -> Sequence[Argument]:
    """The contributions that this digest tells, as they stand now; what is no longer published is not told again."""
    entries = [entry for entry in tx.journal(number) if entry.kind == DIGESTED and entry.facts["digest"] == digest]
    told = {argument for entry in entries for argument in entry.facts["arguments"]}
    return [argument for argument in published(tx, number) if argument.number in told]
