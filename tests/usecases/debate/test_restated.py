"""What the bot told of an argument follows it: hidden, withdrawn or reworded, it is so wherever it was quoted."""

from __future__ import annotations

import pytest

from tests.fakes.bench import Bench

WORDS = "My neighbour is a thief"
ACTS = {"hidden": ("ana", "/hide 1 personal attack"), "withdrawn": ("bruno", "/withdraw 1"), "reworded": (
    "bruno", "/edit 1 My neighbour is kind",
)}  # fmt: skip


def quoting(bench: Bench) -> list[str]:
    """The messages in both rooms that say it now."""
    rooms = (*bench.telegram.at(bench.salon), *bench.matrix.at(bench.hall))
    return [post.plain for post in rooms if WORDS in post.plain]


@pytest.mark.parametrize("act", ACTS)
async def test_a_digest_quotes_no_words_that_no_longer_stand(debate: Bench, act: str) -> None:
    await debate.say("bruno", f"/against {WORDS}", debate.salon)
    await debate.pass_time(hours=1)
    assert len(quoting(debate)) == 2 + 2
    before = debate.count()
    who, typed = ACTS[act]
    await debate.say(who, typed)
    assert quoting(debate) == []
    assert [post for post in debate.since(before) if post.ref.room in {debate.salon, debate.hall}] == []


async def test_a_draft_quotes_nothing_that_was_hidden_since(debate: Bench) -> None:
    await debate.say("bruno", f"/against {WORDS}", debate.salon)
    await debate.pass_time(days=3, hours=1)
    assert any(WORDS in one for one in await debate.say("chloe", "/conclusion"))
    await debate.say("ana", "/hide 1 personal attack")
    assert not any(WORDS in one for one in await debate.say("chloe", "/conclusion"))
    await debate.pass_time(days=1)
    assert debate.state() == "certified"
    assert quoting(debate) == []


async def test_a_result_quotes_nothing_that_was_hidden_since(debate: Bench) -> None:
    await debate.say("bruno", f"/against {WORDS}", debate.salon)
    await debate.pass_time(days=4, hours=1)
    assert any(words.startswith("Result") for words in quoting(debate))
    await debate.say("ana", "/hide 1 personal attack")
    assert quoting(debate) == []
