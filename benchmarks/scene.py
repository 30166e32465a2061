"""The real product around one open poll: reception, core, store and messenger, with nobody at the other end.

Every rule is on: the roll, the replay keys, the acceptance of the rules, the
bookkeeping of cards. Only what would be sent to Telegram stays in the process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from telegram import Bot

from adapters.clock import SystemClock
from adapters.telegram.files import Files
from adapters.telegram.floor import Floor
from adapters.telegram.inbound import Identity
from adapters.telegram.outbound import TelegramMessenger
from adapters.telegram.pacing import Pacer
from adapters.telegram.reception import Answer, Reception
from adapters.telegram.rooms import Ask, Rooms
from adapters.telegram.settings import TelegramSettings
from benchmarks.botapi import GROUP, TOKEN, US, Canned, canned_bot
from bot.charts import Chart, PictureForm
from bot.domain.agenda import CARD, DISCLOSURE
from bot.domain.consultation import Binding, Consultation, Definition, Kind, Option, State
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.domain.organisation import Instance
from bot.minutes import Minutes
from bot.ports import Delivered, Pressed, Reply
from bot.store import Room, Transaction
from bot.usecases.announce import card_for
from bot.usecases.application import Application, Nudges
from bot.usecases.house import Defaults, House
from storage.key_files import KeyFiles
from storage.store import SqlStore, open_store

SALON = RoomRef("telegram", str(GROUP))
OPTIONS = ("Salle Bourvil, à Montreuil", "Café associatif Le Lieu", "Parc des Beaumont", "En ligne", "Je m'abstiens")
PEOPLE = count(100_000)
CALLBACKS = count(10**17)


class NoCharts:
    """A draughtsman that draws nothing."""

    async def draw(self, chart: Chart, form: PictureForm = "png") -> bytes:
        del chart, form
        return b""


class NoPress:
    """A printer that prints nothing."""

    async def print(self, minutes: Minutes) -> bytes:
        del minutes
        return b""

    async def qr_codes(self, texts: Sequence[str]) -> list[str]:
        """Nothing for each."""
        return [""] * len(texts)


def voters(number: int) -> list[AccountRef]:
    """So many accounts nobody has seen yet."""
    return [AccountRef("telegram", str(next(PEOPLE))) for _ in range(number)]


@dataclass(frozen=True, slots=True)
class Poll:
    """An open poll, its voters, and the message in the room that carries its buttons."""

    number: int
    voters: Sequence[AccountRef]
    message: dict[str, Any]

    def presses(self, options: Sequence[int] = (1,)) -> Iterator[bytes]:
        """One press of each voter on one of the options in turn, as the bytes of an update."""
        for index, who in enumerate(self.voters):
            yield self.press(who, options[index % len(options)])

    def press(self, who: AccountRef, option: int) -> bytes:
        """A press, as Telegram writes it."""
        callback = next(CALLBACKS)
        query = {
            "id": str(callback),
            "from": {
                "id": int(who.id),
                "is_bot": False,
                "first_name": f"Membre {who.id}",
                "last_name": "Dupont",
                "username": f"membre_{who.id}",
                "language_code": "fr",
            },
            "message": {"from": US, **self.message},
            "chat_instance": "-3712309813712309",
            "data": f"1|v|{self.number}|{option}",
        }
        return json.dumps({"update_id": callback % 10**9, "callback_query": query}, ensure_ascii=False).encode()


@dataclass(slots=True)
class Scene:
    """The product at work, and what it would have told people."""

    store: SqlStore
    house: House
    app: Application
    transport: Canned
    answers: list[tuple[Pressed, Reply]] = field(default_factory=list)
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        self.reception = self.received(self._note)

    def received(self, answer: Answer) -> Reception:
        """A reception in front of this product whose presses are answered so."""
        return Reception(
            Identity(US["id"], US["username"]),  # type: ignore[arg-type]
            self.house.clock,
            self.app,
            answer,
            lambda _: None,
        )

    async def _note(self, pressed: Pressed, reply: Reply) -> None:
        self.answers.append((pressed, reply))

    def begin(self, update: bytes) -> asyncio.Task[None]:
        """Begin handling an update; done once its effect is committed."""
        return self.reception.receive(json.loads(update))

    async def poll(self, who: Sequence[AccountRef]) -> Poll:
        """Open a poll with these voters on its roll and its card in the room."""
        number, room = await self.store.write(lambda tx: _opened(tx, who))
        version, card = await card_for(self.house, number, room, CARD)
        outcome = await self.house.messenger("telegram").post(room.ref, card, f"bench-{number}")
        assert isinstance(outcome, Delivered), outcome
        await self.store.write(lambda tx: _posted(tx, number, room, outcome.post, version))
        return Poll(number, who, self.transport.sent[int(outcome.post.id)])

    async def count(self, poll: Poll) -> int:
        """How many ballots of the poll are in the database."""
        return sum((await self.store.read(lambda tx: tx.tally(poll.number))).values())

    async def shown(self, poll: Poll) -> tuple[int, int]:
        """The version of the count that the poll's card shows, and the version of the count."""

        def query(tx: Transaction) -> tuple[int, int]:
            (card,) = (post for post in tx.posts(poll.number) if post.role == CARD)
            return card.rendered, tx.tally_version(poll.number)

        return await self.store.read(query)

    def edits(self) -> list[float]:
        """When cards were edited, in seconds of the loop's clock."""
        return [at for name, at in self.transport.calls if name == "editMessageText"]


def open_poll(room: Room, author: int, now: datetime) -> Consultation:
    """A poll that has just opened in the room, to be stored."""
    options = tuple(Option(number, text) for number, text in enumerate(OPTIONS, 1))
    definition = Definition(
        Kind.POLL, "Où tenir l'assemblée générale ?", options, "choisir le lieu", Binding.ADVICE, "fr"
    )
    return Consultation(
        number=0,
        organisation=room.organisation,
        author=author,
        state=State.OPEN,
        definition=definition,
        rooms=(room.id,),
        created_at=now,
        opens_at=now,
        opened_at=now,
        closes_at=now + timedelta(days=2),
    )


def _opened(tx: Transaction, who: Sequence[AccountRef]) -> tuple[int, Room]:
    now = datetime.now(UTC)
    room = tx.room(SALON, "Le salon", now, "fr", "Europe/Paris")
    accounts = [tx.account(ref, f"Membre {ref.id}", now).id for ref in who]
    author = tx.account(AccountRef("telegram", "99"), "Ana", now).id
    draft = replace(open_poll(room, author, now), roll_size=len(who))
    number = tx.add_consultation(draft).number
    tx.freeze_roll(number, accounts)
    return number, room


def _posted(tx: Transaction, number: int, room: Room, ref: PostRef, version: int) -> None:
    for role in (DISCLOSURE, CARD):
        tx.post_sent(tx.claim_post(number, 1, room.id, role).id, ref, version)


def asking(bot: Bot) -> Ask:
    """Questions about groups, through the canned transport."""

    async def ask(method: str, **parameters: object) -> Any:
        return await bot.request.post(f"{bot.base_url}/{method}?{urlencode(parameters)}")

    return ask


async def _no_document(address: str, most: int) -> bytes:
    del address, most
    return b""


@asynccontextmanager
async def scene(url: str, serving: bool = True) -> AsyncIterator[Scene]:
    """The product on this database; `serving` has its reconciler keep cards up to date, as `palabre run` does."""
    clock, store = SystemClock(), await asyncio.to_thread(open_store, url)
    bot, transport = canned_bot()
    await bot.initialize()
    pacer = Pacer(clock)
    settings = TelegramSettings(TOKEN)
    rooms, floor = Rooms(bot, asking(bot), clock, settings.edit_interval), Floor(bot, asking(bot))
    files = Files(bot, _no_document)
    messenger = TelegramMessenger(bot, rooms, floor, files, pacer, lambda _old, _new: None)
    nudges = Nudges()
    house = House(
        store=store,
        messengers={"telegram": messenger},
        clock=clock,
        instance=Instance("Palabre", "contact@example.org", "ici", "https://example.org/palabre", "0", "bench"),
        defaults=Defaults("fr", "Europe/Paris"),
        draughtsman=NoCharts(),
        printer=NoPress(),
        nudge=nudges,
        keys=KeyFiles(Path("keys")),  # none is made: nothing here is unlinked
    )
    app = Application(house, nudges, lambda _: clock.now())
    tasks = [asyncio.create_task(app.reconciler.run(lambda _: None))] if serving else []
    made = Scene(store, house, app, transport)
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await made.reception.close()
        await pacer.close()
        await store.close()
