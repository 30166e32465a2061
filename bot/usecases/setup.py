"""What only people know: the association's standing declaration, asked in private or pasted as a list.

The first creation in a room that nobody has set up asks three things and goes on
with the same draft; `/setup` asks for everything, one question at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.authority import Act, authorise
from bot.domain.declaration import RULES, THREE_QUESTIONS, answer_question, parse_list, unanswered
from bot.domain.organisation import Declared, Field, Organisation
from bot.domain.words import fold
from bot.store import Room, Transaction
from bot.text.disclosure import setup_question
from bot.usecases.gathering import standing_of
from bot.usecases.granting import admins, becomes_admin
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, sentence

SKIP = frozenset({"-", "passer", "skip", "suivant", "next"})
"""Answers that leave a question as it is (the three required ones can't be skipped)."""


async def setup(house: House, visit: Visit, room: Room, text: str) -> None:
    """`/setup`: with a list of `key: value` lines, take them; alone, start asking."""
    organisation = await house.store.read(lambda tx: tx.organisation(room.organisation))
    await _may_declare(house, visit, organisation)
    if not text.strip():
        await _ask(house, visit, organisation, tuple(RULES), {})
        return
    stated = {what: Declared(value, visit.account.name, visit.at) for what, value in parse_list(text).items()}
    await house.store.write(lambda tx: _declare(tx, organisation.id, stated, visit))
    await answer(house, visit, sentence(visit.speech, "setup.done", n=len(stated)))


async def _may_declare(house: House, visit: Visit, organisation: Organisation) -> None:
    """Return if the person runs every room of the organisation, now; else raise the Refusal of `authority`."""
    rooms = await house.store.read(lambda tx: tx.rooms_of(organisation.id))
    authorise(Act.DECLARE, await standing_of(house, visit.account, organisation, rooms))


async def ask_three(house: House, visit: Visit, organisation: Organisation, *, draft: int, yes: bool) -> None:
    """Ask what nothing can open without, then go on with the draft."""
    fields = unanswered(organisation.declaration)
    await answer(house, visit, sentence(visit.speech, "setup.first-time", n=len(fields)), start="d")
    await _ask(house, visit, organisation, fields, {"draft": draft, "yes": yes})


async def _ask(
    house: House, visit: Visit, organisation: Organisation, fields: Sequence[Field], then: Mapping[str, Any]
) -> None:
    """Ask for the first field; the rest of the list is kept with the dialogue."""

    def work(tx: Transaction) -> None:
        kept = dict(tx.dialogue(visit.account.id) or {})
        state = {"ask": "setup", "organisation": organisation.id, "fields": [one.value for one in fields], **then}
        tx.set_dialogue(visit.account.id, {**state, "inputs": kept.get("inputs"), "after": visit.key})

    await house.store.write(work)
    card = setup_question(fields[0], organisation.declaration, visit.speech)
    await answer(house, visit, card, start="d")


async def take(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> int | None:
    """Take the answer to the question asked; the draft to go on with once everything is answered.

    A refused answer leaves the question standing: the Refusal says what to write. An
    answer delivered again is not the answer to the next question: that one is asked again.
    """
    if dialogue.get("after") == visit.key:
        await repeat(house, visit, dialogue)
        return None
    fields = [Field(one) for one in dialogue["fields"]]
    skipped = fold(text.strip()) in SKIP and fields[0] not in THREE_QUESTIONS
    stated = {} if skipped else answer_question(fields[0], text, visit.account.name, visit.at)
    organisation_id = int(dialogue["organisation"])
    await _may_declare(house, visit, await house.store.read(lambda tx: tx.organisation(organisation_id)))
    await house.store.write(lambda tx: _declare(tx, organisation_id, stated, visit))
    organisation = await house.store.read(lambda tx: tx.organisation(organisation_id))
    left = fields[1:]
    if left:
        await _ask(
            house, visit, organisation, left, {key: dialogue[key] for key in ("draft", "yes") if key in dialogue}
        )
        return None
    await house.store.write(lambda tx: _end(tx, visit, dialogue))
    await answer(house, visit, sentence(visit.speech, "setup.complete", organisation=organisation.name))
    return int(dialogue["draft"]) if "draft" in dialogue else None


async def repeat(house: House, visit: Visit, dialogue: Mapping[str, Any]) -> None:
    """Ask the current question again (someone came back by the link)."""
    organisation = await house.store.read(lambda tx: tx.organisation(int(dialogue["organisation"])))
    await answer(house, visit, setup_question(Field(dialogue["fields"][0]), organisation.declaration, visit.speech))


def _declare(tx: Transaction, organisation: int, stated: Mapping[Field, Declared], visit: Visit) -> None:
    if not stated or not tx.first_time(f"{visit.key}/declare"):
        return
    declaration = {**tx.organisation(organisation).declaration, **stated}
    tx.set_declaration(organisation, declaration)
    facts = {"fields": sorted(what.value for what in stated), "organisation": organisation}
    tx.record(visit.at, "declared", facts)
    # Rooms' administrators set up an association that nobody administers yet: from now on somebody does.
    if tx.organisation(organisation).bound and not admins(tx, organisation):
        becomes_admin(tx, visit, organisation)


def _end(tx: Transaction, visit: Visit, dialogue: Mapping[str, Any]) -> None:
    inputs = dialogue.get("inputs")
    tx.set_dialogue(visit.account.id, {"inputs": inputs} if inputs else None)
