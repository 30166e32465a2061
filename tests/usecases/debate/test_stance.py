"""The opinion before and after: asked twice in the same words, in private, told to nobody and only in totals."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.ids import Action
from tests.fakes.bench import Bench

DEBATE = '/debate "A hall?" --phases "information 1d, arguments 1d, discussion 1d, conclusion 1d" {} --yes'
EVERYONE = ("bruno", "chloe", "dan", "emma", "farid", "gus")


async def opened(bench: Bench, more: str = "--rooms Salon,Hall") -> Bench:
    await bench.say("ana", DEBATE.format(more), bench.salon)
    assert bench.state() == "open"
    return bench


async def says(bench: Bench, name: str, stance: str) -> str:
    """What they are told when they give their opinion in private, having accepted the rules."""
    told = await bench.say(name, f"/opinion {stance}")
    if any("yes" in one for one in told):
        told = await bench.say(name, "yes")
    return " ".join(told)


async def choose(bench: Bench, name: str, stance: str) -> str:
    """The toast of the button, pressed again where the rules had to be accepted."""
    action = Action("stance", 1, stance)
    reply = await bench.do(bench.pressed(name, action))
    return (await bench.do(bench.pressed(name, action)) if reply.asks_acceptance else reply).toast


def recorded(bench: Bench) -> list[tuple[str | None, str | None]]:
    return sorted(bench.rows("SELECT stance_before, stance_after FROM stance"), key=repr)


async def test_the_same_question_is_asked_in_the_same_words_at_both_ends(bench: Bench) -> None:
    await opened(bench)
    (before,) = await bench.say("bruno", "/opinion")
    await bench.pass_time(days=3, minutes=1)
    (after,) = await bench.say("bruno", "/opinion")
    question = "How do you answer this question today?"
    assert question in before
    assert question in after
    assert before.splitlines()[0] == after.splitlines()[0]


async def test_an_opinion_is_changed_as_long_as_it_is_asked(bench: Bench) -> None:
    await opened(bench)
    assert "Noted: for." in await says(bench, "bruno", "for")
    assert "Thursday 3 Dec" in await says(bench, "bruno", "against")
    assert recorded(bench) == [("against", None)]
    await bench.pass_time(days=1, minutes=1)
    assert "Noted: undecided." in await says(bench, "bruno", "undecided")
    assert recorded(bench) == [("undecided", None)]


async def test_before_and_after_are_kept_apart(bench: Bench) -> None:
    await opened(bench)
    await says(bench, "bruno", "for")
    await bench.pass_time(days=3, minutes=1)
    assert "Noted: against." in await choose(bench, "bruno", "against")
    assert recorded(bench) == [("for", "against")]


async def test_between_the_two_it_is_not_asked_and_it_is_said_when_it_will_be(bench: Bench) -> None:
    await opened(bench)
    await bench.pass_time(days=2, minutes=1)
    told = await says(bench, "bruno", "for")
    assert "conclusion" in told
    assert "4 December 2026 12:00" in told
    assert recorded(bench) == []


async def test_who_comes_too_late_is_not_counted_even_if_nobody_has_moved_the_debate_on(bench: Bench) -> None:
    await opened(bench)
    await says(bench, "bruno", "for")
    bench.clock.move(timedelta(days=2, minutes=1))
    assert "Not yet" in await choose(bench, "bruno", "against")
    assert recorded(bench) == [("for", None)]


async def test_typed_in_a_room_it_is_not_taken_and_asked_in_private(bench: Bench) -> None:
    await opened(bench)
    told = await bench.say("bruno", "/opinion for", bench.salon)
    assert recorded(bench) == []
    assert any("The whole room saw what you wrote" in one for one in told)
    assert not any("The whole room saw" in one.plain for one in bench.telegram.posted if one.ref.room == bench.salon)


async def test_on_matrix_it_is_answered_by_a_number_or_a_word(bench: Bench) -> None:
    await opened(bench)
    await says(bench, "emma", "undecided")
    (asked,) = await bench.say("emma", "/opinion")
    assert "2. against" in asked
    assert "You answered: undecided" in asked
    await bench.say("emma", "2")
    assert recorded(bench) == [("against", None)]
    await bench.say("emma", "for")
    assert recorded(bench) == [("for", None)]
    assert "I didn't understand" in (await bench.say("emma", "perhaps"))[0]


async def test_a_number_waits_for_the_rules_to_be_accepted(bench: Bench) -> None:
    await opened(bench)
    await bench.say("emma", "/opinion")
    assert "yes" in (await bench.say("emma", "2"))[0]
    assert recorded(bench) == []
    assert "Noted: against." in (await bench.say("emma", "yes"))[0]
    assert recorded(bench) == [("against", None)]


async def test_what_is_delivered_again_changes_nothing(bench: Bench) -> None:
    await opened(bench)
    await says(bench, "bruno", "for")
    await bench.say("bruno", "/opinion against", key="telegram:msg:1")
    await bench.say("bruno", "/opinion undecided")
    before = bench.dump()
    assert "Noted" in (await bench.say("bruno", "/opinion against", key="telegram:msg:1"))[0]
    assert bench.dump() == before


async def test_words_that_are_no_answer_change_nothing(bench: Bench) -> None:
    await opened(bench)
    for words in ("perhaps", "#3", "for against", "\u202e", "1"):
        assert "Noted" not in await says(bench, "bruno", words)
    assert "no longer works" in await choose(bench, "bruno", "sideways")
    assert recorded(bench) == []


async def test_who_is_in_none_of_the_rooms_is_not_asked(bench: Bench) -> None:
    await opened(bench, "--rooms Salon")
    assert "Noted" not in await says(bench, "emma", "n1 for")
    for argument in ("", "for"):
        toast = await bench.press("emma", Action("stance", 1, argument))
        assert toast
        assert "information" not in toast
    assert recorded(bench) == []


async def test_a_debate_that_does_not_ask_says_so(bench: Bench) -> None:
    await opened(bench, "--opinion no")
    assert "doesn't ask" in await says(bench, "bruno", "for")


async def test_in_french(bench: Bench) -> None:
    await opened(bench)
    await bench.say("bruno", "/langue français")
    await bench.say("bruno", "/avis pour")
    told = await bench.say("bruno", "oui")
    assert any("C'est noté : pour." in one for one in told)
    assert recorded(bench) == [("for", None)]


async def test_totals_are_told_only_after_the_closing_and_nobody_s_answer_ever(bench: Bench) -> None:
    await opened(bench)
    for name in EVERYONE:
        await says(bench, name, "for")
    await bench.pass_time(days=3, minutes=1)
    for name in EVERYONE:
        await says(bench, name, "against" if name in {"bruno", "emma"} else "for")
    assert not any("Before:" in one.plain for one in bench.since((0, 0)))
    told = await bench.pass_time(days=1)
    results = [one for one in told if one.startswith("Result")]
    assert len(results) == 2
    for one in results:
        assert "of the 6 people who answered both times" in one
        assert "Before: 6 for, 0 against, 0 undecided. After: 4 for, 2 against, 0 undecided." in one
        assert "2 people changed their mind: 0 towards for, 2 towards against." in one
    assert recorded(bench) == []


async def test_too_few_answers_are_not_told(bench: Bench) -> None:
    await opened(bench)
    for name in EVERYONE[:4]:
        await says(bench, name, "for")
    await bench.pass_time(days=3, minutes=1)
    for name in EVERYONE:
        await says(bench, name, "against")
    told = await bench.pass_time(days=1)
    assert any("too few answers to show" in one for one in told)
    assert not any("Before:" in one for one in told)


async def test_who_never_wrote_to_the_bot_is_led_to_it(bench: Bench) -> None:
    await opened(bench)
    bench.telegram.unwritable.add("bruno")
    assert (await bench.do(bench.pressed("bruno", Action("stance", 1), bench.salon))).start == "stance-1"
    (invited,) = await bench.say("bruno", "/opinion for", bench.salon)
    assert "private" in invited
    assert bench.telegram.posted[-1].card.buttons[0][0].start == "stance-1"
    assert recorded(bench) == []
    (asked,) = await bench.say("bruno", "/start stance-1")
    assert "How do you answer this question today?" in asked
