"""What is written in private while the bot waits for an answer: it goes to whatever asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.refusals import Refusal
from bot.ports import Said
from bot.usecases import adding, contesting, guide, reasons, roll_import, setup, steer
from bot.usecases.create import go_on
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions
from bot.usecases.proxies import casting
from bot.usecases.sealed import verify

Asked = Mapping[str, Any]
Take = Callable[[House, Visit, Said, Asked], Awaitable[object]]


async def take(house: House, visit: Visit, said: Said, dialogue: Asked) -> bool:
    """Take the answer to what the dialogue asks; False when it asks nothing, or nothing these words could answer."""
    takes = TAKES.get(dialogue.get("ask", ""))
    return takes is not None and await takes(house, visit, said, dialogue) is not False


async def take_file(house: House, visit: Visit, said: Said) -> None:
    """Take a document, which only an import asks for. Raises Refusal `file-unasked` when none is under way."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    if dialogue.get("ask") != "roll":
        raise Refusal("file-unasked")
    await roll_import.take(house, visit, dialogue, said.text)


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


async def _verify(house: House, visit: Visit, said: Said, dialogue: Asked) -> None:
    await verify.take(house, visit, said.text)


TAKES: Mapping[str, Take] = {
    "setup": _setup,
    "create": _words(guide.take),
    "tie": _words(steer.decide_tie),
    "adding": _words(adding.words),
    "contest": _words(contesting.words),
    "reason": _reason,
    "proxy": casting.words,
    "roll": _words(roll_import.take),
    "verify": _verify,
    "debate": debate.words,
    "opinions": opinions.words,
}
"""Who takes the answer to each question, by the word of its `ask`; what returns False could not."""
