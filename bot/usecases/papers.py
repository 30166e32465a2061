"""The ballot paper in private: opened by the room's button or `/v N`, kept while it is filled in.

The draft is in the person's dialogue, so that a restart loses nothing; it is no ballot,
and it is forgotten once the ballot is cast or the vote is over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.domain.consultation import Consultation, Secrecy
from bot.domain.ids import Action, PostRef
from bot.domain.papers import FILLED_IN, Paper, restored, saved
from bot.ports import Person
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import Place, headline
from bot.text.native_polls import with_poll_in_private
from bot.text.papers import how_sentence, paper_card, until_line, written_paper
from bot.usecases import admission
from bot.usecases.house import House, Visit
from bot.usecases.own_paper import order_of, show
from bot.usecases.proxies.offering import offer
from bot.usecases.sealed import casting as sealed
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import Choice as MenuChoice
from bot.usecases.tell import privately, saved_menu


async def paper(house: House, visit: Visit, consultation: Consultation, post: PostRef | None = None) -> bool:
    """Send the ballot paper to the person alone, in place of `post` if that is theirs; False when their platform does
    not allow it yet. Raises the Refusal that says why they may not vote."""
    must_be_open(consultation)
    await admission.check_may_vote(house, Person(visit.account.ref, visit.account.name), consultation.number)
    sent = await _paper(house, visit, consultation, post)
    if sent and post is None:
        await offer(house, visit, consultation)
    return sent


async def _paper(house: House, visit: Visit, consultation: Consultation, post: PostRef | None) -> bool:
    if consultation.definition.secrecy is Secrecy.UNLINKED:
        return await sealed.begin(house, visit, consultation, post)
    if consultation.definition.ballot not in FILLED_IN:
        return await _list_of_options(house, visit, consultation)
    if not house.messenger(visit.account.ref.platform).buttons:
        return await _to_write_on(house, visit, consultation)
    begun = await house.store.write(lambda tx: _begun(tx, visit, consultation))
    return await show(house, visit, paper_card(consultation, begun, order_of(consultation, visit), visit.speech), post)


async def _list_of_options(house: House, visit: Visit, consultation: Consultation) -> bool:
    definition = consultation.definition
    order = order_of(consultation, visit)
    numbers = (*order, *sorted(definition.asides.difference(order)))
    words = {option.number: option.text for option in definition.options}
    card = Card(
        (
            headline(consultation, visit.speech),
            visit.speech.line("plain", text=how_sentence(definition, visit.speech)),
            until_line(consultation, visit.speech),
        )
    )
    menu = tuple(MenuChoice(number, words[number], Action("v", consultation.number, str(number))) for number in numbers)
    state = {"ballot": consultation.number, "menu": saved_menu(menu)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    place = Place(house.messenger(visit.account.ref.platform).buttons)
    full = with_poll_in_private(card, consultation, place, numbers)
    return await privately(house, visit, full, menu=menu, open_chat=True)


async def _to_write_on(house: House, visit: Visit, consultation: Consultation) -> bool:
    state = {"ballot": consultation.number}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    card = written_paper(consultation, order_of(consultation, visit), visit.speech)
    return await privately(house, visit, card, open_chat=True)


def _begun(tx: Transaction, visit: Visit, consultation: Consultation) -> Paper:
    """A new paper, filled in as the ballot on record; the one this same visit began, when it comes again."""
    name = hashlib.sha256(visit.key.encode()).hexdigest()[:6]
    found = kept(tx.dialogue(visit.account.id) or {}, consultation.number, name)
    if found is not None:
        return found
    begun = Paper(name, tx.ballot_of(consultation.number, visit.account.id))
    keep(tx, visit, consultation.number, begun)
    return begun


def kept(dialogue: Mapping[str, Any], number: int, name: str) -> Paper | None:
    """The paper of that name that the dialogue is about, None if it is about anything else."""
    found = dialogue.get("paper")
    if dialogue.get("ballot") != number or not found or found["name"] != name:
        return None
    return restored(found["name"], found["draft"], found["at"], found["reviewing"])


def keep(tx: Transaction, visit: Visit, number: int, filled: Paper, **more: Any) -> None:
    """Save the paper; the dialogue is about it from now on."""
    tx.set_dialogue(visit.account.id, {"ballot": number, "paper": saved(filled), **more})
