"""Bundles of votes that several associations held together: each one's result is counted again too."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import Action
from bot.usecases.bundle import Bundle
from bot.verification import CHECKS
from tests.fakes.bench import Bench
from tests.proofs.test_bundles import BOTH, Check, by_palabre, by_program, forged, mutated, replaced, sealed, wrong
from tests.proofs.test_life import exported, must_hold
from tests.usecases.test_joint import LINDEN, VOTE, code_of, two_associations

RANKED = VOTE.replace('"Yes" "No"', '"Hall" "Fair" "Trip"').replace("--yes", "--ballot ranking --method irv --yes")
HELD: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "told": (VOTE, {"1": (*LINDEN[:5], "ada"), "2": ("emma", "farid", "gus", "hal")}),
    "hidden": (VOTE, {"1": LINDEN[:5], "2": ("emma", "farid")}),
    "public": (VOTE.replace("--yes", "--secrecy public --majority 2/3 --yes"), {"1": ("ana",), "2": ("emma",)}),
    "ranked": (
        RANKED.replace("--yes", "--quorum 50% --tie first --yes"),
        {"1>2": LINDEN[:3], "2>1>3": (*LINDEN[3:5], "ada"), "3>2": ("emma", "farid", "gus", "hal")},
    ),
}
"""What is asked, and who answers what."""


async def _made(path: Path, asked: str, answers: dict[str, tuple[str, ...]]) -> Bundle:
    bench = await two_associations(path)
    await bench.say("ana", asked, bench.salon)
    await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon)
    await bench.press("ada", Action("invyes", 2))
    if "%" in asked:
        for name in LINDEN:  # Telegram doesn't list the members of a group: they register
            await bench.press(name, Action("reg", 2), bench.salon)
    await bench.pass_time(days=3, minutes=1)
    for ballot, names in answers.items():
        for name in names:
            await bench.say(name, f"/v 2 {ballot}")
            await bench.say(name, "yes")
    await bench.pass_time(days=9)
    made = await exported(bench, 2)
    await bench.close()
    return made


@pytest.fixture(scope="session")
def joint(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    """A bundle of each kind of `HELD`."""
    folder = tmp_path_factory.mktemp("joint")
    return {kind: asyncio.run(_made(folder / f"{kind}.db", *held)) for kind, held in HELD.items()}


def told(files: Bundle) -> Any:
    return json.loads(files["organisations.json"])


@pytest.mark.parametrize("kind", HELD)
def test_what_was_exported_holds(joint: dict[str, Bundle], kind: str) -> None:
    must_hold(joint[kind])
    assert [each["name"] for each in told(joint[kind])["organisations"]] == ["Linden", "Oak"]


def test_each_one_s_ballots_and_what_they_give_are_there(joint: dict[str, Bundle]) -> None:
    facts = told(joint["told"])
    linden, oak = facts["organisations"]
    assert (facts["rule"], facts["least"]) == ("groups", 5)
    assert (linden["ballots"], oak["ballots"]) == ({"1": 5}, {"1": 1, "2": 4})
    assert (linden["result"]["winners"], oak["result"]["winners"]) == ([1], [2])
    assert "quorum" not in oak["result"]


def test_hidden_ones_are_named_as_hidden(joint: dict[str, Bundle]) -> None:
    assert told(joint["hidden"])["organisations"] == [
        {"name": "Linden", "ballots": None, "result": None}, {"name": "Oak", "ballots": None, "result": None},
    ]  # fmt: skip


def test_every_ballot_of_a_public_vote_is_told(joint: dict[str, Bundle]) -> None:
    facts = told(joint["public"])
    assert facts["rule"] == "all"
    assert [each["ballots"] for each in facts["organisations"]] == [{"1": 1}, {"2": 1}]


def test_a_changed_byte_anywhere_is_found_by_both(joint: dict[str, Bundle]) -> None:
    files, chance = joint["told"], random.Random(5)
    for name, times in (("organisations.json", 25), ("journal.jsonl", 5), ("disclosure.json", 5), ("result.json", 5)):
        for place in chance.sample(range(len(files[name])), times):
            changed = {**files, name: mutated(files[name], place, chance)}
            for check in (by_program, by_palabre):
                found = check(changed)
                assert (list(found), bool(wrong(found))) == (list(CHECKS), True), (name, place)


def test_what_the_program_finds_wrong_palabre_finds_too(joint: dict[str, Bundle]) -> None:
    """Bytes changed by somebody who makes the manifest again. (Palabre compares more of a count's working.)"""
    files, chance = joint["ranked"], random.Random(11)
    for place in chance.sample(range(len(files["organisations.json"])), 60):
        changed = sealed({**files, "organisations.json": mutated(files["organisations.json"], place, chance)})
        assert wrong(by_program(changed)) <= wrong(by_palabre(changed)), place


def _more(facts: Any) -> None:
    facts["organisations"][0]["ballots"]["1"] = 6


def _win(facts: Any) -> None:
    facts["organisations"][1]["result"]["winners"] = [1]


def _figure(facts: Any) -> None:
    facts["organisations"][1]["result"]["rounds"][0]["tallies"]["1"] = "4"


def _swap(facts: Any) -> None:
    facts["organisations"].reverse()


def _hide(facts: Any) -> None:
    facts["organisations"][0].update(ballots=None, result=None)


def _rename(facts: Any) -> None:
    facts["organisations"][0]["name"] = "Elm"


def _loosen(facts: Any) -> None:
    facts["least"] = 2


@BOTH
@pytest.mark.parametrize("change", [_more, _win, _figure, _swap, _hide, _rename, _loosen])
def test_a_forged_result_does_not_fit(joint: dict[str, Bundle], change: Callable[[Any], None], check: Check) -> None:
    assert wrong(check(forged(joint["told"], "organisations.json", change))) == {"organisations"}


@BOTH
def test_it_can_neither_be_left_out_nor_added(joint: dict[str, Bundle], check: Check) -> None:
    less = {name: data for name, data in joint["told"].items() if name != "organisations.json"}
    assert wrong(check(sealed(less))) == {"organisations"}


@BOTH
def test_a_result_that_would_tell_of_few_is_found_even_if_the_journal_says_so(
    joint: dict[str, Bundle], check: Check
) -> None:
    """A bot that told two voters' ballots would be found by its own bundle."""

    def tell(facts: Any) -> None:
        facts["organisations"][1].update(ballots={"2": 2}, result=None)

    files = forged(joint["hidden"], "organisations.json", tell)
    written = replaced(
        files, "journal.jsonl", '"organisations":[]', '"organisations":[{"ballots":{"2":2},"name":"Oak"}]'
    )
    assert {"organisations", "journal"} <= wrong(check(written))
    question = "organisations.json: rule"
    found = {name: list(what) for name, what in check(written).items()}
    assert question in found["organisations"] or any("Error" in one for one in found["organisations"])


async def test_a_vote_of_one_association_has_no_such_file(tmp_path: Path) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.say("ana", '/poll "Where?" "Here" "There" --close 2h --yes', bench.salon)
    await bench.pass_time(hours=3)
    files = await exported(bench)
    assert "organisations.json" not in files
    more = sealed({**files, "organisations.json": b'{"least":5,"organisations":[],"rule":"groups"}'})
    assert wrong(by_program(more)) == wrong(by_palabre(more)) == {"organisations"}
    await bench.close()
