"""Moderating in the open: hiding with a ground, restoring, reading before publication; who wrote it is told in private,
everyone reads the log. The journal keeps what was done and why, never whose words they were."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.authority import Act
from bot.domain.consultation import Consultation, State
from bot.domain.debate.model import Argument, ArgumentState
from bot.domain.debate.moderation import ground_of
from bot.domain.grammar import Command
from bot.domain.ids import AccountRef, Action
from bot.domain.organisation import Field
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.debate.moderation import ModerationAct, log_card, queue_card
from bot.text.opinions.moderation import grounds_of, spoken_ground
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.course import restate
from bot.usecases.debate.weighing import numbers_in
from bot.usecases.debate.which import Debate, argument_number, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised, moderates
from bot.usecases.tell import answer, in_room, menu_of, sentence
from bot.usecases.vote import voice

ACTS = frozenset({"hidden", "restored", "refused"})
"""What the journal calls the acts of moderation."""
_PLAIN = re.compile(r"\s*([0-9]{1,6})\s*")


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of an argument: its state and why, what the journal calls the act ('' for none), in which states it
    can be given, and the sentence its author is told."""

    state: ArgumentState
    act: str
    given_to: frozenset[ArgumentState]
    told: str
    ground: str = ""
    reason: str = ""


# -- hiding, restoring -------------------------------------------------------------------------------------------------
async def hide(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/hide 3 GROUND[: more]`: the argument's words give way to the ground, in every room.

    Raises Refusal `organisers-only`, `hide-needs-reason`, `argument-gone`.
    """
    found = await meant(house, visit, said, typed, ended=True)
    argument, rest = argument_number(found, typed)
    await authorised(house, visit, found.debate.number, Act.MODERATE)
    ground, reason = _ground(house, found.debate, visit, rest)
    hidden = await _settle(house, visit, found.debate.number, argument, _hiding(ground, reason))
    facts = {"number": str(argument), "ground": spoken_ground(hidden.ground, hidden.reason, visit.speech)}
    await answer(house, visit, sentence(visit.speech, "moderation.hidden", **facts))


async def restore(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/restore 3`: a hidden or refused argument is published again. Raises Refusal `organisers-only`, `not-hidden`."""
    found = await meant(house, visit, said, typed, ended=True)
    argument, _ = argument_number(found, typed)
    await authorised(house, visit, found.debate.number, Act.MODERATE)
    await _settle(house, visit, found.debate.number, argument, _RESTORING)
    await answer(house, visit, sentence(visit.speech, "moderation.restored", number=str(argument)))


def _hiding(ground: str, reason: str) -> _Verdict:
    given_to = frozenset({ArgumentState.PUBLISHED})
    return _Verdict(ArgumentState.MODERATED, "hidden", given_to, "moderation.yours-hidden", ground, reason)


_RESTORING = _Verdict(
    ArgumentState.PUBLISHED,
    "restored",
    frozenset({ArgumentState.MODERATED, ArgumentState.REFUSED}),
    "moderation.yours-restored",
)


# -- reading before publication ----------------------------------------------------------------------------------------
async def publish_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "publish" of an argument that waits; then the next one is shown."""
    await authorised(house, visit, action.number, Act.MODERATE)
    await _settle(house, visit, action.number, numbers_in(action, 1)[0], _PUBLISHING)
    return await queue(house, visit, action.number, press)


async def refuse_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "refuse": on which ground; with the ground's place after a point, refuse on it."""
    number = action.number
    await authorised(house, visit, number, Act.MODERATE)
    argument, _, place = action.argument.partition(".")
    if place:
        _, chosen = numbers_in(action, 2)
        return await _refuse(house, visit, number, int(argument), str(chosen), press)
    return await _ask_ground(house, visit, number, numbers_in(action, 1)[0], press)


async def _ask_ground(house: House, visit: Visit, number: int, argument: int, press: Pressed) -> Reply:
    debate = await house.store.read(lambda tx: debate_of(tx, number))
    grounds = grounds_of(debate.rules, _declared_speech(house, debate, visit))
    menu = menu_of(*((ground, Action("no", number, f"{argument}.{at}")) for at, ground in enumerate(grounds, 1)))
    dialogue = {"ask": "debate", "step": "refuse", "number": number, "argument": argument}
    card = sentence(visit.speech, "moderation.ask-ground", number=str(argument))
    return await show(house, visit, Page(card, f"queue-{number}", menu, dialogue), press)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> bool:
    """Take the ground that was asked for; False when none was."""
    match dialogue:
        case {"step": "refuse", "number": int(number), "argument": int(argument)}:
            await authorised(house, visit, number, Act.MODERATE)
            await _refuse(house, visit, number, argument, text)
            # Only now: words that a crash cut off mean the same when they come again.
            await house.store.write(lambda tx: _forget_question(tx, visit.account.id))
            return True
    return False


def _forget_question(tx: Transaction, account: int) -> None:
    if (tx.dialogue(account) or {}).get("step") == "refuse":
        tx.set_dialogue(account, None)


async def _refuse(
    house: House, visit: Visit, number: int, argument: int, typed: str, press: Pressed | None = None
) -> Reply:
    debate = await house.store.read(lambda tx: debate_of(tx, number))
    ground, reason = _ground(house, debate, visit, typed)
    await _settle(house, visit, number, argument, _refusing(ground, reason))
    return await queue(house, visit, number, press)


def _refusing(ground: str, reason: str) -> _Verdict:
    told = "moderation.yours-refused"
    return _Verdict(ArgumentState.REFUSED, "refused", _WAITING, told, ground, reason)


async def queue(house: House, visit: Visit, number: int, press: Pressed | None = None) -> Reply:
    """Show an organiser, in private, the oldest argument that waits, with what can be decided."""
    await authorised(house, visit, number, Act.MODERATE)
    debate = await house.store.read(lambda tx: debate_of(tx, number))
    waiting = await house.store.read(lambda tx: tx.debates.arguments(number, states=_WAITING))
    if not waiting:
        card = sentence(visit.speech, "moderation.queue-empty", number=str(number))
        return await show(house, visit, Page(card, f"queue-{number}"), press)
    first = str(waiting[0].number)
    menu = menu_of(
        (visit.speech.say("button.publish"), Action("ok", number, first)),
        (visit.speech.say("button.refuse"), Action("no", number, first)),
    )
    card = queue_card(debate.consultation, waiting, visit.speech)
    return await show(house, visit, Page(card, f"queue-{number}", menu), press)


async def queue_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button of the notice that something waits."""
    return await queue(house, visit, action.number, press)


async def queue_began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by the link of that button."""
    await queue(house, visit, number)


# -- the public log ----------------------------------------------------------------------------------------------------
async def log(house: House, visit: Visit, said: Said, typed: Command) -> None:
    """`/moderation [9]`: the public log where it was asked for; in private, organisers are shown what waits too."""
    plain = _PLAIN.fullmatch(typed.rest)
    named = Command(typed.name, rest=f"n{plain[1]}", word=typed.word) if plain else typed
    found = await meant(house, visit, said, named, ended=True)
    number = found.debate.number

    def query(tx: Transaction) -> tuple[list[Argument], list[ModerationAct]]:
        acts = [ModerationAct(one.kind, one.at, one.facts) for one in tx.journal(number) if one.kind in ACTS]
        return list(tx.debates.arguments(number)), acts

    arguments, acts = await house.store.read(query)
    if not visit.private:
        await in_room(house, visit, log_card(found.debate.consultation, arguments, acts, visit.room_speech))
        return
    await answer(house, visit, log_card(found.debate.consultation, arguments, acts, visit.speech))
    waits = any(one.state is ArgumentState.PENDING for one in arguments)
    if waits and await moderates(house, visit, found.debate.number):
        await queue(house, visit, number)


# -- what is common ----------------------------------------------------------------------------------------------------
_WAITING = frozenset({ArgumentState.PENDING})
_PUBLISHING = _Verdict(ArgumentState.PUBLISHED, "", _WAITING, "moderation.yours-published")


def _ground(house: House, debate: Debate, visit: Visit, typed: str) -> tuple[str, str]:
    return ground_of(grounds_of(debate.rules, _declared_speech(house, debate, visit)), typed)


def _declared_speech(house: House, debate: Debate, visit: Visit) -> Speech:
    """The language the grounds were declared in."""
    language = debate.consultation.definition.language
    return house.speech(language, visit.speech.zone.key, visit.account.ref.platform)


async def _settle(house: House, visit: Visit, number: int, argument: int, verdict: _Verdict) -> Argument:
    """Give the verdict once for this message, then tell the author; who moderates has been authorised."""

    def work(tx: Transaction) -> Argument:
        debate = debate_of(tx, number, lock=True)
        if debate.consultation.state is State.CANCELLED:
            raise Refusal("cancelled", number=str(number), reason=debate.consultation.cancelled_because)
        found = tx.debates.argument(number, argument)
        if not tx.first_time(f"{visit.key}/moderate"):
            return found
        if found.state not in verdict.given_to:
            raise _out_of_place(verdict, argument)
        if verdict.act:
            facts = {"argument": argument, "ground": verdict.ground, "reason": verdict.reason}
            tx.record(visit.at, verdict.act, facts, number)
        tx.touch(number)
        done = tx.debates.settle_argument(number, argument, verdict.state, verdict.ground, verdict.reason)
        restate(house, tx, number, argument, visit.at)
        return done

    settled = await house.store.write(work)
    house.nudge(number)
    await _tell_author(house, visit, number, settled, verdict)
    return settled


def _out_of_place(verdict: _Verdict, argument: int) -> Refusal:
    match verdict.act:
        case "hidden":
            return Refusal("argument-gone", argument=str(argument))
        case "restored":
            return Refusal("not-hidden", argument=str(argument))
        case _:
            return Refusal("not-waiting", argument=str(argument))


async def _tell_author(house: House, visit: Visit, number: int, argument: Argument, verdict: _Verdict) -> None:
    """Tell the author in private, once, what became of it, why, and whom to appeal to; also after a crash."""
    key = f"{visit.key}/author"

    def query(tx: Transaction) -> tuple[list[AccountRef], Consultation, str]:
        consultation = tx.consultation(number)
        contact = tx.organisation(consultation.organisation).says(Field.CONTACT)
        told = [] if tx.was_seen(key) else list(tx.debates.accounts_behind(number, argument.alias))
        return told, consultation, contact or house.instance.contact

    accounts, consultation, contact = await house.store.read(query)
    for account in accounts:
        messenger = house.messengers.get(account.platform)
        if messenger is None:
            continue
        speech = await voice(house, Person(account, ""), consultation)
        line = speech.line(
            verdict.told, number=str(argument.number), text=argument.text, contact=contact,
            ground=spoken_ground(verdict.ground, verdict.reason, speech),
        )  # fmt: skip
        await messenger.whisper(account, Card((headline(consultation, speech), line)), key, open_chat=True)
    await house.store.write(lambda tx: tx.first_time(key))
