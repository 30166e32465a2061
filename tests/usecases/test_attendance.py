"""Attendance by name: who voted, for those who watch over a vote, in private, and never what."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.test_contesting import scrutineer
from tests.usecases.test_joint import OAK, join, two_associations
from tests.usecases.test_joint import vote as vote_together
from tests.usecases.test_linking import link
from tests.usecases.test_rolls import claim, codes, import_list

VOTE = '/vote "Garden?" "Yes" "No" --purpose "Adopt it" --binding advice --close 2h --yes'
BOTH = VOTE.replace("--yes", "--rooms Salon,Hall --yes")


async def given(bench: Bench, name: str, number: int = 1) -> list[list[list[str]]]:
    """The lists that somebody is given in private, line by line."""
    before = bench.count()
    await bench.say(name, f"/attendance {number}")
    files = [one.card.file for one in bench.since(before) if one.card.file is not None]
    assert all(file.mime == "text/csv" for file in files)
    return [list(csv.reader(io.StringIO(file.data.decode("utf-8-sig")))) for file in files]


async def the_list(bench: Bench, name: str, number: int = 1) -> list[list[str]]:
    (lines,) = await given(bench, name, number)
    return lines


async def refused(bench: Bench, name: str, number: int = 1) -> str:
    before = bench.count()
    words = "\n".join(await bench.say(name, f"/attendance {number}"))
    assert not [one for one in bench.since(before) if one.card.file is not None]
    return words


async def cast(bench: Bench, number: int, *names: str, option: int = 1) -> None:
    for name in names:
        room = bench.salon if bench.platform_of(name) is bench.telegram else bench.hall
        for _ in range(2):
            said = await bench.press(name, Action("v", number, str(option)), room)
        assert "ecorded" in said, (name, said)


def journal(bench: Bench) -> list[dict[str, object]]:
    rows = bench.rows("SELECT facts FROM journal WHERE kind = 'attendance' ORDER BY sequence")
    return [json.loads(facts) for (facts,) in rows]


async def test_who_voted_is_told_after_the_closing_and_the_journal_counts_the_lines(bench: Bench) -> None:
    await bench.say("ana", BOTH, bench.salon)
    await cast(bench, 1, "bruno", "emma")
    assert "only exists after the closing" in await refused(bench, "ana")
    await bench.pass_time(hours=2)
    lines = await the_list(bench, "ana")
    assert lines[0] == ["name", "group", "voted"]
    voted = {name: said for name, _, said in lines[1:]}
    assert {name for name, said in voted.items() if said == "yes"} == {"Bruno", "Emma"}
    assert voted["Farid"] == "no"
    assert [name for name, _, _ in lines[1:]] == sorted(voted)
    assert journal(bench) == [{"people": len(lines) - 1}]


@pytest.mark.parametrize("watcher", ["chloe", "emma"])
async def test_where_there_are_scrutineers_it_is_theirs_alone(bench: Bench, watcher: str) -> None:
    await scrutineer(bench, watcher)
    await bench.say("ana", BOTH, bench.salon)
    await cast(bench, 1, "bruno")
    await bench.pass_time(hours=2)
    assert "for them alone" in await refused(bench, "ana")
    assert "for them alone" in await refused(bench, "bruno")
    assert len(await the_list(bench, watcher)) > 2


async def test_a_member_is_refused(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.pass_time(hours=2)
    assert "Only people who administer" in await refused(bench, "bruno")
    assert journal(bench) == []


async def test_asked_in_a_room_it_is_led_to_the_private_chat(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.pass_time(hours=2)
    before = bench.count()
    said = "\n".join(await bench.say("ana", "/attendance 1", bench.salon))
    assert "in private" in said
    assert not [one for one in bench.since(before) if one.card.file is not None]
    assert journal(bench) == []
    await bench.say("ana", "/start attendance-1")
    assert len(journal(bench)) == 1


async def test_members_are_called_as_on_the_roll_with_their_group(bench: Bench) -> None:
    await import_list(bench, "name;group\n=Bruno B;board\nChloé C;\nDan D;board\n")
    found = await codes(bench)
    await claim(bench, "bruno", next(row["code"] for name, row in found.items() if "Bruno" in name))
    await bench.say("ana", VOTE.replace("--yes", "--roll list --tie first --yes"), bench.salon)
    await cast(bench, 1, "bruno")
    await bench.pass_time(hours=2)
    assert await the_list(bench, "ana") == [
        ["name", "group", "voted"], ["'=Bruno B", "board", "yes"], ["Chloé C", "", "no"], ["Dan D", "board", "no"],
    ]  # fmt: skip


async def test_who_hides_their_name_is_not_named(bench: Bench) -> None:
    bench.telegram.rooms["-100"].hidden.add("bruno")
    await bench.say("ana", VOTE, bench.salon)
    await cast(bench, 1, "bruno", "chloe")
    await bench.pass_time(hours=2)
    lines = await the_list(bench, "ana")
    assert ["(no name)", "", "yes"] in lines
    assert "Bruno" not in str(lines)
    assert ["Chloe", "", "yes"] in lines


async def test_a_member_with_two_linked_accounts_is_one_line(bench: Bench) -> None:
    await bench.say("ana", BOTH, bench.salon)
    await cast(bench, 1, "bruno", "emma")
    await link(bench, "bruno", "emma")
    await bench.pass_time(hours=2)
    lines = await the_list(bench, "ana")
    assert [line for line in lines if line[0] in {"Bruno", "Emma"}] == [["Bruno", "", "yes"]]


@pytest.mark.parametrize("secrecy", ["confidential", "public"])
async def test_it_says_nothing_of_what_they_chose(tmp_path: Path, secrecy: str) -> None:
    """Other choices, cast in another order, give the same bytes."""
    found = []
    for place, order in enumerate((("bruno", "chloe", "dan"), ("dan", "bruno", "chloe"))):
        bench = await Bench(tmp_path / f"{place}.db").start()
        await bench.meet_everyone()
        await bench.say("ana", VOTE.replace("--yes", f"--secrecy {secrecy} --yes"), bench.salon)
        for number, name in enumerate(order):
            await cast(bench, 1, name, option=1 + (number + place) % 2)
        await bench.pass_time(hours=2)
        found.append(await the_list(bench, "ana"))
        await bench.close()
    assert found[0] == found[1]


async def test_unlinked_votes_have_one_too(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--secrecy unlinked --yes"), bench.salon)
    await bench.say("bruno", "/v 1")
    await bench.say("bruno", "1")
    await bench.say("bruno", "yes")
    await bench.pass_time(hours=2)
    lines = await the_list(bench, "ana")
    assert [name for name, _, said in lines[1:] if said == "yes"] == ["Bruno"]


@pytest.mark.parametrize(
    "asked",
    [
        '/poll "Where?" "Here" "There" --close 2h --yes',
        '/poll "Where?" "Here" "There" --close 2h --roll open --yes',
        '/vote "Sign" --purpose "A shed" --binding advice --ballot signature --close 2h --yes',
    ],
)
async def test_polls_open_rolls_and_signatures_have_none(bench: Bench, asked: str) -> None:
    told = "\n".join(await bench.say("ana", asked, bench.salon))
    assert "who voted, never what" not in told
    await bench.pass_time(hours=2)
    assert "has no attendance list" in await refused(bench, "ana")


async def test_a_cancelled_vote_has_none(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.say("ana", "/cancel 1 Rain", bench.salon)
    assert "is cancelled" in await refused(bench, "ana")


async def test_once_the_voters_are_erased_there_is_none(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await cast(bench, 1, "bruno")
    await bench.pass_time(hours=2)
    assert await the_list(bench, "ana") == [["name", "group", "voted"], ["Bruno", "", "yes"]]
    await bench.pass_time(days=120)
    assert "is erased, as announced" in await refused(bench, "ana")


async def test_who_was_forgotten_is_a_line_without_a_name(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await cast(bench, 1, "bruno")
    await bench.pass_time(hours=2)
    await bench.say("bruno", "/forget yes")
    assert (await the_list(bench, "ana"))[-1] == ["(no name)", "", "yes"]


async def test_what_was_not_disclosed_is_not_given(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.pass_time(hours=2)
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("UPDATE disclosure SET facts = replace(facts, '\"sees.attendance\"', '\"sees.guess\"')")
        connection.commit()
    assert "announced no attendance list" in await refused(bench, "ana")


async def test_the_same_message_again_is_one_line_of_the_journal(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.pass_time(hours=2)
    for _ in range(2):
        await bench.say("ana", "/attendance 1", key="again")
    assert len(journal(bench)) == 1


async def test_of_a_joint_vote_each_association_sees_its_own_members(tmp_path: Path) -> None:
    bench = await two_associations(tmp_path / "palabre.db")
    await join(bench)
    await bench.pass_time(days=3)
    await vote_together(bench, ("ana", "bruno"), ("emma",))
    await bench.pass_time(days=9)
    mine = await the_list(bench, "ana")
    theirs = await the_list(bench, "ada")
    assert mine[1:] == [["Ana", "", "yes"], ["Bruno", "", "yes"]]
    assert {name.lower() for name, _, _ in theirs[1:]} == set(OAK)
    assert [name for name, _, said in theirs[1:] if said == "yes"] == ["Emma"]
    assert journal(bench) == [{"people": 2, "organisation": "Linden"}, {"people": 6, "organisation": "Oak"}]
    assert "Only people who administer" in await refused(bench, "emma")
    await bench.close()
