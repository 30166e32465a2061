"""The ways into a debate: a command, a reply to its card, or a button and a few questions in private.

Where names are not shown, nothing typed in a room is taken: the room saw who typed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.debate.contributions import read_sign
from bot.domain.debate.model import ArgumentKind, Signing
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed, Reply, Said
from bot.text.card import Card
from bot.usecases.debate.arguing import Wish, admitting, contribute, deed_of, permits
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.which import argument_number, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import check_may_take_part
from bot.usecases.tell import menu_of

TYPED: Mapping[str, ArgumentKind] = {
    "for": ArgumentKind.FOR,
    "against": ArgumentKind.AGAINST,
    "ask": ArgumentKind.QUESTION,
    "propose": ArgumentKind.PROPOSAL,
    "order": ArgumentKind.ORDER,
    "reply": ArgumentKind.REPLY,
    "comment": ArgumentKind.COMMENT,
}
"""What each command contributes."""

OFFERED = (
    ArgumentKind.FOR, ArgumentKind.AGAINST, ArgumentKind.PROPOSAL, ArgumentKind.QUESTION, ArgumentKind.ORDER,
)  # fmt: skip
"""What the dialogue offers, where the phase allows it."""

_BUTTONS: Mapping[ArgumentKind, str] = {
    ArgumentKind.FOR: "button.argue-for",
    ArgumentKind.AGAINST: "button.argue-against",
    ArgumentKind.PROPOSAL: "button.propose",
    ArgumentKind.QUESTION: "button.question",
    ArgumentKind.ORDER: "button.point-of-order",
}
_QUESTIONS: Mapping[ArgumentKind, str] = {
    ArgumentKind.FOR: "debate.ask-for",
    ArgumentKind.AGAINST: "debate.ask-against",
    ArgumentKind.PROPOSAL: "debate.ask-proposal",
    ArgumentKind.QUESTION: "debate.ask-question",
    ArgumentKind.ORDER: "debate.ask-order",
    ArgumentKind.REPLY: "debate.ask-reply",
    ArgumentKind.COMMENT: "debate.ask-comment",
}
_SIGNED: Mapping[Signing, str] = {
    Signing.NAME: "debate.signed-by-name",
    Signing.PSEUDONYM: "debate.signed-by-pseudonym",
    Signing.ANONYMOUS: "debate.signed-by-nobody",
}


async def command(house: House, visit: Visit, said: Said, typed: Command) -> Reply:
    """`/for TEXT` and the like; without a text, the bot asks for it in private."""
    found = await meant(house, visit, said, typed)
    kind, parent, rest = TYPED[typed.name], found.parent, found.rest
    if kind is ArgumentKind.REPLY:
        parent, rest = argument_number(found, typed)
    return await _taken(house, visit, Wish(found.debate.number, kind, rest, parent))


async def replied(house: House, visit: Visit, said: Said, consultation: Consultation) -> Reply | None:
    """`+ text` and the like in a reply to one of our messages; None for words that begin with no sign."""
    kind, parent, rest = read_sign(said.text)
    if kind is None:
        return None
    return await _taken(house, visit, Wish(consultation.number, kind, rest, parent))


async def _taken(house: House, visit: Visit, wish: Wish) -> Reply:
    debate = await house.store.read(lambda tx: debate_of(tx, wish.number))
    hidden = visit.room is not None and debate.rules.signing is not Signing.NAME
    if not wish.text.strip():
        return await ask_text(house, visit, replace(wish, text=""))
    if hidden:
        return await ask_text(house, visit, replace(wish, text=""), key="debate.ask-unseen")
    return await contribute(house, visit, wish, visit.key)


async def pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "add an argument": which kind, then its text. `3` as its argument asks for a reply to #3."""
    if action.argument.isascii() and action.argument.isdigit():
        wish = Wish(action.number, ArgumentKind.REPLY, parent=int(action.argument[:6]))
        return await ask_text(house, visit, wish, pressed=press)
    if action.argument:
        kind = next((one for one in OFFERED if one.value == action.argument), None)
        if kind is None:
            raise Refusal("expired-button")
        return await ask_text(house, visit, Wish(action.number, kind), pressed=press)
    return await ask_kind(house, visit, action.number, press)


async def began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by our link: go on with what was asked, else ask which kind."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    if dialogue.get("step") == "text" and dialogue.get("wish", {}).get("number") == number:
        await ask_text(house, visit, Wish.restored(dialogue["wish"]))
        return
    await ask_kind(house, visit, number)


async def ask_kind(house: House, visit: Visit, number: int, press: Pressed | None = None) -> Reply:
    """Ask what they want to contribute, among what the phase allows."""
    await check_may_take_part(house, Person(visit.account.ref, visit.account.name), number)
    debate = await house.store.read(lambda tx: debate_of(tx, number))
    kinds = [kind for kind in OFFERED if permits(debate, deed_of(Wish(number, kind)))]
    menu = menu_of(*((visit.speech.say(_BUTTONS[kind]), Action("arg", number, kind.value)) for kind in kinds))
    card = Card(
        (
            visit.speech.line("debate.ask-kind", title_text=debate.consultation.definition.title),
            visit.speech.line(_SIGNED[debate.rules.signing]),
        )
    )
    dialogue = {"ask": "debate", "step": "kind", "number": number}
    return await show(house, visit, Page(card, f"arg-{number}", menu, dialogue), press)


async def ask_text(house: House, visit: Visit, wish: Wish, *, key: str = "", pressed: Pressed | None = None) -> Reply:
    """Ask for the words of a contribution in private."""
    await check_may_take_part(house, Person(visit.account.ref, visit.account.name), wish.number)
    debate = await house.store.read(lambda tx: admitting(tx, wish, visit.at))
    speech = visit.speech
    lines = [speech.line(key)] if key else []
    words = speech.line(_QUESTIONS[wish.kind], n=debate.rules.length, number=str(wish.parent or ""))
    card = Card((*lines, words, speech.line("debate.ask-how", n=debate.rules.length)))
    dialogue = {"ask": "debate", "step": "text", "wish": wish.saved(), "after": visit.key}
    return await show(house, visit, Page(card, f"arg-{wish.number}", dialogue=dialogue), pressed)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> bool:
    """Take what was written in private while a contribution was asked for; False when it is nothing of this."""
    match dialogue:
        case {"step": "kind", "number": int(number)}:
            kind, parent, rest = read_sign(text)
            if kind is None:
                raise Refusal("say-which-kind")
            await contribute(house, visit, Wish(number, kind, rest, parent), visit.key)
        case {"step": "text" | "alike", "after": after} if after == visit.key:
            pass  # the words that led here, delivered again: they were answered then
        case {"step": "text" | "alike", "wish": dict(kept)}:
            await contribute(house, visit, replace(Wish.restored(kept), text=text), visit.key)
        case {"step": "done", "wish": dict(kept), "key": str(key)} if key == visit.key:
            await contribute(house, visit, Wish.restored(kept), key)
        case _:
            return False
    return True


async def sure(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """ "Publish all the same": what resembles another argument is stored as it was typed."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    match dialogue:
        case {"ask": "debate", "step": "alike" | "done", "wish": {"number": action.number} as kept, "key": str(key)}:
            return await contribute(house, visit, Wish.restored(kept), key, sure=True)
    raise Refusal("expired-button")


async def again(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """ "Write it anew": the words are asked for again."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    match dialogue:
        case {"ask": "debate", "step": "alike", "wish": {"number": action.number} as kept}:
            return await ask_text(house, visit, Wish.restored(kept), pressed=press)
    raise Refusal("expired-button")
