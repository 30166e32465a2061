"""A consultation with its room and its voters, as most tests of the store need one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.domain.ballots import Gesture
from bot.domain.casting import Cast, Ruling
from bot.domain.consultation import BallotType, Binding, Consultation, Definition, Kind, Option, State
from bot.domain.ids import AccountRef, RoomRef
from bot.store import Store, Transaction

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
RULES = "charter-1"
SALON = RoomRef("telegram", "-100")

_keys = count(1)


def poll(**changes: Any) -> Definition:
    """A single-choice poll with three options."""
    options = tuple(Option(number, f"option {number}") for number in (1, 2, 3))
    return replace(Definition(Kind.POLL, "Where?", options, "the place", Binding.ADVICE, "en"), **changes)


def approval(options: int = 5, at_least: int = 1) -> Definition:
    """An approval poll."""
    listed = tuple(Option(number, f"option {number}") for number in range(1, options + 1))
    return poll(ballot=BallotType.APPROVAL, options=listed, at_least=at_least, at_most=options)


def voter(number: int) -> AccountRef:
    return AccountRef("telegram", str(number))


def consultation(tx: Transaction, definition: Definition, **changes: Any) -> Consultation:
    """An open consultation in the salon, closing in two days."""
    room = tx.room(SALON, "Salon", NOW, "fr", "Europe/Paris")
    author = tx.account(voter(0), "Ana", NOW)
    draft = Consultation(
        number=0,
        organisation=room.organisation,
        author=author.id,
        state=State.OPEN,
        definition=definition,
        rooms=(room.id,),
        created_at=NOW,
        opens_at=NOW,
        closes_at=NOW + timedelta(days=2),
    )
    return tx.add_consultation(replace(draft, **changes))


@dataclass(frozen=True)
class Scene:
    """An open consultation whose voters are 1, 2, 3 …"""

    store: Store
    number: int

    async def cast(self, who: int, gesture: Gesture, key: str = "", **changes: Any) -> Ruling:
        return await self.store.cast(self.made(who, gesture, key, **changes), RULES)

    def made(self, who: int, gesture: Gesture, key: str = "", **changes: Any) -> Cast:
        cast = Cast(key or f"telegram:cb:{next(_keys)}", NOW, voter(who), self.number, gesture)
        return replace(cast, **changes)

    async def account(self, who: int) -> int:
        found = await self.store.read(lambda tx: tx.find_account(voter(who)))
        assert found is not None
        return found.id


async def opened(store: Store, voters: int = 3, definition: Definition | None = None, **changes: Any) -> Scene:
    """Open a consultation with so many voters on its roll."""

    def work(tx: Transaction) -> int:
        made = consultation(tx, definition or poll(), **changes)
        tx.freeze_roll(made.number, [tx.account(voter(who), f"Voter {who}", NOW).id for who in range(1, voters + 1)])
        return made.number

    return Scene(store, await store.write(work))
