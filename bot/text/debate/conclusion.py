"""What a debate came to: its conclusion, numbers that add up, how opinions moved, how evenly people took part.

The numbers are the bot's own: whoever writes the conclusion can't change them. A draft
that nobody has edited is assembled anew whenever it is shown, so that an argument
hidden or withdrawn since then isn't quoted any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from babel.numbers import format_decimal

from bot.domain.consultation import Consultation, State
from bot.domain.debate.conclusion import Outline
from bot.domain.debate.figures import Fairness
from bot.domain.debate.model import Argument, Conclusion, DebateRules, Measure, Stance
from bot.domain.debate.shift import Shifted
from bot.text.card import Block, Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.debate.arguments import marks
from bot.text.fitting import CARD_LIMIT, cut, length

AROUND = 600
"""Code units of a page kept for its headline and its number."""
OTHERS = 10
"""Points of agreement, and open questions, that a draft lists."""

_SPOKEN: Mapping[Measure, str] = {
    Measure.MESSAGES: "conclusion.spoken-messages",
    Measure.CHARACTERS: "conclusion.spoken-characters",
    Measure.SECONDS: "conclusion.spoken-time",
}


@dataclass(frozen=True, slots=True)
class Sides:
    """The shares of for and against in something; 0 each when nothing in it took a side."""

    pros: Fraction
    cons: Fraction


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a conclusion is shown with, read at one instant. `written` is how evenly contributions were shared,
    `spoken` the floor, in `measure`; then the shares of each side in both."""

    consultation: Consultation
    rules: DebateRules
    conclusion: Conclusion | None
    outline: Outline
    comments: tuple[Argument, ...]
    shift: Shifted
    written: Fairness
    spoken: Fairness
    measure: Measure
    arguments: Sides
    floor: Sides


@dataclass(frozen=True, slots=True)
class _Layout:
    """How much a draft quotes: so many arguments of each side, of the others, code units of each, and who made them."""

    strongest: int
    others: int
    text: int
    about: bool = True


_FULL = _Layout(3, OTHERS, CARD_LIMIT)
_SHORTER = (
    _FULL, _Layout(3, 5, 280), _Layout(3, 3, 160), _Layout(2, 2, 120), _Layout(1, 1, 90),
    _Layout(1, 1, 60, about=False),
)  # fmt: skip
"""From the richest to one that always leaves room for the numbers."""


# -- the draft ---------------------------------------------------------------------------------------------------------
def draft_text(outline: Outline, rules: DebateRules, speech: Speech) -> str:
    """The draft assembled by rule, as it is kept: the numbers are added whenever it is shown."""
    return "\n".join(line.plain for line in _draft(outline, rules, _FULL, speech))


def _draft(outline: Outline, rules: DebateRules, layout: _Layout, speech: Speech) -> Iterator[Line]:
    for heading, nothing, side in (
        ("conclusion.strongest-for", "conclusion.none-for", outline.pros),
        ("conclusion.strongest-against", "conclusion.none-against", outline.cons),
    ):
        yield speech.line(heading)
        yield from _quoted(side[: layout.strongest], rules, layout, speech)
        if not side:
            yield speech.line(nothing)
    if outline.proposals:
        yield speech.line("conclusion.strongest-proposals")
        yield from _quoted(outline.proposals[: layout.strongest], rules, layout, speech)
    if outline.agreements:
        yield speech.line("conclusion.agreements", n=rules.minimum)
        yield from _listed(outline.agreements, rules, layout, speech)
    if outline.open_questions:
        yield speech.line("conclusion.open-questions")
        yield from _listed(outline.open_questions, rules, layout, speech)


def _listed(some: Sequence[Argument], rules: DebateRules, layout: _Layout, speech: Speech) -> Iterator[Line]:
    yield from _quoted(some[: layout.others], rules, layout, speech)
    if len(some) > layout.others:
        yield speech.line("conclusion.others", n=len(some) - layout.others)


def _quoted(some: Iterable[Argument], rules: DebateRules, layout: _Layout, speech: Speech) -> Iterator[Line]:
    for argument in some:
        facts = {"number": str(argument.number), "text": cut(argument.text, layout.text)}
        about = marks(argument, rules, 0, speech) if layout.about else []
        if about:
            yield speech.line("debate.argument-about", about=", ".join(about), **facts)
        else:
            yield speech.line("debate.argument", **facts)


# -- the numbers -------------------------------------------------------------------------------------------------------
def figures_line(found: Findings, speech: Speech) -> Line:
    """What became of everything that was received; the numbers add up."""
    told = found.outline.figures
    facts = {
        "n": told.received, "published": told.published, "withdrawn": told.withdrawn, "moderated": told.moderated,
        "refused": told.refused,
    }  # fmt: skip
    if told.pending:
        return speech.line("conclusion.figures-pending", pending=told.pending, **facts)
    return speech.line("conclusion.figures", **facts)


def shift_lines(found: Findings, speech: Speech) -> Iterator[Line]:
    """How opinions moved, once the debate is closed and only among enough people who answered twice."""
    if not found.rules.opinion or found.consultation.closed_at is None:
        return
    if not found.shift.shown(found.rules.minimum):
        yield speech.line("conclusion.shift-too-few", n=found.rules.minimum)
        return
    before, after = _positions(found.shift.before, speech), _positions(found.shift.after, speech)
    yield speech.line("conclusion.shift", n=found.shift.twice, before=before, after=after)
    if found.shift.changed:
        moved = {"pros": found.shift.towards_for, "cons": found.shift.towards_against}
        yield speech.line("conclusion.changed", n=found.shift.changed, **moved)
    else:
        yield speech.line("conclusion.nobody-changed")


def _positions(held: Mapping[Stance, int], speech: Speech) -> str:
    return speech.say(
        "conclusion.positions",
        pros=held[Stance.FOR], cons=held[Stance.AGAINST], undecided=held[Stance.UNDECIDED],
    )  # fmt: skip


def fairness_lines(found: Findings, speech: Speech) -> Iterator[Line]:
    """How evenly people took part, in writing and on the floor; nothing about fewer people than the minimum."""
    if found.written.people < found.rules.minimum:
        yield speech.line("conclusion.fairness-too-few", n=found.rules.minimum)
    else:
        yield speech.line("conclusion.written", **_evenness(found.written, speech))
        yield from _sides("conclusion.sides", found.arguments, speech)
    if found.spoken.people >= found.rules.minimum and found.spoken.total:
        yield speech.line(_SPOKEN[found.measure], **_evenness(found.spoken, speech))
        yield from _sides("conclusion.floor-sides", found.floor, speech)


def _evenness(shared: Fairness, speech: Speech) -> dict[str, int | str | Fraction]:
    gini = format_decimal(float(shared.gini), format="0.00", locale=speech.language)
    return {"n": shared.people, "share": shared.top_fifth, "gini": gini}


def _sides(key: str, shares: Sides, speech: Speech) -> Iterator[Line]:
    if shares.pros + shares.cons:
        yield speech.line(key, pros=shares.pros, cons=shares.cons)


def _numbers(found: Findings, speech: Speech) -> list[Line]:
    return [figures_line(found, speech), *shift_lines(found, speech), *fairness_lines(found, speech)]


# -- the result --------------------------------------------------------------------------------------------------------
def result_blocks(found: Findings, speech: Speech, most: int) -> tuple[Block, ...]:
    """The published conclusion with its numbers, in `most` code units: quotes are shortened, or the text is cut."""
    numbers = [*_numbers(found, speech), speech.line("conclusion.read-all", number=str(found.consultation.number))]
    room = most - _room(numbers) - _room([_origin(found, speech)])
    return (_origin(found, speech), *_shortened(found, room, speech), *numbers)


def _shortened(found: Findings, room: int, speech: Speech) -> list[Line]:
    if found.conclusion is not None and found.conclusion.author is not None:
        return _edited(cut(found.conclusion.text, max(room, 1)))
    lines: list[Line] = []
    for layout in _SHORTER:
        lines = list(_draft(found.outline, found.rules, layout, _own(found, speech)))
        if _room(lines) <= room:
            break
    return lines


def _room(lines: Iterable[Line]) -> int:
    return sum(length(line.plain) + 1 for line in lines)


def _edited(text: str) -> list[Line]:
    return [Line((Span(paragraph),)) for paragraph in text.split("\n")]


def _own(found: Findings, speech: Speech) -> Speech:
    """The voice of the debate's own language, in which its conclusion is written."""
    return Speech(found.consultation.definition.language, speech.zone, speech.sign)


def _origin(found: Findings, speech: Speech) -> Line:
    """Who wrote the text: the rule, or people."""
    if found.conclusion is None or found.conclusion.author is None:
        return speech.line("conclusion.by-rule")
    return speech.line("conclusion.edited", version=found.conclusion.version)


# -- pages -------------------------------------------------------------------------------------------------------------
def conclusion_pages(found: Findings, speech: Speech) -> tuple[Card, ...]:
    """The whole text, its numbers and the comments on it, in pages that fit in a message."""
    lines = [_status(found, speech), _origin(found, speech), *_body(found, speech), *_numbers(found, speech)]
    if found.comments:
        lines.append(speech.line("conclusion.comments", n=len(found.comments)))
        lines += _quoted(found.comments, found.rules, _FULL, speech)
    pages = _paged(lines)
    return tuple(_page(found, page, place, len(pages), speech) for place, page in enumerate(pages, 1))


def _status(found: Findings, speech: Speech) -> Line:
    if found.consultation.state is not State.OPEN:
        return speech.line("conclusion.final")
    assert found.consultation.closes_at is not None
    return speech.line("conclusion.draft", until=speech.until(found.consultation.closes_at))


def _body(found: Findings, speech: Speech) -> list[Line]:
    if found.conclusion is not None and found.conclusion.author is not None:
        return _edited(found.conclusion.text)
    return list(_draft(found.outline, found.rules, _FULL, _own(found, speech)))


def _page(found: Findings, lines: Sequence[Line], place: int, pages: int, speech: Speech) -> Card:
    blocks: list[Block] = [headline(found.consultation, speech, "conclusion.headline"), *lines]
    if pages > 1:
        blocks.append(speech.line("conclusion.page", page=place, pages=pages))
    return Card(tuple(blocks))


def _paged(lines: Iterable[Line]) -> list[list[Line]]:
    most = CARD_LIMIT - AROUND
    pages: list[list[Line]] = [[]]
    for line in (piece for whole in lines for piece in _pieces(whole, most)):
        if pages[-1] and _room([*pages[-1], line]) > most:
            pages.append([])
        pages[-1].append(line)
    return pages


def _pieces(line: Line, most: int) -> Iterator[Line]:
    """The line, in as many lines as it takes for each to fit on a page."""
    rest = line.plain
    if length(rest) < most:
        yield line
        return
    while rest:
        kept = cut(rest, most - 1).removesuffix("…") if length(rest) >= most else rest
        # Between words where there are any.
        kept = kept[: kept.rfind(" ") + 1] or kept if len(kept) < len(rest) else kept
        yield Line((Span(kept.strip()),))
        rest = rest[len(kept) :].lstrip()
