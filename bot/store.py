"""The interface to what is kept: the records, and the store that keeps them durably.

The core never sees SQL. A work is a plain synchronous function over a
`Transaction`; `Store.write` runs it and returns once it is durably committed, so
whatever is answered afterwards is true. A work may be run more than once (when
its batch failed), so it must not change anything outside its transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from bot.additions import AddedOptions
from bot.deliberation import Debates, OpinionMaps
from bot.domain.ballots import Choice
from bot.domain.casting import Cast, Ruling
from bot.domain.consultation import Consultation, State
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.domain.organisation import Declaration, Organisation
from bot.domain.templates import Template
from bot.joint import HeldTogether
from bot.members import Members
from bot.personal import Personal
from bot.proxies import GivesProxies
from bot.reasons import Reasons
from bot.receipts import KeepsReceipts
from bot.scrutiny import Scrutiny
from bot.sealed import SealedBallots
from bot.traces import Traces

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """An account that reached us, and the person it belongs to. `language` is the person's own choice, or ''."""

    id: int
    ref: AccountRef
    person: int
    name: str
    language: str
    greeted: bool


@dataclass(frozen=True, slots=True)
class Room:
    """A room with its current address. `place` is the room of the whole group (itself unless it is a topic)."""

    id: int
    ref: RoomRef
    place: int
    title: str
    organisation: int
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """What we saw of an account in a room: the arrival we were told of (None if it was there before we could see)."""

    arrived_at: datetime | None
    left_at: datetime | None


PostState = Literal["sending", "sent", "refused", "stale"]


@dataclass(frozen=True, slots=True)
class Post:
    """A message the bot owes to a room, once: `role` says which (`disclosure`, `card`, `result`, `reminder-86400`, …).

    `sending` means not known to be sent. `rendered` is the tally version last shown. `why` is set when refused.
    """

    id: int
    number: int
    version: int
    room: int
    role: str
    part: int
    state: PostState
    ref: PostRef | None
    rendered: int
    why: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the public record: hash chained, no voter, no choice."""

    sequence: int
    at: datetime
    number: int | None
    kind: str
    facts: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many rights there are, and how many have a ballot that counts."""

    roll: int
    voters: int


@dataclass(frozen=True, slots=True)
class NamedBallot:
    """One ballot of a `public` consultation, with its reason, the account it came from and that account's display
    name."""

    account: AccountRef
    name: str
    choice: Choice
    reason: str = ""


class Transaction(Traces, HeldTogether, GivesProxies, KeepsReceipts, Protocol):
    """Everything a work may read and change. Numbers returned are the store's; Missing is raised for unknown ones."""

    @property
    def added_options(self) -> AddedOptions:
        """What is kept of options that voters add."""

    @property
    def debates(self) -> Debates:
        """What is kept of debates."""

    @property
    def opinion_maps(self) -> OpinionMaps:
        """What is kept of opinion maps."""

    @property
    def members(self) -> Members:
        """What is kept of members, their roles and their linked accounts."""

    @property
    def personal(self) -> Personal:
        """What is kept of each person, to be shown, sent and forgotten."""

    @property
    def reasons(self) -> Reasons:
        """What is kept of the reasons that go with ballots."""

    @property
    def scrutiny(self) -> Scrutiny:
        """What is kept for scrutineers."""

    @property
    def sealed(self) -> SealedBallots:
        """What is kept of unlinked ballots."""

    # -- people ----------------------------------------------------------------------------------------------------
    def account(self, ref: AccountRef, name: str, at: datetime) -> Account:
        """The account, created with a person of its own at first sight; its display name brought up to date."""

    def find_account(self, ref: AccountRef) -> Account | None:
        """The account if it was ever seen; changes nothing."""

    def account_by_id(self, account: int) -> Account:
        """The account with this number."""

    def set_account_language(self, account: int, language: str) -> None:
        """The person's own language for private answers ('' for the room's)."""

    def chosen_languages(self) -> Mapping[AccountRef, str]:
        """The language of every account that chose one for itself: few do."""

    def greet(self, account: int) -> None:
        """Note that the account received the individual data-protection notice."""

    # -- organisations and rooms -----------------------------------------------------------------------------------
    def room(self, ref: RoomRef, title: str, at: datetime, language: str, time_zone: str) -> Room:
        """The room at this address, present or former (a topic's place is created with it).

        Created at first sight in a small organisation of its own, with the given language and zone. A non-empty title
        is brought up to date; a room the bot had left becomes active again.
        """

    def find_room(self, ref: RoomRef) -> Room | None:
        """The room at this address, present or former; changes nothing."""

    def room_by_id(self, room: int) -> Room:
        """The room with this number."""

    def rooms_of(self, organisation: int) -> Sequence[Room]:
        """Active rooms bound to the organisation, topics included, oldest first."""

    def set_room_language(self, room: int, language: str) -> None:
        """What the bot speaks in the room from now on."""

    def set_room_active(self, room: int, active: bool) -> None:
        """Whether the bot is in the room."""

    def move_room(self, old: RoomRef, new: RoomRef) -> Room | None:
        """The room at `old` is now at `new` (its topics too); posts standing at the old address become `stale`.

        None if the old address was never seen. If the new address was seen as a room of its own it is absorbed.
        """

    def bind_room(self, room: int, organisation: int) -> None:
        """The room (its place and all its topics) now belongs to the organisation."""

    def organisation(self, organisation: int) -> Organisation:
        """The organisation with its declaration."""

    def add_organisation(self, language: str, time_zone: str, declaration: Declaration, bound: bool) -> int:
        """A new organisation; its number."""

    def set_declaration(self, organisation: int, declaration: Declaration) -> None:
        """Replace the whole declaration."""

    def set_organisation_bound(self, organisation: int) -> None:
        """From now on other rooms may join it by a code."""

    def main_organisation(self) -> int | None:
        """The organisation of the configuration, if one was made."""

    def set_main_organisation(self, organisation: int) -> None:
        """This is the organisation of the configuration."""

    def add_join_code(self, organisation: int, code_hash: str, at: datetime) -> None:
        """Keep the hash of a fresh single-use code."""

    def redeem_join_code(self, code_hash: str, at: datetime) -> int | None:
        """Use the single-use code: its organisation, or None when unknown or already used."""

    def templates(self, organisation: int) -> Sequence[Template]:
        """The presets the organisation keeps, by name."""

    def keep_template(self, organisation: int, template: Template) -> None:
        """Keep the preset, in place of the organisation's one of that name."""

    def drop_template(self, organisation: int, name: str) -> bool:
        """Forget the organisation's preset of that name; False if it has none."""

    # -- presence in rooms (of places, never topics) ----------------------------------------------------------------
    def presence(self, room: int, account: int) -> Presence | None:
        """What was seen of the account in the room, None for nothing."""

    def arrived(self, room: int, account: int, at: datetime | None) -> None:
        """The account is in the room; `at` None when it was not seen to arrive (an arrival on record stays)."""

    def departed(self, room: int, account: int, at: datetime) -> None:
        """The account was seen to leave the room."""

    def rooms_with(self, account: int) -> Sequence[int]:
        """The rooms, topics included, of the places where the account was seen and not seen to leave."""

    # -- consultations ---------------------------------------------------------------------------------------------
    def add_consultation(self, draft: Consultation) -> Consultation:
        """Store a new consultation and give it its number (the one passed is ignored)."""

    def consultation(self, number: int, lock: bool = False) -> Consultation:
        """The consultation; `lock` when it is about to change (FOR UPDATE). Raises Missing("no-such-consultation")."""

    def find_consultation(self, number: int) -> Consultation | None:
        """The consultation, or None; changes nothing."""

    def save(self, consultation: Consultation) -> None:
        """Replace the consultation's record (definition, state, times, rooms, excuses)."""

    def consultations(
        self, *, rooms: Iterable[int] | None = None, states: Iterable[State] | None = None, limit: int = 50
    ) -> Sequence[Consultation]:
        """Consultations in any of these rooms and states, newest first."""

    def set_follow_up(self, number: int, follower: int) -> None:
        """Note that this consultation is followed by itself by another one, once: there is one follower at most."""

    def follow_up(self, number: int) -> int | None:
        """The number of the consultation that followed this one by itself, if one did."""

    def set_disclosure(self, number: int, version: int, facts: Mapping[str, Any]) -> None:
        """Keep the disclosure as it was made for this version, as plain JSON values (unique on number and version)."""

    def disclosure(self, number: int, version: int) -> Mapping[str, Any] | None:
        """The disclosure as it was made for this version."""

    # -- roll, ballots, tallies ------------------------------------------------------------------------------------
    def freeze_roll(self, number: int, accounts: Iterable[int]) -> int:
        """Give one right to each person among the accounts, tied to their accounts; how many rights there are now."""

    def freeze_people(self, number: int, people: Iterable[int]) -> int:
        """Give one right to each of these persons, tied to all their accounts, if they have any; how many rights there
        are now."""

    def roll_people(self, number: int) -> Sequence[int]:
        """The persons who hold a right, in order (for the digest of a roll with members of no account)."""

    def unclaimed(self, number: int) -> int:
        """How many rights no account can use yet."""

    def admit(self, number: int, account: int) -> int:
        """Give the account's person a right (or tie the account to the one they have); the right's number."""

    def right_of(self, number: int, account: int) -> int | None:
        """The account's voting right in the consultation, None without one."""

    def rights_of(self, account: int) -> Sequence[int]:
        """The numbers of the consultations in which the account holds a right, newest first."""

    def roll_accounts(self, number: int) -> Sequence[AccountRef]:
        """Every account tied to a right, sorted (for the roll's digest)."""

    def ballot_of(self, number: int, account: int) -> Choice | None:
        """The ballot the person cast; None without one, if a proxy cast it, or once the links are erased."""

    def has_voted(self, number: int, account: int) -> bool:
        """Whether the account's right had a ballot that counts, also after the links are erased."""

    def turnout(self, number: int) -> Turnout:
        """How many may vote and how many did."""

    def tally(self, number: int) -> Mapping[Choice, int]:
        """How many ballots express each choice: from live ballots, or from the sheet once the links are erased."""

    def tally_version(self, number: int) -> int:
        """Grows with every ballot recorded, changed or withdrawn, and with every `touch`."""

    def touch(self, number: int) -> None:
        """Make the tally version grow, because the card must change for another reason (an extension, the closing)."""

    def votes_by_name(self, number: int) -> Sequence[NamedBallot]:
        """Who chose what in a `public` consultation, sorted by name."""

    def non_voters(self, number: int) -> Sequence[AccountRef]:
        """One account for each right without a ballot that counts (for reminders in private)."""

    def seal_ballots(self, number: int, keep_links: bool) -> None:
        """Copy the ballots to the tally sheet, forget every draft of one and who proposed which option; unless
        `keep_links`, delete every link between a right and a choice and keep only that the right was used."""

    def accepted(self, account: int, version: str) -> bool:
        """Whether the person accepted this version of the rules."""

    def asked_to_accept(self, account: int, version: str) -> bool:
        """Whether the person was asked to accept this version of the rules, and perhaps did."""

    def set_accepted(self, account: int, version: str, accepted: bool) -> None:
        """Note that the person accepts this version of the rules, or (False) was asked to; an acceptance stays."""

    # -- posts -----------------------------------------------------------------------------------------------------
    def posts(self, number: int) -> Sequence[Post]:
        """Every post of the consultation, oldest first."""

    def claim_post(self, number: int, version: int, room: int, role: str, part: int = 0) -> Post:
        """The post owed, created as `sending` if it was not there yet (unique on all five)."""

    def post_sent(self, post: int, ref: PostRef, rendered: int) -> None:
        """The post stands there, showing this tally version."""

    def post_refused(self, post: int, why: str) -> None:
        """The platform refused the post."""

    def post_rendered(self, post: int, rendered: int) -> None:
        """The post now shows this tally version."""

    def post_at(self, ref: PostRef) -> Post | None:
        """The post standing there, if it is ours."""

    # -- journal, dialogues ----------------------------------------------------------------------------------------
    def record(self, at: datetime, kind: str, facts: Mapping[str, Any], number: int | None = None) -> JournalEntry:
        """Append to the journal, chained to its last entry."""

    def journal(self, number: int | None = None, between: tuple[int, int] | None = None) -> Sequence[JournalEntry]:
        """The whole journal, or a consultation's entries, or those from one sequence to another, in order."""

    def dialogue(self, account: int) -> Mapping[str, Any] | None:
        """What the bot is in the middle of asking the account in private, as saved."""

    def set_dialogue(self, account: int, state: Mapping[str, Any] | None) -> None:
        """Save or (None) end the dialogue."""


class Store(Protocol):
    """Keeps records durably."""

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run the work in one transaction; returns its value once durably committed. A Refusal rolls it back and is
        raised here; so is any other error. The commit may be shared with other works and casts."""

    async def read(self, query: Callable[[Transaction], T]) -> T:
        """Run a query that changes nothing; it never sees half a write."""

    def cast(self, cast: Cast, charter_version: str) -> Awaitable[Ruling]:
        """Decide and record one cast (`bot.domain.casting.decide`); resolved once durably committed."""

    async def scrub(self, people: bool = False) -> None:
        """Make erased links leave the database's own files, and what was kept of `people` (SQLite: truncated WAL;
        PostgreSQL: rewritten tables)."""

    async def close(self) -> None:
        """Finish what is queued and close."""
