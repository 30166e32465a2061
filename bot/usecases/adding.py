"""Adding an option to an open poll: by command, in reply to the card, or asked for in private.

Whoever may vote may propose. The room is told which option was added, never by whom;
the organisers we know of are told in private that something waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.added_options import (
    AddedOption,
    AddedState,
    decision_in,
    must_be_within_limits,
    must_have_room,
    read_added,
    read_date,
)
from bot.domain.consultation import Consultation
from bot.domain.date_options import Slot
from bot.domain.debate.model import Review
from bot.domain.grammar import Command, numbered
from bot.ports import Person, Said
from bot.store import Account, Transaction
from bot.text.added_options import decisions, proposal_card
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.dates import slot_words
from bot.usecases import admission, ruling_on_added
from bot.usecases.debate.alerting import known_organisers, voice_to, write_to
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.house import House, Visit
from bot.usecases.ruling_on_added import growing, put_on_card
from bot.usecases.steer import moderates
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import answer, menu_of, sentence


async def command(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/add 12 text`: a proposal; `/add 12 accept 3`, `refuse 3 reason`, `hide 5 reason`: an organiser's decision;
    `/add 12` alone: what waits, to an organiser, else the question which option is missing."""
    number, rest = numbered(typed)
    decision = decision_in(rest)
    if decision is not None:
        await ruling_on_added.decide(house, visit, number, decision)
    elif rest.strip():
        await add(house, visit, number, rest)
    elif not await ruling_on_added.shows_waiting(house, visit, number):
        await ask(house, visit, number)


async def ask(house: House, visit: Visit, number: int) -> None:
    """Ask in private for the text of the option (the button, or its link). Raises what `add` does before it."""
    consultation = await _may_add(house, visit, number)
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, {"ask": "adding", "number": number}))
    card = Card((headline(consultation, visit.speech), visit.speech.line("added.ask-text", number=str(number))))
    await answer(house, visit, card, start=f"add-{number}")


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Take what was written in private: the text that was asked for, or the reason of a refusal."""
    number = int(dialogue["number"])
    match dialogue:
        case {"refuse": int(entry)}:
            await ruling_on_added.refuse(house, visit, number, entry, text)
        case _:
            await add(house, visit, number, text)
    # Only now: words that a crash cut off mean the same when they come again.
    await house.store.write(lambda tx: _forget_question(tx, visit.account.id, number))


def _forget_question(tx: Transaction, account: int, number: int) -> None:
    dialogue = tx.dialogue(account) or {}
    if dialogue.get("ask") == "adding" and dialogue.get("number") == number:
        tx.set_dialogue(account, {"ballot": number})


async def add(house: House, visit: Visit, number: int, text: str) -> None:
    """Take a proposal: an option at once where that is the rule or an organiser writes it, else once one accepted it.

    Among dates the text is one, kept in the words of the card. Raises Refusal `no-added-options`,
    `one-proposal-at-a-time`, `added-options-limit`, `too-many-options`, those of `read_added`, `read_date` and
    `must_be_open`, and the one that says why the person may not vote.
    """
    consultation = await _may_add(house, visit, number)
    exempt = await moderates(house, visit, number)
    at_once = exempt or consultation.definition.add_options is Review.AFTER

    def work(tx: Transaction) -> AddedOption | None:
        fresh = growing(tx, number, lock=True)
        must_be_open(fresh, visit.at)
        existing = tx.added_options.proposals(number)
        if not tx.first_time(f"{visit.key}/add"):
            return next((one for one in reversed(existing) if one.account == visit.account.id), None)
        slot = _date(house, tx, fresh, text, visit) if fresh.definition.dates else None
        typed = slot_words(slot, _own_speech(house, tx, fresh, visit)) if slot else text
        option = read_added(typed, fresh.definition, existing, number)
        must_have_room(fresh.definition, existing)
        if not exempt:
            must_be_within_limits(existing, visit.account.person)
        added = tx.added_options.propose(number, visit.account.id, option, slot)
        return put_on_card(tx, fresh, added, visit.at) if at_once else added

    added = await house.store.write(work)
    house.memory.forget(number)
    house.nudge(number)
    if added is not None:
        await _acknowledge(house, visit, number, added)
        await _tell_organisers(house, visit, number, added)


def _date(house: House, tx: Transaction, consultation: Consultation, text: str, visit: Visit) -> Slot:
    assert consultation.closes_at is not None
    zone = _own_speech(house, tx, consultation, visit).zone
    return read_date(text, consultation.definition, zone=zone, now=visit.at, closes_at=consultation.closes_at)


def _own_speech(house: House, tx: Transaction, consultation: Consultation, visit: Visit) -> Speech:
    """The voice of the consultation's card, in which its dates are worded."""
    zone = tx.organisation(consultation.organisation).time_zone
    return house.speech(consultation.definition.language, zone, visit.account.ref.platform)


async def _may_add(house: House, visit: Visit, number: int) -> Consultation:
    consultation = await house.store.read(lambda tx: growing(tx, number))
    must_be_open(consultation, visit.at)
    await admission.check_may_vote(house, Person(visit.account.ref, visit.account.name), number)
    return consultation


async def _acknowledge(house: House, visit: Visit, number: int, added: AddedOption) -> None:
    facts = {"number": str(number), "text": added.text, "option": str(added.number or "")}
    key = "added.proposed" if added.state is AddedState.WAITING else "added.on-card"
    await answer(house, visit, sentence(visit.speech, key, **facts))


async def _tell_organisers(house: House, visit: Visit, number: int, added: AddedOption) -> None:
    """Tell the organisers we know of, once, and never who proposed; also when a crash came between."""
    key = f"warn:{number}:added-{added.entry}"

    def query(tx: Transaction) -> tuple[Setting, tuple[Account, ...]]:
        setting = setting_of(tx, number)
        return setting, () if tx.was_seen(key) else known_organisers(tx, setting)

    setting, organisers = await house.store.read(query)
    for organiser in organisers:
        if organiser.id == visit.account.id:
            continue
        speech = voice_to(house, setting, organiser)
        if added.state is AddedState.WAITING:
            card = proposal_card(number, added, speech)
            await write_to(house, setting, organiser, card, menu_of(*decisions(number, added, speech)), key)
        elif added.state is AddedState.ACCEPTED:
            facts = {"number": str(number), "option": str(added.number), "text": added.text}
            await write_to(house, setting, organiser, sentence(speech, "added.shown", **facts), (), key)
    await house.store.write(lambda tx: tx.first_time(key))
