"""When the bot was away, closings move by as much, once, and the rooms are told; whether it died or a platform did."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.fakes.bench import Bench

MINUTE = timedelta(minutes=1)


def closing(bench: Bench) -> datetime:
    return datetime.fromisoformat(bench.rows("SELECT closes_at FROM consultation WHERE number = 1")[0][0])


def notices(bench: Bench) -> list[str]:
    return [one.plain for one in (*bench.telegram.posted, *bench.matrix.posted) if "The bot was away" in one.plain]


async def restart_after(bench: Bench, away: timedelta) -> None:
    await bench.app.settle()
    bench.clock.move(away)
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()


@pytest.mark.parametrize(("away", "moves"), [(1, False), (2, False), (3, True), (60, True)])
async def test_the_closing_moves_by_the_length_of_the_absence(both: Bench, away: int, moves: bool) -> None:
    before = closing(both)
    await restart_after(both, away * MINUTE)
    assert closing(both) - before == (away * MINUTE if moves else timedelta())
    assert len(notices(both)) == (2 if moves else 0)


async def test_an_absence_is_applied_once_however_often_the_bot_starts(both: Bench) -> None:
    before = closing(both)
    await restart_after(both, 30 * MINUTE)
    for _ in range(3):
        await restart_after(both, timedelta(seconds=10))
    assert closing(both) - before == 30 * MINUTE
    assert len(notices(both)) == 2


async def test_what_should_have_closed_meanwhile_closes_later_by_as_much(poll: Bench) -> None:
    before = closing(poll)
    await restart_after(poll, timedelta(hours=5))
    assert poll.state() == "open"
    assert closing(poll) - before == timedelta(hours=5)
    assert "recorded" in await poll.vote("bruno", 1, 1)
    await poll.pass_time(hours=2)
    assert poll.state() == "certified"


async def test_a_consultation_not_open_yet_does_not_move(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "A" "B" --open "in 30 hours" --close "in 60 hours" --yes', bench.salon)
    before = bench.rows("SELECT opens_at, closes_at FROM consultation")
    await restart_after(bench, timedelta(hours=1))
    assert bench.rows("SELECT opens_at, closes_at FROM consultation") == before


async def falls_silent(bench: Bench, quiet: timedelta) -> None:
    """Telegram alone doesn't answer for so long, while the bot lives and looks every half minute."""
    bench.telegram.last_contact = bench.clock.now()
    look = timedelta(seconds=30)
    end = bench.clock.now() + quiet
    while bench.clock.now() < end - look:
        bench.clock.move(look)
        await bench.app.settle()
    bench.telegram.last_contact = None
    bench.clock.move(look)
    await bench.app.settle()


async def test_a_platform_that_falls_silent_while_the_bot_lives_is_an_absence_of_its_whole_length(poll: Bench) -> None:
    before = closing(poll)
    await falls_silent(poll, 10 * MINUTE)
    assert closing(poll) - before == 10 * MINUTE
    assert len(notices(poll)) == 1
    await poll.pass_time(minutes=10)
    assert closing(poll) - before == 10 * MINUTE


@pytest.mark.parametrize("minutes", [1, 2])
async def test_a_short_silence_changes_nothing(poll: Bench, minutes: int) -> None:
    before = closing(poll)
    await falls_silent(poll, minutes * MINUTE)
    assert closing(poll) == before


async def test_nothing_closes_while_its_platform_is_silent(poll: Bench) -> None:
    before = closing(poll)
    await poll.pass_time(minutes=115)
    await falls_silent(poll, 20 * MINUTE)
    assert poll.state() == "open"
    assert closing(poll) - before == 20 * MINUTE
    assert "recorded" in await poll.vote("bruno", 1, 1)
    await poll.pass_time(minutes=30)
    assert poll.state() == "certified"


async def test_the_silence_of_a_platform_does_not_move_what_is_not_on_it(bench: Bench) -> None:
    await bench.say("ada", '/poll "Where?" "A" "B" --close 2h --yes', bench.hall)
    await bench.say("ana", "/open 1")
    before = closing(bench)
    await falls_silent(bench, 10 * MINUTE)
    assert closing(bench) == before


async def test_time_to_contest_that_was_lost_is_given_back_once_and_told(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Café" "Library" --close 2h --contest 1d --yes', bench.salon)
    await bench.pass_time(hours=2)
    assert bench.state() == "closed"
    await bench.pass_time(hours=20)
    await restart_after(bench, timedelta(hours=5))
    assert bench.state() == "closed"
    for _ in range(2):
        await restart_after(bench, timedelta(seconds=10))
    (told,) = [each for each in notices(bench) if "provisional until" in each]
    assert "/contest 1" in told
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'contest-moved'") == [(1,)]
    await bench.say("bruno", "/contest 1 somebody voted twice")
    assert bench.rows("SELECT count(*) FROM contest") == [(1,)]
    await bench.say("ana", "/contest 1 note 1 right")
    await bench.pass_time(hours=3)
    assert bench.state() == "closed"
    await bench.pass_time(hours=1, minutes=1)
    assert bench.state() == "certified"


async def test_no_more_is_given_back_than_was_left_and_nothing_where_it_was_over(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Café" "Library" --close 2h --contest 1h --yes', bench.salon)
    await bench.pass_time(hours=3, minutes=1)
    assert bench.state() == "certified"
    await restart_after(bench, timedelta(hours=5))
    assert bench.rows("SELECT * FROM contest_move") == []
    assert not [each for each in notices(bench) if "provisional" in each]
