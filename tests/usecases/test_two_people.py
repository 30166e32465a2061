"""Acts that need two people: the first waits, the second one's word for the very same terms lets it happen."""

from __future__ import annotations

import pytest

from bot.domain.approvals import Paired, Word, fingerprint
from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.usecases.test_contesting import scrutineer, told
from tests.usecases.test_second_round import texts, vote

POLL = '/poll "Where?" "Café" "Library" --close 2h --approval --yes'
LATER = '/poll "Where?" "Café" "Library" --open "in 3 days" --close "in 5 days" --approval yes --yes'


def agree(bench: Bench, act: str) -> Action:
    """The button that the second person was shown."""
    ((terms,),) = bench.rows("SELECT terms FROM approval WHERE act = ?", act)
    return Action("agree", 1, f"{act}-{fingerprint(terms)}")


async def open_poll(bench: Bench) -> None:
    """An open poll, with chloe as its scrutineer."""
    await scrutineer(bench, "chloe")
    await bench.say("ana", POLL, bench.salon)
    await vote(bench, 1, bruno=1, dan=1)


async def test_the_rule_is_disclosed(bench: Bench) -> None:
    await open_poll(bench)
    assert "closing it early or cancelling it takes two people" in texts(bench)[0]


async def test_closing_early_waits_for_a_second_person(bench: Bench) -> None:
    await open_poll(bench)
    said = " ".join(await bench.say("ana", "/close 1"))
    assert "takes two people" in said
    assert bench.state() == "open"
    assert "Ana wants to close no. 1" in told(bench, "chloe")[-1]
    await bench.press("chloe", agree(bench, "close"))
    assert bench.state() == "certified"
    assert bench.rows("SELECT kind FROM journal WHERE kind LIKE 'approv%' ORDER BY sequence") == [
        ("approval-asked",), ("approved",),
    ]  # fmt: skip
    assert "Ana" not in str(bench.rows("SELECT facts FROM journal WHERE kind LIKE 'approv%'"))


async def test_a_scrutineer_seconds_by_the_same_command_and_proposes_nothing(bench: Bench) -> None:
    await open_poll(bench)
    for command in ("/close 1", "/cancel 1 the options are wrong"):
        assert "administer" in " ".join(await bench.say("chloe", command))
    await bench.say("ana", "/cancel 1 the options are wrong")
    assert "administer" in " ".join(await bench.say("chloe", "/cancel 1 another reason"))
    assert bench.state() == "open"
    await bench.say("ana", "/close 1")
    await bench.say("chloe", "/close 1")
    assert bench.state() == "certified"


async def test_cancelling_takes_the_same_reason_from_both(bench: Bench) -> None:
    await open_poll(bench)
    await bench.say("ana", "/cancel 1 the options are wrong")
    shown = agree(bench, "cancel")
    assert "the options are wrong" in told(bench, "chloe")[-1]
    await bench.say("ana", "/cancel 1 another reason")
    assert "nothing to agree to" in await bench.press("chloe", shown)
    assert bench.state() == "open"
    await bench.press("chloe", agree(bench, "cancel"))
    assert bench.state() == "cancelled"
    assert [one for one in texts(bench) if "Reason: another reason" in one]


async def test_opening_early_takes_two(bench: Bench) -> None:
    await scrutineer(bench, "chloe")
    await bench.say("ana", LATER, bench.salon)
    await bench.say("ana", "/open 1")
    assert bench.state() == "scheduled"
    await bench.press("chloe", agree(bench, "open"))
    assert bench.state() == "open"


async def test_one_person_is_not_two(bench: Bench) -> None:
    await open_poll(bench)
    for _ in range(2):
        await bench.say("ana", "/close 1")
    assert "nothing to agree to" in await bench.press("ana", agree(bench, "close"))
    assert bench.state() == "open"


async def test_two_linked_accounts_are_one_person(bench: Bench) -> None:
    await open_poll(bench)
    await scrutineer(bench, "emma")
    await bench.say("ana", "/close 1")

    def link(tx: object) -> None:
        ana, emma = (
            tx.find_account(bench.platform_of(name).who(name).account)  # type: ignore[attr-defined]
            for name in ("ana", "emma")
        )
        tx.members.merge(ana.person, emma.person, bench.clock.now())  # type: ignore[attr-defined]

    await bench.store.write(link)
    assert "nothing to agree to" in await bench.press("emma", agree(bench, "close"))
    assert bench.state() == "open"


async def test_a_word_stands_for_a_day(bench: Bench) -> None:
    await scrutineer(bench, "chloe")
    await bench.say("ana", POLL.replace("2h", "5d"), bench.salon)
    await bench.say("ana", "/close 1")
    await bench.pass_time(hours=24)
    assert "nothing to agree to" in await bench.press("chloe", agree(bench, "close"))
    assert bench.state() == "open"


async def test_what_changed_meanwhile_is_not_agreed_to(bench: Bench) -> None:
    await open_poll(bench)
    await bench.say("ana", "/close 1")
    shown = agree(bench, "close")
    await bench.say("ana", "/extend 1 3h")
    assert "nothing to agree to" in await bench.press("chloe", shown)
    assert bench.state() == "open"


@pytest.mark.parametrize("forged", ["close-0000000000", "close-", "close", "extend-1", "", "reveal-aa"])
async def test_a_forged_button_does_nothing(bench: Bench, forged: str) -> None:
    await open_poll(bench)
    await bench.say("ana", "/close 1")
    await bench.press("chloe", Action("agree", 1, forged))
    assert bench.state() == "open"


async def test_whoever_looks_after_nothing_cannot_agree(bench: Bench) -> None:
    await open_poll(bench)
    await bench.say("ana", "/close 1")
    assert "administer" in await bench.press("dan", agree(bench, "close"))
    assert bench.state() == "open"


async def test_a_second_organiser_types_the_same_command(bench: Bench) -> None:
    room = bench.telegram.room("-300", "Board", "chloe dan", admins="ana bruno")
    await bench.meet_everyone()
    await bench.found([room])
    await bench.say("ana", POLL, room)
    await bench.say("bruno", "/cancel 1 a mistake")
    assert bench.state() == "open"
    await bench.say("ana", "/cancel 1")
    assert bench.state() == "cancelled"
    assert bench.rows("SELECT cancelled_because FROM consultation") == [("a mistake",)]


async def test_a_word_that_a_crash_left_is_found_again(bench: Bench) -> None:
    """Both words are kept, and the program dies before the act: whoever repeats it finds them, and it is done."""
    await open_poll(bench)
    await bench.say("ana", "/close 1")
    pressed = agree(bench, "close")

    def second(tx: object) -> None:
        chloe = tx.find_account(bench.telegram.who("chloe").account)  # type: ignore[attr-defined]
        ((terms,),) = bench.rows("SELECT terms FROM approval")
        word = Word(Paired.CLOSE, chloe.person, chloe.id, terms, bench.clock.now())
        tx.scrutiny.give_word(1, word)  # type: ignore[attr-defined]

    await bench.store.write(second)
    bench.app = bench.assembled()
    await bench.app.start()
    assert bench.state() == "open"
    await bench.press("chloe", pressed)
    assert bench.state() == "certified"
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'closed'") == [(1,)]


async def test_a_message_delivered_twice_is_one_word(bench: Bench) -> None:
    await open_poll(bench)
    for _ in range(2):
        await bench.say("ana", "/close 1", key="same")
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'approval-asked'") == [(1,)]


async def test_without_the_rule_one_person_is_enough(bench: Bench) -> None:
    await bench.say("ana", POLL.replace(" --approval", ""), bench.salon)
    await bench.say("ana", "/close 1")
    assert bench.state() == "certified"
    assert bench.rows("SELECT count(*) FROM approval") == [(0,)]
