"""Arguments to be read: pages of every column, one argument with what answers it, one that is to be weighed.

What was hidden or withdrawn keeps its number and its place: its words give way to why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from babel.numbers import format_decimal

from bot.domain.consultation import Consultation
from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState, DebateRules, Wording
from bot.domain.debate.order import Columns, Order, columns
from bot.text.card import Block, Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fitting import CARD_LIMIT, cut, first_fitting, length
from bot.text.opinions.moderation import spoken_ground

ENTRY_SHOWN = 400
"""Code units of an argument's words on a page; it is read in full by its number."""
NAME_SHOWN = 60
"""Code units of a name beside an argument."""
AROUND = 600
"""Code units of a page kept for its headings and for what can be done next."""
READABLE = frozenset({ArgumentState.PUBLISHED, ArgumentState.MODERATED, ArgumentState.WITHDRAWN})
"""What readers are shown, in words or by its number alone."""

KINDS: Mapping[ArgumentKind, str] = {
    ArgumentKind.FOR: "debate.kind.for",
    ArgumentKind.AGAINST: "debate.kind.against",
    ArgumentKind.QUESTION: "debate.kind.question",
    ArgumentKind.PROPOSAL: "debate.kind.proposal",
    ArgumentKind.ORDER: "debate.kind.order",
    ArgumentKind.REPLY: "debate.kind.reply",
    ArgumentKind.COMMENT: "debate.kind.comment",
}
"""The key of each kind's name."""

ORDERS: Mapping[Order, str] = {
    Order.STRONGEST: "debate.order.strongest",
    Order.NEWEST: "debate.order.newest",
    Order.OLDEST: "debate.order.oldest",
    Order.RANDOM: "debate.order.random",
}
"""The key of each order's name."""

_SECTIONS = (
    "debate.column.for", "debate.column.against", "debate.column.proposals", "debate.column.questions",
    "debate.column.orders", "debate.column.replies",
)  # fmt: skip

Row = tuple[int, Argument]
"""The index of a section, and an argument of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Every argument readers may see, in one order, and the declared rules by which figures are shown."""

    consultation: Consultation
    rules: DebateRules
    arguments: tuple[Argument, ...]
    order: Order
    seed: str

    @property
    def columns(self) -> Columns:
        """The arguments in their columns."""
        return columns(self.arguments, self.order, self.seed)


def words_of(argument: Argument, speech: Speech, most: int = CARD_LIMIT) -> str:
    """The argument's words, cut to so many code units, or what stands in their place."""
    if argument.state in {ArgumentState.MODERATED, ArgumentState.REFUSED}:
        return speech.say("debate.hidden", ground=spoken_ground(argument.ground, "", speech))
    if argument.state is ArgumentState.WITHDRAWN:
        return speech.say("debate.withdrawn")
    return cut(argument.text, most)


def kind_of(argument: Argument, speech: Speech) -> str:
    """What the argument is: `for`, `question`."""
    return speech.say(KINDS[argument.kind])


def entry(argument: Argument, rules: DebateRules, replies: int, speech: Speech) -> Line:
    """One argument among others: its number, its words, who signed it, what others made of it, its source."""
    number, words = str(argument.number), words_of(argument, speech, ENTRY_SHOWN)
    if argument.state not in {ArgumentState.PUBLISHED, ArgumentState.PENDING}:
        return speech.line("debate.argument-gone", number=number, words=words)
    about = marks(argument, rules, replies, speech)
    line = (
        speech.line("debate.argument-about", number=number, text=words, about=", ".join(about))
        if about
        else speech.line("debate.argument", number=number, text=words)
    )
    return Line((*line.spans, Span(" "), *source_of(argument, speech))) if argument.source else line


def marks(argument: Argument, rules: DebateRules, replies: int, speech: Speech) -> list[str]:
    """What is said beside an argument; a mean of ratings only from the declared minimum on."""
    about = [cut(argument.signature, NAME_SHOWN)] if argument.signature else []
    if argument.parent is not None:
        about.append(speech.say("debate.answers", number=str(argument.parent)))
    if argument.supports:
        about.append(speech.say("debate.supports", n=argument.supports))
    if argument.ratings >= rules.minimum:
        mean = format_decimal(argument.weight / argument.ratings, format="0.0", locale=speech.language)
        about.append(speech.say("debate.weight", mean=mean, n=argument.ratings))
    if replies:
        about.append(speech.say("debate.replies", n=replies))
    if argument.version > 1:
        about.append(speech.say("debate.edited"))
    return about


def source_of(argument: Argument, speech: Speech) -> tuple[Span, ...]:
    """The source, to be followed; its address is written in full, for a link that is not read hides where it leads."""
    return (Span(speech.say("debate.source")), Span(argument.source, url=argument.source))


# -- pages -------------------------------------------------------------------------------------------------------------
def pages_of(reading: Reading, speech: Speech) -> tuple[tuple[Row, ...], ...]:
    """The arguments in pages that fit in a message, for and against in turn so that each page shows both sides."""
    replies = reading.columns.replies
    pages: list[list[Row]] = [[]]
    room = CARD_LIMIT - AROUND
    for row in _rows(reading):
        takes = length(entry(row[1], reading.rules, len(replies.get(row[1].number, ())), speech).plain) + 1
        if takes > room and pages[-1]:
            pages.append([])
            room = CARD_LIMIT - AROUND
        pages[-1].append(row)
        room -= takes
    return tuple(tuple(page) for page in pages)


def _rows(reading: Reading) -> Iterator[Row]:
    found = reading.columns
    answers = tuple(argument for argument in reading.arguments if argument.kind is ArgumentKind.REPLY)
    for pair in zip_longest(_gone_last(found.pros, reading), _gone_last(found.cons, reading)):
        yield from ((side, argument) for side, argument in enumerate(pair) if argument is not None)
    rest = (found.proposals, found.questions, found.orders, answers)
    yield from chain.from_iterable(((index, one) for one in column) for index, column in enumerate(rest, 2))


def _gone_last(column: Sequence[Argument], reading: Reading) -> Sequence[Argument]:
    """Ordered by time, what is gone keeps its place; in any other order it would stand in the way."""
    if reading.order in {Order.NEWEST, Order.OLDEST}:
        return column
    return sorted(column, key=lambda argument: argument.state is not ArgumentState.PUBLISHED)


def page_card(reading: Reading, pages: Sequence[Sequence[Row]], page: int, speech: Speech) -> Card:
    """One page, counted from 1: which order, both columns, how many there are in each."""
    if not any(pages):
        return Card((headline(reading.consultation, speech), speech.line("debate.no-arguments")))
    replies = reading.columns.replies
    order = speech.say(ORDERS[reading.order])
    where = speech.line("debate.page", page=page, pages=len(pages), order=order)
    blocks: list[Block] = [headline(reading.consultation, speech), where]
    totals = _totals(pages)
    for index, key in enumerate(_SECTIONS):
        some = [argument for section, argument in pages[page - 1] if section == index]
        if some:
            blocks.append(speech.line(key, n=totals[index]))
        blocks += [entry(one, reading.rules, len(replies.get(one.number, ())), speech) for one in some]
    return Card(tuple(blocks))


def _totals(pages: Sequence[Sequence[Row]]) -> list[int]:
    """How many published arguments each section has in all."""
    totals = [0] * len(_SECTIONS)
    for section, argument in chain.from_iterable(pages):
        totals[section] += argument.state is ArgumentState.PUBLISHED
    return totals


# -- one argument ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Thread:
    """An argument with its wordings, what it answers, and what answers it, oldest first."""

    consultation: Consultation
    rules: DebateRules
    argument: Argument
    wordings: tuple[Wording, ...]
    parent: Argument | None
    replies: tuple[Argument, ...]


def thread_card(thread: Thread, speech: Speech) -> Card:
    """One argument in full, with as many of its replies as a message holds."""
    counts = range(len(thread.replies), -1, -1)
    return first_fitting(_thread(thread, shown, speech) for shown in counts)


def _thread(thread: Thread, shown: int, speech: Speech) -> Card:
    argument = thread.argument
    title = {"number": str(argument.number), "kind": kind_of(argument, speech)}
    blocks: list[Block] = [headline(thread.consultation, speech), speech.heading("debate.thread", **title)]
    blocks.append(Line((Span(words_of(argument, speech)),)))
    if argument.state is ArgumentState.PUBLISHED:
        blocks += _beside(thread, speech)
    blocks += [entry(reply, thread.rules, 0, speech) for reply in thread.replies[:shown]]
    if shown < len(thread.replies):
        blocks.append(speech.line("debate.others", n=len(thread.replies) - shown))
    return Card(tuple(blocks))


def _beside(thread: Thread, speech: Speech) -> Iterator[Block]:
    argument = thread.argument
    if argument.source:
        yield Line(source_of(argument, speech))
    about = marks(argument, thread.rules, 0, speech)
    if about:
        yield Line((Span(", ".join(about)),))
    if argument.version > 1:
        yield speech.line("debate.wordings", n=argument.version, first=cut(thread.wordings[0].text, ENTRY_SHOWN))
    if thread.parent is not None:
        parent = {"number": str(thread.parent.number), "words": words_of(thread.parent, speech, ENTRY_SHOWN)}
        yield speech.line("debate.in-answer-to", **parent)


def rating_card(argument: Argument, place: int, of: int, speech: Speech) -> Card:
    """An argument to be weighed, without the name of its author: what is rated is what it says. `place` is its place in
    a series of `of`, 0 outside one."""
    title = {"number": str(argument.number), "kind": kind_of(argument, speech)}
    first = speech.heading("debate.rate-place", place=place, of=of, **title) if place else None
    blocks: list[Block] = [first or speech.heading("debate.thread", **title)]
    blocks.append(Line((Span(words_of(argument, speech)),)))
    if argument.source:
        blocks.append(Line(source_of(argument, speech)))
    return Card((*blocks, speech.line("debate.rate-how")))
