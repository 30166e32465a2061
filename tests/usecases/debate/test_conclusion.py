"""The conclusion: drafted by rule as its phase begins, edited by its author, commented on, published at the closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.debate.model import Request, Side
from bot.domain.ids import Action
from tests.fakes.bench import Bench

DEBATE = '/debate "A hall?" --phases "arguments 1d, conclusion 1d" {} --rooms Salon,Hall --yes'
LONG = "\n".join(f"Paragraph {index}: " + "what we heard and what we make of it. " * 6 for index in range(11))

PROS = {
    "bruno": "Two clubs look for one too",
    "chloe": "Winter meetings freeze outdoors",
    "dan": "Neighbours could borrow tools",
    "emma": "Children need somewhere to draw",
    "farid": "The library closes at six",
}
CONS = ("400 euros a month", "Nobody would clean it", "Keys get lost", "Noise until midnight", "Insurance is dear")


async def concluding(bench: Bench, more: str = "") -> Bench:
    """A debate with three arguments and a question, in its conclusion."""
    await bench.say("ana", DEBATE.format(more), bench.salon)
    await contribute(bench, "bruno", "/for Two clubs look for one too")
    await contribute(bench, "emma", "/against 400 euros a month")
    await contribute(bench, "chloe", "/against Nobody would clean it")
    await contribute(bench, "chloe", "/ask Who keeps the key?")
    assert bench.rows("SELECT count(*) FROM conclusion") == [(0,)]
    await bench.pass_time(days=1, minutes=1)
    return bench


async def contribute(bench: Bench, name: str, text: str) -> str:
    told = await bench.say(name, text)
    if any("yes" in one for one in told):
        told = await bench.say(name, "yes")
    return " ".join(told)


def versions(bench: Bench) -> list[tuple[int, str]]:
    return bench.rows("SELECT version, text FROM conclusion ORDER BY version")


async def results(bench: Bench) -> list[str]:
    return [one for one in await bench.pass_time(days=1) if one.startswith("Result")]


async def test_the_draft_stands_as_the_phase_begins_and_quotes_each_side(bench: Bench) -> None:
    await concluding(bench)
    ((version, text),) = versions(bench)
    assert version == 1
    for words in (
        "#1 “Two clubs look for one too” (Bruno)",
        "#2 “400 euros a month” (Emma)",
        "#4 “Who keeps the key?”",
    ):
        assert words in text
    (shown,) = await bench.say("dan", "/conclusion")
    assert text in shown
    assert "4 contributions received = 4 published + 0 withdrawn" in shown


async def test_before_its_phase_there_is_none(bench: Bench) -> None:
    await bench.say("ana", DEBATE.format(""), bench.salon)
    assert "There is no conclusion yet" in (await bench.say("bruno", "/conclusion"))[0]
    assert "Not yet" in (await bench.say("ana", "/conclusion Too soon"))[0]
    assert "Not yet" in await contribute(bench, "bruno", "/comment Too soon")
    assert versions(bench) == []


async def test_in_a_room_it_is_shown_there_once(bench: Bench) -> None:
    await concluding(bench)
    before = len(bench.matrix.posted)
    (shown,) = await bench.say("emma", "/conclusion", bench.hall)
    assert "Two clubs" in shown
    assert [one.ref.room for one in bench.matrix.posted[before:]] == [bench.hall]


async def test_the_author_and_an_organiser_edit_it_and_members_do_not(bench: Bench) -> None:
    await concluding(bench)
    assert "version 2" in (await bench.say("ana", "/conclusion We rent it for a year."))[0]
    assert "version 2" not in (await bench.say("bruno", "/conclusion We don't."))[0]
    assert [version for version, _ in versions(bench)] == [1, 2]
    (shown,) = await bench.say("dan", "/conclusion 1")
    assert "We rent it for a year." in shown
    assert "Two clubs" not in shown
    assert "4 contributions received" in shown


async def test_a_member_who_proposed_the_debate_is_its_author(bench: Bench) -> None:
    await bench.say("bruno", DEBATE.format("").replace(" --yes", "").replace("Salon,Hall", "Salon"), bench.salon)
    await bench.say("ana", "/open 1", bench.salon)
    assert bench.state() == "open"
    await bench.pass_time(days=1, minutes=1)
    assert "version 2" in (await bench.say("bruno", "/conclusion We rent it."))[0]


async def test_the_last_version_is_published_with_the_bot_s_figures(bench: Bench) -> None:
    await concluding(bench)
    await bench.say("ana", "/conclusion We rent it.\nFor a year.")
    await bench.say("ana", "/conclusion n1 We rent it for two years.\n\nThe board signs on Monday.")
    told = await results(bench)
    assert len(told) == 2
    for one in told:
        assert "We rent it for two years.\nThe board signs on Monday." in one
        assert "4 contributions received = 4 published + 0 withdrawn + 0 hidden by moderators + 0 refused" in one
        assert "For a year" not in one
    closed = await bench.say("ana", "/conclusion Changed my mind")
    assert "two years" not in closed[0]
    assert len(versions(bench)) == 3
    assert "two years" in (await bench.say("dan", "/conclusion"))[0]


async def test_what_nobody_edited_is_published_as_assembled(bench: Bench) -> None:
    await concluding(bench)
    (first, _) = await results(bench)
    assert "Text assembled by a rule" in first
    assert "Two clubs" in first
    assert "Who keeps the key?" in first


async def test_a_debate_without_that_phase_is_concluded_by_rule_at_its_closing(bench: Bench) -> None:
    plain = DEBATE.format("--opinion no").replace("arguments 1d, conclusion 1d", "arguments 1d")
    await bench.say("ana", plain, bench.salon)
    await contribute(bench, "bruno", "/for Two clubs look for one too")
    (first, _) = await results(bench)
    assert "Two clubs" in first
    assert len(versions(bench)) == 1


async def test_what_was_hidden_since_is_not_published(bench: Bench) -> None:
    await concluding(bench)
    await bench.say("ana", "/hide n1 2 off-topic")
    (first, _) = await results(bench)
    assert "400 euros" not in first
    assert "4 contributions received = 3 published + 0 withdrawn + 1 hidden by moderators" in first


async def test_comments_are_listed_with_the_text(bench: Bench) -> None:
    await concluding(bench)
    await contribute(bench, "emma", "/comment It says nothing of the price")
    (shown,) = await bench.say("dan", "/conclusion")
    assert "1 comment" in shown
    assert "“It says nothing of the price” (Emma)" in shown
    assert "5 contributions received" in shown


async def test_a_long_text_is_read_in_pages(bench: Bench) -> None:
    await concluding(bench)
    assert len(LONG) < 3_000
    await bench.say("ana", f"/conclusion {LONG}")
    (first,) = await bench.say("emma", "/conclusion")
    assert "Page 1 of 2" in first
    assert "Paragraph 0:" in first
    (second,) = await bench.say("emma", "1")
    assert "Page 2 of 2" in second
    assert "contributions received" in second
    (typed,) = await bench.say("emma", "/conclusion n1 2")
    assert typed == second
    (room,) = await bench.say("bruno", "/conclusion", bench.salon)
    assert "in private: /conclusion 1" in room
    await bench.press("bruno", Action("concl", 1, "2"))
    assert "Page 2 of 2" in bench.telegram.posted[-1].plain


async def test_a_button_shows_nothing_to_a_stranger(bench: Bench) -> None:
    await concluding(bench)
    bench.telegram.room("-200", "Cellar", "zoe")
    for words in ("/conclusion n1", "/conclusion 1", "/start concl-1"):
        assert "Two clubs" not in " ".join(await bench.say("zoe", words))
    before = bench.count()
    assert "no. 1" in await bench.press("zoe", Action("concl", 1, "1"))
    assert bench.since(before) == []


async def test_what_can_t_be_a_conclusion_is_refused(bench: Bench) -> None:
    await concluding(bench)
    assert "3,000 at most" in (await bench.say("ana", "/conclusion " + "x" * 3_001))[0]
    assert "nothing to read" in (await bench.say("ana", "/conclusion \u200b\u202e"))[0]
    for argument in ("", "x", "99999", "-1"):
        await bench.press("bruno", Action("concl", 1, argument))
    assert len(versions(bench)) == 1


async def test_a_version_delivered_again_is_kept_once_and_told_again(bench: Bench) -> None:
    await concluding(bench)
    await bench.say("ana", "/conclusion We rent it.", key="telegram:msg:7")
    before = bench.dump()
    assert "version 2" in (await bench.say("ana", "/conclusion We rent it.", key="telegram:msg:7"))[0]
    assert bench.dump() == before


async def test_it_may_begin_with_the_number_of_an_argument(bench: Bench) -> None:
    await concluding(bench)
    await bench.say("ana", "/conclusion #1 decided it.")
    assert versions(bench)[-1] == (2, "#1 decided it.")


async def test_in_french(bench: Bench) -> None:
    await bench.say("ana", DEBATE.format("--lang fr"), bench.salon)
    await contribute(bench, "bruno", "/for Deux associations cherchent aussi")
    await bench.pass_time(days=1, minutes=1)
    assert "Pour : les arguments les plus forts" in versions(bench)[0][1]
    (first, _) = [one for one in await bench.pass_time(days=1) if one.startswith("Résultat")]
    assert "contributions reçues (1) = publiées (1)" in first
    assert "trop peu de participants" in first


async def test_how_evenly_people_took_part_is_published(bench: Bench) -> None:
    await bench.say("ana", DEBATE.format(""), bench.salon)
    for name, text in PROS.items():
        await contribute(bench, name, f"/for {text}")
    for text in CONS:
        await contribute(bench, "bruno", f"/against {text}")
    await bench.store.write(lambda tx: spoken(tx, bench))
    await bench.pass_time(days=1, minutes=1)
    await contribute(bench, "emma", "/comment Comments are no arguments")
    (first, _) = await results(bench)
    assert "5 people wrote; the most talkative fifth wrote 60% of the contributions (Gini index 0.40" in first
    assert "Arguments that take a side: 50% for, 50% against." in first
    assert "5 people had the floor; the most talkative fifth had it 50% of the time (Gini 0.30)." in first
    assert "Floor of those who took a side: 80% for, 20% against." in first


def spoken(tx: Any, bench: Bench) -> None:
    """Five turns of different lengths, and a point of order, which is no intervention."""
    now = bench.clock.now()
    sides = (Side.FOR, Side.NEITHER, Side.AGAINST, Side.NEITHER, Side.NEITHER, Side.FOR)
    for alias, (minutes, side) in enumerate(zip((4, 1, 1, 1, 1, 40), sides, strict=True), 1):
        tx.debates.begin_speech(1, Request(alias, "Someone", now, side, order=minutes == 40), now)
        tx.debates.end_speech(1, now + timedelta(minutes=minutes))
