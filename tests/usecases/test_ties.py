"""Ties that organisers decide: seat after seat, each decision published once, with its own reason."""

from __future__ import annotations

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.test_second_round import beginning, texts, vote

SEATS = '/poll "Which two?" "Red" "Blue" "Green" --ballot approval --seats 2 --close 1h --yes'


async def tied(bench: Bench) -> None:
    """Three options left level for two seats."""
    await bench.say("ana", SEATS, bench.salon)
    await vote(bench, 1, bruno=1, chloe=2, dan=3)
    await bench.pass_time(hours=1)


async def decide(bench: Bench, option: int, reason: str) -> None:
    await bench.press("ana", Action("tie", 1, str(option)))
    await bench.say("ana", reason)
    await bench.pass_time(seconds=1)


async def test_one_seat_is_decided_after_the_other(bench: Bench) -> None:
    await tied(bench)
    assert "Tie between Red, Blue, and Green for the 2 seats left." in beginning(bench, "Result")[0]
    await decide(bench, 3, "Grass is green.")
    await decide(bench, 1, "Bricks are red.")
    decisions = [one for one in texts(bench) if "The organisers decide the tie" in one]
    assert [("Green" in one, "Grass" in one, "Red" in one) for one in decisions] == [
        (True, True, False), (False, False, True),
    ]  # fmt: skip
    assert bench.rows("SELECT option FROM tie_decision ORDER BY position") == [(3,), (1,)]
    assert "Elected, in this order: Green and Red." in " ".join(await bench.say("ana", "/results 1", bench.salon))


async def test_what_was_decided_is_not_decided_again(bench: Bench) -> None:
    await tied(bench)
    await decide(bench, 3, "Grass is green.")
    for option in (3, 7):
        assert "no tie" in await bench.press("ana", Action("tie", 1, str(option)))
    await decide(bench, 1, "Bricks are red.")
    assert "no tie" in await bench.press("ana", Action("tie", 1, "2"))
    assert bench.rows("SELECT count(*) FROM tie_decision") == [(2,)]


async def test_a_decision_that_somebody_else_took_meanwhile_is_refused(bench: Bench) -> None:
    room = bench.telegram.room("-300", "Board", "chloe dan", admins="ana bruno")
    await bench.found([room])
    await bench.meet_everyone()
    await bench.say("ana", SEATS, room)
    for name, option in (("ana", 1), ("bruno", 2), ("chloe", 3)):
        await bench.press(name, Action("v", 1, str(option)), room)
    await bench.pass_time(hours=1)
    for name in ("ana", "bruno"):
        await bench.press(name, Action("tie", 1, "3"))
    await bench.say("ana", "Grass is green.")
    assert "no tie" in " ".join(await bench.say("bruno", "Leaves are green."))
    assert bench.rows("SELECT option FROM tie_decision") == [(3,)]
