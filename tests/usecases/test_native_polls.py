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


async def test_the_options_of_a_private_poll_are_in_an_order_of_each_voter_s_own(bench: Bench) -> None:
    """The list and the poll below it, each time the same; numbers keep their meaning, and "none of these" is last."""
    options = " ".join(f'"Place {letter}"' for letter in "ABCDEFG")
    await bench.say("ada", f'/poll "Where?" "None of these" {options} --close 2h --yes', bench.hall)
    for name in ("emma", "farid", "gus", "emma"):
        await bench.say(name, "/v 1", bench.hall)
    asked = {name: polls(bench, f"@{name}") for name in ("emma", "farid", "gus")}
    orders = {name: [number for number, _ in found[0].options] for name, found in asked.items()}
    assert all(sorted(order) == list(range(1, 9)) and order[-1] == 1 for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) > 1
    assert len({tuple(number for number, _ in poll.options) for poll in asked["emma"]}) == 1
    (paper, *_) = [one.plain for one in bench.matrix.at(bench.matrix.chat("emma")) if "Place A" in one.plain]
    listed = [paper.index(f"{number}. ") for number in orders["emma"]]
    assert listed == sorted(listed)


async def test_the_yes_and_the_no_to_a_motion_keep_their_order(bench: Bench) -> None:
    command = '/vote "Adopt?" "For" "Against" "Abstain" --purpose x --binding advice --close 2h --yes'
    await bench.say("ada", command, bench.hall)
    for name in ("emma", "farid", "gus"):
        await bench.say(name, "/v 1", bench.hall)
        assert [number for number, _ in polls(bench, f"@{name}")[0].options] == [1, 2, 3]
