"""The bot may die at any step of a statement, an answer or a hide: delivered again, each is done once and told."""

from __future__ import annotations

import pytest

from bot.ports import Incoming
from tests.recovery.test_state_machine import Fate, Killed, MortalStore
from tests.usecases.opinions.conftest import Opinions

STEPS = range(30)
"""Those of the act itself, before and after everything that reaches a platform or the database."""
SOME = STEPS[::3]


async def until_done(opinions: Opinions, incoming: Incoming, step: int) -> None:
    """Deliver it to a bot that dies at this step, and again to the one that is started after it."""
    fate = Fate([step])
    opinions.app = opinions.assembled(MortalStore(opinions.store, fate), fate.tick)
    try:
        await opinions.do(incoming)
    except Killed:
        fate.live_again()
        opinions.app = opinions.assembled(MortalStore(opinions.store, fate), fate.tick)
        await opinions.app.start()
        await opinions.do(incoming)


@pytest.mark.parametrize("step", STEPS[::2])
async def test_a_hide_is_done_once(opinions: Opinions, step: int) -> None:
    await opinions.say("mia1", "/statement Chloe is a fool")
    await until_done(opinions, opinions.said("ana", "/hide 9 off-topic", opinions.salon, key="telegram:msg:1"), step)
    assert opinions.rows("SELECT state, ground FROM statement WHERE number = 9") == [("moderated", "off-topic")]
    assert opinions.rows("SELECT count(*) FROM journal WHERE kind = 'hidden'") == [(1,)]
    told = [one.plain for one in opinions.matrix.at(opinions.matrix.chat("mia1")) if "was hidden" in one.plain]
    assert len(told) == 1
    assert "8 statements" in opinions.card(opinions.hall).plain


@pytest.mark.parametrize("step", SOME)
async def test_a_statement_is_published_once(opinions: Opinions, step: int) -> None:
    said = opinions.said("mia1", "/statement A library of things", opinions.hall, key="matrix:$1")
    await until_done(opinions, said, step)
    assert opinions.rows("SELECT text FROM statement WHERE number > 8") == [("A library of things",)]
    assert len([one for one in opinions.matrix.posted if "Published: no. 9" in one.plain]) == 1
    assert "9 statements" in opinions.card(opinions.salon).plain


@pytest.mark.parametrize("step", SOME)
async def test_a_number_answers_one_statement(opinions: Opinions, step: int) -> None:
    await opinions.say("mia1", "/a")
    await until_done(opinions, opinions.said("mia1", "1", key="matrix:$2"), step)
    assert len(opinions.given()) == 1
    assert "1 of 8" in opinions.last("mia1").plain
