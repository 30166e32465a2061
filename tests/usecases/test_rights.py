"""One person, one vote: whoever is in several rooms, wherever they vote from, whenever they arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import Action
from bot.ports import MemberMoved
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL


async def test_a_member_of_two_rooms_has_one_right(bench: Bench) -> None:
    club = bench.telegram.room("-200", "Club", "bruno hugo", admins="ana")
    await bench.found([bench.salon, club])
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Club --yes"), bench.salon)
    await bench.press("bruno", Action("v", 1, "1"), bench.salon)
    assert "instead of" in await bench.press("bruno", Action("v", 1, "2"), club)
    await bench.press("hugo", Action("v", 1, "1"), club)
    assert bench.rows("SELECT count(*) FROM voting_right") == [(2,)]
    assert sorted(bench.rows("SELECT choice FROM ballot")) == [("1",), ("2",)]


async def test_two_topics_of_one_group_are_one_place(bench: Bench) -> None:
    topic = replace(bench.salon, thread="7")
    bench.telegram.rooms["-100"].ref = bench.salon
    await bench.say("ana", POLL, topic)
    assert "recorded" in await bench.press("bruno", Action("v", 1, "1"), topic)
    assert "instead of" in await bench.press("bruno", Action("v", 1, "2"), bench.salon)
    assert bench.rows("SELECT count(*) FROM voting_right") == [(1,)]


async def test_two_platforms_are_counted_together_and_told_together(both: Bench) -> None:
    await both.vote("bruno", 1, 1)
    await both.vote("chloe", 1, 2)
    await both.say("emma", "/v 1 2", both.hall)
    await both.pass_time(hours=3)
    assert both.rows("SELECT choice, count FROM sheet ORDER BY choice") == [("1", 1), ("2", 2)]
    for platform, room in ((both.telegram, both.salon), (both.matrix, both.hall)):
        results = [one.plain for one in platform.at(room) if one.plain.startswith("Result")]
        assert len(results) == 1
        assert "Library wins with 2 votes of 3" in results[0]


async def test_the_same_address_on_another_platform_is_someone_else(both: Bench) -> None:
    both.matrix.rooms["!hall"].members.add("bruno")
    before = both.rows("SELECT count(*) FROM voting_right")[0][0]
    await both.vote("bruno", 1, 1)
    assert both.rows("SELECT count(*) FROM voting_right") == [(before + 1,)]
    # On Matrix the list of members was made at the opening, and this account was not on it.
    answers = await both.say("bruno", "/v 1 2", both.hall)
    assert "not on the roll" in answers[0]


async def test_whoever_arrives_after_the_opening_does_not_vote(poll: Bench) -> None:
    poll.telegram.rooms["-100"].members.add("hugo")
    poll.clock.move(timedelta(minutes=5))
    await poll.do(MemberMoved("k", poll.clock.now(), poll.telegram.who("hugo"), poll.salon, joined=True))
    assert "arrived after the opening" in await poll.vote("hugo", 1, 1)
    assert poll.rows("SELECT * FROM ballot") == []


async def test_a_member_nobody_ever_saw_is_admitted_once_confirmed(poll: Bench) -> None:
    poll.telegram.rooms["-100"].members.add("hugo")
    assert "recorded" in await poll.vote("hugo", 1, 1)
    assert "only members" in await poll.vote("stranger", 1, 1)


async def test_someone_on_the_roll_who_leaves_keeps_their_ballot(poll: Bench) -> None:
    await poll.vote("bruno", 1, 2)
    poll.telegram.rooms["-100"].members.discard("bruno")
    await poll.do(MemberMoved("k", poll.clock.now(), poll.telegram.who("bruno"), poll.salon, joined=False))
    await poll.pass_time(hours=3)
    assert poll.rows("SELECT choice, count FROM sheet") == [("2", 1)]


async def test_a_later_opening_of_another_poll_has_its_own_roll(poll: Bench) -> None:
    await poll.vote("bruno", 1, 1)
    await poll.say("ana", POLL, poll.salon)
    assert "recorded" in await poll.vote("bruno", 2, 2)
    assert poll.rows("SELECT consultation, choice FROM ballot ORDER BY consultation") == [(1, "1"), (2, "2")]


async def test_after_a_confidential_closing_nothing_links_a_person_to_a_choice(poll: Bench) -> None:
    for name, option in (("bruno", 1), ("chloe", 2), ("dan", 2)):
        await poll.vote(name, 1, option)
    await poll.pass_time(hours=3)
    assert poll.rows("SELECT * FROM ballot") == []
    assert poll.rows("SELECT count(*) FROM voting_right WHERE used") == [(3,)]
    mine = await poll.say("bruno", "/mine")
    assert "has been erased" in mine[0]
    assert "Café" not in mine[0]


async def test_hidden_counts_are_told_to_nobody_not_even_organisers(vote: Bench) -> None:
    for name in ("bruno", "chloe"):
        for _ in range(2):  # the first press asks to accept the rules
            await vote.vote(name, 1, 2)
    for who in ("ana", "bruno"):
        for text in ("/status 1", "/results 1", "/list", "/schedule"):
            for words in await vote.say(who, text, vote.salon):
                assert "Festival 2" not in words
                assert "▇" not in words
    card = next(one for one in vote.telegram.at(vote.salon) if one.plain.startswith("Which project?"))
    assert "2 voters" in card.plain
    assert "▇" not in card.plain


async def test_whoever_may_not_vote_is_not_shown_what_is_asked(poll: Bench) -> None:
    poll.telegram.room("-200", "Club", "zoe", admins="iris")
    await poll.meet_everyone()
    for text in ("/v 1", "/start v-1", "/v 1 Café", "/status 1", "/charter 1", "/start c-1", "/mine", "/list"):
        for words in await poll.say("zoe", text):
            assert "Where?" not in words, text
            assert "Library" not in words, text
    assert "Where?" in (await poll.say("bruno", "/v 1"))[0]


async def test_a_majority_of_a_roll_nobody_can_list_asks_for_time_to_register(bench: Bench) -> None:
    asked = '/vote "Adopt?" "Pour" "Contre" --purpose x --binding advice --majority absolute --base roll'
    answers = await bench.say("ana", f"{asked} --close 2h --yes", bench.salon)
    assert "does not list a group's members" in answers[0]
    assert bench.state() == "draft"
    await bench.say("ada", f"{asked} --close 2h --yes", bench.hall)
    await bench.say("ana", "/open 2")
    assert bench.state(2) == "open"  # where they can be listed, the roll is known
