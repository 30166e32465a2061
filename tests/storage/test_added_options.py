"""Options that voters add, in the database: one of each text, one of each number, and casts that know them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.added_options import AddedState
from bot.domain.ballots import Answer, Choice, Marks, Press, Ranking
from bot.domain.casting import Recorded
from bot.domain.consultation import BallotType, definition_facts
from bot.domain.date_options import Slot
from bot.domain.debate.model import Review
from bot.domain.refusals import Missing, Refusal
from bot.store import Transaction
from storage.store import SqlStore, open_store
from tests.storage.scene import NOW, RULES, Scene, opened, poll
from tests.storage.turns import together


async def _growing(store: SqlStore, **more: object) -> Scene:
    return await opened(store, definition=poll(add_options=Review.BEFORE, **more))


async def _accepted(scene: Scene, text: str, option: int, who: int = 1) -> int:
    account = await scene.account(who)

    def work(tx: Transaction) -> int:
        entry = tx.added_options.propose(scene.number, account, text).entry
        tx.added_options.accept(scene.number, entry, option, NOW)
        return entry

    return await scene.store.write(work)


async def _numbers(scene: Scene) -> list[int]:
    found = await scene.store.read(lambda tx: tx.consultation(scene.number))
    return [option.number for option in found.definition.options]


async def test_a_proposal_waits_and_comes_back_as_it_was(store: SqlStore) -> None:
    scene = await _growing(store)
    account = await scene.account(2)
    made = await store.write(lambda tx: tx.added_options.propose(scene.number, account, "Le parc\x00"))
    assert (made.entry, made.text, made.state, made.number, made.at) == (1, "Le parc", AddedState.WAITING, None, None)
    person = (await store.read(lambda tx: tx.account_by_id(account))).person
    assert (made.account, made.person) == (account, person)
    assert await store.read(lambda tx: tx.added_options.proposals(scene.number)) == [made]
    assert await _numbers(scene) == [1, 2, 3]
    with pytest.raises(Missing, match="no-such-proposal"):
        await store.read(lambda tx: tx.added_options.proposal(scene.number, 2**40))


async def test_a_date_keeps_its_instants(store: SqlStore) -> None:
    scene = await _growing(store)
    account = await scene.account(1)
    slot = Slot(0, NOW, NOW + timedelta(days=1), "2026-12-01")

    def work(tx: Transaction) -> None:
        entry = tx.added_options.propose(scene.number, account, "Tuesday", slot).entry
        tx.added_options.accept(scene.number, entry, 4, NOW)

    await store.write(work)
    found = await store.read(lambda tx: tx.consultation(scene.number))
    assert found.definition.dates == (replace(slot, option=4),)


async def test_an_accepted_option_is_in_every_reading_and_never_in_what_is_frozen(store: SqlStore) -> None:
    scene = await _growing(store)
    await _accepted(scene, "Park", 4)
    found = await store.read(lambda tx: tx.consultation(scene.number))
    assert [(option.number, option.text, option.added_at) for option in found.definition.options[3:]] == [
        (4, "Park", NOW)
    ]
    await store.write(lambda tx: tx.save(found))
    again = await store.read(lambda tx: tx.consultation(scene.number))
    assert again == found
    assert definition_facts(again.definition) == definition_facts(poll(add_options=Review.BEFORE))
    (listed,) = await store.read(lambda tx: tx.consultations())
    assert listed == found


async def test_casts_know_it_at_once_and_no_more_once_it_is_hidden(store: SqlStore) -> None:
    scene = await _growing(store)
    refusal = await scene.cast(1, Press(4))
    assert isinstance(refusal, Refusal)
    entry = await _accepted(scene, "Park", 4)
    assert await scene.cast(1, Press(4)) == Recorded((4,), None, False)
    assert await store.read(lambda tx: tx.added_options.is_chosen(scene.number, 4))
    assert not await store.read(lambda tx: tx.added_options.is_chosen(scene.number, 1))
    await scene.cast(1, Press(1))
    assert not await store.read(lambda tx: tx.added_options.is_chosen(scene.number, 4))
    await store.write(lambda tx: tx.added_options.dismiss(scene.number, entry, AddedState.HIDDEN, "closed"))
    assert isinstance(await scene.cast(1, Press(4)), Refusal)
    assert await _numbers(scene) == [1, 2, 3]


async def test_a_batch_in_which_it_is_accepted_counts_what_follows(store: SqlStore) -> None:
    scene = await _growing(store)
    account = await scene.account(1)

    def accept(tx: Transaction) -> None:
        entry = tx.added_options.propose(scene.number, account, "Park").entry
        tx.added_options.accept(scene.number, entry, 4, NOW)

    rulings = await together(
        store,
        [
            lambda: scene.cast(1, Press(4)),
            lambda: store.write(accept),
            lambda: scene.cast(2, Press(4)),
        ],
    )
    assert isinstance(rulings[0], Refusal)
    assert rulings[2] == Recorded((4,), None, False)


@pytest.mark.parametrize(
    ("ballot", "choice"),
    [(BallotType.RANKING, Ranking(((1,), (4,)))), (BallotType.SCORE, Marks(((4, 0),)))],
)
async def test_a_ballot_that_names_it_at_all_chooses_it(store: SqlStore, ballot: BallotType, choice: Choice) -> None:
    scene = await _growing(store, ballot=ballot, at_most=40, scale=5)
    await _accepted(scene, "Park", 4)
    assert isinstance(await scene.cast(1, Answer(choice)), Recorded)
    assert await store.read(lambda tx: tx.added_options.is_chosen(scene.number, 4))


async def test_the_database_takes_no_text_and_no_number_twice(store: SqlStore) -> None:
    scene = await _growing(store)
    await _accepted(scene, "The Café", 4)
    with pytest.raises(IntegrityError):
        await _accepted(scene, "the  cafe", 5, who=2)
    with pytest.raises(IntegrityError):
        await _accepted(scene, "Park", 4, who=2)
    assert await _numbers(scene) == [1, 2, 3, 4]


async def test_another_process_sees_it(url: str, store: SqlStore) -> None:
    scene = await _growing(store)
    await _accepted(scene, "Park", 4)
    other = open_store(url, process="other")
    try:
        assert isinstance(await other.cast(scene.made(2, Press(4)), RULES), Recorded)
    finally:
        await other.close()


@pytest.mark.parametrize("keep_links", [True, False])
async def test_the_sealing_forgets_who_proposed_and_what_still_waited(store: SqlStore, keep_links: bool) -> None:
    scene = await _growing(store)
    other = await _growing(store)
    account = await scene.account(1)
    await _accepted(scene, "Park", 4)
    await _accepted(other, "Park", 4)
    await store.write(lambda tx: tx.added_options.propose(scene.number, account, "Beach"))
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links))
    left = await store.read(lambda tx: tx.added_options.proposals(scene.number))
    assert [(one.text, one.account, one.person, one.number) for one in left] == [("Park", None, None, 4)]
    (untouched,) = await store.read(lambda tx: tx.added_options.proposals(other.number))
    assert untouched.account == account
