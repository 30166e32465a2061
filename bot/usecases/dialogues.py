"""What is written in private while the bot waits for an answer: it goes to whatever asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ports import Said
from bot.usecases import guide, setup, steer
from bot.usecases.create import go_on
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions


async def take(house: House, visit: Visit, said: Said, dialogue: Mapping[str, Any]) -> bool:
    """Take the answer to what the dialogue asks; False when it asks nothing, or nothing these words could answer."""
    match dialogue.get("ask"):
        case "setup":
            draft = await setup.take(house, visit, dialogue, said.text)
            if draft is not None:
                await go_on(house, visit, draft, yes=bool(dialogue.get("yes")))
        case "create":
            await guide.take(house, visit, dialogue, said.text)
        case "tie":
            await steer.decide_tie(house, visit, dialogue, said.text)
        case "debate":
            return await debate.words(house, visit, said, dialogue)
        case "opinions":
            await opinions.words(house, visit, said, dialogue)
        case _:
            return False
    return True
