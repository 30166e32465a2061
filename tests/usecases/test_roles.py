"""Roles: seen by everyone, handed over by a code, taken back, left; and what each of them changes."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.domain.ids import Action
from bot.domain.members import Grant, Role
from bot.store import Transaction
from bot.usecases.membership import code_hash
from tests.fakes.bench import Bench

CODE = re.compile(r"[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")
POLL = '/poll "Where?" "Café" "Library" --close 2h --yes'


async def code_for(bench: Bench, role: str, giver: str = "ana") -> str:
    """A fresh code for a role, asked for in private."""
    (told,) = await bench.say(giver, f"/roles {role}")
    return CODE.findall(told)[0]


async def has(bench: Bench, name: str, role: str, giver: str = "ana") -> None:
    """The person takes the role with a code."""
    told = await bench.say(name, f"/claim {await code_for(bench, role, giver)}")
    assert any(each.startswith("Done.") for each in told), told


def grants(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows(
        "SELECT account.name, role, consultation FROM role_grant JOIN account USING (person)"
        " ORDER BY given_at, name, role"
    )


def journal(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows("SELECT kind, facts FROM journal WHERE kind LIKE 'role-%' ORDER BY sequence")


# -- seeing ------------------------------------------------------------------------------------------------------------
async def test_every_member_sees_who_has_which_role(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    for name, room in (("chloe", bench.salon), ("emma", bench.hall), ("dan", None)):
        (told,) = await bench.say(name, "/roles", room)
        assert "Administer the association" in told
        assert "1. Ana" in told
        assert "2. Bruno" in told
        assert "Salon and Hall" in told  # whose administrators organise there
        assert "/roles organiser" not in told  # how to give one is told to those who can


async def test_whoever_does_not_show_their_name_is_not_named(bench: Bench) -> None:
    bench.telegram.rooms["-100"].hidden.add("ana")
    (told,) = await bench.say("chloe", "/roles", bench.salon)
    assert "Ana" not in told
    assert "1. someone who doesn't show their name" in told


async def test_nobody_from_elsewhere_sees_them(bench: Bench) -> None:
    told = await bench.say("mallory", "/roles")
    assert all("Ana" not in each for each in told)
    await bench.say("ana", POLL, bench.salon)
    told = await bench.say("mallory", "/roles 1")
    assert told[0].startswith("I can't find a no. 1 here.")


async def test_a_room_of_its_own_says_that_its_administrators_do_everything(bench: Bench) -> None:
    club = bench.telegram.room("-200", "Club", "hugo", admins="iris")
    (told,) = await bench.say("hugo", "/roles", club)
    assert "belongs to no association" in told


# -- giving ------------------------------------------------------------------------------------------------------------
async def test_a_code_hands_over_a_role_on_the_other_platform(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    to_ana, to_emma = await bench.say("emma", f"/claim {code}")
    assert "You have the role" in to_emma
    assert "Emma took the role" in to_ana
    assert grants(bench) == [("Ana", "admin", 0), ("Emma", "organiser", 0)]
    await bench.say("emma", POLL, bench.hall)
    assert bench.state() == "open"


async def test_the_journal_says_what_was_given_and_never_to_whom(bench: Bench) -> None:
    await has(bench, "bruno", "moderator")
    await has(bench, "chloe", "moderator")
    await bench.say("chloe", "/roles leave moderator")
    kinds = [kind for kind, _ in journal(bench)]
    assert kinds == ["role-given", "role-given", "role-taken"]
    assert [json.loads(str(facts))["holders"] for _, facts in journal(bench)] == [1, 2, 1]
    assert not re.search("bruno|chloe|person|account", repr(journal(bench)), re.IGNORECASE)


async def test_a_code_works_once(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    await bench.say("bruno", f"/claim {code}")
    (told,) = await bench.say("chloe", f"/claim {code}")
    assert "was used already" in told
    assert ("Chloe", "organiser", 0) not in grants(bench)


async def test_a_code_is_read_however_it_is_typed(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    await bench.say("bruno", f"/inscrire {code.lower().replace('-', ' ')}")
    assert ("Bruno", "organiser", 0) in grants(bench)


async def test_a_link_takes_the_role(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    assert [button.start for row in bench.telegram.posted[-1].card.buttons for button in row] == [f"r-{code}"]
    await bench.say("bruno", f"/start r-{code}")
    assert ("Bruno", "organiser", 0) in grants(bench)


async def test_a_code_that_comes_again_is_the_same_act(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    await bench.say("bruno", f"/claim {code}", key="once")
    before = bench.dump()
    assert await bench.say("bruno", f"/claim {code}", key="once") == []
    assert bench.dump() == before


async def test_a_code_lasts_two_days(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    bench.clock.move(timedelta(hours=48, seconds=1))
    (told,) = await bench.say("bruno", f"/claim {code}")
    assert "no longer valid" in told
    kept = await code_for(bench, "organiser")
    bench.clock.move(timedelta(hours=48))
    await bench.say("bruno", f"/claim {kept}")
    assert ("Bruno", "organiser", 0) in grants(bench)


async def test_whoever_has_the_role_leaves_the_code_for_someone_else(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    code = await code_for(bench, "organiser")
    (told,) = await bench.say("bruno", f"/claim {code}")
    assert "already" in told
    await bench.say("chloe", f"/claim {code}")
    assert ("Chloe", "organiser", 0) in grants(bench)


async def test_a_code_never_stands_in_a_room(bench: Bench) -> None:
    await bench.say("ana", "/roles organiser", bench.salon)
    assert not any(CODE.search(one.plain) for one in bench.telegram.posted if one.ref.room == bench.salon)


async def test_no_code_is_kept_as_it_is(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    assert code not in repr(bench.dump())
    assert code.replace("-", "") not in repr(bench.dump())


async def test_whoever_gives_a_code_does_not_use_it_by_mistake(bench: Bench) -> None:
    code = await code_for(bench, "scrutineer")
    (told,) = await bench.say("ana", f"/start r-{code}")  # the button below the code, in ana's own chat
    assert "handed over" in told
    await bench.say("bruno", f"/claim {code}")
    assert grants(bench) == [("Ana", "admin", 0), ("Bruno", "scrutineer", 0)]


async def test_a_code_that_was_refused_in_a_room_is_there_for_nobody(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    (told,) = await bench.say("ana", f"/claim {code}", bench.salon)
    assert "worth nothing any more" in told
    await bench.say("bruno", f"/claim {code}")
    assert grants(bench) == [("Ana", "admin", 0)]
    code = await code_for(bench, "organiser")
    await bench.say("bruno", f"/claim {code}", bench.salon)  # used at once: whoever reads it is late
    assert ("Bruno", "organiser", 0) in grants(bench)


async def test_codes_can_be_voided(bench: Bench) -> None:
    code = await code_for(bench, "admin")
    assert await bench.say("ana", "/roles void") == ["1 code voided."]
    await bench.say("bruno", f"/claim {code}")
    assert grants(bench) == [("Ana", "admin", 0)]


@pytest.mark.parametrize("room", [True, False])
@pytest.mark.parametrize("text", ["/roles organiser", "/roles admin", "/roles void", "/roles 1 scrutineer"])
async def test_only_an_admin_gives_roles(bench: Bench, text: str, room: bool) -> None:
    await bench.say("ana", POLL, bench.salon)
    await has(bench, "chloe", "organiser")
    before = bench.dump("event_key")
    # ada administers the hall, chloe organises, bruno is a member.
    for name, place in (("ada", bench.hall), ("chloe", bench.salon), ("bruno", bench.salon)):
        if name == "ada" and text.startswith("/roles 1"):
            continue  # not a room of hers
        (told,) = await bench.say(name, text, place if room else None)
        assert "Only people who administer the association" in told
    assert bench.dump("event_key") == before


# -- guessing ----------------------------------------------------------------------------------------------------------
async def test_ten_wrong_codes_a_day_and_no_more(bench: Bench) -> None:
    code = await code_for(bench, "organiser")
    for guess in range(10):
        (told,) = await bench.say("bruno", f"/claim 0000-0000-0000-{guess:04}")
        assert "doesn't exist" in told
    (told,) = await bench.say("bruno", f"/claim {code}")
    assert "tomorrow" in told
    assert bench.rows("SELECT sum(count) FROM wrong_code") == [(10,)]
    await bench.say("emma", "/claim 0000-0000-0000-0000")  # another account has its own ten
    bench.clock.move(timedelta(days=1))
    await bench.say("bruno", f"/claim {code}")
    assert ("Bruno", "organiser", 0) in grants(bench)


async def test_a_wrong_code_that_comes_again_is_counted_once(bench: Bench) -> None:
    for _ in range(3):
        await bench.say("bruno", "/claim 0000-0000-0000-0000", key="once")
    assert bench.rows("SELECT count FROM wrong_code") == [(1,)]


async def test_the_code_of_a_member_that_was_used_counts_as_a_wrong_one(bench: Bench) -> None:
    def invite(tx: Transaction) -> None:
        tx.members.invite(tx.members.add(1, "Bruno B.").id, code_hash("AAAA-BBBB"), bench.clock.now())

    await bench.store.write(invite)
    await bench.say("bruno", "/claim AAAA-BBBB")
    assert bench.rows("SELECT * FROM wrong_code") == []
    await bench.say("chloe", "/claim AAAA-BBBB")
    assert bench.rows("SELECT sum(count) FROM wrong_code") == [(1,)]


# -- taking back and leaving -------------------------------------------------------------------------------------------
async def test_a_role_is_taken_back_by_its_button(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    await bench.say("ana", "/roles")
    (button,) = [
        each
        for row in bench.telegram.posted[-1].card.buttons
        for each in row
        if each.label.endswith("Bruno, organiser")
    ]
    before = bench.count()
    await bench.press("ana", button.action)
    told = [one.plain for one in bench.since(before)]
    assert any("was taken back from you" in each for each in told)
    assert grants(bench) == [("Ana", "admin", 0)]
    await bench.say("bruno", POLL, bench.salon)
    assert bench.state() == "draft"


async def test_a_role_is_taken_back_by_its_number_in_the_list_that_was_read(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    (told,) = await bench.say("ana", "/roles remove 2")
    assert "/roles" in told
    await bench.say("ana", "/roles")
    await has(bench, "chloe", "organiser")  # the list is longer now: 2 is still who it was
    await bench.say("ana", "/roles remove 2")
    assert grants(bench) == [("Ana", "admin", 0), ("Chloe", "organiser", 0)]


async def test_a_forged_button_takes_nothing_back(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    await has(bench, "chloe", "organiser")
    ((organisation, person),) = bench.rows("SELECT organisation, person FROM role_grant WHERE role = 'admin'")
    before = bench.dump()
    for argument in (f"{person}.admin.0", "", "x", "1.king.0", f"{person}.admin.", "9999.organiser.0", "1..0"):
        toast = await bench.press("bruno", Action("untake", organisation, argument))
        assert toast
        assert "reference" not in toast
    assert bench.dump() == before


async def test_the_last_admin_stays(bench: Bench) -> None:
    (told,) = await bench.say("ana", "/roles leave admin")
    assert "last person" in told
    await bench.say("ana", "/roles")
    (told,) = await bench.say("ana", "/roles remove 1")
    assert "last person" in told
    assert grants(bench) == [("Ana", "admin", 0)]


async def test_an_association_is_handed_over(bench: Bench) -> None:
    pending = await code_for(bench, "admin")
    await has(bench, "emma", "admin")
    (told,) = await bench.say("ana", "/roles leave admin")
    assert "no longer" in told
    assert grants(bench) == [("Emma", "admin", 0)]
    # What ana had handed out is worth nothing any more; what ana may do is what the salon's administrators may.
    await bench.say("bruno", f"/claim {pending}")
    assert grants(bench) == [("Emma", "admin", 0)]
    (told,) = await bench.say("ana", "/setup name: Others", bench.salon)
    assert "Only people who administer the association" in told
    await bench.say("ana", POLL, bench.salon)
    assert bench.state() == "open"
    (told,) = await bench.say("emma", "/roles organiser")
    assert CODE.search(told)


async def test_leaving_a_role_one_does_not_have_says_so(bench: Bench) -> None:
    (told,) = await bench.say("bruno", "/roles leave organiser")
    assert "no such role" in told


# -- what roles change -------------------------------------------------------------------------------------------------
async def test_an_organiser_runs_every_room_of_the_association(bench: Bench) -> None:
    await has(bench, "bruno", "organiser")
    await bench.say("bruno", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    assert bench.state() == "open"
    await bench.say("bruno", "/extend 1 1h")
    await bench.say("bruno", "/cancel 1 because")
    assert bench.state() == "cancelled"


async def test_who_administers_a_room_organises_in_it_and_does_not_administer_the_association(bench: Bench) -> None:
    await bench.say("ada", POLL, bench.hall)
    assert bench.state() == "open"
    for text in ("/setup name: Others", "/rooms"):
        (told,) = await bench.say("ada", text, bench.hall)
        assert "Only people who administer the association" in told


async def test_an_author_publishes_polls_without_waiting_and_nothing_else(bench: Bench) -> None:
    await has(bench, "bruno", "author")
    await bench.say("bruno", POLL, bench.salon)
    assert bench.state() == "open"
    await bench.say("bruno", "/extend 1 1h")
    await bench.say("bruno", "/close 1")
    assert bench.state() == "certified"
    await bench.say("bruno", '/vote "Hall?" "Yes" "No" --purpose "to choose" --binding advice --close 2h', bench.salon)
    assert bench.state(2) == "draft"
    await bench.say("ana", POLL, bench.salon)
    (told,) = await bench.say("bruno", "/close 3")
    assert "Only people who administer" in told


async def test_a_role_in_one_consultation_is_held_there_only(bench: Bench) -> None:
    for _ in range(2):
        await bench.say("ana", POLL, bench.salon)
    await has(bench, "bruno", "1 organiser")
    await bench.say("bruno", "/close 1")
    await bench.say("bruno", "/close 2")
    assert [bench.state(1), bench.state(2)] == ["certified", "open"]
    (told,) = await bench.say("chloe", "/roles 1", bench.salon)
    assert "Bruno (for this consultation)" in told
    (told,) = await bench.say("chloe", "/roles", bench.salon)
    assert "Bruno" not in told
    (told,) = await bench.say("ana", "/roles 1 admin")
    assert "whole association" in told


async def test_whoever_observes_reads_and_does_not_vote(bench: Bench) -> None:
    await has(bench, "bruno", "observer")
    await has(bench, "emma", "observer")
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    assert "observer" in await bench.vote("bruno", 1, 1)
    assert "observer" in await bench.press("emma", Action("v", 1, "1"), bench.hall)  # on a list frozen at the opening
    (told,) = await bench.say("bruno", "/status 1")
    assert "Where?" in told
    assert bench.rows("SELECT count(*) FROM ballot") == [(0,)]


async def test_whoever_observes_from_outside_reads_in_private(bench: Bench) -> None:
    await has(bench, "mallory", "observer")
    await bench.say("ana", POLL, bench.salon)
    assert any("Where?" in each for each in await bench.say("mallory", "/status 1"))
    assert any("Where?" in each for each in await bench.say("mallory", "/list"))


async def test_an_observer_votes_where_they_are_a_participant(bench: Bench) -> None:
    await has(bench, "bruno", "observer")
    for _ in range(2):
        await bench.say("ana", POLL, bench.salon)
    await has(bench, "bruno", "1 participant")
    assert "Recorded" in await bench.vote("bruno", 1, 1)
    assert "observer" in await bench.vote("bruno", 2, 1)


async def test_an_association_without_an_admin_is_run_by_who_administers_all_its_rooms(bench: Bench) -> None:
    await bench.store.write(_orphan)
    (told,) = await bench.say("ada", "/roles organiser", bench.hall)
    assert "Only people who administer" in told
    (told,) = await bench.say("chloe", "/roles", bench.salon)
    assert "Nobody has the role of admin yet" in told


def _orphan(tx: Transaction) -> None:
    (admin,) = tx.members.grants(1) or tx.members.grants(2)
    tx.members.revoke(admin.organisation, None, admin.person, Role.ADMIN)


async def test_whoever_sets_up_an_association_nobody_administers_becomes_its_admin(bench: Bench) -> None:
    await bench.store.write(_orphan)
    bench.telegram.rooms["-100"].admins.add("dan")
    bench.matrix.rooms["!hall"].admins.add("dan")
    await bench.say("dan", "/setup name: The Octet", bench.salon)
    assert grants(bench) == []  # an account of one platform administers the rooms of that platform only

    def link(tx: Transaction) -> None:
        ada, dan = (
            tx.account(who.account, who.name, bench.clock.now())
            for who in (bench.matrix.who("ada"), bench.telegram.who("dan"))
        )
        tx.members.merge(ada.person, dan.person, bench.clock.now())

    await bench.store.write(link)
    await bench.say("dan", "/setup name: The Octet", bench.salon)
    assert {role for _, role, _ in grants(bench)} == {"admin"}


async def test_linked_accounts_administer_what_either_of_them_does(bench: Bench) -> None:
    """ada runs the hall, dan the salon; once they are one person, both rooms are theirs to organise."""
    bench.telegram.rooms["-100"].admins.add("dan")

    def link(tx: Transaction) -> None:
        ada, dan = (
            tx.account(platform.who(name).account, name, bench.clock.now())
            for platform, name in ((bench.matrix, "ada"), (bench.telegram, "dan"))
        )
        tx.members.merge(ada.person, dan.person, bench.clock.now())

    both = POLL.replace("--yes", "--rooms Salon,Hall --yes")
    await bench.say("ada", both, bench.hall)
    assert bench.state(1) == "draft"
    await bench.store.write(link)
    await bench.say("ada", both, bench.hall)
    assert bench.state(2) == "open"


async def test_roles_follow_a_person_to_a_linked_account(bench: Bench) -> None:
    def link(tx: Transaction) -> None:
        ana, emma = (
            tx.account(platform.who(name).account, name, bench.clock.now())
            for platform, name in ((bench.telegram, "ana"), (bench.matrix, "emma"))
        )
        tx.members.merge(emma.person, ana.person, bench.clock.now())
        tx.members.grant(Grant(1, 99, emma.person, Role.SCRUTINEER, None, bench.clock.now()))

    await bench.store.write(link)
    (told,) = await bench.say("emma", "/roles organiser")
    assert CODE.search(told)
