"""Hiding, restoring and reporting statements, and the public log of it."""

from __future__ import annotations

from bot.domain.authority import Act
from bot.domain.consultation import Consultation, State
from bot.domain.debate.moderation import ground_of, threshold_reached
from bot.domain.opinions.model import Statement, StatementState
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text, shown
from bot.ports import Person
from bot.store import Transaction
from bot.text.opinions.moderation import grounds_of, log_card, spoken_ground
from bot.usecases import taking_part
from bot.usecases.house import House, Visit
from bot.usecases.opinions.reviewing import queue, speech_of, tell_author, tell_organisers
from bot.usecases.opinions.which import ENDED, rules_of
from bot.usecases.steer import authorised, moderates
from bot.usecases.tell import answer, in_room, sentence

REASON_LIMIT = 200
"""Characters of the reason of a report."""


async def hide(house: House, visit: Visit, consultation: Consultation, statement: int, typed: str) -> None:
    """Hide a statement on a declared ground: its author is told in private, everyone in the journal and the log.

    Raises Refusal `organisers-only`, `hide-needs-reason`, `statement-gone`.
    """
    number = consultation.number
    await authorised(house, visit, number, Act.MODERATE)
    speech = speech_of(consultation, visit.speech)
    ground, reason = ground_of(grounds_of(rules_of(consultation), speech), typed)

    def work(tx: Transaction) -> Statement:
        _known(tx.consultation(number, lock=True))
        found = tx.opinion_maps.statement(number, statement)
        if tx.first_time(f"{visit.key}/hide"):
            if found.state is not StatementState.PUBLISHED:
                raise Refusal("statement-gone", statement=str(statement))
            found = tx.opinion_maps.settle_statement(number, statement, StatementState.MODERATED, ground, reason)
            tx.record(visit.at, "hidden", {"statement": statement, "ground": ground, "reason": reason}, number)
            tx.touch(number)
        return found

    found = await house.store.write(work)
    house.nudge(number)
    await tell_author(house, visit, number, found, "opinions.your-statement-hidden")
    told = spoken_ground(ground, reason, visit.speech)
    await answer(house, visit, sentence(visit.speech, "opinions.hidden", number=str(statement), ground=told))


async def restore(house: House, visit: Visit, consultation: Consultation, statement: int) -> None:
    """Publish a hidden or refused statement again. Raises Refusal `organisers-only`, `statement-not-hidden`."""
    number = consultation.number
    await authorised(house, visit, number, Act.MODERATE)

    def work(tx: Transaction) -> Statement:
        _known(tx.consultation(number, lock=True))
        found = tx.opinion_maps.statement(number, statement)
        if tx.first_time(f"{visit.key}/restore"):
            if found.state not in {StatementState.MODERATED, StatementState.REFUSED}:
                raise Refusal("statement-not-hidden", statement=str(statement))
            found = tx.opinion_maps.settle_statement(number, statement, StatementState.PUBLISHED)
            tx.record(visit.at, "restored", {"statement": statement}, number)
            tx.touch(number)
        return found

    found = await house.store.write(work)
    house.nudge(number)
    await tell_author(house, visit, number, found, "opinions.your-statement-restored")
    await answer(house, visit, sentence(visit.speech, "opinions.restored", number=str(statement)))


async def report(house: House, visit: Visit, who: Person, number: int, statement: int, typed: str) -> None:
    """Report a statement to the organisers, who are told once, when enough people have.

    Raises Refusal `statement-report-reason`, `statement-gone`, and those of `take_part`.
    """
    if not typed.strip():
        raise Refusal("statement-report-reason", statement=str(statement))
    reason = clean_text(typed, REASON_LIMIT)
    alias = await taking_part.take_part(house, who, number)

    def work(tx: Transaction) -> tuple[Statement, bool]:
        consultation = tx.consultation(number, lock=True)
        taking_part.must_be_open(consultation, visit.at)
        found = tx.opinion_maps.statement(number, statement)
        if found.state is not StatementState.PUBLISHED:
            raise Refusal("statement-gone", statement=str(statement))
        reports = tx.opinion_maps.report_statement(number, statement, alias, reason, visit.at)
        return found, reports > found.reports and threshold_reached(rules_of(consultation), reports)

    found, alert = await house.store.write(work)
    if alert:
        facts = {"number": str(statement), "text": shown(found.text), "reason": reason}
        await tell_organisers(house, number, f"{visit.key}/reported", "opinions.reported", **facts)
    await answer(house, visit, sentence(visit.speech, "opinions.report-noted", number=str(statement)))


async def log(house: House, visit: Visit, consultation: Consultation) -> None:
    """`/moderation N`: the public log, where it was asked for; to an organiser in private also what waits."""
    statements = await house.store.read(lambda tx: tx.opinion_maps.statements(consultation.number))
    if visit.private:
        await answer(house, visit, log_card(consultation, statements, visit.speech))
        waiting = any(one.state is StatementState.PENDING for one in statements)
        if waiting and consultation.state is State.OPEN and await moderates(house, visit, consultation.number):
            await queue(house, visit, consultation.number)
    else:
        await in_room(house, visit, log_card(consultation, statements, visit.room_speech))


def _known(consultation: Consultation) -> None:
    """Return if moderation makes sense: while it is open, and afterwards as long as its map is shown."""
    if consultation.state is not State.OPEN and consultation.state not in ENDED:
        raise Refusal("not-open", number=str(consultation.number))
