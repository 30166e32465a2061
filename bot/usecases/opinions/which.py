"""Which opinion map is meant: the one named, the one replied to, else the only one open where the person spoke."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.consultation import Consultation, Kind, State
from bot.domain.debate.contributions import leading
from bot.domain.opinions.model import OpinionRules
from bot.domain.refusals import Missing, Refusal
from bot.domain.words import shown
from bot.ports import Said
from bot.store import Transaction
from bot.usecases.gathering import found_there
from bot.usecases.house import House, Visit

OPEN = frozenset({State.OPEN})
ENDED = frozenset({State.CLOSED, State.CERTIFIED, State.ANSWERED})
"""States in which nothing can be answered any more and everything can be seen."""
LOOKED_AT = 100
"""Consultations of a room, or of a person, among which the one meant is looked for, the newest first."""
NAMED = 5
"""Opinion maps that a question which one is meant lists."""
T = TypeVar("T")
_ITEM = re.compile(r"\s*#?([0-9]{1,6})(?!\w)[\s:.]*")


async def meant(
    house: House, visit: Visit, said: Said, text: str, *, ended: bool = False
) -> tuple[Consultation, int | None, str]:
    """The opinion map a command means, the statement it names with `#3` or `3`, and the rest of its text.

    With `ended` the newest one that is over is meant when none is open. Raises Missing
    `no-such-consultation`, Refusal `not-an-opinion-map`, `no-opinion-map`, `which-opinion-map`.
    """
    named, item, rest = leading(text)
    consultation = await asked(house, visit, named, lambda tx: _meant(tx, visit, said, named, ended))
    return consultation, item, rest


async def asked(house: House, visit: Visit, number: int | None, query: Callable[[Transaction], T]) -> T:
    """What the query finds of the opinion map with this number. In private the platform is asked about someone the bot
    never saw."""
    try:
        return await house.store.read(query)
    except Missing:
        if number is None or not visit.private or not await found_there(house, visit.account, number):
            raise
    return await house.store.read(query)


def item_in(item: int | None, rest: str) -> tuple[int | None, str]:
    """The number of the statement a text begins with (`12`, `#12`), unless one was read before, and what follows."""
    if item is not None:
        return item, rest.strip()
    found = _ITEM.match(rest)
    return (int(found[1]), rest[found.end() :].strip()) if found else (None, rest.strip())


async def instead_of_a_debate(house: House, visit: Visit, said: Said, text: str) -> bool:
    """Whether a command that debates and opinion maps share means an opinion map: one is named or replied to, or is
    open here where no debate is, or was the last to end where nothing is open."""
    named, _, _ = leading(text)

    def query(tx: Transaction) -> bool:
        pointed = _pointed(tx, said, named)
        if pointed is not None:
            found = tx.find_consultation(pointed)
            return found is not None and found.definition.kind is Kind.OPINIONS
        kinds = _kinds(tx, visit, OPEN) or _kinds(tx, visit, ENDED)[:1]
        return Kind.OPINIONS in kinds and Kind.DEBATE not in kinds

    return await house.store.read(query)


def rules_of(consultation: Consultation) -> OpinionRules:
    """The rules of an opinion map."""
    assert consultation.definition.opinions is not None
    return consultation.definition.opinions


def _meant(tx: Transaction, visit: Visit, said: Said, named: int | None, ended: bool) -> Consultation:
    pointed = _pointed(tx, said, named)
    if pointed is not None:
        return visible(tx, visit, pointed)
    found = _maps(tx, visit, OPEN) or (_maps(tx, visit, ENDED)[:1] if ended else [])
    if not found:
        raise Refusal("no-opinion-map")
    if len(found) > 1:
        listed = tuple(f"{one.number} ({shown(one.definition.title)})" for one in found[:NAMED])
        raise Refusal("which-opinion-map", maps=listed, number=str(found[0].number))
    return found[0]


def _kinds(tx: Transaction, visit: Visit, states: frozenset[State]) -> list[Kind]:
    """The kinds of the deliberations in these states, the newest first."""
    kinds = [one.definition.kind for one in _seen(tx, visit, states)]
    return [kind for kind in kinds if kind in {Kind.DEBATE, Kind.OPINIONS}]


def _maps(tx: Transaction, visit: Visit, states: frozenset[State]) -> list[Consultation]:
    return [one for one in _seen(tx, visit, states) if one.definition.kind is Kind.OPINIONS]


def _pointed(tx: Transaction, said: Said, named: int | None) -> int | None:
    """The number named, else that of the consultation whose message is replied to."""
    if named is not None or said.reply_to is None:
        return named
    post = tx.post_at(said.reply_to)
    return post.number if post is not None else None


def visible(tx: Transaction, visit: Visit, number: int) -> Consultation:
    """The opinion map with this number. Raises Missing for one of rooms that don't concern this visit, as for none."""
    found = [one for one in _seen(tx, visit, frozenset(State)) if one.number == number]
    if not found:
        raise Missing("no-such-consultation", number=str(number))
    if found[0].definition.kind is not Kind.OPINIONS:
        raise Refusal("not-an-opinion-map", number=str(number))
    return found[0]


def _seen(tx: Transaction, visit: Visit, states: frozenset[State]) -> Sequence[Consultation]:
    """The published consultations of the room, or in private of the person's rooms and rolls, newest first."""
    published = states - {State.DRAFT}
    room = visit.room
    rooms = {room.id, room.place} if room is not None else set(tx.rooms_with(visit.account.id))
    found = {one.number: one for one in tx.consultations(rooms=rooms, states=published, limit=LOOKED_AT)}
    if room is None:
        entitled = (tx.consultation(number) for number in tx.rights_of(visit.account.id)[:LOOKED_AT])
        found |= {one.number: one for one in entitled if one.state in published}
    return [found[number] for number in sorted(found, reverse=True)]
