"""Presets: listed, shown, kept and dropped by `/template`, and filled in under what somebody types to create."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain import vocabulary
from bot.domain.authority import Act, authorise
from bot.domain.consultation import Kind
from bot.domain.grammar import Command, preset
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.templates import DROP, MOST_TEMPLATES, SAVE, Template, brought, check, filled, find, named
from bot.domain.words import fold, shown
from bot.ports import Said
from bot.store import Room, Transaction
from bot.text.card import Block, Card, Line
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, sentence


async def template(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/template`, `/template NAME`, `/template save NAME …`, `/template drop NAME`."""
    organisation = visit.organisation
    if organisation is None:
        raise Refusal("ask-in-a-room")
    word, _, rest = command.rest.partition(" ")
    if fold(word) in SAVE:
        await _save(house, visit, organisation, rest)
    elif fold(word) in DROP:
        await _drop(house, visit, organisation, rest.strip())
    elif command.rest:
        await _show(house, visit, organisation, command.rest)
    else:
        await _list(house, visit, organisation)


async def fill(house: House, room: Room, kind: Kind, keys: Mapping[str, str]) -> Mapping[str, str]:
    """The keys typed in this room, with those of the preset they name under them. Raises the refusals of
    `templates.filled`."""
    if "template" not in keys:
        return keys
    own = await house.store.read(lambda tx: tx.templates(room.organisation))
    return filled(kind, keys, _offered(house, own, room.language), room.language)


def _offered(house: House, own: Sequence[Template], language: str) -> tuple[Template, ...]:
    """The presets of one's own first, then those of the configuration and of the program that none of them hides."""
    offered: dict[str, Template] = {}
    for each in (*own, *house.defaults.templates, *brought(language)):
        offered.setdefault(vocabulary.slug(each.name), each)
    return tuple(offered.values())


async def _list(house: House, visit: Visit, organisation: Organisation) -> None:
    own = await house.store.read(lambda tx: tx.templates(organisation.id))
    speech = visit.speech
    blocks: list[Block] = [speech.heading("template.title")]
    blocks += [_entry(visit, each) for each in _offered(house, own, speech.language)]
    blocks.append(speech.line("template.how"))
    await answer(house, visit, Card(tuple(blocks)))


def _entry(visit: Visit, each: Template) -> Line:
    kind = visit.speech.say(f"kind.{each.kind.value}")
    return visit.speech.line("template.entry", name=each.name, kind=kind, keys=" · ".join(_words(visit, each)))


def _words(visit: Visit, each: Template) -> list[str]:
    """The preset's keys and values as one would type them in the person's language."""
    language = visit.speech.language
    return [visit.speech.say("template.key", key=vocabulary.key_in(language, key), value=_value(language, key, value))
            for key, value in each.keys.items()]  # fmt: skip


def _value(language: str, key: str, typed: str) -> str:
    listed = vocabulary.value(key, typed) if key in vocabulary.VALUES else None
    return typed if listed is None else vocabulary.value_in(language, key, listed)


async def _show(house: House, visit: Visit, organisation: Organisation, name: str) -> None:
    own = await house.store.read(lambda tx: tx.templates(organisation.id))
    each = find(name, _offered(house, own, visit.speech.language))
    speech, command = visit.speech, vocabulary.slug(vocabulary.command_in(visit.speech.language, each.kind))
    facts = {"name": each.name, "kind": command, "key": vocabulary.key_in(speech.language, "template")}
    lines = [speech.line("template.line", text=words) for words in _words(visit, each)]
    await answer(house, visit, Card((_entry_title(visit, each), *lines, speech.line("template.use", **facts))))


def _entry_title(visit: Visit, each: Template) -> Line:
    return visit.speech.heading("template.one", name=each.name, kind=visit.speech.say(f"kind.{each.kind.value}"))


async def _save(house: House, visit: Visit, organisation: Organisation, text: str) -> None:
    await _authorise(house, visit, organisation)
    written = preset(text)
    each = Template(named(written.name), Kind(written.creates or Kind.VOTE), written.keys)
    language = visit.room.language if visit.room else visit.speech.language
    check(each, now=visit.at, zone=ZoneInfo(organisation.time_zone), language=language)

    def work(tx: Transaction) -> None:
        kept = {vocabulary.slug(other.name) for other in tx.templates(organisation.id)}
        if len(kept | {vocabulary.slug(each.name)}) > MOST_TEMPLATES:
            raise Refusal("too-many-templates", n=MOST_TEMPLATES)
        tx.keep_template(organisation.id, each)

    await house.store.write(work)
    kind = visit.speech.say(f"kind.{each.kind.value}")
    await answer(house, visit, sentence(visit.speech, "template.saved", name=each.name, kind=kind))


async def _drop(house: House, visit: Visit, organisation: Organisation, name: str) -> None:
    await _authorise(house, visit, organisation)
    if not await house.store.write(lambda tx: tx.drop_template(organisation.id, name)):
        raise Refusal("template-not-own", said=shown(name))
    await answer(house, visit, sentence(visit.speech, "template.dropped", name=shown(name)))


async def _authorise(house: House, visit: Visit, organisation: Organisation) -> None:
    rooms = await house.store.read(lambda tx: tx.rooms_of(organisation.id))
    authorise(Act.KEEP_TEMPLATES, await standing_of(house, visit.account, organisation, rooms))
