"""What is kept of one person, in words: what it is, until when, and what being forgotten erases and leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.organisation import Field, Instance, Organisation
from bot.domain.personal import Kept, KeptRight, KeptRole, Need
from bot.domain.words import shown
from bot.text.card import Block, Button, Card, Gap, Line
from bot.text.cards import rows_of
from bot.text.catalogue import Speech
from bot.text.fitting import cut, in_messages
from bot.text.roles import role_name

ROOMS_SHOWN = 20
"""Rooms one paragraph names."""
NAME_SHOWN = 60
"""Characters of a room's or an organisation's name."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept, with what it takes to say it: the titles of consultations and the organisations by number, and
    those the person has to do with."""

    kept: Kept
    titles: Mapping[int, str]
    organisations: Mapping[int, Organisation]

    def name(self, organisation: int, speech: Speech) -> str:
        """An organisation's name, or words for one that has none."""
        return cut(self.organisations[organisation].name, NAME_SHOWN) or speech.say("organisation.unnamed")


def privacy_cards(told: Told, instance: Instance, buttons: Sequence[Button], speech: Speech) -> list[Card]:
    """`/privacy`: all that is kept of the reader, then who sees it, for how long, and what they can do."""
    kept = told.kept
    entries: list[list[Block]] = [[line] for line in _accounts(kept, speech)]
    entries += [[line] for line in _elsewhere(told, speech)]
    entries.append(
        [Gap(), speech.line("privacy.rights-held" if kept.rights else "privacy.rights-none", n=len(kept.rights))]
    )
    entries += [[_right(each, told.titles[each.number], speech)] for each in kept.rights]
    if kept.forget_asked_at is not None:
        entries.append([Gap(), speech.line("privacy.waits", since=kept.forget_asked_at)])
    entries += [[line] for line in _in_general(told, instance, speech)]
    cards = in_messages((speech.heading("privacy.title"),), entries)
    last = cards[-1]
    return [*cards[:-1], Card(last.blocks, rows_of(list(buttons)))]


def _accounts(kept: Kept, speech: Speech) -> list[Line]:
    lines = []
    for each in kept.accounts:
        named = {"address": shown(each.ref.id), "name": shown(each.name) or "-"}
        words = speech.say(f"link.account-{each.ref.platform}", **named)
        lines.append(speech.line("privacy.account", account=words, since=speech.day(each.first_seen)))
    return lines


def _elsewhere(told: Told, speech: Speech) -> list[Line]:
    """Rooms, lines of rolls and roles."""
    kept, lines = told.kept, []
    here = [cut(shown(each.title), NAME_SHOWN) or "-" for each in kept.rooms if each.left_at is None]
    if here:
        lines.append(speech.line("privacy.rooms", n=len(here), rooms=tuple(here[:ROOMS_SHOWN])))
    for line in kept.memberships:
        facts = {"organisation": told.name(line.organisation, speech), "label": shown(line.label)}
        lines.append(speech.line("privacy.member", **facts))
        if line.group:
            lines.append(speech.line("privacy.member-group", group=shown(line.group)))
        if line.suspended:
            lines.append(speech.line("privacy.member-suspended", reason=line.suspended))
    return [*lines, *(_role(each, told, speech) for each in kept.roles)]


def _role(role: KeptRole, told: Told, speech: Speech) -> Line:
    word, organisation = role_name(role.role, speech), told.name(role.organisation, speech)
    if role.number is None:
        return speech.line("privacy.role", role=word, organisation=organisation)
    return speech.line("privacy.role-in", number=str(role.number), role=word, organisation=organisation)


def _right(right: KeptRight, title: str, speech: Speech) -> Line:
    """A right: which consultation, whether it was used or under which alias, and until when it is kept."""
    about = speech.say("privacy.voted" if right.voted else "privacy.not-voted")
    if right.alias is not None:
        about = speech.say("privacy.alias", alias=str(right.alias))
    facts = {"number": str(right.number), "title_text": title, "about": about}
    if right.erase_at is None:
        return speech.line("privacy.right", **facts)
    return speech.line("privacy.right-until", day=speech.day(right.erase_at), **facts)


def _in_general(told: Told, instance: Instance, speech: Speech) -> list[Block]:
    facts: dict[str, str | int] = {
        "operator": instance.operator, "contact": instance.contact, "hosting": instance.hosting,
        "source": instance.source_url, "backup": instance.backup_days,
    }  # fmt: skip
    keys = ("privacy.kept", "privacy.who", "privacy.secrecy", "privacy.traces", "privacy.operator")
    lines: list[Block] = [Gap(), *(speech.line(key, **facts) for key in keys)]
    lines += contacts(told, speech)
    return [*lines, Gap(), speech.line("privacy.rights", **facts)]


def contacts(told: Told, speech: Speech) -> list[Line]:
    """Whom to write to in each organisation the person has to do with, where it says so."""
    return [
        speech.line("privacy.organisation", organisation=told.name(number, speech), contact=contact)
        for number, organisation in sorted(told.organisations.items())
        if (contact := organisation.says(Field.CONTACT))
    ]


# -- being forgotten --------------------------------------------------------------------------------------------------
def forget_cards(
    told: Told, needs: Sequence[Need], instance: Instance, buttons: Sequence[Button], speech: Speech, now: datetime
) -> list[Card]:
    """`/forget`: what goes at once, what waits and until when, what stays; nothing is done before a yes."""
    entries: list[list[Block]] = [[speech.line("forget.now")]]
    if needs:
        votable = any(each.takes_votes(now) for each in needs)
        entries.append([speech.line("forget.needed" if votable else "forget.needed-closed", n=len(needs))])
        entries += [[need_line(each, speech, now)] for each in needs]
        entries.append([speech.line("forget.then-vote" if votable else "forget.then")])
    entries.append([speech.line("forget.stays", backup=instance.backup_days)])
    entries += [
        [speech.line("forget.member", organisation=told.name(each.organisation, speech), label=shown(each.label))]
        for each in told.kept.memberships
    ]
    if told.kept.memberships:
        entries += [[line] for line in contacts(told, speech)]
    entries.append([speech.line("forget.again")])
    entries.append([Gap(), speech.line("forget.how")])
    cards = in_messages((speech.heading("forget.title"),), entries)
    return [*cards[:-1], Card(cards[-1].blocks, rows_of(list(buttons)))]


def need_line(need: Need, speech: Speech, now: datetime) -> Line:
    """A consultation that still needs the person, and until when."""
    facts = {"number": str(need.number), "title_text": need.title}
    if need.closes_at is None or not need.takes_votes(now):
        return speech.line("forget.need-open", **facts)
    return speech.line("forget.need", until=speech.until(need.closes_at), **facts)


def waiting_cards(needs: Sequence[Need], speech: Speech, now: datetime) -> list[Card]:
    """What could be erased is; the rest goes by itself."""
    entries = [[need_line(each, speech, now)] for each in needs]
    return in_messages((speech.heading("forget.begun"), speech.line("forget.waits", n=len(needs))), entries)
