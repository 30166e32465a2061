"""A refusal is one sentence back, and nothing else: the database is as it was."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench

WHAT_ANYONE_MAY_TRY = (
    ("/v 99 1", "can't find a no. 99"),
    ("/v 1 9", "no option 9"),
    ("/v 1 Garden", "Garden"),
    ("/v 1 1,2", "at most"),
    ("/status 99", "can't find a no. 99"),
    ("/results", "number"),
    ("/extend 1 1h", "Only people who administer"),
    ("/nonsense", "nonsense"),
    ("/petition", "can't do it yet"),
    ("/lang xx", "I speak"),
    ("/join AAAA-BBBB", "Only people who administer"),
    ('/poll "Where?" "One" --yes', "option"),
    ('/poll "Where?" "One" "One" --yes', "One"),
    ('/poll "Where?" "One" "Two" --close yesterday --yes', ""),
    ('/poll "Where?" "One" "Two" --colour red --yes', "colour"),
    ('/vote "Where?" "One" "Two" --yes', "purpose"),
    ('/poll "Where?" "One" "Two" --rooms Attic --yes', "Attic"),
)


@pytest.mark.parametrize(("typed", "says"), WHAT_ANYONE_MAY_TRY)
async def test_what_a_member_may_not_do_in_the_room(poll: Bench, typed: str, says: str) -> None:
    await poll.vote("bruno", 1, 1)  # on the roll since: where members can't be listed, the first ballot puts them there
    before = poll.dump()
    answers = await poll.say("bruno", typed, poll.salon)
    assert len(answers) == 1
    assert says in answers[0]
    assert poll.dump() == before


WHAT_AN_ORGANISER_MAY_TRY = (
    ("/open 1", "is not waiting to open"),
    ("/extend 1", "until when"),
    ("/extend 1 2020-01-01 10:00", ""),
    ("/cancel 1", "Say why"),
    ("/answer 1 We did it", "no result to answer"),
    ("/excuse 1 Attic", "Which room"),
    ("/excuse 1 Salon", "not waiting to open"),
)


@pytest.mark.parametrize(("typed", "says"), WHAT_AN_ORGANISER_MAY_TRY)
async def test_what_an_organiser_may_not_do_now(poll: Bench, typed: str, says: str) -> None:
    before = poll.dump()
    answers = await poll.say("ana", typed, poll.salon)
    assert len(answers) == 1
    assert says in answers[0]
    assert poll.dump() == before


@pytest.mark.parametrize(
    "typed", ["/extend 1 1h", "/close 1", "/cancel 1 mistake", "/remind 1", "/v 1 2", "/open 1", "/excuse 1 Salon"]
)
async def test_after_the_result_nothing_can_be_changed_any_more(poll: Bench, typed: str) -> None:
    await poll.vote("bruno", 1, 1)
    await poll.pass_time(hours=3)
    before = poll.dump()
    answers = await poll.say("ana", typed, poll.salon)
    assert len(answers) == 1
    assert poll.dump() == before


@pytest.mark.parametrize("room", [True, False])
async def test_a_ballot_for_what_was_cancelled_says_why(poll: Bench, room: bool) -> None:
    await poll.say("ana", "/cancel 1 the question was wrong", poll.salon)
    before = poll.dump()
    assert "the question was wrong" in await poll.press("bruno", Action("v", 1, "1"), poll.salon if room else None)
    assert poll.dump() == before


async def test_a_ballot_before_the_opening_says_when(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "A" "B" --open "in 3 hours" --close 2d --yes', bench.salon)
    before = bench.dump()
    assert "is not open yet" in await bench.vote("bruno", 1, 1)
    assert bench.dump() == before


@pytest.mark.parametrize(
    ("speaker", "says"),
    [
        ("anonymous-admin", "under your own name"),
        ("channel", "under your own name"),
        ("ghost", "mirrors another network"),
        ("foreign", "not admitted here"),
    ],
)
async def test_only_persons_vote_and_command(poll: Bench, speaker: str, says: str) -> None:
    for text in ("/v 1 2", '/poll "Where?" "A" "B" --yes', "/cancel 1 because"):
        before = poll.dump()
        answers = await poll.say("ana", text, poll.salon, speaker=speaker)
        assert len(answers) == 1
        assert says in answers[0]
        assert poll.dump() == before


async def test_a_bot_is_not_even_answered(poll: Bench) -> None:
    before = poll.dump()
    assert await poll.say("ana", "/v 1 2", poll.salon, speaker="bot") == []
    assert poll.dump() == before


async def test_what_the_room_would_see_is_not_taken_for_a_vote(vote: Bench) -> None:
    card = next(one.ref for one in vote.telegram.at(vote.salon) if one.card.buttons and "Festival" in one.plain)
    before = vote.dump("dialogue")
    answers = await vote.say("bruno", "1", vote.salon, reply_to=card)
    assert len(answers) == 1  # the ballot paper, in private
    assert vote.telegram.at(vote.telegram.chat("bruno"))[-1].plain == answers[0]
    assert vote.dump("dialogue") == before


async def test_when_nobody_can_be_asked_who_administers_nothing_is_done(poll: Bench) -> None:
    del poll.telegram.rooms["-100"]
    before = poll.dump()
    assert "can't check that you administer" in (await poll.say("bruno", "/cancel 1 because", poll.salon))[0]
    assert poll.dump() == before
