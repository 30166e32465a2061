"""Seeing, receiving and erasing what is kept of oneself, on both platforms."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL, VOTE

SIGNED = '/debate "A nursery?" --purpose "to choose" --phases "arguments 1d, conclusion 1d" --signing name --yes'


def everything(bench: Bench) -> str:
    """Every value of the database, as text in small letters."""
    return repr(bench.dump()).casefold()


async def voted(bench: Bench, *names: str) -> None:
    """The open poll, number 1, in which these voted by button."""
    await bench.say("ana", POLL, bench.salon)
    for name in names:
        await bench.vote(name, 1, 1)


async def test_privacy_says_what_is_kept_of_whoever_asks(bench: Bench) -> None:
    await voted(bench, "bruno")
    (told,) = await bench.say("bruno", "/privacy", bench.salon)
    assert "bruno" in told
    assert "Salon" in told
    assert "No. 1, Where?: you voted; erased on" in told
    assert "/mine export" in told
    assert "/forget" in told
    assert "Octet" in told
    assert "chloe" not in told


async def test_privacy_of_someone_who_was_only_seen(bench: Bench) -> None:
    (told,) = await bench.say("emma", "/privacy")
    assert "No right to vote is kept" in told
    assert "Hall" in told


async def test_the_file_holds_the_ballot_and_goes_to_its_owner_alone(bench: Bench) -> None:
    await voted(bench, "bruno")
    (led,) = await bench.say("bruno", "/mine export", bench.salon)
    assert "in private" in led
    assert all(one.card.file is None for one in bench.telegram.posted)
    await bench.say("bruno", "/mine export")
    sent = bench.telegram.posted[-1]
    assert sent.ref.room == bench.telegram.chat("bruno")
    assert sent.card.file is not None
    read = json.loads(sent.card.file.data)
    assert read["ballots"] == [{"number": 1, "title": "Where?", "choice": "Café", "reason": ""}]
    assert read["accounts"][0]["ref"] == "telegram:bruno"
    assert read["records"]["ballot"][0]["choice"] == "1"
    assert "UTC" in read["readme"]


async def test_forgetting_asks_first(bench: Bench) -> None:
    await voted(bench, "bruno")
    before = bench.dump("event_key", "dialogue")
    (asked,) = await bench.say("bruno", "/forget")
    assert "No. 1, Where?: until it closes" in asked
    assert "/forget yes" in asked
    await bench.press("bruno", Action("forgetno"))
    assert bench.dump("event_key", "dialogue") == before


async def test_nothing_open_nothing_left(bench: Bench) -> None:
    await voted(bench, "bruno", "chloe")
    await bench.pass_time(hours=3)
    await bench.press("bruno", Action("forgetyes"))
    assert "Done" in bench.telegram.posted[-1].plain
    left = everything(bench)
    assert "bruno" not in left
    assert "chloe" in left
    assert bench.rows("SELECT choice, count FROM sheet") == [("1", 2)]
    assert bench.rows("SELECT facts FROM journal WHERE kind = 'forgotten'") == [('{"people":1}',)]


async def test_an_open_vote_is_waited_for_and_the_rest_goes_by_itself(bench: Bench) -> None:
    await voted(bench, "bruno")
    (waits,) = await bench.say("bruno", "/forget yes")
    assert "No. 1, Where?" in waits
    assert bench.rows("SELECT name FROM account WHERE ref = 'telegram:bruno'") == [("",)]
    assert bench.rows("SELECT count(*) FROM ballot") == [(1,)]
    await bench.pass_time(hours=3)
    await bench.pass_time(minutes=1)
    assert "bruno" not in everything(bench)
    assert "Done" in bench.telegram.posted[-1].plain
    assert bench.telegram.posted[-1].ref.room == bench.telegram.chat("bruno")
    told = len(bench.telegram.posted)
    await bench.pass_time(days=1)
    assert "Done" not in "".join(one.plain for one in bench.telegram.posted[told:])


async def test_the_vote_can_still_be_changed_while_forgetting_waits(bench: Bench) -> None:
    await voted(bench, "bruno")
    await bench.say("bruno", "/forget yes")
    await bench.vote("bruno", 1, 2)
    assert bench.rows("SELECT choice FROM ballot") == [("2",)]
    assert bench.rows("SELECT count(*) FROM voting_right") == [(1,)]


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_closed_vote_whose_result_is_not_final_asks_nobody_to_vote(tmp_path: Path, language: str) -> None:
    french = ("vous pouvez voter", "soit définitif")
    words = french if language == "fr" else ("you can vote", "until its result is final")
    bench = await Bench(tmp_path / "palabre.db", language=language).start()
    await bench.meet_everyone()
    await bench.say("ana", VOTE.replace("--yes", "--contest 3d --yes"), bench.salon)
    await bench.vote("bruno", 1, 1)
    (asked,) = await bench.say("bruno", "/forget")
    assert words[0] in asked
    await bench.pass_time(hours=3)
    assert bench.state() == "closed"
    (asked,) = await bench.say("bruno", "/forget")
    assert words[0] not in asked
    assert words[1] in asked
    await bench.close()


async def test_a_restart_forgets_nobody_twice_and_nobody_less(bench: Bench) -> None:
    await voted(bench, "bruno")
    await bench.say("bruno", "/forget yes")
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.pass_time(hours=3)
    await bench.pass_time(minutes=1)
    assert "bruno" not in everything(bench)
    assert len(bench.rows("SELECT * FROM journal WHERE kind = 'forgotten'")) == 1


async def test_first_words_may_be_to_be_forgotten(bench: Bench) -> None:
    bench.telegram.rooms["-100"].members.add("zora")
    (done,) = await bench.say("zora", "/forget yes")
    assert "Done" in done
    assert "zora" not in everything(bench)


async def test_on_a_platform_without_buttons(bench: Bench) -> None:
    (asked,) = await bench.say("emma", "/forget")
    assert "/forget yes" in asked
    (done,) = await bench.say("emma", "/forget yes")
    assert "Done" in done
    assert "emma" not in everything(bench)


async def test_a_name_leaves_what_it_signed(bench: Bench) -> None:
    await bench.say("ana", SIGNED, bench.salon)
    await bench.say("bruno", "/for n1 Because parents ask for it.")
    await bench.say("bruno", "yes")
    assert bench.rows("SELECT signature FROM argument") == [("Bruno",)]
    await bench.say("bruno", "/forget yes")
    assert bench.rows("SELECT signature FROM argument") == [("",)]
    assert bench.rows("SELECT text FROM wording") == [("Because parents ask for it.",)]


async def test_the_only_administrator_hands_over_first(bench: Bench) -> None:
    (refused,) = await bench.say("ana", "/forget yes")
    assert "You alone administer Octet" in refused
    assert "/roles admin" in refused
    assert "telegram:ana" in everything(bench)


async def test_the_notice_at_first_contact_says_how(bench: Bench) -> None:
    for room, name in ((bench.salon, "zora"), (bench.hall, "yves")):
        bench.platforms[room.platform].rooms[room.id].members.add(name)
        told = await bench.say(name, "/help")
        assert any("/privacy" in one and "/forget" in one for one in told)
        assert not any("/privacy" in one for one in await bench.say(name, "/mine"))


async def test_the_day_of_the_disclosure_comes(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.pass_time(hours=1)
    await bench.pass_time(days=120)
    assert bench.rows("SELECT count(*) FROM voting_right") == [(0,)]
    assert len(bench.rows("SELECT * FROM journal WHERE kind = 'erased'")) == 1


async def test_drafts_that_nobody_published_go_after_thirty_days(bench: Bench) -> None:
    await bench.say("bruno", POLL.replace(" --yes", ""), bench.salon)
    assert bench.state() == "draft"
    await bench.pass_time(days=29)
    assert bench.state() == "draft"
    await bench.pass_time(days=2)
    assert bench.state() == "cancelled"
    assert bench.rows("SELECT facts FROM journal WHERE kind = 'swept'") == [('{"drafts":1}',)]


@pytest.mark.parametrize("words", ["/forget perhaps", "/forget 1", "/forget"])
async def test_anything_else_only_explains(bench: Bench, words: str) -> None:
    (told,) = await bench.say("bruno", words)
    assert "Being forgotten" in told
    bench.clock.move(timedelta(minutes=1))
    assert bench.rows("SELECT count(*) FROM forgetting") == [(0,)]
