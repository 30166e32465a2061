"""Filling in a ballot paper: in private, touch by touch or in writing; nothing counts before it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.telegram.tokens import encode
from bot.domain.ids import Action
from bot.text.card import Button
from tests.fakes.bench import Bench
from tests.fakes.platforms import Posted

POLL = '/poll "Which?" "Hall" "Festival" "Garden" --ballot ranking --close 2h --rooms Salon,Hall --yes'
VOTE = '/vote "Which?" "Hall" "Festival" "Blank" --purpose x --binding advice --ballot ranking --close 2h --yes'
LABELS = {
    "en": ("Undo the last", "Review and vote", "Confirm", "Start again", "Recorded: Garden, then Hall"),
    "fr": ("Annuler le dernier", "Relire et voter", "Confirmer", "Tout effacer", "C'est noté : Garden, puis Hall"),
}


@pytest.fixture
async def ranking(bench: Bench) -> Bench:
    """… with an open poll by ranking, number 1, in both rooms."""
    await bench.say("ana", POLL, bench.salon)
    assert bench.state() == "open"
    return bench


def paper(bench: Bench, name: str) -> Posted:
    """The last message the bot stands by in someone's private chat on Telegram."""
    return bench.telegram.at(bench.telegram.chat(name))[-1]


def labelled(posted: Posted, label: str) -> Button:
    found = [button for row in posted.card.buttons for button in row if label in button.label]
    assert len(found) == 1, (label, posted.card.buttons)
    return found[0]


async def touch(bench: Bench, name: str, label: str, key: str = "") -> str:
    """Press the button of that label on one's paper, as it stands now; the toast."""
    on = paper(bench, name)
    return await touch_again(bench, name, on, labelled(on, label).action, key)


async def touch_again(bench: Bench, name: str, on: Posted, action: Action | None, key: str = "") -> str:
    pressed = replace(bench.pressed(name, action, key=key), post=on.ref)
    return (await bench.do(pressed)).toast


async def open_paper(bench: Bench, name: str) -> Posted:
    await bench.say(name, "/start v-1")
    return paper(bench, name)


def ballots(bench: Bench) -> list[str]:
    return sorted(choice for (choice,) in bench.rows("SELECT choice FROM ballot"))


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_ranking_by_touch_counts_once_it_is_confirmed(tmp_path: Path, language: str) -> None:
    undo, review, confirm, _, recorded = LABELS[language]
    bench = await Bench(tmp_path / "palabre.db", language).start()
    try:
        await bench.meet_everyone()
        await bench.say("ana", POLL, bench.salon)
        mine = await open_paper(bench, "bruno")
        for label in ("3. Garden", "2. Festival", undo, "1. Hall", review):
            await touch(bench, "bruno", label)
        assert ballots(bench) == []
        assert recorded in await touch(bench, "bruno", confirm)
        assert ballots(bench) == [">3>1"]
        assert recorded in mine.plain  # all of it in the one message, edited in place
        assert paper(bench, "bruno") is mine
    finally:
        await bench.close()


async def test_the_room_shows_one_button_to_the_private_paper(ranking: Bench) -> None:
    card = next(one.card for one in ranking.telegram.at(ranking.salon) if "1. Hall" in one.plain and one.card.buttons)
    starts = [button.start for row in card.buttons for button in row if button.start]
    assert starts == ["v-1"]
    assert not any(button.action and button.action.verb == "v" for row in card.buttons for button in row)


async def test_pressing_an_option_of_the_room_s_old_kind_still_ranks_it(ranking: Bench) -> None:
    await ranking.vote("bruno", 1, 2)  # forged: no card has this button
    assert ballots(ranking) == [">2"]


async def test_a_confirmation_delivered_twice_casts_once(ranking: Bench) -> None:
    mine = await open_paper(ranking, "bruno")
    await touch(ranking, "bruno", "3. Garden")
    await touch(ranking, "bruno", "Review")
    confirm = labelled(mine, "Confirm").action
    first = await touch_again(ranking, "bruno", mine, confirm, key="tg:one")
    before = ranking.dump()
    assert "already" in await touch_again(ranking, "bruno", mine, confirm, key="tg:one")
    assert "already" in await touch_again(ranking, "bruno", mine, confirm, key="tg:two")
    assert ranking.dump() == before
    assert "Recorded" in first


async def test_a_touch_delivered_again_after_others_changes_nothing(ranking: Bench) -> None:
    mine = await open_paper(ranking, "bruno")
    tap = labelled(mine, "3. Garden").action
    await touch_again(ranking, "bruno", mine, tap, key="tg:one")
    await touch(ranking, "bruno", "Undo")
    before = ranking.dump()
    await touch_again(ranking, "bruno", mine, tap, key="tg:one")
    assert ranking.dump() == before


async def test_a_confirmation_of_another_draft_casts_nothing(ranking: Bench) -> None:
    mine = await open_paper(ranking, "bruno")
    await touch(ranking, "bruno", "3. Garden")
    await touch(ranking, "bruno", "Review")
    old = labelled(mine, "Confirm").action
    await touch(ranking, "bruno", "Correct")
    await touch(ranking, "bruno", "1. Hall")
    assert "nothing is recorded" in await touch_again(ranking, "bruno", mine, old)
    assert ballots(ranking) == []


async def test_a_paper_left_for_another_is_over(ranking: Bench) -> None:
    old = await open_paper(ranking, "bruno")
    tap = labelled(old, "3. Garden").action
    await open_paper(ranking, "bruno")
    before = ranking.dump()
    assert "/v 1" in await touch_again(ranking, "bruno", old, tap)
    assert ranking.dump() == before


async def test_nobody_fills_in_somebody_else_s_paper(ranking: Bench) -> None:
    mine = await open_paper(ranking, "bruno")
    await open_paper(ranking, "chloe")
    before = ranking.dump()
    assert await touch_again(ranking, "chloe", mine, labelled(mine, "3. Garden").action)
    assert ranking.dump() == before


@pytest.mark.parametrize("argument", ["", "x", "abc123.t1", "abc123.c00000000", "abc123.m1-9999"])
async def test_a_forged_touch_changes_nothing(ranking: Bench, argument: str) -> None:
    before = ranking.dump()
    assert await ranking.press("bruno", Action("f", 1, argument))
    assert await ranking.press("bruno", Action("f", 99, argument))
    assert ranking.dump() == before


async def test_a_restart_keeps_the_draft(ranking: Bench) -> None:
    await open_paper(ranking, "bruno")
    await touch(ranking, "bruno", "3. Garden")
    ranking.app = ranking.assembled()
    await ranking.app.start()
    await touch(ranking, "bruno", "1. Hall")
    await touch(ranking, "bruno", "Review")
    await touch(ranking, "bruno", "Confirm")
    assert ballots(ranking) == [">3>1"]


async def test_nothing_is_taken_after_the_closing_and_no_draft_is_left(ranking: Bench) -> None:
    mine = await open_paper(ranking, "bruno")
    await touch(ranking, "bruno", "3. Garden")
    await ranking.pass_time(hours=3)
    assert ">3" not in str(ranking.dump()["dialogue"])
    before = ranking.dump()
    assert "closed" in await touch_again(ranking, "bruno", mine, labelled(mine, "1. Hall").action)
    assert ranking.dump() == before


async def test_a_formal_vote_takes_a_second_press_to_accept_the_rules(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    mine = await open_paper(bench, "bruno")
    await touch(bench, "bruno", "2. Festival")
    await touch(bench, "bruno", "Review")
    confirm = labelled(mine, "Confirm").action
    first = await touch_again(bench, "bruno", mine, confirm, key="tg:one")
    assert "again" in first
    assert await touch_again(bench, "bruno", mine, confirm, key="tg:one") == first  # delivered again: not the second
    assert ballots(bench) == []
    assert "Recorded: Festival" in await touch_again(bench, "bruno", mine, confirm)
    assert ballots(bench) == [">2"]


async def test_the_paper_begins_with_the_ballot_on_record_and_changes_it(ranking: Bench) -> None:
    await ranking.say("bruno", "/v 1 2>3")
    mine = await open_paper(ranking, "bruno")
    assert "Rank 1: 2. Festival" in mine.plain
    await touch(ranking, "bruno", "1. Hall")
    await touch(ranking, "bruno", "Review")
    told = await touch(ranking, "bruno", "Confirm")
    assert "Festival, then Garden, then Hall" in told
    assert "Before: Festival, then Garden" in mine.plain
    assert ballots(ranking) == [">2>3>1"]
    assert "Festival, then Garden, then Hall" in (await ranking.say("bruno", "/mine"))[0]
    await touch_again(ranking, "bruno", mine, labelled(mine, "Withdraw").action)
    assert ballots(ranking) == []


async def test_whoever_may_not_vote_is_shown_no_paper(ranking: Bench) -> None:
    before = ranking.count()
    await ranking.say("zoe", "/start v-1")
    assert not any(one.card.buttons for one in ranking.since(before))


class TestInWriting:
    async def test_matrix_gets_a_paper_to_answer_in_the_direct_message(self, ranking: Bench) -> None:
        (sent,) = await ranking.say("emma", "/v 1", ranking.hall)
        assert all(f"{number}. " in sent for number in (1, 2, 3))
        assert "Example: 2>1" in sent
        (told,) = await ranking.say("emma", "2>1>3")
        assert "Recorded: Festival, then Hall, then Garden" in told
        assert ballots(ranking) == [">2>1>3"]

    async def test_a_reply_in_the_room_of_a_poll_is_a_ballot(self, ranking: Bench) -> None:
        card = next(
            post.ref for post in ranking.matrix.posted if "1. Hall" in post.plain and "Example" not in post.plain
        )
        await ranking.say("farid", "2=1 > garden", ranking.hall, reply_to=card)
        assert ballots(ranking) == [">1=2>3"]

    @pytest.mark.parametrize("typed", ["2>9", "2>2", "2>castle", "1:5 2:0", ">", "2>>3"])
    async def test_what_is_mistyped_is_answered_and_changes_nothing(self, ranking: Bench, typed: str) -> None:
        await ranking.say("emma", "/v 1 1>2")
        before = ranking.dump()
        (told,) = await ranking.say("emma", f"/v 1 {typed}")
        assert "nothing has changed" in told or "no option" in told
        assert ranking.dump() == before

    async def test_a_formal_vote_waits_for_yes_and_then_records_what_was_typed(self, bench: Bench) -> None:
        await bench.say("ana", VOTE.replace("--yes", "--rooms Hall --yes"), bench.salon)
        await bench.say("emma", "/v 1 2>1")
        assert ballots(bench) == []
        (told,) = await bench.say("emma", "yes")
        assert "Recorded: Festival, then Hall" in told
        await bench.say("emma", "blank")
        assert ballots(bench) == [">3"]

    async def test_what_a_room_would_see_of_a_formal_vote_is_not_taken(self, bench: Bench) -> None:
        await bench.say("ana", VOTE.replace("--yes", "--rooms Hall --yes"), bench.salon)
        await bench.say("emma", "/v 1 2>1", bench.hall)
        assert ballots(bench) == []
        assert "Example: 2>1" in bench.matrix.at(bench.matrix.chat("emma"))[-1].plain


@pytest.fixture
async def long(bench: Bench) -> Bench:
    names = " ".join(f'"Option {"x" * 80} {number}"' for number in range(1, 41))
    await bench.say("ana", f'/poll "Many?" {names} --ballot ranking --close 2h --yes', bench.salon)
    assert bench.state() == "open"
    return bench


async def test_a_long_list_is_paged_and_every_button_fits(long: Bench) -> None:
    await open_paper(long, "bruno")
    ranked = 0
    while ranked < 15:
        shown = paper(long, "bruno")
        assert len(shown.plain.encode("utf-16-le")) // 2 <= 4096
        for row in shown.card.buttons:
            for button in row:
                assert button.action is None or len(encode(button.action).encode()) <= 64
        first = next(b for row in shown.card.buttons for b in row if b.action and ".t" in b.action.argument)
        await touch_again(long, "bruno", shown, first.action)
        ranked += 1
        if ranked == 3:
            await touch(long, "bruno", "Next")
        long.clock.move(timedelta(seconds=1))
    await touch(long, "bruno", "Review")
    assert len(paper(long, "bruno").plain.encode("utf-16-le")) // 2 <= 4096
    await touch(long, "bruno", "Confirm")
    assert len(ballots(long)[0].split(">")) == 16
