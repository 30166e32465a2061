"""Unlinked ballots: sealed as they are cast, changed by their codes alone, opened together at the closing."""

from __future__ import annotations

import re
from asyncio import gather
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import Action
from bot.domain.sealed import grouped, new_code, receipt_of
from bot.text.card import Button
from bot.usecases.bundle import bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.fakes.platforms import Posted

VOTE = (
    '/vote "Which project?" "Hall" "Festival" "Garden" --purpose x --binding advice --close 2h '
    "--secrecy unlinked --rooms Salon,Hall --yes"
)
CODE = re.compile(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}")


@pytest.fixture
async def unlinked(bench: Bench) -> Bench:
    """… with an open unlinked vote, number 1, in both rooms."""
    await bench.say("ana", VOTE, bench.salon)
    assert bench.state() == "open"
    return bench


def keys(bench: Bench) -> list[Path]:
    return sorted(bench.database.with_name("keys").glob("*"))


def last(bench: Bench, name: str) -> Posted:
    platform = bench.platform_of(name)
    return platform.at(platform.chat(name))[-1]


def button(posted: Posted, label: str) -> Button:
    (found,) = [each for row in posted.card.buttons for each in row if label in each.label]
    return found


async def touch(bench: Bench, name: str, label: str, key: str = "") -> str:
    """Press the button of that label on the last private message; the toast."""
    on = last(bench, name)
    pressed = replace(bench.pressed(name, button(on, label).action, key=key), post=on.ref)
    return (await bench.do(pressed)).toast


async def cast(bench: Bench, name: str, typed: str, code: str = "") -> str:
    """Vote by text in private; the code."""
    (review, *_) = await bench.say(name, f"/v 1 {typed} {code}")
    shown = CODE.search(review)
    assert shown is not None, review
    assert "Recorded" in " ".join(told := await bench.say(name, "yes")) or "Changed" in " ".join(told), told
    return shown[0]


async def end(bench: Bench) -> str:
    """Let it close; the result in the salon."""
    await bench.pass_time(hours=3)
    assert bench.state() == "certified"
    return next(one.plain for one in reversed(bench.telegram.at(bench.salon)) if "Result" in one.plain)


def sheet(bench: Bench) -> dict[str, int]:
    return dict(bench.rows("SELECT choice, count FROM sheet WHERE consultation = 1"))


async def test_a_ballot_by_touch_is_sealed_and_counted_once_it_is_confirmed(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("bruno", "/start v-1")
    await touch(bench, "bruno", "2. Festival")
    assert bench.rows("SELECT * FROM sealed_ballot") == []
    review = last(bench, "bruno")
    assert "Festival" in review.plain
    assert CODE.search(review.plain)
    assert "sealed" in await touch(bench, "bruno", "Confirm")
    assert "Festival" not in last(bench, "bruno").plain  # what was chosen is seen no more
    assert "1 voter" in bench.telegram.at(bench.salon)[-1].plain
    assert bench.rows("SELECT choice FROM ballot") == []
    assert "Festival" in await end(bench)
    assert sheet(bench) == {"2": 1}


async def test_the_key_lives_as_long_as_the_vote_and_out_of_the_database(unlinked: Bench) -> None:
    bench = unlinked
    (key,) = keys(bench)
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert key.read_bytes() not in bench.database.read_bytes()
    await cast(bench, "bruno", "1")
    await end(bench)
    assert keys(bench) == []
    assert bench.rows("SELECT * FROM sealed_ballot") == []


async def test_a_second_ballot_takes_the_code_of_the_first(unlinked: Bench) -> None:
    bench = unlinked
    code = await cast(bench, "bruno", "1")
    assert "already voted" in "".join(await bench.say("bruno", "/v 1 2"))
    assert "have voted" in "".join(await bench.say("bruno", "/v 1"))
    assert await cast(bench, "bruno", "3", code) == code
    await end(bench)
    assert sheet(bench) == {"3": 1}


async def test_a_code_opens_a_paper_for_its_ballot(unlinked: Bench) -> None:
    bench = unlinked
    code = await cast(bench, "bruno", "1")
    await bench.say("bruno", f"/v 1 {code.lower()}")
    await touch(bench, "bruno", "2. Festival")
    assert "replaces" in await touch(bench, "bruno", "Confirm")
    await end(bench)
    assert sheet(bench) == {"2": 1}


async def test_a_ballot_withdrawn_with_its_code_leaves_a_right_to_vote(unlinked: Bench) -> None:
    bench = unlinked
    code = await cast(bench, "bruno", "1")
    assert "already voted" in "".join(await bench.say("bruno", "/v 1 -"))
    assert "withdrawn" in "".join(await bench.say("bruno", f"/v 1 - {code}"))
    assert bench.rows("SELECT * FROM sealed_ballot") == []
    await cast(bench, "bruno", "2")
    await end(bench)
    assert sheet(bench) == {"2": 1}


async def test_somebody_elses_code_is_of_no_use(unlinked: Bench) -> None:
    bench = unlinked
    code = await cast(bench, "bruno", "1")
    await cast(bench, "chloe", "2")
    for name in ("chloe", "dan", "emma"):
        assert "No ballot of yours" in "".join(await bench.say(name, f"/v 1 3 {code}"))
        assert "No ballot of yours" in "".join(await bench.say(name, f"/v 1 - {code}"))
    await end(bench)
    assert sheet(bench) == {"1": 1, "2": 1}


async def test_codes_can_be_tried_ten_times_a_day(unlinked: Bench) -> None:
    bench = unlinked
    code = await cast(bench, "bruno", "1")
    for _ in range(10):
        assert "No ballot of yours" in "".join(await bench.say("bruno", f"/v 1 3 {grouped(new_code())}"))
    assert "No ballot of yours" not in "".join(await bench.say("bruno", f"/v 1 3 {code}"))
    await end(bench)
    assert sheet(bench) == {"1": 1}


async def test_confirming_again_changes_nothing(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("bruno", "/v 1 1")
    review = last(bench, "bruno")
    confirm = button(review, "Confirm").action
    assert "Recorded" in await bench.press("bruno", confirm, key="bench:once")
    assert "already" in await bench.press("bruno", confirm, key="bench:once")
    assert "already" in await bench.press("bruno", confirm)
    assert bench.rows("SELECT count(*) FROM sealed_ballot") == [(1,)]


async def test_a_restart_loses_the_draft_and_says_so_but_never_the_ballot(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("bruno", "/v 1 1")
    confirm = button(last(bench, "bruno"), "Confirm").action
    bench.app = bench.assembled()
    await bench.app.start()
    assert "draft is gone" in await bench.press("bruno", confirm)
    assert bench.rows("SELECT * FROM sealed_ballot") == []
    await bench.say("bruno", "/v 1 1")
    confirm = button(last(bench, "bruno"), "Confirm").action
    await bench.press("bruno", confirm)
    bench.app = bench.assembled()
    await bench.app.start()
    assert "already" in await bench.press("bruno", confirm)


async def test_a_yes_that_a_crash_cut_off_is_told_as_recorded(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("emma", "/v 1 1")
    yes = bench.said("emma", "yes")
    await bench.do(yes)
    bench.app = bench.assembled()
    await bench.app.start()
    before = bench.count()
    await bench.do(yes)
    assert "already" in bench.since(before)[-1].plain
    assert bench.rows("SELECT count(*) FROM sealed_ballot") == [(1,)]


async def test_a_stale_review_casts_nothing(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("bruno", "/start v-1")
    await touch(bench, "bruno", "1. Hall")
    confirm = button(last(bench, "bruno"), "Confirm").action
    await touch(bench, "bruno", "Correct")
    await touch(bench, "bruno", "2. Festival")
    assert "changed" in await bench.press("bruno", confirm)
    assert bench.rows("SELECT * FROM sealed_ballot") == []


async def test_nothing_is_taken_in_a_room(unlinked: Bench) -> None:
    bench = unlinked
    assert "in private" in await bench.vote("bruno", 1, 1)
    await bench.say("bruno", "/v 1 1", bench.salon)
    await bench.say("emma", "1", bench.hall, reply_to=bench.matrix.at(bench.hall)[-1].ref)
    assert bench.rows("SELECT * FROM sealed_ballot") == []
    assert bench.rows("SELECT * FROM ballot") == []
    card = bench.telegram.at(bench.salon)[-1].card
    assert not [each for row in card.buttons for each in row if each.action and each.action.verb == "v"]


async def test_without_its_key_a_vote_waits_and_its_author_is_told(unlinked: Bench) -> None:
    bench = unlinked
    await cast(bench, "bruno", "2")
    (key,) = keys(bench)
    secret = key.read_bytes()
    key.unlink()
    assert "key" in "".join(await bench.say("chloe", "/v 1 1") + await bench.say("chloe", "yes"))
    told = await bench.pass_time(hours=3)
    assert bench.state() == "open"
    assert any("can't be counted" in words for words in told)
    assert "key" in "".join(await bench.say("ana", "/close 1", bench.salon))
    key.write_bytes(secret)
    await bench.pass_time(minutes=6)
    assert bench.state() == "certified"
    assert sheet(bench) == {"2": 1}


async def test_a_cancelled_vote_opens_nothing(unlinked: Bench) -> None:
    bench = unlinked
    await cast(bench, "bruno", "2")
    await bench.say("ana", "/cancel 1 wrong wording", bench.salon)
    assert bench.state() == "cancelled"
    assert keys(bench) == []
    assert bench.rows("SELECT * FROM sealed_ballot") == sorted(sheet(bench)) == []


async def test_a_key_that_a_crash_left_behind_is_destroyed_at_the_start(unlinked: Bench) -> None:
    bench = unlinked
    await cast(bench, "bruno", "2")
    (key,) = keys(bench)
    secret = key.read_bytes()
    await end(bench)
    key.write_bytes(secret)  # as if the program had died between the commit and the destruction
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()
    assert keys(bench) == []


@pytest.mark.parametrize("receipt", ["inclusion", "choice", "none"])
async def test_a_code_shows_after_the_closing_what_was_declared(bench: Bench, receipt: str) -> None:
    await bench.say("ana", VOTE.replace("--yes", f"--receipt {receipt} --yes"), bench.salon)
    code = await cast(bench, "bruno", "2")
    assert "Yes" not in "".join(await bench.say("bruno", f"/verify {code}"))
    await end(bench)
    assert "for a room" in "".join(await bench.say("bruno", f"/verify {code}", bench.salon))
    told = "".join(await bench.say("gus", f"/verify {code.replace('-', ' ').lower()}"))
    assert ("was counted" in told) is (receipt != "none")
    assert ("Festival" in told) is (receipt == "choice")
    assert "No closed vote" in "".join(await bench.say("gus", f"/verify {grouped(new_code())}"))


@pytest.mark.parametrize(
    ("keys_", "refusal"),
    [
        ("--results live", "sealed until the closing"),
        ("--early 1h", "sealed until the closing"),
        ('--quorum 3 --if_no_quorum "extend 2 days"', "sealed until the closing"),
        ("--ballot consent", "neither with a consent ballot"),
    ],
)
async def test_what_an_unlinked_vote_cannot_do_is_refused_by_name(bench: Bench, keys_: str, refusal: str) -> None:
    options = '"Hall" "Festival" "Garden" ' if "consent" not in keys_ else ""
    words = VOTE.replace('"Hall" "Festival" "Garden" ', options).replace("--yes", f"{keys_} --yes")
    assert refusal in "".join(await bench.say("ana", words, bench.salon))


async def test_receipts_are_not_for_public_votes(bench: Bench) -> None:
    words = VOTE.replace("--secrecy unlinked", "--secrecy public --receipt inclusion")
    assert "nobody needs a code" in "".join(await bench.say("ana", words, bench.salon))


@pytest.mark.parametrize("ballot", ["approval", "ranking", "score", "judgment", "points"])
async def test_every_ballot_can_be_sealed(bench: Bench, ballot: str) -> None:
    await bench.say("ana", VOTE.replace("--yes", f"--ballot {ballot} --yes"), bench.salon)
    typed = {"approval": ("1,3", "2"), "ranking": ("2>1>3", "3"), "judgment": ("1:1 2:2", "3:1")}
    typed |= {"score": ("1=5 2=3", "3=1"), "points": ("1=3 2=7", "3=10")}
    for name, words in zip(("bruno", "emma"), typed[ballot], strict=True):
        await bench.say(name, "/v 1")
        await cast(bench, name, words)
    lengths = {length for (length,) in bench.rows("SELECT length(sealed) FROM sealed_ballot")}
    assert len(lengths) == 1
    await end(bench)
    assert sum(sheet(bench).values()) == 2


async def test_reminders_leave_those_alone_who_voted(unlinked: Bench) -> None:
    bench = unlinked
    await cast(bench, "emma", "2")

    def waiting(tx: Any) -> list[str]:
        return [account.id for account in tx.non_voters(1)]

    assert "emma" not in await bench.store.read(waiting)
    assert "farid" in await bench.store.read(waiting)


async def test_a_ballot_sent_by_somebody_who_is_not_on_the_roll_is_refused(unlinked: Bench) -> None:
    bench = unlinked
    bench.telegram.room("-200", "Elsewhere", "zoe")
    told = "".join(await bench.say("zoe", "/v 1 1") + await bench.say("zoe", "yes"))
    assert "Recorded" not in told
    assert bench.rows("SELECT * FROM sealed_ballot") == []


async def test_a_button_with_a_forged_code_changes_nothing(unlinked: Bench) -> None:
    bench = unlinked
    for argument in ("", "AAA", f"{new_code()}.abcdef01", "..", "x" * 40):
        await bench.press("bruno", Action("sv", 1, argument))
    assert bench.rows("SELECT * FROM sealed_ballot") == []


@pytest.mark.parametrize("receipt", ["inclusion", "choice"])
async def test_a_bundle_has_the_receipts_and_verifies(bench: Bench, receipt: str) -> None:
    await bench.say("ana", VOTE.replace("--yes", f"--receipt {receipt} --yes"), bench.salon)
    codes = {name: await cast(bench, name, option) for name, option in (("bruno", "2"), ("emma", "1"), ("gus", "2"))}
    await end(bench)
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    lines = files["receipts.csv"].decode().split()
    shown = {receipt_of(code.replace("-", "")): name for name, code in codes.items()}
    assert lines[0] == "receipt,ballot"
    assert lines[1:] == sorted(lines[1:])
    assert {line.split(",")[0] for line in lines[1:]} == set(shown)
    choices = {shown[line.split(",")[0]]: line.split(",")[1] for line in lines[1:]}
    expected = {"bruno": "2", "emma": "1", "gus": "2"} if receipt == "choice" else dict.fromkeys(codes, "")
    assert choices == expected
    assert verify(files).holds


async def test_however_often_and_from_whichever_account_one_votes_once(unlinked: Bench) -> None:
    """Two linked accounts on both platforms, each with a review of its own, confirm again and again at once."""
    bench = unlinked

    def link(tx: Any) -> None:
        one, other = (tx.find_account(bench.platform_of(name).who(name).account) for name in ("gus", "zoe"))
        tx.members.merge(one.person, other.person, bench.clock.now())

    bench.telegram.room("-200", "Elsewhere", "zoe")
    await bench.say("zoe", "/help")
    await bench.store.write(link)
    for name, option in (("gus", "1"), ("zoe", "2")):
        assert CODE.search("".join(await bench.say(name, f"/v 1 {option}")))
    confirm = button(last(bench, "zoe"), "Confirm").action
    acts = [bench.said("gus", "yes") for _ in range(50)] + [bench.pressed("zoe", confirm) for _ in range(50)]
    await gather(*(bench.app(act) for act in acts))
    assert bench.rows("SELECT count(*) FROM sealed_ballot") == [(1,)]
    assert bench.rows("SELECT count(*) FROM voting_right WHERE used") == [(1,)]
    await end(bench)
    assert sum(sheet(bench).values()) == 1


async def test_a_yes_to_something_else_seals_nothing(unlinked: Bench) -> None:
    bench = unlinked
    await bench.say("bruno", "/v 1 1")
    await bench.say("bruno", "/poll")  # in private: the bot asks for what is missing
    await bench.say("bruno", "yes")
    assert bench.rows("SELECT * FROM sealed_ballot") == []
