"""Answering statements: by button one after the other in private, by number, by a typed command.

An answer is committed, then acknowledged; the last one counts until the closing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.consultation import Consultation, Results
from bot.domain.ids import Action
from bot.domain.opinions.exposure import next_statement
from bot.domain.opinions.model import Opinion, Statement, StatementState
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown
from bot.ports import Person, Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card, Line
from bot.text.catalogue import Speech
from bot.text.opinions.card import LABELS, SAID, all_answered, statement_paper
from bot.usecases import taking_part
from bot.usecases.house import House, Visit
from bot.usecases.opinions.private import replaced
from bot.usecases.tell import Menu, answer, menu_of, privately, saved_menu, sentence, with_menu

PUBLISHED = (StatementState.PUBLISHED,)
WORDS: Mapping[str, Opinion] = {
    **dict.fromkeys(("a", "agree", "i agree", "yes", "d'accord", "je suis d'accord", "oui"), Opinion.AGREE),
    **dict.fromkeys(("d", "disagree", "i disagree", "no", "pas d'accord", "non"), Opinion.DISAGREE),
    **dict.fromkeys(("p", "pass", "skip", "passe", "passer", "je passe"), Opinion.PASS),
}
"""Words (folded) that people type for an opinion."""
_PRESSED = re.compile(r"([0-9]{1,6})\.(agree|disagree|pass)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one participant has before them: how many statements they are asked, how many of these they answered, and
    the next one."""

    consultation: Consultation
    asked: int
    answered: int
    next: Statement | None


def opinion_in(words: str) -> Opinion | None:
    """The opinion that typed words are, None for none."""
    return WORDS.get(fold(words).strip(" .!"))


async def give(house: House, visit: Visit, who: Person, number: int, statement: int, opinion: Opinion) -> str:
    """Record the answer, the last one counting; the words that acknowledge it.

    Raises Refusal `statement-not-open` for one that is not published, those of `take_part`.
    """
    alias = await taking_part.take_part(house, who, number)

    def work(tx: Transaction) -> Statement:
        taking_part.must_be_open(tx.consultation(number, lock=True), visit.at)
        found = tx.opinion_maps.statement(number, statement)
        if found.state is not StatementState.PUBLISHED:
            raise Refusal("statement-not-open", statement=str(statement))
        # One event gives one answer, even if the dialogue has moved on when it is delivered again.
        if tx.first_time(f"{visit.key}/opinion"):
            tx.opinion_maps.set_opinion(number, statement, alias, opinion)
            tx.touch(number)
        return found

    found = await house.store.write(work)
    house.nudge(number)
    words = visit.speech.say(SAID[opinion])
    return visit.speech.say("opinions.answered", number=str(found.number), opinion=words)


async def typed(house: House, visit: Visit, who: Person, number: int, statement: int, opinion: Opinion) -> None:
    """An answer by a typed command: in a room it is taken as it was seen there, and acknowledged in private."""
    told = await give(house, visit, who, number, statement, opinion)
    await answer(house, visit, sentence(visit.speech, "plain", text=told))


async def ask(house: House, visit: Visit, who: Person, number: int) -> bool:
    """Send the next statement to the person alone; False when their platform does not allow it yet."""
    alias = await taking_part.take_part(house, who, number)
    card, menu = await _next_paper(house, visit, number, alias)
    return await privately(house, visit, card, menu=menu, open_chat=True)


async def press(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """An answer by button or by the number of a menu: the next statement takes the place of this one."""
    found = _PRESSED.fullmatch(action.argument)
    if found is None:
        raise Refusal("expired-button")
    told = await give(house, visit, pressed.who, action.number, int(found[1]), Opinion(found[2]))
    alias = await taking_part.take_part(house, pressed.who, action.number)
    card, menu = await _next_paper(house, visit, action.number, alias)
    if pressed.post is None:
        noted = visit.speech.line("plain", text=told)
        await privately(house, visit, _below(noted, card), menu=menu)
        return Reply()
    messenger = house.messenger(visit.account.ref.platform)
    if not await replaced(house, visit, pressed.post, with_menu(card, menu, messenger.buttons, visit.speech)):
        await privately(house, visit, card, menu=menu)
    return Reply(told)


async def written(house: House, visit: Visit, who: Person, dialogue: Mapping[str, Any], text: str) -> None:
    """Words in private while a statement is being asked: "agree", "d'accord", "passe"."""
    opinion = opinion_in(text)
    if opinion is None:
        raise Refusal("opinion-not-understood", said=shown(text))
    number = int(dialogue["number"])
    told = await give(house, visit, who, number, int(dialogue["statement"]), opinion)
    alias = await taking_part.take_part(house, who, number)
    card, menu = await _next_paper(house, visit, number, alias)
    await privately(house, visit, _below(visit.speech.line("plain", text=told), card), menu=menu)


def _below(first: Line, card: Card) -> Card:
    return replace(card, blocks=(first, *card.blocks))


async def _next_paper(house: House, visit: Visit, number: int, alias: int) -> tuple[Card, Menu]:
    """The next statement with what can be answered; the dialogue is about it from now on."""
    sheet = await house.store.read(lambda tx: _sheet(tx, number, alias))
    menu = _menu(sheet, visit.speech)
    state: dict[str, Any] = {"ask": "opinions", "number": number, "menu": saved_menu(menu)}
    if sheet.next is not None:
        state |= {"do": "answer", "statement": sheet.next.number}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    if sheet.next is None:
        return all_answered(sheet.consultation, sheet.asked, visit.speech), menu
    done = sheet.answered
    return statement_paper(sheet.consultation, sheet.next, done, sheet.asked, visit.speech), menu


def _sheet(tx: Transaction, number: int, alias: int) -> Sheet:
    statements = tx.opinion_maps.statements(number, states=PUBLISHED)
    answers = tx.opinion_maps.opinions_of(number, alias)
    asked = [one.number for one in statements if one.alias != alias or one.number in answers]
    done = sum(number in answers for number in asked)
    chosen = next_statement(statements, answers, alias, f"{number}.{alias}.{done}")
    return Sheet(tx.consultation(number), len(asked), done, chosen)


def _menu(sheet: Sheet, speech: Speech) -> Menu:
    number = sheet.consultation.number
    if sheet.next is not None:
        return menu_of(
            *(
                (speech.say(LABELS[opinion]), Action("oput", number, f"{sheet.next.number}.{opinion.value}"))
                for opinion in Opinion
            )
        )
    entries = [
        (speech.say("button.add-statement"), Action("onew", number)),
        (speech.say("button.my-answers"), Action("omine", number)),
    ]
    if sheet.consultation.definition.results is Results.LIVE:
        entries.append((speech.say("button.see-map"), Action("omap", number, "1")))
    return menu_of(*entries)
