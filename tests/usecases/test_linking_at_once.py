"""The same member on both platforms at once, a thousand times, linking the two accounts meanwhile: one ballot, unlinked
or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Action
from bot.ports import Incoming
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL
from tests.usecases.test_linking import accounts, link, request
from tests.usecases.test_unlinked import CODE, VOTE, button, last

TIMES = 1000


@pytest.fixture(params=["sqlite", "postgres"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """The association of both rooms, on each database."""
    url = request.getfixturevalue("ready_postgres") if request.param == "postgres" else ""
    bench = await Bench(tmp_path / "palabre.db", url=url).start()
    await bench.meet_everyone()
    yield bench
    await bench.close()


@pytest.fixture
async def open_in_both(bench: Bench) -> Bench:
    """… with a poll that is open in both rooms."""
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    return bench


def ballot(bench: Bench, turn: int) -> Incoming:
    """A ballot by bruno's button or in emma's words, each a second after the one before."""
    at, option = bench.clock.now() + timedelta(seconds=turn), str(1 + turn % 3)
    if turn % 2:
        return replace(bench.pressed("bruno", Action("v", 1, option), bench.salon), at=at)
    return replace(bench.said("emma", f"/v 1 {option}"), at=at)


async def test_a_thousand_ballots_from_both_platforms_are_one(open_in_both: Bench) -> None:
    bench = open_in_both
    yes = bench.said("bruno", "/link yes")
    made = [ballot(bench, turn) for turn in range(TIMES)]
    await bench.do(made[0])
    await bench.do(made[1])
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 2
    roll = (await bench.store.read(lambda tx: tx.turnout(1))).roll
    await request(bench, "bruno", "emma")
    await bench.say("emma", "/link yes")
    await asyncio.gather(*map(bench.app, (*made[2 : TIMES // 2], yes, *made[TIMES // 2 :])))
    await bench.app.settle()
    turnout = await bench.store.read(lambda tx: tx.turnout(1))
    assert (turnout.roll, turnout.voters) == (roll, 1)
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 1
    last = await bench.say("emma", "/mine")
    assert last == await bench.say("bruno", "/mine")
    await bench.pass_time(hours=3)
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 1


async def sealed(bench: Bench) -> tuple[int, int]:
    """How many ballots are sealed, and how many people voted."""
    ballots = await bench.store.read(lambda tx: len(tx.sealed.all(1)))
    return ballots, (await bench.store.read(lambda tx: tx.turnout(1))).voters


async def review(bench: Bench, name: str, option: int) -> None:
    """A ballot read again with its code, that waits to be confirmed."""
    assert CODE.search("".join(await bench.say(name, f"/v 1 {option}")))


def confirmations(bench: Bench, times: int) -> list[Incoming]:
    """Bruno presses the button under his review, emma says yes to hers, each as often."""
    confirm = button(last(bench, "bruno"), "Confirm").action
    return [bench.said("emma", "yes") if turn % 2 else bench.pressed("bruno", confirm) for turn in range(times)]


async def test_a_thousand_confirmations_from_both_platforms_seal_one_ballot(bench: Bench) -> None:
    await link(bench, "bruno", "emma")
    await bench.say("ana", VOTE, bench.salon)
    for name, option in (("bruno", 1), ("emma", 2)):
        await review(bench, name, option)
    await asyncio.gather(*map(bench.app, confirmations(bench, TIMES)))
    await bench.app.settle()
    assert await sealed(bench) == (1, 1)
    await bench.pass_time(hours=3)
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 1


async def reviewed_by_both(bench: Bench) -> tuple[list[Incoming], Incoming]:
    """What confirms a ballot of each, many times, and the word that links them."""
    await request(bench, "bruno", "emma")
    await bench.say("emma", "/link yes")
    await bench.say("ana", VOTE, bench.salon)
    for name, option in (("bruno", 1), ("emma", 2)):
        await review(bench, name, option)
    return confirmations(bench, 200), bench.said("bruno", "/link yes")


async def one_person(bench: Bench) -> bool:
    """Whether the two accounts are linked."""
    one, other = await bench.store.read(lambda tx: accounts(bench, tx, "bruno", "emma"))
    return one.person == other.person


async def test_linking_in_the_middle_of_confirmations_waits_for_the_closing(bench: Bench) -> None:
    """Two sealed ballots can't become one while nobody can tell them apart: both rights stand as disclosed."""
    made, yes = await reviewed_by_both(bench)
    for each in made[:2]:
        await bench.app(each)
    await asyncio.gather(*map(bench.app, (*made[2:100], yes, *made[100:])))
    await bench.app.settle()
    assert await sealed(bench) == (2, 2)
    assert not await one_person(bench)
    await bench.pass_time(hours=3)
    assert await bench.store.read(lambda tx: tx.tally(1)) == {(1,): 1, (2,): 1}
    await link(bench, "bruno", "emma")
    assert await one_person(bench)


async def test_linking_among_the_first_confirmations_leaves_as_many_ballots_as_people(bench: Bench) -> None:
    """On Telegram a right is made at the first confirmation: linked before it, they are one voter; after it, two."""
    made, yes = await reviewed_by_both(bench)
    await asyncio.gather(*map(bench.app, (*made[:2], yes, *made[2:20])))
    await bench.app.settle()
    assert await sealed(bench) == ((1, 1) if await one_person(bench) else (2, 2))


async def test_an_account_linked_in_the_middle_has_the_vote_of_the_other(bench: Bench) -> None:
    """Zoe's is on no roll until it is bruno's: from then on either may confirm, and one ballot is sealed."""
    bench.telegram.room("-200", "Elsewhere", "zoe")
    await bench.say("zoe", "/help")
    await request(bench, "bruno", "zoe")
    await bench.say("zoe", "/link yes")
    await bench.say("ana", VOTE, bench.salon)
    await review(bench, "bruno", 1)
    confirm = button(last(bench, "bruno"), "Confirm").action
    words = ("/v 1 2", "yes")
    hers = [bench.said("zoe", words[turn % 2]) for turn in range(100)]
    his = [bench.pressed("bruno", confirm) for _ in range(100)]
    acts = [*hers[:20], bench.said("bruno", "/link yes"), *hers[20:], *his]
    await asyncio.gather(*map(bench.app, acts))
    await bench.app.settle()
    assert await sealed(bench) == (1, 1)
