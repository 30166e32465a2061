"""Importing a roll: a list pasted in private, shown as what it would change, and taken when that is confirmed.

Nothing is imported before that, and nobody is taken off unless it is asked. Addresses of
e-mail are not stored: those just pasted are remembered until codes are made, no longer
than the program runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.ids import AccountRef, Action
from bot.domain.members import Member
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.roll_changes import Changes, Listed, changes_of
from bot.domain.roll_files import MOST_MEMBERS, RollFile, RollLine, read_roll, refuse_repeats
from bot.domain.roll_words import Asked
from bot.domain.words import fold
from bot.ports import Pressed
from bot.store import Transaction
from bot.text.rolls import preview_card
from bot.usecases.house import House, Visit
from bot.usecases.linking import Joined, join, merged_notice
from bot.usecases.roll_keeping import listed_in, must_keep
from bot.usecases.tell import Menu, answer, menu_of, saved_menu, sentence

DROP = "drop"
"""The argument of the button that also takes off those who are no longer listed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and the persons who turned out to hold two rights."""

    changes: Changes
    size: int
    joined: tuple[Joined, ...]


def last_import(organisation: int) -> str:
    """The name under which the time of the organisation's last import is kept."""
    return f"roll-import:{organisation}"


async def begin(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll import`: ask for the list, or take the one that follows in the same message."""
    state = {"ask": "roll", "organisation": organisation.id, "after": visit.key}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    if what.rest:
        await _take(house, visit, state, what.rest)
    else:
        await answer(house, visit, sentence(visit.speech, "roll.paste"))


async def take(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Take the list, or its next part, and show what it would change. A list that can't be read changes nothing."""
    if dialogue["after"] == visit.key:
        text = ""  # delivered again: what it said is in the dialogue already
    await must_keep(house, visit, int(dialogue["organisation"]))
    await _take(house, visit, dialogue, text)


async def _take(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    kept = _restored(dialogue)
    read = _together(kept, read_roll(text, _shapes(house), kept.columns, kept.last)) if text else kept
    organisation = int(dialogue["organisation"])
    roll = await house.store.read(lambda tx: listed_in(tx, organisation))
    changes = changes_of(roll, read.lines)
    menu = () if changes.nothing else _menu(organisation, changes, visit)
    state = {**_saved(read), "ask": "roll", "organisation": organisation, "after": visit.key, "menu": saved_menu(menu)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    emails = {fold(line.label): line.email for line in read.lines if line.email}
    house.memory.emails.setdefault(visit.account.id, {}).update(emails)
    await answer(house, visit, preview_card(changes, read, visit.speech), menu=menu)


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
    for place, joined in enumerate(done.joined):
        await merged_notice(house, joined, f"{visit.key}/{place}")
    changes, removed = done.changes, len(done.changes.missing) if drop else 0
    facts = {"new": len(changes.new), "changed": len(changes.changed), "removed": removed}
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
    """Do what the preview said, on the roll as it is now; None when this press was handled before."""
    if not tx.first_time(f"{visit.key}/roll"):
        return None
    changes = changes_of(listed_in(tx, organisation), lines)
    joined: list[Joined] = []
    for line in changes.new:
        member = tx.members.add(organisation, line.label, line.group or "")
        joined += _tie(tx, member, Listed(member).takes(line), visit.at)
    for each, line in changes.changed:
        group = each.member.group if line.group is None else line.group
        tx.members.save(replace(each.member, label=line.label, group=group))
        joined += _tie(tx, each.member, each.takes(line), visit.at)
    for gone in changes.missing if drop else ():
        tx.members.remove(gone.id)
    tx.set_dialogue(visit.account.id, None)
    tx.set_cursor(last_import(organisation), visit.at.isoformat())
    size = len(tx.members.roll(organisation))
    facts = {"new": len(changes.new), "changed": len(changes.changed), "removed": len(changes.missing) if drop else 0}
    tx.record(visit.at, "roll-imported", {**facts, "organisation": organisation, "size": size})
    return Imported(changes, size, tuple(joined))


def _tie(tx: Transaction, member: Member, ref: AccountRef | None, at: datetime) -> list[Joined]:
    """Make the account the member's; one that nobody has used yet is known from now on, without a name."""
    if ref is None:
        return []
    account = tx.find_account(ref) or tx.account(ref, "", at)
    return [join(tx, member.person, account.person, at)]


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
