"""Importing a roll: a list pasted or sent as a file in private, shown as what it would change, and taken when that is
confirmed.

Nothing is imported before that, and nobody is taken off unless it is asked. A file is a
whole list and replaces what was sent before; a message is its next part. Addresses of
e-mail are not stored: those just sent are remembered until codes are made, no longer
than the program runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.ids import AccountRef, Action
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.roll_changes import Changes, changes_of
from bot.domain.roll_files import MOST_MEMBERS, RollFile, RollLine, read_roll, refuse_repeats
from bot.domain.roll_words import Asked
from bot.domain.words import fold
from bot.ports import Pressed
from bot.store import Transaction
from bot.text.rolls import preview_card
from bot.usecases.documents import read_document
from bot.usecases.house import House, Visit
from bot.usecases.linking import joined_now
from bot.usecases.roll_keeping import listed_in, must_keep
from bot.usecases.roll_taking import Imported, Taking, take_in
from bot.usecases.tell import Menu, answer, menu_of, saved_menu, sentence

DROP = "drop"
"""The argument of the button that also takes off those who are no longer listed."""


async def begin(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll import`: ask for the list, or take the one that the same message brings: after these words, or as a
    file."""
    state = {"ask": "roll", "organisation": organisation.id, "after": visit.key}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    if visit.file is not None:
        await _take_file(house, visit, state)
    elif what.rest:
        await _take(house, visit, state, what.rest)
    else:
        await answer(house, visit, sentence(visit.speech, "roll.paste"))


async def take(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Take the list, or its next part, and show what it would change. A list that can't be read changes nothing."""
    await must_keep(house, visit, int(dialogue["organisation"]))
    if dialogue["after"] == visit.key and dialogue.get("lines"):
        await _take(house, visit, dialogue)  # delivered again: what it said is in the dialogue already
    elif visit.file is not None:
        await _take_file(house, visit, dialogue)
    else:
        await _take(house, visit, dialogue, text)


async def _take_file(house: House, visit: Visit, dialogue: Mapping[str, Any]) -> None:
    """Take the document, fetched only now that whoever sent it is known to keep the roll."""
    found = await read_document(house, visit)
    fresh = {"ask": "roll", "organisation": dialogue["organisation"], "after": visit.key}
    await _take(house, visit, fresh, found.text, guessed=found.guessed)


async def _take(
    house: House, visit: Visit, dialogue: Mapping[str, Any], text: str | None = None, *, guessed: bool = False
) -> None:
    """Show what the list would change, together with this next part of it if there is one."""
    kept = _restored(dialogue)
    read = kept if text is None else _together(kept, read_roll(text, _shapes(house), kept.columns, kept.last))
    organisation = int(dialogue["organisation"])
    roll = await house.store.read(lambda tx: listed_in(tx, organisation))
    changes = changes_of(roll, read.lines)
    menu = () if changes.nothing else _menu(organisation, changes, visit)
    state = {**_saved(read), "ask": "roll", "organisation": organisation, "after": visit.key, "menu": saved_menu(menu)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    emails = {fold(line.label): line.email for line in read.lines if line.email}
    house.memory.emails.setdefault(visit.account.id, {}).update(emails)
    await answer(house, visit, preview_card(changes, read, visit.speech, guessed=guessed), menu=menu)


def _shapes(house: House) -> dict[str, str]:
    """What an account's address looks like on each platform that is on."""
    return {name: messenger.account_shape for name, messenger in house.messengers.items()}


def _menu(organisation: int, changes: Changes, visit: Visit) -> Menu:
    say = visit.speech.say
    entries = [(say("button.roll-import"), Action("rollyes", organisation))]
    if changes.missing:
        entries.append((say("button.roll-import-drop", n=len(changes.missing)), Action("rollyes", organisation, DROP)))
    return menu_of(*entries, (say("button.roll-cancel"), Action("rollno", organisation)))


async def confirm(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button under the preview: import what was pasted."""
    dialogue = await _pasted(house, visit, action)
    drop = action.argument == DROP
    done = await house.store.write(lambda tx: _import(tx, visit, _restored(dialogue).lines, action.number, drop=drop))
    if done is None:
        return
    for joined in done.joined:
        joined_now(house, joined)
    changes = done.changes
    facts = {"new": len(changes.new), "changed": len(changes.changed), "removed": done.removed}
    await answer(house, visit, sentence(visit.speech, "roll.imported", n=done.size, **facts))


async def give_up(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The other button: forget what was pasted."""
    await _pasted(house, visit, action)
    house.memory.emails.pop(visit.account.id, None)
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, None))
    await answer(house, visit, sentence(visit.speech, "roll.not-imported"))


async def _pasted(house: House, visit: Visit, action: Action) -> Mapping[str, Any]:
    """What was pasted for this organisation. Raises Refusal `expired-button` if nothing is waiting."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    if dialogue.get("ask") != "roll" or dialogue.get("organisation") != action.number or not dialogue.get("lines"):
        raise Refusal("expired-button")
    await must_keep(house, visit, action.number)
    return dialogue


def _import(
    tx: Transaction, visit: Visit, lines: Sequence[RollLine], organisation: int, *, drop: bool
) -> Imported | None:
    """Do what the preview said; None when this press was handled before."""
    if not tx.first_time(f"{visit.key}/roll"):
        return None
    tx.set_dialogue(visit.account.id, None)
    return take_in(tx, organisation, lines, Taking(visit.key, visit.at, drop))


def _together(kept: RollFile, more: RollFile) -> RollFile:
    """A list that came in several messages. Raises the Refusals of `roll_files` about the whole."""
    lines = (*kept.lines, *more.lines)
    refuse_repeats(lines)
    if len(lines) > MOST_MEMBERS:
        raise Refusal("roll-too-long", n=MOST_MEMBERS)
    return replace(more, lines=lines, hints=kept.hints + more.hints)


def _saved(read: RollFile) -> dict[str, Any]:
    """What was read, as a dialogue keeps it: without addresses of e-mail."""
    lines = [[one.number, one.label, one.group, [[ref.platform, ref.id] for ref in one.accounts]] for one in read.lines]
    return {
        "lines": lines, "columns": list(read.columns), "last": read.last, "hints": read.hints,
        "ignored": list(read.ignored),
    }  # fmt: skip


def _restored(dialogue: Mapping[str, Any]) -> RollFile:
    lines = tuple(
        RollLine(number, label, group, tuple(AccountRef(*ref) for ref in accounts))
        for number, label, group, accounts in dialogue.get("lines", ())
    )
    columns, ignored = tuple(dialogue.get("columns", ())), tuple(dialogue.get("ignored", ()))
    return RollFile(lines, columns, dialogue.get("last", 0), dialogue.get("hints", 0), ignored)
