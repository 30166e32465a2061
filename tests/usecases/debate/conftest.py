"""A debate in two rooms on two platforms, and what people do in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.charter import RULES_VERSION
from bot.domain.ids import PostRef
from tests.fakes.bench import Bench

Debating = Callable[..., Awaitable[Bench]]
EVERYONE = ("ana", "bruno", "chloe", "dan", "emma", "farid", "gus", "ada")
PHASES = "arguments 2d, discussion 1d, conclusion 1d"


@pytest.fixture
async def debating(tmp_path: Path) -> AsyncIterator[Debating]:
    """Opens a debate, number 1, in the salon (Telegram) and the hall (Matrix); `keys` are added to its command."""
    benches: list[Bench] = []

    async def opened(keys: str = "", language: str = "en", phases: str = PHASES) -> Bench:
        bench = await Bench(tmp_path / f"debate{len(benches)}.db", language=language).start()
        benches.append(bench)
        await bench.meet_everyone()
        typed = f'/debate "Shared room?" --rooms Salon,Hall --phases {phases} {keys} --yes'
        await bench.say("ana", typed, bench.salon)
        assert bench.state() == "open"
        return bench

    yield opened
    for bench in benches:
        await bench.close()


@pytest.fixture
async def debate(debating: Debating) -> Bench:
    """An open debate, in its arguments, in English, whose rules everybody accepted before."""
    bench = await debating()
    await accepted(bench, *EVERYONE)
    return bench


def card_at(bench: Bench, place: str = "salon") -> PostRef:
    """Where the debate's card stands, in the salon or in the hall."""
    room, platform = (bench.salon, bench.telegram) if place == "salon" else (bench.hall, bench.matrix)
    return next(post.ref for post in platform.at(room) if post.plain.startswith(("Debate · ", "Débat · ")))


def card_words(bench: Bench, place: str = "salon") -> str:
    """What the debate's card says now."""
    ref = card_at(bench, place)
    posted = bench.telegram.posted if place == "salon" else bench.matrix.posted
    return next(post.plain for post in posted if post.ref == ref)


async def accepted(bench: Bench, *names: str) -> None:
    """These people accepted the rules before, in another consultation."""

    def work(tx: Any) -> None:
        for name in names:
            person = bench.platform_of(name).who(name)
            account = tx.account(person.account, person.name, bench.clock.now())
            tx.set_accepted(account.id, RULES_VERSION, True)

    await bench.store.write(work)


def arguments(bench: Bench) -> list[tuple[Any, ...]]:
    """Every contribution: its number, kind, state and words as they stand."""
    return bench.rows(
        "SELECT a.number, a.kind, a.state, w.text FROM argument a JOIN wording w"
        " ON w.consultation = a.consultation AND w.argument = a.number AND w.version = a.version ORDER BY a.number"
    )
