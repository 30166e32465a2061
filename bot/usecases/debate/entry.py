"""What is typed and pressed in a debate, and the use case that carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.ports import Pressed, Reply, Said, Spoke
from bot.usecases.debate import (
    asking,
    conclusion,
    floor,
    moderating,
    phases,
    reading,
    reporting,
    revising,
    stance,
    turns,
    weighing,
)
from bot.usecases.house import House, Visit

Obey = Callable[[House, Visit, Said, Command], Awaitable[Reply | None]]
Press = Callable[[House, Visit, Pressed, Action], Awaitable[Reply | None]]
Begin = Callable[[House, Visit, int], Awaitable[None]]
Take = Callable[[House, Visit, Mapping[str, Any], str], Awaitable[bool]]

COMMANDS: Mapping[str, Obey] = {
    "for": asking.command,
    "against": asking.command,
    "ask": asking.command,
    "propose": asking.command,
    "order": asking.command,
    "reply": asking.command,
    "arguments": reading.arguments,
    "support": weighing.support,
    "rate": weighing.rate,
    "edit": revising.edit,
    "withdraw": revising.withdraw,
    "report": reporting.report,
    "hide": moderating.hide,
    "restore": moderating.restore,
    "moderation": moderating.log,
    "floor": floor.floor,
    "next": floor.next_,
    "phase": phases.phase,
    "opinion": stance.opinion,
    "conclusion": conclusion.conclusion,
    "comment": asking.command,
}
"""The commands, by canonical name."""

ACTIONS: Mapping[str, Press] = {
    "arg": asking.pressed,
    "sure": asking.sure,
    "again": asking.again,
    "all": reading.page_pressed,
    "one": reading.one_pressed,
    "sup": weighing.support_pressed,
    "rate": weighing.rate_pressed,
    "three": weighing.three,
    "reword": revising.edit_pressed,
    "retract": revising.withdraw_pressed,
    "report": reporting.report_pressed,
    "queue": moderating.queue_pressed,
    "ok": moderating.publish_pressed,
    "no": moderating.refuse_pressed,
    "floor": floor.pressed,
    "stance": stance.pressed,
    "concl": conclusion.pressed,
}
"""What the buttons do, by verb."""

STARTS: Mapping[str, Begin] = {
    "arg": asking.began,
    "all": reading.pages_began,
    "three": weighing.three_began,
    "queue": moderating.queue_began,
    "stance": stance.began,
    "concl": conclusion.began,
}
"""What the links that open the private chat go on with, by the word before the debate's number (`/start arg-9`)."""

WORDS: tuple[Take, ...] = (
    asking.words,
    revising.words,
    reporting.words,
    moderating.words,
    stance.words,
)
"""Who may have asked what is answered in private: each takes its own dialogue, and tells whether it was."""


async def replied(house: House, visit: Visit, said: Said, consultation: Consultation) -> Reply | None:
    """Take a reply to one of our messages about the consultation; None when it is nothing of ours."""
    return await asking.replied(house, visit, said, consultation)


async def words(house: House, visit: Visit, said: Said, dialogue: Mapping[str, Any]) -> bool:
    """Take what was written in private while a dialogue of ours (`{"ask": "debate"}`) was open; whether it was one."""
    for take in WORDS:
        if await take(house, visit, dialogue, said.text):
            return True
    return False


async def spoke(house: House, incoming: Spoke) -> None:
    """Count what the speaker of a debate wrote in the room."""
    await turns.spoke(house, incoming)
