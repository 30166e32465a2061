"""An organisation's roll in words, for its administrators: who is on it, what an import would change, codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.consultation import Consultation
from bot.domain.members import Member
from bot.domain.roll_changes import Changes, Listed
from bot.domain.roll_files import RollFile
from bot.text.card import Card, Line
from bot.text.catalogue import Speech

MOST_GROUPS = 12
MOST_FOUND = 30
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class RollView:
    """What `/roll` shows: the roll, which members have a code that nobody used, and the last import."""

    organisation: str
    roll: Sequence[Listed]
    invited: frozenset[int]
    imported_at: datetime | None


def roll_card(view: RollView, speech: Speech) -> Card:
    """The roll in figures, and what can be done with it."""
    how = ("roll.what", "roll.how", "roll.how-find", "roll.how-member") if view.roll else ("roll.empty-how",)
    return Card((*roll_lines(view, speech), *map(speech.line, how)))


def roll_lines(view: RollView, speech: Speech) -> list[Line]:
    """The roll in figures."""
    name = view.organisation or speech.say("organisation.unnamed")
    if not view.roll:
        return [speech.heading("roll.empty", organisation=name)]
    lines = [speech.heading("roll.title", n=len(view.roll), organisation=name), *_figures(view, speech)]
    groups = _groups([each.member for each in view.roll], speech)
    if groups:
        lines.append(speech.line("roll.groups", groups=" · ".join(groups)))
    if view.imported_at is not None:
        lines.append(speech.line("roll.imported-at", at=view.imported_at))
    return lines


def _figures(view: RollView, speech: Speech) -> list[Line]:
    claimed = sum(bool(each.accounts) for each in view.roll)
    lines = [speech.line("roll.claimed", n=claimed)]
    if left := len(view.roll) - claimed:
        invited = sum(each.member.id in view.invited and not each.accounts for each in view.roll)
        lines.append(speech.line("roll.unclaimed", n=left, codes=invited))
    if suspended := sum(bool(each.member.suspended) for each in view.roll):
        lines.append(speech.line("roll.suspended", n=suspended))
    return lines


def _groups(roll: Sequence[Member], speech: Speech) -> list[str]:
    """The largest groups with their sizes; none where nobody is in one."""
    sizes = Counter(member.group for member in roll)
    if set(sizes) == {""}:
        return []
    named = [(group or speech.say("roll.no-group"), size) for group, size in sizes.most_common(MOST_GROUPS)]
    return [speech.say("roll.group", group=group, n=size) for group, size in named]


def found_card(roll: Sequence[Listed], said: str, speech: Speech) -> Card:
    """The members whose name or group holds these words, with the number by which they are spoken of."""
    if not roll:
        return Card((speech.line("roll.found-none", said=said),))
    lines = [speech.heading("roll.found", n=len(roll), said=said)]
    lines += [_entry(each, speech) for each in roll[:MOST_FOUND]]
    if more := len(roll) - MOST_FOUND:
        lines += [speech.line("roll.more", n=more)] if more > 0 else []
    return Card(tuple(lines))


def _entry(each: Listed, speech: Speech) -> Line:
    member = each.member
    state = "roll.state-claimed" if each.accounts else "roll.state-unclaimed"
    said = [speech.say(state)]
    if member.group:
        said.insert(0, member.group)
    if member.suspended:
        said.append(speech.say("roll.state-suspended", reason=member.suspended))
    return speech.line("roll.entry", number=str(member.id), label=member.label, state=" · ".join(said))


def preview_card(changes: Changes, read: RollFile, speech: Speech, *, guessed: bool = False) -> Card:
    """What an import would change, by name, before anything does, and how it is confirmed; `guessed` if the accents of
    a file may be wrong."""
    how = speech.line("roll.preview-nothing" if changes.nothing else "roll.preview-how")
    return Card((*preview_lines(changes, read, speech, "roll.emails", guessed=guessed), how))


def preview_lines(changes: Changes, read: RollFile, speech: Speech, emails: str, *, guessed: bool) -> list[Line]:
    """What an import would change; `emails` is the sentence on what becomes of addresses of e-mail."""
    lines = [speech.heading("roll.preview", n=len(read.lines))]
    lines += _named("roll.preview-new", [line.label for line in changes.new], speech)
    lines += _named("roll.preview-changed", [line.label for _, line in changes.changed], speech)
    if changes.same:
        lines.append(speech.line("roll.preview-same", n=changes.same))
    lines += _named("roll.preview-missing", [member.label for member in changes.missing], speech)
    lines += [speech.line("roll.accents")] if guessed else []
    return lines + _remarks(changes, read, speech, emails)


def _named(key: str, labels: Sequence[str], speech: Speech) -> list[Line]:
    if not labels:
        return []
    names = ", ".join(labels[:MOST_NAMED]) + ("…" if len(labels) > MOST_NAMED else "")
    return [speech.line(key, n=len(labels), names=names)]


def _remarks(changes: Changes, read: RollFile, speech: Speech, emails: str) -> list[Line]:
    """What the file says and the roll does not take."""
    lines: list[Line] = []
    if read.hints:
        lines.append(speech.line("roll.hints", n=read.hints))
    if changes.aside:
        lines.append(speech.line("roll.aside", n=changes.aside))
    if any(line.email for line in read.lines):
        lines.append(speech.line(emails))
    if read.ignored:
        lines.append(speech.line("roll.ignored", n=len(read.ignored), columns=read.ignored))
    return lines


def claimed_card(label: str, organisation: str, opens: Sequence[Consultation], speech: Speech) -> Card:
    """What an account reads once its code was taken: on which roll it is, as whom, and what is open to it now."""
    name = organisation or speech.say("organisation.unnamed")
    lines = [speech.line("claim.done", name=label, organisation=name)]
    if not opens:
        return Card((*lines, speech.line("claim.later")))
    lines.append(speech.line("claim.open", n=len(opens)))
    lines += [speech.line("claim.entry", number=str(each.number), title=each.definition.title) for each in opens]
    return Card(tuple(lines))
