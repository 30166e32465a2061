from __future__ import annotations

from bot.domain.consultation import Kind
from bot.domain.templates import Template
from storage.store import SqlStore

AGM = Template("Réunion d'été", Kind.VOTE, {"quorum": "30 %", "statutes": "article 12"})


async def _organisation(store: SqlStore) -> int:
    return await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=True))


async def test_a_preset_is_kept_replaced_and_dropped_by_its_name(store: SqlStore) -> None:
    organisation = await _organisation(store)
    await store.write(lambda tx: tx.keep_template(organisation, AGM))
    assert await store.read(lambda tx: tx.templates(organisation)) == [AGM]
    again = Template("REUNION D'ETE", Kind.POLL, {})
    await store.write(lambda tx: tx.keep_template(organisation, again))
    assert await store.read(lambda tx: tx.templates(organisation)) == [again]
    assert await store.write(lambda tx: tx.drop_template(organisation, "réunion d'été"))
    assert not await store.write(lambda tx: tx.drop_template(organisation, "réunion d'été"))
    assert await store.read(lambda tx: tx.templates(organisation)) == []


async def test_presets_are_each_organisations_own(store: SqlStore) -> None:
    first, second = await _organisation(store), await _organisation(store)
    await store.write(lambda tx: tx.keep_template(first, AGM))
    assert await store.read(lambda tx: tx.templates(second)) == []
    assert not await store.write(lambda tx: tx.drop_template(second, AGM.name))
    assert await store.read(lambda tx: tx.templates(first)) == [AGM]
