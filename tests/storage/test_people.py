from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import AccountRef
from bot.domain.refusals import Missing
from storage.store import SqlStore
from tests.storage.scene import NOW

ANA = AccountRef("matrix", "@ana:example.org")


async def test_an_account_gets_a_person_of_its_own_at_first_sight(store: SqlStore) -> None:
    ana = await store.write(lambda tx: tx.account(ANA, "Ana", NOW))
    eve = await store.write(lambda tx: tx.account(AccountRef("telegram", "4242"), "Eve", NOW))
    assert (ana.ref, ana.name, ana.language, ana.greeted) == (ANA, "Ana", "", False)
    assert ana.person != eve.person
    assert await store.read(lambda tx: tx.find_account(ANA)) == ana
    assert await store.read(lambda tx: tx.account_by_id(ana.id)) == ana


async def test_a_name_follows_the_platform_but_is_not_erased(store: SqlStore) -> None:
    first = await store.write(lambda tx: tx.account(ANA, "Ana", NOW))
    renamed = await store.write(lambda tx: tx.account(ANA, "Ana B.", NOW))
    silent = await store.write(lambda tx: tx.account(ANA, "", NOW))
    assert renamed.id == silent.id == first.id
    assert renamed.name == silent.name == "Ana B."


async def test_names_that_no_database_takes_are_cleaned(store: SqlStore) -> None:
    odd = await store.write(lambda tx: tx.account(ANA, "A\x00na \ud83c", NOW))
    assert odd.name == "Ana "


async def test_language_and_greeting_are_kept(store: SqlStore) -> None:
    ana = await store.write(lambda tx: tx.account(ANA, "Ana", NOW))
    await store.write(lambda tx: (tx.set_account_language(ana.id, "fr"), tx.greet(ana.id)))
    kept = await store.read(lambda tx: tx.account_by_id(ana.id))
    assert (kept.language, kept.greeted) == ("fr", True)


async def test_an_acceptance_stays_whatever_is_asked_again(store: SqlStore) -> None:
    ana, eve = await store.write(
        lambda tx: [tx.account(ref, "", NOW).id for ref in (ANA, AccountRef("matrix", "@e:x"))]
    )

    async def answered(account: int, version: str = "1") -> tuple[bool, bool]:
        return await store.read(lambda tx: (tx.asked_to_accept(account, version), tx.accepted(account, version)))

    assert await answered(ana) == (False, False)
    for accepts in (False, True, False):
        await store.write(lambda tx, accepts=accepts: tx.set_accepted(ana, "1", accepts))
        assert (await answered(ana))[0]
    assert await answered(ana) == (True, True)
    assert await answered(ana, "2") == await answered(eve) == (False, False)


async def test_an_unknown_account_is_missing(store: SqlStore) -> None:
    assert await store.read(lambda tx: tx.find_account(ANA)) is None
    with pytest.raises(Missing) as refused:
        await store.read(lambda tx: tx.account_by_id(99))
    assert refused.value.code == "no-such-account"


async def test_an_event_is_new_once(store: SqlStore) -> None:
    assert not await store.read(lambda tx: tx.was_seen("telegram:cb:1"))
    assert await store.write(lambda tx: tx.first_time("telegram:cb:1"))
    assert not await store.write(lambda tx: tx.first_time("telegram:cb:1"))
    assert await store.read(lambda tx: tx.was_seen("telegram:cb:1"))


async def test_cursors_and_heartbeats_hold_their_last_value(store: SqlStore) -> None:
    assert await store.read(lambda tx: (tx.cursor("matrix"), tx.last_beat("matrix"))) == (None, None)
    for step, token in enumerate(("s1", "s2")):
        at = NOW + timedelta(seconds=step)
        await store.write(lambda tx, token=token, at=at: (tx.set_cursor("matrix", token), tx.beat("matrix", at)))
    assert await store.read(lambda tx: tx.cursor("matrix")) == "s2"
    assert await store.read(lambda tx: tx.last_beat("matrix")) == NOW + timedelta(seconds=1)


async def test_a_dialogue_lasts_until_it_is_ended(store: SqlStore) -> None:
    ana = await store.write(lambda tx: tx.account(ANA, "Ana", NOW))
    assert await store.read(lambda tx: tx.dialogue(ana.id)) is None
    for state in ({"step": 1}, {"step": 2, "title": "Où ?"}):
        await store.write(lambda tx, state=state: tx.set_dialogue(ana.id, state))
    assert await store.read(lambda tx: tx.dialogue(ana.id)) == {"step": 2, "title": "Où ?"}
    await store.write(lambda tx: tx.set_dialogue(ana.id, None))
    assert await store.read(lambda tx: tx.dialogue(ana.id)) is None
