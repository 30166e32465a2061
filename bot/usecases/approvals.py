"""Acts that need two people: the first one's word is kept and the others are asked; the second one's lets it happen.

Each word is in the journal, without a name. If the program dies between the second
word and the act, whoever repeats it finds both words and the act is done.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approvals import Paired, Word, fingerprint, proposed, seconded
from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.usecases.debate.alerting import voice_to, write_to
from bot.usecases.disclose import Setting
from bot.usecases.house import House, Visit
from bot.usecases.overseeing import overseers
from bot.usecases.tell import answer, menu_of


def terms_of(act: Paired, consultation: Consultation, words: str = "") -> str:
    """The act in full, as both agree to it: with the reason of a cancellation, with what is opened or closed early as
    it stands."""
    match act:
        case Paired.OPEN:
            return f"{consultation.version} {consultation.opens_at.isoformat()}"
        case Paired.CLOSE:
            return consultation.closes_at.isoformat() if consultation.closes_at else ""
        case _:
            return words


async def waits_for_second(house: House, visit: Visit, setting: Setting, act: Paired, words: str = "") -> bool:
    """Take the person's word for the act; whether it has to wait for somebody else's, who are then asked."""
    if not setting.consultation.definition.approval:
        return False
    number = setting.consultation.number

    def work(tx: Transaction) -> tuple[bool, str]:
        consultation = tx.consultation(number, lock=True)
        terms = terms_of(act, consultation, words)
        return give(tx, visit, number, act, terms), terms

    agreed, terms = await house.store.write(work)
    if agreed:
        return False
    asked = await _ask_others(house, visit, setting, act, terms)
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


def give(tx: Transaction, visit: Visit, number: int, act: Paired, terms: str) -> bool:
    """Keep a person's word for the act, once for this message; whether two people agree now."""
    person = tx.account_by_id(visit.account.id).person
    agreed = seconded(tx.scrutiny.words(number), act, terms, person, visit.at)
    if tx.first_time(f"{visit.key}/word"):
        tx.scrutiny.give_word(number, Word(act, person, visit.account.id, terms, visit.at))
        tx.record(visit.at, "approved" if agreed else "approval-asked", {"act": act.value}, number)
    return agreed


async def _ask_others(house: House, visit: Visit, setting: Setting, act: Paired, terms: str) -> int:
    """Ask everybody else who looks after it, in private; how many people were asked."""
    others = await house.store.read(lambda tx: _others(tx, setting, visit.account.id))
    number = setting.consultation.number
    for account in others:
        speech = voice_to(house, setting, account)
        key = f"approval.asks-{act.value}"
        said = speech.line(key, number=str(number), name=visit.account.name, reason=terms)
        agree = Action("agree", number, f"{act.value}-{fingerprint(terms)}")
        menu = menu_of((speech.say("button.agree-to-act"), agree))
        await write_to(house, setting, account, Card((said,)), menu, f"{visit.key}/approval-{account.id}")
    return len({account.person for account in others})


def _others(tx: Transaction, setting: Setting, mine: int) -> Sequence[Account]:
    me = tx.account_by_id(mine).person
    return [account for account in overseers(tx, setting) if account.person != me]
