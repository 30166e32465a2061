"""What each button does: from an action to the use case that carries it out. A button carries no authority."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.ballots import Press, Withdrawal
from bot.domain.grammar import parse
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply, Said
from bot.usecases import (
    brought,
    consult,
    contesting,
    filling,
    guide,
    inviting,
    linked_accounts,
    personal_data,
    roles,
    roll_import,
    ruling_on_added,
    ruling_on_contests,
    seconding,
    steer,
    vote,
)
from bot.usecases.arriving import visit_by_press
from bot.usecases.commands import in_chosen_room
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions
from bot.usecases.proxies import entry as proxies
from bot.usecases.publish import publish
from bot.usecases.sealed import casting as sealed
from bot.usecases.sealed import holding, revealing

Obey = Callable[[House, Visit, Pressed, Action], Awaitable[Reply | None]]


async def press(house: House, pressed: Pressed) -> Reply:
    """Do what the button asks; ballots first and by the shortest way. Raises Refusal `expired-button` for no button."""
    action = pressed.action
    if action is None or pressed.speaker == "bot":
        raise Refusal("expired-button")
    if pressed.speaker != "person":
        raise Refusal(f"speaker-{pressed.speaker}")
    match action.verb:
        case "v":
            return await vote.press(house, pressed, Press(_option(action)))
        case "w":
            return await vote.press(house, pressed, Withdrawal())
        case "mine":
            return await vote.my_ballot(house, pressed)
        case "reg":
            return await vote.register(house, pressed)
    does = ACTIONS.get(action.verb)
    if does is None:
        raise Refusal("expired-button")
    visit = await visit_by_press(house, pressed)
    return await does(house, visit, pressed, action) or Reply()


def _option(action: Action) -> int:
    if not (action.argument.isascii() and action.argument.isdigit() and len(action.argument) <= 4):
        raise Refusal("expired-button")
    return int(action.argument)


async def _publish(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    await publish(house, visit, action.number)


async def _edit(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    what = action.argument.replace("-", "_")
    if what and what not in guide.CHANGES:
        raise Refusal("expired-button")
    await guide.change(house, visit, dialogue, action.number, what)


async def _drop(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    await steer.drop(house, visit, action.number)


async def _charter(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    await consult.charter(house, visit, action.number)


async def _tie(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    await steer.choose_tie(house, visit, action.number, _option(action))


async def _say(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """A value offered by the guided creation."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    value = action.argument.replace(".", "/")
    if dialogue.get("ask") != "create" or value not in guide.OFFERED.get(str(dialogue.get("step")), ()):
        raise Refusal("expired-button")
    await guide.take(house, visit, dialogue, value)


async def _in(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The room chosen for a command said in private."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    command = parse(str(dialogue.get("command", "")))
    if command is None:
        raise Refusal("expired-button")
    poll = brought.restored(dialogue.get("poll"))
    said = Said(pressed.key, pressed.at, pressed.who, visit.chat, "", private=True, poll=poll)
    await in_chosen_room(house, visit, said, command, action.number)


ACTIONS: Mapping[str, Obey] = {
    "pub": _publish,
    "edit": _edit,
    "drop": _drop,
    "charter": _charter,
    "tie": _tie,
    "say": _say,
    "in": _in,
    "f": filling.press,
    "paper": filling.begin,
    "sv": sealed.confirm,
    "share": holding.pressed,
    "reveal": revealing.pressed,
    "untake": roles.take_back_pressed,
    "rollyes": roll_import.confirm,
    "rollno": roll_import.give_up,
    "contest": contesting.pressed,
    "csign": contesting.sign,
    "rule": ruling_on_contests.pressed,
    "agree": seconding.agree,
    "invyes": inviting.accept_pressed,
    "invno": inviting.decline_pressed,
    "addyes": ruling_on_added.accept_pressed,
    "addno": ruling_on_added.refuse_pressed,
    "mydata": personal_data.send_pressed,
    "forget": personal_data.ask_pressed,
    "forgetyes": personal_data.confirmed,
    "forgetno": personal_data.declined,
    "linkyes": linked_accounts.agree,
    "linkno": linked_accounts.disagree,
    "unlink": linked_accounts.remove,
    **proxies.ACTIONS,
    **debate.ACTIONS,
    **opinions.ACTIONS,
}
"""What the other buttons do, by verb."""
