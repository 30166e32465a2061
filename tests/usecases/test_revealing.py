"""Sealed ballots whose key the server holds, where two people must say that they may be opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.test_contesting import scrutineer

VOTE = (
    '/vote "Which project?" "Hall" "Festival" --purpose x --binding advice --close 2h '
    "--secrecy unlinked --approval yes --rooms Salon,Hall --yes"
)


@pytest.fixture
async def ended(bench: Bench) -> Bench:
    """… with such a vote, number 1, whose voting is over with one ballot; emma is a scrutineer."""
    await bench.meet_everyone()
    await scrutineer(bench, "emma")
    await bench.say("ana", VOTE, bench.salon)
    await bench.say("bruno", "/v 1 2")
    await bench.say("bruno", "yes")
    assert "two people" in " ".join(await bench.pass_time(hours=2))
    assert bench.state() == "open"
    return bench


def sheet(bench: Bench) -> dict[str, int]:
    return dict(bench.rows("SELECT choice, count FROM sheet WHERE consultation = 1"))


async def test_it_takes_two_people_on_two_platforms(ended: Bench) -> None:
    bench = ended
    await bench.press("ana", Action("reveal", 1))
    assert "Ana agrees to opening" in bench.matrix.at(bench.matrix.chat("emma"))[-1].plain
    assert bench.state() == "open"
    assert "makes two of you" in " ".join(await bench.say("emma", "/reveal 1"))
    assert bench.state() == "certified"
    assert sheet(bench) == {"2": 1}


async def test_a_second_time_is_no_second_person(ended: Bench) -> None:
    bench = ended
    assert "takes two people" in " ".join(await bench.say("ana", "/reveal 1"))
    assert "takes two people" in " ".join(await bench.say("ana", "/reveal 1"))
    assert bench.state() == "open"


async def test_a_word_that_a_restart_follows_still_stands_for_a_day(ended: Bench) -> None:
    bench = ended
    await bench.say("emma", "/reveal 1")
    bench.app = bench.assembled()
    await bench.app.start()
    assert bench.state() == "open"
    await bench.say("ana", "/reveal 1")
    assert bench.state() == "certified"


async def test_after_a_day_the_word_is_given_anew(ended: Bench) -> None:
    bench = ended
    await bench.say("emma", "/reveal 1")
    assert "ended a day ago" in " ".join(await bench.pass_time(hours=25))
    await bench.say("ana", "/reveal 1")
    assert bench.state() == "open"
    await bench.say("emma", "/reveal 1")
    assert bench.state() == "certified"


async def test_a_voter_has_no_say(ended: Bench) -> None:
    before = ended.dump("event_key")
    assert await ended.say("bruno", "/reveal 1")
    assert await ended.press("bruno", Action("reveal", 1))
    assert ended.dump("event_key") == before


async def test_two_who_close_early_agree_to_the_opening_too(bench: Bench) -> None:
    await bench.meet_everyone()
    await scrutineer(bench, "emma")
    await bench.say("ana", VOTE, bench.salon)
    await bench.say("bruno", "/v 1 2")
    await bench.say("bruno", "yes")
    await bench.say("ana", "/close 1")
    assert bench.state() == "open"
    await bench.say("emma", "/close 1")
    assert bench.state() == "certified"
    assert sheet(bench) == {"2": 1}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("--secrecy unlinked", "waits for nobody"),
        ("--secrecy confidential --approval yes", "waits for nobody"),
        ("--secrecy unlinked --approval yes", "Not yet"),
    ],
)
async def test_there_is_nothing_to_reveal(bench: Bench, keys: str, told: str) -> None:
    await bench.say("ana", VOTE.replace("--secrecy unlinked --approval yes", keys), bench.salon)
    assert told in " ".join(await bench.say("ana", "/reveal 1"))


async def test_a_restart_after_the_second_word_closes_it(ended: Bench) -> None:
    """Both words are in the database before anything is counted: whoever starts again finds them."""
    bench = ended
    await bench.say("ana", "/reveal 1")
    bench.clock.move(timedelta(minutes=1))
    await bench.app(bench.said("emma", "/reveal 1"))  # and the program dies before anything due is done
    assert bench.state() == "open"
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()
    assert bench.state() == "certified"
    assert sheet(bench) == {"2": 1}
