"""Closing: no ballot counts any more, the links are erased, the totals enter the journal, the result can be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.domain.ballots import to_text
from bot.domain.consultation import DELIBERATIONS, Consultation, Kind, Secrecy, State
from bot.domain.debate.figures import figures
from bot.domain.lifecycle import Event, after
from bot.domain.results import Result, Verdict, conclude
from bot.store import Transaction
from bot.usecases.apart import seal_apart
from bot.usecases.debate.course import conclude_debate, cut_off
from bot.usecases.decided import closes_decided
from bot.usecases.house import House
from bot.usecases.proxies.counting import by_proxy
from bot.usecases.receipts import publish_codes
from bot.usecases.scrub import scrub
from bot.usecases.sealed import closing as sealed
from bot.usecases.sealed.waiting import must_wait
from bot.usecases.seen_apart import look_for_voters
from bot.usecases.sequels import follow, put_off


@dataclass(frozen=True, slots=True)
class _Closed:
    """What a closing did: whether it erased who chose what, and the number of what follows by itself."""

    erased: bool
    follower: int | None


async def close(house: House, number: int, now: datetime, *, early: bool = False) -> None:
    """Close the consultation if it is open and its time has come, it is decided, or an organiser closes it early.

    Raises Refusal `sealed-key-missing`, and it stays open, if its ballots can't be opened.
    """

    def work(tx: Transaction) -> _Closed | None:
        consultation = tx.consultation(number, lock=True)
        assert consultation.state is not State.OPEN or consultation.closes_at is not None
        if consultation.state is not State.OPEN:
            return None
        decided = not early and closes_decided(tx, consultation, now)
        if not (early or decided or _has_come(tx, consultation, now)):
            return None
        if not (early or decided) and put_off(tx, consultation, now):
            return None
        if must_wait(house, tx, consultation, now, early=early):
            return None
        sealed.must_open(house, tx, consultation)
        closed = _close(house, tx, consultation, now, early, decided)
        # What can be contested is followed once it is final.
        follower = follow(tx, closed, now) if closed.state is State.CERTIFIED else None
        return _Closed(consultation.definition.secrecy is not Secrecy.PUBLIC, follower)

    await look_for_voters(house, number)
    done = await house.store.write(work)
    if done is not None and done.follower is not None:
        house.nudge(done.follower)
    if done is not None and done.erased:
        # After the commit, so that the erased links also leave the files the database wrote them to.
        await scrub(house)


def _has_come(tx: Transaction, consultation: Consultation, now: datetime) -> bool:
    """Whether the closing time has come; it can't while a debate is paused."""
    course = tx.debates.course(consultation.number)
    paused = course is not None and course.paused_at is not None
    return now >= (consultation.closes_at or now) and not paused


def _close(
    house: House, tx: Transaction, consultation: Consultation, now: datetime, early: bool, decided: bool
) -> Consultation:
    number = consultation.number
    match consultation.definition.kind:
        case Kind.DEBATE:
            facts = _end_debate(house, tx, consultation, now)
        case Kind.OPINIONS:
            facts = _end_opinions(tx, number)
        case _:
            facts = _count(house, tx, consultation)
    state = after(consultation.state, Event.CLOSE, number)
    if consultation.definition.contest is None:
        state = after(state, Event.CERTIFY, number)
    closed_at = min(now, consultation.closes_at or now) if decided else _ended(consultation, now, early)
    closed = replace(consultation, state=state, closed_at=closed_at)
    tx.save(closed)
    tx.touch(number)
    why = {"decided": True} if decided else {}
    tx.record(now, "closed", {"early": early, **why, **facts, "roll": consultation.roll_size or 0}, number)
    return closed


def _ended(consultation: Consultation, now: datetime, early: bool) -> datetime:
    """When it ended: at its closing time, however late that was noticed, unless an organiser closed it early."""
    return now if early or consultation.closes_at is None else consultation.closes_at


def _count(house: House, tx: Transaction, consultation: Consultation) -> dict[str, object]:
    """Seal the ballots; the totals for the journal."""
    number = consultation.number
    more = sealed.count(house, tx, consultation) if consultation.definition.secrecy is Secrecy.UNLINKED else {}
    more |= publish_codes(tx, consultation)
    tally = tx.tally(number)
    held_apart = seal_apart(tx, consultation)
    tx.seal_ballots(number, keep_links=consultation.definition.secrecy is Secrecy.PUBLIC)
    if consultation.definition.proxies is not None:
        more |= {"by_proxy": by_proxy(tx, consultation)}
    ballots = {to_text(choice): count for choice, count in sorted(tally.items())}
    return {"ballots": ballots, "voters": tx.turnout(number).voters, "seed": consultation.seed, **more, **held_apart}


def _end_debate(house: House, tx: Transaction, consultation: Consultation, now: datetime) -> dict[str, object]:
    """Conclude a debate and erase who contributed what; the figures for the journal."""
    number = consultation.number
    conclude_debate(house, tx, consultation, now)
    found = figures(tx.debates.arguments(number))
    tx.debates.forget_aliases(number)
    return {"participants": tx.debates.participants(number), "contributions": asdict(found)}


def _end_opinions(tx: Transaction, number: int) -> dict[str, object]:
    """Erase who answered what in an opinion map; the figures for the journal."""
    maps = tx.opinion_maps
    maps.forget_aliases(number)
    answers = sum(len(answered) for answered in maps.answers(number).values())
    return {
        "participants": maps.participants(number), "statements": len(maps.statements(number)), "answers": answers,
    }  # fmt: skip


def forget_everyone(house: House, tx: Transaction, consultation: Consultation, now: datetime) -> None:
    """End a consultation that will have no result: nothing is kept of who chose or wrote what."""
    number = consultation.number
    if consultation.definition.kind is Kind.DEBATE and tx.debates.course(number) is not None:
        cut_off(house, tx, consultation, now)
    if consultation.definition.kind in DELIBERATIONS:
        tx.debates.forget_aliases(number)
    tx.reasons.forget(number)
    tx.sealed.forget(number)
    tx.receipts.forget_secret(number)
    tx.seal_ballots(number, keep_links=False)


async def erase(house: House, number: int, now: datetime) -> None:
    """Erase what is kept of the voters on the day the disclosure promised; the journal keeps how many there were."""

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.erase_at is None or now < consultation.erase_at:
            return
        tx.save(replace(consultation, erase_at=None))
        tx.record(now, "erased", dict(tx.personal.erase(number)), number)
        tx.scrutiny.forget_people(number)

    await house.store.write(work)
    await scrub(house)


def awaits_tie_decision(consultation: Consultation, result: Result) -> bool:
    """Whether an organiser has to decide between options left level, also while the result is provisional."""
    return consultation.state in {State.CLOSED, State.CERTIFIED} and result.verdict is Verdict.TIED


def result_of(tx: Transaction, number: int) -> Result:
    """The result as the ballots give it, worked out anew."""
    consultation = tx.consultation(number)
    return conclude(consultation, tx.tally(number), by_proxy(tx, consultation))
