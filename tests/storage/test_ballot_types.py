"""Rankings, marks and blank ballots on record: they come back as they were, and count when the rules say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.ballots import Answer, Gesture, Mark, Press, complete
from bot.domain.canonical import canonical
from bot.domain.consultation import BallotType, Definition, Kind, Method, Option, OptionRole, definition_facts
from bot.domain.date_options import Slot
from bot.domain.vocabulary import GRADES
from storage import mapping
from storage.store import SqlStore
from tests.domain.votes import consented, judged, marked, pointed, ranked, ranking, scored
from tests.storage.scene import approval, opened, poll

BLANK = Option(13, "Blanc", OptionRole.BLANK)
DATES = (
    Slot(1, datetime(2026, 12, 15, 17, tzinfo=UTC), datetime(2026, 12, 15, 18, tzinfo=UTC)),
    Slot(2, datetime(2026, 12, 18, 23, tzinfo=UTC), datetime(2026, 12, 19, 23, tzinfo=UTC), "2026-12-19"),
)
TWELVE = (*(Option(number, f"option {number}") for number in range(1, 13)), BLANK)
RANKING = poll(options=TWELVE, ballot=BallotType.RANKING, method=Method.SCHULZE, at_most=12)


@pytest.mark.parametrize("at_least", [1, 2, 3])
async def test_the_database_counts_as_complete_the_rankings_that_the_rules_do(store: SqlStore, at_least: int) -> None:
    definition = replace(RANKING, at_least=at_least)
    scene = await opened(store, voters=6, definition=definition)
    for who, presses in enumerate(((1,), (12,), (1, 12), (10, 11, 12), (13,), (1, 2, 13)), start=1):
        for option in presses:
            await scene.cast(who, Press(option))
    accounts = [await scene.account(who) for who in range(1, 7)]
    ballots = await store.read(lambda tx: [tx.ballot_of(scene.number, account) for account in accounts])
    assert ballots == [ranked("1"), ranked("12"), ranked("1>12"), ranked("10>11>12"), ranked("13"), ranked("13")]
    counted = {ballot for ballot in ballots if ballot and complete(definition, ballot)}
    assert set(await store.read(lambda tx: tx.tally(scene.number))) == counted


async def test_options_that_share_a_rank_are_counted_each(store: SqlStore) -> None:
    scene = await opened(store, voters=1, definition=replace(RANKING, at_least=3))
    await scene.cast(1, Answer(ranked("1=2>3")))
    assert await store.read(lambda tx: tx.tally(scene.number)) == {ranked("1=2>3"): 1}


async def test_a_blank_ballot_counts_however_many_approvals_are_asked(store: SqlStore) -> None:
    definition = replace(
        approval(options=5, at_least=2), options=(*approval(options=5).options, replace(BLANK, number=6))
    )
    scene = await opened(store, voters=2, definition=replace(definition, at_most=6))
    await scene.cast(1, Press(6))
    await scene.cast(2, Press(1))
    for _ in ("open", "sealed"):
        assert await store.read(lambda tx: tx.tally(scene.number)) == {(6,): 1}
        await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))


@pytest.mark.parametrize(
    ("definition", "gestures", "ballot"),
    [
        (scored(), (Mark(1, 5), Mark(3, 0), Mark(1, 4)), marked(o1=4, o3=0)),
        (pointed(), (Answer(marked(o1=6, o2=4)),), marked(o1=6, o2=4)),
        (ranking(), (Press(2), Press(1)), ranked("2>1")),
        (consented(), (Press(1), Answer((4,), "too dear")), (4,)),
    ],
)
async def test_every_ballot_comes_back_and_is_merged(
    store: SqlStore, definition: Definition, gestures: tuple[Gesture, ...], ballot: object
) -> None:
    scene = await opened(store, voters=2, definition=replace(definition, kind=poll().kind))
    for who in (1, 2):
        for gesture in gestures:
            await scene.cast(who, gesture)
    assert await store.read(lambda tx: tx.tally(scene.number)) == {ballot: 2}
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    assert await store.read(lambda tx: tx.tally(scene.number)) == {ballot: 2}


@pytest.mark.parametrize(
    "definition",
    [
        ranking(method=Method.STV, seats=2), scored(scale=10), judged(grades=GRADES["en"][:3]),
        pointed(points=25, quadratic=True), consented(), poll(), poll(kind=Kind.DATES, dates=DATES),
    ],
    ids=lambda made: str(made.ballot),
)  # fmt: skip
def test_a_definition_comes_back_with_the_rules_of_its_ballot(definition: Definition) -> None:
    assert mapping.definition(canonical(definition_facts(definition))) == definition
