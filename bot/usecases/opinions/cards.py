"""Making the cards of an opinion map that rooms are owed."""

from __future__ import annotations

from bot.domain import agenda
from bot.text.card import Card
from bot.text.cards import Place
from bot.text.catalogue import Speech
from bot.text.opinions.card import opinions_card, opinions_reminder
from bot.text.opinions.map import result_card
from bot.usecases.facts import Facts
from bot.usecases.house import House
from bot.usecases.opinions.mapping import counted, drawn, gathered, picture


async def card_for_role(house: House, facts: Facts, role: str, place: Place, speech: Speech) -> Card:
    """The card, the reminder or the result of an opinion map. Raises ValueError for any other role."""
    number = facts.consultation.number
    if role == agenda.RESULT:
        what = await drawn(await house.store.read(lambda tx: gathered(tx, number)))
        return result_card(what, speech, await picture(house, what, speech))
    counts = await house.store.read(lambda tx: counted(tx, number))
    if role == agenda.CARD:
        return opinions_card(facts.consultation, counts, place, speech)
    if role.startswith(agenda.REMINDER):
        return opinions_reminder(facts.consultation, counts, place, speech)
    raise ValueError(role)
