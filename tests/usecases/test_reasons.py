"""Consent by press and by text: a block waits for its reason, a disagreement is asked for one, replays do nothing."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench

POLL = '/poll "We open at midnight" --ballot consent --close 2h --yes'
VOTE = '/vote "We open at midnight" --ballot consent --purpose x --binding advice --close 2h --yes'
DISAGREE, BLOCK = 3, 4
REASON = "the last train leaves before"


@pytest.fixture
async def proposal(bench: Bench) -> Bench:
    """… with an open proposal, number 1, in the salon."""
    await bench.say("ana", POLL, bench.salon)
    assert bench.state() == "open"
    return bench


def on_record(bench: Bench) -> list[tuple[str, str]]:
    """Every ballot with its reason."""
    both = "SELECT b.choice, coalesce(r.text, '') FROM ballot b LEFT JOIN reason r ON r.voting_right = b.voting_right"
    return sorted(bench.rows(both))


async def test_a_block_is_recorded_with_its_reason_and_not_before(proposal: Bench) -> None:
    toast = await proposal.vote("bruno", 1, BLOCK)
    assert "Nothing is recorded yet" in toast
    assert on_record(proposal) == []
    told = await proposal.say("bruno", REASON)
    assert any(f"Recorded: Block (“{REASON}”)" in words for words in told)
    assert on_record(proposal) == [("4", REASON)]


async def test_a_disagreement_counts_at_once_and_may_say_why(proposal: Bench) -> None:
    toast = await proposal.vote("bruno", 1, DISAGREE)
    assert toast.startswith("Recorded: Disagree.")
    assert on_record(proposal) == [("3", "")]
    await proposal.say("bruno", REASON)
    assert on_record(proposal) == [("3", REASON)]
    await proposal.vote("chloe", 1, DISAGREE)
    assert on_record(proposal) == [("3", ""), ("3", REASON)]


@pytest.mark.parametrize("option", [DISAGREE, BLOCK])
async def test_a_press_or_its_reason_delivered_again_changes_nothing(proposal: Bench, option: int) -> None:
    pressed = proposal.pressed("bruno", Action("v", 1, str(option)), proposal.salon)
    await proposal.do(pressed)
    before = proposal.dump()
    await proposal.do(pressed)
    assert proposal.dump() == before
    said = proposal.said("bruno", REASON)
    await proposal.do(said)
    before, posted = proposal.dump(), proposal.count()
    await proposal.do(said)
    await proposal.do(pressed)
    after = proposal.dump()
    assert on_record(proposal) == [(str(option), REASON)]
    # A press that recorded nothing leaves no trace, so that it may be made again: it is noted now, and that is all.
    assert {name for name in before if before[name] != after[name]} <= {"event_key"}
    assert not any("didn't understand" in one.plain for one in proposal.since(posted))


async def test_a_kill_between_the_press_and_the_reason_records_nothing(proposal: Bench) -> None:
    await proposal.vote("bruno", 1, BLOCK)
    proposal.app = proposal.assembled()
    await proposal.app.start()
    assert on_record(proposal) == []
    await proposal.say("bruno", REASON)
    assert on_record(proposal) == [("4", REASON)]


async def test_a_kill_before_the_question_is_asked_loses_no_ballot_and_no_question(proposal: Bench) -> None:
    """The ballot is committed, the process dies before it asks why; the platform delivers the press again."""
    pressed = proposal.pressed("bruno", Action("v", 1, str(DISAGREE)), proposal.salon)
    await proposal.do(pressed)
    account = proposal.rows("SELECT account FROM dialogue")[0][0]
    await proposal.store.write(lambda tx: tx.set_dialogue(account, None))
    toast = (await proposal.do(pressed)).toast
    assert "already recorded" in toast
    await proposal.say("bruno", REASON)
    assert on_record(proposal) == [("3", REASON)]


async def test_another_answer_ends_the_question(proposal: Bench) -> None:
    await proposal.vote("bruno", 1, BLOCK)
    await proposal.vote("bruno", 1, 1)
    told = await proposal.say("bruno", "hello there")
    assert on_record(proposal) == [("1", "")]
    assert any("nothing has changed" in words for words in told)


async def test_the_question_can_be_answered_with_another_ballot(proposal: Bench) -> None:
    await proposal.vote("bruno", 1, BLOCK)
    await proposal.say("bruno", "2")
    assert on_record(proposal) == [("2", "")]


@pytest.mark.parametrize("text", ["/v 1 block: {}", "/v 1 4: {}", "/vote 1 Block - {}", "/voter 1 veto : {}"])
async def test_a_block_and_its_reason_in_one_message(proposal: Bench, text: str) -> None:
    await proposal.say("bruno", text.format(REASON))
    assert on_record(proposal) == [("4", REASON)]


async def test_a_typed_block_is_asked_for_its_reason(proposal: Bench) -> None:
    asked = await proposal.say("emma", "/v 1 block")
    assert not on_record(proposal)
    assert asked
    told = await proposal.say("bruno", "/v 1 block")
    assert any("write here why" in words for words in told)
    await proposal.say("bruno", REASON)
    assert on_record(proposal) == [("4", REASON)]


async def test_in_a_formal_vote_the_rules_are_accepted_first_and_once(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    assert "accept the rules" in await bench.vote("bruno", 1, BLOCK)
    assert "Nothing is recorded yet" in await bench.vote("bruno", 1, BLOCK)
    await bench.say("bruno", REASON)
    assert on_record(bench) == [("4", REASON)]
    assert any("answer yes" in words for words in await bench.say("chloe", f"/v 1 block: {REASON}"))
    await bench.say("chloe", "yes")
    assert on_record(bench) == [("4", REASON), ("4", REASON)]
    await bench.say("dan", "/v 1 block")
    await bench.say("dan", "yes")
    assert len(on_record(bench)) == 2
    await bench.say("dan", "late")
    assert on_record(bench) == [("4", "late"), ("4", REASON), ("4", REASON)]


async def test_a_vote_s_block_is_not_typed_in_the_room(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    await bench.say("bruno", f"/v 1 block: {REASON}", bench.salon)
    assert on_record(bench) == []
    assert not any(REASON in one.plain for one in bench.since((0, 0)))


async def test_reasons_are_shown_after_the_closing_and_never_before(proposal: Bench) -> None:
    await proposal.say("bruno", f"/v 1 block: {REASON}")
    await proposal.say("chloe", "/v 1 disagree: too dear")
    await proposal.say("dan", "/v 1 agree")
    for command in ("/results 1", "/status 1", "/list"):
        assert not any(REASON in words for words in await proposal.say("ana", command, proposal.salon))
    shown = "\n".join(await proposal.pass_time(hours=3))
    assert f"Block: “{REASON}”" in shown
    assert "Disagree: “too dear”" in shown
    assert proposal.rows("SELECT count(*) FROM reason") == [(0,)]
    assert sorted(proposal.rows("SELECT choice, text, count FROM reason_sheet")) == [
        ("3", "too dear", 1),
        ("4", REASON, 1),
    ]
    journal = "".join(facts for (facts,) in proposal.rows("SELECT facts FROM journal"))
    assert REASON not in journal
    assert not any(REASON in words for words in await proposal.say("bruno", "/mine"))


async def test_a_public_vote_says_whose_reason_it_is(bench: Bench) -> None:
    await bench.say("ana", POLL.replace("--yes", "--secrecy public --yes"), bench.salon)
    await bench.say("bruno", f"/v 1 block: {REASON}")
    assert any(REASON in words for words in await bench.say("bruno", "/mine"))
    shown = "\n".join(await bench.pass_time(hours=3))
    assert f"Bruno, Block: “{REASON}”" in shown


async def test_a_cancelled_proposal_keeps_no_reason(proposal: Bench) -> None:
    await proposal.say("bruno", f"/v 1 block: {REASON}")
    await proposal.say("ana", "/cancel 1 because", proposal.salon)
    assert proposal.rows("SELECT text FROM reason UNION SELECT text FROM reason_sheet") == []


async def test_a_reason_that_comes_too_late_is_told_so(proposal: Bench) -> None:
    await proposal.vote("bruno", 1, BLOCK)
    await proposal.pass_time(hours=3)
    told = await proposal.say("bruno", REASON)
    assert any("closed" in words.lower() for words in told)
    assert proposal.rows("SELECT count(*) FROM reason_sheet") == [(0,)]


async def test_many_long_reasons_are_shortened_and_told_whole_on_the_next_pages(proposal: Bench) -> None:
    for name in ("bruno", "chloe", "dan", "ana"):
        await proposal.say(name, f"/v 1 block: {name} {'x' * 480}")
    shown = await proposal.pass_time(hours=3)
    result = next(words for words in shown if words.startswith("Result"))
    assert len(result) < 3_500
    pages = [words for page in range(1, 6) for words in await proposal.say("ana", f"/results 1 {page}", proposal.salon)]
    assert all(any(f"{name} {'x' * 480}" in words for words in pages) for name in ("bruno", "chloe", "dan", "ana"))


async def test_where_the_private_chat_is_closed_the_press_leads_there(bench: Bench) -> None:
    await bench.say("ana", POLL, bench.salon)
    bench.telegram.unwritable.add("dan")
    reply = await bench.do(bench.pressed("dan", Action("v", 1, str(BLOCK)), bench.salon))
    assert reply.start == "r-1"
    toast = await bench.vote("dan", 1, DISAGREE)
    assert "To say why, in private: /v 1 3:" in toast
    assert on_record(bench) == [("3", "")]
    await bench.vote("dan", 1, BLOCK)
    bench.telegram.unwritable.clear()
    asked = await bench.say("dan", "/start r-1")
    assert any("write here why" in words for words in asked)
    await bench.say("dan", REASON)
    assert on_record(bench) == [("4", REASON)]
    again = await bench.say("dan", "/start r-1")
    assert not any("write here why" in words for words in again)


async def test_a_signature_is_taken_once_and_withdrawn(bench: Bench) -> None:
    await bench.say("ana", '/poll "For a bike shed" --ballot signature --quorum 2 --close 2h --yes', bench.salon)
    assert (await bench.vote("bruno", 1, 1)).startswith("Signed.")
    assert (await bench.vote("bruno", 1, 1)).startswith("You had already signed.")
    assert any("Signed." in words for words in await bench.say("chloe", "/v 1 sign"))
    card = bench.telegram.at(bench.salon)[-1]
    assert "2 signatures of the 2 asked" in card.plain
    assert "withdrawn" in await bench.press("bruno", Action("w", 1))
    shown = "\n".join(await bench.pass_time(hours=3))
    assert "Threshold not reached: 1 signature, 2 asked." in shown
    assert "wins" not in shown
