"""Casting the ballot of somebody who gave one their vote: by a paper filled in privately, or by `/v 12 for Ana: 2`.

The ballot is the giver's, on the giver's own right; the rules, the deadline and the
acceptance asked are those of any ballot. Nothing is prefilled from what stands there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.ballots import Answer, Gesture, from_text, to_text
from bot.domain.casting import Cast, NoRight, Recorded, Ruling
from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import BallotType, Consultation
from bot.domain.ids import Action
from bot.domain.papers import Paper, Step, paper_order, step_in, take
from bot.domain.proxies import called, meant_for
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.domain.words import shown
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Account, Transaction
from bot.text.card import Button, Card, Line, Span
from bot.text.cards import headline, labelled
from bot.text.papers import IN_A_TOAST, paper_card
from bot.text.proxies import Held, for_someone, held_card, recorded_words, written_for
from bot.usecases import admission
from bot.usecases.debate.aside import Page
from bot.usecases.debate.aside import show as show_page
from bot.usecases.house import House, Visit
from bot.usecases.own_paper import show
from bot.usecases.proxies.names import held_by, person_of
from bot.usecases.proxies.offering import cast_menu
from bot.usecases.taking_part import MustAcceptError, must_be_open
from bot.usecases.tell import answer
from bot.usecases.vote import toast

# ── the paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def begin_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button that opens somebody else's paper. Raises Refusal `proxy-not-held`, and those of `must_be_open`."""
    consultation = await house.store.read(lambda tx: tx.consultation(action.number))
    held = await _holding(house, visit, consultation.number, action.argument)
    if not await begin(house, visit, consultation, held):
        return Reply(start=f"proxy-{action.number}")
    return Reply()


async def _holding(house: House, visit: Visit, number: int, giver: str) -> Held:
    """The vote of this person, which the visitor casts."""
    found = await house.store.read(lambda tx: held_by(tx, number, person_of(tx, visit)))
    for each in found:
        if str(each.proxy.giver) == giver:
            return each
    raise Refusal("proxy-not-held", number=str(number))


async def begin(house: House, visit: Visit, consultation: Consultation, held: Held) -> bool:
    """Send the paper to the holder alone; False when their platform does not allow it yet."""
    must_be_open(consultation, visit.at)
    blank = Paper(hashlib.sha256(visit.key.encode()).hexdigest()[:6])
    await house.store.write(lambda tx: _keep(tx, visit, held, blank))
    return await show(house, visit, _card(house, visit, consultation, held, blank), None)


def _keep(tx: Transaction, visit: Visit, held: Held, paper: Paper) -> None:
    # Sealing knows a draft by its number and options: this one is forgotten with the others.
    state = {
        "ask": "proxy", "giver": held.proxy.giver, "name": paper.name, "number": held.proxy.number,
        "options": to_text(paper.draft) if paper.draft is not None else "", "place": paper.at,
        "reviewing": paper.reviewing,
    }  # fmt: skip
    tx.set_dialogue(visit.account.id, state)


def _kept(dialogue: Mapping[str, Any], number: int, name: str) -> tuple[Paper, str]:
    """The paper of that name, and the giver. Raises Refusal `paper-over`."""
    if dialogue.get("ask") != "proxy" or dialogue.get("number") != number or dialogue.get("name") != name:
        raise Refusal("paper-over", number=str(number))
    draft = str(dialogue["options"])
    paper = Paper(name, from_text(draft) if draft else None, int(dialogue["place"]), bool(dialogue["reviewing"]))
    return paper, str(dialogue["giver"])


def _order(consultation: Consultation, held: Held) -> tuple[int, ...]:
    return paper_order(consultation.definition, f"{consultation.number}/{held.proxy.giver}")


def _card(house: House, visit: Visit, consultation: Consultation, held: Held, paper: Paper) -> Card:
    definition, order = consultation.definition, _order(consultation, held)
    if not house.messenger(visit.account.ref.platform).buttons:
        listed = (definition.option(each) for each in (*order, *sorted(definition.asides.difference(order))))
        card = written_for(consultation, [labelled(option) for option in listed if option], visit.speech)
        return for_someone(card, held.name, visit.speech)
    return for_someone(_renamed(paper_card(consultation, paper, order, visit.speech)), held.name, visit.speech)


def _renamed(card: Card) -> Card:
    """The paper, whose buttons fill in somebody else's ballot."""
    rows = (tuple(_button(button) for button in row) for row in card.buttons)
    return replace(card, buttons=tuple(rows))


def _button(button: Button) -> Button:
    assert button.action is not None
    return replace(button, action=replace(button.action, verb="pxf"))


async def touch_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """One touch on somebody else's paper; the last one casts.

    Raises Refusal `expired-button`, `paper-over`, `paper-changed`, `proxy-not-held`, and those of casting.
    """
    step = step_in(action.argument)
    consultation = await house.store.read(lambda tx: tx.consultation(action.number))
    must_be_open(consultation, visit.at)
    if step.verb == "c" and await _cast_before(house, visit, pressed, consultation):
        return Reply()
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    paper, giver = _kept(dialogue, consultation.number, step.paper)
    held = await _holding(house, visit, consultation.number, giver)
    if step.verb != "c":
        after = await house.store.write(lambda tx: _stepped(tx, visit, consultation, held, paper, step))
        await show(house, visit, _card(house, visit, consultation, held, after), pressed.post)
        return Reply()
    if paper.draft is None or paper.fingerprint != step.fingerprint:
        raise Refusal("paper-changed")
    ruling = await cast(house, visit, consultation, held, Answer(paper.draft))
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, None))
    words = recorded_words(consultation, ruling.choice, held.name, visit.speech)
    card = Card((headline(consultation, visit.speech), Line((Span(words),))))
    again = (Button(visit.speech.say("button.change"), Action("pxv", consultation.number, giver)),)
    await show(house, visit, replace(card, buttons=(again,)), pressed.post)
    return Reply(toast(recorded_words(consultation, ruling.choice, held.name, visit.speech, IN_A_TOAST)))


async def _cast_before(house: House, visit: Visit, pressed: Pressed, consultation: Consultation) -> bool:
    """Whether this very press cast a ballot before a restart: then it is shown whose are cast."""

    def query(tx: Transaction) -> list[Held]:
        held = held_by(tx, consultation.number, person_of(tx, visit))
        return held if any(tx.was_seen(_key(visit, each)) for each in held) else []

    held = await house.store.read(query)
    if held:
        await show(house, visit, held_card(consultation, held, visit.speech), pressed.post)
    return bool(held)


def _key(visit: Visit, held: Held) -> str:
    """What makes the repetition of a cast harmless."""
    return f"{visit.key}/for/{held.proxy.giver}"


def _stepped(tx: Transaction, visit: Visit, consultation: Consultation, held: Held, before: Paper, step: Step) -> Paper:
    if not tx.first_time(f"{visit.key}/fill"):
        return before
    after = take(consultation.definition, _order(consultation, held), before, step)
    if consultation.definition.ballot is BallotType.SINGLE and step.verb == "t":
        after = replace(after, reviewing=True)  # one press says it all
    _keep(tx, visit, held, after)
    return after


# ── typed ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def words(house: House, visit: Visit, said: Said, dialogue: Mapping[str, Any]) -> None:
    """What is written while somebody else's paper is open is their ballot."""
    number = int(dialogue["number"])
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    held = await _holding(house, visit, number, str(dialogue["giver"]))
    await _cast_typed(house, visit, consultation, held, read(said.text, consultation.definition))


async def typed(house: House, visit: Visit, consultation: Consultation, text: str) -> bool:
    """`/v 12 for Ana: 2`, `/v 12 for Ana`: cast somebody else's ballot, or open their paper; False when it is a ballot
    of one's own.

    Raises Refusal `proxy-in-private`, `proxy-giver-unknown`, and those of casting.
    """
    meant, number = meant_for(text), consultation.number
    if consultation.definition.proxies is None or meant is None:
        return False
    found = await house.store.read(lambda tx: held_by(tx, number, person_of(tx, visit)))
    places = called(meant[0], [each.name for each in found])
    if not places:
        return _is_own(consultation, text, meant[0])
    if not visit.private:
        raise Refusal("proxy-in-private", number=str(number))
    held = [found[place] for place in places]
    if len(held) > 1:
        menu = cast_menu(house, visit, consultation, held)
        await show_page(house, visit, Page(held_card(consultation, held, visit.speech), f"proxy-{number}", menu))
    elif meant[1] is None:
        await begin(house, visit, consultation, held[0])
    else:
        await _cast_typed(house, visit, consultation, held[0], read(meant[1], consultation.definition))
    return True


def _is_own(consultation: Consultation, text: str, name: str) -> bool:
    """Return False if the words are a ballot of one's own, such as "pour"; they name nobody one votes for."""
    try:
        read(text, consultation.definition)
    except Refusal:
        raise Refusal("proxy-giver-unknown", name=shown(name), number=str(consultation.number)) from None
    return False


async def _cast_typed(house: House, visit: Visit, consultation: Consultation, held: Held, gesture: Gesture) -> None:
    ruling = await cast(house, visit, consultation, held, gesture)
    await house.store.write(lambda tx: _over(tx, visit))
    said = recorded_words(consultation, ruling.choice, held.name, visit.speech)
    await answer(house, visit, Card((Line((Span(said),)),)))


def _over(tx: Transaction, visit: Visit) -> None:
    """The paper is cast: what is typed next is nobody else's."""
    if (tx.dialogue(visit.account.id) or {}).get("ask") == "proxy":
        tx.set_dialogue(visit.account.id, None)


# ── the ballot ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def cast(house: House, visit: Visit, consultation: Consultation, held: Held, gesture: Gesture) -> Recorded:
    """Record the ballot on the giver's right, both sides put on the roll first where the rule admits them.

    Raises Refusal `proxy-not-held`, `proxy-giver-cannot`, those of admission and of `casting.decide`; MustAcceptError
    when the holder has not accepted the rules yet.
    """
    number, giver = consultation.number, held.proxy.giver
    must_be_open(consultation, visit.at)
    if not await house.store.read(lambda tx: tx.accepted(visit.account.id, RULES_VERSION)):
        raise MustAcceptError(number)
    if await house.store.read(lambda tx: tx.right_of(number, visit.account.id)) is None:
        await admission.admit(house, Person(visit.account.ref, visit.account.name), number)
    one = Cast(_key(visit, held), visit.at, visit.account.ref, number, gesture, accepts=True)
    ruling: Ruling = await house.store.write(lambda tx: tx.proxies.cast(one, giver, RULES_VERSION))
    if isinstance(ruling, NoRight):
        await _admit_giver(house, held)
        ruling = await house.store.write(lambda tx: tx.proxies.cast(one, giver, RULES_VERSION))
    if isinstance(ruling, Refusal):
        house.memory.watch.refused(number, ruling.code)
        raise ruling
    if not isinstance(ruling, Recorded):
        raise Refusal("proxy-giver-cannot", number=str(number))
    if not ruling.repeated:
        house.memory.watch.recorded(number, visit.at)
        house.nudge(number)
    return ruling


async def _admit_giver(house: House, held: Held) -> None:
    """Put the giver on the roll by one of their accounts. Raises Refusal `proxy-giver-cannot`."""
    accounts: list[Account] = list(await house.store.read(lambda tx: tx.members.accounts_of(held.proxy.giver)))
    for account in accounts:
        try:
            await admission.admit(house, Person(account.ref, account.name), held.proxy.number)
        except Refusal:
            continue
        return
    raise Refusal("proxy-giver-cannot", number=str(held.proxy.number))
