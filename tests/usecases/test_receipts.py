"""The codes of confidential votes: given in private, the same for every change, shown as receipts after the closing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import Action
from bot.domain.sealed import grouped, new_code, receipt_of
from bot.usecases.bundle import bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.usecases.test_proxies import give, open_vote

VOTE = (
    '/vote "Which project?" "Hall" "Festival" "Garden" --purpose x --binding advice --close 2h --rooms Salon,Hall --yes'
)
CODE = re.compile(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}")


async def accept(bench: Bench, *names: str) -> None:
    """Let these have accepted the rules before."""

    def work(tx: Any) -> None:
        for name in names:
            who = bench.platform_of(name).who(name)
            tx.set_accepted(tx.account(who.account, who.name, bench.clock.now()).id, "1", True)

    await bench.store.write(work)


@pytest.fixture
async def coded(bench: Bench) -> Bench:
    """… with an open confidential vote, number 1, in both rooms."""
    await bench.say("ana", VOTE, bench.salon)
    assert bench.state() == "open"
    return bench


async def cast(bench: Bench, name: str, typed: str, number: int = 1) -> str:
    """Vote by text in private; the code."""
    told = "".join(await bench.say(name, f"/v {number} {typed}"))
    if "yes" in told and "Recorded" not in told:
        told = "".join(await bench.say(name, "yes"))
    found = CODE.findall(told)
    assert found, told
    return found[0]


async def pressed(bench: Bench, name: str, option: int) -> str:
    """Vote by button in the salon, accepting the rules; the toast."""
    toast = await bench.vote(name, 1, option)
    return await bench.vote(name, 1, option) if "again" in toast and "rules" in toast else toast


async def end(bench: Bench) -> None:
    await bench.pass_time(hours=3)
    assert bench.state() == "certified"


def receipts(bench: Bench) -> dict[str, str]:
    return dict(bench.rows("SELECT code, choice FROM receipt"))


def published(code: str) -> str:
    return receipt_of(code.replace("-", ""))


# ── given in private, and nowhere else ──────────────────────────────────────────────────────────────────────────────


async def test_a_press_gives_the_code_in_its_toast_and_the_room_never_sees_it(coded: Bench) -> None:
    bench = coded
    toast = await pressed(bench, "bruno", 2)
    (code,) = CODE.findall(toast)
    assert "Festival" in toast
    assert not [one for one in bench.telegram.at(bench.salon) for card in one.cards if code in card.plain]
    await end(bench)
    assert receipts(bench) == {published(code): ""}


async def test_every_change_keeps_the_code_and_one_receipt(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "1")
    assert await cast(bench, "bruno", "2") == code
    assert CODE.findall(await bench.vote("bruno", 1, 3)) == [code]
    assert await cast(bench, "emma", "1") != code
    await end(bench)
    assert len(receipts(bench)) == 2
    assert published(code) in receipts(bench)


async def test_a_ballot_withdrawn_leaves_no_receipt_and_its_code_again_when_cast_anew(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "1")
    assert not CODE.findall("".join(await bench.say("bruno", "/v 1 -")))
    gone = await cast(bench, "emma", "2")
    await bench.say("emma", "/v 1 -")
    assert await cast(bench, "bruno", "3") == code
    await end(bench)
    assert set(receipts(bench)) == {published(code)}
    assert published(gone) not in receipts(bench)


async def test_my_ballot_and_mine_show_the_code_until_the_closing(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "2")
    before = bench.count()
    assert code in await bench.press("bruno", Action("mine", 1), bench.salon)
    assert code in "".join(one.plain for one in bench.since(before) if one.ref.room == bench.telegram.chat("bruno"))
    assert code in "".join(await bench.say("bruno", "/mine"))
    assert not CODE.findall("".join(await bench.say("chloe", "/mine")))
    await end(bench)
    told = "".join(await bench.say("bruno", "/mine"))
    assert "Only whoever kept their code" in told
    assert not CODE.findall(told)
    assert not CODE.findall(await bench.press("bruno", Action("mine", 1), bench.salon))


async def test_who_has_no_private_chat_is_never_shown_a_code_in_the_room(coded: Bench) -> None:
    bench = coded
    bench.telegram.unwritable.add("bruno")
    code = CODE.findall(await pressed(bench, "bruno", 2))[0]
    await bench.say("bruno", "/v 1 1", bench.salon)
    await bench.say("bruno", "/mine", bench.salon)
    await bench.say("bruno", f"/verify {code}", bench.salon)
    seen = "".join(one.plain for one in bench.telegram.at(bench.salon))
    assert code not in seen
    assert "Which project?: Festival" not in seen


async def test_a_poll_typed_in_the_room_is_told_there_without_its_code(bench: Bench) -> None:
    poll = '/poll "Where?" "Café" "Library" --receipt inclusion --close 2h --rooms Salon,Hall --yes'
    await bench.say("ana", poll, bench.salon)
    bench.telegram.unwritable.add("bruno")
    for name, room in (("bruno", bench.salon), ("emma", bench.hall)):
        card = bench.platform_of(name).at(room)[-1]
        before = bench.count()
        await bench.say(name, "1", room, reply_to=card.ref)
        told = {one.ref.room: one.plain for one in bench.since(before) if "Recorded" in one.plain}
        assert [bool(CODE.findall(words)) for words in told.values()] == [name == "emma"]
        assert set(told) == {bench.salon if name == "bruno" else bench.matrix.chat("emma")}


async def test_a_paper_shows_the_code_where_it_was_filled_in(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--ballot approval --choices 2-3 --yes"), bench.salon)
    await accept(bench, "bruno")
    told = "".join(await bench.say("bruno", "/v 1 1,2"))
    code = CODE.findall(told)[0]
    await end(bench)
    assert set(receipts(bench)) == {published(code)}


async def test_an_incomplete_ballot_has_no_code_yet(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--ballot approval --choices 2-3 --yes"), bench.salon)
    await accept(bench, "bruno", "chloe")
    assert not CODE.findall(await bench.vote("bruno", 1, 1))
    (code,) = CODE.findall(await bench.vote("chloe", 1, 1) + await bench.vote("chloe", 1, 2))
    assert not CODE.findall("".join(await bench.say("bruno", "/mine")))
    await end(bench)
    assert set(receipts(bench)) == {published(code)}


async def test_a_ranking_by_touch_shows_its_code_in_the_private_chat(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--ballot ranking --yes"), bench.salon)
    await accept(bench, "bruno")
    await bench.say("bruno", "/v 1")
    chat = bench.telegram.chat("bruno")
    for label in ("Festival", "Review", "Confirm"):
        on = bench.telegram.at(chat)[-1]
        (button,) = [each for row in on.card.buttons for each in row if label in each.label]
        toast = (await bench.do(replace(bench.pressed("bruno", button.action), post=on.ref))).toast
    (code,) = set(CODE.findall(toast))
    assert code in bench.telegram.at(chat)[-1].plain
    await end(bench)
    assert set(receipts(bench)) == {published(code)}


# ── what was asked for ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (VOTE, "inclusion"),
        (VOTE.replace("--yes", "--receipt choice --yes"), "choice"),
        (VOTE.replace("--yes", "--receipt none --yes"), ""),
        (VOTE.replace("--yes", "--secrecy public --yes"), ""),
        ('/poll "Where?" "Café" "Library" --close 2h --yes', ""),
        ('/poll "Where?" "Café" "Library" --close 2h --receipt inclusion --yes', "inclusion"),
        (
            '/dates "When?" "2026-12-15" "2026-12-17" --close 2h --secrecy confidential --receipt choice --yes',
            "choice",
        ),
        (
            '/budget "For 2027?" "Stand: 300" "Garden: 1200" --amount 2000 --close 2h --receipt inclusion --yes',
            "inclusion",
        ),
    ],
)
async def test_codes_are_a_votes_and_whose_asks_for_them(bench: Bench, asked: str, expected: str) -> None:
    await bench.say("ana", asked, bench.salon)
    assert bench.state() == "open"
    (definition,) = bench.rows("SELECT definition FROM consultation")[0]
    assert (f'"receipt":"{expected}"' in definition.replace(" ", "")) is bool(expected)
    assert bench.rows("SELECT count(*) FROM code_secret") == [(int(bool(expected)),)]


async def test_what_a_code_shows_is_changed_from_the_preview(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace(" --yes", ""), bench.salon)
    before = bench.count()
    await bench.press("ana", Action("edit", 1, "receipt"))
    assert "What should it show" in "".join(one.plain for one in bench.since(before))
    before = bench.count()
    await bench.press("ana", Action("say", 0, "choice"))
    assert "pressed to show it" in "".join(one.plain for one in bench.since(before))


async def test_without_codes_nothing_is_said_of_them(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--receipt none --yes"), bench.salon)
    await accept(bench, "bruno")
    assert not CODE.findall(await bench.vote("bruno", 1, 2))
    assert not CODE.findall("".join(await bench.say("bruno", "/mine")))
    await end(bench)
    assert receipts(bench) == {}


# ── /verify ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("receipt", ["inclusion", "choice"])
async def test_a_code_shows_after_the_closing_what_was_declared(bench: Bench, receipt: str) -> None:
    await bench.say("ana", VOTE.replace("--yes", f"--receipt {receipt} --yes"), bench.salon)
    code = await cast(bench, "bruno", "2")
    await end(bench)
    told = "".join(await bench.say("gus", f"/verify {code.replace('-', ' ').lower()}"))
    assert "was counted" in told
    assert ("Festival" in told) is (receipt == "choice")
    assert "No closed vote" in "".join(await bench.say("gus", f"/verify {grouped(new_code())}"))


async def test_before_the_closing_a_code_is_known_to_its_voter_alone(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "2")
    assert "ask again after the closing" in "".join(await bench.say("bruno", f"/verify {code}"))
    assert "nothing is said" in "".join(await bench.say("chloe", f"/verify {code}"))
    await bench.say("bruno", "/v 1 -")
    assert "nothing is said" in "".join(await bench.say("bruno", f"/verify {code}"))


async def test_a_code_is_asked_for_and_understood_alone(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "2")
    assert "ask again" in "".join(await bench.say("bruno", code))  # the bot still thinks of his ballot
    await end(bench)
    assert "Send me the code" in "".join(await bench.say("gus", "/verify"))
    assert "was counted" in "".join(await bench.say("gus", code.replace("-", "")))
    assert "was counted" in "".join(await bench.say("gus", code.lower()))
    assert "was counted" in "".join(await bench.say("bruno", code))
    assert "for a room" in "".join(await bench.say("gus", "/verify", bench.hall))
    assert not await bench.say("gus", code, bench.hall)


async def test_what_is_no_code_ends_the_question(coded: Bench) -> None:
    bench = coded
    await bench.say("gus", "/verify")
    assert "four groups" in "".join(await bench.say("gus", "what?"))
    assert "did not understand" in "".join(await bench.say("gus", "what?"))


async def test_every_closed_vote_is_searched(bench: Bench) -> None:
    for number in (1, 2, 3):
        await bench.say("ana", VOTE.replace("project", f"project {number}"), bench.salon)
    codes = [await cast(bench, "bruno", "2", number) for number in (1, 2, 3)]
    assert len(set(codes)) == 3
    await end(bench)
    for number, code in enumerate(codes, 1):
        told = "".join(await bench.say("bruno", code))
        assert f"project {number}" in told
        assert "was counted" in told


async def test_an_option_called_like_a_code_is_still_an_option(bench: Bench) -> None:
    await bench.say("ana", '/poll "Which?" "ABC-DEF-GHJ-KMN" "Other" --close 2h --yes', bench.salon)
    await bench.say("bruno", "/v 1")
    assert "Recorded" in "".join(await bench.say("bruno", "ABC-DEF-GHJ-KMN"))
    assert "already" in "".join(await bench.say("bruno", "ABC-DEF-GHJ-KMN"))


async def test_an_unlinked_ballot_is_changed_by_a_number_and_its_code(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    of_another = await cast(bench, "bruno", "2")
    await end(bench)
    await bench.say("ana", VOTE.replace("--yes", "--secrecy unlinked --yes"), bench.salon)
    (review, *_) = await bench.say("bruno", "/v 2 1")
    code = CODE.findall(review)[0]
    await bench.say("bruno", "yes")
    assert "was counted" in "".join(await bench.say("bruno", of_another))
    assert code in "".join(await bench.say("bruno", f"2 {code}"))
    assert "replaces" in "".join(await bench.say("bruno", "yes"))
    await bench.say("bruno", code)  # alone, it opens a paper for that ballot
    paper = bench.telegram.at(bench.telegram.chat("bruno"))[-1].card
    assert [each.label for row in paper.buttons for each in row if "Festival" in each.label]
    await bench.pass_time(hours=3)
    assert bench.rows("SELECT choice, count FROM sheet WHERE consultation = 2") == [("2", 1)]


# ── at the closing ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_secret_goes_with_the_links(coded: Bench) -> None:
    bench = coded
    await cast(bench, "bruno", "2")
    ((secret,),) = bench.rows("SELECT secret FROM code_secret")
    assert bytes(secret) in files(bench)
    assert bench.app._house.memory.secret(1) == bytes(secret)
    await end(bench)
    assert bench.rows("SELECT * FROM code_secret") == []
    assert bytes(secret) not in files(bench)
    assert bench.app._house.memory.secret(1) is None


def files(bench: Bench) -> bytes:
    """Every byte of the database's own files."""
    return b"".join(path.read_bytes() for path in sorted(bench.database.parent.glob(f"{bench.database.name}*")))


async def test_a_cancelled_vote_leaves_neither_secret_nor_receipt(coded: Bench) -> None:
    bench = coded
    await cast(bench, "bruno", "2")
    await bench.say("ana", "/cancel 1 wrong wording", bench.salon)
    assert bench.rows("SELECT * FROM code_secret") == []
    assert receipts(bench) == {}


async def test_codes_survive_a_restart(coded: Bench) -> None:
    bench = coded
    code = await cast(bench, "bruno", "2")
    bench.app = bench.assembled()
    await bench.app.start()
    assert await cast(bench, "bruno", "3") == code


@pytest.mark.parametrize("receipt", ["inclusion", "choice"])
async def test_a_bundle_has_the_receipts_until_they_are_erased(bench: Bench, receipt: str) -> None:
    await bench.say("ana", VOTE.replace("--yes", f"--receipt {receipt} --yes"), bench.salon)
    answers = {"bruno": "2", "emma": "1", "gus": "2"}
    codes = {name: await cast(bench, name, option) for name, option in answers.items()}
    await end(bench)
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    header, *lines = files["receipts.csv"].decode().split()
    assert (header, lines) == ("receipt,ballot", sorted(lines))
    shown = {published(code): answers[name] if receipt == "choice" else "" for name, code in codes.items()}
    assert dict(line.split(",") for line in lines) == shown
    assert verify(files).holds
    await bench.pass_time(days=400)
    assert receipts(bench) == {}
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    assert "receipts.csv" not in files
    assert verify(files).holds


async def test_minutes_tell_how_many_receipts_were_published(coded: Bench) -> None:
    bench = coded
    for name in ("bruno", "emma"):
        await cast(bench, name, "1")
    await end(bench)
    minutes = (await bundle_of(bench.store, NoPencil(), NoPress(), 1))["minutes.md"].decode()
    (line,) = [line for line in minutes.splitlines() if "Receipts published" in line]
    assert "2" in line


# ── linked accounts ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_right_that_stays_gives_the_code(coded: Bench) -> None:
    bench = coded
    codes = {await cast(bench, "bruno", "1"), await cast(bench, "emma", "2")}
    shown = "".join(await bench.say("bruno", "/link"))
    link = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", shown)[0]
    await bench.say("emma", f"/link {link}")
    await bench.say("emma", "/link yes")
    told = "".join(await bench.say("bruno", "/link yes"))
    assert told.count("Take it again from /mine") == 2
    now = {name: set(CODE.findall("".join(await bench.say(name, "/mine")))) for name in ("bruno", "emma")}
    assert now["bruno"] == now["emma"]
    (code,) = now["bruno"]
    assert code in codes
    await end(bench)
    assert set(receipts(bench)) == {published(code)}


# ── proxies ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_code_of_a_ballot_cast_by_proxy_is_its_givers_alone(bench: Bench) -> None:
    await open_vote(bench)
    await give(bench, "bruno", "chloe")
    told = "".join(await bench.say("chloe", "/v 1 for bruno: 1"))
    assert "Recorded for Bruno" in told
    assert not CODE.findall(told)
    own = await cast(bench, "chloe", "2")
    (given,) = set(CODE.findall("".join(await bench.say("bruno", "/mine"))))
    assert given in await bench.press("bruno", Action("mine", 1), bench.salon)
    assert set(CODE.findall("".join(await bench.say("chloe", "/mine")))) == {own}
    await end(bench)
    assert set(receipts(bench)) == {published(own), published(given)}
