"""`/minutes`: who may have them and when, what they tell of each kind of vote in both languages, and nobody's name."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.paper import TypstPrinter
from bot.domain.charter import RULES_VERSION
from bot.domain.ids import Action
from bot.minutes import Facts, Items, Minutes, Paragraph, Table
from bot.store import Transaction
from bot.text.card import File
from bot.usecases.drawing_up import drawn_up, minutes_files
from tests.fakes.bench import Bench, NoPress
from tests.usecases.debate.conftest import debate, debating
from tests.usecases.opinions.conftest import MATRIX_PEOPLE, TELEGRAM_PEOPLE, Opinions, hall, language, opinions

__all__ = ["debate", "debating", "hall", "language", "opinions"]  # fixtures

PEOPLE = {"ana", "bruno", "chloe", "dan", "emma", "farid", "gus", "ada"}
MOTION = (
    '/vote "Adopt the budget?" "Yes" "No" "Abstain" --purpose "the accounts" --binding decision --statutes "article 12"'
    " --quorum 2 --majority 2/3 --close 2h --yes"
)
SECTIONS = {
    "en": [
        "What was asked", "Convening and course", "Rules", "Roll, attendance and quorum", "Result", "Incidents",
        "What follows", "Proofs", "Signatures",
    ],
    "fr": [
        "Ce qui était soumis", "Convocation et déroulement", "Règles", "Inscrits, présents et quorum", "Résultat",
        "Incidents", "Suites", "Preuves", "Signatures",
    ],
}  # fmt: skip


@pytest.fixture(params=["en", "fr"])
async def club(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The association of `bench`, in each language, whose members have accepted the rules."""
    made = await Bench(tmp_path / "palabre.db", request.param).start()
    await made.meet_everyone()
    await _accept(made)
    yield made
    await made.close()


async def _accept(bench: Bench) -> None:
    def work(tx: Transaction) -> None:
        for name in ("bruno", "chloe", "dan"):
            who = bench.telegram.who(name)
            tx.set_accepted(tx.account(who.account, who.name, bench.clock.now()).id, RULES_VERSION, True)

    await bench.store.write(work)


async def held(bench: Bench, asked: str, *answers: str) -> Minutes:
    """The minutes of a vote in the salon that Bruno, Chloe and Dan answer."""
    await bench.say("ana", asked, bench.salon)
    number = bench.rows("SELECT max(number) FROM consultation")[0][0]
    for name, answer in zip(("bruno", "chloe", "dan"), answers, strict=False):
        await bench.say(name, f"/v {number} {answer}")
    await bench.pass_time(hours=3)
    return await drawn_up(bench.store, (number,))


def section(minutes: Minutes, place: int) -> Mapping[str, str]:
    """The facts of one section by their names."""
    return {
        name: words for part in minutes.sections[place].parts if isinstance(part, Facts) for name, words in part.rows
    }


def paragraphs(minutes: Minutes, place: int) -> list[str]:
    return [part.text for part in minutes.sections[place].parts if isinstance(part, Paragraph)]


def items(minutes: Minutes, place: int) -> list[str]:
    return [item for part in minutes.sections[place].parts if isinstance(part, Items) for item in part.items]


def tables(minutes: Minutes, place: int) -> list[Table]:
    return [part for part in minutes.sections[place].parts if isinstance(part, Table)]


async def test_a_motion_with_a_quorum_is_told_section_by_section(club: Bench) -> None:
    minutes = await held(club, MOTION, "1", "1", "3")
    french = club.language == "fr"
    assert [one.title for one in minutes.sections] == SECTIONS[club.language]
    assert {one.level for one in minutes.sections} == {2}
    asked = list(section(minutes, 0).values())
    assert asked[0] == "Octet"
    assert asked[2:4] == ["Adopt the budget?", "the accounts"]
    assert "article 12" in asked[4]
    assert items(minutes, 0) == ["1. Yes", "2. No", "3. Abstain"]
    opened, closed = items(minutes, 1)[-2:]
    assert ("ouverture" in opened and "clôture" in closed) if french else ("opened" in opened and "closed" in closed)
    assert all("2026" in each and "(Paris)" in each for each in items(minutes, 1))
    assert section(minutes, 1)["Salons" if french else "Rooms"] == "Salon (telegram)"
    figures = list(section(minutes, 3).values())
    assert figures[1:5] == ["3", "0", "3", "1"]  # present, represented, voters, blanks and abstentions
    assert figures[5].endswith("atteint" if french else "reached")
    assert tables(minutes, 4)[0].rows == (("1. Yes", "2"), ("2. No", "0"), ("3. Abstain", "1"))
    assert minutes.sections[4].parts[0] == Paragraph(
        "Adopté : Yes 2, No 0." if french else "Passed: Yes 2, No 0.", strong=True
    )
    (signed,) = tables(minutes, 8)
    assert signed.signed
    assert [row[1:] for row in signed.rows] == [("", "", "")] * 4


async def test_what_was_posted_before_the_opening_is_repeated_word_for_word(club: Bench) -> None:
    minutes = await held(club, MOTION, "1", "1")
    posted = "\n".join(one.plain for one in club.telegram.at(club.salon))
    method, *_ = items(minutes, 2)
    assert method in posted


async def test_digests_are_those_that_the_database_has(club: Bench) -> None:
    minutes = await held(club, MOTION, "1", "1")
    told = list(section(minutes, 7).values())
    heads = dict(club.rows("SELECT kind, hash FROM journal WHERE consultation = 1"))
    (facts,) = club.rows("SELECT facts FROM journal WHERE consultation = 1 AND kind = 'opened'")
    assert told[0] == json.loads(facts[0])["definition"]
    assert told[3:5] == [heads["opened"], heads["closed"]]


async def test_a_missed_quorum_is_told(club: Bench) -> None:
    minutes = await held(club, MOTION, "1")
    assert list(section(minutes, 3).values())[5].endswith("non atteint" if club.language == "fr" else "not reached")


STV = (
    '/vote "Who sits?" "Ann" "Ben" "Cid" "Dee" --purpose "the board" --binding advice --ballot ranking --method stv'
    " --seats 2 --tie first --close 2h --yes"
)


async def test_an_election_by_transfers_is_told_round_by_round(club: Bench) -> None:
    minutes = await held(club, STV, "1>2>3", "1>3", "2>1>4")
    assert tables(minutes, 4) == []
    rounds = items(minutes, 4)
    assert len(rounds) >= 2
    assert "quota" in rounds[0]
    assert all(name in minutes.sections[4].parts[0].text for name in ("Ann", "Ben"))  # type: ignore[union-attr]


async def test_a_judgment_is_told_with_its_grades(club: Bench) -> None:
    asked = '/poll "Which?" "Hall" "Fair" --ballot judgment --close 2h --yes'
    minutes = await held(club, asked, "1=1 2=3", "1=2 2=2", "1=1 2=6")
    assert any("Hall" in step for step in items(minutes, 4))
    assert ("Passable" if club.language == "fr" else "Acceptable") in "\n".join(items(minutes, 4))


async def test_a_budget_is_told_with_its_projects(club: Bench) -> None:
    asked = '/budget "For 2027?" "Stand: 300" "Garden: 1200" "Radio: 900" --amount 2000 --close 2h --yes'
    minutes = await held(club, asked, "1,2", "2", "1,3")
    told = repr(minutes.sections[4])
    assert all(name in told for name in ("Stand", "Garden", "Radio"))
    assert items(minutes, 4)


async def test_reasons_are_told_without_whose_they_are(club: Bench) -> None:
    asked = '/vote "Move the fair?" --purpose "the fair" --binding advice --close 2h --ballot consent --yes'
    minutes = await held(club, asked, "agree" if club.language == "en" else "oui", "3: exams")
    assert "exams" in repr(minutes.sections[4])
    assert "chloe" not in repr(minutes).casefold()


async def test_a_public_vote_names_nobody_either(club: Bench) -> None:
    asked = '/poll "Where?" "Café" "Park" --secrecy public --close 2h --yes'
    minutes = await held(club, asked, "1", "2", "2")
    assert not set(re.findall(r"\w+", repr(minutes).casefold())) & PEOPLE


async def test_what_disturbed_it_is_told_with_how_long_the_bot_was_away(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Café" "Park" --close 2h --yes', bench.salon)
    await bench.say("ana", "/extend 1 4h", bench.salon)
    bench.clock.move(timedelta(hours=1))
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.pass_time(hours=12)
    minutes = await drawn_up(bench.store, (1,))
    assert any("extended by an organiser" in each for each in items(minutes, 1))
    (gone,) = items(minutes, 5)
    assert "had been away (1 hour)" in gone
    assert paragraphs(minutes, 5) == ["The bot was away for 1 hour in all."]


async def test_a_tie_and_the_reason_of_its_decision_are_told(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Café" "Park" --close 2h --yes', bench.salon)
    await bench.vote("bruno", 1, 1)
    await bench.vote("chloe", 1, 2)
    await bench.pass_time(hours=3)
    await bench.press("ana", Action("tie", 1, "2"))
    await bench.say("ana", "it is closer")
    minutes = await drawn_up(bench.store, (1,))
    assert any("decided by the organisers for Park. Reason: it is closer" in each for each in paragraphs(minutes, 4))


async def test_the_answer_is_told(bench: Bench) -> None:
    await held(bench, '/poll "Where?" "Café" "Park" --close 2h --yes', "1")
    await bench.say("ana", "/answer 1 We go to the café.", bench.salon)
    minutes = await drawn_up(bench.store, (1,))
    assert "Answer published: We go to the café." in paragraphs(minutes, 6)


async def test_a_result_that_was_contested_says_so_and_when_it_became_final(bench: Bench) -> None:
    await held(bench, '/poll "Where?" "Café" "Park" --close 2h --contest 1d --yes', "1")
    before = await drawn_up(bench.store, (1,))
    assert "the result is provisional" in before.notice[0]
    await bench.say("bruno", "/contest 1 The roll is wrong")
    await bench.say("ana", "/contest 1 note 1 it changes nothing")
    await bench.pass_time(days=2)
    minutes = await drawn_up(bench.store, (1,))
    assert "the result is final" in minutes.notice[0]
    received, decided = items(minutes, 5)
    assert "no. 1 received" in received
    assert "The roll is wrong" in decided
    assert "it changes nothing" in decided
    assert "bruno" not in repr(minutes).casefold()
    assert any("the result became final" in each for each in items(minutes, 1))


async def test_a_debate_is_told_by_its_conclusion(debate: Bench) -> None:
    await debate.say("ana", "/for Fresh air is good for us", debate.salon)
    await debate.say("ana", "/close 1", debate.salon)
    await debate.pass_time(days=30)
    minutes = await drawn_up(debate.store, (1,))
    assert any("Fresh air is good for us" in each for each in paragraphs(minutes, 4))


async def test_an_opinion_map_is_told_by_its_groups(opinions: Opinions) -> None:
    ones, others = "aadddapa", "addaadda"
    await opinions.answers(dict.fromkeys(TELEGRAM_PEOPLE, ones) | dict.fromkeys(MATRIX_PEOPLE, others))
    await opinions.pass_time(days=3)
    minutes = await drawn_up(opinions.store, (1,))
    assert any("8" in each for each in paragraphs(minutes, 4))
    assert not any("/" in each for each in paragraphs(minutes, 4))


async def test_the_same_consultation_gives_the_same_bytes(poll: Bench) -> None:
    await poll.vote("bruno", 1, 2)
    await poll.pass_time(hours=3)
    first = await minutes_files(poll.store, NoPress(), 1)
    await poll.pass_time(days=2)
    assert await minutes_files(poll.store, NoPress(), 1) == first


async def test_a_hostile_title_reaches_paper_as_it_was_typed(club: Bench) -> None:
    minutes = await held(club, '/poll "<b>#emph[x]</b> `$|$` 🍕?" "*Café*" "# Park" --close 2h --yes', "1")
    assert minutes.subtitle == "<b>#emph[x]</b> `$|$` 🍕?"
    files = await minutes_files(club.store, TypstPrinter(), 1)
    assert files["minutes.pdf"].startswith(b"%PDF-1.7")
    assert "&lt;b&gt;#emph[x]&lt;/b&gt; `$|$` 🍕?" in files["minutes.html"].decode()
    assert "<b>" not in files["minutes.html"].decode()
    assert "\n# Park" not in files["minutes.md"].decode()
    assert files == await minutes_files(club.store, TypstPrinter(), 1)


# ── who asks, where and when ─────────────────────────────────────────────────────────────────────────────────────────


def files_at(bench: Bench, private: str = "") -> list[File]:
    room = bench.telegram.chat(private) if private else bench.salon
    return [one.card.file for one in bench.telegram.at(room) if one.card.file is not None]


async def test_anyone_in_the_room_gets_them_once_there_and_in_private_each_time(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    (said,) = await poll.say("chloe", "/minutes 1", poll.salon)
    assert "draft minutes" in said
    (again,) = await poll.say("bruno", "/pv 1", poll.salon)
    assert "in this room already" in again
    (file,) = files_at(poll)
    assert (file.name, file.mime) == ("minutes-1.pdf", "application/pdf")
    for _ in range(2):
        await poll.say("bruno", "/pv 1")
    assert files_at(poll, "bruno") == [file, file]


async def test_a_room_gets_them_anew_when_they_tell_more(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    await poll.say("chloe", "/minutes 1 md", poll.salon)
    await poll.say("ana", "/answer 1 We go.", poll.salon)
    await poll.say("chloe", "/minutes 1 md", poll.salon)
    before, after = files_at(poll)
    assert b"We go" not in before.data
    assert b"We go" in after.data


async def test_each_form_can_be_asked_for(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    await poll.say("bruno", "/minutes 1 html")
    await poll.say("bruno", "/minutes #1 MD")
    page, text = files_at(poll, "bruno")
    assert (page.name, page.mime, text.name, text.mime) == (
        "minutes-1.html", "text/html", "minutes-1.md", "text/markdown",
    )  # fmt: skip
    assert page.data.startswith(b"<!doctype html>")
    assert text.data.startswith(b"# Minutes")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/minutes 1", "has not ended"),
        ("/minutes", "number"),
        ("/minutes 1 soon", "couldn't tell"),
        ("/minutes 1 99999999999999999999", "couldn't tell"),
        ("/minutes " + " ".join("1" * 30), "couldn't tell"),
    ],
)
async def test_what_can_t_be_given_is_refused_with_what_to_do(poll: Bench, asked: str, said: str) -> None:
    told = await poll.say("bruno", asked)
    assert any(said in each for each in told)
    assert files_at(poll, "bruno") == []


async def test_a_cancelled_consultation_has_no_minutes(poll: Bench) -> None:
    await poll.say("ana", "/cancel 1 wrong room", poll.salon)
    (said,) = await poll.say("bruno", "/minutes 1")
    assert "was cancelled" in said
    assert files_at(poll, "bruno") == []


async def test_a_stranger_learns_nothing(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    said = await poll.say("emma", "/minutes 1", poll.hall)
    unknown = await poll.say("emma", "/minutes 77", poll.hall)
    assert [one.replace("77", "1") for one in unknown] == said


async def test_an_assembly_has_one_document(bench: Bench) -> None:
    for question in ("Adopt the accounts?", "Adopt the budget?"):
        await bench.say("ana", MOTION.replace("Adopt the budget?", question), bench.salon)
    await bench.pass_time(hours=3)
    minutes = await drawn_up(bench.store, (2, 1))
    assert [one.title for one in minutes.sections if one.level == 2] == [
        "No. 2 · Adopt the budget?", "No. 1 · Adopt the accounts?", "Signatures",
    ]  # fmt: skip
    assert [one.title for one in minutes.sections if one.level == 3] == SECTIONS["en"][:-1] * 2
    await bench.say("bruno", "/minutes 2 1 2")
    (file,) = files_at(bench, "bruno")
    assert file.name == "minutes-2-1.pdf"


async def test_votes_of_different_days_are_not_put_together(bench: Bench) -> None:
    await held(bench, MOTION, "1")
    await bench.pass_time(days=1)
    await held(bench, MOTION, "1")
    (said,) = await bench.say("bruno", "/minutes 1 2")
    assert "same day" in said
    assert files_at(bench, "bruno") == []
