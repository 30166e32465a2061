"""An answer in a poll of the platform's own that is taken back: the last one left in the poll counts, or none; and what
the voter did since stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.ports import Edited, Said, TypedAnswer
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL

ROOM_POLL = "$poll"


@dataclass
class Hall:
    """Emma answers the poll in the hall, and takes answers back; what stands in the poll, the platform knows."""

    bench: Bench
    standing: list[TypedAnswer] = field(default_factory=list)

    async def answers(self, text: str, *, number: int = 1) -> str:
        """Answer so; the key of the answer."""
        said = replace(self.bench.said("emma", f"/v {number} {text}", self.bench.hall), in_poll=ROOM_POLL)
        self.stands([TypedAnswer(said.key, text), *self.standing])
        await self.bench.do(said)
        return said.key

    async def takes_back(self, key: str) -> list[str]:
        """Take this answer back; what the bot says."""
        self.stands([each for each in self.standing if each.key != key])
        before = self.bench.count()
        await self.bench.do(self.redaction(key))
        return [one.plain for one in self.bench.since(before)]

    def redaction(self, key: str) -> Edited:
        said: Said = self.bench.said("emma", "", self.bench.hall)
        return Edited(said.key, said.at, said.who, said.room, key)

    def stands(self, answers: list[TypedAnswer]) -> None:
        self.standing = answers
        emma = self.bench.matrix.who("emma").account
        self.bench.matrix.polls[self.bench.hall, ROOM_POLL, emma] = tuple(answers)

    @property
    def ballots(self) -> list[str]:
        return [choice for (choice,) in self.bench.rows("SELECT choice FROM ballot")]


@pytest.fixture
async def hall(bench: Bench) -> Hall:
    """… with an open public poll in the hall."""
    await bench.say("ada", f"{POLL} --secrecy public", bench.hall)
    assert bench.state() == "open"
    return Hall(bench)


async def test_the_answer_before_counts_again_and_then_none(hall: Hall) -> None:
    first, second = await hall.answers("1"), await hall.answers("2")
    assert hall.ballots == ["2"]
    assert any("Café" in words for words in await hall.takes_back(second))
    assert hall.ballots == ["1"]
    assert any("Withdrawn" in words for words in await hall.takes_back(first))
    assert hall.ballots == []


async def test_an_older_answer_taken_back_changes_nothing(hall: Hall) -> None:
    first, _ = await hall.answers("1"), await hall.answers("2")
    assert any("does not change your ballot" in words for words in await hall.takes_back(first))
    assert hall.ballots == ["2"]


async def test_answering_the_same_again_makes_the_new_answer_the_one_that_stands(hall: Hall) -> None:
    first, second = await hall.answers("1"), await hall.answers("1")
    await hall.takes_back(first)
    assert hall.ballots == ["1"]
    await hall.takes_back(second)
    assert hall.ballots == []


@pytest.mark.parametrize("typed", ["3", "1", "-"])
async def test_what_was_typed_since_stands(hall: Hall, typed: str) -> None:
    key = await hall.answers("1")
    await hall.bench.say("emma", f"/v 1 {typed}", hall.bench.hall)
    before = hall.ballots
    await hall.takes_back(key)
    assert hall.ballots == before == ([] if typed == "-" else [typed])


async def test_an_emptied_answer_taken_back_brings_back_the_one_before(hall: Hall) -> None:
    _, emptied = await hall.answers("1"), await hall.answers("-")
    assert hall.ballots == []
    await hall.takes_back(emptied)
    assert hall.ballots == ["1"]


async def test_an_emptied_answer_that_is_left_leaves_no_ballot(hall: Hall) -> None:
    for text in ("1", "-"):
        await hall.answers(text)
    await hall.takes_back(await hall.answers("2"))
    assert hall.ballots == []


async def test_an_answer_that_our_rules_refused_is_passed_over(bench: Bench) -> None:
    await bench.say("ada", f"{POLL} --secrecy public --ballot approval --choices 2-3", bench.hall)
    hall = Hall(bench)
    for text in ("1, 2", "3"):
        await hall.answers(text)
    assert hall.ballots == ["1,2"]
    await hall.takes_back(await hall.answers("2, 3"))
    assert hall.ballots == ["1,2"]


async def test_after_the_closing_nothing_changes(hall: Hall) -> None:
    key = await hall.answers("1")
    hall.bench.clock.move(hall.bench.clock.now().replace(hour=23) - hall.bench.clock.now())
    assert any("does not change your ballot" in words for words in await hall.takes_back(key))
    await hall.bench.pass_time(hours=1)
    assert hall.bench.rows("SELECT choice, count FROM sheet") == [("1", 1)]
    assert hall.bench.rows("SELECT * FROM poll_answer") == []


async def test_when_the_platform_can_t_say_nothing_changes(hall: Hall) -> None:
    key = await hall.answers("1")
    hall.bench.matrix.polls.clear()
    await hall.bench.do(hall.redaction(key))
    assert hall.ballots == ["1"]


async def test_it_is_done_once_however_often_it_is_delivered(hall: Hall) -> None:
    await hall.answers("1")
    second = await hall.answers("2")
    hall.stands(hall.standing[1:])
    redaction = hall.redaction(second)
    await hall.bench.do(redaction)
    await hall.bench.say("emma", "/v 1 3", hall.bench.hall)
    before = hall.bench.count()
    await hall.bench.do(redaction)
    assert hall.bench.since(before) == []
    assert hall.ballots == ["3"]


async def test_an_answer_that_waited_for_the_rules_to_be_accepted_is_one(bench: Bench) -> None:
    command = '/vote "Which?" "Hall" "Festival" --purpose x --binding advice --secrecy public --close 2h --yes'
    await bench.say("ada", command, bench.hall)
    hall = Hall(bench)
    key = await hall.answers("1")
    assert hall.ballots == []
    await bench.say("emma", "yes")
    assert hall.ballots == ["1"]
    await hall.takes_back(key)
    assert hall.ballots == []


async def test_nobody_takes_back_what_another_answered(hall: Hall) -> None:
    key = await hall.answers("1")
    hall.stands([])
    redaction = hall.redaction(key)
    await hall.bench.do(replace(redaction, who=hall.bench.matrix.who("farid")))
    assert hall.ballots == ["1"]
