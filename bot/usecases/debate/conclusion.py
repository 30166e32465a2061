"""`/conclusion`: reading the conclusion of a debate in pages, and rewriting it while the debate concludes."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.authority import Act
from bot.domain.debate.model import Deed
from bot.domain.debate.phases import allowed
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import tidy
from bot.ports import Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Card
from bot.text.debate.conclusion import Findings, conclusion_pages
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.concluding import concluded_facts
from bot.usecases.debate.reading import visible
from bot.usecases.debate.which import debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import Menu, answer, in_room, menu_of, sentence

TEXT_LIMIT = 3_000
"""Characters of a conclusion."""

_NUMBER = re.compile(r"(?:n\s?[°º]|no\.?|#)?\s*([0-9]{1,6})", re.IGNORECASE)
_PAGE = re.compile(r"[0-9]{1,4}")


async def conclusion(house: House, visit: Visit, said: Said, command: Command) -> Reply:
    """`/conclusion`, `/conclusion 9`: the text as it stands; `/conclusion TEXT`: a new one."""
    numbered = _NUMBER.fullmatch(command.rest)
    if numbered:
        command = replace(command, rest=f"n{numbered[1]}")
    found = await meant(house, visit, said, command, ended=True)
    number = found.debate.number
    # A conclusion may well begin with the number of an argument.
    text = f"#{found.parent} {found.rest}" if found.parent is not None else found.rest
    if not text or _PAGE.fullmatch(text):
        return await _read(house, visit, number, int(text or 1))
    await _write(house, visit, number, text)
    return Reply()


async def pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """Another page, in the place of the one on which the button stands."""
    if not _PAGE.fullmatch(action.argument):
        raise Refusal("expired-button")
    return await _read(house, visit, action.number, int(action.argument), press)


async def began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by our link: show the text there."""
    await _read(house, visit, number, 1)


async def _read(house: House, visit: Visit, number: int, page: int, press: Pressed | None = None) -> Reply:
    found = await house.store.read(lambda tx: _standing(tx, visit, number))
    if visit.room is not None and press is None:
        pages = conclusion_pages(found, visit.room_speech)
        await in_room(house, visit, _alone(pages, visit, number))
        return Reply()
    pages = conclusion_pages(found, visit.speech)
    place = min(max(page, 1), len(pages))
    shown = Page(pages[place - 1], f"concl-{number}", _turning(visit, number, place, len(pages)))
    return await show(house, visit, shown, press)


def _standing(tx: Transaction, visit: Visit, number: int) -> Findings:
    visible(tx, visit, number)
    found = concluded_facts(tx, number)
    if found.conclusion is None:
        raise Refusal("conclusion-not-yet", number=str(number))
    return found


def _alone(pages: tuple[Card, ...], visit: Visit, number: int) -> Card:
    """The first page, for a room, and where the others are read: one question is worth one message there."""
    if len(pages) == 1:
        return pages[0]
    more = visit.room_speech.line("conclusion.rest-in-private", number=str(number))
    return replace(pages[0], blocks=(*pages[0].blocks, more))


def _turning(visit: Visit, number: int, place: int, pages: int) -> Menu:
    offered = (("button.previous-page", place - 1), ("button.next-page", place + 1))
    return menu_of(
        *((visit.speech.say(key), Action("concl", number, str(to))) for key, to in offered if 1 <= to <= pages)
    )


async def _write(house: House, visit: Visit, number: int, typed: str) -> None:
    """Keep a new version, by the author of the debate or an organiser; former ones stay on record.

    Raises Refusal `not-your-conclusion`, `conclusion-too-long`, `conclusion-empty`, and those of the phase.
    """
    await authorised(house, visit, number, Act.CONCLUDE)
    text = clean_conclusion(typed)

    def work(tx: Transaction) -> int:
        debate = debate_of(tx, number, lock=True)
        if not tx.first_time(f"{visit.key}/conclusion"):
            # Delivered again: whoever wrote it is told again that it is kept.
            return _last(tx, number)
        must_be_open(debate.consultation, visit.at)
        allowed(debate.rules, debate.course, Deed.COMMENT, debate.consultation.closes_at)
        version = tx.debates.add_conclusion(number, text, visit.at, visit.account.id).version
        tx.record(visit.at, "concluded", {"version": version}, number)
        return version

    version = await house.store.write(work)
    await answer(house, visit, sentence(visit.speech, "conclusion.recorded", version=version, number=str(number)))


def _last(tx: Transaction, number: int) -> int:
    kept = tx.debates.conclusion(number)
    return kept.version if kept is not None else 0


def clean_conclusion(typed: str) -> str:
    """The text as it will stand, its paragraphs kept. Raises Refusal `conclusion-too-long`, `conclusion-empty`,
    `unreadable-characters`."""
    text = "\n".join(filter(None, (tidy(paragraph) for paragraph in typed.splitlines())))
    if not text:
        raise Refusal("conclusion-empty")
    if len(text) > TEXT_LIMIT:
        raise Refusal("conclusion-too-long", n=len(text), most=TEXT_LIMIT)
    return text
