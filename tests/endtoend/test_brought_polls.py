"""Telegram's own polls brought to the bot: each becomes a draft, shown and confirmed as usual; a quiz does not."""

from __future__ import annotations

from tests.endtoend.hall import PATIENCE, Hall, counted


async def test_a_poll_sent_in_private_becomes_a_draft_with_its_question_and_options(hall: Hall) -> None:
    await hall.meet(hall.ana)
    await hall.say(hall.ana, "/list")  # seen in the room: that is where her draft belongs
    await hall.quiet()
    await hall.api.send_poll(hall.ana, hall.ana, "Where do we meet?", ["Café", "<b>Library</b>"])
    publish = hall.words("button.publish")
    asked = await hall.api.message_in(hall.ana, timeout=PATIENCE, button=publish)
    assert any("2. <b>Library</b>" in message.text for message in hall.api.messages_in(hall.ana))
    assert not hall.disclosures()
    await hall.press(hall.ana, asked, publish)
    card = await hall.card()
    assert "Where do we meet?" in card.text
    assert counted(card) == {"Café": 0, "<b>Library</b>": 0}


async def test_replying_poll_to_one_in_the_group_takes_it_up_with_the_settings_typed(hall: Hall) -> None:
    native = await hall.api.send_poll(hall.bruno, hall.room, "Which evenings?", ["Monday", "Friday"], several=True)
    await hall.api.reply(hall.ana, native, "/poll --close 3h --yes")
    card = await hall.card()
    await hall.press(hall.bruno, card, "Monday")
    await hall.press(hall.bruno, card, "Friday")
    await hall.shown(card, {"Monday": 1, "Friday": 1})


async def test_a_members_reply_makes_a_proposal(hall: Hall) -> None:
    native = await hall.api.send_poll(hall.chloe, hall.room, "Which evening?", ["Monday", "Friday"])
    await hall.api.reply(hall.bruno, native, "/poll")
    proposal = await hall.api.message_in(hall.room, "Bruno", timeout=PATIENCE, button=hall.words("button.publish"))
    assert "Which evening?" in proposal.text
    assert not hall.disclosures()


async def test_a_quiz_is_refused_with_one_sentence(hall: Hall) -> None:
    await hall.meet(hall.ana)
    await hall.say(hall.ana, "/list")
    await hall.quiet()
    await hall.api.send_poll(hall.ana, hall.ana, "2 + 2?", ["3", "4"], quiz=True)
    await hall.told(hall.ana, "refusal.poll-is-quiz")
    native = await hall.api.send_poll(hall.bruno, hall.room, "3 + 3?", ["6", "7"], quiz=True)
    first = await hall.told(hall.ana, "refusal.poll-is-quiz")
    await hall.api.reply(hall.ana, native, "/poll")
    await hall.told(hall.ana, "refusal.poll-is-quiz", after=first)
    assert not any(message.buttons for message in hall.api.messages_in(hall.ana))


async def test_what_no_title_can_be_is_refused_as_if_it_had_been_typed(hall: Hall) -> None:
    await hall.meet(hall.ana)
    await hall.say(hall.ana, "/list")
    await hall.quiet()
    await hall.api.send_poll(hall.ana, hall.ana, "x" * 300, ["A", "B"])
    await hall.told(hall.ana, "refusal.title-too-long")
    await hall.api.send_poll(hall.ana, hall.ana, "Only one?", ["A"])
    await hall.told(hall.ana, "refusal.too-few-options")
