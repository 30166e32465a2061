"""An unlinked vote served for real: a kill loses a draft and never a ballot, and the key goes with the vote."""

from __future__ import annotations

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
