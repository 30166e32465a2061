"""The code of a proxy comes back: whoever brings it sees whose vote it is, and accepts to cast it or not.

Two who hold as many as they may can't both take one more: the consultation is locked
while it is decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.proxies import DayProxy, Notice, Proxy, Word, must_admit, must_be_able_to_hold
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.proxies import Held, asked_card, taken_card
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.membership import code_hash
from bot.usecases.proxies import days
from bot.usecases.proxies.giving import taken
from bot.usecases.proxies.names import name_of, person_of
from bot.usecases.proxies.offering import vote_for
from bot.usecases.proxies.owing import owe
from bot.usecases.proxies.voting import must_vote
from bot.usecases.tell import Menu, menu_of, sentence


@dataclass(frozen=True, slots=True)
class Found:
    """The proxy of a code, whose vote it is, and the organisation's name; the consultation where it is for one."""

    proxy: Proxy | DayProxy
    giver: str
    organisation: str = ""
    consultation: Consultation | None = None
    mine: bool = False


async def bring(house: House, visit: Visit, code: str) -> None:
    """`/proxy CODE`: whose vote it is, and the question whether one casts it. In a room the code is worth nothing any
    more.

    Raises Refusal `proxy-code-unknown`, `proxy-code-used`, `too-many-codes`, `code-read-by-room`, and those of
    `must_admit`, `must_be_able_to_hold` and `voting.must_vote`.
    """
    if not visit.private:
        await _burnt(house, visit, code)
        raise Refusal("code-read-by-room")
    found = await _looked_up(house, visit, code)
    if isinstance(found.proxy, DayProxy):
        card = days.asked(found.proxy, found.organisation, found.giver, visit)
    else:
        assert found.consultation is not None
        if found.mine:
            await _show_taken(house, visit, found)
            return
        await _check(house, visit, found.consultation, code)
        card = asked_card(found.consultation, found.giver, visit.speech)
    await show(house, visit, Page(card, "proxy-0", _choices(visit, code)))


def _choices(visit: Visit, code: str) -> Menu:
    return menu_of(
        (visit.speech.say("button.proxy-take"), Action("pxyes", 0, code)),
        (visit.speech.say("button.proxy-decline"), Action("pxno", 0, code)),
    )


async def _burnt(house: House, visit: Visit, code: str) -> None:
    """The room read this code, or nobody wants it: nobody can use it; the giver is told that nobody took it."""
    await house.store.write(lambda tx: _burn(tx, visit, code))
    house.memory.owes_notices = True


def _burn(tx: Transaction, visit: Visit, code: str) -> None:
    found = tx.proxies.by_code(code_hash(code))
    if found is None or found.holder is not None:
        return
    if isinstance(found, DayProxy):
        tx.proxies.drop_day(found.organisation, found.day, found.giver)
    else:
        tx.proxies.drop(found.number, found.giver)
        owe(tx, found.giver, Notice(found.number, found.giver, Word.DECLINED), visit.key, visit.at)


async def _looked_up(house: House, visit: Visit, code: str) -> Found:
    found = await house.store.write(lambda tx: _found(tx, visit, code_hash(code)))
    if isinstance(found, Refusal):
        raise found
    return found


def _found(tx: Transaction, visit: Visit, hashed: str) -> Found | Refusal:
    """The proxy of the code; what is refused is returned, for what was noted to stay noted."""
    refusal = guesses_left(tx, visit)
    if refusal is not None:
        return refusal
    proxy, person = tx.proxies.by_code(hashed), person_of(tx, visit)
    if proxy is None or proxy.holder not in {None, person}:
        note_wrong(tx, visit)
        return Refusal("proxy-code-unknown" if proxy is None else "proxy-code-used")
    giver, mine = name_of(tx, proxy.giver), proxy.holder == person
    if proxy.giver == person:
        return Refusal("proxy-own")
    if isinstance(proxy, DayProxy):
        return Found(proxy, giver, tx.organisation(proxy.organisation).name, mine=mine)
    consultation = tx.consultation(proxy.number)
    return Found(proxy, giver, consultation=consultation, mine=mine)


async def _check(house: House, visit: Visit, consultation: Consultation, code: str) -> None:
    """Return if they could take it now, so that nobody is asked in vain."""
    must_admit(consultation, visit.at)
    await must_vote(house, visit, consultation)

    def query(tx: Transaction) -> None:
        _takeable(tx, visit, code_hash(code))

    await house.store.read(query)


def _takeable(tx: Transaction, visit: Visit, hashed: str, lock: bool = False) -> Proxy:
    """The proxy, which this person may take."""
    proxy = tx.proxies.by_code(hashed)
    if not isinstance(proxy, Proxy):
        raise Refusal("proxy-code-unknown")
    rule = must_admit(tx.consultation(proxy.number, lock=lock), visit.at)
    person = person_of(tx, visit)
    if proxy.holder == person:
        return proxy
    # Read again once the consultation is locked: somebody else may have been quicker.
    fresh = tx.proxies.of_giver(proxy.number, proxy.giver)
    if fresh is None:
        raise Refusal("proxy-code-used")
    sides = (tx.proxies.side(proxy.number, each) for each in (proxy.giver, person))
    must_be_able_to_hold(proxy.number, rule, *sides)
    return fresh


async def accept_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button by which somebody accepts to vote in another's place."""
    found = await _looked_up(house, visit, action.argument)
    if isinstance(found.proxy, DayProxy):
        return await days.take(house, visit, pressed, found.proxy, found.giver)
    assert found.consultation is not None
    await must_vote(house, visit, found.consultation)

    def work(tx: Transaction) -> None:
        proxy, person = _takeable(tx, visit, code_hash(action.argument), lock=True), person_of(tx, visit)
        if proxy.holder is None:
            tx.proxies.give(taken(proxy, person))
            owe(tx, proxy.giver, Notice(proxy.number, person, Word.TAKEN), visit.key, visit.at)

    await house.store.write(work)
    house.memory.owes_notices = True
    return await _show_taken(house, visit, found, pressed)


async def _show_taken(house: House, visit: Visit, found: Found, pressed: Pressed | None = None) -> Reply:
    consultation = found.consultation
    assert consultation is not None
    assert isinstance(found.proxy, Proxy)
    card: Card = taken_card(consultation, found.giver, visit.speech)
    menu = menu_of(vote_for(Held(found.proxy, found.giver), visit.speech)) if consultation.takes_ballots else ()
    return await show(house, visit, Page(card, f"proxy-{consultation.number}", menu), pressed)


async def decline_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button by which they don't."""
    await _burnt(house, visit, action.argument)
    card = sentence(visit.speech, "proxy.you-declined")
    return await show(house, visit, Page(card, "proxy-0"), pressed)
