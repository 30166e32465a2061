"""Deciding contestations: by the scrutineers if there are any, else by the organisers, each with a reason.

The decision, its reason and what was contested are published together, in every room
and in the journal, without a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.authority import Act
from bot.domain.consultation import Consultation
from bot.domain.contests import Contest, Ruling, Verdict, must_be_possible, provisional
from bot.domain.ids import Action
from bot.domain.lifecycle import Event, after
from bot.domain.refusals import Missing, Refusal
from bot.domain.words import clean_text
from bot.ports import Pressed, Reply
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.contests import waiting_card
from bot.usecases.close import forget_everyone
from bot.usecases.debate.alerting import voice_to, write_to
from bot.usecases.debate.aside import Page, show
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.overseeing import deciders, scrutineers
from bot.usecases.scrub import scrub
from bot.usecases.steer import authorised
from bot.usecases.tell import Choice, answer, menu_of, sentence

SHOWN = 3
"""Contestations one message offers buttons for."""


async def must_decide(house: House, visit: Visit, number: int) -> Setting:
    """The consultation, once the person may decide its contestations. Raises the Refusals of `authority`."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    watched = await house.store.read(lambda tx: bool(scrutineers(tx, setting)))
    return await authorised(house, visit, number, Act.RULE if watched else Act.STEER)


def menu(consultation: Consultation, waiting: Sequence[Contest], speech: Speech) -> tuple[Choice, ...]:
    """What can be decided of the contestations that wait."""
    verdicts = [Verdict.REJECTED, Verdict.NOTED, *([Verdict.ANNULLED] if provisional(consultation) else [])]
    return menu_of(
        *(
            (
                speech.say(f"button.contest-{verdict.value}", entry=str(one.entry)),
                Action("rule", one.number, f"{one.entry}.{verdict.value}"),
            )
            for one in waiting[:SHOWN]
            for verdict in verdicts
        )
    )


async def pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """A button that decides: the reason is asked next."""
    entry, _, verdict = action.argument.partition(".")
    if not (entry.isascii() and entry.isdigit() and len(entry) <= 4 and verdict in set(Verdict) - {Verdict.OPEN}):
        raise Refusal("expired-button")
    await must_decide(house, visit, action.number)

    def query(tx: Transaction) -> None:
        must_be_possible(tx.consultation(action.number), _found(tx, action.number, int(entry)), Verdict(verdict))

    await house.store.read(query)
    card = sentence(visit.speech, f"contest.ask-{verdict}", number=str(action.number), entry=entry)
    dialogue = {"ask": "contest", "number": action.number, "entry": int(entry), "verdict": verdict}
    return await show(house, visit, Page(card, f"contest-{action.number}", dialogue=dialogue), pressed)


def _found(tx: Transaction, number: int, entry: int) -> Contest:
    for one in tx.scrutiny.contests(number):
        if one.entry == entry:
            return one
    raise Missing("no-such-contestation", number=str(number), entry=str(entry))


async def with_reason(house: House, visit: Visit, number: int, entry: int, verdict: str, reason: str) -> None:
    """The reason that was asked for after a button."""
    await decide(house, visit, number, Ruling(Verdict(verdict), entry, reason))


async def decide(house: House, visit: Visit, number: int, ruling: Ruling) -> None:
    """Decide a contestation, once for this message.

    Raises Refusal `contest-needs-a-reason`, `contest-own`, those of `must_decide` and `must_be_possible`, and Missing
    `no-such-contestation`.
    """
    setting = await must_decide(house, visit, number)
    if not ruling.reason.strip():
        raise Refusal("contest-needs-a-reason", number=str(number), entry=str(ruling.entry))
    words = clean_text(ruling.reason)

    def work(tx: Transaction) -> Contest | None:
        consultation = tx.consultation(number, lock=True)
        if not tx.first_time(f"{visit.key}/rule"):
            return None
        found = _found(tx, number, ruling.entry)
        must_be_possible(consultation, found, ruling.verdict)
        _must_not_be_own(tx, visit, found, [one.person for one in deciders(tx, setting)])
        decided = replace(found, verdict=ruling.verdict, decision=words)
        tx.scrutiny.save_contest(decided, visit.at)
        facts = {
            "contestation": found.entry, "text": found.text, "decision": ruling.verdict.value, "reason": words,
        }  # fmt: skip
        tx.record(visit.at, "contest-decided", facts, number)
        if found.account is not None:
            told = {"number": number, "entry": found.entry}
            tx.owe(found.account, "contest-decided", told, f"contest:{number}:{found.entry}:decided", visit.at)
        if ruling.verdict is Verdict.ANNULLED:
            _annul(house, tx, consultation, visit, words)
        tx.touch(number)
        return decided

    decided = await house.store.write(work)
    house.memory.forget(number)
    house.memory.owes_notices = True
    house.nudge(number)
    if decided is not None:
        if decided.verdict is Verdict.ANNULLED:
            await scrub(house)
        facts = {"number": str(number), "entry": str(decided.entry)}
        await answer(house, visit, sentence(visit.speech, "contest.decided", **facts))


def _must_not_be_own(tx: Transaction, visit: Visit, found: Contest, may_decide: Sequence[int]) -> None:
    """Nobody decides what they contested themselves, as long as somebody else may."""
    me = tx.account_by_id(visit.account.id).person
    theirs = tx.account_by_id(found.account).person if found.account is not None else None
    if theirs == me and set(may_decide) - {me}:
        raise Refusal("contest-own", number=str(found.number), entry=str(found.entry))


def _annul(house: House, tx: Transaction, consultation: Consultation, visit: Visit, reason: str) -> None:
    """The result doesn't count: nothing more is kept of who chose what, as in a consultation that is cancelled."""
    state = after(consultation.state, Event.ANNUL, consultation.number)
    forget_everyone(house, tx, consultation, visit.at)
    tx.save(replace(consultation, state=state, cancelled_because=reason))


async def decided_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """What was decided of the reader's contestation."""
    number, entry = int(facts["number"]), int(facts["entry"])
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    decided = await house.store.read(lambda tx: _found(tx, number, entry))
    speech = voice_to(house, setting, to)
    line = speech.line(f"contest.yours-{decided.verdict.value}", entry=str(entry), reason=decided.decision)
    return Letter((Card((headline(setting.consultation, speech), line)),))


@dataclass(frozen=True, slots=True)
class _Untold:
    """A contestation of which those who decide were not told yet, as it stands now; the name of whoever signed it."""

    contest: Contest
    name: str
    key: str


async def tell_deciders(house: House, number: int) -> None:
    """Tell those who decide, in private and once, of every contestation that waits; also after a crash."""
    for untold in await house.store.read(lambda tx: _untold(tx, number)):
        await _tell(house, untold)


def _untold(tx: Transaction, number: int) -> list[_Untold]:
    found: list[_Untold] = []
    for one in tx.scrutiny.contests(number):
        key = f"warn:{number}:contest-{one.entry}{'-signed' if one.signed else ''}"
        if one.verdict is Verdict.OPEN and not tx.was_seen(key):
            name = tx.account_by_id(one.account).name if one.signed and one.account is not None else ""
            found.append(_Untold(one, name, key))
    return found


async def _tell(house: House, untold: _Untold) -> None:
    one = untold.contest
    setting = await house.store.read(lambda tx: setting_of(tx, one.number))
    for account in await house.store.read(lambda tx: deciders(tx, setting)):
        if account.id != one.account:
            speech = voice_to(house, setting, account)
            card = waiting_card(one, untold.name, speech)
            await write_to(house, setting, account, card, menu(setting.consultation, [one], speech), untold.key)
    await house.store.write(lambda tx: tx.first_time(untold.key))
