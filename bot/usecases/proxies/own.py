"""Whom one votes for, and who votes for one: for `/proxy`, `/mine`, `/status` and **My ballot**."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import Consultation
from bot.domain.ids import AccountRef
from bot.domain.proxies import LIVE
from bot.store import Transaction
from bot.text.card import Block
from bot.text.catalogue import Speech
from bot.text.fitting import in_messages
from bot.text.proxies import day_line, given_line, held_lines
from bot.usecases.house import House, Visit
from bot.usecases.proxies.names import held_by, name_of, person_of
from bot.usecases.tell import answer


async def overview(house: House, visit: Visit) -> None:
    """`/proxy` alone: the proxies one gave and holds, and how to give one."""
    entries = await house.store.read(lambda tx: _entries(tx, visit))
    first = (visit.speech.heading("proxy.title"), *([] if entries else [visit.speech.line("proxy.nothing")]))
    for card in in_messages(first, [*entries, [visit.speech.line("proxy.how")]]):
        await answer(house, visit, card, start="proxy-0")


def _entries(tx: Transaction, visit: Visit) -> list[Sequence[Block]]:
    person, speech = person_of(tx, visit), visit.speech
    numbers = sorted({each.number for each in tx.proxies.concerning(person)}, reverse=True)
    found = [tx.consultation(number) for number in numbers]
    entries: list[Sequence[Block]] = [lines(tx, one, person, speech) for one in found if one.state in LIVE]
    for day in tx.proxies.days_of(person):
        mine = day.giver == person
        entries.append([day_line(day, name_of(tx, day.holder if mine else day.giver), speech, mine=mine)])
    return entries


def lines(tx: Transaction, consultation: Consultation, person: int, speech: Speech) -> list[Block]:
    """What one gave and holds in this consultation; nothing where it admits no proxies."""
    if consultation.definition.proxies is None:
        return []
    given, held = tx.proxies.of_giver(consultation.number, person), held_by(tx, consultation.number, person)
    blocks: list[Block] = []
    if given is not None and consultation.state in LIVE:
        blocks.append(given_line(given, name_of(tx, given.holder), speech))
    return [*blocks, *(held_lines(consultation, held, speech) if held else ())]


def cast_for(tx: Transaction, consultation: Consultation, account: AccountRef) -> bool:
    """Whether somebody else cast the ballot on record for this account's person."""
    known = tx.find_account(account) if consultation.definition.proxies is not None else None
    given = tx.proxies.of_giver(consultation.number, known.person) if known is not None else None
    return given is not None and given.used
