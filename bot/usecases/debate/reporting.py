"""Reporting an argument to the organisers, in private: nobody else learns who did, nor the author that someone did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.debate.model import ArgumentState
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Transaction
from bot.text.opinions.moderation import grounds_of
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.weighing import numbers_in
from bot.usecases.debate.which import Debate, argument_number, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import check_may_take_part, must_be_open, take_part
from bot.usecases.tell import answer, menu_of, sentence

REASON_LIMIT = 200
"""Characters of a reason."""


async def report(house: House, visit: Visit, said: Said, typed: Command) -> Reply | None:
    """`/report 3 reason`; without a reason it is asked for in private."""
    found = await meant(house, visit, said, typed)
    argument, reason = argument_number(found, typed)
    if not reason.strip():
        return await _ask(house, visit, found.debate.number, argument)
    return await _note(house, visit, found.debate.number, argument, reason)


async def report_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "report": why; with the ground's place after a point, report on it."""
    if "." not in action.argument:
        return await _ask(house, visit, action.number, numbers_in(action, 1)[0], press)
    argument, place = numbers_in(action, 2)
    debate = await house.store.read(lambda tx: debate_of(tx, action.number))
    grounds = _grounds(house, debate, visit)
    if not 1 <= place <= len(grounds):
        raise Refusal("expired-button")
    return await _note(house, visit, action.number, argument, grounds[place - 1], press)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> bool:
    """Take the reason that was asked for; False when none was."""
    match dialogue:
        case {"step": "report", "number": int(number), "argument": int(argument)}:
            await _note(house, visit, number, argument, text)
            return True
    return False


async def _ask(house: House, visit: Visit, number: int, argument: int, press: Pressed | None = None) -> Reply:
    await check_may_take_part(house, Person(visit.account.ref, visit.account.name), number)
    debate = await house.store.read(lambda tx: _reportable(tx, visit, number, argument))
    grounds = _grounds(house, debate, visit)
    menu = menu_of(*((ground, Action("report", number, f"{argument}.{at}")) for at, ground in enumerate(grounds, 1)))
    dialogue = {"ask": "debate", "step": "report", "number": number, "argument": argument}
    card = sentence(visit.speech, "moderation.ask-report", number=str(argument))
    return await show(house, visit, Page(card, f"all-{number}", menu, dialogue), press)


async def _note(
    house: House, visit: Visit, number: int, argument: int, typed: str, press: Pressed | None = None
) -> Reply:
    reason = clean_text(typed, REASON_LIMIT)
    alias = await take_part(house, Person(visit.account.ref, visit.account.name), number)

    def work(tx: Transaction) -> None:
        _reportable(tx, visit, number, argument, lock=True)
        if tx.debates.argument(number, argument).alias == alias:
            raise Refusal("own-report", argument=str(argument))
        tx.debates.report(number, argument, alias, reason, visit.at)
        if (tx.dialogue(visit.account.id) or {}).get("step") == "report":
            tx.set_dialogue(visit.account.id, None)

    await house.store.write(work)
    house.nudge(number)
    card = sentence(visit.speech, "moderation.report-noted", number=str(argument))
    if press is not None:
        return await show(house, visit, Page(card, f"all-{number}"), press)
    await answer(house, visit, card)
    return Reply()


def _reportable(tx: Transaction, visit: Visit, number: int, argument: int, lock: bool = False) -> Debate:
    """The open debate in which the argument can be read. Raises Refusal `argument-gone`, and those of being open."""
    debate = debate_of(tx, number, lock=lock)
    must_be_open(debate.consultation, visit.at)
    if tx.debates.argument(number, argument).state is not ArgumentState.PUBLISHED:
        raise Refusal("argument-gone", argument=str(argument))
    return debate


def _grounds(house: House, debate: Debate, visit: Visit) -> tuple[str, ...]:
    language = debate.consultation.definition.language
    return grounds_of(debate.rules, house.speech(language, visit.speech.zone.key, visit.account.ref.platform))
