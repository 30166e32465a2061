"""Proxies for a day: all the votes of an organisation in which people can vote on that day, also those that open later.

Each vote they cover has a proxy of its own from then on, which can be taken back or
cancelled like any other; what the giver decided for one vote alone stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.proxies import (
    LIVE,
    REVOKE,
    DayProxy,
    Notice,
    Proxy,
    Word,
    concerns,
    day_in,
    must_be_able_to_hold,
    must_be_free_to_give,
)
from bot.domain.refusals import Refusal
from bot.domain.words import fold
from bot.ports import Pressed, Reply
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.proxies import day_asked_card, day_code_card, day_given_card, day_line, day_taken_card
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.linking import voice_of
from bot.usecases.membership import code_hash, new_code
from bot.usecases.parts import parts
from bot.usecases.proxies.giving import take_back, way
from bot.usecases.proxies.names import name_of, person_of
from bot.usecases.proxies.owing import owe
from bot.usecases.tell import menu_of
from bot.usecases.voters import suspended_in

TAKEN = "proxy-day-taken"
"""The kind of the notice that somebody took one's votes of a day."""

OPENED = "opened"
"""The act of the notices that are owed at the opening, which happens once."""


async def about(house: House, visit: Visit, number: int, typed: str) -> None:
    """`/proxy today`, `/proxy 5 December`: a code to give the votes of that day away; with `revoke` after it, they are
    taken back. `number` is the organisation's. Raises Refusal `proxy-day-unknown`, `proxy-none-given-day`,
    `proxy-giver-holds-day`, and those of `dates.moment`."""
    organisation = await house.store.read(lambda tx: tx.organisation(number))
    zone = ZoneInfo(organisation.time_zone)
    words = typed.split()
    revokes = len(words) > 1 and fold(words[-1]) in REVOKE
    said = " ".join(words[:-1] if revokes else words)
    day = day_in(said, now=visit.at, zone=zone, language=visit.speech.language)
    if revokes:
        await show(house, visit, Page(await _revoked(house, visit, number, day), "proxy-0"))
        return
    code = new_code()
    given, name = await house.store.write(lambda tx: _offered(tx, visit, number, day, code_hash(code)))
    if given is None:
        card = day_code_card(day, organisation.name, code, way(house, visit, code), visit.speech)
    else:
        card = Card((day_line(given, name, visit.speech, mine=True),))
    undo = Action("pxdundo", number, day.isoformat())
    menu = menu_of((visit.speech.say("button.proxy-revoke"), undo))
    await show(house, visit, Page(card, "proxy-0", menu))


def _offered(tx: Transaction, visit: Visit, number: int, day: date, hashed: str) -> tuple[DayProxy | None, str]:
    person = person_of(tx, visit)
    given = tx.proxies.day_of(number, day, person)
    if given is not None and given.holder is not None:
        return given, name_of(tx, given.holder)
    if any(each.holder == person for each in _of_day(tx, number, day)):
        raise Refusal("proxy-giver-holds-day")
    tx.proxies.offer_day(number, day, person, hashed)
    return None, ""


def _of_day(tx: Transaction, organisation: int, day: date) -> list[DayProxy]:
    return [each for each in tx.proxies.days(organisation) if each.day == day]


async def _revoked(house: House, visit: Visit, number: int, day: date) -> Card:
    """Take the day's votes back, but for those that were cast."""

    def work(tx: Transaction) -> None:
        person = person_of(tx, visit)
        if not tx.first_time(f"{visit.key}/revoke"):
            return
        if tx.proxies.day_of(number, day, person) is None:
            raise Refusal("proxy-none-given-day")
        tx.proxies.drop_day(number, day, person)
        mine = [each for each in tx.proxies.concerning(person) if each.giver == person and each.day == day]
        over = [each for each in mine if not each.used and tx.consultation(each.number).state in LIVE]
        for each in over:
            take_back(tx, each, visit.key, visit.at)

    await house.store.write(work)
    house.memory.owes_notices = True
    return Card((visit.speech.line("proxy.revoked-day"),))


async def revoke_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button that takes the votes of a day back. Raises Refusal `expired-button`."""
    try:
        day = date.fromisoformat(action.argument)
    except ValueError:
        raise Refusal("expired-button") from None
    return await show(house, visit, Page(await _revoked(house, visit, action.number, day), "proxy-0"), pressed)


# ── taking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(proxy: DayProxy, organisation: str, giver: str, visit: Visit) -> Card:
    """What whoever brings the code is asked to accept."""
    return day_asked_card(proxy.day, organisation, giver, visit.speech)


async def take(house: House, visit: Visit, pressed: Pressed, proxy: DayProxy, giver: str) -> Reply:
    """Take the votes of the day: of what is announced or open now, all or none.

    Raises Refusal `proxy-holder-gave-day`, `proxy-code-used`, and those of `must_be_able_to_hold`.
    """
    covered = await house.store.write(lambda tx: _taken(tx, visit, proxy))
    house.memory.owes_notices = True
    card = day_taken_card(proxy.day, giver, covered, visit.speech)
    return await show(house, visit, Page(card, "proxy-0"), pressed)


def _taken(tx: Transaction, visit: Visit, proxy: DayProxy) -> list[Consultation]:
    person = person_of(tx, visit)
    fresh = tx.proxies.day_of(proxy.organisation, proxy.day, proxy.giver)
    zone = ZoneInfo(tx.organisation(proxy.organisation).time_zone)
    over = visit.at.astimezone(zone).date() > proxy.day
    if over or fresh is None or fresh.holder not in {None, person}:
        raise Refusal("proxy-code-used")
    own = tx.proxies.day_of(proxy.organisation, proxy.day, person)
    if own is not None and own.holder is not None:
        raise Refusal("proxy-holder-gave-day")
    if any(each.holder == proxy.giver for each in _of_day(tx, proxy.organisation, proxy.day)):
        raise Refusal("proxy-code-used")
    taking = replace(fresh, holder=person)
    live = [tx.consultation(each.number, lock=True) for each in _live(tx, proxy)]
    covered = [each for each in live if _covers(tx, each, taking)]
    tx.proxies.give_day(taking)
    if fresh.holder is None:
        facts = {"day": proxy.day.isoformat(), "organisation": proxy.organisation}
        for account in tx.members.accounts_of(proxy.giver):
            tx.owe(account.id, TAKEN, facts, f"{visit.key}/day/{account.id}", visit.at)
    return covered


def _live(tx: Transaction, proxy: DayProxy) -> list[Consultation]:
    """What is announced or open on the day in the organisation's rooms and admits proxies, in order."""
    zone = ZoneInfo(tx.organisation(proxy.organisation).time_zone)
    rooms = [room.id for room in tx.rooms_of(proxy.organisation)]
    found = tx.consultations(rooms=rooms, states=LIVE, limit=1_000)
    fit = (each for each in found if each.definition.proxies is not None and concerns(each, proxy.day, zone))
    return sorted(fit, key=lambda each: each.number)


def _covers(tx: Transaction, consultation: Consultation, proxy: DayProxy) -> bool:
    """Give the holder this one vote too, unless the giver has decided about it; whether they hold it now."""
    number, rule = consultation.number, consultation.definition.proxies
    assert proxy.holder is not None
    giver, holder = (tx.proxies.side(number, each) for each in (proxy.giver, proxy.holder))
    if rule is None or giver.voted:
        return False
    if giver.gave is not None and giver.gave.holder is not None:
        return giver.gave.holder == proxy.holder
    must_be_free_to_give(number, giver)
    must_be_able_to_hold(number, rule, giver, holder)
    tx.proxies.drop(number, proxy.giver)
    tx.proxies.give(Proxy(number, proxy.giver, proxy.holder, day=proxy.day))
    return True


async def taken_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """Who took the giver's votes of the day, and which ones as of now; nothing once they are taken back."""

    def query(tx: Transaction) -> tuple[DayProxy, str, list[Consultation]] | None:
        proxy = tx.proxies.day_of(int(facts["organisation"]), date.fromisoformat(facts["day"]), to.person)
        if proxy is None or proxy.holder is None:
            return None
        held = {each.number for each in tx.proxies.concerning(to.person) if each.holder == proxy.holder}
        return proxy, name_of(tx, proxy.holder), [each for each in _live(tx, proxy) if each.number in held]

    found = await house.store.read(query)
    if found is None:
        return None
    proxy, name, covered = found
    return Letter((day_given_card(proxy.day, name, covered, await voice_of(house, to)),))


# ── a vote opens ─────────────────────────────────────────────────────────────────────────────────────────────────────


def settle(tx: Transaction, opened: Consultation, at: datetime) -> None:
    """At the opening, in its transaction: what was given for the day counts here too, who was suspended has no part in
    it, and whoever votes for others is to be told that they can."""
    if opened.definition.proxies is None:
        return
    for part in parts(tx, opened):
        zone = ZoneInfo(tx.organisation(part.organisation).time_zone)
        for each in tx.proxies.days(part.organisation):
            if concerns(opened, each.day, zone):
                _count_in(tx, opened, each, at)
        _leave_out(tx, opened, suspended_in(tx, part), at)
    for proxy in tx.proxies.every(opened.number):
        assert proxy.holder is not None
        owe(tx, proxy.holder, Notice(opened.number, proxy.giver, Word.OPENS), OPENED, at)


def _count_in(tx: Transaction, opened: Consultation, proxy: DayProxy, at: datetime) -> None:
    try:
        _covers(tx, opened, proxy)
    except Refusal:
        owe(tx, proxy.giver, Notice(opened.number, proxy.giver, Word.LEFT_OUT), OPENED, at)


def _leave_out(tx: Transaction, opened: Consultation, suspended: frozenset[int], at: datetime) -> None:
    for proxy in tx.proxies.every(opened.number):
        if suspended.intersection({proxy.giver, proxy.holder}):
            take_back(tx, proxy, OPENED, at)
            if proxy.giver not in suspended:
                owe(tx, proxy.giver, Notice(opened.number, proxy.giver, Word.LEFT_OUT), OPENED, at)
