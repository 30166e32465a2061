"""The door: everything that reaches the bot comes through here, and every no and every mishap is answered here.

It returns after the commit, never before. A Refusal becomes one clear sentence; a
bug becomes a reference that the log explains, without the ballot.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable

from bot.domain.answers import answer as read_answer
from bot.domain.grammar import parse
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import fold
from bot.ports import BotMoved, Edited, Incoming, MemberMoved, Pressed, Reply, RoomMoved, Said
from bot.store import Post, Transaction
from bot.text.catalogue import Speech
from bot.usecases import guide, membership, setup, steer, vote
from bot.usecases.arriving import visit_of
from bot.usecases.commands import obey
from bot.usecases.create import go_on
from bot.usecases.house import House, Visit
from bot.usecases.presses import press
from bot.usecases.tell import answer, chosen, refusal_card, sentence

log = logging.getLogger(__name__)

YES = frozenset({"oui", "yes", "ok", "d accord", "j accepte", "i accept"})
"""Words (folded) that accept the rules after a typed ballot."""


class Front:
    """The one way in."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __call__(self, incoming: Incoming) -> Reply:
        """Handle what reached us; what it changed is committed when this returns. Raises nothing for what people do."""
        match incoming:
            case Pressed():
                return await self._pressed(incoming)
            case Said():
                await self._said(incoming)
            case Edited():
                await self._quietly(self._edited(incoming), "an edit")
            case MemberMoved():
                await self._quietly(membership.member_moved(self._house, incoming), "a member's move")
            case BotMoved():
                await self._quietly(membership.bot_moved(self._house, incoming), "the bot's move")
            case RoomMoved():
                await self._quietly(membership.room_moved(self._house, incoming), "a room's move")
        return Reply()

    async def _quietly(self, work: Awaitable[None], what: str) -> None:
        """Carry out what nobody waits for; a failure is logged and the next sweep or message mends it."""
        try:
            await work
        except Refusal as refusal:
            log.info("%s was refused: %s", what, refusal.code)
        except Exception:
            log.exception("%s could not be handled", what)

    async def _pressed(self, pressed: Pressed) -> Reply:
        try:
            return await press(self._house, pressed)
        except Refusal as refusal:
            speech = await self._voice(pressed)
            words = speech.say(f"refusal.{refusal.code}", **refusal.facts)
            return Reply(vote.toast(words), alert=True)
        except Exception:
            reference = _reference()
            log.exception("a press could not be handled, reference %s", reference)
            speech = await self._voice(pressed)
            return Reply(vote.toast(speech.say("failure.press", reference=reference)), alert=True)

    async def _voice(self, pressed: Pressed) -> Speech:
        house = self._house
        try:
            consultation = None
            if pressed.action is not None and pressed.action.verb in {"v", "w", "mine"}:
                consultation = await vote.consultation_seen(house, pressed.action.number)
            return await vote.voice(house, pressed.who, consultation)
        except Exception:
            # The database is away: an answer in the instance's language is better than none.
            log.exception("the language of an answer could not be read")
            return house.speech(house.defaults.language, house.defaults.time_zone, pressed.who.account.platform)

    async def _said(self, said: Said) -> None:
        if said.speaker == "bot":
            return
        try:
            visit = await visit_of(self._house, said)
        except Exception:
            log.exception("a message could not be handled")
            return
        try:
            await self._understand(visit, said)
        except Refusal as refusal:
            await answer(self._house, visit, refusal_card(refusal, visit.speech))
        except Exception:
            reference = _reference()
            log.exception("a message could not be handled, reference %s", reference)
            await answer(self._house, visit, sentence(visit.speech, "failure.message", reference=reference))

    async def _understand(self, visit: Visit, said: Said) -> None:
        if said.speaker != "person":
            raise Refusal(f"speaker-{said.speaker}")
        command = parse(said.text)
        if command is not None:
            await obey(self._house, visit, said, command)
        elif visit.private:
            await self._private_words(visit, said)
        elif said.reply_to is not None:
            await self._reply_in_room(visit, said)

    async def _private_words(self, visit: Visit, said: Said) -> None:
        """Words in private: a number of the menu, the answer to a question, or "yes"."""
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        action = chosen(dialogue.get("menu") or {}, said.text)
        if action is not None:
            await self._menu(visit, said, action)
            return
        match dialogue:
            case {"ask": "setup"}:
                draft = await setup.take(self._house, visit, dialogue, said.text)
                if draft is not None:
                    await go_on(self._house, visit, draft, yes=bool(dialogue.get("yes")))
            case {"ask": "create"}:
                await guide.take(self._house, visit, dialogue, said.text)
            case {"ask": "tie"}:
                await steer.decide_tie(self._house, visit, dialogue, said.text)
            case {"ask": "accept"} if fold(said.text) in YES:
                await vote.accept(self._house, visit, said.who, dict(dialogue))
            case {"ballot": int(number)}:
                await self._ballot(visit, said, number)
            case _:
                await self._reply_or_help(visit, said)

    async def _menu(self, visit: Visit, said: Said, action: Action) -> None:
        """A typed number is the same as pressing that button; its toast is said as a message."""
        if action.verb == "v":
            consultation = await self._house.store.read(lambda tx: tx.consultation(action.number))
            gesture = read_answer(said.text, consultation.definition.options)
            await vote.typed(self._house, visit, said.who, action.number, gesture)
            return
        pressed = Pressed(said.key, said.at, said.who, said.room, action, private=True)
        reply = await press(self._house, pressed)
        if reply.toast:
            await answer(self._house, visit, sentence(visit.speech, "plain", text=reply.toast))

    async def _reply_or_help(self, visit: Visit, said: Said) -> None:
        if said.reply_to is not None and await self._post_at(said) is not None:
            await self._reply_in_room(visit, said)
            return
        raise Refusal("not-understood")

    async def _post_at(self, said: Said) -> Post | None:
        reply_to = said.reply_to
        if reply_to is None:
            return None

        def query(tx: Transaction) -> Post | None:
            return tx.post_at(reply_to)

        return await self._house.store.read(query)

    async def _reply_in_room(self, visit: Visit, said: Said) -> None:
        """A reply to one of our messages: a ballot if that message is a consultation's, "yes" if we asked for it."""
        post = await self._post_at(said)
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        if dialogue.get("ask") == "accept" and fold(said.text) in YES:
            await vote.accept(self._house, visit, said.who, dict(dialogue))
        elif post is not None:
            await self._ballot(visit, said, post.number)

    async def _ballot(self, visit: Visit, said: Said, number: int) -> None:
        consultation = await self._house.store.read(lambda tx: tx.consultation(number))
        gesture = read_answer(said.text, consultation.definition.options)
        await vote.typed(self._house, visit, said.who, number, gesture)

    async def _edited(self, edited: Edited) -> None:
        """Someone edited or deleted the message of a ballot: the ballot stays, and they are told how to change it."""
        if not await self._house.store.read(lambda tx: tx.was_seen(edited.original)):
            return
        said = Said(edited.key, edited.at, edited.who, edited.room, "", private=edited.private)
        visit = await visit_of(self._house, said)
        await answer(self._house, visit, sentence(visit.speech, "edited.changes-nothing"))


def _reference() -> str:
    """A short reference that leads from what a person was told to the line in the log."""
    return secrets.token_hex(2).upper()
