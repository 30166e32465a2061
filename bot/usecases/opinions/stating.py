"""Writing a statement: by command, in reply to the card, or asked for in private; taking one's own back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import Consultation
from bot.domain.debate.model import Review
from bot.domain.ids import Action
from bot.domain.opinions.model import OpinionRules, Statement, StatementState
from bot.domain.opinions.statements import read_statement, same_statement
from bot.domain.refusals import Refusal
from bot.domain.words import shown
from bot.ports import Person
from bot.store import Transaction
from bot.text.card import Card
from bot.text.opinions.card import statement_asked
from bot.usecases import taking_part
from bot.usecases.house import House, Visit
from bot.usecases.opinions.reviewing import tell_organisers
from bot.usecases.opinions.which import rules_of
from bot.usecases.tell import answer, menu_of, privately, saved_menu, sentence

STANDING = (StatementState.PUBLISHED, StatementState.PENDING, StatementState.MODERATED)
"""Statements that another one may not repeat."""
COUNTED = (StatementState.PUBLISHED, StatementState.PENDING)
"""Statements that count towards the most a member may submit."""


async def ask(house: House, visit: Visit, who: Person, number: int) -> bool:
    """Ask for a statement in private; False when the person's platform does not allow it yet."""
    await taking_part.take_part(house, who, number)
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    state = {"ask": "opinions", "do": "state", "number": number}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    card = statement_asked(consultation, rules_of(consultation), visit.speech)
    return await privately(house, visit, card, open_chat=True)


async def state(house: House, visit: Visit, who: Person, number: int, text: str) -> None:
    """Take a statement: published at once, or once a moderator has read it.

    Raises Refusal `statement-exists`, `statement-limit`, and those of `read_statement` and `take_part`.
    """
    alias = await taking_part.take_part(house, who, number)
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    words = read_statement(text, rules_of(consultation))
    now = house.clock.now()

    def work(tx: Transaction) -> tuple[Statement, bool] | None:
        taking_part.must_be_open(tx.consultation(number, lock=True), visit.at)
        existing = tx.opinion_maps.statements(number, states=STANDING)
        known = same_statement(words, existing)
        if not tx.first_time(f"{visit.key}/statement"):
            # Delivered again: the author is told again what became of it.
            return (known, False) if known is not None and known.alias == alias else None
        if known is not None:
            raise Refusal("statement-exists", number=str(known.number), text=shown(known.text))
        _within_limit(rules_of(consultation), existing, alias)
        state = StatementState.PENDING if rules_of(consultation).review is Review.BEFORE else StatementState.PUBLISHED
        waiting = any(one.state is StatementState.PENDING for one in existing)
        added = tx.opinion_maps.add_statement(number, alias, words, now, state)
        tx.touch(number)
        return added, state is StatementState.PENDING and not waiting

    done = await house.store.write(work)
    house.nudge(number)
    if done is not None:
        await _acknowledge(house, visit, consultation, done[0])
        if done[1]:
            await tell_organisers(house, number, f"{visit.key}/pending", "opinions.waiting")


def _within_limit(rules: OpinionRules, existing: Sequence[Statement], alias: int) -> None:
    own = sum(one.alias == alias and one.state in COUNTED for one in existing)
    if rules.each is not None and own >= rules.each:
        raise Refusal("statement-limit", n=rules.each)


async def _acknowledge(house: House, visit: Visit, consultation: Consultation, statement: Statement) -> None:
    pending = statement.state is StatementState.PENDING
    key = "opinions.statement-pending" if pending else "opinions.statement-published"
    card = Card((visit.speech.line(key, number=str(statement.number), text=statement.text),))
    if not visit.private:
        await answer(house, visit, card)
        return
    menu = menu_of(
        (visit.speech.say("button.answer-statements"), Action("oask", consultation.number)),
        (visit.speech.say("button.add-another"), Action("onew", consultation.number)),
    )
    kept = {"menu": saved_menu(menu)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, kept))
    await answer(house, visit, card, menu=menu)


async def withdraw(house: House, visit: Visit, who: Person, number: int, statement: int) -> None:
    """Take one's own statement back; its number is never given again.

    Raises Refusal `not-your-statement`, `statement-gone`.
    """
    alias = await taking_part.take_part(house, who, number)

    def work(tx: Transaction) -> None:
        taking_part.must_be_open(tx.consultation(number, lock=True), visit.at)
        found = tx.opinion_maps.statement(number, statement)
        if found.alias != alias:
            raise Refusal("not-your-statement", statement=str(statement))
        if not tx.first_time(f"{visit.key}/withdraw"):
            return
        if found.state not in COUNTED:
            raise Refusal("statement-gone", statement=str(statement))
        tx.opinion_maps.settle_statement(number, statement, StatementState.WITHDRAWN)
        tx.touch(number)

    await house.store.write(work)
    house.nudge(number)
    await answer(house, visit, sentence(visit.speech, "opinions.statement-withdrawn", number=str(statement)))
