"""The ways to create a consultation in a group: a list, a guided dialogue, a member's proposal, a first time."""

from __future__ import annotations

from pathlib import Path

from tests.endtoend.hall import PATIENCE, POLL, Hall, counted

SCRUTIN = """/scrutin Quel projet financer ?
- Un local partagé
- Un festival
objet: choisir le projet de l'année
portee: avis
fermeture: 2j
confidentialite: confidentiel
oui"""


async def test_a_formal_vote_in_list_form_keeps_choices_out_of_the_room(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database, language="fr") as hall:
        await hall.start()
        card = await hall.poll(SCRUTIN)
        assert counted(card) == {}
        assert "acceptez" not in card.text

        assert "accepter les règles" in await hall.press(hall.bruno, card, "Un festival")
        assert "C'est noté : Un festival" in await hall.press(hall.bruno, card, "Un festival")

        await hall.api.reply(hall.chloe, card, "2")
        await hall.heard("refusal.seen-by-the-room")
        await hall.meet(hall.chloe)
        await hall.say(hall.chloe, "/v 1 2", hall.chloe)
        await hall.see(hall.chloe, "oui")
        await hall.say(hall.chloe, "oui", hall.chloe)
        await hall.see(hall.chloe, "C'est noté : Un festival")

        await hall.say(hall.bruno, "/etat 1")
        assert counted(await hall.see(hall.room, "2 votants")) == {}
        result = await hall.close_early()
        assert counted(result) == {"Un local partagé": 0, "Un festival": 2}
        assert not [m for m in hall.api.messages_in(hall.room) if "Bruno" in m.text]


async def test_a_ballot_typed_in_the_room_for_a_confidential_vote_is_led_to_a_paper_in_private(hall: Hall) -> None:
    await hall.meet(hall.bruno)
    card = await hall.poll(
        '/vote "Adopt the budget?" "For" "Against" --purpose budget --binding advice --close 2d --yes'
    )
    await hall.say(hall.bruno, "/v 1 1")
    paper = await hall.told(hall.bruno, "paper.until", button="For")
    assert "accept the rules" in await hall.press(hall.bruno, paper, "For")
    assert "Recorded: For" in await hall.press(hall.bruno, paper, "For")
    await hall.say(hall.bruno, "2", hall.bruno)
    await hall.see(hall.bruno, "Changed: Against instead of For")
    assert "Your ballot: Against" in await hall.press(hall.bruno, card, "My ballot")
    assert counted(await hall.close_early()) == {"For": 0, "Against": 1}


async def test_the_guided_dialogue_goes_on_in_private_and_ends_with_a_preview(hall: Hall) -> None:
    publish, change = hall.words("button.publish"), hall.words("button.change")
    await hall.say(hall.ana, "/poll")
    door = await hall.api.message_in(hall.room, timeout=PATIENCE, button=hall.words("button.continue-in-private"))
    await hall.api.follow(hall.ana, door, hall.words("button.continue-in-private"))
    await hall.told(hall.ana, "guide.ask.title")
    await hall.say(hall.ana, "Where do we meet?", hall.ana)
    await hall.told(hall.ana, "guide.ask.options")
    await hall.say(hall.ana, "Café\nLibrary\nPark", hall.ana)
    until = await hall.told(hall.ana, "guide.ask.close")
    await hall.press(hall.ana, until, hall.words("guide.close.2d"))
    asked = await hall.api.message_in(hall.ana, timeout=PATIENCE, button=publish)
    shown = hall.api.messages_in(hall.ana)
    assert any(hall.words("charter.card.title") in m.text for m in shown)
    assert any("3. Park" in m.text for m in shown)
    assert not hall.disclosures()

    await hall.press(hall.ana, asked, change)
    what = await hall.told(hall.ana, "guide.what-to-change")
    await hall.press(hall.ana, what, hall.words("guide.change.options"))
    await hall.told(hall.ana, "guide.ask.options", after=what)
    await hall.say(hall.ana, "Café, Library", hall.ana)
    again = await hall.api.message_in(hall.ana, timeout=PATIENCE, button=publish, after=what)
    await hall.press(hall.ana, again, publish)
    card = await hall.card()
    assert counted(card) == {"Café": 0, "Library": 0}
    await hall.press(hall.ana, again, publish)
    assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
    assert len(hall.disclosures()) == 1


async def test_a_members_proposal_waits_for_an_organisers_button(hall: Hall) -> None:
    await hall.say(hall.bruno, POLL)
    publish = hall.words("button.publish")
    proposal = await hall.api.message_in(hall.room, "Bruno", timeout=PATIENCE, button=publish)
    assert hall.words("refusal.organisers-only") in await hall.press(hall.chloe, proposal, publish)
    assert not hall.disclosures()
    await hall.press(hall.ana, proposal, publish)
    card = await hall.card()
    assert "Recorded: Café" in await hall.press(hall.chloe, card, "Café")


async def test_the_first_time_in_a_group_asks_three_things_then_goes_on(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database, bound=False) as hall:
        await hall.start()
        await hall.meet(hall.ana)
        await hall.say(hall.ana, POLL)
        await hall.told(hall.ana, "setup.first-time")
        for answer in ("The Linden Friends", "board@example.org", "the board, 15 days"):
            await hall.quiet()
            await hall.say(hall.ana, answer, hall.ana)
        card = await hall.card()
        assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
        assert "The Linden Friends" in hall.disclosures()[0].text


async def test_menus_and_deep_links_lead_to_what_they_name(hall: Hall) -> None:
    await hall.api.wait(lambda: len(hall.api.calls_of("setMyCommands")) >= 9, PATIENCE, "the menus")
    everyone = dict(hall.api.commands("all_group_chats"))
    organisers = dict(hall.api.commands("all_chat_administrators", "fr"))
    assert everyone == dict(hall.api.commands("all_group_chats", "en"))
    assert {"poll", "vote", "v", "status", "mine"} <= set(everyone)
    assert not {"close", "setup", "start", "petition"} & set(everyone)
    assert {"sondage", "clore", "configurer", "resultats"} <= set(organisers)
    assert "join" not in dict(hall.api.commands("all_private_chats", "en"))

    card = await hall.poll()
    await hall.press(hall.bruno, card, "Café")
    await hall.api.start(hall.bruno, "v-1")
    await hall.told(hall.bruno, "paper.until", button="Library")
    await hall.api.start(hall.bruno, "c-1")
    await hall.see(hall.bruno, "TRA-01")
    await hall.api.start(hall.chloe, "v-99")
    await hall.see(hall.chloe, "99")
    await hall.api.start(hall.chloe, "nonsense_" + "x" * 40)
    await hall.told(hall.chloe, "hello.private")
    shown = len(hall.api.messages_in(hall.bruno, "TRA-01"))
    await hall.press(hall.bruno, hall.disclosures()[0], hall.words("charter.card.read-all"))
    await hall.api.wait(lambda: len(hall.api.messages_in(hall.bruno, "TRA-01")) > shown, PATIENCE, "the whole charter")
