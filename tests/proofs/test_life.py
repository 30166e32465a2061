"""Bundles of consultations to which something happened: options added, ties decided, debates, opinion maps."""

from __future__ import annotations

import json

import pytest

from bot.usecases.bundle import Bundle, bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.proofs.programs import program
from tests.usecases.conftest import bench
from tests.usecases.debate.conftest import debate, debating
from tests.usecases.opinions.conftest import MATRIX_PEOPLE, TELEGRAM_PEOPLE, Opinions, hall, language, opinions

__all__ = ["bench", "debate", "debating", "hall", "language", "opinions"]  # fixtures


async def exported(bench: Bench, number: int = 1) -> Bundle:
    return await bundle_of(bench.store, NoPencil(), NoPress(), number)


def must_hold(files: Bundle) -> None:
    assert {name: what for name, what in verify(files).wrong.items() if what} == {}
    assert {name: what for name, what in program("verify.py")["verify"](files).items() if what} == {}


async def test_a_tie_decided_since_is_part_of_the_result(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Here" "There" --close 2h --yes', bench.salon)
    await bench.vote("bruno", 1, 1)
    await bench.vote("chloe", 1, 2)
    await bench.pass_time(hours=3)
    tied = await exported(bench)
    must_hold(tied)
    assert json.loads(tied["result.json"])["verdict"] == "tied"
    await bench.say("ana", "2")
    await bench.say("ana", "it is nearer")
    decided = await exported(bench)
    must_hold(decided)
    facts = json.loads(decided["result.json"])
    assert (facts["verdict"], facts["winners"], facts["tie_broken"]) == ("won", [2], "organiser")
    assert json.loads(decided["consultation.json"])["tie_choices"] == [2]


async def test_an_option_that_voters_added_is_told_apart_from_the_frozen_ones(bench: Bench) -> None:
    asked = '/poll "Where?" "Here" "There" --close 2h --add_options yes --moderation after --yes'
    await bench.say("ana", asked, bench.salon)
    await bench.say("chloe", "/add 1 On the roof")
    await bench.vote("bruno", 1, 3)
    await bench.pass_time(hours=3)
    files = await exported(bench)
    must_hold(files)
    facts = json.loads(files["consultation.json"])
    assert [option["number"] for option in facts["definition"]["options"]] == [1, 2]
    assert [(option["number"], option["text"]) for option in facts["added_options"]] == [(3, "On the roof")]
    assert json.loads(files["result.json"])["winners"] == [3]


async def test_a_debate_holds(debate: Bench) -> None:
    await debate.say("bruno", "/for We are sixty people", debate.salon)
    await debate.pass_time(days=5)
    must_hold(await exported(debate))


async def test_an_opinion_map_holds_and_a_forged_answer_does_not(opinions: Opinions) -> None:
    ones, others = "aadddapa", "addaadda"
    await opinions.answers(dict.fromkeys(TELEGRAM_PEOPLE, ones) | dict.fromkeys(MATRIX_PEOPLE, others))
    await opinions.pass_time(days=3)
    files = await exported(opinions)
    must_hold(files)
    forged = {**files, "votes.csv": files["votes.csv"].replace(b",agree", b",disagree", 1)}
    assert forged != files
    for wrong in (verify(forged).wrong, program("verify.py")["verify"](forged)):
        assert {name for name, what in wrong.items() if list(what)} == {"files", "answers"}


@pytest.mark.parametrize("secrecy", ["public", "confidential"])
async def test_nobody_is_named_whatever_the_secrecy(bench: Bench, secrecy: str) -> None:
    await bench.say("ana", f'/poll "Where?" "Here" "There" --close 2h --secrecy {secrecy} --yes', bench.salon)
    await bench.vote("bruno", 1, 1)
    await bench.pass_time(hours=3)
    files = await exported(bench)
    must_hold(files)
    assert b"bruno" not in b"".join(files.values()).lower()
