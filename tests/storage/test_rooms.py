from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import PostRef, RoomRef
from bot.domain.members import Grant, Role
from bot.domain.organisation import Declared, Field
from bot.domain.refusals import Missing
from bot.store import Presence, Room, Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, SALON, consultation, poll, voter

GROUP = RoomRef("telegram", "-100")
TOPIC = RoomRef("telegram", "-100", "7")
SUPERGROUP = RoomRef("telegram", "-100200")


def _seen(tx: Transaction, ref: RoomRef, title: str = "Salon") -> Room:
    return tx.room(ref, title, NOW, "fr", "Europe/Paris")


async def test_a_room_is_its_own_small_organisation(store: SqlStore) -> None:
    room = await store.write(lambda tx: _seen(tx, GROUP))
    organisation = await store.read(lambda tx: tx.organisation(room.organisation))
    assert (room.ref, room.place, room.title, room.language, room.active) == (GROUP, room.id, "Salon", "fr", True)
    assert (organisation.language, organisation.time_zone, organisation.bound) == ("fr", "Europe/Paris", False)
    assert organisation.declaration == {}
    assert await store.write(lambda tx: _seen(tx, GROUP)) == room


async def test_a_title_is_brought_up_to_date_and_an_empty_one_ignored(store: SqlStore) -> None:
    await store.write(lambda tx: _seen(tx, GROUP))
    assert (await store.write(lambda tx: _seen(tx, GROUP, "Grand salon"))).title == "Grand salon"
    assert (await store.write(lambda tx: _seen(tx, GROUP, ""))).title == "Grand salon"


async def test_a_topic_belongs_to_the_place_of_its_group(store: SqlStore) -> None:
    topic = await store.write(lambda tx: _seen(tx, TOPIC))
    place = await store.read(lambda tx: tx.room_by_id(topic.place))
    assert (place.ref, place.place, place.organisation) == (GROUP, place.id, topic.organisation)
    assert await store.read(lambda tx: tx.rooms_of(place.organisation)) == [place, topic]


async def test_leaving_and_coming_back_concerns_the_topics_too(store: SqlStore) -> None:
    topic = await store.write(lambda tx: _seen(tx, TOPIC))
    await store.write(lambda tx: tx.set_room_active(topic.place, active=False))
    assert await store.read(lambda tx: tx.rooms_of(topic.organisation)) == []
    await store.write(lambda tx: _seen(tx, GROUP))
    assert [room.ref for room in await store.read(lambda tx: tx.rooms_of(topic.organisation))] == [GROUP, TOPIC]


async def test_binding_a_topic_binds_the_whole_group(store: SqlStore) -> None:
    topic = await store.write(lambda tx: _seen(tx, TOPIC))
    association = await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=True))
    await store.write(lambda tx: tx.bind_room(topic.id, association))
    assert [room.ref for room in await store.read(lambda tx: tx.rooms_of(association))] == [GROUP, TOPIC]
    later = await store.write(lambda tx: _seen(tx, RoomRef("telegram", "-100", "8")))
    assert later.organisation == association


async def test_a_room_that_was_never_seen_is_missing(store: SqlStore) -> None:
    assert await store.read(lambda tx: tx.find_room(GROUP)) is None
    assert await store.write(lambda tx: tx.move_room(GROUP, SUPERGROUP)) is None
    with pytest.raises(Missing, match="no-such-room"):
        await store.read(lambda tx: tx.room_by_id(1))


async def test_a_room_language_is_kept(store: SqlStore) -> None:
    room = await store.write(lambda tx: _seen(tx, GROUP))
    await store.write(lambda tx: tx.set_room_language(room.id, "en"))
    assert (await store.read(lambda tx: tx.room_by_id(room.id))).language == "en"


async def test_a_moved_group_keeps_its_number_its_topics_and_its_old_address(store: SqlStore) -> None:
    topic = await store.write(lambda tx: _seen(tx, TOPIC))
    moved = await store.write(lambda tx: tx.move_room(GROUP, SUPERGROUP))
    assert moved is not None
    assert (moved.id, moved.ref) == (topic.place, SUPERGROUP)
    assert await store.read(lambda tx: tx.find_room(GROUP)) == moved
    new_topic = RoomRef("telegram", "-100200", "7")
    for address in (TOPIC, new_topic):
        found = await store.write(lambda tx, address=address: _seen(tx, address))
        assert (found.id, found.ref) == (topic.id, new_topic)


async def test_a_topic_first_seen_at_the_old_address_is_kept_at_the_present_one(store: SqlStore) -> None:
    await store.write(lambda tx: (_seen(tx, GROUP), tx.move_room(GROUP, SUPERGROUP)))
    late = await store.write(lambda tx: _seen(tx, TOPIC))
    assert late.ref == RoomRef("telegram", "-100200", "7")
    assert await store.write(lambda tx: _seen(tx, TOPIC)) == late


async def test_being_told_twice_of_a_move_changes_nothing_more(store: SqlStore) -> None:
    await store.write(lambda tx: _seen(tx, TOPIC))
    first = await store.write(lambda tx: tx.move_room(GROUP, SUPERGROUP))
    assert await store.write(lambda tx: tx.move_room(GROUP, SUPERGROUP)) == first


async def test_posts_at_the_old_address_become_stale(store: SqlStore) -> None:
    def posted(tx: Transaction) -> int:
        number = consultation(tx, poll()).number
        room = _seen(tx, SALON).id
        card = tx.claim_post(number, 1, room, "card")
        tx.post_sent(card.id, PostRef(SALON, "5"), 0)
        tx.claim_post(number, 1, room, "result")
        tx.move_room(SALON, SUPERGROUP)
        return number

    number = await store.write(posted)
    assert [post.state for post in await store.read(lambda tx: tx.posts(number))] == ["stale", "sending"]


async def test_a_room_seen_at_the_new_address_before_the_move_is_absorbed(store: SqlStore) -> None:
    def work(tx: Transaction) -> tuple[int, int, int]:
        number = consultation(tx, poll()).number
        old, new = _seen(tx, SALON), _seen(tx, SUPERGROUP)
        tx.save(replace(tx.consultation(number), rooms=(old.id, new.id)))
        old_card, new_card = tx.claim_post(number, 1, old.id, "card"), tx.claim_post(number, 1, new.id, "card")
        tx.post_sent(old_card.id, PostRef(SALON, "5"), 0)
        tx.post_sent(new_card.id, PostRef(SUPERGROUP, "1"), 0)
        ana, eve = tx.account(voter(1), "Ana", NOW).id, tx.account(voter(2), "Eve", NOW).id
        tx.arrived(old.id, ana, NOW - timedelta(days=90))
        tx.arrived(new.id, ana, NOW)
        tx.arrived(new.id, eve, NOW)
        _seen(tx, RoomRef("telegram", "-100200", "7"))
        _seen(tx, TOPIC)
        tx.move_room(SALON, SUPERGROUP)
        return number, old.id, ana

    number, room, ana = await store.write(work)
    assert (await store.read(lambda tx: tx.consultation(number))).rooms == (room,)
    assert [(post.state, post.room) for post in await store.read(lambda tx: tx.posts(number))] == [("sent", room)]
    assert await store.read(lambda tx: tx.presence(room, ana)) == Presence(NOW - timedelta(days=90), None)
    organisation = (await store.read(lambda tx: tx.room_by_id(room))).organisation
    refs = [kept.ref for kept in await store.read(lambda tx: tx.rooms_of(organisation))]
    assert refs == [SUPERGROUP, RoomRef("telegram", "-100200", "7")]


async def test_presence_keeps_the_arrival_that_was_seen(store: SqlStore) -> None:
    def ready(tx: Transaction) -> tuple[int, int]:
        return _seen(tx, GROUP).id, tx.account(voter(1), "Ana", NOW).id

    room, ana = await store.write(ready)
    assert await store.read(lambda tx: tx.presence(room, ana)) is None
    await store.write(lambda tx: tx.arrived(room, ana, None))
    assert await store.read(lambda tx: tx.presence(room, ana)) == Presence(None, None)
    await store.write(lambda tx: tx.arrived(room, ana, NOW))
    await store.write(lambda tx: tx.arrived(room, ana, None))
    assert await store.read(lambda tx: tx.presence(room, ana)) == Presence(NOW, None)
    assert await store.read(lambda tx: tx.rooms_with(ana)) == [room]
    await store.write(lambda tx: tx.departed(room, ana, NOW + timedelta(hours=1)))
    assert await store.read(lambda tx: tx.presence(room, ana)) == Presence(NOW, NOW + timedelta(hours=1))
    assert await store.read(lambda tx: tx.rooms_with(ana)) == []


async def test_the_rooms_with_someone_include_the_topics_of_their_groups(store: SqlStore) -> None:
    def ready(tx: Transaction) -> tuple[int, Room]:
        topic, ana = _seen(tx, TOPIC), tx.account(voter(1), "Ana", NOW).id
        _seen(tx, RoomRef("matrix", "!other:example.org"))
        tx.arrived(topic.place, ana, NOW)
        return ana, topic

    ana, topic = await store.write(ready)
    assert await store.read(lambda tx: tx.rooms_with(ana)) == [topic.place, topic.id]


async def test_a_declaration_comes_back_as_it_was_made(store: SqlStore) -> None:
    declaration = {
        Field.NAME: Declared("Les Amis d'Été", "Ana", NOW),
        Field.ANSWER_DAYS: Declared("30"),
    }
    made = await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=False))
    await store.write(lambda tx: (tx.set_declaration(made, declaration), tx.set_organisation_bound(made)))
    organisation = await store.read(lambda tx: tx.organisation(made))
    assert organisation.declaration == declaration
    assert organisation.bound
    with pytest.raises(Missing, match="no-such-organisation"):
        await store.read(lambda tx: tx.organisation(99))


async def test_there_is_one_main_organisation(store: SqlStore) -> None:
    assert await store.read(lambda tx: tx.main_organisation()) is None
    for _ in range(2):
        made = await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=True))
        await store.write(lambda tx, made=made: tx.set_main_organisation(made))
        assert await store.read(lambda tx: tx.main_organisation()) == made


async def test_a_join_code_works_once(store: SqlStore) -> None:
    made = await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=True))
    await store.write(lambda tx: tx.add_join_code(made, "hash", NOW))
    assert await store.write(lambda tx: tx.redeem_join_code("other", NOW)) is None
    assert await store.write(lambda tx: tx.redeem_join_code("hash", NOW)) == made
    assert await store.write(lambda tx: tx.redeem_join_code("hash", NOW)) is None


async def test_an_administrator_is_one_of_their_organisation_only(store: SqlStore) -> None:
    def ready(tx: Transaction) -> tuple[int, int, int]:
        mine, other = (tx.add_organisation("fr", "Europe/Paris", {}, bound=True) for _ in range(2))
        ana = tx.account(voter(1), "Ana", NOW).id
        grant = Grant(mine, None, tx.account_by_id(ana).person, Role.ADMIN, None, NOW)
        assert (tx.members.grant(grant), tx.members.grant(grant)) == (True, False)
        return mine, other, ana

    mine, other, ana = await store.write(ready)
    assert await store.read(lambda tx: tx.members.roles_of(mine, ana)) == {Role.ADMIN}
    assert await store.read(lambda tx: tx.members.roles_of(other, ana)) == frozenset()
