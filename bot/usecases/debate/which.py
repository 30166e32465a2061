"""Which debate is meant by what was typed: the one named, the one replied to, else the only one there is here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.consultation import Consultation, Kind, State
from bot.domain.debate.contributions import leading
from bot.domain.debate.model import Course, DebateRules
from bot.domain.grammar import Command
from bot.domain.ids import PostRef
from bot.domain.refusals import Missing, Refusal
from bot.domain.words import shown
from bot.ports import Said
from bot.store import Transaction
from bot.usecases.gathering import found_there
from bot.usecases.house import House, Visit

NAMED = 5
"""Debates that a question which one is meant lists."""
OPEN = frozenset({State.OPEN})
ENDED = frozenset({State.CLOSED, State.CERTIFIED, State.ANSWERED})
_ARGUMENT = re.compile(r"#?\s?([0-9]{1,6})(?!\w)[:,]?\s*")


@dataclass(frozen=True, slots=True)
class Debate:
    """A debate that has begun: what was declared and where it stands."""

    consultation: Consultation
    rules: DebateRules
    course: Course

    @property
    def number(self) -> int:
        """Its number."""
        return self.consultation.number


@dataclass(frozen=True, slots=True)
class Meant:
    """The debate a command is about, the argument it names first (`#3`), and the rest of what was typed."""

    debate: Debate
    parent: int | None
    rest: str


def debate_of(tx: Transaction, number: int, lock: bool = False) -> Debate:
    """The debate with this number; `lock` when something is about to be contributed to it.

    Raises Missing `no-such-consultation`, Refusal `not-a-debate`, and `not-open-yet` before it began.
    """
    consultation = tx.consultation(number, lock=lock)
    rules = consultation.definition.debate
    if rules is None:
        raise Refusal("not-a-debate", number=str(number))
    course = tx.debates.course(number, lock=lock)
    if course is None:
        raise Refusal("not-open-yet", number=str(number), opens_at=consultation.opens_at)
    return Debate(consultation, rules, course)


async def meant(house: House, visit: Visit, said: Said, command: Command, *, ended: bool = False) -> Meant:
    """What the command is about. With `ended`, when no debate is open, the last one that ended.

    Raises Refusal `which-debate`, `no-debate-open`, and those of `debate_of`.
    """
    named, parent, rest = leading(command.rest)

    def pointed(tx: Transaction) -> int | None:
        return named if named is not None else _replied_to(tx, said.reply_to)

    number = await house.store.read(pointed)
    if number is None:
        debate = await house.store.read(lambda tx: debate_of(tx, _only(here(tx, visit, ended), command)))
        return Meant(debate, parent, rest)
    await _must_be_visible(house, visit, number)
    return Meant(await house.store.read(lambda tx: debate_of(tx, number)), parent, rest)


async def _must_be_visible(house: House, visit: Visit, number: int) -> None:
    """In private the platform is asked about someone the bot never saw; a debate of strangers is as if it were not."""

    def is_seen(tx: Transaction) -> bool:
        return number in {one.number for one in _seen(tx, visit, frozenset(State))}

    if await house.store.read(is_seen):
        return
    there = visit.room is None and await found_there(house, visit.account, number)
    if not there or not await house.store.read(is_seen):
        raise Missing("no-such-consultation", number=str(number))


def here(tx: Transaction, visit: Visit, ended: bool = False) -> Sequence[Consultation]:
    """The open debates that the visit may see; with `ended`, when there is none, the last one that ended."""
    live = [one for one in _seen(tx, visit, OPEN) if one.definition.kind is Kind.DEBATE]
    if live or not ended:
        return live
    return [one for one in _seen(tx, visit, ENDED) if one.definition.kind is Kind.DEBATE][:1]


def argument_number(found: Meant, command: Command) -> tuple[int, str]:
    """The argument a command names, and what follows. Raises Refusal `argument-number-missing`."""
    if found.parent is not None:
        return found.parent, found.rest
    number = _ARGUMENT.match(found.rest)
    if number is None:
        raise Refusal("argument-number-missing", command=command.word)
    return int(number[1]), found.rest[number.end() :]


def prefix(tx: Transaction, visit: Visit, number: int) -> str:
    """What a command must name first for this debate to be meant in private: nothing while it is the only one."""
    return "" if len(here(tx, visit)) < 2 else f"n{number} "


def _only(found: Sequence[Consultation], command: Command) -> int:
    if not found:
        raise Refusal("no-debate-open")
    if len(found) > 1:
        titles = tuple(f"{one.number} ({shown(one.definition.title)})" for one in found[:NAMED])
        raise Refusal("which-debate", debates=titles, command=command.word, number=str(found[0].number))
    return found[0].number


def _replied_to(tx: Transaction, ref: PostRef | None) -> int | None:
    post = tx.post_at(ref) if ref else None
    if post is None or tx.consultation(post.number).definition.kind is not Kind.DEBATE:
        return None
    return post.number


def _seen(tx: Transaction, visit: Visit, states: frozenset[State]) -> Sequence[Consultation]:
    """The published consultations of the room, or in private of the person's rooms and rolls, newest first."""
    states -= {State.DRAFT}
    room = visit.room
    rooms = {room.id, room.place} if room is not None else set(tx.rooms_with(visit.account.id))
    found = {one.number: one for one in tx.consultations(rooms=rooms, states=states)}
    if room is None:
        for number in tx.rights_of(visit.account.id):
            one = tx.consultation(number)
            if one.state in states:
                found[number] = one
    return [found[number] for number in sorted(found, reverse=True) if not _dropped(found[number])]


def _dropped(consultation: Consultation) -> bool:
    """Whether it was given up as a draft, which nobody but its author ever saw."""
    return consultation.state is State.CANCELLED and not consultation.cancelled_because
