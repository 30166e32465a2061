"""Contesting: saying in private that something is wrong with a consultation, and having it decided.

What was said reaches those who decide without its author's name, unless they sign it.
Who may contest is whoever can see the consultation: on the roll, or refused from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.authority import Act
from bot.domain.contests import EACH, TEXT_LIMIT, Contest, Verdict, must_be_contestable, ruling_in
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Block, Card
from bot.text.cards import headline
from bot.text.contests import contest_lines
from bot.text.fitting import in_messages
from bot.usecases import ruling_on_contests
from bot.usecases.consult import visible
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised
from bot.usecases.tell import answer, menu_of


async def contest(house: House, visit: Visit, number: int, text: str) -> None:
    """`/contest 12 reason`: contest it; `reject 1 reason`, `note 1 reason`, `annul 1 reason`: decide one; alone: what
    is contested, to organisers and scrutineers, and to anyone their own, with the question what is wrong."""
    ruling = ruling_in(text)
    if ruling is not None:
        await ruling_on_contests.decide(house, visit, number, ruling)
    elif text.strip():
        await make(house, visit, number, text)
    else:
        await ask(house, visit, number)


async def make(house: House, visit: Visit, number: int, text: str) -> None:
    """Take a contestation, once for this message. Raises Refusal `contest-enough`, those of `must_be_contestable` and
    of `clean_text`."""
    facts = await visible(house, visit, number)
    must_be_contestable(facts.consultation, visit.at)
    words = clean_text(text, TEXT_LIMIT)

    def work(tx: Transaction) -> Contest | None:
        consultation = tx.consultation(number, lock=True)
        must_be_contestable(consultation, visit.at)
        mine = tx.scrutiny.contests_of(number, tx.account_by_id(visit.account.id).person)
        if not tx.first_time(f"{visit.key}/contest"):
            return mine[-1] if mine else None
        if len(mine) >= EACH:
            raise Refusal("contest-enough", number=str(number), n=EACH)
        made = tx.scrutiny.contest(number, visit.account.id, words, visit.at)
        tx.record(visit.at, "contested", {"contestation": made.entry}, number)
        return made

    made = await house.store.write(work)
    house.nudge(number)
    if made is not None:
        await show(house, visit, _taken(visit, made))


def _taken(visit: Visit, made: Contest) -> Page:
    facts = {"number": str(made.number), "entry": str(made.entry)}
    card = Card((visit.speech.line("contest.taken", **facts),))
    sign = Action("csign", made.number, str(made.entry))
    return Page(card, f"contest-{made.number}", menu_of((visit.speech.say("button.sign-contest"), sign)))


async def sign(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button "sign": those who decide are told whose it is. Raises Refusal `expired-button`, `contest-decided`."""
    number = action.number

    def work(tx: Transaction) -> None:
        tx.consultation(number, lock=True)
        mine = tx.scrutiny.contests_of(number, tx.account_by_id(visit.account.id).person)
        found = next((one for one in mine if str(one.entry) == action.argument), None)
        if found is None:
            raise Refusal("expired-button")
        if found.verdict is not Verdict.OPEN:
            raise Refusal("contest-decided", number=str(number), entry=action.argument)
        tx.scrutiny.save_contest(replace(found, signed=True), visit.at)

    await house.store.write(work)
    house.nudge(number)
    card = Card((visit.speech.line("contest.signed", number=str(number), entry=action.argument),))
    return await show(house, visit, Page(card, f"contest-{number}"), pressed)


async def pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button under the disclosure, or under a result that isn't final: what is wrong is asked in private."""
    return await ask(house, visit, action.number, pressed)


async def ask(house: House, visit: Visit, number: int, pressed: Pressed | None = None) -> Reply:
    """`/contest 12` alone, or a press in a room: to organisers and scrutineers all that is contested; to anyone else
    their own, and how."""
    facts = await visible(house, visit, number)
    # Pressed in private, it must not take the place of the result that was read there.
    here = None if visit.private else pressed
    if await oversees(house, visit, number):
        shown = await _show_all(house, visit, number, here)
        if shown is not None:
            return shown
    must_be_contestable(facts.consultation, visit.at)
    person = visit.account.person
    mine = await house.store.read(lambda tx: tx.scrutiny.contests_of(number, person))
    blocks: list[Block] = [headline(facts.consultation, visit.speech)]
    blocks += [line for one in mine[:EACH] for line in contest_lines(one, visit.speech, short=True)]
    blocks.append(visit.speech.line("contest.ask", number=str(number), n=EACH))
    dialogue = {"ask": "contest", "number": number}
    return await show(house, visit, Page(Card(tuple(blocks)), f"contest-{number}", dialogue=dialogue), here)


async def oversees(house: House, visit: Visit, number: int) -> bool:
    """Whether the person is an organiser or a scrutineer of the consultation, as far as the platforms say."""
    try:
        await authorised(house, visit, number, Act.OVERSEE)
    except Refusal:
        return False
    return True


async def _show_all(house: House, visit: Visit, number: int, pressed: Pressed | None) -> Reply | None:
    """Every contestation, the last card with what can be decided of those that wait; None if there is none."""

    def query(tx: Transaction) -> tuple[list[Contest], dict[int, str]]:
        every = list(tx.scrutiny.contests(number))
        signed = {one.entry: tx.account_by_id(one.account).name for one in every if one.signed and one.account}
        return every, signed

    every, names = await house.store.read(query)
    if not every:
        return None
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    entries = [contest_lines(one, visit.speech, name=names.get(one.entry, "")) for one in every]
    *first, last = in_messages((headline(consultation, visit.speech),), entries)
    for card in first:
        await answer(house, visit, card, start=f"contest-{number}")
    menu = ruling_on_contests.menu(consultation, [one for one in every if one.verdict is Verdict.OPEN], visit.speech)
    return await show(house, visit, Page(last, f"contest-{number}", menu), pressed)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Take what was written in private: the contestation that was asked for, or the reason of a decision."""
    number = int(dialogue["number"])
    match dialogue:
        case {"entry": int(entry), "verdict": str(verdict)}:
            await ruling_on_contests.with_reason(house, visit, number, entry, verdict, text)
        case _:
            await make(house, visit, number, text)

    def forget(tx: Transaction) -> None:
        if (tx.dialogue(visit.account.id) or {}).get("ask") == "contest":
            tx.set_dialogue(visit.account.id, None)

    await house.store.write(forget)
