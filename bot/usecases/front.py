"""The door: everything that reaches the bot comes through here, and every no and every mishap is answered here.

It returns after the commit, never before. A Refusal becomes one clear sentence; a
bug becomes a reference that the log explains, without the ballot.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable

from bot.domain.added_options import proposed
from bot.domain.consultation import Kind
from bot.domain.grammar import Command, parse
from bot.domain.ids import Action, PostRef
from bot.domain.refusals import Refusal
from bot.domain.words import fold
from bot.ports import BotMoved, Edited, Incoming, MemberMoved, Pressed, Reply, RoomMoved, Said, Spoke
from bot.store import Post
from bot.text.catalogue import Speech
from bot.usecases import (
    accepting,
    adding,
    dialogues,
    membership,
    poll_answers,
    read_by_room,
    reasons,
    replies,
    typed_codes,
    vote,
)
from bot.usecases.accepting import YES
from bot.usecases.arriving import visit_of
from bot.usecases.commands import obey
from bot.usecases.debate import entry as debate
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions
from bot.usecases.presses import press
from bot.usecases.sealed import casting as sealed
from bot.usecases.taking_part import MustAcceptError
from bot.usecases.tell import answer, chosen, refusal_card, sentence
from bot.usecases.throttle import Throttle

log = logging.getLogger(__name__)

SPOKEN_OF = frozenset(
    {"v", "w", "mine", "f", "sv", "paper", "contest", "addyes", "addno", *debate.ACTIONS, *opinions.ACTIONS}
)
"""The verbs of buttons whose number is a consultation's, in whose language their refusals are told."""


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
            case Spoke():
                await self._quietly(debate.spoke(self._house, incoming), "a message in a debate")
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
            return await self._press(pressed)
        except Refusal as refusal:
            speech = await self._voice(pressed)
            words = speech.say(f"refusal.{refusal.code}", **refusal.facts)
            return Reply(vote.toast(words), alert=True)

    async def _press(self, pressed: Pressed) -> Reply:
        try:
            return await press(self._house, pressed)
        except MustAcceptError:
            if await accepting.by_pressing(self._house, pressed):
                return await press(self._house, pressed)
            speech = await self._voice(pressed)
            return Reply(vote.toast(speech.say("debate.accept-by-pressing")), alert=True, asks_acceptance=True)

    async def _voice(self, pressed: Pressed) -> Speech:
        house = self._house
        try:
            consultation = None
            if pressed.action is not None and pressed.action.verb in SPOKEN_OF:
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
        except MustAcceptError:
            return await accepting.ask(self._house, visit, said)
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
            await read_by_room.heard(self._house, visit, said.text)
            raise Refusal(f"speaker-{said.speaker}")
        command = parse(said.text)
        if command is not None:
            return await obey(self._house, visit, said, command)
        if visit.file is not None:
            await dialogues.take_file(self._house, visit, said)
            return Reply()
        if visit.private and said.poll is not None:
            return await obey(self._house, visit, said, Command(Kind.POLL.value))
        if visit.private:
            return await self._private_words(visit, said)
        if said.reply_to is not None:
            return await self._reply_in_room(visit, said)
        return Reply()

    async def _private_words(self, visit: Visit, said: Said) -> Reply:
        """Words in private: a number of the menu, the answer to a question, or "yes"."""
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        waiting = await accepting.waiting(self._house, visit, said, dialogue)
        if waiting is not None:
            return await self._accepted(visit, waiting)
        if fold(said.text) in YES and await sealed.confirmed(self._house, visit, dialogue):
            return Reply()
        action = chosen(dialogue.get("menu") or {}, said.text)
        if action is not None:
            return await self._menu(visit, said, action)
        match dialogue:
            case {"ask": "accept", "options": _} if fold(said.text) in YES:
                return await vote.accept(self._house, visit, said.who, dict(dialogue))
            case {"ballot": int(number)}:
                return await self._ballot(visit, said, number)
        if await dialogues.take(self._house, visit, said, dialogue):
            return Reply()
        return await self._reply_or_help(visit, said)

    async def _accepted(self, visit: Visit, waiting: Said) -> Reply:
        """Do what was typed before the rules were accepted."""
        reply = await self._understand_or_refuse(await visit_of(self._house, waiting), waiting)
        await accepting.done(self._house, visit)
        return reply

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
            if await typed_codes.alone(self._house, visit, said.text):
                return Reply()
            raise Refusal("not-understood")
        return await self._reply_in_room(visit, said)

    async def _post_at(self, ref: PostRef) -> Post | None:
        return await self._house.store.read(lambda tx: tx.post_at(ref))

    async def _reply_in_room(self, visit: Visit, said: Said) -> Reply:
        """A reply to one of our messages: a ballot if that message is a consultation's, "yes" if we asked for it."""
        post = await self._post_at(said.reply_to) if said.reply_to else None
        dialogue = await self._house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
        waiting = await accepting.waiting(self._house, visit, said, dialogue)
        if waiting is not None:
            return await self._accepted(visit, waiting)
        if dialogue.get("ask") == "accept" and "options" in dialogue and fold(said.text) in YES:
            return await vote.accept(self._house, visit, said.who, dict(dialogue))
        return await self._about(visit, said, post.number) if post is not None else Reply()

    async def _about(self, visit: Visit, said: Said, number: int) -> Reply:
        """A reply about a consultation: what it means depends on its kind."""
        consultation = await self._house.store.read(lambda tx: tx.consultation(number))
        match consultation.definition.kind:
            case Kind.DEBATE:
                return await debate.replied(self._house, visit, said, consultation) or Reply()
            case Kind.OPINIONS:
                return await opinions.replied(self._house, visit, said, consultation) or Reply()
            case _:
                return await self._ballot(visit, said, number)

    async def _ballot(self, visit: Visit, said: Said, number: int) -> Reply:
        consultation = await self._house.store.read(lambda tx: tx.consultation(number))
        if await typed_codes.for_ballot(self._house, visit, consultation, said.text):
            return Reply()
        wanted = proposed(said.text, consultation.definition)
        if wanted is not None:
            await adding.add(self._house, visit, number, wanted)
            return Reply()
        gesture = await reasons.ballot_in(self._house, visit, consultation, said.text)
        if gesture is None:
            return Reply()
        return await vote.typed(self._house, visit, said.who, number, gesture)

    async def _edited(self, edited: Edited) -> None:
        """Someone edited or deleted the message of a ballot: unless it was an answer in a poll of the platform's own,
        the ballot stays, and they are told how to change it."""
        if not await self._house.store.read(lambda tx: tx.was_seen(edited.original) and not tx.was_seen(edited.key)):
            return
        said = Said(edited.key, edited.at, edited.who, edited.room, "", private=edited.private)
        visit = await visit_of(self._house, said)
        if not await poll_answers.taken_back(self._house, visit, edited):
            await answer(self._house, visit, sentence(visit.speech, "edited.changes-nothing"))


def _reference() -> str:
    """A short reference that leads from what a person was told to the line in the log."""
    return secrets.token_hex(2).upper()
