"""Contributing to a debate, from both platforms and by every way; what is published is published once."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.debate.conftest import EVERYONE, Debating, accepted, arguments, card_at, card_words


async def test_an_argument_typed_on_one_platform_is_read_on_the_other_with_its_number(debate: Bench) -> None:
    await debate.say("bruno", "+ Two groups look for a room", debate.salon, reply_to=card_at(debate))
    await debate.say("emma", "- 400 a month", debate.hall, reply_to=card_at(debate, "hall"))
    assert arguments(debate) == [
        (1, "for", "published", "Two groups look for a room"),
        (2, "against", "published", "400 a month"),
    ]
    for place in ("salon", "hall"):
        assert "#1 “Two groups look for a room” (Bruno)" in card_words(debate, place)
        assert "#2 “400 a month” (Emma)" in card_words(debate, place)


async def test_taking_part_posts_nothing_in_the_rooms(debate: Bench) -> None:
    before = len(debate.telegram.at(debate.salon)), len(debate.matrix.at(debate.hall))
    debate.telegram.unwritable.add("dan")  # the bot may not write to dan first
    texts = {"bruno": "It is warm", "dan": "The tram stops there", "gus": "A bakery would pay half"}
    for who, text in texts.items():
        room, place = (debate.hall, "hall") if who == "gus" else (debate.salon, "salon")
        await debate.say(who, f"+ {text}", room, reply_to=card_at(debate, place))
    assert len(arguments(debate)) == 3
    assert (len(debate.telegram.at(debate.salon)), len(debate.matrix.at(debate.hall))) == before


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("/for It is warm", "for"),
        ("/pour Il y fait chaud", "for"),
        ("/against It is cold", "against"),
        ("/contre Il y fait froid", "against"),
        ("/ask Who keeps the key?", "question"),
        ("/propose Let us share it", "proposal"),
        ("/order We said one idea each", "order"),
        ("/for n1 It is warm", "for"),
        ("/for 1: It is warm", "for"),
    ],
)
@pytest.mark.parametrize("room", [True, False])
async def test_commands_in_a_room_and_in_private(debate: Bench, typed: str, kind: str, room: bool) -> None:
    (told,) = await debate.say("bruno", typed, debate.salon if room else None)
    assert told.startswith("#1 is published")
    assert [one[1:3] for one in arguments(debate)] == [(kind, "published")]


@pytest.mark.parametrize(
    ("typed", "kind", "parent"),
    [("? Who keeps the key?", "question", None), ("* Let us share", "proposal", None), ("! Keep calm", "order", None),
     ("− A minus sign", "against", None), ("– A dash", "against", None), ("#1 That is not so", "reply", 1),
     ("+ #1 Quite so", "for", 1)],
)  # fmt: skip
async def test_signs_in_a_reply_to_the_card(debate: Bench, typed: str, kind: str, parent: int | None) -> None:
    await debate.say("bruno", "/for Something to answer", debate.salon)
    await debate.say("emma", typed, debate.hall, reply_to=card_at(debate, "hall"))
    assert debate.rows("SELECT kind, parent FROM argument WHERE number = 2") == [(kind, parent)]


@pytest.mark.parametrize("typed", ["What a good idea", "+1", "+", "👍"])
async def test_chatter_below_the_card_is_left_alone(debate: Bench, typed: str) -> None:
    assert await debate.say("bruno", typed, debate.salon, reply_to=card_at(debate)) == []
    assert arguments(debate) == []


async def test_a_link_at_the_end_is_the_source(debate: Bench) -> None:
    await debate.say("bruno", "/for It was measured https://example.org/report", debate.salon)
    assert debate.rows("SELECT text, source FROM wording") == [("It was measured", "https://example.org/report")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/for " + "word " * 60, "the most is 280"),
        ("/reply #9 No", "#9"),
        ("/reply No", "Add its number"),
        ("/for n7 Nothing there", "no. 7"),
        ("/support 9", "#9"),
    ],
)
async def test_what_can_not_be_taken_is_said_and_changes_nothing(debate: Bench, typed: str, says: str) -> None:
    await debate.say("bruno", "/for One", debate.salon)
    before = debate.dump()
    answers = await debate.say("bruno", typed, debate.salon)
    assert len(answers) == 1
    assert says in answers[0]
    assert debate.dump() == before


async def test_whoever_is_not_a_member_may_not(debate: Bench) -> None:
    debate.matrix.rooms[debate.hall.id].members.add("zoe")
    await accepted(debate, "zoe")
    told, *_ = await debate.say("zoe", "/for I came later", debate.hall)
    assert "not on the roll" in told
    assert arguments(debate) == []


# -- accepting the rules -----------------------------------------------------------------------------------------------
async def test_a_typed_argument_waits_for_yes_and_is_then_published_once(debating: Debating) -> None:
    bench = await debating()
    typed = bench.said("bruno", "+ It is warm", bench.salon, reply_to=card_at(bench))
    assert (await bench.do(typed)).asks_acceptance
    assert arguments(bench) == []
    yes = bench.said("bruno", "yes")
    await bench.do(yes)
    assert arguments(bench) == [(1, "for", "published", "It is warm")]
    before = bench.dump()
    await bench.do(yes)
    await bench.do(typed)
    assert bench.dump() == before


async def test_yes_can_be_said_in_the_room(debating: Debating) -> None:
    bench = await debating()
    await bench.say("emma", "/against It is cold", bench.hall)
    await bench.say("emma", "yes", bench.hall, reply_to=card_at(bench, "hall"))
    assert [one[1] for one in arguments(bench)] == ["against"]


async def test_what_interrupted_a_dialogue_gives_it_back(debating: Debating) -> None:
    bench = await debating()
    await bench.say("bruno", "/poll")
    await bench.say("bruno", "/for It is warm")
    await bench.say("bruno", "yes")
    await bench.say("bruno", "Where do we meet?")
    assert [one[3] for one in arguments(bench)] == ["It is warm"]
    assert "options" in bench.rows("SELECT state FROM dialogue")[0][0]


async def test_a_second_press_accepts_the_first_delivered_again_does_not(debating: Debating) -> None:
    bench = await debating()
    await accepted(bench, "bruno")
    await bench.say("bruno", "/for It is warm", bench.salon)
    first = bench.pressed("dan", Action("sup", 1, "1"), bench.salon)
    assert (await bench.do(first)).asks_acceptance
    assert (await bench.do(first)).asks_acceptance
    assert bench.rows("SELECT * FROM support") == []
    assert "You support #1" in await bench.press("dan", Action("sup", 1, "1"), bench.salon)
    assert len(bench.rows("SELECT * FROM support")) == 1


async def test_a_crash_after_yes_loses_nothing(debating: Debating, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = await debating()
    await bench.say("bruno", "/for It is warm", bench.salon)
    yes = bench.said("bruno", "yes")
    from bot.usecases.debate import asking

    async def dies(*_: object, **__: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(asking, "contribute", dies)
        await bench.do(yes)
    assert arguments(bench) == []
    await bench.do(yes)
    assert arguments(bench) == [(1, "for", "published", "It is warm")]


# -- replays and races -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["/for It is warm", "/support 1", "/rate 1 4", "/report 1 spam", "/reply #1 No"])
async def test_what_is_delivered_again_is_done_once(debate: Bench, text: str) -> None:
    await debate.say("bruno", "/for Something else entirely", debate.salon)
    incoming = debate.said("emma", text, debate.hall)
    await debate.do(incoming)
    before = debate.dump()
    await debate.do(incoming)
    await debate.pass_time(minutes=5)
    await debate.do(incoming)
    assert debate.dump() == before


async def test_the_author_is_told_again_when_the_answer_may_have_been_lost(debate: Bench) -> None:
    incoming = debate.said("bruno", "/for It is warm", debate.salon)
    await debate.do(incoming)
    before = debate.count()
    await debate.do(incoming)
    (told,) = debate.since(before)
    assert told.plain.startswith("#1 is published")


async def test_many_at_once_get_numbers_of_their_own(debate: Bench) -> None:
    texts = ["apple pie", "green bicycle", "seven oceans", "old piano", "winter market", "paper boats", "tall ladder"]
    said = [
        debate.said(who, f"/for {text}", debate.salon if who in {"bruno", "chloe", "dan"} else debate.hall)
        for who, text in zip(("bruno", "chloe", "dan", "emma", "farid", "gus", "bruno"), texts, strict=True)
    ]
    await asyncio.gather(*(debate.app(one) for one in said))
    await debate.app.settle()
    found = arguments(debate)
    assert [one[0] for one in found] == list(range(1, 8))
    assert {one[3] for one in found} == set(texts)


async def test_after_the_phase_nothing_more_is_taken_and_it_is_said_which_allows_it(debate: Bench) -> None:
    await debate.say("bruno", "/for It is warm", debate.salon)
    await debate.pass_time(days=2, minutes=1)
    (told,) = await debate.say("chloe", "/for It is dry too", debate.salon)
    assert "arguments" in told
    assert len(arguments(debate)) == 1
    await debate.say("chloe", "/for #1 It is dry too", debate.salon)
    assert arguments(debate)[1][1:3] == ("for", "published")
    await debate.pass_time(days=1, minutes=1)
    assert await debate.say("dan", "/order One idea each", debate.salon)
    assert arguments(debate)[2][1] == "order"


async def test_after_the_closing_it_is_too_late_for_everything(debate: Bench) -> None:
    await debate.say("bruno", "/for It is warm", debate.salon)
    await debate.pass_time(days=5)
    kept = arguments(debate)
    for typed in ("/for n1 It is dry too", "/support n1 1", "/edit n1 1 x", "/withdraw n1 1", "/report n1 1 x"):
        answers = await debate.say("chloe", typed, debate.salon)
        assert len(answers) == 1
    assert arguments(debate) == kept


# -- what resembles another --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "in_hall"), [("chloe", False), ("emma", True)])
async def test_a_repetition_is_shown_before_it_is_published(debate: Bench, who: str, in_hall: bool) -> None:
    await debate.say("bruno", "/for Two other groups look for a room", debate.salon)
    room = debate.hall if in_hall else debate.salon
    (shown,) = await debate.say(who, "/for two other groups look for a ROOM !", room)
    assert "#1 (for) “Two other groups look for a room”" in shown
    assert len(arguments(debate)) == 1
    await debate.say(who, "1")
    assert debate.rows("SELECT count(*) FROM support") == [(1,)]
    (told,) = await debate.say(who, "2")
    assert told.startswith("#2 is published")


async def test_publishing_all_the_same_twice_publishes_once(debate: Bench) -> None:
    await debate.say("bruno", "/for Two other groups look for a room", debate.salon)
    await debate.say("chloe", "/for Two other groups look for a room", debate.salon)
    for _ in range(2):
        await debate.press("chloe", Action("sure", 1))
    assert len(arguments(debate)) == 2


async def test_writing_it_anew(debate: Bench) -> None:
    await debate.say("bruno", "/for Two other groups look for a room", debate.salon)
    await debate.say("chloe", "/for Two other groups look for a room", debate.salon)
    await debate.press("chloe", Action("again", 1))
    (told,) = await debate.say("chloe", "The bakery would pay half of the rent")
    assert told.startswith("#2 is published")
    assert arguments(debate)[1][3] == "The bakery would pay half of the rent"


async def test_only_the_same_kind_is_compared_and_buttons_of_others_do_nothing(debate: Bench) -> None:
    await debate.say("bruno", "/for Two other groups look for a room", debate.salon)
    await debate.say("chloe", "/against Two other groups look for a room", debate.salon)
    assert len(arguments(debate)) == 2
    assert "no longer works" in await debate.press("dan", Action("sure", 1))


# -- the dialogue ------------------------------------------------------------------------------------------------------
async def test_by_the_button_on_telegram(debate: Bench) -> None:
    before = debate.count()
    assert await debate.press("bruno", Action("arg", 1), debate.salon)
    (asked,) = debate.since(before)
    assert asked.ref.room == debate.telegram.chat("bruno")
    await debate.press("bruno", Action("arg", 1, "against"))
    (told,) = await debate.say("bruno", "It is cold there")
    assert told.startswith("#1 is published (against)")


async def test_by_numbers_on_matrix(debate: Bench) -> None:
    await debate.say("emma", "/against", debate.hall)
    await debate.say("emma", "It is cold there")
    assert arguments(debate) == [(1, "against", "published", "It is cold there")]


async def test_an_answer_of_the_dialogue_delivered_again_is_no_second_argument(debate: Bench) -> None:
    await debate.say("emma", "/against", debate.hall)
    incoming = debate.said("emma", "It is cold there")
    await debate.do(incoming)
    before = debate.dump()
    await debate.do(incoming)
    assert debate.dump() == before
    (told,) = await debate.say("emma", "And now something else")
    assert "#2" not in told
    assert len(arguments(debate)) == 1


async def test_where_the_bot_may_not_write_the_press_leads_to_the_private_chat(debate: Bench) -> None:
    debate.telegram.unwritable.add("dan")
    before = debate.count()
    reply = await debate.do(debate.pressed("dan", Action("arg", 1), debate.salon))
    assert reply.start == "arg-1"
    assert debate.since(before) == []
    debate.telegram.unwritable.clear()
    (asked,) = await debate.say("dan", "/start arg-1")
    assert "what do you want to add" in asked


async def test_a_member_may_not_publish_more_than_declared(debating: Debating) -> None:
    bench = await debating("--each 2")
    await accepted(bench, "bruno")
    for typed in ("/for It is warm", "/against The rent is high", "/ask Who keeps the key?"):
        told = await bench.say("bruno", typed, bench.salon)
    assert "2" in told[0]
    assert len(arguments(bench)) == 2
    await bench.say("bruno", "/withdraw 1", bench.salon)
    await bench.say("bruno", "/ask Who keeps the key?", bench.salon)
    await bench.say("bruno", "/order One idea each, please", bench.salon)
    assert [one[1] for one in arguments(bench)] == ["for", "against", "question", "order"]


# -- names -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("signing", ["pseudonym", "anonymous"])
async def test_where_names_are_not_shown_the_room_is_no_place_to_argue(debating: Debating, signing: str) -> None:
    bench = await debating(f"--signing {signing}")
    await accepted(bench, *EVERYONE)
    (told,) = await bench.say("bruno", "+ It is warm", bench.salon, reply_to=card_at(bench))
    assert "names are not shown" in told
    assert arguments(bench) == []
    await bench.say("bruno", "It is warm")
    (signature,) = bench.rows("SELECT signature FROM argument")[0]
    assert signature.startswith("Voice ") if signing == "pseudonym" else signature == ""
    assert all("Bruno" not in card_words(bench, place) for place in ("salon", "hall"))


async def test_an_administrator_who_hides_their_name_is_not_named(
    debate: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fakes.platforms import PlatformMessenger

    async def hidden(*_: object) -> frozenset[object]:
        return frozenset({debate.telegram.who("ana").account})

    monkeypatch.setattr(PlatformMessenger, "hidden_names", hidden)
    await debate.say("ana", "/for It is warm")
    await debate.say("bruno", "/for The view is splendid")
    signatures = [one for (one,) in debate.rows("SELECT signature FROM argument ORDER BY number")]
    assert "Ana" not in signatures[0]
    assert signatures[1] == "Bruno"


async def test_in_french(debating: Debating) -> None:
    bench = await debating(language="fr")
    await bench.say("bruno", "+ Il y fait chaud", bench.salon, reply_to=card_at(bench))
    (told,) = await bench.say("bruno", "oui")
    assert told.startswith("#1 est publié (pour)")
    assert "#1 « Il y fait chaud » (Bruno)" in card_words(bench, "hall")
    (page,) = await bench.say("emma", "/arguments récents", bench.hall)
    assert "les plus récents d'abord" in page


# -- which debate ------------------------------------------------------------------------------------------------------
async def test_with_two_open_it_is_asked_which(debate: Bench) -> None:
    await debate.say("ana", '/debate "A second one?" --phases "arguments 2d, conclusion 1d" --yes', debate.salon)
    (told,) = await debate.say("bruno", "/for It is warm", debate.salon)
    assert "A second one?" in told
    assert "/for n2" in told
    await debate.say("bruno", "/for n2 It is warm", debate.salon)
    await debate.say("bruno", "+ It is dry", debate.salon, reply_to=card_at(debate))
    (told,) = await debate.say("chloe", "/for n1 The tram stops there")
    assert "/edit n1 2" in told
    assert debate.rows("SELECT consultation, number FROM argument ORDER BY 1, 2") == [(1, 1), (1, 2), (2, 1)]


async def test_whoever_telegram_says_is_a_member_finds_the_debate_in_private(debating: Debating) -> None:
    bench = await debating("--seniority 30d")
    (told,) = (await bench.say("zoe", "/arguments n1"))[:1]
    assert "can't find a no. 1" in told
    bench.telegram.rooms[bench.salon.id].members.add("zoe")
    (told,) = (await bench.say("zoe", "/arguments n1"))[:1]
    assert "can't find" not in told


async def test_someone_elses_debate_is_none_of_ones_business(debate: Bench) -> None:
    club = debate.telegram.room("-300", "Club", "hugo", admins="iris")
    for typed in ("/for n1 It is warm", "/arguments n1", "/moderation 1", "/arguments"):
        told = await debate.say("hugo", typed, club)
        assert told
        assert "Shared room" not in " ".join(told)
    assert arguments(debate) == []
