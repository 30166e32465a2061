"""Contributing to a debate: an argument, a question, a proposal, a point of order, a reply.

Whatever way it came, a contribution is read, looked up among those that resemble it,
and stored once; then its author is told its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.debate.contributions import limit, read_contribution
from bot.domain.debate.likeness import similar
from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Deed,
    NewArgument,
    Review,
    Signing,
)
from bot.domain.debate.phases import allowed
from bot.domain.debate.signing import signature
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Person, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.debate.arguments import KINDS, kind_of
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.which import Debate, debate_of, prefix
from bot.usecases.gathering import hides_name, rooms_by_id
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import must_be_open, take_part
from bot.usecases.tell import menu_of, privately, sentence

COMPARED = frozenset({ArgumentKind.FOR, ArgumentKind.AGAINST, ArgumentKind.QUESTION, ArgumentKind.PROPOSAL})
"""The kinds among which repetitions are looked for."""

_ALIVE = frozenset({ArgumentState.PUBLISHED, ArgumentState.PENDING, ArgumentState.MODERATED})
"""What counts towards the most that a member may contribute: what they took back or saw refused doesn't."""

_UNLIMITED = frozenset({ArgumentKind.ORDER, ArgumentKind.COMMENT})
"""What is no contribution to the substance, and may be said by whoever used up theirs."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants to contribute to a debate, as typed, and the argument it answers."""

    number: int
    kind: ArgumentKind
    text: str = ""
    parent: int | None = None

    def saved(self) -> dict[str, Any]:
        """The wish as a dialogue keeps it."""
        return {"number": self.number, "kind": self.kind.value, "text": self.text, "parent": self.parent}

    @staticmethod
    def restored(kept: Mapping[str, Any]) -> Wish:
        """The wish that a dialogue kept."""
        return Wish(int(kept["number"]), ArgumentKind(kept["kind"]), str(kept["text"]), kept["parent"])


@dataclass(frozen=True, slots=True)
class _Read:
    """A wish that can be granted: its debate, its words as they will stand, and what they resemble."""

    debate: Debate
    text: str
    source: str
    alike: tuple[Argument, ...]


async def contribute(house: House, visit: Visit, wish: Wish, key: str, *, sure: bool = False) -> Reply:
    """Store the contribution, once for each `key`, and tell its author; what it resembles is shown before, unless they
    are `sure`. Raises the refusals of the phase, of the text, and of taking part."""
    who = Person(visit.account.ref, visit.account.name)
    read = await house.store.read(lambda tx: _read(tx, wish, key, visit.at))
    alias = await take_part(house, who, wish.number)
    if read is not None and read.alike and not sure:
        return await _show_alike(house, visit, wish, read, alias, key)
    signed = await _signature(house, visit, wish.number, alias)
    stored = await house.store.write(lambda tx: _store(tx, visit, wish, alias, signed, key))
    house.nudge(wish.number)
    if stored is not None:
        await _tell(house, visit, wish.number, stored)
    return Reply()


def _read(tx: Transaction, wish: Wish, key: str, at: datetime) -> _Read | None:
    """The wish as it can be granted; None when it was granted before."""
    if tx.was_seen(key):
        return None
    debate = admitting(tx, wish, at)
    text, source = read_contribution(wish.text, debate.rules)
    existing: Sequence[Argument] = ()
    if wish.kind in COMPARED:
        published = tx.debates.arguments(wish.number, states={ArgumentState.PUBLISHED})
        existing = [one for one in published if one.kind is wish.kind]
    return _Read(debate, text, source, similar(text, existing))


def admitting(tx: Transaction, wish: Wish, at: datetime, lock: bool = False) -> Debate:
    """The debate, in which the wish is in order now. Raises the Refusal that says why it is not."""
    debate = debate_of(tx, wish.number, lock=lock)
    must_be_open(debate.consultation, at)
    deed = deed_of(wish)
    if deed is not None:
        allowed(debate.rules, debate.course, deed, debate.consultation.closes_at)
    if wish.parent is not None:
        parent = tx.debates.argument(wish.number, wish.parent)
        if parent.state is not ArgumentState.PUBLISHED:
            raise Refusal("argument-gone", argument=str(wish.parent))
    return debate


def deed_of(wish: Wish) -> Deed | None:
    """What the phase must switch on for this; None for a point of order, which is always in order."""
    match wish.kind:
        case ArgumentKind.ORDER:
            return None
        case ArgumentKind.QUESTION:
            return Deed.ASK
        case ArgumentKind.COMMENT:
            return Deed.COMMENT
        case _:
            return Deed.ARGUE if wish.parent is None else Deed.REPLY


def permits(debate: Debate, deed: Deed | None) -> bool:
    """Whether the phase switches this on now."""
    try:
        if deed is not None:
            allowed(debate.rules, debate.course, deed)
    except Refusal:
        return False
    return True


def _store(tx: Transaction, visit: Visit, wish: Wish, alias: int, signed: str, key: str) -> Argument | None:
    """Store it under the debate's next number; for a key that came before, what was stored then, if it still stands."""
    mine = [one for one in tx.debates.arguments(wish.number) if one.alias == alias]
    if not tx.first_time(key):
        return _stored_before(mine, wish)
    debate = admitting(tx, wish, visit.at, lock=True)
    text, source = read_contribution(wish.text, debate.rules)
    if wish.kind not in _UNLIMITED:
        limit(debate.rules, sum(one.state in _ALIVE and one.kind not in _UNLIMITED for one in mine))
    waits = debate.rules.review is Review.BEFORE
    new = NewArgument(
        alias=alias, kind=wish.kind, text=text, signature=signed, at=visit.at, stage=debate.course.stage,
        state=ArgumentState.PENDING if waits else ArgumentState.PUBLISHED, source=source, parent=wish.parent,
        room=visit.room.id if visit.room is not None else None,
    )  # fmt: skip
    stored = tx.debates.add_argument(wish.number, new)
    tx.touch(wish.number)
    dialogue = tx.dialogue(visit.account.id) or {}
    if dialogue.get("ask") == "debate":
        done = {"ask": "debate", "step": "done", "wish": wish.saved(), "key": key}
        tx.set_dialogue(visit.account.id, done)
    return stored


def _stored_before(mine: Sequence[Argument], wish: Wish) -> Argument | None:
    """What the same words made when they came first; None once they were reworded."""
    alike = (
        one for one in reversed(mine) if one.kind is wish.kind and " ".join(wish.text.split()).startswith(one.text)
    )
    return next(alike, None)


async def _signature(house: House, visit: Visit, number: int, alias: int) -> str:
    """The words shown beside what this participant writes; no name for whoever takes part without showing theirs."""
    debate = await house.store.read(lambda tx: debate_of(tx, number))
    speech = house.speech(debate.consultation.definition.language, visit.speech.zone.key, visit.account.ref.platform)
    pseudonym = speech.say("debate.pseudonym", number=str(alias))
    if debate.rules.signing is Signing.NAME and visit.room is None:
        rooms = await house.store.read(lambda tx: rooms_by_id(tx, debate.consultation.rooms))
        if await hides_name(house, visit.account.ref, rooms):
            return pseudonym
    return signature(debate.rules, visit.account.name, pseudonym)


async def _show_alike(house: House, visit: Visit, wish: Wish, read: _Read, alias: int, key: str) -> Reply:
    """Show what the words resemble, with the ways to go on; nothing is stored."""
    speech = visit.speech
    lines = [
        speech.line("debate.alike", number=str(one.number), text=one.text, kind=kind_of(one, speech))
        for one in read.alike
    ]
    weigh = permits(read.debate, Deed.WEIGH)
    supports = [one.number for one in read.alike if weigh and one.alias != alias]
    menu = menu_of(
        *(
            (speech.say("button.support-number", number=str(one)), Action("sup", wish.number, str(one)))
            for one in supports
        ),
        (speech.say("button.publish-anyway"), Action("sure", wish.number)),
        (speech.say("button.write-anew"), Action("again", wish.number)),
    )
    dialogue = {"ask": "debate", "step": "alike", "wish": wish.saved(), "key": key, "after": visit.key}
    card = Card((speech.line("debate.alike-title"), *lines, speech.line("debate.alike-how")))
    return await show(house, visit, Page(card, f"arg-{wish.number}", menu, dialogue))


async def _tell(house: House, visit: Visit, number: int, argument: Argument) -> None:
    """Tell the author its number and how to change it, in private alone: the room reads it on the card."""
    named = await house.store.read(lambda tx: prefix(tx, visit, number))
    key = "debate.received" if argument.state is ArgumentState.PENDING else "debate.published"
    facts = {"argument": str(argument.number), "named": named, "kind": visit.speech.say(KINDS[argument.kind])}
    await privately(house, visit, sentence(visit.speech, key, **facts), open_chat=True)
