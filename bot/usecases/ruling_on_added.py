"""What organisers decide about options that voters propose: accept, refuse with a reason, hide while nobody chose it.

An accepted option gets the next permanent number and stays: ballots may name it from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.added_options import AddedOption, AddedState, Decision, Ruling, must_have_room, next_number
from bot.domain.authority import Act
from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text
from bot.ports import Person, Pressed, Reply
from bot.store import Account, Transaction
from bot.text.added_options import decisions, proposal_card
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised, moderates
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import menu_of, sentence
from bot.usecases.vote import voice

Settle = Callable[[Transaction, Consultation, AddedOption], AddedOption]


def growing(tx: Transaction, number: int, lock: bool = False) -> Consultation:
    """The consultation, if voters may add options to it. Raises Refusal `no-added-options`."""
    consultation = tx.consultation(number, lock=lock)
    if consultation.definition.add_options is None:
        raise Refusal("no-added-options", number=str(number))
    return consultation


def put_on_card(tx: Transaction, consultation: Consultation, added: AddedOption, at: datetime) -> AddedOption:
    """Make the proposal an option of its consultation, under the number it had or the next one."""
    number = consultation.number
    option = added.number or next_number(consultation.definition, tx.added_options.proposals(number))
    done = tx.added_options.accept(number, added.entry, option, at)
    tx.record(at, "option-added", {"option": option, "text": done.text}, number)
    tx.touch(number)
    return done


async def shows_waiting(house: House, visit: Visit, number: int) -> bool:
    """Show an organiser the oldest proposal that waits, with what can be decided; False for anyone else, or if none
    waits."""
    await house.store.read(lambda tx: growing(tx, number))
    if not await moderates(house, visit, number):
        return False
    page = await _next_page(house, visit, number)
    if page is not None:
        await show(house, visit, page)
    return page is not None


async def _next_page(house: House, visit: Visit, number: int) -> Page | None:
    def query(tx: Transaction) -> tuple[Consultation, AddedOption | None]:
        waiting = (one for one in tx.added_options.proposals(number) if one.state is AddedState.WAITING)
        return tx.consultation(number), next(waiting, None)

    consultation, added = await house.store.read(query)
    if added is None:
        return None
    card = proposal_card(number, added, visit.speech)
    full = Card((headline(consultation, visit.speech), *card.blocks))
    return Page(full, f"add-{number}", menu_of(*decisions(number, added, visit.speech)))


# -- what is pressed and typed -----------------------------------------------------------------------------------------
async def decide(house: House, visit: Visit, number: int, decision: Decision) -> None:
    """`accept 3`, `refuse 3 reason`, `hide 5 reason`. Raises what each of them does."""
    match decision.ruling:
        case Ruling.ACCEPT:
            await accept(house, visit, number, decision.about)
        case Ruling.REFUSE:
            await refuse(house, visit, number, decision.about, decision.reason)
        case Ruling.HIDE:
            await hide(house, visit, number, decision.about, decision.reason)


async def accept_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button "accept" of a proposal."""
    return await accept(house, visit, action.number, _entry(action), pressed)


async def refuse_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button "refuse" of a proposal: the reason is asked next."""
    number, entry = action.number, _entry(action)
    await authorised(house, visit, number, Act.MODERATE)
    added = await house.store.read(lambda tx: tx.added_options.proposal(number, entry))
    _must_wait(number, added)
    card = sentence(visit.speech, "added.ask-reason", number=str(number), text=added.text)
    dialogue = {"ask": "adding", "number": number, "refuse": entry}
    return await show(house, visit, Page(card, f"add-{number}", dialogue=dialogue), pressed)


def _entry(action: Action) -> int:
    if not (action.argument.isascii() and action.argument.isdigit() and len(action.argument) <= 6):
        raise Refusal("expired-button")
    return int(action.argument)


# -- the decisions -----------------------------------------------------------------------------------------------------
async def accept(house: House, visit: Visit, number: int, entry: int, pressed: Pressed | None = None) -> Reply:
    """Put a proposal on the card, also one that was refused or hidden before. Raises Refusal `organisers-only`,
    `no-added-options`, `proposal-decided`, `too-many-options`, and those of `must_be_open`."""

    def settle(tx: Transaction, consultation: Consultation, found: AddedOption) -> AddedOption:
        if found.state is AddedState.ACCEPTED:
            raise Refusal("proposal-decided", entry=str(entry), number=str(number))
        if found.state is not AddedState.WAITING:
            must_have_room(consultation.definition, tx.added_options.proposals(number))
        return put_on_card(tx, consultation, found, visit.at)

    added = await _settle(house, visit, number, lambda tx: tx.added_options.proposal(number, entry), settle)
    await _tell_proposer(house, visit, number, added, "added.yours-accepted")
    return await _told(house, visit, number, "added.accepted", added, pressed)


async def refuse(house: House, visit: Visit, number: int, entry: int, reason: str) -> None:
    """Refuse a proposal that waits, for a reason its proposer is told. Raises Refusal `organisers-only`,
    `no-added-options`, `refuse-option-needs-reason`, `proposal-decided`, and those of `must_be_open`."""
    await authorised(house, visit, number, Act.MODERATE)
    if not reason.strip():
        raise Refusal("refuse-option-needs-reason", number=str(number), entry=str(entry))
    why = clean_text(reason)

    def settle(tx: Transaction, consultation: Consultation, found: AddedOption) -> AddedOption:
        _must_wait(number, found)
        tx.record(visit.at, "option-refused", {"proposal": entry, "reason": why}, number)
        return tx.added_options.dismiss(number, entry, AddedState.REFUSED, why)

    added = await _settle(house, visit, number, lambda tx: tx.added_options.proposal(number, entry), settle)
    await _tell_proposer(house, visit, number, added, "added.yours-refused")
    await _told(house, visit, number, "added.refused", added)


async def hide(house: House, visit: Visit, number: int, option: int, reason: str) -> None:
    """Take an added option off the card, as long as no ballot names it. Raises Refusal `organisers-only`,
    `no-added-options`, `hide-option-needs-reason`, `not-an-added-option`, `option-chosen-already`, and those of
    `must_be_open`."""
    await authorised(house, visit, number, Act.MODERATE)
    if not reason.strip():
        raise Refusal("hide-option-needs-reason", number=str(number), option=str(option))
    why = clean_text(reason)

    def settle(tx: Transaction, consultation: Consultation, found: AddedOption) -> AddedOption:
        if found.state is not AddedState.ACCEPTED:
            raise Refusal("not-an-added-option", option=str(option), number=str(number))
        if tx.added_options.is_chosen(number, option):
            raise Refusal("option-chosen-already", option=str(option), number=str(number))
        tx.record(visit.at, "option-hidden", {"option": option, "reason": why}, number)
        tx.touch(number)
        return tx.added_options.dismiss(number, found.entry, AddedState.HIDDEN, why)

    added = await _settle(house, visit, number, lambda tx: _option(tx, number, option), settle)
    await _tell_proposer(house, visit, number, added, "added.yours-hidden")
    await _told(house, visit, number, "added.hidden", added)


def _option(tx: Transaction, number: int, option: int) -> AddedOption:
    for one in tx.added_options.proposals(number):
        if one.number == option:
            return one
    raise Refusal("not-an-added-option", option=str(option), number=str(number))


def _must_wait(number: int, added: AddedOption) -> None:
    if added.state is not AddedState.WAITING:
        raise Refusal("proposal-decided", entry=str(added.entry), number=str(number))


async def _settle(
    house: House, visit: Visit, number: int, find: Callable[[Transaction], AddedOption], settle: Settle
) -> AddedOption:
    """Decide once for this message about a proposal of an open consultation."""
    await authorised(house, visit, number, Act.MODERATE)

    def work(tx: Transaction) -> AddedOption:
        consultation = growing(tx, number, lock=True)
        must_be_open(consultation, visit.at)
        found = find(tx)
        return settle(tx, consultation, found) if tx.first_time(f"{visit.key}/added") else found

    added = await house.store.write(work)
    house.memory.forget(number)
    house.nudge(number)
    return added


async def _told(
    house: House, visit: Visit, number: int, key: str, added: AddedOption, pressed: Pressed | None = None
) -> Reply:
    """Tell the organiser; where proposals are answered by numbers, the next one that waits is shown too."""
    facts = {"number": str(number), "option": str(added.number or ""), "text": added.text}
    reply = await show(house, visit, Page(sentence(visit.speech, key, **facts), f"add-{number}"), pressed)
    page = None
    if visit.private and not house.messenger(visit.account.ref.platform).buttons:
        page = await _next_page(house, visit, number)
    if page is not None:
        await show(house, visit, page)
    return reply


async def _tell_proposer(house: House, visit: Visit, number: int, added: AddedOption, key: str) -> None:
    """Tell whoever proposed it in private, once, what became of it; also after a crash."""
    delivery, account = f"{visit.key}/proposer", added.account
    if account is None or account == visit.account.id:
        return

    def query(tx: Transaction) -> tuple[Account | None, Consultation]:
        return None if tx.was_seen(delivery) else tx.account_by_id(account), tx.consultation(number)

    proposer, consultation = await house.store.read(query)
    if proposer is None:
        return
    messenger = house.messengers.get(proposer.ref.platform)
    if messenger is not None:
        speech = await voice(house, Person(proposer.ref, ""), consultation)
        facts = {"number": str(number), "option": str(added.number or ""), "text": added.text, "reason": added.why}
        card = Card((headline(consultation, speech), speech.line(key, **facts)))
        await messenger.whisper(proposer.ref, card, delivery, open_chat=True)
    await house.store.write(lambda tx: tx.first_time(delivery))
