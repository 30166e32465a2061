"""The interfaces between the core and the outside: messengers, the door, the store, the alarm and the clock.

Adapters and storage implement or call what is here and nothing else of the core
than `bot.domain`, `bot.charts`, `bot.minutes` and `bot.text.card`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.charts import Chart, PictureForm
from bot.domain.ids import AccountRef, Action, PostRef, RoomRef
from bot.minutes import Minutes
from bot.text.card import Card

EventKey = str
"""Unique on its platform and stable when the platform delivers again: `telegram:cb:<callback id>`,
`telegram:msg:<chat>:<message>`, `matrix:<event id>`, `console:<line>`. Never an update id: Telegram's become random."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something, as the platform presents them. `name` is untrusted; `language` a two-letter hint or ''."""

    account: AccountRef
    name: str
    language: str = ""


Speaker = Literal["person", "anonymous-admin", "channel", "bot", "ghost", "foreign"]
"""Who is behind a message: a person; an administrator hiding their name; a channel or other `sender_chat`; a bot; a
bridge ghost; an account of a homeserver outside the allowed list. Only persons may vote or command."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed. `action` is None when its data was not ours or could not be read. `room` is where its
    message stands (None when the platform does not say), `private` when that is the person's private chat with us."""

    key: EventKey
    at: datetime
    who: Person
    room: RoomRef | None
    action: Action | None
    private: bool = False
    post: PostRef | None = None
    speaker: Speaker = "person"


@dataclass(frozen=True, slots=True)
class BroughtPoll:
    """A poll of the platform's own that someone shows us. Its words are untrusted. `several`: one may choose more than
    one option; `quiz`: it has a right answer."""

    question: str
    options: tuple[str, ...]
    several: bool = False
    quiz: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A document that someone sent to us in private, by what its messenger needs to fetch it. What its sender called
    it, and said that it was, is not told: neither can be believed."""

    handle: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message reached us. `reply_to` is the message of ours it answers, `language` the client's hint.

    Adapters deliver only what is addressed to the bot: commands, replies to its
    messages, and everything in private chats. `text` is as typed, with the command
    sign normalised to `/` and a trailing `@botname` taken off the command word.
    """

    key: EventKey
    at: datetime
    who: Person
    room: RoomRef
    text: str
    room_title: str = ""
    private: bool = False
    reply_to: PostRef | None = None
    speaker: Speaker = "person"
    message: PostRef | None = None
    """The message itself, so that an answer in the room can be a reply to it."""
    in_poll: str = ""
    """The id of the platform's own poll that this is an answer in, if it is one; `text` is then that answer, typed."""
    poll: BroughtPoll | None = None
    """The poll sent or forwarded to us in private (`text` is then empty), or the one that a command replies to."""
    file: SentFile | None = None
    """The document sent to us in private; `text` is what was written below it, perhaps nothing."""


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer in a poll of the platform's own: its event's key, and what it says, as a ballot is typed (`2, 1`)."""

    key: EventKey
    text: str


@dataclass(frozen=True, slots=True)
class Edited:
    """The message known as `original` was edited or redacted by its author. Only a ballot answered in a platform's own
    poll follows its message."""

    key: EventKey
    at: datetime
    who: Person
    room: RoomRef
    original: EventKey
    private: bool = False


@dataclass(frozen=True, slots=True)
class Spoke:
    """Someone wrote in a room, not to us. Of what they wrote only its length is told (characters, 0 for a picture):
    enough to hold the speaker of a debate to their budget, and nothing to read."""

    key: EventKey
    at: datetime
    who: Person
    room: RoomRef
    length: int
    speaker: Speaker = "person"


@dataclass(frozen=True, slots=True)
class MemberMoved:
    """Someone joined or left a room (`room` is the place, never a topic)."""

    key: EventKey
    at: datetime
    who: Person
    room: RoomRef
    joined: bool
    speaker: Speaker = "person"


@dataclass(frozen=True, slots=True)
class RoomMoved:
    """A room has a new address: a group became a supergroup, a Matrix room was upgraded."""

    key: EventKey
    at: datetime
    old: RoomRef
    new: RoomRef


@dataclass(frozen=True, slots=True)
class BotMoved:
    """The bot was added to (`present`) or removed from a room. `by` is who did it, when known."""

    key: EventKey
    at: datetime
    room: RoomRef
    room_title: str
    present: bool
    by: Person | None = None


Incoming = Pressed | Said | Spoke | Edited | MemberMoved | RoomMoved | BotMoved


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person who acted is told at once. Only presses use `toast` (at most 200 characters); `start` sends the
    presser to the private chat with the bot (`t.me/bot?start=…`). Everything else the core sends through messengers.

    `asks_acceptance` says that the same act, repeated (or answered "yes"), accepts the charter's rules.
    """

    toast: str = ""
    alert: bool = False
    start: str = ""
    asks_acceptance: bool = False


class Door(Protocol):
    """The core, as adapters see it."""

    def __call__(self, incoming: Incoming) -> Awaitable[Reply]:
        """Handle what reached us. It returns only after what the act changed is durably committed, and an adapter
        confirms the update to its platform only after that. It never raises for what a person did."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The message stands at `post`; `pinned` says whether it was pinned when the card asked for it."""

    post: PostRef
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: try again after so many seconds. `maybe_delivered` when the platform may have posted it all the same."""

    after: float
    maybe_delivered: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """It can't be done as things stand. `why` is one of the words of `Cause`; `detail` is for the log."""

    why: Cause
    detail: str = ""


Cause = Literal["no-private-chat", "room-gone", "not-allowed", "message-gone", "rejected"]
Outcome = Delivered | Later | Never
DeliveryKey = str
"""Names one message for ever: a platform that can (Matrix, by transaction id) posts it once, however often asked."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be done in one room, as of now.

    `buttons`: cards can carry them. `private_answer`: a press is answered to the
    presser alone. `sees_arrivals`: the bot is told who joins. `members_may_send`:
    an ordinary member can write there. `exact_roster`: members can be listed.
    `encrypted`: messages are end-to-end encrypted. `edit_interval`: seconds to
    leave between two edits of cards in one group. `title`: its name, '' if unknown.
    """

    private_answer: bool
    pins: bool
    sees_arrivals: bool
    members_may_send: bool
    exact_roster: bool
    encrypted: bool
    edit_interval: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a room. `members` (persons only: no bots, ghosts or foreign accounts) is None where the platform can't
    list them; `count` is then the platform's own figure, bots taken off where known."""

    members: tuple[Person, ...] | None
    count: int


class Messenger(Protocol):
    """One chat platform. It paces itself; it raises nothing for what a platform may do, it returns an `Outcome`."""

    platform: str
    buttons: bool
    """Whether cards can carry buttons on this platform, in private too."""
    command_sign: str
    """How commands begin there: `/` or `!`."""
    account_shape: str
    """A regular expression: what an account's lasting address looks like there, never a name that changes hands."""

    def start_link(self, payload: str) -> str:
        """The address that opens the private chat with the bot, which then receives `/start payload`; '' where the
        platform has none."""

    async def abilities(self, room: RoomRef) -> Abilities | None:
        """What can be done in the room; None when the room can't be reached."""

    async def post(self, room: RoomRef, card: Card, key: DeliveryKey, reply_to: PostRef | None = None) -> Outcome:
        """Post the card as a new message, pinned if it asks for it and that is possible."""

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        """Replace our message; one that already reads so is Delivered."""

    async def whisper(self, to: AccountRef, card: Card, key: DeliveryKey, open_chat: bool) -> Outcome:
        """Write to the person alone. Where a private chat must first be made, make it only if `open_chat`."""

    async def roster(self, room: RoomRef) -> Roster | None:
        """Who is in the room now; None when that can't be asked."""

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room now; None when the platform doesn't say."""

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account administers the room now; None when the platform doesn't say."""

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """The accounts that take part in the room without showing their name (Telegram's anonymous administrators):
        their names are never printed. None when that can't be asked."""

    async def find_room(self, address: str) -> RoomRef | None:
        """The room a typed address or link leads to, if the bot is in it."""

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        """What the account answered in that poll of the platform's own until that instant and has not taken back, the
        newest first; None when that can't be known."""

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        """The document, of which no more than `limit` bytes and one are read; None when it can't be had. Nothing is
        kept of it."""

    async def floor(self, room: RoomRef) -> str | None:
        """Who may write in the room now, as the messenger's own record, from which `free_floor` restores it exactly;
        None where the bot has not the rights to change that. Changes nothing."""

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Let only the speaker (None: nobody) and those who run the room write there; `saved` is what `floor` gave
        before anything was changed. Repeating it, or giving the floor to another speaker, is harmless."""

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        """Restore who may write in the room as it was saved, leaving alone what others changed meanwhile. Repeating it
        is harmless."""


class Alarm(Protocol):
    """Wakes the reconciler up: a hint, never a promise."""

    def wake(self, at: datetime) -> None:
        """Ask to be woken at this instant (aware UTC), replacing any earlier request for a later one."""


class Clock(Protocol):
    """The only source of time in the core."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Return once `now() >= at`."""


class Draughtsman(Protocol):
    """Draws charts (`bot.charts`)."""

    async def draw(self, chart: Chart, form: PictureForm = "png") -> bytes:
        """The chart as a picture; the same bytes for the same chart."""

    async def qr_codes(self, texts: Sequence[str]) -> Sequence[str]:
        """Each text as a picture to scan: an SVG element to put into a page."""


class BallotKey(Protocol):
    """The key that the unlinked ballots of one consultation are sealed to. `public` is the part that may be known;
    `opens`: the part that opens ballots is here too, and not with two scrutineers alone."""

    public: str
    opens: bool

    def seal(self, plain: bytes) -> bytes:
        """What only this key opens; never twice the same."""

    def open(self, ballot: bytes) -> bytes | None:
        """What was sealed, None if it wasn't to this key or the key doesn't open."""

    def name(self, right: int, code: str) -> str:
        """What the ballot of this right under this code is called: a hash that nobody can work out without the key."""


class KeyRing(Protocol):
    """The keys of consultations with unlinked ballots, kept outside the database and its backups."""

    def make(self, number: int) -> BallotKey:
        """The consultation's key, made now if there is none; on the disk when this returns."""

    def split(self, number: int) -> BallotKey:
        """A new key for the consultation, in place of any other, of which there are only two shares; both are on the
        disk when this returns."""

    def share(self, number: int, share: int) -> bytes | None:
        """The share of that number, None if it isn't here."""

    def put_share(self, number: int, share: int, secret: bytes) -> None:
        """Take a share back; it is on the disk when this returns."""

    def drop_share(self, number: int, share: int) -> None:
        """Destroy the share, if it is here, for good."""

    def key(self, number: int) -> BallotKey | None:
        """The consultation's key, None if there is none."""

    def destroy(self, number: int) -> None:
        """Destroy the consultation's key and its shares, if there are any, for good."""

    def numbers(self) -> Sequence[int]:
        """The consultations that a key is left of."""


class Printer(Protocol):
    """Prints minutes (`bot.minutes`)."""

    async def print(self, minutes: Minutes) -> bytes:
        """The minutes as a tagged PDF (PDF/UA-1); the same bytes for the same minutes."""


Send = Callable[[Card], Awaitable[Outcome]]
