"""The speakers' list and the rooms' floor: who speaks when, what they are told, and that every room is given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import Action, RoomRef
from bot.ports import Spoke
from tests.fakes.bench import Bench
from tests.usecases.debate.conftest import EVERYONE, Debating, accepted, card_words

FREE = ("everyone", "everyone")


async def floor(debating: Debating, keys: str = "", **more: str) -> Bench:
    """An open debate whose members accepted the rules, in its arguments."""
    bench = await debating(keys, **more)
    await accepted(bench, *EVERYONE)
    return bench


def writers(bench: Bench) -> tuple[str, str]:
    """Who can write in the salon and in the hall, beside their administrators."""
    return bench.telegram.rooms["-100"].writers, bench.matrix.rooms["!hall"].writers


async def spoke(bench: Bench, name: str, length: int, room: RoomRef | None = None, key: str = "") -> None:
    """Someone writes to the room."""
    platform = bench.platform_of(name)
    where = room or bench.salon
    await bench.do(Spoke(key or bench.key(), bench.clock.now(), platform.who(name), where, length))


async def queue(bench: Bench) -> list[str]:
    """The speakers' list as chloe reads it, and nothing else."""
    (said,) = await bench.say("chloe", "/floor list")
    return [line for line in said.split("\n") if line[0].isdigit()]


# -- the list ----------------------------------------------------------------------------------------------------------
async def test_asking_twice_leaves_the_list(debating: Debating) -> None:
    bench = await floor(debating)
    assert "number 1 on the list" in (await bench.say("bruno", "/floor", bench.salon))[0]
    assert "number 2 on the list" in (await bench.say("emma", "/floor"))[0]
    assert await queue(bench) == ["1. Bruno", "2. Emma"]
    assert "off the list" in (await bench.say("bruno", "/floor"))[0]
    assert await queue(bench) == ["1. Emma"]
    assert writers(bench) == FREE


async def test_the_button_is_the_same_as_the_command(debating: Debating) -> None:
    bench = await floor(debating)
    toast = await bench.press("bruno", Action("floor", 1), bench.salon, key="press-1")
    assert "number 1 on the list" in toast
    assert await bench.press("bruno", Action("floor", 1), bench.salon, key="press-1") == toast
    assert "off the list" in await bench.press("bruno", Action("floor", 1), bench.salon)


async def test_saying_more_changes_the_wish_and_keeps_the_place(debating: Debating) -> None:
    bench = await floor(debating, "--lists Students, Staff")
    for name in ("bruno", "dan"):
        await bench.say(name, "/floor staff")
    await bench.say("bruno", "/floor against staff")
    assert await queue(bench) == ["1. Bruno (against, Staff)", "2. Dan (Staff)"]
    await bench.say("dan", "/floor order")
    assert await queue(bench) == ["1. Dan (point of order)", "2. Bruno (against, Staff)"]


async def test_the_list_says_by_which_rule_it_is_ordered(debating: Debating) -> None:
    bench = await floor(debating, "--alternate yes --lists Students, Staff")
    (said,) = await bench.say("chloe", "/floor list")
    assert "spoken least often" in said
    assert "take turns" in said
    assert "Students and Staff" in said


async def test_a_debate_that_shows_no_names_has_no_floor(debating: Debating) -> None:
    bench = await floor(debating, "--signing pseudonym")
    assert "shows no names" in (await bench.say("bruno", "/floor"))[0]
    assert "shows no names" in (await bench.say("ana", "/next"))[0]
    assert bench.rows("SELECT * FROM floor_request") == []


@pytest.mark.parametrize("words", ["/floor", "/next"])
async def test_a_phase_without_speakers_says_when_there_are_some(debating: Debating, words: str) -> None:
    bench = await floor(debating, phases="information 1d, arguments 2d, conclusion 1d")
    before = bench.dump("event_key")
    assert "arguments" in (await bench.say("ana", words))[0]
    assert bench.dump("event_key") == before


async def test_only_moderators_give_the_floor(debating: Debating) -> None:
    bench = await floor(debating)
    await bench.say("bruno", "/floor")
    assert "administer the group" in (await bench.say("bruno", "/next"))[0]
    assert writers(bench) == FREE
    assert bench.rows("SELECT count(*) FROM speech") == [(0,)]


async def test_nobody_waits_says_how_to_ask(debating: Debating) -> None:
    bench = await floor(debating)
    assert "Nobody waits" in (await bench.say("ana", "/next"))[0]


async def test_who_takes_part_without_showing_a_name_is_not_named(debating: Debating) -> None:
    bench = await floor(debating)
    bench.telegram.rooms["-100"].hidden.add("ana")
    await bench.say("ana", "/floor")
    (line,) = await queue(bench)
    assert "Ana" not in line
    assert "Voice" in line


# -- the turns ---------------------------------------------------------------------------------------------------------
async def test_the_floor_goes_from_one_to_the_next_and_the_rooms_are_given_back(debating: Debating) -> None:
    bench = await floor(debating)
    await bench.say("bruno", "/floor")
    await bench.say("emma", "/floor")
    told = await bench.say("ana", "/next", bench.salon)
    assert any("Bruno has the floor" in one and "Then: Emma" in one for one in told)
    assert any("You have the floor" in one for one in told)
    assert writers(bench) == ("bruno", "nobody")
    assert "Bruno has the floor" in card_words(bench)
    assert "1 person waits for the floor: Emma" in card_words(bench)
    assert "nobody else writes here" in card_words(bench, "hall")
    assert "your turn is over" in (await bench.say("bruno", "/floor"))[0]
    assert writers(bench) == ("nobody", "emma")
    told = await bench.say("ana", "/next")
    assert any("everyone can write" in one for one in told)
    assert writers(bench) == FREE
    assert bench.rows("SELECT * FROM held_room") == []
    assert "floor" not in card_words(bench)


async def test_a_turn_is_told_to_the_room_by_its_card_alone(debating: Debating) -> None:
    bench = await floor(debating, "--turn 3 min")
    for name in ("bruno", "chloe", "dan"):
        await bench.say(name, "/floor")
    await bench.say("ana", "/next")
    posted = len(bench.telegram.at(bench.salon)), len(bench.matrix.at(bench.hall))
    await bench.pass_time(minutes=10)
    assert (len(bench.telegram.at(bench.salon)), len(bench.matrix.at(bench.hall))) == posted
    assert bench.telegram.rooms["-100"].held == ["bruno", "chloe", "dan", "everyone"]
    assert writers(bench) == FREE


async def test_a_turn_ends_when_its_time_is_up_and_a_fifth_before_the_speaker_is_told(debating: Debating) -> None:
    bench = await floor(debating, "--turn 5 min")
    await bench.say("bruno", "/floor")
    await bench.say("chloe", "/floor")
    await bench.say("ana", "/next")
    assert await bench.pass_time(minutes=3, seconds=59) == []
    (warning,) = await bench.pass_time(seconds=2)
    assert "nearly over" in warning
    assert await bench.pass_time(seconds=58) == []
    (begun,) = await bench.pass_time(seconds=2)
    assert "You have the floor" in begun
    assert writers(bench) == ("chloe", "nobody")


async def test_a_turn_in_messages_counts_the_speakers_words_once_and_nobody_elses(debating: Debating) -> None:
    bench = await floor(debating, "--turn 5 messages")
    await bench.say("bruno", "/floor")
    await bench.say("ana", "/next")
    await spoke(bench, "chloe", 40)
    for _ in range(3):
        await spoke(bench, "bruno", 40, key="again")
    assert "4 messages left" in card_words(bench)
    await spoke(bench, "bruno", 40)
    await spoke(bench, "bruno", 40)
    before = bench.count()
    await spoke(bench, "bruno", 40)
    (warning,) = [one.plain for one in bench.since(before)]
    assert "1 message left" in warning
    assert writers(bench) == ("bruno", "nobody")
    await spoke(bench, "bruno", 40)
    assert writers(bench) == FREE
    assert bench.rows("SELECT messages, characters FROM speech") == [(5, 200)]


async def test_a_turn_in_characters_ends_with_the_message_that_uses_it_up(debating: Debating) -> None:
    bench = await floor(debating, "--turn 600 characters")
    await bench.say("emma", "/floor")
    await bench.say("ana", "/next")
    await spoke(bench, "emma", 599, bench.hall)
    assert writers(bench) == ("nobody", "emma")
    await spoke(bench, "emma", 300, bench.hall)
    assert writers(bench) == FREE


async def test_what_is_said_elsewhere_or_in_no_turn_is_not_kept(debating: Debating) -> None:
    bench = await floor(debating)
    before = bench.dump()
    await spoke(bench, "bruno", 40)
    assert bench.dump() == before


async def test_after_an_absence_one_turn_has_ended_and_the_next_begins(debating: Debating) -> None:
    bench = await floor(debating, "--turn 3 min")
    for name in ("bruno", "chloe", "dan"):
        await bench.say(name, "/floor")
    await bench.say("ana", "/next")
    bench.clock.move(timedelta(hours=1))
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()
    assert writers(bench) == ("chloe", "nobody")
    assert bench.rows("SELECT count(*) FROM speech") == [(2,)]
    ((began, ended),) = bench.rows("SELECT began_at, ended_at FROM speech WHERE ended_at IS NOT NULL")
    assert began[:16] == "2026-12-01 11:00"
    assert ended[:16] == "2026-12-01 11:03"


# -- the end of it -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "ends",
    ["/phase pause", "/phase conclusion", "/close 1", "/cancel 1 no more"],
    ids=lambda one: one[1:],
)
async def test_whatever_ends_the_floor_gives_the_rooms_back(debating: Debating, ends: str) -> None:
    bench = await floor(debating, "--turn 3 min")
    await bench.say("bruno", "/floor")
    await bench.say("chloe", "/floor")
    await bench.say("ana", "/next")
    assert writers(bench) == ("bruno", "nobody")
    await bench.say("ana", ends)
    assert writers(bench) == FREE
    assert bench.rows("SELECT * FROM held_room") == []
    assert bench.rows("SELECT count(*) FROM speech WHERE under_way") == [(0,)]


async def test_after_a_pause_the_list_is_still_there(debating: Debating) -> None:
    bench = await floor(debating)
    await bench.say("bruno", "/floor")
    await bench.say("chloe", "/floor")
    await bench.say("ana", "/next")
    await bench.say("ana", "/phase pause")
    assert "paused" in (await bench.say("ana", "/next"))[0]
    await bench.say("ana", "/phase resume")
    assert writers(bench) == FREE
    await bench.say("ana", "/next")
    assert writers(bench) == ("chloe", "nobody")


# -- rooms that can't be held ------------------------------------------------------------------------------------------
async def test_where_the_bot_has_no_right_it_keeps_the_list_and_says_so(debating: Debating) -> None:
    bench = await floor(debating)
    bench.telegram.rooms["-100"].holdable = False
    await bench.say("bruno", "/floor")
    await bench.say("ana", "/next")
    assert writers(bench) == ("everyone", "nobody")
    assert "I only keep the list" in card_words(bench)
    assert "nobody else writes here" in card_words(bench, "hall")
    await bench.say("bruno", "/floor")
    assert writers(bench) == FREE


async def test_a_right_lost_during_a_turn_comes_back_with_everything(debating: Debating) -> None:
    bench = await floor(debating)
    await bench.say("bruno", "/floor")
    await bench.say("ana", "/next")
    bench.telegram.rooms["-100"].holdable = False
    await bench.say("ana", "/next")
    assert writers(bench) == ("bruno", "everyone")
    assert bench.rows("SELECT count(*) FROM held_room") == [(1,)]
    bench.telegram.rooms["-100"].holdable = True
    await bench.pass_time(minutes=6)
    assert writers(bench) == FREE
    assert bench.rows("SELECT * FROM held_room") == []


async def test_a_room_that_another_debate_holds_is_left_to_it(debating: Debating) -> None:
    bench = await floor(debating)
    await bench.say("ana", '/debate "Another?" --phases arguments 2d, conclusion 1d --yes', bench.salon)
    await bench.say("bruno", "/floor n1")
    await bench.say("chloe", "/floor n2")
    await bench.say("ana", "/next n1")
    await bench.say("ana", "/next n2")
    assert writers(bench) == ("bruno", "nobody")
    await bench.say("chloe", "/floor n2")
    assert writers(bench) == ("bruno", "nobody")
    await bench.say("bruno", "/floor n1")
    assert writers(bench) == FREE


# -- in French ---------------------------------------------------------------------------------------------------------
async def test_the_floor_in_french(debating: Debating) -> None:
    bench = await floor(debating, "--turn 3 min", language="fr")
    assert "n° 1 de la liste" in (await bench.say("bruno", "/parole pour", bench.salon))[0]
    await bench.say("emma", "/parole contre")
    told = await bench.say("ana", "/suivant", bench.salon)
    assert any("Bruno (pour) a la parole, jusqu'au" in one and "Ensuite : Emma." in one for one in told)
    assert any("La parole est à vous" in one for one in told)
    assert "1 personne attend la parole : Emma" in card_words(bench)
    assert "personne d'autre n'écrit ici" in card_words(bench)
    assert "Je n'ai pas compris" in (await bench.say("bruno", "/parole tout de suite"))[0]
