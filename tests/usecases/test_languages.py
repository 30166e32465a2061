"""The room's language for the room, a person's own for what is said to them alone."""

from __future__ import annotations

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL


async def test_a_person_s_own_language_is_for_their_private_answers_only(poll: Bench) -> None:
    assert "français" in (await poll.say("bruno", "/lang fr"))[0]
    assert "C'est noté" in await poll.vote("bruno", 1, 1)
    assert "Recorded" in await poll.vote("chloe", 1, 1)
    assert (await poll.say("bruno", "/status 1", poll.salon))[0].startswith("Where?")
    assert "Closes" in (await poll.say("bruno", "/status 1", poll.salon))[0]
    assert "Mes votes" in (await poll.say("bruno", "/mine"))[0]


async def test_refusals_and_toasts_follow_it_too(poll: Bench) -> None:
    await poll.say("bruno", "/lang fr")
    assert "Ce bouton ne marche plus" in await poll.press("bruno", None, poll.salon)
    assert "Ce bouton ne marche plus" in await poll.press("bruno", Action("nonsense"), poll.salon)
    assert "réservé" in (await poll.say("bruno", "/cancel 1 parce que", poll.salon))[0]


async def test_it_can_be_changed_back_and_survives_a_restart(poll: Bench) -> None:
    await poll.say("bruno", "/lang fr")
    poll.app = poll.assembled()
    await poll.app.start()
    assert "C'est noté" in await poll.vote("bruno", 1, 1)
    await poll.say("bruno", "/lang en")
    assert "instead of" in await poll.vote("bruno", 1, 2)


async def test_an_organiser_sets_the_language_of_the_room(bench: Bench) -> None:
    assert "français" in (await bench.say("ana", "/lang fr", bench.salon))[0]
    posted = await bench.say("ana", POLL, bench.salon)
    assert any("Avant de voter" in one for one in posted)
    assert any("Clôture" in one for one in posted)


async def test_a_consultation_speaks_the_language_it_was_made_in(bench: Bench) -> None:
    await bench.say("ana", POLL.replace("--yes", "--lang fr --rooms Salon,Hall --yes"), bench.salon)
    await bench.vote("bruno", 1, 1)
    await bench.pass_time(hours=3)
    for platform, room in ((bench.telegram, bench.salon), (bench.matrix, bench.hall)):
        assert any(one.plain.startswith("Résultat") for one in platform.at(room))


async def test_french_and_english_commands_both_work_in_any_room(poll: Bench) -> None:
    assert "Where?" in (await poll.say("bruno", "/état 1", poll.salon))[0]
    assert "Where?" in (await poll.say("bruno", "/ETAT 1", poll.salon))[0]
    assert "Recorded" in (await poll.say("bruno", "/voter 1 Library", poll.salon))[0]
