"""Presets kept by an association: who may keep them, whose they are, how many there may be."""

from __future__ import annotations

from bot.domain.consultation import Kind
from bot.domain.templates import MOST_TEMPLATES, Template
from tests.fakes.bench import Bench

SAVE = "/template save assembly vote --binding advice --close 2h --quorum 2"
USE = '/vote "Which project?" "Hall" "Festival" --purpose x --template assembly --yes'


async def test_a_preset_kept_in_one_room_serves_in_the_others_of_the_association(bench: Bench) -> None:
    assert "is kept" in (await bench.say("ana", SAVE, bench.salon))[0]
    await bench.say("ada", USE, bench.hall)
    assert bench.state() == "open"
    (definition,) = bench.rows("SELECT definition FROM consultation")
    assert '"quorum":{"count":2' in definition[0].replace(" ", "")


async def test_another_association_knows_nothing_of_it(bench: Bench) -> None:
    club = bench.telegram.room("-200", "Club", "hugo", admins="iris")
    await bench.say("ana", SAVE, bench.salon)
    assert "no template “assembly”" in (await bench.say("iris", USE, club))[0]
    listed = await bench.say("iris", "/template", club)
    assert "resolution" in listed[0]
    assert "assembly" not in listed[0]


async def test_only_those_who_run_every_room_change_what_all_share(bench: Bench) -> None:
    await bench.say("ana", SAVE, bench.salon)
    before = bench.dump()
    for who, room in (("bruno", bench.salon), ("ada", bench.hall)):
        for text in (SAVE.replace("2h", "3h"), "/template drop assembly"):
            assert "administer" in (await bench.say(who, text, room))[0]
    assert bench.dump("event_key")["template"] == before["template"]
    assert "assembly" in (await bench.say("bruno", "/template", bench.salon))[0]


async def test_a_draft_keeps_what_the_preset_said_when_it_was_used(bench: Bench) -> None:
    await bench.say("ana", SAVE, bench.salon)
    await bench.say("ana", USE.replace(" --yes", ""), bench.salon)
    await bench.say("ana", "/template drop assembly", bench.salon)
    await bench.say("ana", "/open 1")
    assert bench.state() == "open"


async def test_there_is_an_end_to_presets_but_each_can_still_be_replaced(bench: Bench) -> None:
    await bench.say("ana", SAVE, bench.salon)
    (number,) = bench.rows("SELECT organisation FROM template")[0]

    def fill(tx: object) -> None:
        for index in range(MOST_TEMPLATES - 1):
            tx.keep_template(number, Template(f"t{index}", Kind.VOTE, {}))  # type: ignore[attr-defined]

    await bench.store.write(fill)
    assert "the most there can be" in (await bench.say("ana", "/template save more", bench.salon))[0]
    assert "is kept" in (await bench.say("ana", "/template save assembly", bench.salon))[0]


async def test_in_private_the_association_must_be_the_only_one(bench: Bench) -> None:
    assert "board" in (await bench.say("ana", "/template"))[0]
    bench.telegram.room("-200", "Club", "ana", admins="iris")
    await bench.meet_everyone()
    assert "in the group concerned" in (await bench.say("ana", "/template"))[0]
