"""From a consultation's values to the cards rooms see: the ballot, the result, and the notices between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.consultation import (
    BallotType,
    Binding,
    Consultation,
    Definition,
    Kind,
    Option,
    OptionRole,
    Results,
    RollSource,
    Secrecy,
    State,
)
from bot.domain.ids import Action
from bot.domain.results import Result, Row, Verdict, is_motion
from bot.ports import BarChart, ChartRow
from bot.text.card import Bar, Bars, Block, Button, Card, Gap, Image, Line, Span
from bot.text.catalogue import Speech

BUTTONS_PER_ROW = 2
SHORT_LABEL = 18
"""Labels up to this many characters share a row of buttons."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a card needs to know of the room it is for: whether cards have buttons there."""

    buttons: bool


def headline(consultation: Consultation, speech: Speech, key: str = "card.headline") -> Line:
    """The title in bold, then the number people type."""
    return speech.heading(key, title_text=consultation.definition.title, number=str(consultation.number))


def labelled(option: Option) -> str:
    """An option as it is read beside its permanent number."""
    return f"{option.number}. {option.text}"


def ballot_card(consultation: Consultation, result: Result, place: Place, speech: Speech) -> Card:
    """The card people vote on: the question, the closing time, the options, the counts where they may be seen."""
    definition = consultation.definition
    blocks: list[Block] = [headline(consultation, speech), _standing(consultation, result, speech)]
    if definition.kind is Kind.VOTE:
        blocks.append(Line((Span(rule_sentence(consultation, result.ballots, speech)),)))
    blocks.append(_options(consultation, result, speech))
    if consultation.state is State.OPEN:
        blocks += _how_to_vote(consultation, place, speech)
    buttons = _ballot_buttons(consultation, place, speech) if consultation.state is State.OPEN else ()
    return Card(tuple(blocks), buttons)


def _standing(consultation: Consultation, result: Result, speech: Speech) -> Line:
    voters = turnout_sentence(consultation, result, speech)
    if consultation.state is State.CANCELLED:
        return speech.line("card.cancelled", reason=consultation.cancelled_because)
    if consultation.state is State.OPEN:
        assert consultation.closes_at is not None
        return speech.line("card.closes", closes_at=consultation.closes_at, turnout=voters)
    if consultation.closed_at is not None:
        return speech.line("card.closed", closed_at=consultation.closed_at, turnout=voters)
    return speech.line("card.opens", opens_at=consultation.opens_at)


def turnout_sentence(consultation: Consultation, result: Result, speech: Speech) -> str:
    """How many voted, of how many where that is known: `17 votants sur 43`."""
    if consultation.roll_size is None or consultation.definition.roll is RollSource.OPEN:
        return speech.say("turnout.alone", n=result.ballots)
    key = "turnout.of-roll" if consultation.roll_known else "turnout.of-about"
    return speech.say(key, n=result.ballots, roll=consultation.roll_size)


def shows_counts(consultation: Consultation) -> bool:
    """Whether the counts may be seen now: live where declared, else only after the closing."""
    if consultation.state in {State.CLOSED, State.CERTIFIED, State.ANSWERED}:
        return True
    return consultation.state is State.OPEN and consultation.definition.results is Results.LIVE


def _options(consultation: Consultation, result: Result, speech: Speech) -> Block:
    if not shows_counts(consultation):
        spans = tuple(Span(f"{labelled(option)}\n") for option in consultation.definition.options)
        return Line((*spans[:-1], Span(spans[-1].text.rstrip("\n"))))
    return bars(result, speech)


def bars(result: Result, speech: Speech) -> Bars:
    """The counts as a text bar chart, the longest bar for the option with most votes."""
    most = max((row.votes for row in result.rows), default=0)
    return Bars(
        tuple(
            Bar(labelled(row.option), row.votes / most if most else 0.0, speech.fact(row.votes)) for row in result.rows
        )
    )


def _how_to_vote(consultation: Consultation, place: Place, speech: Speech) -> list[Block]:
    definition = consultation.definition
    lines: list[Block] = []
    if definition.ballot is BallotType.APPROVAL:
        lines.append(Line((Span(choices_sentence(definition, speech)),)))
    number = str(consultation.number)
    if definition.kind is Kind.POLL:
        lines.append(speech.line("card.voting-is-accepting"))
    if typed_in_room(definition):
        example = "1" if definition.ballot is BallotType.SINGLE else "1, 2"
        key = "card.reply-with-number" if place.buttons else "card.reply-without-buttons"
        lines.append(speech.line(key, example=example, number=number))
    else:
        key = "card.press-is-private" if place.buttons else "card.answer-in-private"
        lines.append(speech.line(key, number=number))
    return lines


def typed_in_room(definition: Definition) -> bool:
    """Whether a ballot typed in the room is taken: in a poll it is the voter's own choice; a vote must be public."""
    return definition.kind is Kind.POLL or definition.secrecy is Secrecy.PUBLIC


def choices_sentence(definition: Definition, speech: Speech) -> str:
    """How many options a ballot may hold."""
    total = len(definition.options)
    if definition.ballot is BallotType.SINGLE:
        return speech.say("choices.single")
    if definition.at_least == 1 and definition.at_most >= total:
        return speech.say("choices.any")
    if definition.at_least == definition.at_most:
        return speech.say("choices.exactly", n=definition.at_most)
    if definition.at_least == 1:
        return speech.say("choices.up-to", n=definition.at_most)
    return speech.say("choices.between", least=definition.at_least, n=min(definition.at_most, total))


def _ballot_buttons(consultation: Consultation, place: Place, speech: Speech) -> tuple[tuple[Button, ...], ...]:
    if not place.buttons:
        return ()
    choices = [
        Button(option.text, Action("v", consultation.number, str(option.number)))
        for option in consultation.definition.options
    ]
    mine = Button(speech.say("button.my-ballot"), Action("mine", consultation.number))
    return (*rows_of(choices), (mine,))


def rows_of(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows: two by two while their labels are short, else one a row."""
    wide = 1 if any(len(button.label) > SHORT_LABEL for button in buttons) else BUTTONS_PER_ROW
    return tuple(tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide))


def rule_sentence(consultation: Consultation, voters: int | None, speech: Speech) -> str:
    """What it takes to win or pass, with the real numbers: majority, quorum, and how many have voted so far."""
    definition = consultation.definition
    parts = [_majority_sentence(definition, speech)]
    if definition.quorum is not None:
        parts.append(_quorum_sentence(consultation, voters, speech))
    return " ".join(parts)


def _majority_sentence(definition: Definition, speech: Speech) -> str:
    majority, motion = definition.majority, is_motion(definition)
    first, second = (definition.options[0].text, definition.options[1].text) if motion else ("", "")
    if majority is None:
        return speech.say("rule.most-votes")
    base = speech.say(f"rule.base.{definition.base.value}")
    if majority.fraction is None:
        return speech.say("rule.simple-motion", first=first, second=second) if motion else speech.say("rule.simple")
    share = fraction_words(majority.fraction, speech)
    key = "rule.more-than" if majority.strict else "rule.at-least"
    return speech.say(f"{key}-motion", first=first, share=share, base=base) if motion else speech.say(
        key, share=share, base=base
    )


def fraction_words(share: Fraction, speech: Speech) -> str:
    """A fraction as people say it: half, two thirds, 60 %."""
    if share == Fraction(1, 2):
        return speech.say("share.half")
    percent = share * 100
    if percent.denominator == 1:
        return speech.percent(share)
    return f"{share.numerator}/{share.denominator}"


def _quorum_sentence(consultation: Consultation, voters: int | None, speech: Speech) -> str:
    quorum, roll = consultation.definition.quorum, consultation.roll_size
    assert quorum is not None
    if roll is None and quorum.share is not None:
        return speech.say("rule.quorum-share", share=fraction_words(quorum.share, speech))
    needed = quorum.needed(roll or 0)
    if roll is None or voters is None:
        return speech.say("rule.quorum", n=needed)
    return speech.say("rule.quorum-now", needed=needed, roll=roll, n=voters)


def result_card(
    consultation: Consultation, result: Result, names: Sequence[tuple[str, tuple[int, ...]]], organisation: str,
    place: Place, speech: Speech, image: Image | None,
) -> Card:  # fmt: skip
    """The result: who won in one sentence, the counts, the turnout, the rule, the names of a public vote, what follows."""
    definition = consultation.definition
    blocks: list[Block] = [
        headline(consultation, speech, "result.headline"),
        Line((Span(verdict_sentence(consultation, result, speech), "bold"),)),
        bars(result, speech),
        Line((Span(_participation(consultation, result, speech)),)),
    ]
    if definition.majority is not None or definition.quorum is not None:
        blocks.append(Line((Span(rule_sentence(consultation, result.ballots, speech)),)))
    if result.tie_broken is not None:
        blocks.append(Line((Span(_tie_sentence(consultation, result, speech)),)))
    if definition.secrecy is Secrecy.PUBLIC and names:
        blocks += [Gap(), *_names(consultation, names, speech)]
    blocks.append(Line((Span(follow_up(definition, organisation, speech)),)))
    blocks.append(speech.line("result.see-more", number=str(consultation.number)))
    return Card(tuple(blocks), image=image)


def verdict_sentence(consultation: Consultation, result: Result, speech: Speech) -> str:
    """Who won, or why nobody did, with the numbers."""
    definition = consultation.definition
    match result.verdict:
        case Verdict.NO_VOTES:
            return speech.say("verdict.no-votes")
        case Verdict.NO_QUORUM:
            assert result.quorum is not None
            return speech.say("verdict.no-quorum", voters=result.ballots, n=result.quorum)
        case Verdict.PASSED | Verdict.REJECTED:
            return speech.say(
                f"verdict.{result.verdict.value}",
                first=definition.options[0].text, first_votes=result.rows[0].votes,
                second=definition.options[1].text, second_votes=result.rows[1].votes,
            )  # fmt: skip
        case Verdict.TIED:
            return speech.say("verdict.tied", options=_texts(definition, result.leaders), n=_most(result))
        case Verdict.SHORT_OF_MAJORITY:
            leader = result.leaders[0] if result.winner is None else result.winner
            return speech.say("verdict.short-of-majority", option=_text(definition, leader), n=_most(result))
        case Verdict.WON:
            assert result.winner is not None
            return speech.say(
                "verdict.won-approval" if definition.ballot is BallotType.APPROVAL else "verdict.won",
                option=_text(definition, result.winner), n=_most(result), total=result.expressed,
                share=result.share(result.winner),
            )  # fmt: skip


def _most(result: Result) -> int:
    return max((result.votes(number) for number in result.leaders), default=0)


def _text(definition: Definition, number: int) -> str:
    option = definition.option(number)
    return option.text if option else str(number)


def _texts(definition: Definition, numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(_text(definition, number) for number in numbers)


def _participation(consultation: Consultation, result: Result, speech: Speech) -> str:
    said = turnout_sentence(consultation, result, speech)
    absent = result.roll - result.ballots
    if consultation.roll_known and consultation.roll_size and absent > 0:
        return speech.say("result.participation", turnout=said, n=absent)
    return speech.say("result.participation-all", turnout=said)


def _tie_sentence(consultation: Consultation, result: Result, speech: Speech) -> str:
    assert result.tie_broken is not None and result.winner is not None
    options = _texts(consultation.definition, result.leaders)
    return speech.say(
        f"tie.broken-{result.tie_broken.value}", options=options, option=_text(consultation.definition, result.winner),
        seed=consultation.seed, reason=consultation.tie_reason,
    )  # fmt: skip


def _names(consultation: Consultation, names: Sequence[tuple[str, tuple[int, ...]]], speech: Speech) -> list[Block]:
    lines: list[Block] = [speech.line("result.names")]
    for option in consultation.definition.options:
        chosen = tuple(name for name, choice in names if option.number in choice)
        if chosen:
            lines.append(Line((Span(f"{labelled(option)}: ", "bold"), Span(", ".join(chosen)))))
    return lines


def follow_up(definition: Definition, organisation: str, speech: Speech) -> str:
    """What becomes of the result, who answers and by when."""
    name = organisation or speech.say("organisation.unnamed")
    if definition.binding is Binding.DECISION:
        return speech.say("follow-up.decision", statutes=definition.statutes, organisation=name)
    if definition.answer_by is None:
        return speech.say("follow-up.advice-undated", organisation=name)
    return speech.say(f"follow-up.{definition.binding.value}", organisation=name, day=speech.day(definition.answer_by))


def chart(consultation: Consultation, result: Result, speech: Speech) -> BarChart:
    """The result as a bar chart to draw; the words on it are those of the card."""
    rows = tuple(
        ChartRow(
            labelled(row.option), row.votes, _votes_words(row, result, speech),
            winner=row.option.number == result.winner,
        )
        for row in result.rows
    )  # fmt: skip
    return BarChart(
        title=consultation.definition.title,
        subtitle=verdict_sentence(consultation, result, speech),
        rows=rows,
        footer=f"{speech.say('chart.number', number=str(consultation.number))} · "
        f"{turnout_sentence(consultation, result, speech)}",
    )


def _votes_words(row: Row, result: Result, speech: Speech) -> str:
    """Votes and their share; blanks and abstentions have none, since they choose nothing."""
    if row.option.role is not OptionRole.SUBSTANTIVE:
        return speech.say("chart.votes-alone", n=row.votes)
    return speech.say("chart.votes", n=row.votes, share=result.share(row.option.number))


def reminder_card(consultation: Consultation, result: Result, place: Place, speech: Speech) -> Card:
    """The same reminder for everyone: how long is left, how many voted, how to vote."""
    assert consultation.closes_at is not None
    blocks: list[Block] = [
        headline(consultation, speech, "reminder.headline"),
        speech.line(
            "reminder.body", closes_at=consultation.closes_at, turnout=turnout_sentence(consultation, result, speech)
        ),
        *_how_to_vote(consultation, place, speech),
    ]
    return Card(tuple(blocks), _ballot_buttons(consultation, place, speech))


def notice(consultation: Consultation, key: str, speech: Speech, **facts: str) -> Card:
    """A short announcement about a consultation: an extension, a cancellation, an answer. `closes_at` is filled in."""
    values = {"closes_at": speech.when(consultation.closes_at) if consultation.closes_at else "", **facts}
    return Card((headline(consultation, speech), speech.line(key, **values)))
