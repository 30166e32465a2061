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
from bot.domain.ids import Action, PostRef
from bot.domain.refusals import Refusal
from bot.domain.words import fold
from bot.ports import BotMoved, Edited, Incoming, MemberMoved, Pressed, Reply, RoomMoved, Said
from bot.store import Post
from bot.text.catalogue import Speech
from bot.usecases import guide, membership, replies, setup, steer, vote
from bot.usecases.arriving import visit_of
from bot.usecases.commands import obey
from bot.usecases.create import go_on
from bot.usecases.house import House, Visit
from bot.usecases.presses import press
from bot.usecases.tell import answer, chosen, refusal_card, sentence
from bot.usecases.throttle import Throttle

log = logging.getLogger(__name__)

YES = frozenset({"oui", "yes", "ok", "d'accord", "j'accepte", "i accept"})
"""Words (folded) that accept the rules after a typed ballot."""


class Front:
    """The one way in."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._throttle = Throttle()

    async def __call__(self, incoming: Incoming) -> Reply:
        """Handle what reached us; what it changed is committed when this returns. Raises nothing for what people do."""
        match incoming:
            case Pressed():
                return await self._pressed(incoming)
            case Said():
                return await self._said(incoming)
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
            return await self._press_or_refuse(pressed)
        except Exception:
            reference = _reference()
            log.exception("a press could not be handled, reference %s", reference)
            speech = await self._voice(pressed)
            return Reply(vote.toast(speech.say("failure.press", reference=reference)), alert=True)

    async def _press_or_refuse(self, pressed: Pressed) -> Reply:
        try:
            self._throttle.admit(pressed.who.account, pressed.key, pressed.at)
            return await press(self._house, pressed)
        except Refusal as refusal:
            speech = await self._voice(pressed)
            words = speech.say(f"refusal.{refusal.code}", **refusal.facts)
            return Reply(vote.toast(words), alert=True)

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

    async def _said(self, said: Said) -> Reply:
        if said.speaker == "bot":
            return Reply()
        try:
            if self._is_plain_reply(said) and await replies.counted(self._house, said):
                return Reply()
            visit = await visit_of(self._house, said)
        except Exception:
            log.exception("a message could not be handled")
            await self._apologise(said)
            return Reply()
        try:
            return await self._understand_or_refuse(visit, said)
        except Exception:
            reference = _reference()
            log.exception("a message could not be handled, reference %s", reference)
            await answer(self._house, visit, sentence(visit.speech, "failure.message", reference=reference))
        return Reply()

    @staticmethod
    def _is_plain_reply(said: Said) -> bool:
        """Whether it is a person's answer to a card in a room, and can be nothing but a ballot."""
        answers = said.speaker == "person" and not said.private and said.reply_to is not None
        return answers and not said.text.lstrip().startswith("/") and fold(said.text) not in YES

    async def _understand_or_refuse(self, visit: Visit, said: Said) -> Reply:
        try:
            return await self._understand(visit, said)
        except Refusal as refusal:
            await answer(self._house, visit, refusal_card(refusal, visit.speech))
            return Reply()

    async def _apologise(self, said: Said) -> None:
        """The database is away, so we don't even know who speaks: say where they wrote that nothing was recorded."""
        house = self._house
        speech = house.speech(said.who.language, house.defaults.time_zone, said.room.platform)
        messenger = house.messenger(said.room.platform)
        await messenger.post(said.room, sentence(speech, "failure.database"), f"{said.key}/failure", said.message)

    async def _understand(self, visit: Visit, said: Said) -> Reply:
        if said.speaker != "person":
            raise Refusal(f"speaker-{said.speaker}")
        command = parse(said.text)
        if command is not None:
            return await obey(self._house, visit, said, command)
        if visit.private:
            return await self._private_words(visit, said)
        if said.reply_to is not None:
            return await self._reply_in_room(visit, said)
        return Reply()

    async def _private_words(self, visit: Visit, said: Said) -> Reply:
        """Words in private: a number of the menu, the answer to a question, or "yes"."""
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        action = chosen(dialogue.get("menu") or {}, said.text)
        if action is not None:
            return await self._menu(visit, said, action)
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
                return await vote.accept(self._house, visit, said.who, dict(dialogue))
            case {"ballot": int(number)}:
                return await self._ballot(visit, said, number)
            case _:
                return await self._reply_or_help(visit, said)
        return Reply()

    async def _menu(self, visit: Visit, said: Said, action: Action) -> Reply:
        """A typed number is the same as pressing that button; its toast is said as a message."""
        if action.verb == "v":
            return await self._ballot(visit, said, action.number)
        pressed = Pressed(said.key, said.at, said.who, said.room, action, private=True)
        reply = await press(self._house, pressed)
        if reply.toast:
            await answer(self._house, visit, sentence(visit.speech, "plain", text=reply.toast))
        return Reply()

    async def _reply_or_help(self, visit: Visit, said: Said) -> Reply:
        if said.reply_to is None or await self._post_at(said.reply_to) is None:
            raise Refusal("not-understood")
        return await self._reply_in_room(visit, said)

    async def _post_at(self, ref: PostRef) -> Post | None:
        return await self._house.store.read(lambda tx: tx.post_at(ref))

    async def _reply_in_room(self, visit: Visit, said: Said) -> Reply:
        """A reply to one of our messages: a ballot if that message is a consultation's, "yes" if we asked for it."""
        post = await self._post_at(said.reply_to) if said.reply_to else None
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        if dialogue.get("ask") == "accept" and fold(said.text) in YES:
            return await vote.accept(self._house, visit, said.who, dict(dialogue))
        return await self._ballot(visit, said, post.number) if post is not None else Reply()

    async def _ballot(self, visit: Visit, said: Said, number: int) -> Reply:
        consultation = await self._house.store.read(lambda tx: tx.consultation(number))
        gesture = read_answer(said.text, consultation.definition.options)
        return await vote.typed(self._house, visit, said.who, number, gesture)

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
