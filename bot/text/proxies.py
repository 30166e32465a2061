"""Proxies in words: the code to hand over, what the holder accepts, who votes for whom, what was cast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.domain.ballot_checks import example
from bot.domain.ballots import Choice
from bot.domain.consultation import Consultation, Secrecy, State
from bot.domain.proxies import DayProxy, Proxy, Word
from bot.domain.words import shown
from bot.text.card import Block, Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.papers import IN_A_MESSAGE, ballot_words, how_sentence, until_line

NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A vote that somebody else casts: whose it is, by name, and whether it is cast."""

    proxy: Proxy
    name: str


def called(name: str, speech: Speech) -> str:
    """Somebody's name as it is shown, or that they have none."""
    return shown(name, NAME_SHOWN) if name else speech.say("proxy.nameless")


def code_card(consultation: Consultation, code: str, way: str, speech: Speech) -> Card:
    """What giving one's vote means, and the code for whoever casts it."""
    number = str(consultation.number)
    public = consultation.definition.secrecy is Secrecy.PUBLIC
    return Card(
        (
            headline(consultation, speech, "proxy.headline"),
            speech.line("proxy.means-public" if public else "proxy.means"),
            *_code_lines(code, speech),
            speech.line("proxy.then", way=way),
            speech.line("proxy.until-taken", number=number),
            speech.line("proxy.to-undo", number=number),
        )
    )


def day_code_card(day: date, organisation: str, code: str, way: str, speech: Speech) -> Card:
    """The same for all votes of one day."""
    facts = {"day": day_words(day, speech)}
    return Card(
        (
            speech.heading("proxy.headline-day", **facts),
            speech.line("proxy.means-day", organisation=organisation or speech.say("organisation.unnamed"), **facts),
            speech.line("proxy.means-both"),
            *_code_lines(code, speech),
            speech.line("proxy.then-day", way=way),
            speech.line("proxy.to-undo-day", typed=day.isoformat()),
        )
    )


def _code_lines(code: str, speech: Speech) -> tuple[Line, ...]:
    return speech.line("proxy.hand-over"), Line((Span(code, "code"),))


def asked_card(consultation: Consultation, name: str, speech: Speech) -> Card:
    """What whoever brings a code is asked to accept."""
    facts = {"name": called(name, speech), "number": str(consultation.number)}
    return Card(
        (headline(consultation, speech, "proxy.headline"), speech.line("proxy.asked", **facts), *_asking(speech))
    )


def day_asked_card(day: date, organisation: str, name: str, speech: Speech) -> Card:
    """The same for all votes of one day."""
    facts = {"name": called(name, speech), "day": day_words(day, speech)}
    where = organisation or speech.say("organisation.unnamed")
    return Card(
        (
            speech.heading("proxy.headline-day", day=facts["day"]),
            speech.line("proxy.asked-day", organisation=where, **facts),
            *_asking(speech),
        )
    )


def _asking(speech: Speech) -> tuple[Line, ...]:
    return speech.line("proxy.asked-means"), speech.line("proxy.asked-name")


def taken_card(consultation: Consultation, name: str, speech: Speech) -> Card:
    """The holder accepted: what they can do now."""
    key = "proxy.taken" if consultation.state is State.OPEN else "proxy.taken-early"
    facts = {"name": called(name, speech), "number": str(consultation.number), "example": _typed(consultation)}
    return Card((headline(consultation, speech, "proxy.headline"), speech.line(key, **facts)))


def day_taken_card(day: date, name: str, covered: Sequence[Consultation], speech: Speech) -> Card:
    """The same for all votes of one day: those it covers today."""
    facts = {"name": called(name, speech), "day": day_words(day, speech)}
    blocks: list[Block] = [
        speech.heading("proxy.headline-day", day=facts["day"]),
        speech.line("proxy.taken-day", **facts),
    ]
    return Card((*blocks, *_covered(covered, speech)))


def day_given_card(day: date, name: str, covered: Sequence[Consultation], speech: Speech) -> Card:
    """What the giver is told once somebody took their votes of one day."""
    facts = {"name": called(name, speech), "day": day_words(day, speech)}
    undo = speech.line("proxy.to-undo-day", typed=day.isoformat())
    return Card((speech.line("proxy.told-taken-day", **facts), *_covered(covered, speech), undo))


def _covered(covered: Sequence[Consultation], speech: Speech) -> tuple[Line, ...]:
    return tuple(
        speech.line("proxy.covered", number=str(each.number), title_text=shown(each.definition.title))
        for each in covered
    )


def notice_card(consultation: Consultation, word: Word, name: str, speech: Speech) -> Card:
    """What somebody is told of a proxy, about the person of that name."""
    number, facts = str(consultation.number), {"name": called(name, speech)}
    lines = [speech.line(f"proxy.told-{word.value}", number=number, **facts)]
    if word is Word.TAKEN:
        lines.append(speech.line("proxy.to-undo", number=number))
    if word is Word.OPENS:
        lines.append(speech.line("proxy.to-cast", number=number, example=_typed(consultation), **facts))
    return Card((headline(consultation, speech, "proxy.headline"), *lines))


def held_card(consultation: Consultation, held: Sequence[Held], speech: Speech) -> Card:
    """Whose votes somebody casts, and how."""
    return Card((headline(consultation, speech, "proxy.headline"), *held_lines(consultation, held, speech)))


def held_lines(consultation: Consultation, held: Sequence[Held], speech: Speech) -> list[Block]:
    """Each giver with whether the vote is cast, numbered; then what to type where that is possible now."""
    blocks: list[Block] = [speech.line("proxy.you-hold", n=len(held), number=str(consultation.number))]
    for place, each in enumerate(held, 1):
        key = "proxy.held-cast" if each.proxy.used else "proxy.held-waits"
        blocks.append(speech.line(key, place=str(place), name=called(each.name, speech)))
    if consultation.state is State.OPEN and held:
        facts = {"name": called(held[0].name, speech), "example": _typed(consultation)}
        blocks.append(speech.line("proxy.to-cast", number=str(consultation.number), **facts))
    return blocks


def _typed(consultation: Consultation) -> str:
    return example(consultation.definition)


def given_line(given: Proxy, name: str, speech: Speech) -> Line:
    """Where the giver's own vote is."""
    number = str(given.number)
    if given.holder is None:
        return speech.line("proxy.waits", number=number)
    key = "proxy.given-cast" if given.used else "proxy.given"
    return speech.line(key, number=number, name=called(name, speech))


def day_line(given: DayProxy, name: str, speech: Speech, *, mine: bool) -> Line:
    """The giver's or the holder's line about the votes of one day."""
    key = "proxy.day-waits" if given.holder is None else "proxy.day-given" if mine else "proxy.day-held"
    return speech.line(key, day=day_words(given.day, speech), name=called(name, speech), typed=given.day.isoformat())


def day_words(day: date, speech: Speech) -> str:
    """A day in words, with its weekday."""
    return speech.full_day(datetime.combine(day, time(12), speech.zone))


def for_someone(card: Card, name: str, speech: Speech) -> Card:
    """A ballot paper that says in whose place it is filled in."""
    line = speech.line("proxy.paper", name=called(name, speech))
    return Card((card.blocks[0], line, *card.blocks[1:]), card.buttons)


def written_for(consultation: Consultation, labels: Sequence[str], speech: Speech) -> Card:
    """The paper where nothing can be pressed: the next words are the ballot of somebody else."""
    definition = consultation.definition
    return Card(
        (
            headline(consultation, speech),
            Line((Span(how_sentence(definition, speech)),)),
            *(Line((Span(label),)) for label in labels),
            speech.line("paper.answer-with", example=example(definition)),
            until_line(consultation, speech),
        )
    )


def recorded_words(
    consultation: Consultation, choice: Choice | None, name: str, speech: Speech, room: int = IN_A_MESSAGE
) -> str:
    """The sentence for a ballot cast in somebody's place, or taken back."""
    facts = {"name": called(name, speech), "number": str(consultation.number)}
    if choice is None:
        return speech.say("proxy.withdrawn", **facts)
    words = ballot_words(consultation.definition, choice, speech, room)
    assert consultation.closes_at is not None
    return speech.say("proxy.recorded", choice=words, until=speech.until(consultation.closes_at), **facts)
