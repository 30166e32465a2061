"""`palabre roll`: an organisation's list of members, looked after by whoever runs the instance.

What would change goes to standard error before anything does. A bot that is running
need not be stopped: each command is one transaction, and those it concerns are told by
the bot.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.attached_text import SIZE_LIMIT, decoded
from bot.domain.organisation import Organisation
from bot.domain.refusals import Missing, Refusal
from bot.domain.roll_changes import changes_of
from bot.domain.roll_files import RollFile, read_roll
from bot.domain.words import fold
from bot.text.catalogue import Speech

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.settings import Settings
    from bot.store import Transaction
    from storage.store import SqlStore

DONE, USAGE = 0, 2


@dataclass(frozen=True, slots=True)
class Import:
    """`palabre roll import`: which file, whether those it doesn't list leave the roll, and whether it is confirmed."""

    file: Path
    drop: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class Codes:
    """`palabre roll codes`: the file to write, the list to take addresses of e-mail from, and whether members who have
    a code get another."""

    file: Path
    emails: Path | None = None
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where the roll is kept, whose it is, and the voice to tell it in."""

    settings: Settings
    store: SqlStore
    clock: Clock
    organisation: Organisation
    speech: Speech

    def tell(self, key: str, **facts: object) -> None:
        """Say something on standard error."""
        _tell(self.speech.say(key, **facts))  # type: ignore[arg-type]


def look_after(settings: Settings, speech: Speech, organisation: str, what: Import | Codes | None) -> int:
    """Do it for the organisation of that name, or of that number; None shows its roll in figures. The exit code."""
    try:
        return asyncio.run(_look_after(settings, speech, organisation, what))
    except Refusal as refusal:
        _tell(speech.say(f"refusal.{refusal.code}", **refusal.facts))
    except OSError as error:
        _tell(speech.say("operate.roll-file", file=error.filename or "", reason=type(error).__name__))
    return USAGE


async def _look_after(settings: Settings, speech: Speech, name: str, what: Import | Codes | None) -> int:
    from adapters.clock import SystemClock
    from storage.store import open_store

    store = await asyncio.to_thread(open_store, settings.storage.url.reveal())
    try:
        found = await store.read(lambda tx: _named(tx, name))
        voice = Speech(speech.language, ZoneInfo(found.time_zone))
        desk = _Desk(settings, store, SystemClock(), found, voice)
        match what:
            case Import():
                await _import(desk, what)
            case Codes():
                await _codes(desk, what)
            case None:
                await _show(desk)
    finally:
        await store.close()
    return DONE


def _named(tx: Transaction, name: str) -> Organisation:
    """The organisation. Raises Refusal `organisation-unknown`, `organisation-ambiguous`: anyone can give a room of
    theirs a name."""
    numbers = list(tx.members.keepers(name))
    if not numbers and name.isascii() and name.isdigit() and len(name) <= 9:
        try:
            return tx.organisation(int(name))
        except Missing as unknown:
            raise Refusal("organisation-unknown", said=name) from unknown
    if not numbers:
        raise Refusal("organisation-unknown", said=name)
    if len(numbers) > 1:
        raise Refusal("organisation-ambiguous", said=name, numbers=tuple(map(str, numbers)))
    return tx.organisation(numbers[0])


# ── importing ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _import(desk: _Desk, what: Import) -> None:
    from bot.text.rolls import preview_lines
    from bot.usecases.roll_keeping import listed_in
    from bot.usecases.roll_taking import Imported, Taking, take_in

    read, guessed = await _read(desk, what.file)
    number = desk.organisation.id
    changes = await desk.store.read(lambda tx: changes_of(listed_in(tx, number), read.lines))
    for line in preview_lines(changes, read, desk.speech, "operate.roll-emails", guessed=guessed):
        _tell(line.plain)
    if changes.nothing:
        desk.tell("operate.roll-nothing")
        return
    if not what.yes:
        desk.tell("operate.roll-add-yes")
        return
    how = Taking(f"operator:{secrets.token_hex(8)}", desk.clock.now(), what.drop)

    def work(tx: Transaction) -> Imported:
        return take_in(tx, number, read.lines, how)

    done = await desk.store.write(work)
    facts = {"new": len(done.changes.new), "changed": len(done.changes.changed), "removed": done.removed}
    desk.tell("roll.imported", n=done.size, **facts)


async def _read(desk: _Desk, file: Path) -> tuple[RollFile, bool]:
    """The list in the file, and whether its accents are a guess."""
    with file.open("rb") as opened:
        found = decoded(opened.read(SIZE_LIMIT + 1))
    return read_roll(found.text, await _shapes(desk)), found.guessed


async def _shapes(desk: _Desk) -> Mapping[str, str]:
    """What an account's address looks like on each platform of the configuration. None is connected: the bot may be
    running beside."""
    from bot.main import platforms_of

    platforms = platforms_of(desk.settings, desk.clock, desk.store)
    for platform in platforms:
        await platform.close()
    return {each.messenger.platform: each.messenger.account_shape for each in platforms}


# ── codes, figures ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _codes(desk: _Desk, what: Codes) -> None:
    """The file is there, for its owner alone, before any code is made: a code that stands nowhere is lost."""
    from bot.text.roll_sheet import CodeRow, mail_merge
    from bot.usecases.membership import new_code
    from bot.usecases.roll_codes import Made, invite, without_code

    emails = {} if what.emails is None else _emails((await _read(desk, what.emails))[0])
    number, fresh, now = desk.organisation.id, dict[int, str](), desk.clock.now()

    def work(tx: Transaction) -> Made:
        members = without_code(tx, number, everyone=what.everyone)
        if not members:
            raise Refusal("roll-no-codes")
        return invite(tx, number, {each: fresh.setdefault(each.id, new_code()) for each in members}, now)

    with os.fdopen(os.open(what.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            made = await desk.store.write(work)
        except BaseException:
            what.file.unlink()
            raise
        say = desk.speech.say
        given = [(each.label, fresh[each.id]) for each in made.members]
        rows = [
            CodeRow(label, emails.get(fold(label), ""), code, say("roll.claim-words", code=code))
            for label, code in given
        ]
        file.write(mail_merge(rows))
    desk.tell("operate.roll-codes", n=len(made.members), replaced=made.replaced, file=str(what.file))


def _emails(read: RollFile) -> Mapping[str, str]:
    return {fold(line.label): line.email for line in read.lines if line.email}


async def _show(desk: _Desk) -> None:
    from bot.text.rolls import roll_lines
    from bot.usecases.rolls import view_of

    view = await desk.store.read(lambda tx: view_of(tx, desk.organisation))
    sys.stdout.writelines(f"{line.plain}\n" for line in roll_lines(view, desk.speech))


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
