"""Private notices are owed in the transaction that makes them true: a bot that dies before sending them sends them once
it lives again, whether or not the platform delivers the act again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import AccountRef, Action
from bot.domain.members import Grant, Role
from bot.ports import Edited, Incoming, Later, TypedAnswer
from tests.fakes.bench import Bench
from tests.fakes.platforms import PlatformMessenger
from tests.recovery.test_state_machine import Killed, MortalStore
from tests.usecases import test_joint as joint
from tests.usecases import test_linking as linking
from tests.usecases import test_proxies as proxies
from tests.usecases import test_roles as roles
from tests.usecases.conftest import POLL
from tests.usecases.test_contesting import closed, scrutineer, told


@dataclass(frozen=True)
class Act:
    """Something that owes a notice: how it comes to it, who is told, and words of it."""

    prepare: Callable[[Bench], Awaitable[Incoming]]
    reader: str
    words: str
    together: bool = False


async def _links(bench: Bench) -> Incoming:
    await linking.request(bench, "bruno", "emma")
    await bench.say("emma", "/link yes")
    return bench.said("bruno", "/link yes")


async def _gives_the_code(bench: Bench) -> Incoming:
    return bench.said("bruno", f"/link {await linking.code_of(bench, 'emma')}")


async def _says_no(bench: Bench) -> Incoming:
    await linking.request(bench, "bruno", "emma")
    return bench.said("bruno", "/link no")


async def _goes_apart(bench: Bench) -> Incoming:
    await linking.link(bench, "bruno", "emma")
    return bench.said("bruno", "/link remove 2")


async def _is_on_the_roll_twice(bench: Bench) -> Incoming:
    """Bruno's line and emma's turn out to be one person's, while a vote knows both."""
    await bench.say("ana", "/roll import")
    await bench.say("ana", "name;telegram\nBruno B;\nEmma E;\n")
    home = bench.rows("SELECT id FROM organisation WHERE bound")[0][0]
    await bench.press("ana", Action("rollyes", home))
    await bench.say("ana", f"{VOTE_BY_LIST}", bench.salon)
    await bench.say("ana", "/roll code 1")
    code = linking.CODE.findall(told(bench, "ana")[-1])[-1]
    await bench.say("bruno", f"/claim {code}")
    return bench.said("ana", "/roll merge 1 2")


VOTE_BY_LIST = (
    '/vote "Budget?" "For" "Against" --purpose "Adopt it" --binding advice --close 2h --roll list --tie first --yes'
)


async def _takes_a_role(bench: Bench) -> Incoming:
    return bench.said("bruno", f"/claim {await roles.code_for(bench, 'organiser')}")


async def _loses_a_role(bench: Bench) -> Incoming:
    await roles.has(bench, "bruno", "organiser")
    await bench.say("ana", "/roles")
    return bench.said("ana", "/roles remove 2")


async def _asks_a_second(bench: Bench) -> Incoming:
    await scrutineer(bench, "chloe")
    await bench.say("ana", POLL.replace("--yes", "--approval --yes"), bench.salon)
    return bench.said("ana", "/close 1")


async def _rules(bench: Bench) -> Incoming:
    await closed(bench)
    await bench.say("bruno", "/contest 1 somebody voted twice")
    return bench.said("ana", "/contest 1 reject 1 I counted again")


async def _takes_an_answer_back(bench: Bench) -> Incoming:
    await bench.say("ada", f"{POLL} --secrecy public", bench.hall)
    said = replace(bench.said("emma", "/v 1 2", bench.hall), in_poll="$poll")
    emma = bench.matrix.who("emma").account
    bench.matrix.polls[bench.hall, "$poll", emma] = (TypedAnswer("$before", "1"),)
    await bench.do(said)
    gone = bench.said("emma", "", bench.hall)
    return Edited(gone.key, gone.at, gone.who, gone.room, said.key)


async def _takes_a_proxy(bench: Bench) -> Incoming:
    await proxies.open_vote(bench)
    return bench.pressed("emma", Action("pxyes", 0, await proxies.code_of(bench, "bruno")))


async def _takes_a_day(bench: Bench) -> Incoming:
    await proxies.open_vote(bench)
    return bench.pressed("emma", Action("pxyes", 0, await proxies.code_of(bench, "bruno", "today")))


async def _invites(bench: Bench) -> Incoming:
    return bench.said("ana", f"/invite 1 {await joint.code_of(bench)}", bench.salon)


async def _accepts(bench: Bench) -> Incoming:
    await joint.invite(bench)
    return bench.pressed("ada", Action("invyes", 1))


async def _drops_a_shared_draft(bench: Bench) -> Incoming:
    oak = bench.rows("SELECT organisation FROM room WHERE title = 'Hall'")[0][0]
    (ada,) = bench.rows("SELECT person FROM account WHERE ref = 'matrix:ada'")[0]
    now = bench.clock.now()
    await bench.store.write(lambda tx: tx.members.grant(Grant(oak, None, ada, Role.ADMIN, None, now)))
    await bench.say("ana", joint.VOTE.replace(" --yes", ""), bench.salon)
    await bench.say("ana", f"/invite 2 {await joint.code_of(bench)}", bench.salon)
    await bench.press("ada", Action("invyes", 2))
    return bench.said("ana", "/cancel 2", bench.salon)


ACTS = {
    "linked": Act(_links, "emma", "These accounts are linked"),
    "link-question": Act(_gives_the_code, "emma", "Are both of these accounts yours?"),
    "link-over": Act(_says_no, "emma", "answered no"),
    "link-removed": Act(_goes_apart, "emma", "linked with any other"),
    "merged": Act(_is_on_the_roll_twice, "bruno", "on the roll twice"),
    "role-taken": Act(_takes_a_role, "ana", "took the role"),
    "role-ended": Act(_loses_a_role, "bruno", "was taken back from you"),
    "approval": Act(_asks_a_second, "chloe", "Ana wants to close no. 1"),
    "contest-decided": Act(_rules, "bruno", "is rejected. Reason: I counted again"),
    "answer-replaced": Act(_takes_an_answer_back, "emma", "Café"),
    "proxy": Act(_takes_a_proxy, "bruno", "has accepted to vote in your place in no. 1"),
    "proxy-day-taken": Act(_takes_a_day, "bruno", "has accepted to vote in your place on"),
    "invitation": Act(_invites, "ada", "invites Oak to hold this consultation together", together=True),
    "draft-dropped": Act(_drops_a_shared_draft, "ada", "gave up the draft no. 2", together=True),
    "invitation-answered": Act(_accepts, "ana", "agrees to hold consultation no. 1", together=True),
}


async def made(path: Path, act: Act) -> Bench:
    if act.together:
        return await joint.two_associations(path)
    bench = await Bench(path).start()
    await bench.meet_everyone()
    return bench


@dataclass
class Doom:
    """The bot dies at the first step at which this is so."""

    when: Callable[[], bool]
    dead: bool = False

    async def tick(self, what: str) -> None:
        self.dead = self.dead or self.when()
        if self.dead:
            raise Killed(what)


def heard(bench: Bench, act: Act) -> int:
    return sum(act.words in each for each in told(bench, act.reader))


async def dies(bench: Bench, incoming: Incoming, when: Callable[[], bool]) -> None:
    doom = Doom(when)
    bench.app = bench.assembled(MortalStore(bench.store, doom), doom.tick)  # type: ignore[arg-type]
    with pytest.raises(Killed):
        await bench.do(incoming)
    bench.app = bench.assembled()


@pytest.mark.parametrize("again", [False, True], ids=["", "delivered-again"])
@pytest.mark.parametrize("kind", ACTS)
async def test_what_is_owed_is_sent_after_a_crash(tmp_path: Path, kind: str, again: bool) -> None:
    act = ACTS[kind]
    bench = await made(tmp_path / "palabre.db", act)
    incoming = await act.prepare(bench)
    before = heard(bench, act)

    def is_owed() -> bool:
        done = kind != "answer-replaced" or bench.rows("SELECT 1 FROM ballot WHERE choice = '1'")
        return bool(done and bench.rows("SELECT 1 FROM notice WHERE kind = ?", kind))

    await dies(bench, incoming, is_owed)
    assert heard(bench, act) == before
    await bench.app.start()
    if again:
        await bench.do(incoming)
    await bench.app.settle()
    assert heard(bench, act) > before
    assert bench.rows("SELECT * FROM notice") == []
    await bench.close()


@pytest.mark.parametrize("kind", ["linked", "approval", "invitation"])
async def test_what_was_sent_and_not_noted_may_stand_twice_and_no_more(tmp_path: Path, kind: str) -> None:
    act = ACTS[kind]
    bench = await made(tmp_path / "palabre.db", act)
    incoming = await act.prepare(bench)
    before = heard(bench, act)
    await dies(bench, incoming, lambda: heard(bench, act) > before)
    await bench.app.start()
    await bench.app.settle()
    assert 1 <= heard(bench, act) - before <= 2
    stands = heard(bench, act)
    await bench.pass_time(hours=1)
    assert heard(bench, act) == stands
    assert bench.rows("SELECT * FROM notice") == []
    await bench.close()


async def test_a_slow_platform_delays_a_notice_and_another_that_refuses_ends_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = ACTS["linked"]
    incoming = await act.prepare(bench)
    whisper = PlatformMessenger.whisper

    async def busy(self: Any, *about: Any, **more: Any) -> Any:
        return Later(90.0)

    monkeypatch.setattr(PlatformMessenger, "whisper", busy)
    await bench.do(incoming)
    assert heard(bench, act) == 0
    monkeypatch.setattr(PlatformMessenger, "whisper", whisper)
    bench.telegram.unwritable.add("bruno")
    await bench.pass_time(seconds=60)
    assert heard(bench, act) == 0
    bench.clock.move(timedelta(seconds=60))
    await bench.app.settle()
    assert heard(bench, act) == 1
    assert bench.rows("SELECT * FROM notice") == []


@pytest.mark.parametrize("ends", ["/cancel 1 no longer needed", ""], ids=["cancelled", "closed"])
async def test_what_could_not_be_told_of_a_proxy_goes_with_the_vote(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    incoming = await ACTS["proxy"].prepare(bench)
    whisper = PlatformMessenger.whisper

    async def busy(self: Any, *about: Any, **more: Any) -> Any:
        return Later(86_400.0)

    monkeypatch.setattr(PlatformMessenger, "whisper", busy)
    await bench.do(incoming)
    assert bench.rows("SELECT kind FROM notice") == [("proxy",)]
    monkeypatch.setattr(PlatformMessenger, "whisper", whisper)
    if ends:
        await bench.say("ana", ends)
        await bench.say("ana", "yes")
    else:
        await bench.pass_time(hours=3)
    assert bench.rows("SELECT state FROM consultation") == [(("cancelled",), ("certified",))[not ends]]
    assert bench.rows("SELECT * FROM notice WHERE kind = 'proxy'") == []


async def test_votes_of_a_day_taken_back_before_it_was_told_are_not_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = ACTS["proxy-day-taken"]
    incoming = await act.prepare(bench)
    whisper = PlatformMessenger.whisper

    async def busy(self: Any, *about: Any, **more: Any) -> Any:
        return Later(60.0)

    monkeypatch.setattr(PlatformMessenger, "whisper", busy)
    await bench.do(incoming)
    assert bench.rows("SELECT kind FROM notice") == [("proxy-day-taken",)]
    monkeypatch.setattr(PlatformMessenger, "whisper", whisper)
    await bench.say("bruno", "/proxy today revoke")
    await bench.pass_time(minutes=5)
    assert heard(bench, act) == 0
    assert bench.rows("SELECT * FROM notice") == []


async def test_a_notice_holds_numbers_and_goes_with_its_reader(bench: Bench) -> None:
    act = ACTS["linked"]
    incoming = await act.prepare(bench)
    doomed = Doom(lambda: bool(bench.rows("SELECT 1 FROM notice")))
    bench.app = bench.assembled(MortalStore(bench.store, doomed), doomed.tick)  # type: ignore[arg-type]
    with pytest.raises(Killed):
        await bench.do(incoming)
    assert bench.rows("SELECT DISTINCT facts FROM notice") == [('{"merges": []}',)]
    account = bench.rows("SELECT account FROM notice")[0][0]
    await bench.store.write(lambda tx: tx.personal.forget(account, bench.clock.now()))
    assert bench.rows("SELECT * FROM notice") == []


async def test_a_reader_who_is_slow_to_reach_keeps_nobody_at_the_door(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, gate, whisper = ACTS["linked"], asyncio.Event(), PlatformMessenger.whisper
    incoming = await act.prepare(bench)

    async def slow(self: Any, to: AccountRef, *about: Any, **more: Any) -> Any:
        if to.id == act.reader:
            await gate.wait()
        return await whisper(self, to, *about, **more)

    monkeypatch.setattr(PlatformMessenger, "whisper", slow)
    async with asyncio.timeout(30):
        await bench.app(incoming)
    assert heard(bench, act) == 0
    gate.set()
    await bench.app.settle()
    assert heard(bench, act) == 1


def slow_to_reach(monkeypatch: pytest.MonkeyPatch, reader: str) -> tuple[asyncio.Event, list[str]]:
    """What the reader's chat waits for before it takes a message, and everybody to whom something began to be sent."""
    gate, begun, whisper = asyncio.Event(), list[str](), PlatformMessenger.whisper

    async def slow(self: Any, to: AccountRef, *about: Any, **more: Any) -> Any:
        begun.append(to.id)
        if to.id == reader:
            await gate.wait()
        return await whisper(self, to, *about, **more)

    monkeypatch.setattr(PlatformMessenger, "whisper", slow)
    return gate, begun


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not done():
            await asyncio.sleep(0.01)


async def owe(bench: Bench, name: str, key: str) -> None:
    """Owe them a notice that anybody can be owed."""
    (account,) = bench.rows("SELECT id FROM account WHERE ref LIKE ?", f"%:{name}")[0]
    now, facts = bench.clock.now(), {"merges": []}
    await bench.store.write(lambda tx: tx.owe(account, "linked", facts, key, now))


async def test_one_slow_chat_delays_nobody_else_and_gets_each_notice_once_in_order(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.meet_everyone()
    gate, begun = slow_to_reach(monkeypatch, "bruno")
    sending = asyncio.create_task(bench.app.send_what_is_owed())
    words = "These accounts are linked"
    try:
        await owe(bench, "bruno", "first")
        bench.app._owing.set()
        await until(lambda: "bruno" in begun)
        await owe(bench, "bruno", "second")
        for key in ("third", "fourth"):
            await owe(bench, "emma", key)
            bench.app._owing.set()
            await until(lambda: "emma" in begun)
        await until(lambda: sum(words in each for each in told(bench, "emma")) == 2)
        assert begun.count("bruno") == 1
        gate.set()
        await until(lambda: bench.rows("SELECT * FROM notice") == [])
    finally:
        sending.cancel()
    keys = [one.key for one in bench.telegram.at(bench.telegram.chat("bruno")) if words in one.plain]
    assert keys == ["first/0", "second/0"]
