"""A debate from its creation to its result: each room is told of each phase, once, and of little more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.debate.model import ArgumentKind, NewArgument
from bot.domain.ids import Action, RoomRef
from tests.fakes.bench import Bench

DATED = (
    '/debate "Do we need a place of our own?" --rooms Salon,Hall'
    " --phases information 1d, arguments 2d, discussion 1d, conclusion 1d --yes"
)
BY_HAND = '/debate "Do we need a place of our own?" --phases manual --close 3d --yes'


async def begun(bench: Bench, creation: str = DATED) -> Bench:
    """… with an open debate, number 1."""
    await bench.say("ana", creation, bench.salon)
    assert bench.state() == "open"
    return bench


async def argued(bench: Bench, *texts: str, who: str = "bruno", kind: ArgumentKind = ArgumentKind.FOR) -> None:
    """Somebody's arguments, as if they had just been published."""

    def work(tx) -> None:
        account = tx.account(bench.telegram.who(who).account, who, bench.clock.now()).id
        tx.admit(1, account)
        alias = tx.debates.take_part(1, account)
        for text in texts:
            tx.debates.add_argument(1, NewArgument(alias, kind, text, who.capitalize(), bench.clock.now(), 1))
        tx.touch(1)

    await bench.store.write(work)
    bench.app.reconciler.nudge(1)
    await bench.app.settle()


def standing(bench: Bench, role: str, room: RoomRef) -> str:
    """What the last message in this role shows now in a room."""
    query = "SELECT message FROM post WHERE role = ? AND address = ? AND state = 'sent' ORDER BY id DESC"
    (message,) = bench.rows(query, role, room.id)[0]
    return next(one.plain for one in bench.platforms[room.platform].at(room) if one.ref.id == message)


def entries(bench: Bench, kind: str) -> int:
    """How many entries of this kind the journal holds."""
    return bench.rows("SELECT count(*) FROM journal WHERE kind = ?", kind)[0][0]


# -- creation and opening ----------------------------------------------------------------------------------------------
async def test_a_debate_opens_with_its_card_in_every_room(bench: Bench) -> None:
    await begun(bench)
    for room in (bench.salon, bench.hall):
        shown = standing(bench, "card", room)
        assert "Do we need a place of our own?" in shown
        assert "Phase 1 of 4: information · until Wednesday 2 Dec 12:00 · 1 day left" in shown
        assert len(bench.platforms[room.platform].at(room)) == 2  # what is disclosed, then the card


async def test_the_list_form_in_french(bench: Bench) -> None:
    bench.language = "fr"
    await bench.say("ana", "/langue fr", bench.salon)
    typed = "/debat Faut-il un local ?\nétapes: arguments 2j, conclusion 1j\nsignature: pseudonyme\noui"
    await bench.say("ana", typed, bench.salon)
    shown = standing(bench, "card", bench.salon)
    assert "Étape 1 sur 2 : arguments" in shown
    assert "écrivez-moi en privé" in shown  # what is typed in the room would show who wrote it


async def test_the_guided_creation_asks_three_things_and_shows_what_will_be_posted(bench: Bench) -> None:
    await bench.say("ana", "/debate", bench.salon)
    await bench.say("ana", "Do we need a place of our own?")
    await bench.say("ana", "4d")
    shown = "\n".join(await bench.say("ana", "1"))
    assert "Phase 1 of 4: information" in shown
    assert bench.state() == "draft"
    await bench.press("ana", Action("pub", 1))
    assert bench.state() == "open"


async def test_a_members_debate_is_proposed_to_the_organisers(bench: Bench) -> None:
    posted = await bench.say("bruno", '/debate "Do we need a place of our own?" --yes', bench.salon)
    assert any("Bruno" in one for one in posted)
    assert bench.state() == "draft"
    await bench.press("ana", Action("pub", 1), bench.salon)
    assert bench.state() == "open"


async def test_nothing_can_be_voted_on_in_a_debate(bench: Bench) -> None:
    creation = DATED.replace("--yes", "--final_vote yes --yes").replace('own?"', 'own?" "For" "Against"')
    await begun(bench, creation)
    assert "no voting" in await bench.press("bruno", Action("v", 1, "1"), bench.salon)
    assert "no voting" in "".join(await bench.say("bruno", "/v 1 1"))
    assert bench.rows("SELECT count(*) FROM ballot") == [(0,)]


# -- phases ------------------------------------------------------------------------------------------------------------
async def test_each_phase_announces_itself_once_in_each_room_and_nothing_else_is_said(bench: Bench) -> None:
    await begun(bench)
    for phase in ("arguments", "discussion", "conclusion"):
        posted = await bench.pass_time(days=2 if phase == "discussion" else 1)
        assert len(posted) == 2
        assert all(phase in one for one in posted)
        assert all("left" in one for one in posted)
        assert phase in standing(bench, "card", bench.salon)
    assert entries(bench, "phase") == 3


async def test_phases_due_at_once_are_announced_once(bench: Bench) -> None:
    await begun(bench)
    before = bench.count()
    bench.clock.move(timedelta(days=3, hours=1))
    await bench.app.settle()
    posted = [one.plain for one in bench.since(before)]
    assert len(posted) == 2
    assert all("Phase 3 of 4: discussion · until Saturday 5 Dec 12:00" in one for one in posted)
    assert entries(bench, "phase") == 1


async def test_an_absence_of_the_bot_moves_the_end_of_the_phase(bench: Bench) -> None:
    await begun(bench)
    before = bench.count()
    bench.clock.move(timedelta(days=2))
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()
    assert sum("was away" in one.plain for one in bench.since(before)) == 2
    assert "Phase 1 of 4: information · until Friday 4 Dec 12:00" in standing(bench, "card", bench.salon)
    await bench.pass_time(days=4, hours=23)
    assert bench.state() == "open"
    await bench.pass_time(hours=1)
    assert bench.state() == "certified"


async def test_an_organiser_moves_a_debate_on_by_hand(bench: Bench) -> None:
    await begun(bench, BY_HAND)
    assert "organisers will announce" in standing(bench, "card", bench.salon)
    posted = await bench.say("ana", "/phase next", bench.salon)
    assert sum("Phase 2 of 4: arguments" in one for one in posted) == 1
    await bench.say("ana", "/phase conclusion", bench.salon)
    assert "Phase 4 of 4: conclusion" in standing(bench, "card", bench.salon)
    assert "last phase" in "".join(await bench.say("ana", "/phase next", bench.salon))
    assert "conclusion" in "".join(await bench.say("ana", "/phase arguments", bench.salon))
    assert entries(bench, "phase") == 2


async def test_a_phase_command_delivered_again_moves_nothing(bench: Bench) -> None:
    await begun(bench, BY_HAND)
    for _ in range(2):
        await bench.do(bench.said("ana", "/phase next", bench.salon, key="bench:again"))
    assert "Phase 2 of 4" in standing(bench, "card", bench.salon)
    assert entries(bench, "phase") == 1


@pytest.mark.parametrize("word", ["next", "pause", "discussion"])
async def test_only_organisers_move_a_debate(bench: Bench, word: str) -> None:
    await begun(bench, BY_HAND)
    assert "administer" in "".join(await bench.say("bruno", f"/phase {word}", bench.salon))
    assert entries(bench, "phase") == 0


async def test_anybody_may_ask_where_a_debate_is(bench: Bench) -> None:
    await begun(bench)
    told = "".join(await bench.say("bruno", "/phase", bench.salon))
    assert "Then: arguments, from Wednesday 2 Dec" in told
    assert "Then: conclusion, from Saturday 5 Dec" in told


async def test_an_unknown_phase_is_said_and_changes_nothing(bench: Bench) -> None:
    await begun(bench)
    assert "lunch" in "".join(await bench.say("ana", "/phase lunch", bench.salon))
    assert entries(bench, "phase") == 0


async def test_a_pause_stops_time_and_moves_every_date(bench: Bench) -> None:
    await begun(bench)
    posted = await bench.say("ana", "/phase pause", bench.salon)
    assert sum("paused" in one and "nothing is lost" in one for one in posted) == 2
    bench.clock.move(timedelta(days=10))
    await bench.app.settle()
    assert bench.state() == "open"
    assert "paused" in standing(bench, "card", bench.hall)
    assert "already" in "".join(await bench.say("ana", "/phase pause", bench.salon))
    bench.app = bench.assembled()
    await bench.app.start()  # after ten days away: the time of a paused debate stands still anyway
    await bench.say("ana", "/phase resume", bench.salon)
    assert "information · until Saturday 12 Dec 12:00 · 1 day left" in standing(bench, "card", bench.hall)
    await bench.pass_time(days=5)
    assert bench.state() == "certified"


# -- digests -----------------------------------------------------------------------------------------------------------
async def test_new_arguments_are_told_to_every_room_once_and_within_the_hour(bench: Bench) -> None:
    await begun(bench)
    await bench.pass_time(days=1)
    await argued(bench, "The rooms we rent are full")
    assert "The rooms we rent are full" in standing(bench, "card", bench.hall)
    posted = await bench.pass_time(hours=1)
    assert sum("The rooms we rent are full" in one for one in posted) == 2
    assert len(posted) == 2
    assert await bench.pass_time(hours=5) == []
    before = bench.count()
    await argued(bench, "It would cost too much", kind=ArgumentKind.AGAINST)
    await bench.pass_time(hours=1)
    posted = [one.plain for one in bench.since(before)]
    assert len(posted) == 2
    assert all("It would cost too much" in one and "The rooms we rent are full" not in one for one in posted)


async def test_many_arguments_make_one_digest_an_hour(bench: Bench) -> None:
    await begun(bench)
    await bench.pass_time(days=1)
    before = bench.count()
    for minute in range(18):
        await argued(bench, f"Reason number {minute}")
        await bench.pass_time(minutes=10)
    posted = [one.plain for one in bench.since(before)]
    assert len(posted) == 2 * 3
    assert all(any(f"Reason number {minute}”" in one for one in posted) for minute in range(18))


async def test_what_was_withdrawn_is_not_told(bench: Bench) -> None:
    await begun(bench)
    await bench.pass_time(days=1)
    await argued(bench, "Said too fast")
    await bench.say("bruno", "/withdraw 1")
    assert "Said too fast" not in standing(bench, "card", bench.salon)
    assert await bench.pass_time(hours=2) == []


# -- the end -----------------------------------------------------------------------------------------------------------
async def test_the_result_is_posted_once_and_the_links_are_erased(bench: Bench) -> None:
    await begun(bench)
    await bench.pass_time(days=1)
    await argued(bench, "The rooms we rent are full")
    await bench.pass_time(days=3, hours=12)
    posted = await bench.pass_time(days=1)
    results = [one for one in posted if one.startswith("Result")]
    assert len(results) == len(posted) == 2
    assert all("The rooms we rent are full" in one and "1 contribution" in one for one in results)
    assert bench.state() == "certified"

    def alias(tx):
        return tx.debates.alias_of(1, tx.account(bench.telegram.who("bruno").account, "", bench.clock.now()).id)

    assert await bench.store.read(alias) is None
    assert await bench.pass_time(hours=3) == []


async def test_the_vote_that_follows_is_made_once_with_its_own_disclosure(bench: Bench) -> None:
    creation = DATED.replace("--yes", "--final_vote 1d --yes").replace('own?"', 'own?" "Rent one" "Stay"')
    await begun(bench, creation)
    posted = await bench.pass_time(days=5)
    assert bench.rows("SELECT number, kind, state FROM consultation") == [
        (1, "debate", "certified"), (2, "vote", "open"),
    ]  # fmt: skip
    results = [one for one in posted if one.startswith("Result")]
    assert all("no. 2" in one for one in results)
    assert sum(one.startswith("Before you vote") and "Rent one" in one for one in posted) == 2
    assert "accept" in await bench.vote("bruno", 2, 1)
    assert "recorded" in await bench.vote("bruno", 2, 1)
    await bench.pass_time(days=1, minutes=1)
    assert bench.state(2) == "certified"


async def test_closing_early_extending_and_cancelling_work_as_for_votes(bench: Bench) -> None:
    await begun(bench)
    await bench.say("ana", "/extend 1 1d", bench.salon)
    assert "Phase 1 of 4" in standing(bench, "card", bench.salon)
    await bench.say("ana", "/close 1", bench.salon)
    assert bench.state() == "certified"
    assert "Result" in standing(bench, "result", bench.salon)
    await bench.say("ana", DATED.replace("Salon,Hall", "Salon"), bench.salon)
    await bench.say("ana", "/cancel 2 nobody came", bench.salon)
    assert bench.state(2) == "cancelled"
    assert "nobody came" in standing(bench, "card", bench.salon)


async def test_a_debate_can_be_looked_up(bench: Bench) -> None:
    await begun(bench)
    assert "open until" in "".join(await bench.say("bruno", "/list", bench.salon))
    assert "closes" in "".join(await bench.say("bruno", "/schedule", bench.salon))
    told = "".join(await bench.say("bruno", "/status 1", bench.salon))
    assert "Phase 1 of 4: information" in told
    assert "reply to this message" not in told
    await bench.pass_time(days=5)
    assert "Result" in "".join(await bench.say("bruno", "/results 1", bench.salon))
    assert "closed" in "".join(await bench.say("bruno", "/status 1", bench.salon))


async def test_a_change_of_the_settings_from_the_preview(bench: Bench) -> None:
    await bench.say("ana", '/debate "Do we need a place of our own?" "For" "Against" --final_vote yes', bench.salon)
    await bench.press("ana", Action("edit", 1))
    await bench.press("ana", Action("edit", 1, "phases"))
    shown = "\n".join(await bench.say("ana", "arguments 2 days, conclusion 1 day"))
    assert "Phase 1 of 2: arguments" in shown
    await bench.press("ana", Action("edit", 1, "quorum"))
    assert "quorum" in "\n".join(await bench.say("ana", "30%")).casefold()
    assert bench.state() == "draft"


async def test_what_no_moderator_read_in_time_is_counted_as_refused(bench: Bench) -> None:
    await begun(bench, DATED.replace("--yes", "--moderation before --yes"))
    await bench.pass_time(days=1)
    await bench.say("bruno", "/for The rooms we rent are full", bench.salon)
    await bench.say("bruno", "yes")
    assert bench.rows("SELECT state FROM argument") == [("pending",)]
    await bench.pass_time(days=4)
    assert bench.rows("SELECT state FROM argument") == [("refused",)]
    assert "1 refused" in standing(bench, "result", bench.salon)


async def test_nobody_is_told_to_reply_in_a_room_where_only_the_speaker_may_write(bench: Bench) -> None:
    await begun(bench, DATED.replace("--yes", "--turn 3min --yes").replace("information 1d, ", ""))
    assert "reply to this message" in standing(bench, "card", bench.hall)
    await bench.say("dan", "/floor", bench.salon)
    await bench.say("dan", "yes")
    await bench.say("ana", "/next", bench.salon)
    shown = standing(bench, "card", bench.hall)
    assert "Dan" in shown
    assert "reply to this message" not in shown
    await bench.pass_time(minutes=4)
    assert "reply to this message" in standing(bench, "card", bench.hall)
