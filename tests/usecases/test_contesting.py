"""Contesting a result: in private, without a name, decided in public; and what is final when."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Action
from bot.domain.members import Grant, Role
from bot.ports import MemberMoved
from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate
from tests.usecases.debate.test_life_kill import Mortal
from tests.usecases.test_second_round import TWO_ROUNDS, beginning, texts, vote

POLL = '/poll "Where?" "Café" "Library" --close 2h --contest 1d --yes'
OPEN_POLL = '/poll "Where?" "Café" "Library" --close 2h --yes'


def told(bench: Bench, name: str) -> list[str]:
    """What the bot wrote to someone in private."""
    platform = bench.platform_of(name)
    return [one.plain for one in platform.at(platform.chat(name))]


async def closed(bench: Bench, poll: str = POLL) -> Bench:
    """A poll that three voted in, closed just now."""
    await bench.say("ana", poll, bench.salon)
    await vote(bench, 1, bruno=1, chloe=2, dan=1)
    await bench.pass_time(hours=2)
    return bench


async def scrutineer(bench: Bench, name: str, number: int | None = None) -> None:
    """Give someone the role, as the organisation's command does."""

    def work(tx: object) -> None:
        account = tx.find_account(bench.platform_of(name).who(name).account)  # type: ignore[attr-defined]
        grant = Grant(organisation(bench), number, account.person, Role.SCRUTINEER, None, bench.clock.now())
        tx.members.grant(grant)  # type: ignore[attr-defined]

    await bench.store.write(work)


def organisation(bench: Bench) -> int:
    return int(bench.rows("SELECT organisation FROM room WHERE title = 'Salon'")[0][0])


async def test_a_result_is_provisional_until_its_time_has_passed(bench: Bench) -> None:
    await closed(bench)
    assert bench.state() == "closed"
    assert "Provisional result: it can be contested until" in beginning(bench, "Result")[0]
    assert "Provisional result" in " ".join(await bench.say("bruno", "/status 1", bench.salon))
    assert "still provisional" in " ".join(await bench.say("ana", "/answer 1 thanks"))
    await bench.pass_time(hours=23, minutes=59)
    assert bench.state() == "closed"
    await bench.pass_time(minutes=1)
    assert bench.state() == "certified"
    assert len([one for one in texts(bench) if "The result is final" in one]) == 1
    assert "Final result" in " ".join(await bench.say("bruno", "/results 1", bench.salon))
    await bench.say("ana", "/answer 1 thanks")
    assert bench.state() == "answered"


async def test_without_the_key_a_result_is_final_at_once_and_nobody_is_told_so(bench: Bench) -> None:
    await closed(bench, OPEN_POLL)
    assert bench.state() == "certified"
    assert not [one for one in texts(bench) if "final" in one.lower() and "Result" in one]
    assert "time to contest it has passed" in " ".join(await bench.say("bruno", "/contest 1 it is wrong"))


async def test_those_who_decide_read_the_words_and_not_the_name(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1 Dan had already left")
    (notice,) = [one for one in told(bench, "ana") if "Dan had already left" in one]
    assert "isn't signed" in notice
    assert "Bruno" not in notice
    assert not [one for one in texts(bench) if "already left" in one]
    assert not [name for name in ("chloe", "dan") if "already left" in " ".join(told(bench, name))]
    assert bench.rows("SELECT facts FROM journal WHERE kind = 'contested'") == [('{"contestation":1}',)]


async def test_whoever_signs_is_named_to_those_who_decide_alone(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1 Dan had already left")
    assert "no longer works" in await bench.press("chloe", Action("csign", 1, "1"))
    await bench.press("bruno", Action("csign", 1, "1"))
    assert "signed by Bruno" in told(bench, "ana")[-1]
    await bench.say("ana", "/contest 1 reject 1 he came back")
    published = next(one for one in texts(bench) if "it is rejected" in one)
    assert "Dan had already left" in published
    assert "Bruno" not in published
    assert "Bruno" not in str(bench.rows("SELECT facts FROM journal"))


async def test_the_decision_and_its_reason_are_published_once_and_its_author_is_told(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1")
    await bench.say("bruno", "The roll is wrong")
    await bench.press("ana", Action("rule", 1, "1.rejected"))
    assert "Why reject" in told(bench, "ana")[-1]
    await bench.say("ana", "I counted twice.")
    assert len([one for one in texts(bench) if "The roll is wrong" in one and "I counted twice." in one]) == 1
    assert "rejected. Reason: I counted twice." in told(bench, "bruno")[-1]
    assert "decided already" in " ".join(await bench.say("ana", "/contest 1 note 1 or not"))
    assert bench.state() == "closed"


async def test_a_result_waits_for_what_is_contested_to_be_decided(bench: Bench) -> None:
    await closed(bench)
    await bench.pass_time(hours=23)
    await bench.say("bruno", "/contest 1 The roll is wrong")
    await bench.pass_time(days=3)
    assert bench.state() == "closed"
    assert "time to contest it has passed" in " ".join(await bench.say("chloe", "/contest 1 me too"))
    await bench.say("ana", "/contest 1 note 1 it changes nothing")
    assert bench.state() == "certified"
    assert "the result stands" in " ".join(texts(bench))


async def test_an_annulled_result_does_not_count_and_leaves_no_link(bench: Bench) -> None:
    await closed(bench, POLL.replace("--yes", "--secrecy public --yes"))
    await bench.say("bruno", "/contest 1 The roll is wrong")
    await bench.say("ana", "/contest 1 annul 1 we start again")
    assert bench.state() == "cancelled"
    assert bench.rows("SELECT count(*) FROM ballot") == [(0,)]
    assert len([one for one in texts(bench) if "the result is annulled" in one and "we start again" in one]) == 1
    assert "we start again" in " ".join(await bench.say("chloe", "/results 1", bench.salon))
    await bench.pass_time(days=3)
    assert bench.state() == "cancelled"
    assert not [one for one in texts(bench) if "The result is final" in one]


async def test_what_is_open_is_cancelled_and_not_annulled(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL, bench.salon)
    await bench.say("bruno", "/contest 1 I was refused")
    assert "/cancel 1" in " ".join(await bench.say("ana", "/contest 1 annul 1 start again"))
    await bench.say("ana", "/contest 1 note 1 you are in now")
    assert bench.state() == "open"
    assert [one for one in texts(bench) if "you are in now" in one]


async def test_scrutineers_decide_and_organisers_no_longer_do(bench: Bench) -> None:
    await scrutineer(bench, "chloe", 1)
    await closed(bench)
    await bench.say("bruno", "/contest 1 The roll is wrong")
    assert [one for one in told(bench, "chloe") if "The roll is wrong" in one]
    assert not [one for one in told(bench, "ana") if "The roll is wrong" in one]
    assert "for them to decide" in " ".join(await bench.say("ana", "/contest 1 reject 1 no"))
    assert "scrutineers" in await bench.press("ana", Action("rule", 1, "1.rejected"))
    await bench.say("chloe", "/contest 1 reject 1 I checked")
    assert [one for one in texts(bench) if "I checked" in one]


async def test_nobody_decides_their_own_while_somebody_else_can(bench: Bench) -> None:
    for name in ("chloe", "dan"):
        await scrutineer(bench, name)
    await closed(bench)
    await bench.say("chloe", "/contest 1 The roll is wrong")
    assert "somebody else has to decide" in " ".join(await bench.say("chloe", "/contest 1 annul 1 because"))
    await bench.say("dan", "/contest 1 reject 1 no")
    assert bench.rows("SELECT state FROM contest") == [("rejected",)]


async def test_whoever_may_not_decide_is_refused(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1 The roll is wrong")
    for typed in ("reject 1 no", "annul 1 yes"):
        assert "administer" in " ".join(await bench.say("dan", f"/contest 1 {typed}"))
    assert "administer" in await bench.press("dan", Action("rule", 1, "1.annulled"))
    for forged in ("1.open", "x.rejected", "1.nothing", "99999.noted", ""):
        assert "no longer works" in await bench.press("ana", Action("rule", 1, forged))
    assert "no contestation no. 7" in " ".join(await bench.say("ana", "/contest 1 reject 7 no"))
    assert "reason is missing" in " ".join(await bench.say("ana", "/contest 1 reject 1"))
    assert bench.rows("SELECT state FROM contest") == [("open",)]


async def test_one_person_contests_three_times_at_most_and_a_replay_counts_once(bench: Bench) -> None:
    await closed(bench)
    for text in ("one", "two"):
        await bench.say("bruno", f"/contest 1 {text}", key=f"once:{text}")
        await bench.say("bruno", f"/contest 1 {text}", key=f"once:{text}")
    await bench.say("bruno", "/contest 1 three")
    assert "3 times already" in " ".join(await bench.say("bruno", "/contest 1 four"))
    assert bench.rows("SELECT text FROM contest ORDER BY entry") == [("one",), ("two",), ("three",)]


async def test_whoever_is_refused_from_the_roll_can_contest_and_a_stranger_sees_nothing(bench: Bench) -> None:
    await bench.say("ana", OPEN_POLL, bench.salon)
    bench.telegram.rooms["-100"].members.add("zoe")
    bench.clock.move(timedelta(minutes=5))
    zoe = bench.telegram.who("zoe")
    await bench.do(MemberMoved(bench.key(), bench.clock.now(), zoe, bench.salon, joined=True))
    assert "/contest 1" in await bench.vote("zoe", 1, 1)
    await bench.say("zoe", "/contest 1 I was here all along")
    assert bench.rows("SELECT text FROM contest") == [("I was here all along",)]
    assert "no. 1" in " ".join(await bench.say("gus", "/contest 1 let me in"))
    assert bench.rows("SELECT count(*) FROM contest") == [(1,)]


async def test_someone_in_the_room_whom_the_bot_never_saw_contests_in_private(bench: Bench) -> None:
    await closed(bench)
    assert "no. 1" in " ".join(await bench.say("yan", "/contest 1 I was here all along"))
    assert bench.rows("SELECT text FROM contest") == []
    bench.telegram.rooms["-100"].members.add("yan")
    await bench.say("yan", "/contest 1 I was here all along")
    assert bench.rows("SELECT text FROM contest") == [("I was here all along",)]


async def test_a_second_round_waits_until_the_first_is_final(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS.replace("--yes", "--contest 1h --yes"), bench.salon)
    await vote(bench, 1, ana=1, bruno=2, chloe=3)
    await bench.pass_time(hours=2)
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "closed")]
    await bench.pass_time(hours=1)
    assert bench.rows("SELECT number, state FROM consultation ORDER BY number") == [(1, "certified"), (2, "open")]


async def test_an_annulled_first_round_has_no_second(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS.replace("--yes", "--contest 1h --yes"), bench.salon)
    await vote(bench, 1, ana=1, bruno=2, chloe=3)
    await bench.pass_time(hours=2)
    await bench.say("bruno", "/contest 1 wrong options")
    await bench.say("ana", "/contest 1 annul 1 quite so")
    await bench.pass_time(days=2)
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "cancelled")]


async def test_a_tie_is_decided_while_the_result_is_provisional(bench: Bench) -> None:
    await bench.say("ana", POLL, bench.salon)
    await vote(bench, 1, bruno=1, chloe=2)
    await bench.pass_time(hours=2)
    await bench.press("ana", Action("tie", 1, "2"))
    await bench.say("ana", "It is quieter.")
    assert [one for one in texts(bench) if "The organisers decide the tie: Library" in one]
    await bench.pass_time(days=1)
    assert bench.state() == "certified"


async def test_whose_a_contestation_was_is_erased_with_the_voters(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1 The roll is wrong")
    await bench.say("ana", "/contest 1 reject 1 no")
    assert bench.rows("SELECT account IS NULL FROM contest") == [(0,)]
    await bench.pass_time(days=400)
    assert bench.rows("SELECT account, text FROM contest") == [(None, "The roll is wrong")]


@pytest.mark.parametrize("seed", range(3))
async def test_a_bot_that_dies_and_lives_again_certifies_once(tmp_path: Path, seed: int) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    await vote(bench, 1, bruno=2, chloe=1, dan=1)
    await bench.say("bruno", "/contest 1 early words")
    await bench.say("ana", "/contest 1 reject 1 not so")
    chance = random.Random(seed)
    mortal = Mortal(bench, Fate(chance.randint(0, 14) for _ in range(10)))
    await mortal.until(lambda: bench.state() == "certified")
    await mortal.until(lambda: len(bench.rows("SELECT 1 FROM post WHERE role = 'final' AND state = 'sent'")) == 2)
    assert mortal.deaths > 5
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'certified'") == [(1,)]
    hall = [one.plain for one in bench.matrix.at(bench.hall)]
    assert [sum(words in one for one in hall) for words in ("The result is final", "early words")] == [1, 1]
    await bench.close()


# -- the button --------------------------------------------------------------------------------------------------------
def buttons(bench: Bench, words: str) -> list[str]:
    """The labels under the last message in the salon that says this."""
    posted = [one.card for one in bench.telegram.at(bench.salon) if words in one.plain]
    return [button.label for row in posted[-1].buttons for button in row]


async def test_the_button_under_the_disclosure_asks_what_is_wrong_in_private(bench: Bench) -> None:
    await bench.say("ana", POLL, bench.salon)
    assert "Contest" in buttons(bench, "Before you vote")
    in_room = len(bench.telegram.at(bench.salon))
    await bench.press("bruno", Action("contest", 1), bench.salon)
    assert "What is wrong?" in told(bench, "bruno")[-1]
    assert len(bench.telegram.at(bench.salon)) == in_room
    await bench.say("bruno", "The list of options was cut")
    assert bench.rows("SELECT text FROM contest") == [("The list of options was cut",)]


async def test_the_button_under_a_provisional_result_leads_to_the_private_chat_if_it_must(bench: Bench) -> None:
    await closed(bench)
    assert "Contest" in buttons(bench, "Provisional result")
    bench.telegram.unwritable.add("bruno")
    reply = await bench.do(bench.pressed("bruno", Action("contest", 1), bench.salon))
    assert reply.start == "contest-1"


async def test_the_button_outside_the_time_to_contest_says_so(bench: Bench) -> None:
    await bench.say("ana", POLL.replace("--close 2h", '--open "in 2 days" --close "in 3 days"'), bench.salon)
    assert "nothing to contest" in await bench.press("bruno", Action("contest", 1), bench.salon)
    await bench.pass_time(days=7)
    assert bench.state() == "certified"
    assert "is final" in await bench.press("bruno", Action("contest", 1), bench.salon)


async def test_a_result_that_is_final_at_once_has_no_such_button(bench: Bench) -> None:
    await closed(bench, OPEN_POLL)
    assert "Contest" not in buttons(bench, "Result")


async def test_those_who_decide_are_shown_what_waits(bench: Bench) -> None:
    await closed(bench)
    await bench.say("bruno", "/contest 1 somebody voted twice")
    before = len(told(bench, "ana"))
    await bench.press("ana", Action("contest", 1), bench.salon)
    assert "somebody voted twice" in "\n".join(told(bench, "ana")[before:])
