"""The result of a consultation: who won and why, the figures, the working, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.charts import Chart
from bot.domain.agenda import answer_due
from bot.domain.ballots import Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Base, Binding, Consultation, Definition, Method, Secrecy, Sequel, Tie
from bot.domain.contests import final_at, provisional
from bot.domain.decided import closed_decided
from bot.domain.joint import Apart
from bot.domain.methods import BY_VOTES
from bot.domain.reasons import REASON_LIMIT, GivenReason
from bot.domain.results import Result
from bot.domain.tally.outcome import Purpose, Rule
from bot.domain.words import OPTION_LIMIT, shown
from bot.text.calendar import calendar_file
from bot.text.card import Bars, Block, Card, Gap, Image, Line, Span
from bot.text.cards import headline, labelled
from bot.text.catalogue import Speech
from bot.text.contests import contest_button, finality
from bot.text.counting.bars import figure_bars
from bot.text.counting.pictures import picture
from bot.text.counting.telling import Telling
from bot.text.counting.verdicts import verdict_sentence
from bot.text.counting.working import Entry, working
from bot.text.fitting import first_fitting, fits, in_messages, length
from bot.text.joint import apart_lines
from bot.text.papers import ballot_words, mark_words
from bot.text.reasons import reason_lines
from bot.text.rules import counting_sentence, rule_sentence, turnout_sentence, votes_needed


@dataclass(frozen=True, slots=True)
class Concluded:
    """A consultation with its result, the names of a public vote (name, or '' for someone who shows none, and choice),
    the association's name, the number of what follows by itself, and why people didn't agree."""

    consultation: Consultation
    result: Result
    names: Sequence[tuple[str, Choice]]
    organisation: str
    follower: int | None = None
    reasons: Sequence[GivenReason] = ()
    apart: Sequence[Apart] = ()
    """The result of each organisation, where several hold it."""
    merged: int = 0
    """How many rights were merged into others, because accounts were linked while it was open."""
    represented: Sequence[str] = ()
    """Whose ballot of a public vote another one cast: a name, or '' for someone who shows none."""

    @property
    def named(self) -> Sequence[tuple[str, Choice]]:
        """The names and choices that are public."""
        return self.names if self.consultation.definition.secrecy is Secrecy.PUBLIC else ()


@dataclass(frozen=True, slots=True)
class _Room:
    """How much is told: characters of a name, steps of the working, rows of figures, whether voters are named, how many
    reasons are given and in how many characters each."""

    cut: int
    steps: int
    rows: int
    names: bool = False
    reasons: int = 0
    reason_cut: int = 80


_ROOMS = (
    _Room(OPTION_LIMIT, 999, 40, names=True, reasons=999, reason_cut=REASON_LIMIT),
    _Room(OPTION_LIMIT, 999, 40, reasons=999, reason_cut=REASON_LIMIT),
    _Room(60, 12, 40, reasons=12), _Room(60, 6, 40, reasons=8), _Room(40, 4, 40, reasons=5),
    _Room(30, 2, 40, reasons=3), _Room(24, 0, 40, reasons=1), _Room(24, 0, 12), _Room(14, 0, 0),
)  # fmt: skip
"""Less and less, until the result fits one message."""
_MOST_PAGES = 999
_NAMES = 20
"""Voters named in one paragraph, which no platform's names can make longer than a message."""


def result_card(concluded: Concluded, speech: Speech, image: Image | None = None) -> Card:
    """The result in one message: who won and why, the figures, the working as far as there is room for it, the turnout,
    the rule, the names of a public vote, and what follows."""
    file = calendar_file(concluded.consultation, concluded.result, concluded.organisation, speech)
    one = concluded.consultation
    buttons = ((contest_button(one, speech),),) if provisional(one) and final_at(one) is not None else ()
    return first_fitting(Card(blocks, buttons, image=image, file=file) for blocks in _tellings(concluded, speech))


def result_page(concluded: Concluded, page: str, speech: Speech) -> Card:
    """The page asked for, as typed: the first one unless it is the number of another, the last one beyond it."""
    pages = result_pages(concluded, speech)
    asked = page.strip()
    number = min(max(int(asked[:4]), 1), len(pages)) if asked.isascii() and asked.isdecimal() else 1
    card = pages[number - 1]
    if number in {1, len(pages)}:
        return card
    return replace(card, blocks=(*card.blocks, _next_page(concluded, number + 1, speech)))


def _next_page(concluded: Concluded, page: int, speech: Speech) -> Line:
    return speech.line("result.next", number=str(concluded.consultation.number), page=str(page))


def result_pages(concluded: Concluded, speech: Speech) -> list[Card]:
    """The result, then all that the first page leaves out: the whole working and the names of a public vote."""
    first = result_card(concluded, speech)
    if first.blocks == next(_tellings(concluded, speech)):
        return [first]
    head = (headline(concluded.consultation, speech, "result.detail"),)
    spare = length(Card((Gap(), _next_page(concluded, _MOST_PAGES, speech))).plain)
    return [first, *in_messages(head, _details(concluded, speech, spare), spare)]


def _details(concluded: Concluded, speech: Speech, spare: int) -> list[Entry]:
    """Everything, with names whole, or as long as lets each step fit a message."""
    entries: list[Entry] = []
    for cut in (OPTION_LIMIT, 60, 30, 20):
        telling = Telling(concluded.consultation, concluded.result, speech, cut)
        bars = figure_bars(telling, len(telling.definition.options))
        names: list[Entry] = [[line] for line in _names(concluded, speech)]
        why: list[Entry] = [[line] for line in reason_lines(telling.definition, concluded.reasons, speech)]
        entries = [*([Bars((row,))] for row in bars), *working(telling), *why, *names]
        if all(fits(Card(tuple(entry)), spare) for entry in entries):
            break
    return entries


def _tellings(concluded: Concluded, speech: Speech) -> Iterator[tuple[Block, ...]]:
    """The result told with much, then with less and less; only the first leaves nothing out."""
    rooms = _ROOMS if concluded.named else _ROOMS[1:]
    for room in rooms:
        yield tuple(_blocks(concluded, room, speech, whole=room is rooms[0]))


def _blocks(concluded: Concluded, room: _Room, speech: Speech, *, whole: bool) -> Iterator[Block]:
    consultation, result = concluded.consultation, concluded.result
    telling = Telling(consultation, result, speech, room.cut)
    yield headline(consultation, speech, "result.headline")
    yield Line((Span(verdict_sentence(consultation, result, speech, room.cut), "bold"),))
    rows = figure_bars(telling, room.rows)
    if rows:
        yield Bars(rows)
    if room.steps:
        yield from _some(working(telling), room.steps, speech)
    if telling.definition.ballot is not BallotType.SIGNATURE:  # the verdict says how many took part
        yield Line((Span(participation(consultation, result, speech, concluded.merged)),))
    yield from asides(telling)
    yield from _rules(consultation, result, speech)
    if result.tie_broken is not None:
        yield Line((Span(tie_sentence(telling, result.tie_broken)),))
    yield from apart_lines(consultation, concluded.apart, speech)
    yield from reason_lines(telling.definition, concluded.reasons, speech, room.reasons, room.reason_cut)
    if room.names and concluded.named:
        yield from (Gap(), *_names(concluded, speech))
    yield from finality(consultation, speech)
    yield from _follow_ups(concluded, speech)
    if consultation.definition.dates and result.winner is not None:
        yield speech.line("result.calendar", number=str(consultation.number))
    if not whole:
        yield speech.line("result.rest", number=str(consultation.number))
    yield speech.line("result.see-more", number=str(consultation.number))


def _some(steps: Sequence[Entry], most: int, speech: Speech) -> Iterator[Block]:
    """The steps, or the first and the last of them."""
    if len(steps) > most:
        steps = [*steps[: most // 2], [speech.line("result.steps-left-out")], *steps[-(most // 2) :]]
    for step in steps:
        yield from step


def _rules(consultation: Consultation, result: Result, speech: Speech) -> Iterator[Block]:
    definition = consultation.definition
    if definition.ballot is BallotType.SIGNATURE:
        return  # the verdict says how many were asked
    if definition.majority is not None or definition.quorum is not None:
        yield Line((Span(rule_sentence(consultation, result.ballots, speech)),))
        yield from needed(definition, result, speech)
    elif definition.method not in {Method.PLURALITY, Method.APPROVAL}:
        yield Line((Span(counting_sentence(definition, speech)),))


def needed(definition: Definition, result: Result, speech: Speech) -> Iterator[Block]:
    """How many votes a majority took, now that what it is a share of is known; the roll was known before."""
    majority = definition.majority
    if majority is not None and majority.fraction is not None and definition.base is not Base.ROLL and result.base:
        yield speech.line("result.needed", n=votes_needed(majority, result.base), base=result.base)


def asides(telling: Telling) -> Iterator[Block]:
    """Blank ballots and abstentions, where no bar shows them."""
    if telling.definition.method in BY_VOTES:
        return
    for row in telling.result.rows:
        if row.option.aside and row.votes:
            yield telling.speech.line("result.aside", option=telling.name(row.option.number), n=row.votes)


def participation(consultation: Consultation, result: Result, speech: Speech, merged: int = 0) -> str:
    """How many voted, how many of the roll did not, and how many rights were merged into others."""
    said = turnout_sentence(consultation, result, speech)
    if merged:
        said = speech.say("result.merged", turnout=said, n=merged)
    absent = result.roll - result.ballots - merged
    if consultation.roll_known and consultation.roll_size and absent > 0:
        return speech.say("result.participation", turnout=said, n=absent)
    return speech.say("result.participation-all", turnout=said)


def tie_sentence(telling: Telling, broken: Tie) -> str:
    """How the tie for a seat was decided, and for whom."""
    result, consultation = telling.result, telling.consultation
    declared = (
        each for each in result.tie_breaks if each.purpose is Purpose.ELECTION and each.rule in {Rule.DRAW, Rule.ORDER}
    )
    by_count = next((each.chosen for each in declared), result.winners)
    chosen = consultation.tie_choices if broken is Tie.ORGANISER and consultation.tie_choices else by_count
    return telling.speech.say(
        f"tie.broken-{broken.value}",
        options=telling.names(result.leaders), option=telling.names(chosen),
        seed=consultation.seed, reason=consultation.tie_reason,
    )  # fmt: skip


def _names(concluded: Concluded, speech: Speech) -> list[Block]:
    """Who chose what: voters by option, or, where a ballot says more than that, ballots by voter."""
    if not concluded.named:
        return []
    definition = concluded.consultation.definition
    if definition.dates:
        grid = [_answers(definition, name, choice, speech) for name, choice in concluded.named]
        return [speech.line("result.who-can"), *grid]
    if definition.ballot is BallotType.SIGNATURE:
        return _signatories(concluded.named, speech)
    title = speech.line("result.names")
    if any(isinstance(choice, Ranking | Marks) for _, choice in concluded.named):
        ballots = (_ballot(definition, name, choice, speech) for name, choice in concluded.named)
        return [title, *ballots, *_represented(concluded, speech)]
    return [title, *_by_option(definition, concluded.named, speech), *_represented(concluded, speech)]


def _represented(concluded: Concluded, speech: Speech) -> Iterator[Block]:
    """For whom somebody else voted, so many names a paragraph."""
    called = [_called(name, speech) for name in concluded.represented]
    for start in range(0, len(called), _NAMES):
        yield speech.line("result.represented", names=tuple(called[start : start + _NAMES]))


def _ballot(definition: Definition, name: str, choice: Choice, speech: Speech) -> Block:
    return Line((Span(f"{_called(name, speech)}: ", "bold"), Span(ballot_words(definition, choice, speech, 400))))


def _answers(definition: Definition, name: str, choice: Choice, speech: Speech) -> Block:
    """One row of the grid of people and dates: what somebody said to each, by its number."""
    given = dict(choice.given) if isinstance(choice, Marks) else {}
    said = (
        speech.say(
            "result.can", number=str(slot.option), mark=mark_words(definition, given.get(slot.option, 0), speech)
        )
        for slot in definition.dates
    )
    return Line((Span(f"{_called(name, speech)}: ", "bold"), Span(" · ".join(said))))


def _called(name: str, speech: Speech) -> str:
    return shown(name) if name else speech.say("result.no-name")


def _by_option(definition: Definition, names: Sequence[tuple[str, Choice]], speech: Speech) -> Iterator[Block]:
    """A paragraph for each option and so many names."""
    for option in definition.options:
        chosen = [_called(name, speech) for name, choice in names if option.number in choice]
        for start in range(0, len(chosen), _NAMES):
            together = ", ".join(chosen[start : start + _NAMES])
            yield Line((Span(f"{labelled(option)}: ", "bold"), Span(together)))


def _signatories(names: Sequence[tuple[str, Choice]], speech: Speech) -> list[Block]:
    """Who signed, so many names a paragraph."""
    called = [_called(name, speech) for name, _ in names]
    rows = [", ".join(called[start : start + _NAMES]) for start in range(0, len(called), _NAMES)]
    return [speech.line("result.signatories"), *(Line((Span(row),)) for row in rows)]


def _follow_ups(concluded: Concluded, speech: Speech) -> Iterator[Block]:
    """That it was closed once decided; the other round of a vote in two; what becomes of the result, which is said of
    the last round."""
    definition = concluded.consultation.definition
    if closed_decided(concluded.consultation, concluded.result):
        yield speech.line("result.decided-early")
    if definition.follows is not None:
        key = f"result.{definition.follows.sequel.value}-of"
        yield speech.line(key, number=str(definition.follows.number))
    if concluded.follower is not None:
        sequel = Sequel.SECOND_ROUND if concluded.result.finalists else Sequel.RECONVENED
        yield speech.line(f"result.{sequel.value}", vote=str(concluded.follower))
        return
    yield Line((Span(follow_up(concluded.consultation, concluded.organisation, speech)),))


def follow_up(consultation: Consultation, organisation: str, speech: Speech) -> str:
    """What becomes of the result, who answers and by when."""
    definition, due = consultation.definition, answer_due(consultation)
    name = organisation or speech.say("organisation.unnamed")
    if definition.binding is Binding.DECISION:
        return speech.say("follow-up.decision", statutes=definition.statutes, organisation=name)
    if due is None:
        return speech.say("follow-up.advice-undated", organisation=name)
    return speech.say(f"follow-up.{definition.binding.value}", organisation=name, day=speech.day(due))


def chart(concluded: Concluded, speech: Speech) -> Chart:
    """The result as a chart to draw; the words on it are those of the card."""
    return picture(Telling(concluded.consultation, concluded.result, speech), concluded.named)
