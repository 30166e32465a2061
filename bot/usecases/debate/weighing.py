"""What members make of others' arguments: supporting them, and rating their weight without seeing their author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.debate.contributions import may_weigh
from bot.domain.debate.model import Argument, ArgumentState, Deed
from bot.domain.debate.order import RATED, to_rate
from bot.domain.debate.phases import allowed
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Transaction
from bot.text.debate.arguments import rating_card
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.which import Debate, argument_number, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import check_may_take_part, must_be_open, take_part
from bot.usecases.tell import Choice, answer, sentence
from bot.usecases.vote import toast

SERIES = 3
"""Arguments offered to be rated in a row."""
HEAVIEST = 5
_ALONE = 0
"""The place of an argument rated outside a series."""


@dataclass(frozen=True, slots=True)
class _Supported:
    """What a gesture made of one's support for an argument."""

    argument: Argument
    on: bool


# -- support -----------------------------------------------------------------------------------------------------------
async def support(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/support 3`: support an argument; again: no longer."""
    found = await meant(house, visit, said, typed)
    number, _ = argument_number(found, typed)
    done = await _support(house, visit, found.debate.number, number)
    await answer(house, visit, sentence(visit.speech, _supported(done), number=str(number), n=done.argument.supports))


async def support_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "support": the answer is a toast."""
    done = await _support(house, visit, action.number, numbers_in(action, 1)[0])
    words = visit.speech.say(_supported(done), number=str(done.argument.number), n=done.argument.supports)
    return Reply(toast(words))


def _supported(done: _Supported) -> str:
    return "debate.supporting" if done.on else "debate.no-longer-supporting"


async def _support(house: House, visit: Visit, number: int, argument: int) -> _Supported:
    await house.store.read(lambda tx: _weighable(tx, visit, number, argument))
    alias = await take_part(house, Person(visit.account.ref, visit.account.name), number)

    def work(tx: Transaction) -> _Supported:
        may_weigh(_weighable(tx, visit, number, argument, lock=True), alias)
        on = argument in tx.debates.supported_by(number, alias)
        if tx.first_time(f"{visit.key}/support"):
            on = not on
            tx.debates.support(number, argument, alias, on)
            tx.touch(number)
        return _Supported(tx.debates.argument(number, argument), on)

    done = await house.store.write(work)
    house.nudge(number)
    return done


# -- weight ------------------------------------------------------------------------------------------------------------
async def rate(house: House, visit: Visit, said: Said, typed: Command) -> Reply | None:
    """`/rate 3 4`: the weight of an argument, 1 to 5; `/rate` alone: three arguments to rate, in private."""
    found = await meant(house, visit, said, typed)
    number = found.debate.number
    if found.parent is None and not found.rest:
        return await _offer(house, visit, number, 1)
    argument, rest = argument_number(found, typed)
    if not re.fullmatch("[1-5](/5)?", rest):
        raise Refusal("rate-from-1-to-5", number=str(argument))
    await _rate(house, visit, number, argument, int(rest[0]))
    await answer(house, visit, sentence(visit.speech, "debate.rated", number=str(argument), weight=rest[0]))
    return None


async def three(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "rate three": the first of three arguments, in private."""
    return await _offer(house, visit, action.number, 1, press)


async def three_began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by the link of that button."""
    await _offer(house, visit, number, 1)


async def rate_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """`argument.weight.place`: rate it (0: pass), then the next of the series; `argument` alone: ask its weight."""
    if "." not in action.argument:
        return await _ask(house, visit, action.number, numbers_in(action, 1)[0], press)
    argument, weight, place = numbers_in(action, 3)
    if weight > HEAVIEST or place > SERIES:
        raise Refusal("expired-button")
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    passed = [int(one) for one in dialogue.get("passed", ())]
    if not weight:
        return await _offer(house, visit, action.number, place + 1, press, [*passed, argument])
    await _rate(house, visit, action.number, argument, weight)
    noted = toast(visit.speech.say("debate.rated", number=str(argument), weight=str(weight)))
    if place == _ALONE:
        return Reply(noted)
    return replace(await _offer(house, visit, action.number, place + 1, press, passed), toast=noted)


async def _rate(house: House, visit: Visit, number: int, argument: int, weight: int) -> None:
    await house.store.read(lambda tx: _ratable(tx, visit, number, argument))
    alias = await take_part(house, Person(visit.account.ref, visit.account.name), number)

    def work(tx: Transaction) -> None:
        may_weigh(_ratable(tx, visit, number, argument, lock=True), alias)
        if tx.first_time(f"{visit.key}/rate"):
            tx.debates.rate(number, argument, alias, weight)
            tx.touch(number)

    await house.store.write(work)
    house.nudge(number)


async def _offer(
    house: House, visit: Visit, number: int, place: int, press: Pressed | None = None, passed: Sequence[int] = ()
) -> Reply:
    """Show the next argument to rate, at random among the least rated, leaving out what they passed; after the third,
    ask whether to go on."""
    alias = await check_may_take_part(house, Person(visit.account.ref, visit.account.name), number)

    def query(tx: Transaction) -> tuple[Argument, ...]:
        _weighing(tx, visit, number)
        rated = set(tx.debates.ratings_by(number, alias)) if alias is not None else set()
        published = tx.debates.arguments(number, states={ArgumentState.PUBLISHED})
        return to_rate(published, alias or 0, rated.union(passed), f"{number}/{visit.account.id}", 1)

    found = await house.store.read(query)
    if not found or place > SERIES:
        return await _series_over(house, visit, number, bool(found), press)
    page = _rating(visit, number, found[0], place)
    return await show(house, visit, replace(page, dialogue={"passed": list(passed)}), press)


async def _series_over(house: House, visit: Visit, number: int, more: bool, press: Pressed | None) -> Reply:
    menu = (Choice(1, visit.speech.say("button.three-more"), Action("three", number)),) if more else ()
    key = "debate.rated-three" if more else "debate.rated-all"
    return await show(house, visit, Page(sentence(visit.speech, key), f"three-{number}", menu), press)


async def _ask(house: House, visit: Visit, number: int, argument: int, press: Pressed) -> Reply:
    """Ask the weight of one argument that was chosen."""

    def query(tx: Transaction) -> Argument:
        found = _ratable(tx, visit, number, argument)
        alias = tx.debates.alias_of(number, visit.account.id)
        if alias is not None:
            may_weigh(found, alias)
        return found

    found = await house.store.read(query)
    return await show(house, visit, _rating(visit, number, found, _ALONE), press)


def _rating(visit: Visit, number: int, argument: Argument, place: int) -> Page:
    """The question how strong an argument is: 1 to 5, or to pass in a series."""
    say, sign = visit.speech.say, f"{argument.number}."
    menu = [
        Choice(weight, say(key), Action("rate", number, f"{sign}{weight}.{place}"))
        for weight, key in enumerate(_WEIGHTS, 1)
    ]
    if place != _ALONE:
        menu.append(Choice(len(menu) + 1, say("button.pass"), Action("rate", number, f"{sign}0.{place}")))
    return Page(rating_card(argument, place, SERIES, visit.speech), f"three-{number}", menu)


# -- what must be so ---------------------------------------------------------------------------------------------------
def _weighing(tx: Transaction, visit: Visit, number: int, lock: bool = False) -> Debate:
    debate = debate_of(tx, number, lock=lock)
    must_be_open(debate.consultation, visit.at)
    allowed(debate.rules, debate.course, Deed.WEIGH, debate.consultation.closes_at)
    return debate


def _weighable(tx: Transaction, visit: Visit, number: int, argument: int, lock: bool = False) -> Argument:
    """The argument, in a phase in which arguments are weighed. Raises Refusal `argument-gone` besides those."""
    _weighing(tx, visit, number, lock)
    found = tx.debates.argument(number, argument)
    if found.state is not ArgumentState.PUBLISHED:
        raise Refusal("argument-gone", argument=str(argument))
    return found


def _ratable(tx: Transaction, visit: Visit, number: int, argument: int, lock: bool = False) -> Argument:
    """The same, of a kind that is rated. Raises Refusal `not-to-rate` besides those."""
    found = _weighable(tx, visit, number, argument, lock)
    if found.kind not in RATED:
        raise Refusal("not-to-rate", number=str(argument))
    return found


def numbers_in(action: Action, count: int) -> tuple[int, ...]:
    """The numbers of a button's argument (`3.4.1`). Raises Refusal `expired-button` for anything else."""
    parts = action.argument.split(".")
    if len(parts) != count or not all(re.fullmatch("[0-9]{1,6}", part) for part in parts):
        raise Refusal("expired-button")
    return tuple(int(part) for part in parts)


_WEIGHTS = ("debate.weight-1", "debate.weight-2", "debate.weight-3", "debate.weight-4", "debate.weight-5")
"""The keys of the weights, the lightest first."""
