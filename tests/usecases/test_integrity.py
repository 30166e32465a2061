"""The integrity panel: counts without identities, to organisers and scrutineers alone, in private."""

from __future__ import annotations

from datetime import timedelta

from bot.ports import MemberMoved
from tests.fakes.bench import Bench
from tests.usecases.test_contesting import OPEN_POLL, scrutineer, texts, told, vote


async def panel(bench: Bench, who: str = "ana") -> str:
    return " ".join(await bench.say(who, "/integrity 1"))


async def arrives(bench: Bench, name: str) -> None:
    """Someone joins the salon, as the platform tells."""
    bench.telegram.rooms["-100"].members.add(name)
    moved = MemberMoved(bench.key(), bench.clock.now(), bench.telegram.who(name), bench.salon, joined=True)
    await bench.do(moved)


async def test_it_counts_arrivals_and_refusals_without_naming_anyone(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL, bench.salon)
    bench.clock.move(timedelta(minutes=5))
    for name in ("yann", "zoe"):
        await arrives(bench, name)
        await bench.vote(name, 1, 1)
    await bench.pass_time(hours=2)
    await bench.vote("bruno", 1, 1)
    shown = await panel(bench)
    assert "Arrivals in the rooms during the vote: 2 accounts." in shown
    assert "Ballots refused: at least 3." in shown
    assert "arrived after the opening: 2" in shown
    assert "out of time: 1" in shown
    assert not [name for name in ("Yann", "Zoe", "Bruno") if name in shown]


async def test_what_was_noted_is_kept_when_the_program_starts_again(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL, bench.salon)
    bench.clock.move(timedelta(minutes=5))
    await arrives(bench, "zoe")
    for _ in range(3):
        await bench.vote("zoe", 1, 1)
        await panel(bench)
        bench.app = bench.assembled()
        await bench.app.start()
    assert "Ballots refused: at least 3." in await panel(bench)
    assert bench.rows("SELECT code, count FROM refused_ballot") == [("arrived-late", 3)]


async def test_a_rush_is_told_as_a_number_and_a_few_ballots_are_not(bench: Bench) -> None:
    bench.telegram.rooms["-100"].members |= {f"member{n}" for n in range(6)}
    await bench.say("ana", OPEN_POLL, bench.salon)
    await vote(bench, 1, bruno=1, chloe=2)
    assert "No rush" in await panel(bench)
    bench.clock.move(timedelta(minutes=3))
    for n in range(6):
        await bench.vote(f"member{n}", 1, 1)
    assert "The most ballots within one minute: 6." in await panel(bench)


async def test_accounts_of_one_new_homeserver_are_counted(bench: Bench) -> None:
    old, new = [f"@o{n}:old.example" for n in range(4)], [f"@m{n}:new.example" for n in range(4)]
    hall = bench.matrix.rooms["!hall"]
    hall.members |= set(old)
    await bench.meet_everyone()
    await bench.say("ana", OPEN_POLL.replace("--yes", '--rooms Salon,Hall --open "in 3 days" --yes'), bench.salon)
    for name in new:
        bench.clock.move(timedelta(minutes=1))
        hall.members.add(name)
        await bench.do(MemberMoved(bench.key(), bench.clock.now(), bench.matrix.who(name), bench.hall, joined=True))
    await bench.pass_time(days=3)
    shown = await panel(bench)
    assert "nobody was there before this consultation: 4." in shown
    assert "new.example" not in shown


async def test_the_homeserver_that_members_come_from_is_no_sign(bench: Bench) -> None:
    bench.matrix.rooms["!hall"].members |= {f"@o{n}:old.example" for n in range(4)}
    await bench.say("ana", OPEN_POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    assert "No group of accounts" in await panel(bench)


async def test_only_those_who_look_after_it_see_it_and_never_in_the_room(bench: Bench) -> None:
    await scrutineer(bench, "chloe", 1)
    await bench.say("ana", OPEN_POLL, bench.salon)
    before = len(texts(bench))
    assert "administer" in await panel(bench, "bruno")
    assert "Integrity" in await panel(bench, "chloe")
    await bench.say("ana", "/integrity 1", bench.salon)
    assert "Integrity" in told(bench, "ana")[-1]
    assert len(texts(bench)) == before


async def test_there_is_nothing_to_watch_before_the_opening(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL.replace("--yes", '--open "in 3 days" --yes').replace("2h", "5d"), bench.salon)
    assert "nothing to watch" in await panel(bench)


async def test_a_press_on_what_does_not_exist_is_no_sign(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL, bench.salon)
    await bench.vote("bruno", 99, 1)
    await panel(bench)
    assert bench.rows("SELECT * FROM refused_ballot") == []
