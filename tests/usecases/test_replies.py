"""A ballot typed as a reply to the card: counted by the shortest way if that is enough, by the long one else."""

from __future__ import annotations

from pathlib import Path

from bot.domain.ids import PostRef
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL


def card(bench: Bench) -> PostRef:
    """Where the ballot card stands in the hall, on Matrix."""
    return next(post.ref for post in bench.matrix.posted if "1. Café" in post.plain)


def choices(bench: Bench) -> list[str]:
    return sorted(choice for (choice,) in bench.rows("SELECT choice FROM ballot"))


async def test_a_whole_room_replies(both: Bench) -> None:
    for who, text in (("emma", "1"), ("farid", "park"), ("gus", "Café")):
        (told,) = await both.say(who, text, both.hall, reply_to=card(both))
        assert "Recorded" in told
    assert len(choices(both)) == 3


async def test_a_reply_changes_the_ballot_and_a_replay_does_not(both: Bench) -> None:
    await both.say("emma", "1", both.hall, reply_to=card(both), key="matrix:$one")
    assert "Changed" in (await both.say("emma", "2", both.hall, reply_to=card(both)))[0]
    before = both.dump()
    await both.say("emma", "1", both.hall, reply_to=card(both), key="matrix:$one")
    assert both.dump() == before


async def test_who_is_not_on_the_roll_is_told_so(both: Bench) -> None:
    both.matrix.rooms[both.hall.id].members.add("zoe")
    answers = await both.say("zoe", "1", both.hall, reply_to=card(both))
    assert answers
    assert not any("Recorded" in answer for answer in answers)
    assert choices(both) == []


async def test_what_is_no_option_is_told_so(both: Bench) -> None:
    answers = await both.say("emma", "the moon", both.hall, reply_to=card(both))
    assert answers
    assert choices(both) == []


async def test_a_reply_after_the_closing_is_refused(both: Bench) -> None:
    await both.say("emma", "1", both.hall, reply_to=card(both))
    await both.pass_time(hours=3)
    answers = await both.say("farid", "1", both.hall, reply_to=card(both))
    assert answers
    assert "Recorded" not in answers[0]


async def test_the_data_notice_follows_the_first_private_answer_once(tmp_path: Path) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    try:
        await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
        first = await bench.say("emma", "1", bench.hall, reply_to=card(bench))
        again = await bench.say("emma", "2", bench.hall, reply_to=card(bench))
    finally:
        await bench.close()
    assert (len(first), len(again)) == (2, 1)
    assert "Recorded" in first[0]
    assert "Changed" in again[0]


async def test_a_mistyped_command_in_a_reply_is_a_mistyped_command(both: Bench) -> None:
    (told,) = await both.say("emma", "/bonjourno", both.hall, reply_to=card(both))
    assert "bonjourno" in told
    assert choices(both) == []
