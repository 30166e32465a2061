"""What two associations can hold together besides a published vote: drafts, unlinked votes, debates, opinion maps; what
the minutes tell of it; and how far each one's administrators reach."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.domain.ids import Action
from bot.usecases.drawing_up import drawn_up
from tests.fakes.bench import Bench
from tests.proofs.test_life import exported, must_hold
from tests.usecases.test_joint import (
    LINDEN,
    VOTE,
    bench,
    code_of,
    invite,
    join,
    lived_through,
    rooms,
    two_associations,
)
from tests.usecases.test_minutes import items, paragraphs, section

__all__ = ["bench"]  # a fixture

DRAFT = VOTE.replace(" --yes", "")
DEBATE = (
    '/debate "Garden?" "Yes" "No" --purpose "Adopt it" --binding advice --open 3d --close 12d --final_vote yes --yes'
)
MAP = '/opinions "Garden?" "We need one" "It costs too much" --open 3d --close 9d --yes'
EACH = ("ana", "bruno", "ada", "emma")


async def held(bench: Bench, asked: str) -> None:
    """Ask it as no. 2, and let Oak hold it too."""
    await bench.say("ana", asked, bench.salon)
    assert "Linden invites Oak" in "\n".join(await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon))
    await bench.press("ada", Action("invyes", 2))


def posted(bench: Bench, word: str) -> set[str]:
    """The rooms in which something with these words was posted."""
    return {
        name for name, found in (("salon", bench.telegram.at(bench.salon)), ("hall", bench.matrix.at(bench.hall)))
        if any(word in one.plain for one in found)
    }  # fmt: skip


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_draft_can_be_shared_and_opens_once_it_is_published(bench: Bench) -> None:
    await held(bench, DRAFT)
    assert (bench.state(2), kinds_of(bench, 2)) == ("draft", ["invited", "joined"])
    await bench.pass_time(days=1)
    assert posted(bench, "Joint") == set()
    await bench.press("ana", Action("pub", 2))
    await bench.pass_time(days=3)
    assert bench.state(2) == "open"
    assert posted(bench, "Joint consultation: Linden and Oak") == {"salon", "hall"}


async def test_whoever_is_asked_about_a_draft_may_decline_or_withdraw(bench: Bench) -> None:
    await held(bench, DRAFT)
    assert "no longer holds" in "\n".join(await bench.say("ada", "/invite withdraw 2", bench.hall))
    await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon)
    await bench.say("ada", "/invite decline 2", bench.hall)
    assert kinds_of(bench, 2) == ["invited", "joined", "withdrew", "invited", "declined"]
    await bench.press("ana", Action("pub", 2))
    await bench.pass_time(days=4)
    assert (bench.state(2), posted(bench, "Joint consultation")) == ("open", set())


async def test_an_invitation_to_a_draft_that_nobody_answered_is_not_waited_for(bench: Bench) -> None:
    await bench.say("ana", DRAFT, bench.salon)
    await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon)
    await bench.pass_time(days=4)
    await bench.press("ana", Action("pub", 2))
    await bench.pass_time(minutes=5)
    assert bench.state(2) == "open"
    cards = [one.plain for one in bench.telegram.at(bench.salon) if "Before you vote · no. 2" in one.plain]
    assert cards
    assert not any("is invited to hold it too" in card for card in cards)


@pytest.mark.parametrize("act", ["/invite accept 2"])
async def test_whenever_it_dies_the_answer_about_a_draft_is_taken_once(tmp_path: Path, act: str) -> None:
    for steps in range(0, 200, 7):
        bench = await two_associations(tmp_path / f"{steps}.db")
        await bench.say("ana", DRAFT, bench.salon)
        await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon)
        died = await lived_through(bench, bench.said("ada", act, bench.hall), steps)
        assert kinds_of(bench, 2) == ["invited", "joined"]
        assert bench.state(2) == "draft"
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")


# ── unlinked ballots ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_unlinked_votes_have_one_result_for_all(bench: Bench) -> None:
    await held(bench, VOTE.replace("--yes", "--secrecy unlinked --yes"))
    await bench.pass_time(days=2)
    assert posted(bench, "There is one result only, that of all together") == {"salon", "hall"}
    await bench.pass_time(days=1)
    for name in EACH:
        await bench.say(name, "/v 2 1")
        await bench.say(name, "yes")
    told = "\n".join(await bench.pass_time(days=9))
    assert "Yes wins with 4 votes of 4" in told
    assert "One result for all associations" in told
    assert "No separate result" not in told.split("Result · ")[-1]
    assert bench.rows("SELECT * FROM organisation_sheet") == []
    files = await exported(bench, 2)
    must_hold(files)
    facts = json.loads(files["organisations.json"])
    assert (facts["rule"], [each["ballots"] for each in facts["organisations"]]) == ("whole", [None, None])


# ── debates and opinion maps ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_debate_is_one_for_both_and_so_is_the_vote_that_follows(bench: Bench) -> None:
    await held(bench, DEBATE)
    await bench.pass_time(days=2)
    assert posted(bench, "Linden moderates and concludes") == {"salon", "hall"}
    await bench.pass_time(days=3)
    for name, room in (("bruno", bench.salon), ("emma", bench.hall)):
        await bench.say(name, f"/for {name} wants it", room)
        await bench.say(name, "yes")
    assert {text for (text,) in bench.rows("SELECT text FROM wording")} == {"bruno wants it", "emma wants it"}
    await refusal(bench, "ada", "/hide 1 insult")
    assert bench.rows("SELECT DISTINCT state FROM argument") == [("published",)]
    await bench.pass_time(days=12)
    assert bench.state(2) == "certified"
    assert posted(bench, "emma wants it") == {"salon", "hall"}
    files = await exported(bench, 2)
    must_hold(files)
    assert "organisations.json" not in files
    (number,) = bench.rows("SELECT max(number) FROM consultation")[0]
    assert bench.rows("SELECT state FROM partner WHERE consultation = ?", number) == [("accepted",)]
    assert posted(bench, f"Before you vote · no. {number}") == {"salon", "hall"}


async def test_an_opinion_map_is_one_for_both(bench: Bench) -> None:
    await held(bench, MAP)
    await bench.pass_time(days=3, minutes=1)
    assert bench.state(2) == "open"
    for name in EACH:
        await bench.say(name, "/a n2 1")
        await bench.say(name, "yes")
    await bench.pass_time(days=9)
    assert bench.rows("SELECT count(DISTINCT alias) FROM opinion") == [(4,)]
    assert posted(bench, "Result · ") == {"salon", "hall"}
    must_hold(await exported(bench, 2))


# ── minutes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_minutes_tell_who_was_invited_what_they_answered_and_whom_to_turn_to(bench: Bench) -> None:
    await invite(bench)
    await bench.say("ada", "/invite decline 1", bench.hall)
    await join(bench)
    await bench.say("ada", "/invite withdraw 1", bench.hall)
    await join(bench)
    await bench.pass_time(days=13)
    written = await drawn_up(bench.store, (1,))
    assert written.organisation == "Linden and Oak"
    told = items(written, 1)
    for words in ("Oak was invited", "Oak declined", "Oak agreed", "Oak withdrew"):
        assert any(words in each for each in told), words
    assert any(re.match("Also held by Oak, whose contact is .+; its members are answered by: .+", each)
               for each in paragraphs(written, 1))  # fmt: skip
    assert "Linden and Oak" in section(written, 0).values()


async def test_the_minutes_tell_that_an_invitation_was_not_answered(bench: Bench) -> None:
    await invite(bench)
    await bench.pass_time(days=13)
    written = await drawn_up(bench.store, (1,))
    assert any("Oak didn't answer the invitation in time" in each for each in items(written, 1))
    assert written.organisation == "Linden"


# ── each to their own ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_partner_s_administrator_sees_and_changes_their_own_roll_rooms_and_nothing_else(bench: Bench) -> None:
    for who, text in (("ana", "name\nAna A\nBruno B\n"), ("ada", "name\nAda O\nEmma O\n")):
        await bench.say(who, "/roll import")
        await bench.say(who, text)
        await bench.press(who, Action("rollyes", organisation(bench, who)))
    await join(bench)
    mine = "\n".join(await bench.say("ada", "/roll a"))
    assert "Emma O" in mine
    assert "Bruno" not in mine
    line = bench.rows("SELECT id FROM member WHERE label = 'Bruno B'")[0][0]
    for act in (f"/roll suspend {line} late", f"/roll remove {line}", f"/roll code {line}"):
        await bench.say("ada", act)
    assert bench.rows("SELECT label, suspended FROM member WHERE label = 'Bruno B'") == [("Bruno B", "")]
    assert bench.rows("SELECT * FROM invitation") == []
    for act in ("/excuse 1 Salon", "/open 1", "/cancel 1 Rain", "/extend 1 2d", "/integrity 1", "/roles 1 organiser"):
        assert re.search("Only|only", await refusal(bench, "ada", act)), act
    assert bench.state() == "scheduled"
    await bench.pass_time(days=3)
    for act in ("/close 1", "/remind 1", "/extend 1 2d", "/cancel 1 Rain", "/answer 1 Done", "/integrity 1"):
        assert re.search("Only|only|can't|not", await refusal(bench, "ada", act)), act
    assert (bench.state(), rooms(bench)) == ("open", 2)
    await bench.pass_time(days=9)
    assert re.search("Only|only", await refusal(bench, "ada", "/answer 1 Done"))
    assert bench.state() == "certified"


async def refusal(bench: Bench, name: str, text: str) -> str:
    return "\n".join(await bench.say(name, text, bench.hall))


def organisation(bench: Bench, who: str) -> int:
    title = "Salon" if who in LINDEN else "Hall"
    return int(bench.rows("SELECT organisation FROM room WHERE title = ?", title)[0][0])


def kinds_of(bench: Bench, number: int) -> list[str]:
    told = ("invited", "joined", "declined", "withdrew")
    rows = bench.rows("SELECT kind FROM journal WHERE consultation = ? ORDER BY sequence", number)
    return [kind for (kind,) in rows if kind in told]
