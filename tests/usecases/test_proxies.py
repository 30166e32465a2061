"""Votes cast in another's place, between the two sides: the code, the acceptance, the ballot, the giver's last word."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.canonical import canonical
from bot.domain.charter import RULES_VERSION
from bot.domain.ids import Action
from bot.usecases.bundle import bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.proofs.programs import program
from tests.usecases.test_joint import VOTE as JOINT
from tests.usecases.test_joint import lived_through, two_associations
from tests.usecases.test_linking import link
from tests.usecases.test_rolls import claim, codes, import_list

CODE = re.compile(r"\b[0-9A-F]{4}(?:-[0-9A-F]{4}){3}\b")
RECEIPT = re.compile(r"\b[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}\b")
VOTE = (
    '/vote "Which project?" "Hall" "Festival" --purpose "to choose" --binding advice --close 2h --rooms Salon,Hall'
    " --proxies 1 --yes"
)
EVERYONE = ("ana", "bruno", "chloe", "dan", "ada", "emma", "farid", "gus")


async def open_vote(bench: Bench, asked: str = VOTE) -> Bench:
    """A formal vote in both rooms, number 1, by people who have accepted the rules."""

    def accept(tx: Any) -> None:
        for name in EVERYONE:
            who = bench.platform_of(name).who(name)
            tx.set_accepted(tx.account(who.account, who.name, bench.clock.now()).id, RULES_VERSION, True)

    await bench.store.write(accept)
    await bench.say("ana", asked, bench.salon)
    return bench


@pytest.fixture
async def two(bench: Bench) -> Bench:
    """… open now, one proxy each."""
    await open_vote(bench)
    assert bench.state() == "open"
    return bench


@pytest.fixture(params=["sqlite", "postgres"])
async def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """… on each database."""
    url = request.getfixturevalue("ready_postgres") if request.param == "postgres" else ""
    made = await Bench(tmp_path / "palabre.db", url=url).start()
    await made.meet_everyone()
    await open_vote(made)
    yield made
    await made.close()


async def code_of(bench: Bench, who: str, what: str = "1") -> str:
    """The code by which this person's vote can be taken."""
    found = CODE.search("\n".join(await bench.say(who, f"/proxy {what}")))
    assert found is not None
    return found[0]


async def take(bench: Bench, holder: str, code: str) -> str:
    """Bring the code and accept; everything that was said."""
    before = bench.count()
    await bench.say(holder, f"/proxy {code}")
    if bench.platform_of(holder).buttons:
        await bench.press(holder, Action("pxyes", 0, code))
    else:
        await bench.say(holder, "1")
    return "\n".join(one.plain for one in bench.since(before))


async def give(bench: Bench, giver: str, holder: str, what: str = "1") -> str:
    return await take(bench, holder, await code_of(bench, giver, what))


async def told(bench: Bench, who: str, text: str) -> str:
    return "\n".join(await bench.say(who, text))


async def at(bench: Bench, who: str) -> str:
    """All that this person was told in private."""
    platform = bench.platform_of(who)
    return "\n".join(one.plain for one in platform.at(platform.chat(who)))


async def tally(bench: Bench, number: int = 1) -> dict[Any, int]:
    return dict(await bench.store.read(lambda tx: tx.tally(number)))


async def by_proxy(bench: Bench, number: int = 1) -> int:
    return await bench.store.read(lambda tx: tx.proxies.counted(number))


def person(bench: Bench, name: str) -> int:
    return int(bench.rows("SELECT person FROM account WHERE ref LIKE ?", f"%:{name}")[0][0])


# ── giving and taking ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("giver", "holder"), [("bruno", "emma"), ("emma", "bruno"), ("bruno", "chloe")])
async def test_a_vote_is_given_by_a_code_and_both_see_one_anothers_name(two: Bench, giver: str, holder: str) -> None:
    code = await code_of(two, giver)
    asked = await told(two, holder, f"/proxy {code}")
    assert f"{giver.capitalize()} asks you to vote in their place" in asked
    assert two.rows("SELECT holder FROM proxy") == [(None,)]
    said = await take(two, holder, code)
    assert f"{holder.capitalize()} has accepted to vote in your place" in said
    assert f"you vote for {giver.capitalize()}" in said
    assert await two.store.read(lambda tx: tx.owed()) == []


async def test_in_a_room_the_code_is_told_in_private_and_one_typed_there_is_worth_nothing(two: Bench) -> None:
    before = two.count()
    await two.say("bruno", "/proxy 1", two.salon)
    assert not any(CODE.search(one.plain) for one in two.since(before) if one.ref.room == two.salon)
    code = CODE.search(await at(two, "bruno"))
    assert code is not None
    assert "The whole group has read this code" in "\n".join(await two.say("chloe", f"/proxy {code[0]}", two.salon))
    assert two.rows("SELECT * FROM proxy") == []
    assert "Nobody took your proxy" in await at(two, "bruno")
    assert "I don't know this code" in await told(two, "emma", f"/proxy {code[0]}")


async def test_a_link_of_the_platform_brings_the_code(two: Bench) -> None:
    code = await code_of(two, "bruno")
    assert "Bruno asks you" in await told(two, "chloe", f"/start proxy-{code}")
    assert "somebody" in (await told(two, "dan", "/start proxy-1")).casefold()


async def test_codes_work_once_and_wrong_ones_are_counted(two: Bench) -> None:
    code = await code_of(two, "bruno")
    other = await code_of(two, "bruno")
    assert "I don't know this code" in await told(two, "chloe", f"/proxy {code}")
    await take(two, "chloe", other)
    assert "used already" in await told(two, "emma", f"/proxy {other}")
    assert "you vote for Bruno" in await told(two, "chloe", f"/proxy {other}")
    assert "your own code" in await told(two, "dan", f"/proxy {await code_of(two, 'dan')}")
    for _ in range(12):
        last = await told(two, "gus", "/proxy AAAA-BBBB-CCCC-DDDD")
    assert "Too many wrong codes" in last
    assert two.rows("SELECT sum(count) FROM wrong_code")[0][0] >= 12


async def test_declining_voids_the_code_and_says_nothing_of_who_declined(two: Bench) -> None:
    code = await code_of(two, "bruno")
    await two.say("chloe", f"/proxy {code}")
    await two.press("chloe", Action("pxno", 0, code))
    said = await at(two, "bruno")
    assert "Nobody took your proxy" in said
    assert "Chloe" not in said
    await two.press("chloe", Action("pxyes", 0, code))
    assert two.rows("SELECT * FROM proxy") == []


async def test_the_same_message_again_changes_nothing(two: Bench) -> None:
    code = await code_of(two, "bruno")
    accepting = two.pressed("chloe", Action("pxyes", 0, code))
    for _ in range(3):
        await two.do(accepting)
    typed = two.said("chloe", "/v 1 for Bruno: 1")
    for _ in range(3):
        await two.do(typed)
    assert (await tally(two), await by_proxy(two)) == ({(1,): 1}, 1)
    await two.say("dan", "/proxy 1")
    revoking = two.said("dan", "/proxy 1 revoke")
    for _ in range(3):
        await two.do(revoking)
    assert len(two.rows("SELECT * FROM proxy")) == 1
    assert (await at(two, "bruno")).count("has accepted to vote in your place") == 1


@pytest.mark.parametrize("answer", ["1", "2"])
async def test_without_buttons_the_answer_is_a_number(two: Bench, answer: str) -> None:
    code = await code_of(two, "farid")
    await two.say("emma", f"/proxy {code}")
    await two.say("emma", answer)
    assert [row[0] is not None for row in two.rows("SELECT holder FROM proxy")] == ([True] if answer == "1" else [])


async def test_whoever_gave_or_holds_a_vote_is_one_side_only(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    assert "you also vote for 1 person" in await told(two, "chloe", "/proxy 1")  # holds: nothing to give
    third = await code_of(two, "emma")
    assert "You gave your vote away" in await told(two, "bruno", f"/proxy {third}")
    assert "at most 1 proxy" in await told(two, "chloe", f"/proxy {third}")
    await two.press("chloe", Action("pxyes", 0, third))
    assert len(two.rows("SELECT * FROM proxy WHERE holder IS NOT NULL")) == 1


async def test_a_code_made_before_one_held_somebody_elses_vote_is_of_no_use(two: Bench) -> None:
    mine = await code_of(two, "bruno")
    await give(two, "emma", "bruno")
    assert "never passed on" in await told(two, "chloe", f"/proxy {mine}")


async def test_only_those_who_vote_give_and_hold(bench: Bench) -> None:
    bench.telegram.rooms["-100"].members.add("zoe")
    await open_vote(bench)
    code = await code_of(bench, "bruno")
    await bench.say("zoe", "/help")
    bench.telegram.rooms["-100"].members.remove("zoe")
    assert "only members of the group vote here" in await told(bench, "zoe", f"/proxy {code}")
    await bench.press("zoe", Action("pxyes", 0, code))
    assert bench.rows("SELECT holder FROM proxy") == [(None,)]
    assert not CODE.search(await told(bench, "zoe", "/proxy 1"))


async def test_two_who_accept_at_once_with_one_each_get_one(crowd: Bench) -> None:
    names = ("bruno", "dan", "emma", "farid", "gus")
    codes = [await code_of(crowd, name) for name in names]
    for code in codes:
        await crowd.say("chloe", f"/proxy {code}")
    presses = [crowd.pressed("chloe", Action("pxyes", 0, code)) for code in codes]
    await asyncio.gather(*map(crowd.app, presses))
    await crowd.app.settle()
    held = await crowd.store.read(lambda tx: tx.proxies.every(1))
    assert len(held) == 1


# ── voting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_holder_votes_twice_and_the_card_tells_them_apart(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    assert "Recorded for Bruno: Hall" in await told(two, "chloe", "/v 1 for bruno: 1")
    await two.vote("chloe", 1, 2)
    await two.vote("dan", 1, 2)
    assert (await tally(two), await by_proxy(two)) == ({(1,): 1, (2,): 2}, 1)
    assert "3 voters of about 8, 1 of them by proxy" in two.telegram.at(two.salon)[-1].plain


async def test_a_paper_is_filled_in_by_buttons_read_again_and_cast(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    await two.press("chloe", Action("pxv", 1, str(person(two, "bruno"))))
    for label in ("Festival", "Confirm"):
        await two.press("chloe", button(two, "chloe", label))
    assert (await tally(two), await by_proxy(two)) == ({(2,): 1}, 1)
    assert "Recorded for Bruno: Festival" in two.telegram.at(two.telegram.chat("chloe"))[-1].plain
    assert await two.press("chloe", Action("pxf", 1, "abcdef.t1")) != ""  # the paper is over
    assert await tally(two) == {(2,): 1}


async def test_confirming_delivered_again_says_what_was_done(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    await two.press("chloe", Action("pxv", 1, str(person(two, "bruno"))))
    await two.press("chloe", button(two, "chloe", "Festival"))
    confirming = two.pressed("chloe", button(two, "chloe", "Confirm"))
    first = await two.do(confirming)
    again = await two.do(confirming)
    assert ("Recorded for Bruno" in first.toast, again.toast) == (True, "")
    assert "1. Bruno (done)" in two.telegram.at(two.telegram.chat("chloe"))[-1].plain
    assert (await tally(two), await by_proxy(two)) == ({(2,): 1}, 1)


async def test_where_nothing_can_be_pressed_the_next_words_are_that_ballot_and_no_other(two: Bench) -> None:
    await give(two, "bruno", "emma")
    paper = await told(two, "emma", "/v 1 for Bruno")
    assert "This ballot is that of Bruno." in paper
    assert "Recorded for Bruno: Festival" in await told(two, "emma", "2")
    assert "I did not understand" in await told(two, "emma", "1")
    assert (await tally(two), await by_proxy(two)) == ({(2,): 1}, 1)


async def test_the_holders_own_paper_says_whom_else_they_vote_for(two: Bench) -> None:
    await give(two, "bruno", "emma")
    both = await told(two, "emma", "/v 1")
    assert "you also vote for 1 person" in both
    assert "!v 1 for Bruno: 1" in both or "/v 1 for Bruno: 1" in both
    await two.say("emma", "1")
    assert (await tally(two), await by_proxy(two)) == ({(1,): 1}, 0)


async def test_a_ranking_is_cast_for_somebody_too(bench: Bench) -> None:
    ranked = VOTE.replace('"Festival"', '"Festival" "Trip"').replace("--yes", "--ballot ranking --yes")
    await open_vote(bench, ranked)
    await give(bench, "bruno", "chloe")
    await bench.press("chloe", Action("pxv", 1, str(person(bench, "bruno"))))
    for label in ("2. Festival", "3. Trip", "Review and vote", "Confirm"):
        await bench.press("chloe", button(bench, "chloe", label))
    assert await by_proxy(bench) == 1
    assert "Recorded for Bruno: Trip" in await told(bench, "chloe", "/v 1 for Bruno: 3>1")


async def test_names_are_told_apart_by_numbers_and_no_name_is_ones_own_ballot(bench: Bench) -> None:
    motion = VOTE.replace('"Hall" "Festival"', '"Pour" "Contre"').replace("--proxies 1", "--proxies 2")
    bench.telegram.rooms["-100"].members |= {"sam", "lea"}
    await open_vote(bench, motion)
    await bench.meet_everyone()
    same = replace(bench.said("lea", "/proxy 1"), who=replace(bench.telegram.who("lea"), name="Sam"))
    before = bench.count()
    await bench.do(same)
    found = CODE.search("\n".join(one.plain for one in bench.since(before)))
    assert found is not None
    await take(bench, "chloe", found[0])
    await give(bench, "sam", "chloe")
    which = await told(bench, "chloe", "/v 1 for Sam: 1")
    assert "1. Sam (not yet)\n2. Sam (not yet)" in which
    assert await tally(bench) == {}
    assert "Recorded for Sam: Contre" in await told(bench, "chloe", "/v 1 for 2: 2")
    assert "you vote for nobody of that name (bob)" in await told(bench, "chloe", "/v 1 pour bob : 1")
    await bench.say("chloe", "/v 1 pour")
    assert (await tally(bench), await by_proxy(bench)) == ({(1,): 1, (2,): 1}, 1)


async def test_in_a_room_nobody_votes_for_somebody(bench: Bench) -> None:
    await open_vote(bench, VOTE.replace("--yes", "--secrecy public --yes"))
    await give(bench, "bruno", "chloe")
    assert "is done in private" in "\n".join(await bench.say("chloe", "/v 1 for Bruno: 1", bench.salon))
    assert await tally(bench) == {}


async def test_the_giver_has_the_last_word_and_the_holder_is_told(two: Bench) -> None:
    await give(two, "bruno", "emma")
    await two.say("emma", "/v 1 for Bruno: 1")
    assert "You have the last word" in await told(two, "bruno", "/proxy 1 revoke")
    assert "Festival" in await two.vote("bruno", 1, 2)
    assert (await tally(two), await by_proxy(two)) == ({(2,): 1}, 0)
    assert "You no longer vote for Bruno in no. 1" in await at(two, "emma")
    assert "you vote for nobody of that name" in await told(two, "emma", "/v 1 for Bruno: 1")
    assert await tally(two) == {(2,): 1}


async def test_nothing_tells_the_giver_what_was_chosen(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    await two.say("chloe", "/v 1 for Bruno: Festival")
    seen = two.count()
    toast = await two.press("bruno", Action("mine", 1), two.salon)
    for text in ("/mine", "/status 1", "/proxy", "/proxy 1", "/v 1", "/mine export"):
        await two.say("bruno", text)
    cards = [one for one in two.since(seen) if one.ref.room == two.telegram.chat("bruno")]
    assert "somebody has voted in your place" in toast
    assert "cast by proxy" in "\n".join(one.plain for one in cards)
    files = [json.loads(one.card.file.data) for one in cards if one.card.file is not None]
    assert files
    assert all("ballot" not in each["records"] and each["ballots"] == [] for each in files)
    told_choice = [one.plain for one in cards if "Festival" in one.plain and "Hall" not in one.plain]
    assert told_choice == []


@pytest.mark.parametrize("receipt", ["inclusion", "choice"])
async def test_the_code_of_the_ballot_is_the_givers_and_tells_no_choice(bench: Bench, receipt: str) -> None:
    await open_vote(bench, VOTE.replace("--yes", f"--receipt {receipt} --yes"))
    await give(bench, "bruno", "chloe")
    assert not RECEIPT.search(await told(bench, "chloe", "/v 1 for Bruno: 2"))
    mine = RECEIPT.search(await told(bench, "bruno", "/mine"))
    assert (mine is not None) is (receipt == "inclusion")
    await bench.pass_time(hours=3)
    if mine is not None:
        checked = await told(bench, "bruno", f"/verify {mine[0]}")
        assert "counted" in checked
        assert "Festival" not in checked


async def test_it_is_taken_back_until_it_was_used(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    await two.press("bruno", Action("pxundo", 1))
    assert "You no longer vote for Bruno" in await at(two, "chloe")
    assert "you vote for nobody of that name" in await told(two, "chloe", "/v 1 for Bruno: 1")
    assert await tally(two) == {}
    assert "You have given no proxy" in await told(two, "bruno", "/proxy 1 revoke")
    await give(two, "bruno", "emma")
    assert "Recorded for Bruno" in await told(two, "emma", "/v 1 for Bruno: 1")


async def test_whoever_has_voted_withdraws_first(two: Bench) -> None:
    await two.vote("bruno", 1, 1)
    assert "must be withdrawn first" in await told(two, "bruno", "/proxy 1")
    await two.say("bruno", "/v 1 -")
    assert CODE.search(await told(two, "bruno", "/proxy 1"))


@pytest.mark.parametrize("forged", ["0", "999999", "abc", "-1", "1.5", ""])
async def test_forged_buttons_do_nothing(two: Bench, forged: str) -> None:
    await give(two, "bruno", "chloe")
    before = two.rows("SELECT * FROM proxy")
    for verb in ("pxv", "pxf", "pxyes", "pxno", "pxdundo"):
        for number in (0, 1, 2**40):
            await two.press("dan", Action(verb, number, forged))
    await two.press("dan", Action("pxv", 1, str(person(two, "bruno"))))
    await two.press("dan", Action("pxundo", 1))
    assert (two.rows("SELECT * FROM proxy"), await tally(two)) == (before, {})


async def test_the_rules_are_accepted_by_whoever_casts(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await give(bench, "bruno", "emma")
    assert "accept the rules" in await told(bench, "emma", "/v 1 for Bruno: 2")
    assert await tally(bench) == {}
    assert "Recorded for Bruno: Festival" in await told(bench, "emma", "yes")
    await give(bench, "farid", "chloe")
    await bench.press("chloe", Action("pxv", 1, str(person(bench, "farid"))))
    await bench.press("chloe", button(bench, "chloe", "Hall"))
    confirm = button(bench, "chloe", "Confirm")
    assert "Press again to accept the rules" in await bench.press("chloe", confirm)
    assert "Recorded for Farid" in await bench.press("chloe", confirm)


# ── before the opening, at the closing ───────────────────────────────────────────────────────────────────────────────


async def test_given_before_the_opening_it_is_told_when_it_opens_and_used_then(bench: Bench) -> None:
    await open_vote(bench, VOTE.replace("--close 2h", "--open 3h --close 9h"))
    assert "I will write to you when no. 1 opens" in await give(bench, "bruno", "emma")
    assert "is not open yet" in await told(bench, "emma", "/v 1 for Bruno: 1")
    opened = "\n".join(await bench.pass_time(hours=3, minutes=1))
    assert "Vote no. 1 is open, and you vote for Bruno in it." in opened
    assert "Recorded for Bruno: Hall" in await told(bench, "emma", "/v 1 for Bruno: 1")
    mine = "SELECT voting_right FROM right_account JOIN account ON id = account WHERE ref LIKE ?"
    rights = [bench.rows(mine, f"%:{name}") for name in ("bruno", "emma")]
    assert [len(each) for each in rights] == [1, 1]  # bruno, whom nobody had listed, was put on the roll by it
    assert rights[0] != rights[1]


async def test_the_result_the_minutes_and_the_bundle_say_how_many(bench: Bench) -> None:
    await open_vote(bench, VOTE.replace("--proxies 1", "--proxies yes --quorum 3"))
    await give(bench, "bruno", "emma")
    await give(bench, "dan", "emma")
    for typed in ("for Bruno: 1", "for Dan: 1", "2"):
        await bench.say("emma", f"/v 1 {typed}")
    closing = "\n".join(await bench.pass_time(hours=3))
    assert "3 voters" in closing
    assert "2 of them by proxy" in closing
    assert "Hall wins" in closing  # the quorum counts them
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    roll, result = (json.loads(files[name]) for name in ("roll.json", "result.json"))
    assert (roll["voters"], roll["by_proxy"], result["by_proxy"]) == (3, 2, 2)
    assert '"by_proxy":2' in files["journal.jsonl"].decode()
    both = (verify, program("verify.py")["verify"])
    assert not wrong_in(both, files)
    for name, facts in (("roll.json", roll), ("result.json", result)):
        for lie in (1, 4, -1, True, None, "2"):
            changed = {**files, name: canonical({**facts, "by_proxy": lie}).encode()}
            assert all("by_proxy" in " ".join(what) for what in found_by(both, changed)), (name, lie)
    await bench.say("ana", "/minutes 1 md")
    (page,) = [
        one.card.file.data.decode()
        for one in bench.telegram.posted if one.card.file is not None and one.card.file.name.endswith(".md")
    ]  # fmt: skip
    assert re.search(r"Represented \(proxies\).*2", page)


def found_by(both: Any, files: Any) -> list[list[str]]:
    found = []
    for check in both:
        made = check(files)
        questions = made.wrong if hasattr(made, "wrong") else made
        found.append([f"{name}: {each}" for name in ("roll", "count") for each in questions[name]])
    return found


def wrong_in(both: Any, files: Any) -> list[str]:
    found = [check(files) for check in both]
    return [str(each) for made in found for what in getattr(made, "wrong", made).values() for each in what]


@pytest.mark.parametrize("secrecy", ["confidential", "public"])
async def test_after_the_closing_nothing_says_who_voted_for_whom(bench: Bench, secrecy: str) -> None:
    await open_vote(bench, VOTE.replace("--yes", f"--secrecy {secrecy} --yes"))
    await give(bench, "bruno", "emma")
    await bench.say("emma", "/v 1 for Bruno: 2")
    await bench.say("emma", "/v 1 1")
    closing = "\n".join(await bench.pass_time(hours=3))
    assert ("By proxy: Bruno" in closing) is (secrecy == "public")
    assert bench.rows("SELECT * FROM notice") == []
    assert bench.rows("SELECT holder, hash FROM proxy") == ([(None, None)] if secrecy == "public" else [])
    assert bench.rows("SELECT state FROM dialogue WHERE state LIKE '%giver%'") == []
    assert bench.rows("SELECT * FROM proxy_count") == [(1, 1)]
    assert "2 voters" in await told(bench, "bruno", "/results 1")
    assert "Too late: no. 1 has been closed" in await told(bench, "emma", "/proxy 1")


async def test_a_draft_of_somebody_elses_ballot_goes_with_the_vote(two: Bench) -> None:
    await give(two, "bruno", "chloe")
    await two.press("chloe", Action("pxv", 1, str(person(two, "bruno"))))
    await two.press("chloe", button(two, "chloe", "Festival"))
    assert two.rows("SELECT state FROM dialogue WHERE state LIKE '%giver%'") != []
    await two.pass_time(hours=3)
    assert two.rows("SELECT state FROM dialogue WHERE state LIKE '%giver%' OR state LIKE '%options%'") == []


# ── a day ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_day_covers_what_is_open_and_what_opens_later_that_day(two: Bench) -> None:
    await two.say("ana", VOTE.replace("Which project?", "Later?").replace("--close", "--open 2h --close"), two.salon)
    await two.say("ana", VOTE.replace("--proxies 1 ", ""), two.salon)
    said = await give(two, "bruno", "chloe", "today")
    assert "As of now: Which project? (no. 1)" in said
    assert "As of now: Later? (no. 2)" in said
    assert "(no. 3)" not in said
    assert "Chloe has accepted to vote in your place on Tuesday" in said
    await two.say("ana", VOTE.replace("Which project?", "Now?").replace("Salon,Hall", "Salon"), two.salon)
    assert "Vote no. 4 is open, and you vote for Bruno in it." in await at(two, "chloe")
    assert "Recorded for Bruno" in await told(two, "chloe", "/v 4 for Bruno: 1")
    await two.say("bruno", "/proxy today revoke")
    left = two.rows("SELECT consultation, used FROM proxy")
    assert left == [(4, 1)]
    assert two.rows("SELECT * FROM proxy_day") == []


async def test_what_the_giver_decided_for_one_vote_stands_and_no_limit_is_passed(two: Bench) -> None:
    await give(two, "bruno", "emma")
    said = await give(two, "bruno", "chloe", "today")
    assert "As of now" not in said
    assert [row[0] for row in two.rows("SELECT holder FROM proxy")] == [person(two, "emma")]
    code = await code_of(two, "dan", "today")
    await two.say("emma", f"/proxy {code}")
    assert "at most 1 proxy" in await two.press("emma", Action("pxyes", 0, code))
    assert two.rows("SELECT holder FROM proxy_day WHERE giver = ?", person(two, "dan")) == [(None,)]


async def test_a_vote_that_opens_when_the_holder_is_full_leaves_the_giver_out_and_says_so(bench: Bench) -> None:
    await give(bench, "bruno", "chloe", "today")
    later = VOTE.replace("--close 2h", "--open 2h --close 2h")
    await open_vote(bench, later)
    await give(bench, "dan", "chloe")
    await bench.pass_time(hours=2, minutes=1)
    assert [row[0] for row in bench.rows("SELECT giver FROM proxy")] == [person(bench, "dan")]
    assert "In no. 1 nobody votes in your place" in await at(bench, "bruno")


async def test_a_day_is_that_of_one_association_and_over_when_it_is_over(tmp_path: Path) -> None:
    bench = await two_associations(tmp_path / "joint.db")
    attic = bench.telegram.room("-200", "Attic", "bruno dan", admins="eva")
    await bench.say("bruno", "/list", attic)
    assert "For which group?" in await told(bench, "bruno", "/proxy today")
    before = bench.count()
    (room,) = bench.rows("SELECT id FROM room WHERE title = 'Salon'")
    await bench.press("bruno", Action("in", room[0]))
    shown = "\n".join(one.plain for one in bench.since(before))
    assert "every vote of Linden" in shown
    code = CODE.search(shown)
    assert code is not None
    await bench.say("chloe", f"/proxy {code[0]}")
    await bench.pass_time(hours=14)
    assert "proxy is no more" in await bench.press("chloe", Action("pxyes", 0, code[0]))
    assert bench.rows("SELECT holder FROM proxy_day") == [(None,)]
    await bench.close()


async def test_day_and_sides(bench: Bench) -> None:
    assert "You have given no proxy for that day" in await told(bench, "bruno", "/proxy tomorrow revoke")
    await give(bench, "bruno", "chloe", "tomorrow")
    assert "never passed on" in await told(bench, "chloe", "/proxy tomorrow")
    code = await code_of(bench, "dan", "tomorrow")
    await bench.say("bruno", f"/proxy {code}")
    assert "You gave your vote away for that day" in await bench.press("bruno", Action("pxyes", 0, code))
    assert "Chloe votes in your place" in await told(bench, "bruno", "/proxy")
    assert "you vote for Bruno" in await told(bench, "chloe", "/proxy")
    assert "I can't read “someday”" in await told(bench, "dan", "/proxy someday")
    assert "I can't read “2d”" in await told(bench, "dan", "/proxy 2d")


# ── other things that happen ─────────────────────────────────────────────────────────────────────────────────────────


async def test_linking_giver_and_holder_voids_it(two: Bench) -> None:
    await give(two, "bruno", "emma")
    await two.say("emma", "/v 1 for Bruno: 2")
    await link(two, "bruno", "emma")
    assert two.rows("SELECT * FROM proxy") == []
    assert (await tally(two), await by_proxy(two)) == ({(2,): 1}, 0)


async def test_being_forgotten_voids_what_was_not_used(two: Bench) -> None:
    await give(two, "bruno", "emma")
    await two.say("emma", "/forget yes")
    await two.pass_time(minutes=2)
    assert two.rows("SELECT * FROM proxy") == []
    last = two.telegram.at(two.telegram.chat("bruno"))[-1].plain
    assert "nobody votes in your place" in last
    assert "Emma" not in last


async def test_members_of_two_associations_vote_for_one_another(tmp_path: Path) -> None:
    bench = await two_associations(tmp_path / "joint.db")
    await bench.say("ana", JOINT.replace("--yes", "--proxies 2 --yes"), bench.salon)
    code = CODE.search("\n".join(await bench.say("ada", "/invite", bench.hall)))
    assert code is not None
    await bench.say("ana", f"/invite 2 {code[0]}", bench.salon)
    await bench.press("ada", Action("invyes", 2))
    await give(bench, "bruno", "emma", "2")
    await bench.pass_time(days=3, minutes=1)
    await bench.say("emma", "/v 2 for Bruno: 1")
    assert "Recorded for Bruno: Yes" in await told(bench, "emma", "yes")
    assert await by_proxy(bench, 2) == 1
    await bench.close()


async def test_whoever_is_suspended_before_the_opening_has_no_part_in_it(bench: Bench) -> None:
    await import_list(bench)
    given = await codes(bench)
    for name, label in (("ana", "Ana A"), ("bruno", "Bruno B"), ("chloe", "Chloé C"), ("dan", "Dan D")):
        await claim(bench, name, given[label]["code"])
    listed = VOTE.replace("--close 2h", "--open 2h --close 2h --roll list").replace("Salon,Hall", "Salon")
    await open_vote(bench, listed)
    assert not CODE.search(await told(bench, "emma", "/proxy 1"))
    await give(bench, "bruno", "chloe")
    await give(bench, "ana", "dan")
    line = bench.rows("SELECT id FROM member WHERE label = 'Chloé C'")[0][0]
    await bench.say("ana", f"/roll suspend {line} fees not paid")
    await bench.pass_time(hours=2, minutes=1)
    assert [row[0] for row in bench.rows("SELECT giver FROM proxy")] == [person(bench, "ana")]
    assert "In no. 1 nobody votes in your place" in await at(bench, "bruno")


async def test_whenever_it_dies_a_proxy_is_taken_once_and_both_are_told(tmp_path: Path) -> None:
    for steps in range(0, 200, 2):
        bench = await Bench(tmp_path / f"{steps}.db").start()
        await bench.meet_everyone()
        await open_vote(bench)
        code = await code_of(bench, "bruno")
        died = await lived_through(bench, bench.pressed("chloe", Action("pxyes", 0, code)), steps)
        assert [row[0] is not None for row in bench.rows("SELECT holder FROM proxy")] == [True]
        assert "has accepted to vote in your place" in await at(bench, "bruno")
        assert "you vote for Bruno" in await at(bench, "chloe")
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")


async def test_whenever_it_dies_the_givers_ballot_cancels_it_and_the_holder_is_told(tmp_path: Path) -> None:
    for steps in range(0, 200, 2):
        bench = await Bench(tmp_path / f"{steps}.db").start()
        await bench.meet_everyone()
        await open_vote(bench)
        await give(bench, "bruno", "chloe")
        await bench.say("chloe", "/v 1 for Bruno: 1")
        died = await lived_through(bench, bench.pressed("bruno", Action("v", 1, "2"), bench.salon), steps)
        assert (await tally(bench), await by_proxy(bench)) == ({(2,): 1}, 0)
        assert "You no longer vote for Bruno" in await at(bench, "chloe")
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")


async def test_the_givers_ballot_and_the_holders_at_once_a_hundred_times(crowd: Bench) -> None:
    await give(crowd, "bruno", "emma")
    made: list[Any] = []
    for turn in range(100):
        at_turn = crowd.clock.now() + timedelta(seconds=turn)
        made.append(replace(crowd.said("emma", "/v 1 for Bruno: 1"), at=at_turn))
        if turn % 10 == 5:
            made.append(replace(crowd.pressed("bruno", Action("v", 1, "2"), crowd.salon), at=at_turn))
    await asyncio.gather(*map(crowd.app, made))
    await crowd.app.settle()
    assert (await tally(crowd), await by_proxy(crowd)) == ({(2,): 1}, 0)
    assert (await crowd.store.read(lambda tx: tx.turnout(1))).voters == 1


def labels(bench: Bench, who: str) -> list[str]:
    cards = [one.card for one in bench.telegram.at(bench.telegram.chat(who))]
    return [each.label for row in cards[-1].buttons for each in row]


def button(bench: Bench, who: str, label: str) -> Action:
    """What the button whose words end so does, on the last card that someone in Telegram was sent with it."""
    cards = [one.card for one in bench.telegram.at(bench.telegram.chat(who))]
    found = [each.action for card in cards for row in card.buttons for each in row if each.label.endswith(label)]
    assert found, [each.label for card in cards for row in card.buttons for each in row]
    assert found[-1] is not None
    return found[-1]
