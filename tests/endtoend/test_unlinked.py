"""An unlinked vote served for real: a kill loses a draft and never a ballot, and the key goes with the vote."""

from __future__ import annotations

import re

from tests.botapi import Message, User
from tests.endtoend.files import received
from tests.endtoend.hall import Hall

VOTE = '/vote "Which?" "Hall" "Garden" --purpose x --binding advice --close 2d --secrecy unlinked --yes'


async def test_a_kill_loses_a_draft_but_no_sealed_ballot_and_the_key_goes_with_the_vote(hall: Hall) -> None:
    card = await hall.poll(VOTE)
    (key,) = hall.keys.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600
    await hall.api.follow(hall.bruno, card, "Vote in private")
    paper = await hall.told(hall.bruno, "paper.until-unlinked")
    await hall.press(hall.bruno, paper, "Garden")
    await hall.api.wait(lambda: "Your code" in paper.text, 10, "the review with its code")
    await hall.meet(hall.chloe)
    await hall.say(hall.chloe, "/v 1 1", hall.chloe)
    review = await hall.told(hall.chloe, "sealed.code")
    assert "sealed" in await hall.press(hall.chloe, review, "Confirm")
    await hall.restart()
    assert "draft is gone" in await hall.press(hall.bruno, paper, "Confirm")
    result = await hall.close_early()
    assert "Hall" in result.text
    assert "1 voter" in result.text
    await hall.api.wait(lambda: not list(hall.keys.iterdir()), 10, "the key is destroyed")


SHARED = VOTE.replace("--secrecy unlinked", "--secrecy unlinked --key scrutineers")
SHARE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){13}")


async def test_two_scrutineers_open_the_ballots_though_the_server_is_killed_in_between(hall: Hall) -> None:
    holders = (hall.bruno, hall.chloe)
    await hall.meet(hall.ana)
    for who in holders:
        await hall.meet(who)
        known = hall.api.messages_in(hall.ana)[-1]
        await hall.say(hall.ana, "/roles scrutineer", hall.room)
        code = await hall.api.message_in(hall.ana, "/claim", after=known)
        await hall.say(who, re.findall(r"/claim \S+", code.text)[0], who)
        await hall.told(who, "role.means.scrutineer")
    await hall.say(hall.ana, SHARED)
    shares = {who.id: (await _share(hall, who)) for who in holders}
    number = 1 if "(share 1 of 2)" in shares[hall.bruno.id][1].text else 2
    assert shares[hall.bruno.id][0] in (await received(hall, hall.bruno, f"palabre-1-{number}.txt")).decode()
    await hall.press(hall.bruno, shares[hall.bruno.id][1], hall.words("button.share-kept"))
    await hall.told(hall.bruno, "share.noted")
    await hall.say(hall.chloe, "/share 1 kept", hall.chloe)
    await hall.card()
    assert [path.name for path in hall.keys.iterdir()] == ["1.seal"]
    await hall.say(hall.ana, "/v 1 2", hall.ana)
    await hall.press(hall.ana, await hall.told(hall.ana, "sealed.code"), "Confirm")
    await hall.say(hall.ana, "/close 1", hall.ana)
    await hall.heard("notice.voting-over-shares")
    await hall.say(hall.chloe, f"/reveal 1 {shares[hall.chloe.id][0]}", hall.chloe)
    await hall.told(hall.chloe, "share.given")
    await hall.restart()
    await hall.say(hall.bruno, f"/reveal 1 {shares[hall.bruno.id][0]}", hall.bruno)
    assert "Garden" in (await hall.result()).text
    await hall.api.wait(lambda: not list(hall.keys.iterdir()), 10, "the key is destroyed")


async def _share(hall: Hall, who: User) -> tuple[str, Message]:
    """The share that a scrutineer was handed, and the message to confirm it by."""
    handed = await hall.told(who, "share.yours")
    return SHARE.findall(handed.text)[0], handed
