"""What is written in private while the bot waits for an answer: it goes to whatever asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.ports import Said
from bot.usecases import adding, contesting, guide, reasons, roll_import, setup, steer
from bot.usecases.create import go_on
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions

Asked = Mapping[str, Any]
Take = Callable[[House, Visit, Said, Asked], Awaitable[object]]


async def take(house: House, visit: Visit, said: Said, dialogue: Asked) -> bool:
    """Take the answer to what the dialogue asks; False when it asks nothing, or nothing these words could answer."""
    takes = TAKES.get(dialogue.get("ask", ""))
    return takes is not None and await takes(house, visit, said, dialogue) is not False


async def _setup(house: House, visit: Visit, said: Said, dialogue: Asked) -> None:
    draft = await setup.take(house, visit, dialogue, said.text)
    if draft is not None:
        await go_on(house, visit, draft, yes=bool(dialogue.get("yes")))


def _words(takes: Callable[[House, Visit, Asked, str], Awaitable[None]]) -> Take:
    async def taken(house: House, visit: Visit, said: Said, dialogue: Asked) -> None:
        await takes(house, visit, dialogue, said.text)

    return taken


async def _reason(house: House, visit: Visit, said: Said, dialogue: Asked) -> None:
    await reasons.take(house, visit, said.who, dialogue, said.text)


TAKES: Mapping[str, Take] = {
    "setup": _setup,
    "create": _words(guide.take),
    "tie": _words(steer.decide_tie),
    "adding": _words(adding.words),
    "contest": _words(contesting.words),
    "reason": _reason,
    "roll": _words(roll_import.take),
    "debate": debate.words,
    "opinions": opinions.words,
}
"""Who takes the answer to each question, by the word of its `ask`; what returns False could not."""
