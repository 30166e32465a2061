"""Who has which role, in words: the list that every member may read, and what those who give roles are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.consultation import Consultation
from bot.domain.members import Role
from bot.domain.roles import ORGANISATION_ONLY
from bot.text.card import Block, Button, Card, Gap
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fitting import in_messages

ROOMS_SHOWN = 10
"""Rooms whose administrators are said to organise in them."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone who has a role: the names their accounts show, none where they don't show theirs. `here`: they have it in
    this consultation only."""

    role: Role
    names: tuple[str, ...]
    here: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """The roles of an organisation, and of one of its consultations if there is one.

    `rooms` are the names of its rooms. `bound`: it was made by joining rooms, or by the
    configuration; `run_by_rooms`: it has nobody who administers it but its rooms' administrators.
    """

    organisation: str
    holders: tuple[Holder, ...]
    rooms: tuple[str, ...]
    bound: bool
    run_by_rooms: bool
    consultation: Consultation | None = None


def role_name(role: Role, speech: Speech) -> str:
    """The word for a role."""
    return speech.say(f"role.{role.value}")


def holder_name(names: Sequence[str], speech: Speech) -> str:
    """Someone as their accounts show them, or the words for someone who doesn't show their name."""
    return ", ".join(dict.fromkeys(names)) if names else speech.say("role.someone")


def where_words(organisation: str, number: int | None, speech: Speech) -> str:
    """Where a role is held: "Friends of the Linden", or "no. 12"."""
    if number is not None:
        return speech.say("role.in-consultation", number=str(number))
    return organisation or speech.say("organisation.unnamed")


def roster_cards(roster: Roster, speech: Speech, gives: bool) -> list[Card]:
    """Everyone who has a role, numbered; whose rooms' administrators organise; how roles are given, to whoever `gives`
    them."""
    asked = roster.consultation
    title = speech.heading("role.title", where=where_words(roster.organisation, None, speech))
    first = (title,) if asked is None else (title, headline(asked, speech))
    entries: list[Sequence[Block]] = [*_groups(roster, speech), [Gap(), *_mapping(roster, speech)]]
    if gives:
        entries.append(_how(asked, speech))
    return in_messages(first, entries)


def _groups(roster: Roster, speech: Speech) -> list[Sequence[Block]]:
    numbered = list(enumerate(roster.holders, 1))
    if not numbered:
        return [[speech.line("role.nobody")]]
    groups: list[Sequence[Block]] = []
    for role, some in groupby(numbered, key=lambda pair: pair[1].role):
        lines = [
            speech.line(
                "role.entry-here" if holder.here else "role.entry",
                n=place, name=holder_name(holder.names, speech),
            )
            for place, holder in some
        ]  # fmt: skip
        groups.append([speech.line(f"role.may.{role.value}"), *lines])
    return groups


def _mapping(roster: Roster, speech: Speech) -> list[Block]:
    """What the chat's own administrators may do here."""
    rooms = roster.rooms[:ROOMS_SHOWN]
    more = len(roster.rooms) - len(rooms)
    lines: list[Block] = []
    if not roster.bound:
        lines.append(speech.line("role.mapping-own"))
    elif rooms:
        lines.append(speech.line("role.mapping", rooms=rooms))
        if more:
            lines.append(speech.line("role.mapping-more", n=more))
        if roster.run_by_rooms:
            lines.append(speech.line("role.run-by-rooms"))
    return [*lines, speech.line("role.everyone")]


def _how(asked: Consultation | None, speech: Speech) -> list[Block]:
    roles = [role for role in Role if asked is None or role not in ORGANISATION_ONLY]
    names = tuple(role_name(role, speech) for role in roles)
    if asked is None:
        return [Gap(), speech.line("role.how-give", roles=names), speech.line("role.how-remove")]
    number = str(asked.number)
    give = speech.line("role.how-give-here", roles=names, number=number)
    return [Gap(), give, speech.line("role.how-remove-here", number=number)]


def code_card(role: Role, where: str, code: str, start: str, speech: Speech) -> Card:
    """A fresh code, for whoever hands it over: what it gives, how it is used, how long it holds."""
    name = role_name(role, speech)
    lines = (
        speech.heading("role.code-title", role=name, where=where),
        speech.line("role.code", code=code),
        speech.line("role.code-once"),
        speech.line(f"role.means.{role.value}"),
    )
    return Card(lines, ((Button(speech.say("button.take-role", role=name), start=start),),))


def taken_card(role: Role, organisation: str, number: int | None, speech: Speech) -> Card:
    """What a person who just took a role is told."""
    name = role_name(role, speech)
    leave = (
        speech.line("role.yours-leave", role=name)
        if number is None
        else speech.line("role.yours-leave-here", role=name, number=str(number))
    )
    first = speech.line("role.yours", role=name, where=where_words(organisation, number, speech))
    return Card((first, speech.line(f"role.means.{role.value}"), leave))


def ended_card(key: str, role: Role, number: int | None, organisation: str, speech: Speech) -> Card:
    """That someone no longer has a role: `key` says to whom."""
    where = where_words(organisation, number, speech)
    return Card((speech.line(key, role=role_name(role, speech), where=where),))


def was_taken_card(role: Role, organisation: str, number: int | None, names: Sequence[str], speech: Speech) -> Card:
    """What those who give roles are told once one was taken."""
    facts = {
        "name": holder_name(names, speech),
        "role": role_name(role, speech),
        "where": where_words(organisation, number, speech),
    }
    if number is None:
        return Card((speech.line("role.was-taken", **facts),))
    return Card((speech.line("role.was-taken-here", number=str(number), **facts),))
