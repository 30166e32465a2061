"""The messenger: cards out to Telegram, at the pace Telegram allows.

It knows how a card becomes one or several messages and what to do when Telegram says
no; it decides nothing about what is sent or when to try again. A message of several
parts is named by all of their numbers, `12+13`: the last one carries the buttons.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from adapters.telegram import errors
from adapters.telegram.addresses import in_log
from adapters.telegram.files import Files
from adapters.telegram.floor import Floor
from adapters.telegram.inbound import PLATFORM
from adapters.telegram.markup import CAPTION_LIMIT, TEXT_LIMIT, Piece, keyboard, pieces, pieces_exactly, start_link
from adapters.telegram.pacing import Pacer, Urgency
from adapters.telegram.rooms import Rooms
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Abilities, Delivered, DeliveryKey, Later, Never, Outcome, Roster, SentFile, TypedAnswer
from bot.text.card import Card, File, Image

logger = logging.getLogger(__name__)

SEPARATOR = "+"
UNFINISHED = 1000
"""How many messages of several parts, begun and not finished, are remembered."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_OTHER_KIND = ("no text in the message", "no caption in the message")


@dataclass(frozen=True, slots=True)
class _Part:
    """One message of a card: a text, or a picture or document with what fits below it."""

    piece: Piece
    attached: Image | File | None = None
    buttons: InlineKeyboardMarkup | None = None


class _Common(TypedDict):
    """What every message is sent with."""

    disable_notification: bool
    message_thread_id: int | None
    reply_parameters: ReplyParameters | None
    reply_markup: InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class _Errand:
    """What is to be sent where, and how urgently."""

    room: RoomRef
    card: Card
    key: DeliveryKey
    urgency: Urgency
    reply_to: PostRef | None = None


class TelegramMessenger:
    """`bot.ports.Messenger` on Telegram. `moved` is told when sending shows that a group has a new address."""

    platform = PLATFORM
    buttons = True
    command_sign = "/"
    account_shape = "[1-9][0-9]{0,18}"

    def start_link(self, payload: str) -> str:
        """The `t.me` address."""
        return start_link(self._bot.username, payload)

    def __init__(
        self,
        bot: Bot,
        rooms: Rooms,
        floor: Floor,
        files: Files,
        pacer: Pacer,
        moved: Callable[[RoomRef, RoomRef], None],
    ) -> None:
        self._bot = bot
        self._rooms = rooms
        self._floor = floor
        self._files = files
        self._pacer = pacer
        self._moved = moved
        self._begun: OrderedDict[DeliveryKey, list[int]] = OrderedDict()

    async def abilities(self, room: RoomRef) -> Abilities | None:
        """What can be done in the room; None when it can't be reached."""
        return await self._rooms.abilities(room)

    async def roster(self, room: RoomRef) -> Roster | None:
        """How many people are in the room; Telegram lists no members."""
        return await self._rooms.roster(room)

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room now; None when Telegram doesn't say."""
        return await self._rooms.is_member(account, room)

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account administers the room now; None when Telegram doesn't say."""
        return await self._rooms.is_admin(account, room)

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """The administrators who are anonymous in the room; None when Telegram doesn't say."""
        return await self._rooms.hidden_names(room)

    async def find_room(self, address: str) -> RoomRef | None:
        """The room a number, @name or t.me link leads to, if the bot is in it."""
        return await self._rooms.find(address)

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        """None: Telegram's own polls are not used for ballots."""
        return None

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        """The document, read no further than asked; None when Telegram doesn't give it."""
        return await self._files.fetch(file.handle, limit)

    async def floor(self, room: RoomRef) -> str | None:
        """What the group lets everyone do, to be restored later; None where the bot can't change it."""
        return await self._floor.saved(room)

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Close the group to all but its administrators and the speaker."""
        return await self._floor.give(room, saved, speaker)

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        """Let everyone write as before."""
        return await self._floor.free(room, saved)

    async def post(self, room: RoomRef, card: Card, key: DeliveryKey, reply_to: PostRef | None = None) -> Outcome:
        """Post the card as a new message, pinned if it asks for it and the bot may."""
        errand = _Errand(room, card, key, Urgency.POST, reply_to)
        try:
            return await self._send(errand)
        except ChatMigrated as error:
            new = RoomRef(PLATFORM, str(error.new_chat_id))
            self._moved(room.place, new)
            return await self._send_again(_Errand(new, card, key, Urgency.POST))

    async def whisper(self, to: AccountRef, card: Card, key: DeliveryKey, open_chat: bool) -> Outcome:
        """Write to the person alone. A bot can't begin a private chat, so `open_chat` changes nothing."""
        return await self._send_again(_Errand(RoomRef(PLATFORM, to.id), card, key, Urgency.PERSON))

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        """Replace our message by the card, in as many parts as were posted; one that already reads so is Delivered."""
        if wait := self._pacer.paused(int(post.room.id)):
            return Later(wait)
        messages = [int(number) for number in post.id.split(SEPARATOR)]
        texts = pieces_exactly(card, len(messages))
        try:
            for message, text in zip(messages[:-1], texts[:-1], strict=True):
                await self._rewrite(post.room, message, _Part(text))
            last = _Part(texts[-1], None, keyboard(card, self._bot.username))
            await self._rewrite(post.room, messages[-1], last, card if len(messages) == 1 else None)
        except TelegramError as error:
            if isinstance(error, ChatMigrated):
                self._moved(post.room.place, RoomRef(PLATFORM, str(error.new_chat_id)))
            return self._failed(error, post.room, post=post)
        return Delivered(post)

    async def _send_again(self, errand: _Errand) -> Outcome:
        """Send, with nowhere left to move to."""
        try:
            return await self._send(errand)
        except ChatMigrated as error:
            return self._failed(error, errand.room)

    async def _send(self, errand: _Errand) -> Outcome:
        """Send what is not sent yet of the card; ChatMigrated when the group has another address."""
        if wait := self._pacer.paused(int(errand.room.id)):
            return Later(wait)
        parts = self._parts(errand.card)
        sent = self._begun.setdefault(errand.key, [])
        try:
            for part in parts[len(sent) :]:
                sent.append(await self._deliver(errand, part))
        except ChatMigrated:
            raise
        except TelegramError as error:
            return self._unfinished(errand, error)
        del self._begun[errand.key]
        # A picture or document that stands alone beside its text is never edited.
        texts = [number for number, part in zip(sent, parts, strict=True) if number and part.piece.text]
        post = PostRef(errand.room, SEPARATOR.join(map(str, texts)))
        return Delivered(post, await self._pin(errand, texts[-1]))

    def _unfinished(self, errand: _Errand, error: TelegramError) -> Outcome:
        result = self._failed(error, errand.room, whisper=errand.urgency is Urgency.PERSON)
        if isinstance(result, Never) or not self._begun[errand.key]:
            del self._begun[errand.key]
        while len(self._begun) > UNFINISHED:
            self._begun.popitem(last=False)
        return result

    def _failed(
        self, error: TelegramError, room: RoomRef, *, whisper: bool = False, post: PostRef | None = None
    ) -> Outcome:
        if isinstance(error, RetryAfter):
            self._pacer.pause(int(room.id), errors.seconds(error))
        result = errors.outcome(error, whisper=whisper, post=post)
        if not isinstance(result, Delivered):
            logger.info("not sent to %s: %s, %s", in_log(room), type(error).__name__, result)
        return result

    def _parts(self, card: Card) -> tuple[_Part, ...]:
        """A picture or document carries the words if they fit; else a picture stands above them, a document below."""
        buttons = keyboard(card, self._bot.username)
        attached = [one for one in (card.image, card.file) if one is not None]
        if attached:
            captions = pieces(card, CAPTION_LIMIT)
            if len(captions) == 1:
                return (_Part(captions[0], attached[0], buttons), *(_Part(Piece(""), one) for one in attached[1:]))
        *first, last = pieces(card, TEXT_LIMIT)
        picture = (_Part(Piece(""), card.image),) if card.image else ()
        document = (_Part(Piece(""), card.file),) if card.file else ()
        return (*picture, *map(_Part, first), _Part(last, None, buttons), *document)

    async def _deliver(self, errand: _Errand, part: _Part) -> int:
        """Send one message; its number, or 0 when it was a picture or document alone that the room doesn't take."""
        await self._pacer.turn(int(errand.room.id), errand.urgency)
        try:
            message = await self._send_part(errand, part)
        except BadRequest as error:
            if part.attached is None:
                raise
            # The words say all that the picture or document says, so they are what must arrive.
            logger.warning("%s could not be posted in %s: %s", part.attached.name, in_log(errand.room), error.message)
            return await self._deliver(errand, replace(part, attached=None)) if part.piece.text else 0
        return message.message_id

    async def _send_part(self, errand: _Errand, part: _Part) -> Message:
        room, reply = errand.room, errand.reply_to
        common: _Common = {
            "disable_notification": errand.card.silent,
            "message_thread_id": int(room.thread) if room.thread else None,
            "reply_parameters": ReplyParameters(_first(reply), allow_sending_without_reply=True) if reply else None,
            "reply_markup": part.buttons,
        }
        words, entities = part.piece.text, part.piece.entities
        match part.attached:
            case Image(png, _, name):
                picture = InputFile(png, filename=name)
                return await self._bot.send_photo(
                    int(room.id), picture, caption=words or None, caption_entities=entities, **common
                )
            case File(data, name, mime):
                document = InputFile(data, filename=name)
                document.mimetype = mime
                return await self._bot.send_document(
                    int(room.id),
                    document,
                    caption=words or None,
                    caption_entities=entities,
                    disable_content_type_detection=True,
                    **common,
                )
            case None:
                return await self._bot.send_message(
                    int(room.id), words, entities=entities, link_preview_options=_NO_PREVIEW, **common
                )

    async def _pin(self, errand: _Errand, message: int) -> bool:
        """Pin without a second notification; a pin that fails takes nothing away from the message."""
        if not errand.card.pin or errand.urgency is Urgency.PERSON:
            return False
        try:
            return await self._bot.pin_chat_message(int(errand.room.id), message, disable_notification=True)
        except TelegramError as error:
            logger.info("not pinned in %s: %s", in_log(errand.room), error.message)
            return False

    async def _rewrite(self, room: RoomRef, message: int, part: _Part, alone: Card | None = None) -> None:
        """Edit one message. With `alone`, it may be a picture's caption instead of a text: that shows by trying."""
        await self._pacer.turn(int(room.id), Urgency.EDIT)
        ways = [self._edit_text] if alone is None else [self._edit_text, self._edit_caption]
        if alone is not None and (alone.image or alone.file) is not None:
            ways.reverse()
        for way in ways:
            try:
                await way(room, message, part, alone)
            except BadRequest as error:
                reason = error.message.lower()
                if "message is not modified" in reason:
                    return
                if way is ways[-1] or not any(words in reason for words in _OTHER_KIND):
                    raise
            else:
                return

    async def _edit_text(self, room: RoomRef, message: int, part: _Part, _alone: Card | None) -> None:
        await self._bot.edit_message_text(
            part.piece.text,
            int(room.id),
            message,
            entities=part.piece.entities,
            link_preview_options=_NO_PREVIEW,
            reply_markup=part.buttons,
        )

    async def _edit_caption(self, room: RoomRef, message: int, part: _Part, alone: Card | None) -> None:
        caption = pieces_exactly(alone, 1, CAPTION_LIMIT)[0] if alone else part.piece
        await self._bot.edit_message_caption(
            int(room.id),
            message,
            caption=caption.text,
            caption_entities=caption.entities,
            reply_markup=part.buttons,
        )


def _first(post: PostRef) -> int:
    return int(post.id.partition(SEPARATOR)[0])
