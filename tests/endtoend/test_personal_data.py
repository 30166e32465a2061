"""Personal data, on the real program: told at the first contact, sent, forgotten, erased on the promised day; and
what is left of it in the files."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.botapi import User
from tests.endtoend.files import received
from tests.endtoend.hall import Hall

POLL = '/poll "{title}" "Hill" "Lake" --close 2d --yes'
FIRST = "This is the first time I write to you in private"
PROMISED = timedelta(days=70)
"""Longer than voters are kept unless an association says otherwise."""


async def test_someone_is_forgotten_once_nothing_needs_them_and_voters_go_on_their_day(hall: Hall) -> None:
    zoe = hall.api.user("Quetzal", id=987654321, last_name="Zephyrine", language_code="en")
    hall.seat(zoe, hall.room)
    await two_votes(hall, zoe)
    await zoe_takes_her_data(hall, zoe)

    await hall.say(zoe, "/forget", zoe)
    page = await hall.see(zoe, "Being forgotten")
    assert "No. 2, Where next?: until it closes" in page.text
    await hall.press(zoe, page, "Yes, forget me")
    await hall.see(zoe, "It has begun")
    await hall.say(hall.ana, "/close 2", hall.ana)
    await hall.see(zoe, "I don't know who you are any more")
    assert "1. Hill" in (await hall.result()).text

    assert await hall.program.stop() == 0
    assert left_of(hall, "987654321", "Quetzal", "Zephyrine") == []
    assert left_of(hall, "Chlo") != []
    hall.let_pass(PROMISED)
    await hall.start()
    told = ""
    for _ in range(50):  # it is among the first things due after the start, and may take a moment
        if "No right to vote is kept" not in told:
            told = await kept_about(hall, hall.chloe)
    assert "No right to vote is kept" in told
    assert f"Telegram {hall.chloe.id}" in told
    assert len(hall.api.messages_in(hall.chloe, FIRST)) == 1


async def two_votes(hall: Hall, zoe: User) -> None:
    """One that is closed, and one that zoe has voted in and that is still open."""
    first = await hall.poll(POLL.format(title="Where first?"))
    for who in (zoe, hall.chloe):
        assert "Recorded: Lake" in await hall.press(who, first, "Lake")
    await hall.close_early(1)
    await hall.press(zoe, await hall.poll(POLL.format(title="Where next?")), "Hill")
    for who in (zoe, hall.chloe):
        await hall.meet(who)
        await hall.see(who, FIRST)


async def kept_about(hall: Hall, who: User) -> str:
    """What the bot answers to `/privacy` now."""
    before = hall.api.messages_in(who)[-1]
    await hall.say(who, "/privacy", who)
    return (await hall.api.message_in(who, "Your data", after=before)).text


async def zoe_takes_her_data(hall: Hall, zoe: User) -> None:
    await hall.say(zoe, "/mine export", zoe)
    data = json.loads(await received(hall, zoe, "palabre-my-data.json"))
    assert [account["ref"] for account in data["accounts"]] == ["telegram:987654321"]
    assert [(ballot["number"], ballot["choice"]) for ballot in data["ballots"]] == [(2, "Hill")]
    assert [(right["number"], right["voted"]) for right in data["voting_rights"]] == [(2, True), (1, True)]


def left_of(hall: Hall, *words: str) -> list[tuple[str, str]]:
    """Where the program's files (its database, what belongs to it, its log) hold one of these words."""
    files = [path for path in hall.folder.rglob("*") if path.is_file()]
    assert any(path.name == "palabre.db" for path in files)
    return [(path.name, word) for path in files for word in words if word.encode() in path.read_bytes()]
