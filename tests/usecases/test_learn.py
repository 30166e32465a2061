"""`/learn`: the methods, one of them with an example, and the same ballots by others, never before the closing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.text.catalogue import Speech, languages
from bot.text.fitting import CARD_LIMIT, length
from bot.text.lessons import TAUGHT, lesson, methods_list
from tests.fakes.bench import ZONE, Bench

SPEECHES = [Speech(language, ZoneInfo(ZONE)) for language in languages()]
RANKING = '/poll "Where?" "Café" "Library" "Park" --ballot ranking --close 2h --yes'


async def closed_ranking(bench: Bench, *ballots: str) -> None:
    """Number 1, ranked so by ana, bruno, chloe and dan, and closed."""
    await bench.say("ana", RANKING, bench.salon)
    for name, ballot in zip(("ana", "bruno", "chloe", "dan"), ballots, strict=False):
        await bench.say(name, f"/v 1 {ballot}", bench.salon)
    await bench.pass_time(hours=2)


async def test_the_methods_are_listed(bench: Bench) -> None:
    (words,) = await bench.say("bruno", "/learn", bench.salon)
    assert all(f"{method.value}, " in words for method in TAUGHT)


@pytest.mark.parametrize("word", ["schulze", "Ranked Pairs", "majority-judgment", "judgment", "jugement", "consent"])
async def test_a_method_is_explained_with_an_example(bench: Bench, word: str) -> None:
    (words,) = await bench.say("bruno", f"/learn {word}", bench.salon)
    assert words.startswith("Understanding ")
    assert "A small example:" in words


@pytest.mark.parametrize("speech", SPEECHES, ids=str)
def test_every_lesson_fits_a_message_and_ends_with_who_wins(speech: Speech) -> None:
    for method in TAUGHT:
        card = lesson(method, speech)
        assert length(card.plain) <= CARD_LIMIT
        assert "{" not in card.plain
    assert all(length(card.plain) <= CARD_LIMIT for card in methods_list(speech))


async def test_an_unknown_method_is_answered_with_those_there_are(bench: Bench) -> None:
    (words,) = await bench.say("bruno", "/learn condorset", bench.salon)
    assert "condorset" in words
    assert "schulze" in words


async def test_the_same_ballots_by_other_methods_are_no_result(bench: Bench) -> None:
    await closed_ranking(bench, "1>2>3", "2>3>1", "3>2>1", "2>1>3")
    (words,) = await bench.say("bruno", "/learn 1", bench.salon)
    lines = words.split("\n")
    assert lines[1].startswith("This is not the result")
    assert "by plurality: Library" in words
    assert "Only the announced result counts: /results 1" in lines[-1]


async def test_nothing_is_compared_before_the_closing(bench: Bench) -> None:
    await bench.say("ana", RANKING, bench.salon)
    await bench.say("bruno", "/v 1 1>2>3", bench.salon)
    (words,) = await bench.say("chloe", "/learn 1", bench.salon)
    assert "No. 1 is not closed" in words
    assert "by " not in words


async def test_ballots_counted_in_one_way_only_say_so(poll: Bench) -> None:
    await poll.vote("bruno", 1, 1)
    await poll.pass_time(hours=2)
    (words,) = await poll.say("bruno", "/learn 1", poll.salon)
    assert "can be counted in one way only" in words


async def test_a_vote_without_a_ballot_has_nothing_to_compare(bench: Bench) -> None:
    await closed_ranking(bench)
    (words,) = await bench.say("bruno", "/learn 1", bench.salon)
    assert "nothing to count" in words


async def test_a_vote_of_another_room_stays_unknown(bench: Bench) -> None:
    await closed_ranking(bench, "1>2>3")
    (words,) = await bench.say("emma", "/learn 1", bench.hall)
    assert "can't find a no. 1" in words


async def test_the_detail_of_a_result_has_pages(bench: Bench) -> None:
    await closed_ranking(bench, "1>2>3")
    whole, again = [await bench.say("bruno", f"/results 1{page}", bench.salon) for page in ("", " 2")]
    assert whole == again  # it all fits the first page
    assert "compared two by two" in whole[0]
