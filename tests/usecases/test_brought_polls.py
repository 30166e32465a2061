"""A poll of the platform's own in private: which room it is for is asked where there are several."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ids import Action
from bot.ports import BroughtPoll
from tests.fakes.bench import Bench

BROUGHT = BroughtPoll("Where?", ("Café", "Library", "Park"), several=True)


async def _bring(bench: Bench, poll: BroughtPoll, text: str = "") -> str:
    before = bench.count()
    await bench.do(replace(bench.said("ana", text), poll=poll))
    return "\n".join(one.plain for one in bench.since(before))


async def test_the_room_is_asked_for_where_there_are_several_and_the_poll_is_kept_meanwhile(bench: Bench) -> None:
    club = bench.telegram.room("-200", "Club", "hugo", admins="ana")
    await bench.found([bench.salon, club])
    await bench.meet_everyone()
    assert "Where?" not in await _bring(bench, BROUGHT)
    (number,) = bench.rows("SELECT id FROM room WHERE title = 'Club'")[0]
    await bench.press("ana", Action("in", number))
    assert bench.state() == "draft"
    assert bench.rows("SELECT room FROM consultation_room") == [(number,)]
    (definition,) = bench.rows("SELECT definition FROM consultation")[0]
    assert all(word in definition for word in ("Where?", "Café", "Library", "Park", '"approval"'))


async def test_a_command_that_says_all_by_itself_takes_nothing_from_the_poll(bench: Bench) -> None:
    shown = await _bring(bench, BROUGHT, '/poll "When?" "Now" "Later"')
    assert "When?" in shown
    assert "Café" not in shown


async def test_what_is_typed_wins_over_what_the_poll_says(bench: Bench) -> None:
    await _bring(bench, BROUGHT, "/vote --purpose x --binding advice --close 2h --ballot ranking")
    (kind, definition) = bench.rows("SELECT kind, definition FROM consultation")[0]
    assert kind == "vote"
    assert '"ranking"' in definition


async def test_hostile_words_of_a_poll_are_refused_and_keep_nothing(bench: Bench) -> None:
    before = bench.dump("event_key")
    for poll in (
        replace(BROUGHT, question="\u202eWhere?\x00"),
        replace(BROUGHT, options=("A", "a")),
        replace(BROUGHT, quiz=True),
    ):
        await _bring(bench, poll)
    assert bench.dump("event_key")["consultation"] == before["consultation"] == []


async def test_a_poll_delivered_again_makes_no_second_draft(bench: Bench) -> None:
    said = replace(bench.said("ana", ""), poll=BROUGHT)
    await bench.do(said)
    await bench.do(said)
    assert bench.rows("SELECT count(*) FROM consultation") == [(1,)]
