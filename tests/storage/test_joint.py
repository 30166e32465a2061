"""What is kept of consultations held together, on both databases."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.ballots import Press
from bot.domain.joint import Partner, PartnerState
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, opened


async def test_a_code_is_used_once_and_not_for_ever(store: SqlStore) -> None:
    scene = await opened(store)
    account = await scene.account(1)

    def give(tx: Transaction) -> int:
        organisation = tx.consultation(scene.number).organisation
        tx.joint.set_code(organisation, "first", account, NOW)
        tx.joint.set_code(organisation, "second", account, NOW)
        return organisation

    organisation = await store.write(give)
    assert await store.write(lambda tx: tx.joint.redeem_code("first", NOW)) is None
    assert await store.write(lambda tx: tx.joint.redeem_code("second", NOW + timedelta(seconds=1))) is None
    assert await store.write(lambda tx: tx.joint.redeem_code("second", NOW)) == (organisation, account)
    assert await store.write(lambda tx: tx.joint.redeem_code("second", NOW)) is None


async def test_an_invitation_comes_back_as_it_was(store: SqlStore) -> None:
    scene = await opened(store)
    organisation = (await store.read(lambda tx: tx.consultation(scene.number))).organisation
    partner = Partner(organisation, PartnerState.INVITED, NOW, {})
    await store.write(lambda tx: tx.joint.save(scene.number, partner))
    assert await store.read(lambda tx: tx.joint.partners(scene.number)) == [partner]
    await store.write(lambda tx: tx.joint.drop(scene.number, organisation))
    assert await store.read(lambda tx: tx.joint.partners(scene.number)) == []


async def test_ballots_are_counted_by_the_rolls_their_rights_stand_on(store: SqlStore) -> None:
    scene = await opened(store)
    accounts = [await scene.account(number) for number in (1, 2, 3)]
    for number, option in ((1, 1), (2, 1), (3, 2)):
        await scene.cast(number, Press(option))

    def stand(tx: Transaction) -> tuple[int, int]:
        first = tx.consultation(scene.number).organisation
        other = tx.add_organisation("en", "Europe/Paris", {}, bound=False)
        people = [tx.account_by_id(account).person for account in accounts]
        tx.joint.stand(scene.number, people[:2], first)
        tx.joint.stand(scene.number, people[:2], first)
        tx.joint.stand(scene.number, people[1:], other)
        return first, other

    first, other = await store.write(stand)
    cells = await store.read(lambda tx: tx.joint.cells(scene.number))
    both = frozenset({first, other})
    assert cells == {frozenset({first}): {(1,): 1}, both: {(1,): 1}, frozenset({other}): {(2,): 1}}
    sheets = {other: {(1,): 1, (2,): 1}}
    await store.write(lambda tx: tx.joint.seal(scene.number, sheets))
    assert await store.read(lambda tx: tx.joint.sheets(scene.number)) == sheets
