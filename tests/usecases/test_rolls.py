"""The roll of an association: imported in private, claimed with codes, frozen when a vote opens."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from bot.domain.canonical import digest
from bot.domain.ids import Action
from bot.usecases.bundle import bundle_of
from bot.verification import CHECKS, verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.proofs.programs import program

LIST = """Nom;Groupe;telegram_id;matrix_id;Courriel
Ana A;bureau;;;ana@post.example
Bruno B;bureau;;;
Chloé C;;;;
Dan D;;;;
"""
VOTE = (
    '/vote "Budget?" "For" "Against" --purpose "Adopt it" --binding advice --close 2h --roll list --tie first'
    " --results closing --yes"
)
CODE = re.compile("[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")


def names(bench: Bench) -> list[str]:
    return [label for (label,) in bench.rows("SELECT label FROM member ORDER BY label")]


async def import_list(bench: Bench, text: str = LIST, *, drop: bool = False) -> str:
    await bench.say("ana", "/roll import")
    preview = await bench.say("ana", text)
    await bench.press("ana", Action("rollyes", home(bench), "drop" if drop else ""))
    return "\n".join(preview)


async def codes(bench: Bench, more: str = "") -> dict[str, dict[str, str]]:
    """The codes of `/roll codes`, by name, as the file gives them."""
    before = bench.count()
    await bench.say("ana", f"/roll codes {more}".strip())
    files = [one.card.file for one in bench.since(before) if one.card.file is not None]
    (table,) = [each for each in files if each.mime == "text/csv"]
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    return {row["name"]: row for row in rows}


async def claim(bench: Bench, name: str, code: str) -> str:
    return "\n".join(await bench.say(name, f"/claim {code}"))


async def test_a_list_is_shown_before_it_is_imported_and_nothing_happens_without_confirmation(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    preview = "\n".join(await bench.say("ana", LIST))
    assert "4 lines" in preview
    assert "4 new members: Ana A, Bruno B" in preview
    assert names(bench) == []
    said = await bench.do(bench.pressed("ana", Action("rollyes", home(bench))))
    assert said.toast == ""
    assert names(bench) == ["Ana A", "Bruno B", "Chloé C", "Dan D"]
    shown = "\n".join(await bench.say("ana", "/roll"))
    assert "4 members" in shown
    assert "4 have none yet" in shown
    assert "bureau 2" in shown


async def test_the_same_list_again_changes_nothing_and_another_says_what_it_changes(bench: Bench) -> None:
    await import_list(bench)
    await bench.say("ana", "/roll import")
    assert "nothing to import" in "\n".join(await bench.say("ana", LIST))
    other = "name,group\nAna A,bureau\nBruno B,\nEva E,\n"
    preview = await import_list(bench, other)
    assert "1 new member: Eva E" in preview
    assert "1 member changes: Bruno B" in preview
    assert "1 member stays" in preview
    assert "2 members of the present roll" in preview
    assert names(bench) == ["Ana A", "Bruno B", "Chloé C", "Dan D", "Eva E"]
    await import_list(bench, other, drop=True)
    assert names(bench) == ["Ana A", "Bruno B", "Eva E"]


async def test_a_list_may_come_in_several_messages(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    await bench.say("ana", "name;group\nAna A;board\nBruno B;\n")
    preview = "\n".join(await bench.say("ana", "Eva E;\nFay F;board"))
    assert "4 lines" in preview
    await bench.press("ana", Action("rollyes", home(bench)))
    assert names(bench) == ["Ana A", "Bruno B", "Eva E", "Fay F"]


async def test_a_bad_line_is_named_and_nothing_of_the_list_is_imported(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    assert "Line 3" in "\n".join(await bench.say("ana", "name;telegram_id\nAna;12\nBruno;12a\n"))
    assert "Line 3" in "\n".join(await bench.say("ana", "name\nAna\nANA\n"))
    assert "one member has one vote" in "\n".join(await bench.say("ana", "name;weight\nAna;2\n"))
    assert "first line" in "\n".join(await bench.say("ana", "hello there"))
    assert await bench.press("ana", Action("rollyes", home(bench))) != ""
    assert names(bench) == []


async def test_addresses_that_prove_nothing_are_said_to_be_left_out(bench: Bench) -> None:
    preview = await import_list(bench, "name;telegram;phone\nAna;@ana;06\nBruno;bruno;\n")
    assert "2 @names" in preview
    assert "phone" in preview
    assert bench.rows("SELECT count(*) FROM account WHERE ref LIKE '%@%bruno%'") == [(0,)]


async def test_addresses_of_email_are_stored_nowhere(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    await bench.say("ana", LIST)
    assert "post.example" not in repr(bench.dump())
    await bench.press("ana", Action("rollyes", home(bench)))
    given = await codes(bench)
    assert given["Ana A"]["email"] == "ana@post.example"
    assert "post.example" not in repr(bench.dump())
    assert (await codes(bench, "all"))["Ana A"]["email"] == ""


async def test_nothing_of_a_list_is_shown_or_taken_in_a_room(bench: Bench) -> None:
    await import_list(bench)
    before = bench.count()
    await bench.say("ana", "/roll", bench.salon)
    in_room = [one.plain for one in bench.since(before) if one.ref.room == bench.salon]
    assert "Bruno" not in "\n".join(in_room)
    assert "4 members" not in "\n".join(in_room)


@pytest.mark.parametrize("asked", ["/roll", "/roll import", "/roll codes", "/roll suspend 1 because", "/roll bruno"])
async def test_only_those_who_administer_the_association_keep_its_roll(bench: Bench, asked: str) -> None:
    await import_list(bench)
    before = bench.dump("event_key")
    answer = "\n".join(await bench.say("bruno", asked))
    assert "Bruno B" not in answer
    assert "administer" in answer
    assert bench.dump("event_key") == before


async def test_a_pasted_list_is_confirmed_by_its_owner_only(bench: Bench) -> None:
    await bench.say("ana", "/roll import")
    await bench.say("ana", LIST)
    await bench.press("bruno", Action("rollyes", home(bench)))
    assert names(bench) == []


async def test_codes_stand_in_the_files_and_nowhere_else(bench: Bench) -> None:
    await import_list(bench)
    before = bench.count()
    given = await codes(bench)
    assert sorted(given) == ["Ana A", "Bruno B", "Chloé C", "Dan D"]
    assert all(row["link"] == f"https://t.me/octet_bot?start=c-{row['code']}" for row in given.values())
    page = next(one.card.file for one in bench.since(before) if one.card.file and one.card.file.mime == "text/html")
    assert page.data.decode().count("<svg>") == 4
    kept = repr(bench.dump())
    for row in given.values():
        assert CODE.fullmatch(row["code"])
        assert row["code"] not in kept
        assert row["code"].replace("-", "") not in kept
    assert all(row["code"] not in one.plain for one in bench.since(before) for row in given.values())


async def test_a_code_ties_an_account_to_a_member_once(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    assert "Bruno B" in await claim(bench, "bruno", given["Bruno B"]["code"])
    again = await claim(bench, "chloe", given["Bruno B"]["code"])
    assert "used already" in again
    assert "already on the roll" in await claim(bench, "bruno", given["Dan D"]["code"])
    assert "3 have none yet" in "\n".join(await bench.say("ana", "/roll"))
    # The same person with the same code again is no mistake, and changes nothing.
    before = bench.dump("event_key")
    assert "Bruno B" in await claim(bench, "bruno", given["Bruno B"]["code"].lower().replace("-", " "))
    assert bench.dump("event_key") == before


async def test_a_lost_code_is_replaced_and_the_former_one_works_no_more(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    (number,) = bench.rows("SELECT id FROM member WHERE label = 'Dan D'")[0]
    told = "\n".join(await bench.say("ana", f"/roll code {number}"))
    fresh = CODE.search(told)
    assert fresh is not None
    assert "replaced" in await claim(bench, "dan", given["Dan D"]["code"])
    assert "Dan D" in await claim(bench, "dan", fresh[0])
    entries = bench.rows("SELECT facts FROM journal WHERE kind = 'roll-codes' ORDER BY sequence")
    assert '"replaced":1' in entries[-1][0]
    assert "Dan" not in repr(entries)
    assert "known account already" in "\n".join(await bench.say("ana", f"/roll code {number}"))


async def test_only_members_on_the_list_vote_and_all_of_them_count(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    await bench.say("ana", VOTE, bench.salon)
    assert bench.state() == "open"
    assert bench.rows("SELECT roll_size, roll_known FROM consultation") == [(4, 1)]
    await accept_and_vote(bench, "bruno", 1)
    refused = await bench.vote("chloe", 1, 1)
    assert "/claim" in refused
    assert bench.rows("SELECT count(*) FROM ballot") == [(1,)]


async def test_whoever_claims_during_a_vote_can_vote_at_once_and_the_roll_keeps_its_size(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await bench.say("ana", VOTE, bench.salon)
    assert "/claim" in await bench.vote("chloe", 1, 1)
    told = await claim(bench, "chloe", given["Chloé C"]["code"])
    assert "Budget?" in told
    await accept_and_vote(bench, "chloe", 2)
    assert bench.rows("SELECT count(*) FROM voting_right") == [(4,)]
    assert bench.rows("SELECT choice FROM ballot") == [("2",)]
    await claim(bench, "emma", given["Dan D"]["code"])
    await bench.say("emma", "/v 1 1")
    await bench.say("emma", "yes")
    assert sorted(bench.rows("SELECT choice FROM ballot")) == [("1",), ("2",)]


async def test_a_percentage_quorum_counts_members_nobody_has_claimed(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    await bench.say("ana", VOTE.replace("--tie first", "--tie first --quorum 50%"), bench.salon)
    assert bench.state() == "open"
    await accept_and_vote(bench, "bruno", 1)
    results = "\n".join(await bench.pass_time(hours=3))
    assert "quorum" in results.casefold()
    assert "1" in results
    facts = bench.rows("SELECT facts FROM journal WHERE kind = 'opened'")[0][0]
    assert '"roll":4' in facts


async def test_a_group_alone_votes(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    for name, member in (("bruno", "Bruno B"), ("chloe", "Chloé C")):
        await claim(bench, name, given[member]["code"])
    await bench.say("ana", VOTE.replace("--roll list", "--group Bureau"), bench.salon)
    assert bench.rows("SELECT roll_size FROM consultation") == [(2,)]
    await accept_and_vote(bench, "bruno", 1)
    assert "Bureau" in await bench.vote("chloe", 1, 1)
    assert bench.rows("SELECT count(*) FROM ballot") == [(1,)]


async def test_nothing_opens_for_an_empty_roll(bench: Bench) -> None:
    said = "\n".join(await bench.say("ana", VOTE, bench.salon))
    assert "Nobody could vote" in said
    assert bench.state() == "draft"
    await import_list(bench)
    said = "\n".join(await bench.say("ana", VOTE.replace("--roll list", "--group burau"), bench.salon))
    assert "burau" in said
    assert "/roll codes" in "\n".join(await bench.say("ana", VOTE.replace("--roll list", "--roll codes"), bench.salon))


async def test_a_scheduled_vote_waits_while_the_roll_is_empty(bench: Bench) -> None:
    await import_list(bench)
    await bench.say("ana", VOTE.replace("--close 2h", "--open 2026-12-01 14:00 --close 2026-12-01 20:00"), bench.salon)
    for number in [row[0] for row in bench.rows("SELECT id FROM member")]:
        await bench.say("ana", f"/roll remove {number}")
    told = "\n".join(await bench.pass_time(hours=3))
    assert "The opening waits" in told
    assert bench.state() == "disclosed"
    await import_list(bench)
    await bench.pass_time(minutes=5)
    assert bench.state() == "open"


async def test_a_suspended_member_is_not_on_what_opens_and_reads_why(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    (number,) = bench.rows("SELECT id FROM member WHERE label = 'Bruno B'")[0]
    await bench.say("ana", f"/roll suspend {number} fee not paid")
    await bench.say("ana", VOTE, bench.salon)
    assert bench.rows("SELECT roll_size FROM consultation") == [(3,)]
    assert "fee not paid" in await bench.vote("bruno", 1, 1)
    await bench.say("ana", f"/roll restore {number}")
    assert "frozen" in await bench.vote("bruno", 1, 1)
    await bench.say("ana", VOTE, bench.salon)
    assert "Press again" in await bench.vote("bruno", 2, 1)


async def test_an_id_of_the_platform_makes_the_member_known_beforehand(bench: Bench) -> None:
    bench.telegram.rooms["-100"].members.add("4242")
    await import_list(bench, "name;telegram_id;matrix_id\nNew N;4242;\nEmma E;;@emma:example.org\n")
    assert bench.rows("SELECT name FROM account WHERE ref = 'telegram:4242'") == [("",)]
    await bench.say("ana", VOTE, bench.salon)
    await accept_and_vote(bench, "4242", 1)
    assert bench.rows("SELECT choice FROM ballot") == [("1",)]


async def test_a_file_links_nobodys_accounts(bench: Bench) -> None:
    """Two accounts become one person's when their owner says so, never because a list does."""
    bench.telegram.rooms["-100"].members.add("4242")
    await bench.say("4242", "/list")
    preview = await import_list(bench, "name;telegram_id;matrix_id\nNew N;4242;@new:example.org\n")
    assert "second account" in preview
    people = bench.rows("SELECT person FROM account WHERE ref IN ('telegram:4242', 'matrix:@new:example.org')")
    assert len(people) == len(set(people)) == 1


async def test_two_lines_of_one_person_become_one(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    await bench.say("ana", VOTE, bench.salon)
    first, second = (bench.rows("SELECT id FROM member WHERE label = ?", label)[0][0] for label in ("Dan D", "Bruno B"))
    await bench.say("ana", f"/roll merge {first} {second}")
    assert names(bench) == ["Ana A", "Chloé C", "Dan D"]
    assert bench.rows("SELECT count(*) FROM voting_right") == [(4,)]
    await accept_and_vote(bench, "bruno", 1)
    assert bench.rows("SELECT count(*) FROM ballot") == [(1,)]
    await claim(bench, "chloe", given["Chloé C"]["code"])
    third = bench.rows("SELECT id FROM member WHERE label = 'Chloé C'")[0][0]
    assert "/link" in "\n".join(await bench.say("ana", f"/roll merge {first} {third}"))


async def test_nothing_of_a_consultation_names_a_member(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    await bench.say("ana", VOTE, bench.salon)
    await accept_and_vote(bench, "bruno", 1)
    await bench.pass_time(hours=3)
    for table, rows in bench.dump().items():
        if table not in {"member", "dialogue"}:
            assert not re.search("Bruno B|Chloé C|Dan D|Ana A", repr(rows)), table


async def test_a_list_and_a_room_vote_together_and_the_suspended_do_not(bench: Bench) -> None:
    await import_list(bench, "name;matrix_id\nBoss B;@boss:example.org\n")
    vote = VOTE.replace("--roll list", "--roll list,room --rooms Hall")
    await bench.say("ana", vote, bench.salon)
    assert bench.rows("SELECT roll_size FROM consultation") == [(1 + len(bench.matrix.rooms["!hall"].members),)]
    assert '"roll":"list+room"' in bench.rows("SELECT definition FROM consultation")[0][0]
    await bench.say("emma", "/v 1 1")
    await bench.say("emma", "yes")
    assert bench.rows("SELECT count(*) FROM ballot") == [(1,)]


async def accept_and_vote(bench: Bench, name: str, option: int) -> None:
    assert "Press again" in await bench.vote(name, 1, option)
    assert "recorded" in await bench.vote(name, 1, option)


def home(bench: Bench) -> int:
    """The number of the association."""
    return int(bench.rows("SELECT organisation FROM room ORDER BY id")[0][0])


async def test_the_bundle_of_a_vote_by_list_holds_and_names_nobody(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    await claim(bench, "bruno", given["Bruno B"]["code"])
    await bench.say("ana", VOTE, bench.salon)
    await accept_and_vote(bench, "bruno", 1)
    await bench.pass_time(hours=3)
    bundle = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    assert verify(bundle).wrong == dict.fromkeys(CHECKS, ())
    assert not any(program("verify.py")["verify"](bundle).values())
    roll = json.loads(bundle["roll.json"])
    assert (roll["source"], roll["size"], roll["voters"]) == ("list", 4, 1)
    people = sorted(person for (person,) in bench.rows("SELECT person FROM voting_right"))
    accounts = [str(bench.telegram.who("bruno").account)]
    assert digest({"accounts": [], "people": people, "salt": roll["salt"]}) != roll["digest"]
    assert digest({"accounts": accounts, "people": people, "salt": roll["salt"]}) == roll["digest"]
    assert not re.search("Bruno B|Chlo|Dan D", repr(bundle))
