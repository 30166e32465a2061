"""One debate in a Telegram group and a Matrix room: what is said in one stands in the other, with the same number."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.endtoend.meeting import hears
from tests.endtoend.two_rooms import standing, two_rooms
from tests.servers.synapse import Homeserver

HOUR = timedelta(hours=1, minutes=1)


def lines(text: str) -> list[str]:
    """The lines of a message, whatever the platform's sign of a command, its gaps and its joiners."""
    plain = text.replace("\u2060", "").replace("!", "/")
    return [line.strip() for line in plain.splitlines() if line.strip()]


async def test_a_debate_begun_in_matrix(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path) as both:
        hall, ana, bruno, room = both.hall, both.meeting.ana, both.bruno, both.room
        debate = '!debate "A shared room?" --phases "arguments 1d, conclusion 1d"'
        await ana.says(room, f'{debate} --rooms "Agora, {hall.room.id}" --yes')
        card = await hears(bruno, "A shared room?", "Phase 1 of 2")
        await hall.see(hall.room, "Phase 1 of 2: arguments")

        await hall.say(hall.chloe, "/for Two clubs look for one too")
        await both.chloe_accepts("answer yes", "yes", "#1 is published")
        assert "For (1)" in await both.shown("#1 “Two clubs look for one too” (Chloé)")
        await bruno.says(room, "- 400 euros a month", reply_to=card.event_id)
        await both.bruno_accepts("answer yes", "yes", "#2 is published")
        there = await hall.see(hall.room, "#2 “400 euros a month”")
        assert "Against (1)" in there.text
        await bruno.says(both.chat, "!support 1")
        await hears(bruno, "You support #1")
        await hall.api.wait(lambda: "supported by 1" in there.text, 30, "the support on the Telegram card")
        await bruno.says(both.chat, "!rate 1 4")
        await hears(bruno, "#1, 4 of 5")
        await hall.say(hall.chloe, "/support 2", hall.chloe)
        await hall.see(hall.chloe, "You support #2")
        await both.shown("Phase 1 of 2", "#2 “400 euros a month”", "supported by 1")

        await both.let_pass(HOUR)
        digest = await hall.see(hall.room, "New in the debate")
        for words in ("#1 “Two clubs look for one too”", "#2 “400 euros a month”"):
            assert words in digest.text
            assert words in await both.shown("New in the debate")

        await ana.says(room, "!hide 2 personal attack: about the landlord")
        await hears(bruno, "was hidden by moderation", "about the landlord")
        await hall.api.wait(
            lambda: not hall.api.messages_in(hall.room, "400 euros"), 30, "hidden everywhere in Telegram"
        )
        for told in ("Against (", "New in the debate"):
            await both.shown(told, without="400 euros")
        await hall.say(hall.chloe, "/arguments 2", hall.chloe)
        await hall.see(hall.chloe, "hidden by moderation: personal attack")

        await ana.says(room, "!phase next")
        notice = await hall.see(hall.room, "Time to conclude")
        assert "Phase 2 of 2: conclusion" in notice.text
        await both.shown("Time to conclude")
        await ana.says(room, "!close 1")
        result = await hall.see(hall.room, "Result · A shared room?")
        assert lines(result.text) == lines(await both.shown("Result · A shared room?"))
        assert "2 contributions received = 1 published + 0 withdrawn + 1 hidden" in result.text
        for words in ("Result · ", "Time to conclude", "New in the debate"):
            assert len(hall.api.messages_in(hall.room, words)) == 1
            assert sum(words in text for text in standing(bruno)) == 1


async def test_un_debat_en_francais(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path, "fr") as both:
        hall, ana, bruno, room = both.hall, both.meeting.ana, both.bruno, both.room
        debate = '!debat "Un local partagé ?" --etapes "arguments 1j, conclusion 1j"'
        await ana.says(room, f'{debate} --salons "Agora, {hall.room.id}" --oui')
        card = await hall.see(hall.room, "Étape 1 sur 2 : arguments")
        await both.shown("Un local partagé ?", "Étape 1 sur 2 : arguments")

        await bruno.says(room, "!pour Deux associations cherchent aussi")
        await both.bruno_accepts("répondez oui", "oui", "#1 est publié")
        await hall.api.wait(lambda: "#1 « Deux associations cherchent aussi" in card.text, 30, "#1 in Telegram")
        await hall.api.reply(hall.chloe, card, "- 400 euros par mois")
        await both.chloe_accepts("répondez oui", "oui", "#2 est publié")
        await both.shown("Contre (1)", "#2 « 400 euros par mois")
        await hall.say(hall.chloe, "/soutenir 1", hall.chloe)
        await hall.see(hall.chloe, "Vous soutenez #1")
        await both.shown("#1", "soutenu par 1")
        await bruno.says(both.chat, "!noter 2 5")
        await hears(bruno, "#2, 5 sur 5")

        await ana.says(room, "!masquer 1 hors sujet")
        await hears(bruno, "a été masquée par la modération", "hors sujet")
        await hall.api.wait(lambda: "Deux associations" not in card.text, 30, "#1 hidden in Telegram")
        await both.shown("Pour (0)", without="Deux associations")
        await ana.says(room, "!phase suivante")
        await hall.see(hall.room, "Étape 2 sur 2 : conclusion")
        await both.shown("Étape 2 sur 2 : conclusion")

        await both.let_pass(timedelta(days=2))
        result = await hall.see(hall.room, "Résultat · Un local partagé ?")
        assert lines(result.text) == lines(await both.shown("Résultat · Un local partagé ?"))
        assert "reçues (2) = publiées (1) + retirées (0) + masquées par la modération (1)" in result.text
        assert len(hall.api.messages_in(hall.room, "Résultat · ")) == 1
        assert sum("Résultat · " in text for text in standing(bruno)) == 1
