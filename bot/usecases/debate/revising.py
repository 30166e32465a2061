"""Rewording one's own contribution, or taking it back: former wordings are kept, and a number is never given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.debate.contributions import may_revise, read_contribution
from bot.domain.debate.model import Argument, ArgumentState, Review
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Card
from bot.usecases.debate.alerting import unread
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.course import restate
from bot.usecases.debate.weighing import numbers_in
from bot.usecases.debate.which import Debate, argument_number, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import answer, menu_of, sentence


async def edit(house: House, visit: Visit, said: Said, typed: Command) -> Reply | None:
    """`/edit 3 TEXT`: a new wording; without a text it is asked for in private."""
    found = await meant(house, visit, said, typed)
    argument, text = argument_number(found, typed)
    if not text.strip():
        return await _ask(house, visit, found.debate.number, argument)
    await _reword(house, visit, found.debate.number, argument, text)
    return None


async def edit_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "reword" of one's own argument."""
    return await _ask(house, visit, action.number, numbers_in(action, 1)[0], press)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> bool:
    """Take the new wording that was asked for; False when none was."""
    match dialogue:
        case {"step": "edit", "number": int(number), "argument": int(argument)}:
            await _reword(house, visit, number, argument, text)
            return True
    return False


async def withdraw(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/withdraw 3`: take one's own argument back; its number stays."""
    found = await meant(house, visit, said, typed)
    argument, _ = argument_number(found, typed)
    await _retract(house, visit, found.debate.number, argument)
    await answer(house, visit, sentence(visit.speech, "debate.retracted", number=str(argument)))


async def withdraw_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "withdraw", which asks once more, for nothing brings it back: `3.1` does it."""
    number = action.number
    if "." not in action.argument:
        argument = numbers_in(action, 1)[0]
        await house.store.read(lambda tx: _own(tx, visit, number, argument))
        menu = menu_of(
            (visit.speech.say("button.withdraw-for-good"), Action("retract", number, f"{argument}.1")),
            (visit.speech.say("button.keep"), Action("one", number, str(argument))),
        )
        card = sentence(visit.speech, "debate.ask-retract", number=str(argument))
        return await show(house, visit, Page(card, f"all-{number}", menu), press)
    argument, _ = numbers_in(action, 2)
    await _retract(house, visit, number, argument)
    card = sentence(visit.speech, "debate.retracted", number=str(argument))
    return await show(house, visit, Page(card, f"all-{number}"), press)


async def _ask(house: House, visit: Visit, number: int, argument: int, press: Pressed | None = None) -> Reply:
    _, found = await house.store.read(lambda tx: _own(tx, visit, number, argument))
    speech = visit.speech
    card = Card(
        (
            speech.line("debate.ask-wording", number=str(argument)),
            speech.line("debate.argument", number=str(argument), text=found.text),
        )
    )
    dialogue = {"ask": "debate", "step": "edit", "number": number, "argument": argument}
    return await show(house, visit, Page(card, f"all-{number}", dialogue=dialogue), press)


async def _reword(house: House, visit: Visit, number: int, argument: int, typed: str) -> None:
    def work(tx: Transaction) -> Argument:
        debate, found = _own(tx, visit, number, argument, lock=True)
        text, source = read_contribution(typed, debate.rules)
        if not tx.first_time(visit.key):
            return found
        if (tx.dialogue(visit.account.id) or {}).get("step") == "edit":
            tx.set_dialogue(visit.account.id, None)
        tx.touch(number)
        revised = tx.debates.revise_argument(number, argument, text, source, visit.at)
        # What is read before publication is read again: else anything could be published by rewording.
        if debate.rules.review is Review.BEFORE and found.state is ArgumentState.PUBLISHED:
            revised = tx.debates.settle_argument(number, argument, ArgumentState.PENDING)
            unread(tx, number, argument)
        restate(house, tx, number, argument, visit.at)
        return revised

    revised = await house.store.write(work)
    house.nudge(number)
    key = "debate.reworded-waits" if revised.state is ArgumentState.PENDING else "debate.reworded"
    await answer(house, visit, sentence(visit.speech, key, number=str(argument)))


async def _retract(house: House, visit: Visit, number: int, argument: int) -> None:
    def work(tx: Transaction) -> None:
        if not tx.first_time(f"{visit.key}/withdraw"):
            return
        _own(tx, visit, number, argument, lock=True)
        tx.debates.settle_argument(number, argument, ArgumentState.WITHDRAWN)
        restate(house, tx, number, argument, visit.at)
        tx.touch(number)

    await house.store.write(work)
    house.nudge(number)


def _own(tx: Transaction, visit: Visit, number: int, argument: int, lock: bool = False) -> tuple[Debate, Argument]:
    """One's own argument in an open debate. Raises `not-your-argument`, `argument-gone`, and those of being open."""
    debate = debate_of(tx, number, lock=lock)
    must_be_open(debate.consultation, visit.at)
    alias = tx.debates.alias_of(number, visit.account.id)
    found = tx.debates.argument(number, argument)
    if alias is None:
        raise Refusal("not-your-argument", argument=str(argument))
    may_revise(found, alias)
    return debate, found
