"""A quorum that is a share of a group Telegram can't list: members register before the opening, and only they vote."""

from __future__ import annotations

from datetime import timedelta

from tests.endtoend.hall import Hall

VOTE = (
    '/vote "Adopt?" "For" "Against" --purpose "the budget" --binding advice --quorum 50% --majority simple '
    "--open {opens} --close 2d --yes"
)


async def test_members_register_and_then_they_are_the_roll(hall: Hall) -> None:
    await hall.say(hall.ana, VOTE.format(opens='"in 20 minutes"'))
    disclosure = await hall.heard("charter.card.title")
    register = hall.words("button.register")
    assert hall.words("vote.registered") in await hall.press(hall.bruno, disclosure, register)
    assert hall.words("vote.registered") in await hall.press(hall.ana, disclosure, register)
    await hall.quiet()
    await hall.kill()
    hall.let_pass(timedelta(minutes=21))
    await hall.start()
    card = await hall.card()
    assert "1 of 2" in card.text or "Quorum 1 of 2" in card.text
    assert hall.words("refusal.not-registered") in await hall.press(hall.chloe, card, "For")
    await hall.press(hall.bruno, card, "For")
    assert "ecorded" in await hall.press(hall.bruno, card, "For")


async def test_without_time_to_register_a_share_is_refused(hall: Hall) -> None:
    await hall.meet(hall.ana)
    await hall.say(hall.ana, VOTE.format(opens="now"))
    await hall.told(hall.ana, "refusal.quorum-needs-a-known-roll")
    await hall.quiet()
    assert hall.disclosures() == []
