"""What is typed and pressed in an opinion map, and the use case that carries it out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.debate.contributions import read_sign
from bot.domain.debate.model import ArgumentKind
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.opinions.model import Opinion
from bot.domain.refusals import Refusal
from bot.domain.words import shown
from bot.ports import Person, Pressed, Reply, Said
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import answering, looking, moderating, reviewing, stating
from bot.usecases.opinions.private import led
from bot.usecases.opinions.which import instead_of_a_debate, item_in, meant
from bot.usecases.tell import in_room, invitation

Obey = Callable[[House, Visit, Said, Command], Awaitable[Reply | None]]

START_ANSWERING, START_STATING = "oa", "os"
"""What the links to the private chat begin with (`/start oa-9`)."""
_PAGE = re.compile(r"\s*(?:page\s*)?([0-9]{1,4})\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*n?[^\w\s]?\s*([0-9]{1,6})(?:\s+([0-9]{1,4}))?\s*", re.IGNORECASE)


async def _statement(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/statement TEXT`; without a text it is asked for in private."""
    consultation, item, rest = await meant(house, visit, said, command.rest)
    number = consultation.number
    if rest:
        await stating.state(house, visit, said.who, number, rest if item is None else f"#{item} {rest}")
    elif not await stating.ask(house, visit, said.who, number):
        await in_room(house, visit, invitation(visit, f"{START_STATING}-{number}"))


def _answer(given: Opinion) -> Obey:
    """`/a 12`, `/d 12`, `/p 12`, also `/a 12 disagree`; without a number the next statement is sent in private."""

    async def obeyed(house: House, visit: Visit, said: Said, command: Command) -> None:
        consultation, item, rest = await meant(house, visit, said, command.rest)
        statement, words = item_in(item, rest)
        if statement is not None:
            opinion = answering.opinion_in(words) if words else given
            if opinion is None:
                raise Refusal("opinion-not-understood", said=shown(words))
            await answering.typed(house, visit, said.who, consultation.number, statement, opinion)
        elif words:
            raise Refusal("statement-number-missing", command=command.word)
        else:
            await _lead_to_answers(house, visit, said, consultation.number)

    return obeyed


async def _lead_to_answers(house: House, visit: Visit, said: Said, number: int) -> None:
    if not await answering.ask(house, visit, said.who, number):
        await in_room(house, visit, invitation(visit, f"{START_ANSWERING}-{number}"))


async def _map(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/map`, `/map 9`, `/map 9 2`: the map of opinions in pages."""
    found = _NUMBERED.fullmatch(command.rest)
    named = f"n{found[1]}" if found else command.rest
    consultation, _, _ = await meant(house, visit, said, named, ended=True)
    page = int(found[2]) if found and found[2] else 1
    await looking.show_map(house, visit, consultation.number, page)


def _shared(name: str, mine: Obey, read: Callable[[str], str] = str) -> Obey:
    """A command that debates know too: it is about an opinion map where one is meant, else about a debate."""

    async def obeyed(house: House, visit: Visit, said: Said, command: Command) -> Reply | None:
        if await instead_of_a_debate(house, visit, said, read(command.rest)):
            return await mine(house, visit, said, command)
        return await debate.COMMANDS[name](house, visit, said, command)

    return obeyed


async def _about_statement(house: House, visit: Visit, said: Said, command: Command) -> tuple[Consultation, int, str]:
    """The opinion map, the statement and the rest of the words. Raises Refusal `statement-number-missing`."""
    consultation, item, rest = await meant(house, visit, said, command.rest, ended=True)
    statement, words = item_in(item, rest)
    if statement is None:
        raise Refusal("statement-number-missing", command=command.word)
    return consultation, statement, words


async def _hide(house: House, visit: Visit, said: Said, command: Command) -> None:
    consultation, statement, words = await _about_statement(house, visit, said, command)
    await moderating.hide(house, visit, consultation, statement, words)


async def _restore(house: House, visit: Visit, said: Said, command: Command) -> None:
    consultation, statement, _ = await _about_statement(house, visit, said, command)
    await moderating.restore(house, visit, consultation, statement)


async def _report(house: House, visit: Visit, said: Said, command: Command) -> None:
    consultation, statement, words = await _about_statement(house, visit, said, command)
    await moderating.report(house, visit, said.who, consultation.number, statement, words)


async def _withdraw(house: House, visit: Visit, said: Said, command: Command) -> None:
    consultation, statement, _ = await _about_statement(house, visit, said, command)
    await stating.withdraw(house, visit, said.who, consultation.number, statement)


async def _log(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/moderation`, `/moderation 9`: the public log; to an organiser in private also what waits."""
    consultation, _, _ = await meant(house, visit, said, _named(command.rest), ended=True)
    await moderating.log(house, visit, consultation)


def _named(rest: str) -> str:
    """A plain number as the number of a consultation."""
    found = _NUMBERED.fullmatch(rest)
    return f"n{found[1]}" if found else rest


COMMANDS: Mapping[str, Obey] = {
    "statement": _statement,
    "a": _answer(Opinion.AGREE),
    "d": _answer(Opinion.DISAGREE),
    "p": _answer(Opinion.PASS),
    "map": _map,
    "hide": _shared("hide", _hide),
    "restore": _shared("restore", _restore),
    "report": _shared("report", _report),
    "withdraw": _shared("withdraw", _withdraw),
    "moderation": _shared("moderation", _log, _named),
}
"""The commands, by canonical name. Those that debates know too pass on to them."""


async def _press_ask(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    sent = await answering.ask(house, visit, pressed.who, action.number)
    return led(visit, sent, f"{START_ANSWERING}-{action.number}")


async def _press_state(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    sent = await stating.ask(house, visit, pressed.who, action.number)
    return led(visit, sent, f"{START_STATING}-{action.number}")


ACTIONS: Mapping[str, Callable[[House, Visit, Pressed, Action], Awaitable[Reply | None]]] = {
    "oask": _press_ask,
    "onew": _press_state,
    "oput": answering.press,
    "omap": looking.press_map,
    "omine": looking.press_mine,
    "opub": reviewing.publish,
    "orefuse": reviewing.ask_ground,
    "oground": reviewing.refuse_pressed,
}
"""What the buttons do, by verb."""


async def _start_answering(house: House, visit: Visit, number: int) -> None:
    await answering.ask(house, visit, Person(visit.account.ref, visit.account.name), number)


async def _start_stating(house: House, visit: Visit, number: int) -> None:
    await stating.ask(house, visit, Person(visit.account.ref, visit.account.name), number)


async def _start_map(house: House, visit: Visit, number: int) -> None:
    await looking.show_map(house, visit, number, 1)


async def _start_mine(house: House, visit: Visit, number: int) -> None:
    await looking.show_mine(house, visit, number)


STARTS: Mapping[str, Callable[[House, Visit, int], Awaitable[None]]] = {
    START_ANSWERING: _start_answering,
    START_STATING: _start_stating,
    looking.START_MAP: _start_map,
    looking.START_MINE: _start_mine,
}
"""What our links to the private chat are about (`/start oa-9`), by what they begin with."""


async def replied(house: House, visit: Visit, said: Said, consultation: Consultation) -> Reply | None:
    """Take a reply to one of our messages about the consultation: `+ a statement`, `12 agree`, `a 12`."""
    kind, _, rest = read_sign(said.text)
    if kind is ArgumentKind.FOR and rest:
        await stating.state(house, visit, said.who, consultation.number, rest)
        return None
    statement, opinion = _answer_in(said.text)
    if statement is None or opinion is None:
        raise Refusal("opinion-reply-not-understood", said=shown(said.text))
    await answering.typed(house, visit, said.who, consultation.number, statement, opinion)
    return None


def _answer_in(text: str) -> tuple[int | None, Opinion | None]:
    """The statement and the opinion of `12 agree`, `#12 d'accord`, `a 12`."""
    statement, words = item_in(None, text)
    if statement is not None:
        return statement, answering.opinion_in(words)
    word, _, rest = text.strip().rpartition(" ")
    statement, left = item_in(None, rest)
    return (statement, answering.opinion_in(word)) if not left else (None, None)


async def words(house: House, visit: Visit, said: Said, dialogue: Mapping[str, Any]) -> None:
    """Take what was written in private while a dialogue of ours (`{"ask": "opinions"}`) was open."""
    match dialogue.get("do"):
        case "state":
            await stating.state(house, visit, said.who, int(dialogue["number"]), said.text)
        case "answer":
            await answering.written(house, visit, said.who, dialogue, said.text)
        case "refuse":
            await reviewing.refuse_written(house, visit, dialogue, said.text)
        case _:
            raise Refusal("not-understood")
