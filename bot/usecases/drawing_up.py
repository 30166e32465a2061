"""Minutes drawn up from what is on record: gathered, told in sections, and written in each form.

The same facts give the same minutes, byte for byte: nothing in them says when they were made. Nobody is
named: not who organised, nor who voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.charter import from_facts
from bot.domain.consultation import BallotType, Consultation, Kind, State
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.results import conclude
from bot.minutes import Minutes
from bot.ports import Printer
from bot.store import Store, Transaction
from bot.text.card import Block, Card, Gap
from bot.text.catalogue import Speech
from bot.text.debate.conclusion import conclusion_pages
from bot.text.minutes.held import Held
from bot.text.minutes.markdown import as_markdown
from bot.text.minutes.page import as_page
from bot.text.minutes.told import minutes_of
from bot.text.opinions.map import result_card as map_card
from bot.text.results import Concluded
from bot.usecases.apart import results_apart
from bot.usecases.debate.concluding import concluded_facts
from bot.usecases.export import ENDED
from bot.usecases.opinions.mapping import Gathered, drawn, gathered
from bot.usecases.proxies.counting import by_proxy
from bot.usecases.records import closing_of, heads_of

PDF = "pdf"
FORMS: Mapping[str, str] = {"md": "text/markdown", "html": "text/html", PDF: "application/pdf"}
"""The forms in which minutes are written, with their media types."""


async def minutes_files(store: Store, printer: Printer, number: int) -> dict[str, bytes]:
    """The minutes of one consultation in every form, by name of file. Raises as `drawn_up`."""
    written = await drawn_up(store, (number,))
    return {f"minutes.{form}": await written_as(written, form, printer) for form in FORMS}


async def written_as(written: Minutes, form: str, printer: Printer) -> bytes:
    """The minutes in one of the forms."""
    match form:
        case "html":
            return as_page(written).encode()
        case "md":
            return as_markdown(written).encode()
        case _:
            return await printer.print(written)


async def drawn_up(store: Store, numbers: Sequence[int]) -> Minutes:
    """The minutes of these consultations, in the language of the first.

    Raises Missing `no-such-consultation`, Refusal `minutes-before-closing`, `minutes-cancelled`,
    `minutes-not-same-day`.
    """
    read = await store.read(lambda tx: [_held(tx, number) for number in numbers])
    held = [one if found is None else replace(one, told=await _map(one, found)) for one, found in read]
    days = {(one.organisation.id, _day(one)) for one in held}
    if len(days) > 1:
        raise Refusal("minutes-not-same-day")
    return minutes_of(held, _speech(held[0].consultation, held[0].organisation))


def _speech(consultation: Consultation, organisation: Organisation) -> Speech:
    return Speech(consultation.definition.language, ZoneInfo(organisation.time_zone))


def _day(held: Held) -> date:
    """The day of the closing, where the association is."""
    assert held.consultation.closed_at is not None
    return held.consultation.closed_at.astimezone(ZoneInfo(held.organisation.time_zone)).date()


def _held(tx: Transaction, number: int) -> tuple[Held, Gathered | None]:
    """What happened; what an opinion map is worked out from is handed on, since that takes time."""
    consultation = tx.consultation(number)
    if consultation.state is State.CANCELLED:
        raise Refusal("minutes-cancelled", number=str(number))
    if consultation.state not in ENDED:
        raise Refusal("minutes-before-closing", number=str(number))
    journal, facts = tx.journal(number), tx.disclosure(number, consultation.version)
    held = Held(
        consultation=consultation,
        organisation=tx.organisation(consultation.organisation),
        disclosure=from_facts(facts) if facts else None,
        journal=journal,
        rooms=tuple(_called(tx, room) for room in consultation.rooms),
        heads=heads_of(journal),
        voters=_took_part(closing_of(journal)),
    )
    match consultation.definition.kind:
        case Kind.DEBATE:
            pages = conclusion_pages(concluded_facts(tx, number), _speech(consultation, held.organisation))
            return replace(held, told=_lines(block for page in pages for block in page.blocks[1:])), None
        case Kind.OPINIONS:
            return held, gathered(tx, number)
        case _:
            return replace(held, concluded=_concluded(tx, consultation, held.organisation)), None


def _concluded(tx: Transaction, consultation: Consultation, organisation: Organisation) -> Concluded:
    """The result and its reasons, without the names of a public vote, which the rooms alone were shown."""
    number = consultation.number
    reasons = tx.reasons.published(number) if consultation.definition.ballot is BallotType.CONSENT else ()
    result = conclude(consultation, tx.tally(number), by_proxy(tx, consultation))
    own = results_apart(tx, consultation)
    return Concluded(consultation, result, (), organisation.name, tx.follow_up(number), reasons, own)


def _took_part(closing: Mapping[str, Any]) -> int:
    return int(closing.get("voters", closing.get("participants", 0)))


def _called(tx: Transaction, room: int) -> str:
    found = tx.room_by_id(room)
    return f"{found.title or found.ref.id} ({found.ref.platform})"


async def _map(held: Held, found: Gathered) -> tuple[str, ...]:
    """An opinion map in words, without its heading and what is said below it."""
    card = map_card(await drawn(found), _speech(held.consultation, held.organisation))
    return _lines(card.blocks[1 : card.blocks.index(Gap())])


def _lines(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Each block's words, a paragraph each."""
    return tuple(words for block in blocks if (words := Card((block,)).plain.strip()))
