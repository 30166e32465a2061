"""A roll sent as a file in private: fetched only for those who keep the roll, shown, and taken when confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.attached_text import SIZE_LIMIT
from bot.domain.ids import Action
from tests.fakes.bench import Bench

LIST = "Nom;Groupe\r\nZoé Lefèvre;bureau\r\nBruno Brun;\r\n"


def labels(bench: Bench) -> list[str]:
    return [label for (label,) in bench.rows("SELECT label FROM member ORDER BY id")]


def home(bench: Bench) -> int:
    return int(bench.rows("SELECT id FROM organisation WHERE bound")[0][0])


async def hand_over(bench: Bench, old: str, new: str) -> None:
    """From now on somebody else administers the association."""

    def work(tx: Any) -> None:
        one, other = (tx.find_account(bench.telegram.who(name).account) for name in (old, new))
        (grant,) = tx.members.roles_held(one.id)
        tx.members.grant(replace(grant, person=other.person))
        tx.members.revoke(grant.organisation, None, one.person, grant.role)

    await bench.store.write(work)


async def send(bench: Bench, name: str, data: bytes, words: str = "", **more: Any) -> str:
    return "\n".join(await bench.say(name, words, file=data, **more))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_a_file_is_the_answer_to_the_question_for_a_list(bench: Bench, encoding: str) -> None:
    await bench.say("ana", "/roll import")
    preview = await send(bench, "ana", LIST.encode(encoding))
    assert "2 new members: Zoé Lefèvre, Bruno Brun" in preview
    assert ("Check the accents" in preview) is (encoding == "cp1252")
    assert labels(bench) == []
    await bench.press("ana", Action("rollyes", home(bench)))
    assert labels(bench) == ["Zoé Lefèvre", "Bruno Brun"]


async def test_the_command_may_stand_below_the_file(bench: Bench) -> None:
    assert "2 new members" in await send(bench, "ana", LIST.encode(), "/roll import")


async def test_words_below_the_file_are_no_part_of_the_list(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    assert "2 lines" in await send(bench, "ana", LIST.encode(), "here it is; all of it")


async def test_a_corrected_file_replaces_what_was_sent_before(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    await bench.say("ana", "name\nAna A\n")
    await send(bench, "ana", LIST.encode())
    assert "1 line read" in await send(bench, "ana", b"name\nEva E\n")
    assert "2 lines" in "\n".join(await bench.say("ana", "Fay F\n"))
    await bench.press("ana", Action("rollyes", home(bench)))
    assert labels(bench) == ["Eva E", "Fay F"]


async def test_nothing_is_fetched_unless_a_list_was_asked_for(bench: Bench) -> None:
    assert "not waiting for a file" in await send(bench, "ana", LIST.encode())
    assert "not waiting for a file" in await send(bench, "ana", LIST.encode(), "the list")
    assert bench.telegram.fetched == []


async def test_nothing_is_fetched_for_who_may_not_keep_the_roll(bench: Bench) -> None:
    assert "administer" in await send(bench, "bruno", LIST.encode(), "/roll import")
    await bench.say("ana", "/roll import")
    await hand_over(bench, "ana", "bruno")
    assert "administer" in await send(bench, "ana", LIST.encode())
    assert bench.telegram.fetched == []


async def test_a_file_in_a_room_is_not_taken(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    await bench.say("ana", "/roll import", bench.salon, file=LIST.encode())
    assert bench.telegram.fetched == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04" + bytes(40), "Save as"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a list in text"),
        (b"a" * (SIZE_LIMIT + 100), "too large"),
        (b"", "find no member"),
        (b"name;weight\nAna;2\n", "one member has one vote"),
        (b"name\nAna\nANA\n", "Line 3"),
    ],
)
async def test_a_file_that_can_not_be_read_changes_nothing_and_says_why(bench: Bench, data: bytes, words: str) -> None:
    await bench.say("ana", "/roll import")
    before = bench.dump("event_key")
    assert words in await send(bench, "ana", data)
    assert bench.dump("event_key") == before
    assert "2 new members" in await send(bench, "ana", LIST.encode())


async def test_a_file_that_can_not_be_fetched_is_asked_for_again(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    said = bench.said("ana", "", file=LIST.encode())
    bench.telegram.files.clear()
    before = bench.count()
    await bench.do(said)
    assert "could not get the file" in "\n".join(one.plain for one in bench.since(before))


async def test_a_file_delivered_again_is_not_taken_twice(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    said = bench.said("ana", "", file=LIST.encode())
    await bench.do(said)
    before = bench.count()
    await bench.do(said)
    assert "2 new members" in "\n".join(one.plain for one in bench.since(before))
    await bench.press("ana", Action("rollyes", home(bench)))
    assert labels(bench) == ["Zoé Lefèvre", "Bruno Brun"]
