"""What is kept for scrutineers, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.approvals import Paired, Word
from bot.domain.contests import Verdict
from bot.domain.integrity import Noted
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, Scene, opened


async def accounts(scene: Scene, *who: int) -> list[int]:
    return [await scene.account(each) for each in who]


async def test_contestations_are_numbered_kept_and_forget_whose_they_were(store: SqlStore) -> None:
    scene = await opened(store)
    one, two = await accounts(scene, 1, 2)

    def file(tx: Transaction) -> None:
        for account, text in ((one, "first"), (two, "second\x00"), (one, "third")):
            tx.scrutiny.contest(scene.number, account, text, NOW)

    await store.write(file)
    kept = await store.read(lambda tx: tx.scrutiny.contests(scene.number))
    assert [(each.entry, each.account, each.text) for each in kept] == [
        (1, one, "first"), (2, two, "second"), (3, one, "third"),
    ]  # fmt: skip
    decided = replace(kept[0], verdict=Verdict.NOTED, decision="right", signed=True)
    await store.write(lambda tx: tx.scrutiny.save_contest(decided, NOW))

    def person(tx: Transaction) -> int:
        return tx.account_by_id(one).person

    mine = await store.read(lambda tx: tx.scrutiny.contests_of(scene.number, person(tx)))
    assert list(mine) == [decided, kept[2]]
    await store.write(lambda tx: tx.scrutiny.forget_people(scene.number))
    after = await store.read(lambda tx: tx.scrutiny.contests(scene.number))
    assert [(each.account, each.text) for each in after] == [(None, "first"), (None, "second"), (None, "third")]


async def test_a_word_replaces_the_same_accounts_and_belongs_to_its_person_of_today(store: SqlStore) -> None:
    scene = await opened(store)
    one, two = await accounts(scene, 1, 2)

    def give(tx: Transaction) -> None:
        for account, terms in ((one, "a"), (two, "b"), (one, "c")):
            tx.scrutiny.give_word(scene.number, Word(Paired.CANCEL, 0, account, terms, NOW))

    await store.write(give)
    people = await store.read(lambda tx: [tx.account_by_id(each).person for each in (one, two)])
    words = await store.read(lambda tx: tx.scrutiny.words(scene.number))
    assert [(each.person, each.terms) for each in words] == [(people[0], "c"), (people[1], "b")]
    await store.write(lambda tx: tx.members.merge(people[0], people[1], NOW))
    linked = await store.read(lambda tx: tx.scrutiny.words(scene.number))
    assert {each.person for each in linked} == {people[0]}
    await store.write(lambda tx: tx.scrutiny.forget_people(scene.number))
    assert not await store.read(lambda tx: tx.scrutiny.words(scene.number))


async def test_signs_add_up_and_the_largest_rush_stays(store: SqlStore) -> None:
    scene = await opened(store)
    for noted in (Noted({"arrived-late": 2, "already-closed": 1}, 7), Noted({"arrived-late": 3}, 5), Noted({}, 0)):
        await store.write(lambda tx, noted=noted: tx.scrutiny.note({scene.number: noted}))
    assert await store.read(lambda tx: tx.scrutiny.noted(scene.number)) == Noted(
        {"already-closed": 1, "arrived-late": 5}, 7
    )


async def test_arrivals_are_counted_in_their_time_and_merged_rights_once(store: SqlStore) -> None:
    scene = await opened(store)
    one, two = await accounts(scene, 1, 2)

    def count(tx: Transaction) -> tuple[int, int]:
        joined = tx.scrutiny.joined(scene.number, NOW, NOW + timedelta(hours=1))
        return joined, tx.scrutiny.merged(scene.number)

    def arrive(tx: Transaction) -> None:
        place = tx.consultation(scene.number).rooms[0]
        for account, minutes in ((one, 5), (two, 90)):
            tx.arrived(place, account, NOW + timedelta(minutes=minutes))

    before = await store.read(count)
    await store.write(arrive)
    assert await store.read(count) == (before[0] + 1, 0)
    people = await store.read(lambda tx: [tx.account_by_id(each).person for each in (one, two)])
    await store.write(lambda tx: tx.members.merge(people[0], people[1], NOW))
    assert (await store.read(count))[1] == 1
