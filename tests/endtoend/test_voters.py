"""Who may vote in a group, who may not, and what becomes of a ballot that is repeated, changed, withdrawn, edited."""

from __future__ import annotations

from tests.botapi.rights import USUAL_RIGHTS
from tests.endtoend.hall import PATIENCE, Hall, counted

APPROVAL = '/poll "Which films?" "Alien" "Brazil" "Casablanca" --ballot approval --choices 1-2 --close 1d --yes'


async def test_members_seen_or_not_may_vote_and_late_joiners_may_not(hall: Hall) -> None:
    await hall.api.promote(hall.api.me, hall.room, hall.ana, rights=USUAL_RIGHTS)
    late, never_here = hall.user("Dora"), hall.user("Emil")
    card = await hall.poll()
    assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
    await hall.api.join(late, hall.room)
    refused = await hall.press(late, card, "Café")
    assert "after the opening" in refused
    assert "/contest 1" in refused
    assert "only members" in await hall.press(never_here, card, "Café")
    # Whoever leaves keeps their voice, in private too.
    await hall.meet(hall.bruno)
    await hall.api.leave(hall.bruno, hall.room)
    await hall.say(hall.bruno, "/v 1 2", hall.bruno)
    await hall.see(hall.bruno, "Changed: Library")
    assert counted(await hall.close_early()) == {"Café": 0, "Library": 1}


async def test_anonymous_admins_vote_by_button_and_command_under_their_own_name_only(hall: Hall) -> None:
    await hall.api.hide_name(hall.ana, hall.room)
    await hall.say(hall.ana, '/poll "Where?" "Café" "Library" --close 2d --yes')
    await hall.heard("refusal.speaker-anonymous-admin")
    assert not hall.disclosures()

    await hall.api.hide_name(hall.ana, hall.room, hidden=False)
    card = await hall.poll()
    await hall.api.hide_name(hall.ana, hall.room)
    said = len(hall.room.messages)
    assert "Recorded: Library" in await hall.press(hall.ana, card, "Library")
    await hall.api.reply(hall.ana, card, "1")
    await hall.heard("refusal.speaker-anonymous-admin", after=card)
    await hall.shown(card, {"Café": 0, "Library": 1})
    assert not [m for m in list(hall.room.messages.values())[said:] if "Ana" in m.text]


async def test_channels_and_bots_can_neither_vote_nor_command(hall: Hall) -> None:
    channel = hall.api.channel("The other channel")
    await hall.say(hall.bruno, '/poll "Mine?" "Yes" "No" --close 2d --yes', as_chat=channel)
    await hall.heard("refusal.speaker-channel")
    card = await hall.poll()
    await hall.api.reply(hall.bruno, card, "1", as_chat=channel)
    await hall.heard("refusal.speaker-channel", after=card)
    robot = hall.api.user("Robot", is_bot=True)
    hall.seat(robot, hall.room)
    assert "Recorded" not in await hall.press(robot, card, "Café")
    assert counted(await hall.close_early()) == {"Café": 0, "Library": 0}


async def test_forged_and_foreign_buttons_have_no_authority(hall: Hall) -> None:
    card = await hall.poll()
    for data in ("1|v|1|99", "1|v|99|1", "1|sure|1|close", "1|pub|1|", "x", "1|v|1|²", "1|close|1|", "1|drop|1|"):
        assert "Recorded" not in await hall.press(hall.bruno, card, data, forged=True)
    assert "Recorded: Café" in await hall.press(hall.bruno, card, "1|v|1|1", forged=True, inaccessible=True)
    await hall.shown(card, {"Café": 1, "Library": 0})


async def test_approval_buttons_toggle_and_replays_change_nothing(hall: Hall) -> None:
    card = await hall.poll(APPROVAL)
    assert "Alien" in await hall.press(hall.bruno, card, "Alien")
    assert "Alien, Casablanca" in await hall.press(hall.bruno, card, "Casablanca")
    assert "2 options at most" in await hall.press(hall.bruno, card, "Brazil")
    pressed = [update for update in hall.api.updates if "callback_query" in update]
    hall.api.redeliver(pressed, fresh_id=True)
    await hall.quiet()
    await hall.shown(card, {"Alien": 1, "Brazil": 0, "Casablanca": 1})

    hall.api.duplicate()
    await hall.press(hall.bruno, card, "Alien")
    await hall.api.reply(hall.chloe, card, "1, 3")
    await hall.see(hall.room, "Chloé: Recorded: Alien, Casablanca")
    await hall.quiet()
    await hall.shown(card, {"Alien": 1, "Brazil": 0, "Casablanca": 2})
    hall.api.duplicate(on=False)

    assert "Your ballot: Casablanca" in await hall.press(hall.bruno, card, "My ballot")
    result = await hall.close_early()
    assert counted(result) == {"Alien": 1, "Brazil": 0, "Casablanca": 2}
    assert len(hall.results()) == 1


async def test_ballots_are_withdrawn_by_button_and_by_text_and_do_not_follow_edits(hall: Hall) -> None:
    await hall.meet(hall.bruno)
    card = await hall.poll()
    await hall.press(hall.bruno, card, "Café")
    assert "Your ballot: Café" in await hall.press(hall.bruno, card, "My ballot")
    withdraw = hall.words("button.withdraw")
    mine = await hall.api.message_in(hall.bruno, timeout=PATIENCE, button=withdraw)
    assert "ithdrawn" in await hall.press(hall.bruno, mine, withdraw)
    assert hall.words("mine.none") in await hall.press(hall.bruno, card, "My ballot")

    typed = await hall.api.reply(hall.chloe, card, "1")
    await hall.see(hall.room, "Chloé: Recorded: Café")
    await hall.api.edit_message(typed, "2")
    await hall.heard("edited.changes-nothing")
    await hall.shown(card, {"Café": 1, "Library": 0})
    await hall.say(hall.chloe, "/v 1 -")
    await hall.see(hall.room, "Chloé: Withdrawn")
    await hall.press(hall.bruno, card, "Library")
    await hall.say(hall.bruno, "/mine", hall.bruno)
    await hall.see(hall.bruno, "No. 1, Where?: Library")
    assert counted(await hall.close_early()) == {"Café": 0, "Library": 1}


async def test_a_public_result_never_prints_the_name_of_an_anonymous_admin(hall: Hall) -> None:
    await hall.api.promote(hall.chloe, hall.room, by=hall.ana, anonymous=True)
    card = await hall.poll('/poll "Who chairs?" "Dina" "Elie" --secrecy public --close 2d --yes')
    await hall.press(hall.bruno, card, "Dina")
    await hall.press(hall.chloe, card, "Elie")
    result = await hall.close_early()
    assert "Bruno" in result.text
    assert "Chloé" not in result.text
    assert hall.words("result.no-name") in result.text
