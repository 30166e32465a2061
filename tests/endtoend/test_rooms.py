"""Groups that are forums, that become supergroups, that are several, that throw the bot out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.endtoend.hall import POLL, Hall, counted


async def test_a_consultation_stays_in_its_topic(database: str, tmp_path: Path) -> None:
    hall = Hall(tmp_path, database)
    forum = hall.api.forum("Forum", [hall.bruno, hall.chloe], creator=hall.ana)
    hall.rooms = [forum]
    async with hall:
        await hall.start()
        topic = await hall.api.create_topic(forum, "Outings", hall.ana)
        other = await hall.api.create_topic(forum, "Elsewhere", hall.ana)
        await hall.say(hall.ana, POLL, forum, topic=topic)
        card = await hall.card(forum)
        await hall.press(hall.bruno, card, "Café")
        await hall.say(hall.chloe, "2", forum, topic=topic, reply_to=card)
        await hall.say(hall.chloe, "/list", forum, topic=other)
        await hall.heard("list.empty", forum)
        await hall.shown(card, {"Café": 1, "Library": 1})
        assert counted(await hall.close_early(where=forum)) == {"Café": 1, "Library": 1}
        about = [message for message in hall.api.messages_in(forum) if "no. 1" in message.text]
        assert len(about) >= 3
        assert all(message.topic is topic for message in about)


async def test_a_group_becomes_a_supergroup_while_people_vote(hall: Hall) -> None:
    old_card = await hall.poll()
    await hall.press(hall.bruno, old_card, "Café")
    new = await hall.api.migrate(hall.room)
    card = await hall.card(new)
    assert "Changed: Library" in await hall.press(hall.bruno, card, "Library")
    assert "Recorded: Café" in await hall.press(hall.chloe, old_card, "Café")
    await hall.shown(card, {"Café": 1, "Library": 1})
    await hall.restart()
    assert "Recorded: Library" in await hall.press(hall.ana, old_card, "Library")
    await hall.shown(card, {"Café": 1, "Library": 2})
    result = await hall.close_early(where=new)
    assert counted(result) == {"Café": 1, "Library": 2}
    assert len(hall.results(new)) == 1


async def test_an_opening_waits_for_a_room_that_threw_the_bot_out(database: str, tmp_path: Path) -> None:
    hall = Hall(tmp_path, database)
    north, south = hall.room, hall.api.group("South", [hall.bruno], creator=hall.ana)
    hall.rooms = [north, south]
    async with hall:
        await hall.start()
        await hall.meet(hall.ana)
        await hall.say(hall.ana, "/list", south)
        await hall.heard("list.empty", south)
        await hall.say(
            hall.ana, f'/poll "Where?" "Café" "Library" --open 3d --close 2d --rooms Assembly, {south.id} --yes'
        )
        await hall.told(hall.ana, "published.later")
        assert not hall.disclosures(north)
        await hall.api.remove_bot(south, hall.ana)
        await hall.quiet()
        await hall.kill()
        hall.let_pass(timedelta(days=3, hours=1))
        await hall.start()
        waiting = await hall.told(hall.ana, "warn.room-unreachable")
        assert "South" in waiting.text
        await hall.heard("charter.card.title", north)
        await hall.say(hall.bruno, "/v 1 1")
        await hall.see(north, "not open yet")
        await hall.say(hall.ana, "/excuse 1 South", hall.ana)
        await hall.see(hall.ana, "without South")
        card = await hall.card(north)
        assert len(hall.disclosures(north)) == 1
        assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
        await hall.say(hall.ana, "/extend 1 1d", hall.ana)
        await hall.told(hall.ana, "steer.extended")


async def test_one_consultation_in_two_rooms_counts_a_person_once(database: str, tmp_path: Path) -> None:
    hall = Hall(tmp_path, database)
    north, south = hall.room, hall.api.group("South", [hall.bruno], creator=hall.ana)
    hall.rooms = [north, south]
    async with hall:
        await hall.start()
        held = hall.api.fault("sendMessage", "500", times=2, chat_id=south.id)
        await hall.say(hall.ana, f'/poll "Where?" "Café" "Library" --close 2d --rooms {north.id}, {south.id} --yes')
        cards = [await hall.card(north, timeout=20), await hall.card(south, timeout=20)]
        assert len(held.hits) == 2
        for room, card in zip((north, south), cards, strict=True):
            assert all(disclosure.at <= other.at for disclosure in hall.disclosures(room) for other in cards), card
        assert "Recorded: Café" in await hall.press(hall.bruno, cards[0], "Café")
        assert "Changed: Library" in await hall.press(hall.bruno, cards[1], "Library")
        for card in cards:
            await hall.shown(card, {"Café": 0, "Library": 1})
        await hall.close_early()
        for room in (north, south):
            assert counted(await hall.result(room)) == {"Café": 0, "Library": 1}
