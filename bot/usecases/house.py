"""What every use case works with: the store, the messengers, the clock, and the facts of this instance."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.casting import PollAnswer
from bot.domain.consultation import Consultation
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.domain.integrity import Watch
from bot.domain.organisation import Instance, Organisation
from bot.domain.templates import Template
from bot.ports import Clock, Draughtsman, EventKey, KeyRing, Messenger, Person, Printer, SentFile
from bot.store import Account, Room, Store, Transaction
from bot.text.catalogue import Speech, languages
from bot.usecases.debate.recall import FloorMemory
from bot.usecases.letterboxes import Letterboxes
from bot.usecases.sealed.drafts import Drafts


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a room starts with before anyone sets it: its language, its time zone, and the instance's presets."""

    language: str
    time_zone: str
    templates: tuple[Template, ...] = ()


class Memory:
    """What was just read and can be read again without asking the database: it never decides anything.

    Presses come in hundreds and their answers need the wording and the closing time;
    the ruling itself always comes from the database.
    """

    def __init__(self) -> None:
        self._consultations: dict[int, Consultation] = {}
        self._secrets: dict[int, bytes] = {}
        self._languages: dict[AccountRef, str] | None = None
        self.learning = asyncio.Lock()
        self._zones: dict[int, str] = {}
        self.owes_scrub = False
        self.owes_notices = False
        self.letterboxes = Letterboxes()
        self.notices_later: dict[str, datetime] = {}
        self.changes = 0
        self._posts: dict[PostRef, int] = {}
        self.floor = FloorMemory()
        self.watch = Watch()
        self.emails: dict[int, dict[str, str]] = {}
        """Addresses just pasted with a roll, by account and member, which are stored nowhere."""

    def consultation(self, number: int) -> Consultation | None:
        """The consultation as last read."""
        return self._consultations.get(number)

    def keep(self, consultation: Consultation) -> None:
        """Remember the consultation as read, as long as it is open."""
        if consultation.takes_ballots:
            self._consultations[consultation.number] = consultation

    def forget(self, number: int) -> None:
        """The consultation changed: read it anew next time."""
        self.changes += 1
        self._consultations.pop(number, None)
        self._secrets.pop(number, None)

    def secret(self, number: int) -> bytes | None:
        """What the codes of the consultation's ballots are made from, as last read."""
        return self._secrets.get(number)

    def keep_secret(self, number: int, secret: bytes) -> None:
        """Remember what the codes are made from, until the consultation changes, as it does at its closing."""
        self._secrets[number] = secret

    def number_at(self, ref: PostRef) -> int | None:
        """The number of the consultation that our message there is about, if it was read lately."""
        return self._posts.get(ref)

    def keep_post(self, ref: PostRef, number: int) -> None:
        """Remember what our message is about, which never changes; a full memory starts again."""
        if len(self._posts) >= 10_000:
            self._posts.clear()
        self._posts[ref] = number

    def zone(self, organisation: int) -> str | None:
        """The organisation's time zone as last read."""
        return self._zones.get(organisation)

    def keep_zone(self, organisation: int, zone: str) -> None:
        """Remember the organisation's time zone."""
        self._zones[organisation] = zone

    def language(self, account: AccountRef) -> str | None:
        """The language the account chose for itself ('' for none), None before languages were learnt."""
        return None if self._languages is None else self._languages.get(account, "")

    def learn_languages(self, chosen: Mapping[AccountRef, str]) -> None:
        """Remember everybody's choice of a language at once: asking for each costs more than the ballot."""
        self._languages = dict(chosen)

    def keep_language(self, account: AccountRef, language: str) -> None:
        """Remember the account's own language, as it is in the database now."""
        if self._languages is None:
            return
        if language:
            self._languages[account] = language
        else:
            self._languages.pop(account, None)


@dataclass(frozen=True, slots=True)
class House:
    """The instance at work. `nudge` tells the reconciler that a consultation has something to do or to show."""

    store: Store
    messengers: Mapping[str, Messenger]
    clock: Clock
    instance: Instance
    defaults: Defaults
    draughtsman: Draughtsman
    printer: Printer
    nudge: Callable[[int], None]
    keys: KeyRing
    memory: Memory = field(default_factory=Memory)
    drafts: Drafts = field(default_factory=Drafts)

    def messenger(self, platform: str) -> Messenger:
        """The messenger of a platform. Raises KeyError for one that is off."""
        return self.messengers[platform]

    def speech(self, language: str, zone: str, platform: str) -> Speech:
        """A voice in this language, or in the instance's when there is no catalogue for it, read on this platform."""
        spoken = language if language in languages() else self.defaults.language
        return Speech(spoken, ZoneInfo(zone), self.messengers[platform].command_sign)

    def room_speech(self, room: Room, organisation: Organisation) -> Speech:
        """The voice of a room."""
        return self.speech(room.language, organisation.time_zone, room.ref.platform)

    def seen_room(self, tx: Transaction, ref: RoomRef, title: str, at: datetime) -> Room:
        """The room at the address, created with the instance's defaults at first sight."""
        return tx.room(ref, title, at, self.defaults.language, self.defaults.time_zone)

    def seen_account(self, tx: Transaction, who: Person, at: datetime) -> Account:
        """The account of a person, created at first sight."""
        return tx.account(who.account, who.name, at)


@dataclass(frozen=True, slots=True)
class Visit:
    """Someone came to us with something: who, from where, when, and the voice to answer them in private.

    `room` is None in a private chat, whose address is then `chat`. `key` makes what
    they ask for happen once. `message` is what they wrote, to answer it as a reply.
    `answer` says that they answered in a poll of the platform's own; `file` is a document they sent in private.
    """

    key: EventKey
    at: datetime
    account: Account
    organisation: Organisation | None
    room: Room | None
    chat: RoomRef
    speech: Speech
    room_speech: Speech
    message: PostRef | None = None
    answer: PollAnswer | None = None
    file: SentFile | None = None

    @property
    def private(self) -> bool:
        """Whether they wrote to the bot alone."""
        return self.room is None
