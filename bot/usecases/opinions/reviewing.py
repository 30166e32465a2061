"""Reading statements before they are published, where the rules say so; telling authors and organisers in private."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.authority import Act
from bot.domain.consultation import Consultation
from bot.domain.debate.moderation import ground_of
from bot.domain.ids import AccountRef, Action
from bot.domain.opinions.model import Statement, StatementState
from bot.domain.organisation import Field
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.opinions.moderation import grounds_of, queue_card, spoken_ground
from bot.usecases.disclose import setting_of, voice_to_author
from bot.usecases.house import House, Visit
from bot.usecases.opinions.which import rules_of
from bot.usecases.steer import authorised
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import Menu, answer, menu_of, saved_menu, sentence
from bot.usecases.vote import voice

PENDING = (StatementState.PENDING,)


async def queue(house: House, visit: Visit, number: int) -> None:
    """Show an organiser the oldest statement that waits, with what can be decided. Raises Refusal `organisers-only`."""
    await authorised(house, visit, number, Act.MODERATE)
    waiting = await house.store.read(lambda tx: tx.opinion_maps.statements(number, states=PENDING))
    if not waiting:
        await answer(house, visit, sentence(visit.speech, "opinions.queue-empty", number=str(number)))
        return
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    menu = menu_of(
        (visit.speech.say("button.publish"), Action("opub", number, str(waiting[0].number))),
        (visit.speech.say("button.refuse"), Action("orefuse", number, str(waiting[0].number))),
    )
    await _keep_menu(house, visit, menu)
    await answer(house, visit, queue_card(consultation, waiting, visit.speech), menu=menu)


async def publish(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Publish a statement that waits, then show the next one."""
    number, statement = action.number, _item(action)
    await authorised(house, visit, number, Act.MODERATE)

    def decide(tx: Transaction, found: Statement) -> None:
        tx.opinion_maps.settle_statement(number, statement, StatementState.PUBLISHED)

    found = await _decide(house, visit, number, statement, decide)
    if found is not None:
        await tell_author(house, visit, number, found, "opinions.your-statement-published")
    await queue(house, visit, number)


async def ask_ground(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Ask on which ground a statement is refused: one of the declared ones, or others in the organiser's words."""
    number, statement = action.number, _item(action)
    await authorised(house, visit, number, Act.MODERATE)
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    grounds = grounds_of(rules_of(consultation), speech_of(consultation, visit.speech))
    menu = menu_of(
        *((ground, Action("oground", number, f"{statement}.{place}")) for place, ground in enumerate(grounds, 1))
    )
    state = {
        "ask": "opinions", "do": "refuse", "number": number, "statement": statement, "menu": saved_menu(menu),
    }  # fmt: skip
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    await answer(house, visit, sentence(visit.speech, "opinions.ask-ground", number=str(statement)), menu=menu)


async def refuse_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Refuse a statement on one of the declared grounds."""
    statement, _, place = action.argument.partition(".")
    if not (statement.isascii() and statement.isdigit() and place.isascii() and place.isdigit()):
        raise Refusal("expired-button")
    await refuse(house, visit, action.number, int(statement), place)


async def refuse_written(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Refuse a statement for the reason that was written."""
    await refuse(house, visit, int(dialogue["number"]), int(dialogue["statement"]), text)


async def refuse(house: House, visit: Visit, number: int, statement: int, typed: str) -> None:
    """Refuse a statement that waits, tell its author why, note it in the journal, and show the next one."""
    await authorised(house, visit, number, Act.MODERATE)
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    speech = speech_of(consultation, visit.speech)
    ground, reason = ground_of(grounds_of(rules_of(consultation), speech), typed)

    def decide(tx: Transaction, found: Statement) -> None:
        tx.opinion_maps.settle_statement(number, statement, StatementState.REFUSED, ground, reason)
        facts = {"statement": statement, "ground": ground, "reason": reason}
        tx.record(visit.at, "refused", facts, number)

    found = await _decide(house, visit, number, statement, decide)
    if found is not None:
        await tell_author(house, visit, number, found, "opinions.your-statement-refused")
    await queue(house, visit, number)


async def _decide(
    house: House, visit: Visit, number: int, statement: int, decide: Callable[[Transaction, Statement], None]
) -> Statement | None:
    """Decide once about a statement that waits; None when it was decided before by someone else."""

    def work(tx: Transaction) -> Statement | None:
        must_be_open(tx.consultation(number, lock=True), visit.at)
        found = tx.opinion_maps.statement(number, statement)
        if not tx.first_time(f"{visit.key}/review"):
            return found
        if found.state is not StatementState.PENDING:
            return None
        decide(tx, found)
        tx.touch(number)
        return tx.opinion_maps.statement(number, statement)

    found = await house.store.write(work)
    house.nudge(number)
    return found


async def tell_author(house: House, visit: Visit, number: int, statement: Statement, key: str) -> None:
    """Tell the author of a statement in private what became of it, why, and whom to write to; whoever can't be written
    to reads it in `/mine`."""

    def query(tx: Transaction) -> tuple[list[AccountRef], Consultation, str]:
        consultation = tx.consultation(number)
        contact = tx.organisation(consultation.organisation).says(Field.CONTACT)
        return list(tx.opinion_maps.accounts_behind(number, statement.alias)), consultation, contact

    accounts, consultation, contact = await house.store.read(query)
    for account in accounts:
        if account.platform not in house.messengers:
            continue
        speech = await voice(house, Person(account, ""), consultation)
        line = speech.line(
            key, number=str(statement.number), text=statement.text, contact=contact or house.instance.contact,
            ground=spoken_ground(statement.ground, statement.reason, speech),
        )  # fmt: skip
        card = Card((headline(consultation, speech), line))
        messenger = house.messenger(account.platform)
        await messenger.whisper(account, card, f"{visit.key}/author/{statement.state.value}", open_chat=True)


async def tell_organisers(house: House, number: int, delivery: str, key: str, /, **facts: str) -> None:
    """Write to the consultation's author in private that something waits for an organiser."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    account = setting.author.ref
    if account.platform in house.messengers:
        speech = voice_to_author(house, setting)
        card = Card((headline(setting.consultation, speech), speech.line(key, consultation=str(number), **facts)))
        await house.messenger(account.platform).whisper(account, card, delivery, open_chat=True)


def speech_of(consultation: Consultation, like: Speech) -> Speech:
    """The voice of the language of the consultation, whose grounds are declared in it."""
    return Speech(consultation.definition.language, like.zone, like.sign)


def _item(action: Action) -> int:
    if not (action.argument.isascii() and action.argument.isdigit() and len(action.argument) <= 6):
        raise Refusal("expired-button")
    return int(action.argument)


async def _keep_menu(house: House, visit: Visit, menu: Menu) -> None:
    kept = {"menu": saved_menu(menu)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, kept))
