"""Adding an option to an open poll: who may, who decides, who is told, and what the room sees."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.domain.ids import Action, PostRef
from tests.fakes.bench import Bench
from tests.recovery.dying import lived_through
from tests.usecases.conftest import POLL

GROWING = POLL.replace("--yes", "--add_options yes --rooms Salon,Hall --yes")
STRIDE = 5


@pytest.fixture
async def growing(bench: Bench) -> Bench:
    """An open poll in both rooms to which voters may add options, once an organiser accepted them."""
    await bench.say("ana", GROWING, bench.salon)
    assert bench.state() == "open"
    return bench


@pytest.fixture
async def quick(bench: Bench) -> Bench:
    """… where they are shown at once."""
    await bench.say("ana", GROWING.replace("yes --rooms", "yes --moderation after --rooms"), bench.salon)
    return bench


def card(bench: Bench, place: str = "-100") -> str:
    """The card as it stands in a room now."""
    posted = [*bench.telegram.posted, *bench.matrix.posted]
    return next(one.plain for one in reversed(posted) if one.ref.room.id == place and "1. Café" in one.plain)


def card_at(bench: Bench, place: str) -> PostRef:
    posted = [*bench.telegram.posted, *bench.matrix.posted]
    return next(one.ref for one in posted if one.ref.room.id == place and "1. Café" in one.plain)


def options(bench: Bench) -> list[tuple[str, str, int | None]]:
    """What the database holds of proposals."""
    return [(text, state, number) for text, state, number in bench.rows("SELECT text, state, number FROM added_option")]


def journal(bench: Bench) -> list[tuple[str, dict[str, object]]]:
    rows = bench.rows("SELECT kind, facts FROM journal WHERE kind LIKE 'option-%' ORDER BY sequence")
    return [(kind, json.loads(facts)) for kind, facts in rows]


def to(bench: Bench, name: str) -> str:
    """Everything a person was told in private."""
    platform = bench.platform_of(name)
    chat = platform.chat(name)
    return "\n".join(one.plain for one in platform.posted if one.ref.room == chat)


async def test_a_proposal_waits_for_an_organiser_and_then_stands_on_every_card(growing: Bench) -> None:
    await growing.vote("bruno", 1, 1)
    await growing.say("chloe", "/add 1 The beach", growing.salon)
    assert "waits for an organiser" in to(growing, "chloe")
    assert "The beach" in to(growing, "ana")
    assert "chloe" not in to(growing, "ana").lower()
    assert "beach" not in card(growing)
    await growing.press("ana", Action("addyes", 1, "1"))
    assert "it is option 4" in to(growing, "chloe")
    for place in ("-100", "!hall"):
        assert "4. The beach" in card(growing, place)
        assert "Option 4 was added on" in card(growing, place)
    assert "Changed: The beach instead of Café" in await growing.vote("bruno", 1, 4)
    assert journal(growing) == [("option-added", {"option": 4, "text": "The beach"})]


async def test_those_who_voted_are_not_written_to(growing: Bench) -> None:
    await growing.vote("bruno", 1, 1)
    before = to(growing, "bruno")
    await growing.say("chloe", "/add 1 The beach", growing.salon)
    await growing.press("ana", Action("addyes", 1, "1"))
    assert to(growing, "bruno") == before


async def test_a_refusal_takes_a_reason_which_is_passed_on(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The moon")
    await growing.press("ana", Action("addno", 1, "1"))
    assert options(growing) == [("The moon", "waiting", None)]
    await growing.say("ana", "too far")
    assert options(growing) == [("The moon", "refused", None)]
    assert "too far" in to(growing, "chloe")
    assert journal(growing) == [("option-refused", {"proposal": 1, "reason": "too far"})]
    assert any("too far" in told for told in await growing.say("dan", "/add 1 the MOON"))


async def test_a_refusal_without_a_reason_decides_nothing(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The moon")
    assert any("Say why" in told for told in await growing.say("ana", "/add 1 refuse 1"))
    assert options(growing) == [("The moon", "waiting", None)]


async def test_what_was_refused_can_still_be_accepted(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The moon")
    await growing.say("ana", "/add 1 refuse 1 too far")
    await growing.say("ana", "/add 1 accept 1")
    assert options(growing) == [("The moon", "accepted", 4)]


@pytest.mark.parametrize("act", ["/add 1 accept 1", "/add 1 refuse 1 no", "/add 1 hide 1 no"])
async def test_only_organisers_decide(growing: Bench, act: str) -> None:
    await growing.say("chloe", "/add 1 The beach")
    told = await growing.say("bruno", act)
    assert any("Only people who administer the group" in words for words in told)
    assert options(growing) == [("The beach", "waiting", None)]


@pytest.mark.parametrize("verb", ["addyes", "addno"])
async def test_a_forged_press_decides_nothing(growing: Bench, verb: str) -> None:
    await growing.say("chloe", "/add 1 The beach")
    for who, argument in (("bruno", "1"), ("ana", "x"), ("ana", "99"), ("ana", "9999999")):
        await growing.press(who, Action(verb, 1, argument))
    assert options(growing) == [("The beach", "waiting", None)]


async def test_an_organisers_own_option_needs_nobody(growing: Bench) -> None:
    await growing.say("ana", "/add 1 The beach", growing.salon)
    assert options(growing) == [("The beach", "accepted", 4)]
    assert "4. The beach" in card(growing)


async def test_a_reply_with_a_plus_proposes_and_is_no_ballot(growing: Bench) -> None:
    for text in ("+ The beach", "+ café"):
        await growing.say("emma", text, growing.hall, reply_to=card_at(growing, "!hall"))
    assert options(growing) == [("The beach", "waiting", None)]
    assert "It is there already" in to(growing, "emma")
    assert not growing.rows("SELECT choice FROM ballot")
    await growing.say("emma", "+1", growing.hall, reply_to=card_at(growing, "!hall"))
    assert growing.rows("SELECT choice FROM ballot") == [("1",)]


async def test_where_there_are_no_buttons_an_organiser_answers_with_numbers(bench: Bench) -> None:
    await bench.say("ada", POLL.replace("--yes", "--add_options yes --yes"), bench.hall)
    await bench.say("emma", "+ The beach", bench.hall, reply_to=card_at(bench, "!hall"))
    await bench.say("farid", "/add 1 The moon")
    await bench.say("ada", "/add 1")
    await bench.say("ada", "1")
    await bench.say("ada", "2")
    await bench.say("ada", "too far")
    assert options(bench) == [("The beach", "accepted", 4), ("The moon", "refused", None)]


async def test_the_button_asks_for_the_text_in_private(growing: Bench) -> None:
    (start,) = {button.start for post in growing.telegram.posted for row in post.card.buttons for button in row} - {""}
    told = await growing.say("dan", f"/start {start}")
    assert any("Which option is missing" in words for words in told)
    await growing.say("dan", "The beach")
    assert options(growing) == [("The beach", "waiting", None)]


async def test_an_organiser_sees_what_waits(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The beach")
    assert any("The beach" in words for words in await growing.say("ana", "/add 1"))
    assert not any("The beach" in words for words in await growing.say("dan", "/add 1"))


async def test_one_waits_at_a_time(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The beach")
    assert any("already waits" in words for words in await growing.say("chloe", "/add 1 The moon"))
    assert len(options(growing)) == 1


async def test_shown_at_once_until_somebody_chooses_it_an_organiser_can_hide_it(quick: Bench) -> None:
    await quick.say("chloe", "/add 1 The beach")
    assert "4. The beach" in card(quick)
    assert "added option 4" in to(quick, "ana")
    await quick.say("ana", "/add 1 hide 4 it is winter")
    assert "The beach" not in card(quick)
    assert "it is winter" in to(quick, "chloe")
    await quick.say("ana", "/add 1 accept 1")
    await quick.vote("dan", 1, 4)
    assert any("has chosen option 4" in words for words in await quick.say("ana", "/add 1 hide 4 it is winter"))
    assert options(quick) == [("The beach", "accepted", 4)]
    assert [kind for kind, _ in journal(quick)] == ["option-added", "option-hidden", "option-added"]


async def test_an_option_of_the_opening_is_not_hidden(quick: Bench) -> None:
    assert any("was not added by members" in words for words in await quick.say("ana", "/add 1 hide 1 no"))


async def test_three_of_one_person_are_enough(quick: Bench) -> None:
    for text in ("A", "B", "C"):
        await quick.say("chloe", f"/add 1 {text}")
    assert any("Leave room for others" in words for words in await quick.say("chloe", "/add 1 D"))
    await quick.say("dan", "/add 1 E")
    assert [number for _, _, number in options(quick)] == [4, 5, 6, 7]


async def test_the_same_words_at_once_make_one_option(quick: Bench) -> None:
    both = [quick.said("chloe", "/add 1 The beach"), quick.said("emma", "/add 1 the  BEACH")]
    await asyncio.gather(*(quick.app(one) for one in both))
    await quick.app.settle()
    assert len(options(quick)) == 1
    assert "It is there already" in to(quick, "chloe") + to(quick, "emma")


async def test_different_words_at_once_get_different_numbers(quick: Bench) -> None:
    each = {"chloe": "A", "dan": "B", "emma": "C", "farid": "D"}
    await asyncio.gather(*(quick.app(quick.said(who, f"/add 1 {text}")) for who, text in each.items()))
    assert sorted(number or 0 for _, _, number in options(quick)) == [4, 5, 6, 7]


async def test_two_organisers_at_once_decide_once(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The beach")
    both = [growing.pressed("ana", Action("addyes", 1, "1")) for _ in range(2)]
    await asyncio.gather(*(growing.app(one) for one in both))
    assert [kind for kind, _ in journal(growing)] == ["option-added"]


async def test_a_date_is_added_in_the_words_of_the_card_and_only_once(bench: Bench) -> None:
    await bench.say(
        "ana", '/dates "When?" "12 December 18:00" "13 December 15:00" --add_options yes --yes', bench.salon
    )
    await bench.say("chloe", "/add 1 December 14, 19:00")
    assert "Monday" in to(bench, "ana")
    await bench.press("ana", Action("addyes", 1, "1"))
    assert any("It is there already" in words for words in await bench.say("dan", "/add 1 2026-12-14 19:00"))
    await bench.say("dan", "/v 1 3 yes")
    assert bench.rows("SELECT choice FROM ballot") == [("3:2",)]


async def test_whoever_votes_while_it_is_accepted_is_told_what_is_recorded(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The beach")
    await growing.vote("bruno", 1, 1)
    press = growing.pressed("ana", Action("addyes", 1, "1"))
    votes = [growing.pressed(who, Action("v", 1, "4"), growing.salon) for who in ("bruno", "chloe", "dan")]
    await asyncio.gather(growing.app(press), *(growing.app(one) for one in votes))
    assert "The beach" in await growing.vote("dan", 1, 4)


async def test_an_outsider_proposes_nothing(growing: Bench) -> None:
    await growing.say("zoe", "/add 1 The beach")
    assert options(growing) == []


async def test_other_polls_take_none(poll: Bench) -> None:
    assert any("takes no more options" in words for words in await poll.say("chloe", "/add 1 The beach"))
    assert "Propose an option" not in card(poll)


async def test_it_is_too_late_once_closed_and_nothing_leads_to_who_proposed(growing: Bench) -> None:
    await growing.say("chloe", "/add 1 The beach")
    await growing.press("ana", Action("addyes", 1, "1"))
    await growing.say("dan", "/add 1 The moon")
    await growing.vote("bruno", 1, 4)
    await growing.pass_time(hours=3)
    assert growing.rows("SELECT text, state, number, account FROM added_option") == [("The beach", "accepted", 4, None)]
    assert any("closed" in words for words in await growing.say("dan", "/add 1 The sea"))
    assert any("closed" in words for words in await growing.say("ana", "/add 1 hide 4 late"))
    result = next(one.plain for one in reversed(growing.telegram.posted) if one.plain.startswith("Result"))
    assert "The beach" in result.split("\n")[1]


async def test_the_frozen_definition_does_not_change(growing: Bench) -> None:
    frozen = growing.rows("SELECT definition FROM consultation")
    charter = await growing.say("bruno", "/charter 1")
    await growing.say("ana", "/add 1 The beach")
    await growing.say("ana", "/extend 1 1h")
    assert growing.rows("SELECT definition FROM consultation") == frozen
    assert await growing.say("bruno", "/charter 1") == charter


ACTS = ("/add 1 The moon", "/add 1 accept 1", "/add 1 refuse 1 too far", "/add 1 hide 5 gone")


@pytest.mark.parametrize("act", ACTS)
async def test_delivered_again_it_changes_nothing_more(growing: Bench, act: str) -> None:
    await _prepared(growing)
    incoming = growing.said("farid" if "moon" in act else "ana", act)
    await growing.do(incoming)
    before, told = growing.dump(), growing.count()
    await growing.do(incoming)
    assert growing.dump() == before
    assert len(growing.since(told)) <= 1  # at most the answer to whoever said it again


async def _prepared(bench: Bench) -> None:
    """Chloe's option waits, ana's is on the card, as number 4, and another of hers as number 5."""
    await bench.say("chloe", "/add 1 The beach")
    await bench.say("ana", "/add 1 The sea")
    await bench.say("ana", "/add 1 The hill")


@pytest.mark.parametrize("act", ACTS)
async def test_whenever_it_dies_it_has_happened_once(tmp_path: Path, act: str) -> None:
    for steps in range(0, 40 * STRIDE, STRIDE):
        bench = await Bench(tmp_path / f"{steps}.db").start()
        await bench.meet_everyone()
        await bench.say("ana", GROWING, bench.salon)
        await _prepared(bench)
        entries = len(journal(bench))
        died = await lived_through(bench, bench.said("farid" if "moon" in act else "ana", act), steps)
        assert len(journal(bench)) == entries + ("moon" not in act)
        # Telegram can't recognise a notice that was sent just before the death.
        reader, words = ("ana", "The moon") if "moon" in act else ("chloe", "Your option “The beach”")
        assert (1 <= to(bench, reader).count(words) <= 2) == ("hide" not in act)
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")
