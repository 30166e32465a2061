"""Working an opinion map out from what is in the database at this instant."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.domain.consultation import Consultation
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Answers, Statement, StatementState
from bot.store import Transaction
from bot.text.card import Image
from bot.text.catalogue import Speech
from bot.text.opinions.card import Counts
from bot.text.opinions.map import Drawn, alternative, chart
from bot.usecases.house import House
from bot.usecases.opinions.which import rules_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything an opinion map is worked out from, read together. `alias` is that of whoever asks, if any."""

    consultation: Consultation
    statements: tuple[Statement, ...]
    answers: Answers
    participants: int
    organisation: str
    alias: int | None


def gathered(tx: Transaction, number: int, account: int | None = None) -> Gathered:
    """Read what the map of this consultation is worked out from."""
    consultation = tx.consultation(number)
    return Gathered(
        consultation,
        tuple(tx.opinion_maps.statements(number)),
        tx.opinion_maps.answers(number),
        tx.opinion_maps.participants(number),
        tx.organisation(consultation.organisation).name,
        tx.opinion_maps.alias_of(number, account) if account is not None else None,
    )


def counted(tx: Transaction, number: int) -> Counts:
    """What may be said of the opinion map at any time; before the opening, its first statements."""
    consultation = tx.consultation(number)
    if consultation.opened_at is None:
        return Counts(0, len(consultation.definition.options), 0)
    statements = tx.opinion_maps.statements(number, states=(StatementState.PUBLISHED,))
    answers = sum(one.seen for one in statements)
    return Counts(tx.opinion_maps.participants(number), len(statements), answers)


async def drawn(found: Gathered) -> Drawn:
    """Work the map out, in a thread of its own: others need not wait for it."""
    published = {one.number: one for one in found.statements if one.state is StatementState.PUBLISHED}
    counts = Counts(found.participants, len(published), sum(one.seen for one in published.values()))
    worked_out = await asyncio.to_thread(
        opinion_map, found.statements, found.answers, rules_of(found.consultation).minimum
    )
    return Drawn(found.consultation, counts, published, worked_out, found.organisation)


async def picture(house: House, what: Drawn, speech: Speech) -> Image | None:
    """The map as a picture; None when there is no group to show, or when it can't be drawn."""
    drawing = chart(what, speech)
    if drawing is None:
        return None
    number = what.consultation.number
    try:
        png = await house.draughtsman.draw(drawing)
    except Exception:
        # The map in words says as much as its picture: it is told without, and the operator reads why here.
        log.exception("the map of consultation %d could not be drawn", number)
        return None
    return Image(png, alternative(drawing), f"opinions-{number}.png")
