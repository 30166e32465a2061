"""The private ballot paper: what is asked, what is filled in, what is about to be cast; and a ballot in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from bot.domain.ballot_checks import example
from bot.domain.ballots import MARKED, Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Consultation, Definition, Method, Secrecy
from bot.domain.ids import Action
from bot.domain.papers import ONE_BY_ONE, PAGE, Paper, Step, given, spent
from bot.domain.vocabulary import AVAILABILITY_WORDS
from bot.text.card import Block, Button, Card, Line, Span
from bot.text.cards import headline, labelled, rows_of
from bot.text.catalogue import Speech
from bot.text.fitting import cut
from bot.text.rules import choices_sentence

Rows = tuple[tuple[Button, ...], ...]

IN_A_TOAST = 90
IN_A_MESSAGE = 1_800
"""Characters for the words of a ballot where they must be short, and where they stand alone."""

_SHORTEST_NAME = 12
_NARROW = 3
"""Marks of so many characters at most stand in one row."""
_MARKS_PER_ROW = 6
_LISTED = 1_800
"""Code units of a list of options on a paper."""
_STOPS = frozenset({Method.IRV, Method.STV})
"""The methods in which a ballot none of whose ranked options is left counts no more."""


def ballot_words(definition: Definition, choice: Choice, speech: Speech, room: int = IN_A_TOAST) -> str:
    """A ballot in the words of its options, long names shortened so that about `room` characters hold them all."""
    longest = max(room // max(len(choice), 1), _SHORTEST_NAME)
    # By its number: an option added since the definition was read, and, where its name would be cut, a date, since what
    # tells one from another would be cut off.
    names = {number: str(number) for number in choice}
    if not (definition.dates and any(len(option.text) > longest for option in definition.options)):
        names |= {option.number: cut(option.text, longest) for option in definition.options}
    match choice:
        case Ranking(levels):
            ranks = [_level([names[number] for number in level], speech) for level in levels]
            return reduce(lambda before, after: speech.say("choice.then", before=before, after=after), ranks)
        case Marks(marks) if definition.asides.isdisjoint(choice):
            said = (
                speech.say("choice.mark", option=names[number], mark=mark_words(definition, mark, speech))
                for number, mark in marks
            )
            return " · ".join(said)
        case _:
            return ", ".join(names[number] for number in choice)


def _level(names: Sequence[str], speech: Speech) -> str:
    return names[0] if len(names) == 1 else speech.say("choice.level", options=tuple(names))


def mark_words(definition: Definition, mark: int, speech: Speech) -> str:
    """A mark as people say it: a grade, yes, if need be, no, a score, so many points."""
    match definition.ballot:
        case BallotType.JUDGMENT:
            return definition.grades[-1 - mark]
        case BallotType.AVAILABILITY:
            return AVAILABILITY_WORDS[definition.language][2 - mark]
        case BallotType.POINTS:
            return speech.say("choice.points", n=mark)
        case _:
            return speech.say("choice.score", mark=mark, best=definition.best_mark)


def how_sentence(definition: Definition, speech: Speech) -> str:
    """How such a ballot is filled in, and what becomes of an option that it leaves out."""
    facts: dict[str, str | int] = {}
    match definition.ballot:
        case BallotType.RANKING:
            left = "paper.unranked-stops" if definition.method in _STOPS else "paper.unranked-level"
            total = sum(not option.aside for option in definition.options)
            limits = (
                []
                if definition.at_least == 1 and definition.at_most >= total
                else [choices_sentence(definition, speech)]
            )
            return " ".join([speech.say("paper.how.ranking"), *limits, speech.say(left)])
        case BallotType.SCORE:
            facts = {"best": definition.best_mark}
        case BallotType.JUDGMENT:
            facts = {"worst": definition.grades[-1]}
        case BallotType.POINTS if definition.quadratic:
            return speech.say("paper.how.points-squared", n=definition.points or 0)
        case BallotType.POINTS:
            return speech.say("paper.how.points", n=definition.points or 0)
        case BallotType.SINGLE | BallotType.APPROVAL:
            return choices_sentence(definition, speech)
        case _:
            pass
    return speech.say(f"paper.how.{definition.ballot.value}", **facts)


def written_paper(consultation: Consultation, order: Sequence[int], speech: Speech) -> Card:
    """The paper where nothing can be pressed: the options in this voter's order, and how to write the ballot."""
    definition = consultation.definition
    asides = sorted(definition.asides.difference(order))
    listed = "\n".join(_labels(definition, [*order, *asides]))
    return Card(
        (
            headline(consultation, speech),
            Line((Span(how_sentence(definition, speech)),)),
            Line((Span(cut(listed, _LISTED)),)),
            speech.line("paper.answer-with", example=example(definition)),
            until_line(consultation, speech),
        )
    )


def paper_card(consultation: Consultation, paper: Paper, order: Sequence[int], speech: Speech) -> Card:
    """The paper to press: what is filled in so far, what can be done next."""
    if paper.reviewing and paper.draft is not None:
        return _review(consultation, paper, speech)
    definition = consultation.definition
    blocks: list[Block] = [headline(consultation, speech), Line((Span(how_sentence(definition, speech)),))]
    if definition.ballot in ONE_BY_ONE:
        told, rows = _asked(consultation, paper, order, speech)
    elif definition.ballot is BallotType.POINTS:
        told, rows = _spending(consultation, paper, order, speech)
    else:
        told, rows = _choosing(consultation, paper, order, speech)
    blocks += [*told, speech.line("paper.or-write", example=example(definition)), until_line(consultation, speech)]
    # One press on a single choice says it all: there is nothing to go on with.
    last = () if definition.ballot is BallotType.SINGLE else (_last(consultation, paper, speech),)
    return Card(tuple(blocks), (*rows, *_apart(consultation, paper, order, speech), *last))


def cast_card(consultation: Consultation, words: str, code: Sequence[Line], speech: Speech) -> Card:
    """What is left of a paper once it was cast: what is recorded, its code if it has one, how to change or withdraw
    it."""
    number = consultation.number
    buttons = (
        Button(speech.say("button.change"), Action("paper", number)),
        Button(speech.say("button.withdraw"), Action("w", number)),
    )
    return Card((headline(consultation, speech), Line((Span(words),)), *code), (buttons,))


def until_line(consultation: Consultation, speech: Speech) -> Line:
    """Who will know of the answer, and until when it can change."""
    assert consultation.closes_at is not None
    secrecy = consultation.definition.secrecy
    key = "paper.until" if secrecy is Secrecy.CONFIDENTIAL else f"paper.until-{secrecy.value}"
    return speech.line(key, closes_at=consultation.closes_at)


def _labels(definition: Definition, numbers: Sequence[int]) -> list[str]:
    found = (definition.option(number) for number in numbers)
    return [labelled(option) for option in found if option is not None]


def _button(consultation: Consultation, label: str, step: Step) -> Button:
    return Button(label, Action("f", consultation.number, step.argument))


def _choosing(
    consultation: Consultation, paper: Paper, order: Sequence[int], speech: Speech
) -> tuple[list[Block], Rows]:
    """A ranking, a proposal, or options to choose: those not chosen yet, to tap one after the other."""
    definition, draft = consultation.definition, paper.draft
    chosen = draft if isinstance(draft, Ranking) and definition.asides.isdisjoint(draft) else Ranking(())
    several = draft if isinstance(draft, tuple) and definition.ballot is BallotType.APPROVAL else ()
    taken = {*chosen, *several}
    left = [number for number in order if number not in taken]
    shown, turning = _page(consultation, paper, left, speech)
    labels = _labels(definition, shown)
    buttons = [
        _button(consultation, label, Step(paper.name, "t", number)) for number, label in zip(shown, labels, strict=True)
    ]
    told: list[Block] = []
    if several and definition.asides.isdisjoint(several):
        told.append(speech.line("paper.chosen", choice=ballot_words(definition, several, speech, _LISTED)))
    if chosen.levels:
        names = [" = ".join(_labels(definition, level)) for level in chosen.levels]
        ranks = (speech.say("paper.rank", rank=rank, options=name) for rank, name in enumerate(names, 1))
        told.append(speech.line("paper.so-far"))
        told.append(Line((Span(cut("\n".join(ranks), _LISTED)),)))
        turning = (*turning, (_undo(consultation, paper, chosen, speech),))
    return told, (*rows_of(buttons), *turning)


def _undo(consultation: Consultation, paper: Paper, chosen: Ranking, speech: Speech) -> Button:
    return _button(consultation, speech.say("button.undo-last"), Step(paper.name, "u", chosen.levels[-1][0]))


def _page(
    consultation: Consultation, paper: Paper, numbers: Sequence[int], speech: Speech
) -> tuple[Sequence[int], Rows]:
    """The options of the page shown, and the buttons that turn it."""
    last = max(len(numbers) - 1, 0) // PAGE
    page = min(paper.at, last)
    turns = []
    if page > 0:
        turns.append(_button(consultation, speech.say("button.previous-page"), Step(paper.name, "p", page - 1)))
    if page < last:
        turns.append(_button(consultation, speech.say("button.next-page"), Step(paper.name, "p", page + 1)))
    return numbers[page * PAGE : (page + 1) * PAGE], ((tuple(turns),) if turns else ())


def _asked(consultation: Consultation, paper: Paper, order: Sequence[int], speech: Speech) -> tuple[list[Block], Rows]:
    """Scores, grades and dates: one option with its marks, the best first."""
    definition = consultation.definition
    at = min(paper.at, len(order) - 1)
    number = order[at]
    (label,) = _labels(definition, [number])
    told: list[Block] = [speech.line("paper.asked", option=label, place=at + 1, total=len(order))]
    had = given(paper.draft, number)
    if had is not None:
        told.append(speech.line("paper.marked", mark=mark_words(definition, had, speech)))
    marks = [
        _button(consultation, _mark_label(definition, mark, speech), Step(paper.name, "m", number, mark))
        for mark in range(definition.best_mark, -1, -1)
    ]
    moves = [_button(consultation, speech.say("button.leave-out"), Step(paper.name, "x", number))]
    if at > 0:
        moves.insert(0, _button(consultation, speech.say("button.one-before"), Step(paper.name, "p", at - 1)))
    return told, (*_in_rows(marks), tuple(moves))


def _mark_label(definition: Definition, mark: int, speech: Speech) -> str:
    return str(mark) if definition.ballot is BallotType.SCORE else mark_words(definition, mark, speech)


def _in_rows(marks: Sequence[Button]) -> Rows:
    if any(len(button.label) > _NARROW for button in marks):
        return rows_of(marks)
    return tuple(tuple(marks[start : start + _MARKS_PER_ROW]) for start in range(0, len(marks), _MARKS_PER_ROW))


def _spending(
    consultation: Consultation, paper: Paper, order: Sequence[int], speech: Speech
) -> tuple[list[Block], Rows]:
    """Points: more or fewer for each option of a page, and how many are left."""
    definition, draft = consultation.definition, paper.draft
    left = (definition.points or 0) - spent(definition, draft)
    shown, turning = _page(consultation, paper, order, speech)
    rows: list[tuple[Button, ...]] = []
    for number, label in zip(shown, _labels(definition, shown), strict=True):
        more_label = speech.say("button.more-points", option=label, points=given(draft, number) or 0)
        more = _button(consultation, more_label, Step(paper.name, "a", number))
        fewer_label = speech.say("button.fewer-points", number=str(number))
        fewer = _button(consultation, fewer_label, Step(paper.name, "s", number))
        rows.append((more, fewer) if given(draft, number) else (more,))
    told: list[Block] = [speech.line("paper.points-left", n=left, budget=definition.points or 0)]
    if isinstance(draft, Marks) and definition.asides.isdisjoint(draft):
        told.append(Line((Span(ballot_words(definition, draft, speech, _LISTED)),)))
    return told, (*rows, *turning)


def _apart(consultation: Consultation, paper: Paper, order: Sequence[int], speech: Speech) -> Rows:
    """The blank ballot and the abstention, where there are such options."""
    asides = sorted(consultation.definition.asides.difference(order))
    labels = _labels(consultation.definition, asides)
    return rows_of(
        [
            _button(consultation, speech.say("button.only", option=label), Step(paper.name, "t", number))
            for number, label in zip(asides, labels, strict=True)
        ]
    )


def _last(consultation: Consultation, paper: Paper, speech: Speech) -> tuple[Button, ...]:
    again = _button(consultation, speech.say("button.start-again"), Step(paper.name, "z"))
    review = _button(consultation, speech.say("button.review"), Step(paper.name, "r"))
    return (again, review) if paper.draft is not None else (review,)


def _review(consultation: Consultation, paper: Paper, speech: Speech) -> Card:
    definition, draft = consultation.definition, paper.draft
    assert draft is not None
    words = ballot_words(definition, draft, speech, IN_A_MESSAGE)
    told: list[Block] = [headline(consultation, speech), speech.line("paper.about-to", choice=words)]
    told += [Line((Span(left),)) for left in left_out(definition, draft, speech)]
    cast = _button(consultation, speech.say("button.cast"), Step(paper.name, "c", fingerprint=paper.fingerprint))
    correct = _button(consultation, speech.say("button.correct"), Step(paper.name, "e"))
    return Card((*told, speech.line("paper.not-yet")), ((cast, correct),))


def left_out(definition: Definition, draft: Choice, speech: Speech) -> list[str]:
    """What becomes of the options that the ballot doesn't name, if it leaves any out."""
    listed = sum(not option.aside for option in definition.options)
    if len(draft) >= listed or not definition.asides.isdisjoint(draft):
        return []
    match definition.ballot:
        case BallotType.RANKING:
            return [speech.say("paper.rest-stops" if definition.method in _STOPS else "paper.rest-level")]
        case ballot if ballot in MARKED and ballot is not BallotType.POINTS:
            return [speech.say("paper.unmarked", mark=mark_words(definition, 0, speech))]
        case _:
            return []
