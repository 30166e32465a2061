"""Which cards carry a poll of the platform's own: in the room for public ballots, in private for the others."""

from __future__ import annotations

import pytest

from bot.text.card import NativePoll
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL


def polls(bench: Bench, place: str) -> list[NativePoll]:
    """The polls on the cards that stand in a room or private chat of the platforms."""
    return [
        post.card.poll
        for platform in bench.platforms.values()
        for post in platform.posted
        if post.ref.room.id == place and post.card.poll is not None
    ]


async def test_a_public_poll_is_asked_once_in_the_room_without_buttons_and_ended(bench: Bench) -> None:
    await bench.say("ana", f"{POLL} --secrecy public --rooms Salon,Hall", bench.salon)
    (poll,) = polls(bench, bench.hall.id)
    assert (poll.number, poll.most, poll.disclosed, poll.over) == (1, 1, True, "")
    assert [number for number, _ in poll.options] == [1, 2, 3]
    assert not polls(bench, bench.salon.id)
    await bench.pass_time(hours=3)
    (ended,) = polls(bench, bench.hall.id)
    assert "is over" in ended.over


@pytest.mark.parametrize(
    ("more", "disclosed", "most"),
    [("--results closing", False, 1), ("--ballot approval", True, 3), ("--ballot approval --choices 1-2", True, 2)],
)
async def test_a_poll_is_as_the_definition_says(bench: Bench, more: str, disclosed: bool, most: int) -> None:
    await bench.say("ada", f"{POLL} --secrecy public {more}", bench.hall)
    (poll,) = polls(bench, bench.hall.id)
    assert (poll.disclosed, poll.most) == (disclosed, most)


@pytest.mark.parametrize("more", ["", "--ballot ranking --secrecy public"])
async def test_other_ballots_have_none_in_the_room(bench: Bench, more: str) -> None:
    await bench.say("ada", f"{POLL} {more}", bench.hall)
    assert not polls(bench, bench.hall.id)


async def test_the_private_paper_has_one_that_shows_nothing_before_the_end(bench: Bench) -> None:
    await bench.say("ada", POLL, bench.hall)
    await bench.say("emma", "/v 1", bench.hall)
    (poll,) = polls(bench, "@emma")
    assert (poll.number, poll.disclosed) == (1, False)


async def test_a_preview_shows_the_words_and_asks_nothing(bench: Bench) -> None:
    told = await bench.say("ada", f"{POLL} --secrecy public".replace("--yes ", ""), bench.hall)
    assert any("poll below" in words for words in told)
    assert not polls(bench, "@ada")
