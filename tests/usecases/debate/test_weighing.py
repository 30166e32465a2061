"""Reading, supporting and rating arguments; rewording and withdrawing one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.debate.model import ArgumentKind, NewArgument
from bot.domain.ids import Action
from bot.text.fitting import CARD_LIMIT, length
from tests.fakes.bench import Bench
from tests.usecases.debate.conftest import Debating, accepted, arguments, card_words


@pytest.fixture
async def argued(debate: Bench) -> Bench:
    """… with an argument of bruno (#1, for), emma (#2, against) and chloe (#3, a question)."""
    await debate.say("bruno", "/for Two groups look for a room", debate.salon)
    await debate.say("emma", "/against 400 a month", debate.hall)
    await debate.say("chloe", "/ask Who keeps the key?", debate.salon)
    return debate


async def test_support_is_counted_once_a_person_and_shown_everywhere(argued: Bench) -> None:
    assert "1 support" in await argued.press("dan", Action("sup", 1, "1"), argued.salon)
    await argued.say("emma", "/support 1", argued.hall)
    for place in ("salon", "hall"):
        assert "supported by 2" in card_words(argued, place)
    assert "no longer" in await argued.press("dan", Action("sup", 1, "1"), argued.salon)
    assert "supported by 1" in card_words(argued)


async def test_nobody_weighs_their_own(argued: Bench) -> None:
    before = argued.dump()
    assert "#1 is yours" in await argued.press("bruno", Action("sup", 1, "1"), argued.salon)
    (told,) = await argued.say("bruno", "/rate 1 5", argued.salon)
    assert "#1 is yours" in told
    assert argued.dump() == before


@pytest.mark.parametrize("typed", ["/rate 1 6", "/rate 1 0", "/rate 1 strong", "/rate 3 4"])
async def test_what_is_no_rating_is_refused(argued: Bench, typed: str) -> None:
    before = argued.dump()
    assert len(await argued.say("dan", typed, argued.salon)) == 1
    assert argued.dump() == before


async def test_the_last_rating_counts_and_means_are_shown_from_the_minimum_on(debating: Debating) -> None:
    bench = await debating("--minimum 3")
    await accepted(bench, "bruno", "chloe", "dan", "emma", "farid")
    await bench.say("bruno", "/for It is warm", bench.salon)
    for who, weight in (("chloe", 5), ("chloe", 4), ("emma", 2)):
        await bench.say(who, f"/rate 1 {weight}")
    (page,) = await bench.say("dan", "/arguments")
    assert "weight" not in page
    await bench.say("farid", "/rate 1 3")
    (page,) = await bench.say("dan", "/arguments")
    assert "weight 3.0 of 5, 3 ratings" in page


async def test_three_to_rate_come_one_after_another_without_their_author(argued: Bench) -> None:
    await argued.say("chloe", "/propose Let us ask the town", argued.salon)
    before = argued.count()
    await argued.press("dan", Action("three", 1), argued.salon)
    (first,) = argued.since(before)
    assert first.ref.room == argued.telegram.chat("dan")
    assert "1 of 3" in first.plain
    seen = set()
    for place in range(1, 4):
        shown = argued.telegram.at(argued.telegram.chat("dan"))[-1]
        button = shown.card.buttons[1][1]  # "Rather strong"
        assert not any(name in shown.plain for name in ("Bruno", "Emma", "Chloe"))
        seen.add(shown.plain.splitlines()[1])
        toast = await argued.press("dan", button.action)
        assert ", 4 of 5" in toast, place
    assert seen == {"Two groups look for a room", "400 a month", "Let us ask the town"}
    assert argued.rows("SELECT weight FROM rating") == [(4,), (4,), (4,)]
    assert "nothing left to rate" in argued.telegram.at(argued.telegram.chat("dan"))[-1].plain


async def test_three_to_rate_by_numbers_and_passing(argued: Bench) -> None:
    (shown,) = await argued.say("farid", "/rate", argued.hall)
    assert "5. Very strong" in shown
    await argued.say("farid", "6")
    await argued.say("farid", "1")
    assert argued.rows("SELECT weight FROM rating") == [(1,)]


# -- reading -----------------------------------------------------------------------------------------------------------
async def test_a_page_in_the_room_when_asked_names_its_order(argued: Bench) -> None:
    (page,) = await argued.say("dan", "/arguments oldest", argued.salon)
    assert "oldest first" in page
    assert page.index("#1") < page.index("#2") < page.index("#3")
    assert [post.plain for post in argued.telegram.at(argued.salon)][-1] == page


@pytest.mark.parametrize("typed", ["/arguments backwards", "/arguments n1 backwards 2"])
async def test_an_unknown_order_is_told(argued: Bench, typed: str) -> None:
    (told,) = await argued.say("dan", typed)
    assert "strongest, newest, oldest or random" in told


async def test_hundreds_of_arguments_come_in_pages_that_fit(debate: Bench) -> None:
    def work(tx) -> None:
        account = tx.account(debate.telegram.who("bruno").account, "B", debate.clock.now()).id
        tx.admit(1, account)
        alias = tx.debates.take_part(1, account)
        kinds = list(ArgumentKind)
        for index in range(240):
            text = f"{index} " + "\U0001f41d<b>&" * 45
            new = NewArgument(alias, kinds[index % 6], text[:280], "\U0001f98a" * 60, debate.clock.now(), 0)
            tx.debates.add_argument(1, new)

    await debate.store.write(work)
    before = debate.count()
    await debate.press("dan", Action("all", 1), debate.salon)
    (shown,) = debate.since(before)
    seen: set[str] = set()
    pages = 0
    while True:
        pages += 1
        assert length(shown.plain) <= CARD_LIMIT
        seen |= {line.split(" ")[0] for line in shown.plain.splitlines() if line.startswith("#")}
        following = [button for row in shown.card.buttons for button in row if button.label == "Next"]
        if not following:
            break
        before = debate.count()
        debate.clock.move(timedelta(seconds=1))
        await debate.app(debate.pressed("dan", following[0].action))
        (shown,) = debate.since(before)
    assert seen == {f"#{number}" for number in range(1, 241)}
    assert f"Page {pages} of {pages}" in shown.plain


async def test_one_argument_with_what_answers_it(argued: Bench) -> None:
    await argued.say("emma", "/reply #1 Which groups?", argued.hall)
    (shown,) = await argued.say("dan", "/arguments 1")
    assert "Two groups look for a room" in shown
    assert "#4 “Which groups?” (Emma, answers #1)" in shown


async def test_a_question_that_was_answered_is_no_longer_open(argued: Bench) -> None:
    assert "without an answer" in card_words(argued)
    await argued.say("emma", "/reply 3 The caretaker", argued.hall)
    assert "without an answer" not in card_words(argued)


# -- one's own ---------------------------------------------------------------------------------------------------------
async def test_a_new_wording_keeps_the_former_and_shows_that_it_is_one(argued: Bench) -> None:
    (told,) = await argued.say("bruno", "/edit 1 Three groups look for a room", argued.salon)
    assert "#1 is edited" in told
    assert arguments(argued)[0][3] == "Three groups look for a room"
    (shown,) = await argued.say("dan", "/arguments #1")
    assert "The first: “Two groups look for a room”" in shown
    assert "edited" in (await argued.say("dan", "/arguments"))[0]


@pytest.mark.parametrize("typed", ["/edit 1 Mine now", "/withdraw 1"])
async def test_only_its_author_may(argued: Bench, typed: str) -> None:
    before = argued.dump()
    (told,) = await argued.say("emma", typed, argued.hall)
    assert "#1 isn't yours" in told
    assert argued.dump() == before


@pytest.mark.parametrize("typed", ["/edit 1 Three groups", "/withdraw 1"])
async def test_delivered_again_it_is_done_once(argued: Bench, typed: str) -> None:
    incoming = argued.said("bruno", typed, argued.salon)
    await argued.do(incoming)
    before = argued.dump()
    await argued.do(incoming)
    assert argued.dump() == before


async def test_a_withdrawn_argument_leaves_its_number(argued: Bench) -> None:
    before = argued.count()
    await argued.press("bruno", Action("retract", 1, "1"))
    assert "You can't put it back" in argued.since(before)[0].plain
    assert arguments(argued)[0][2] == "published"
    await argued.press("bruno", Action("retract", 1, "1.1"))
    assert arguments(argued)[0][2] == "withdrawn"
    assert "Two groups" not in card_words(argued, "hall")
    await argued.say("bruno", "/for The tram stops there", argued.salon)
    assert arguments(argued)[-1][0] == 4
    (page,) = await argued.say("dan", "/arguments oldest")
    assert "#1 (withdrawn by whoever wrote it)" in page


async def test_mine_lists_what_i_wrote_and_what_became_of_it(argued: Bench) -> None:
    await argued.say("bruno", "/ask Is there a kitchen?", argued.salon)
    await argued.say("bruno", "/withdraw 4", argued.salon)
    (mine,) = await argued.say("bruno", "/mine")
    assert "#1 (for, published, 0 supports) “Two groups look for a room”" in mine
    assert "#4 (question, withdrawn)" in mine
    assert "400 a month" not in mine


FORGED = (
    ("sup", "x"), ("sup", ""), ("rate", "1.9.1"), ("rate", "1.4.77"), ("rate", "1"), ("all", "up.1"),
    ("all", "newest.x"), ("retract", "1.x"), ("one", "9999999"), ("arg", "comment"), ("no", "x.1"),
    ("report", "1.99"), ("reword", "1"),
)  # fmt: skip


@pytest.mark.parametrize(("verb", "argument"), FORGED)
@pytest.mark.parametrize("number", [1, 77])
async def test_forged_buttons_change_nothing(argued: Bench, verb: str, argument: str, number: int) -> None:
    before = argued.dump()
    assert await argued.press("bruno" if verb == "rate" else "dan", Action(verb, number, argument), argued.salon)
    assert argued.dump() == before
