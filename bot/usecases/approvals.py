"""Acts that need two people: the first one's word is kept and the others are asked; the second one's lets it happen.

Each word is in the journal, without a name. If the program dies between the second
word and the act, whoever repeats it finds both words and the act is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.approvals import Paired, Word, fingerprint, proposed, seconded
from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.debate.alerting import voice_to
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.overseeing import overseers
from bot.usecases.tell import answer, menu_of


def terms_of(act: Paired, consultation: Consultation, words: str = "") -> str:
    """The act in full, as both agree to it: with the reason of a cancellation, with what is opened, closed early or
    counted as it stands."""
    match act:
        case Paired.OPEN:
            return f"{consultation.version} {consultation.opens_at.isoformat()}"
        case Paired.CLOSE | Paired.REVEAL:
            return consultation.closes_at.isoformat() if consultation.closes_at else ""
        case _:
            return words


async def waits_for_second(house: House, visit: Visit, setting: Setting, act: Paired, words: str = "") -> bool:
    """Take the person's word for the act; whether it has to wait for somebody else's, who are then asked."""
    if not setting.consultation.definition.approval:
        return False
    number = setting.consultation.number

    def work(tx: Transaction) -> int | None:
        consultation = tx.consultation(number, lock=True)
        if give(tx, visit, number, act, terms_of(act, consultation, words)):
            return None
        return _owe_others(tx, visit, setting, act)

    asked = await house.store.write(work)
    if asked is None:
        return False
    house.memory.owes_notices = True
    waits = visit.speech.line(f"approval.waits-{act.value}", number=str(number))
    told = visit.speech.line("approval.asked", n=asked) if asked else visit.speech.line("approval.nobody-asked")
    await answer(house, visit, Card((waits, told)))
    return True


async def proposed_terms(house: House, visit: Visit, number: int, act: Paired) -> str:
    """The terms of the act that somebody else proposed last and that waits for a second person; '' for none."""

    def query(tx: Transaction) -> str:
        person = tx.account_by_id(visit.account.id).person
        found = proposed(tx.scrutiny.words(number), act, person, visit.at)
        return found.terms if found is not None else ""

    return await house.store.read(query)


async def seconds(house: House, visit: Visit, number: int, act: Paired, words: str = "") -> bool:
    """Whether the person would agree to what somebody else proposed, so that looking after it is enough."""

    def query(tx: Transaction) -> bool:
        person, terms = tx.account_by_id(visit.account.id).person, terms_of(act, tx.consultation(number), words)
        return seconded(tx.scrutiny.words(number), act, terms, person, visit.at)

    return await house.store.read(query)


def give(tx: Transaction, visit: Visit, number: int, act: Paired, terms: str) -> bool:
    """Keep a person's word for the act, once for this message; whether two people agree now."""
    person = tx.account_by_id(visit.account.id).person
    agreed = seconded(tx.scrutiny.words(number), act, terms, person, visit.at)
    if tx.first_time(f"{visit.key}/word"):
        tx.scrutiny.give_word(number, Word(act, person, visit.account.id, terms, visit.at))
        tx.record(visit.at, "approved" if agreed else "approval-asked", {"act": act.value}, number)
    return agreed


def _owe_others(tx: Transaction, visit: Visit, setting: Setting, act: Paired) -> int:
    """Owe the question to everybody else who looks after it; how many people that is."""
    others = _others(tx, setting, visit.account.id)
    facts = {"number": setting.consultation.number, "act": act.value, "by": visit.account.id}
    for account in others:
        tx.owe(account.id, "approval", facts, f"{visit.key}/approval-{account.id}", visit.at)
    return len({account.person for account in others})


async def asked_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """Whether the reader agrees to what somebody proposed; None once that word is gone."""
    number, act = int(facts["number"]), Paired(facts["act"])

    def query(tx: Transaction) -> tuple[Setting, Word | None, str]:
        given = [word for word in tx.scrutiny.words(number) if word.act is act and word.account == facts["by"]]
        return setting_of(tx, number), given[-1] if given else None, tx.account_by_id(int(facts["by"])).name

    setting, word, name = await house.store.read(query)
    if word is None:
        return None
    speech = voice_to(house, setting, to)
    said = speech.line(f"approval.asks-{act.value}", number=str(number), name=name, reason=word.terms)
    agree = Action("agree", number, f"{act.value}-{fingerprint(word.terms)}")
    menu = menu_of((speech.say("button.agree-to-act"), agree))
    return Letter((Card((headline(setting.consultation, speech), said)),), menu)


def _others(tx: Transaction, setting: Setting, mine: int) -> Sequence[Account]:
    me = tx.account_by_id(mine).person
    return [account for account in overseers(tx, setting) if account.person != me]
