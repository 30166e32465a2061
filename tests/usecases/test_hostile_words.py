"""Whatever is typed or forged, one sentence comes back and nothing breaks. The words are those of the test data."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL

FAILED = ("reference", "référence")


@pytest.fixture
def naughty(test_data: Path) -> list[str]:
    words: list[str] = json.loads((test_data / "08_adversarial" / "naughty_strings.json").read_text(encoding="utf-8"))
    return words


def every(words: list[str], step: int, start: int) -> Iterator[str]:
    """One word in so many: each has its turn in some role, and the tests stay fast."""
    return islice(words, start % step, None, step)


@pytest.fixture
def forged(test_data: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(
        (test_data / "08_adversarial" / "callback_data.json").read_text(encoding="utf-8")
    )
    return cases


def in_order(answers: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """Something was answered, no bug was met, and nothing of the texts is left unfilled."""
    assert answers
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert not any(word in answer for answer in answers for word in FAILED if "(" + word in answer)


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_as_titles(tmp_path: Path, naughty: list[str], language: str, caplog: pytest.LogCaptureFixture) -> None:
    bench = await Bench(tmp_path / "palabre.db", language).start()
    for words in every(naughty, 8, 0 if language == "en" else 4):
        in_order(await bench.say("ana", f"/poll\n{words}\n- Un\n- Deux", bench.salon), caplog)
    for words in every(naughty, 40, 1):
        in_order(await bench.say("ana", f'/poll "{words}" "Un" "Deux" --yes', bench.salon), caplog)
    await bench.close()


async def test_as_options(bench: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    for words in every(naughty, 8, 2):
        in_order(await bench.say("ana", f"/poll Where?\n- {words}\n- Library\n- Park", bench.salon), caplog)


async def test_as_values_of_keys(bench: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    for words in every(naughty, 30, 3):
        for key in ("purpose", "close", "quorum", "rooms", "choices"):
            in_order(await bench.say("ana", f"/poll Where?\n- Café\n- Park\n{key}: {words}", bench.salon), caplog)


async def test_as_answers(poll: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    card = next(one.ref for one in poll.telegram.at(poll.salon) if one.card.buttons and "Library" in one.plain)
    for words in every(naughty, 8, 5):
        in_order(await poll.say("bruno", f"/v 1 {words}", poll.salon), caplog)
        in_order(await poll.say("bruno", words, poll.salon, reply_to=card), caplog)
    assert sum(poll.rows("SELECT count(*) FROM ballot")[0]) <= 1


async def test_in_private(poll: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    for words in every(naughty, 8, 6):
        in_order(await poll.say("bruno", words), caplog)
        in_order(await poll.say("bruno", f"/{words}"), caplog)


async def test_as_commands(poll: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    before = poll.dump("dialogue")
    for words in every(naughty, 40, 7):
        for command in ("status", "extend", "join", "lang", "excuse", "start", "charter"):
            in_order(await poll.say("bruno", f"/{command} {words}", poll.salon), caplog)
    assert poll.dump("dialogue", "voting_right", "right_account") == {
        name: rows for name, rows in before.items() if name not in {"voting_right", "right_account"}
    }


async def test_as_names(bench: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    await bench.say("ana", POLL.replace("--yes", "--secrecy public --yes"), bench.salon)
    for index, words in enumerate(chosen := list(every(naughty, 4, 1))):
        name = f"member{index}"
        bench.telegram.rooms["-100"].members.add(name)
        pressed = bench.pressed(name, Action("v", 1, str(index % 3 + 1)), bench.salon)
        reply = await bench.do(replace(pressed, who=replace(pressed.who, name=words)))
        assert "recorded" in reply.toast
    result = await bench.pass_time(hours=3)
    in_order(result, caplog)
    assert bench.rows("SELECT sum(count) FROM sheet") == [(len(chosen),)]


async def test_as_the_words_of_organisers(poll: Bench, naughty: list[str], caplog: pytest.LogCaptureFixture) -> None:
    for words in every(naughty, 20, 8):
        in_order(await poll.say("ana", f"/setup name: {words}", poll.salon), caplog)
        in_order(await poll.say("ana", f"/setup {words}", poll.salon), caplog)
    usable = next(words for words in naughty if "<script>" in words)
    in_order(await poll.say("ana", f"/cancel 1 {usable}", poll.salon), caplog)
    assert poll.state() == "cancelled"


FORGED = (
    Action("v"), Action("v", 1), Action("v", 1, "-1"), Action("v", 1, "99999"), Action("v", 1, "1,2"),
    Action("v", 0, "1"), Action("v", 10**17, "1"), Action("w", 99), Action("mine", 99), Action("pub", 99),
    Action("edit", 99), Action("drop", 99), Action("charter", 99), Action("tie", 99, "1"), Action("tie", 1, "x"),
    Action("say", 0, "organiser"), Action("in", 99), Action("in", 10**17), Action("delete", 1), Action("V", 1, "1"),
    Action("pub", 1), Action("edit", 1, "title"), None,
)  # fmt: skip


@pytest.mark.parametrize("action", FORGED, ids=str)
@pytest.mark.parametrize("private", [True, False])
async def test_forged_buttons(
    poll: Bench, action: Action | None, private: bool, caplog: pytest.LogCaptureFixture
) -> None:
    before = poll.dump()
    toast = await poll.press("bruno", action, None if private else poll.salon)
    in_order([toast], caplog)
    assert len(toast) <= 200
    same = {"voting_right", "right_account"}  # a member who presses is known to the roll from then on
    assert poll.dump(*same) == {name: rows for name, rows in before.items() if name not in same}


async def test_the_published_forgeries(
    poll: Bench, forged: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    # An adapter may hand over whatever it reads of them: as a verb, as an argument, or nothing at all.
    for case in forged:
        for action in (Action(case["data"]), Action("v", 1, case["data"]), Action("say", 0, case["data"]), None):
            in_order([await poll.press("bruno", action, poll.salon)], caplog)
    assert poll.rows("SELECT * FROM ballot") == []


async def test_a_menu_that_is_no_longer_there(poll: Bench, caplog: pytest.LogCaptureFixture) -> None:
    await poll.say("ana", "/poll", poll.salon)  # asks for a title, in private
    for action in (Action("say", 0, "advice"), Action("in", 1), Action("edit", 1, "close")):
        in_order([await poll.press("ana", action)], caplog)
