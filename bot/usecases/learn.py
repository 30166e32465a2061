"""Learning how votes are counted: the methods, one of them, or what others would have found in the same ballots.

Nothing here changes anything, and nothing here is a result.
"""

from __future__ import annotations

from bot.domain import vocabulary
from bot.domain.casting import must_take_ballots
from bot.domain.consultation import BallotType, Consultation, Method, State
from bot.domain.counting.otherwise import Other, otherwise, read_by
from bot.domain.grammar import Command, numbered
from bot.domain.methods import METHODS_OF
from bot.domain.refusals import Refusal
from bot.domain.words import shown
from bot.ports import Said
from bot.store import Transaction
from bot.text.lessons import TAUGHT, compared, lesson, methods_list
from bot.usecases.consult import say, visible
from bot.usecases.house import House, Visit

_ENDED = frozenset({State.CLOSED, State.CERTIFIED, State.ANSWERED})


async def learn(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/learn`: the methods; `/learn METHOD`: how one works; `/learn N`: the same ballots by other methods, after the
    closing."""
    asked = command.rest.strip()
    if not asked:
        for card in methods_list(visit.room_speech):
            await say(house, visit, card)
        return
    method = _method(asked)
    if method is not None:
        await say(house, visit, lesson(method, visit.room_speech))
        return
    if not any(character.isdecimal() for character in asked):
        words = tuple(each.value for each in TAUGHT)
        raise Refusal("learn-unknown-method", said=shown(asked), methods=words)
    number, _ = numbered(command)
    await _compare(house, visit, number)


def _method(word: str) -> Method | None:
    """The method a word names: its own name, or that of the ballot it usually counts."""
    found = vocabulary.value("method", word)
    ballot = vocabulary.value("ballot", word)
    method = Method(found) if found else METHODS_OF[BallotType(ballot)][0] if ballot else None
    return method if method in TAUGHT else None


async def _compare(house: House, visit: Visit, number: int) -> None:
    facts = await visible(house, visit, number)
    must_take_ballots(facts.consultation)
    if facts.consultation.state not in _ENDED:
        raise Refusal("learn-before-closing", number=str(number))
    if not read_by(facts.consultation.definition):
        raise Refusal("learn-one-way", number=str(number))
    found = await house.store.read(lambda tx: _found(tx, facts.consultation))
    if not found:
        raise Refusal("learn-nothing-to-count", number=str(number))
    await say(house, visit, compared(facts.concluded, found, visit.room_speech))


def _found(tx: Transaction, consultation: Consultation) -> list[Other]:
    return otherwise(consultation.definition, tx.tally(consultation.number))
