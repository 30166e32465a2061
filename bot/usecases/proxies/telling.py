"""Telling people what became of a proxy: owed in the transaction that changed it, written when it is sent.

Nothing is told once the vote is over: whose vote was whose is erased then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.proxies import LIVE, NOTICE, Proxy, Word, notice_in
from bot.store import Account
from bot.text.proxies import Held, notice_card
from bot.usecases.house import House
from bot.usecases.letters import Letter, Writes
from bot.usecases.linking import voice_of
from bot.usecases.proxies import days
from bot.usecases.proxies.names import name_of
from bot.usecases.proxies.offering import vote_for
from bot.usecases.tell import Menu, menu_of


async def letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """What became of a proxy; with the button that opens the giver's paper where their vote can be cast now."""
    notice = notice_in(facts)
    consultation = await house.store.read(lambda tx: tx.consultation(notice.number))
    if consultation.state not in LIVE:
        return None
    name, voice = await house.store.read(lambda tx: name_of(tx, notice.about)), await voice_of(house, to)
    menu: Menu = ()
    if notice.word is Word.OPENS and house.messenger(to.ref.platform).buttons:
        menu = menu_of(vote_for(Held(Proxy(notice.number, notice.about, to.person), name), voice))
    return Letter((notice_card(consultation, notice.word, name, voice),), menu)


WRITES: Mapping[str, Writes] = {NOTICE: letter, days.TAKEN: days.taken_letter}
"""Who writes each kind of notice."""
