"""The result of a consultation, in words, bars and figures for a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts import BarChart, ChartRow
from bot.domain.ballots import Choice
from bot.domain.consultation import BallotType, Binding, Consultation, Definition, OptionRole, Secrecy
from bot.domain.results import Result, Row, Verdict, sides
from bot.text.card import Block, Card, Gap, Image, Line, Span
from bot.text.cards import bars, headline, labelled
from bot.text.catalogue import Speech
from bot.text.rules import rule_sentence, turnout_sentence


@dataclass(frozen=True, slots=True)
class Concluded:
    """A consultation with its result, the names of a public vote (name, or '' for someone who shows none, and choice),
    and the association's name."""

    consultation: Consultation
    result: Result
    names: Sequence[tuple[str, Choice]]
    organisation: str


def result_card(concluded: Concluded, speech: Speech, image: Image | None = None) -> Card:
    """The result: who won in one sentence, the counts, the turnout, the rule, the names of a public vote, and what
    follows."""
    consultation, result = concluded.consultation, concluded.result
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
    if definition.secrecy is Secrecy.PUBLIC and concluded.names:
        blocks += [Gap(), *_names(consultation, concluded.names, speech)]
    blocks.append(Line((Span(follow_up(definition, concluded.organisation, speech)),)))
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
            motion = sides(definition)
            assert motion is not None
            return speech.say(
                f"verdict.{result.verdict.value}",
                first=motion[0].text, first_votes=result.votes(motion[0].number),
                second=motion[1].text, second_votes=result.votes(motion[1].number),
            )  # fmt: skip
        case Verdict.TIED:
            return speech.say("verdict.tied", options=_texts(definition, result.leaders), n=_most(result))
        case Verdict.SHORT_OF_MAJORITY:
            ahead = _texts(definition, result.leaders)
            return speech.say("verdict.short-of-majority", option=ahead, n=_most(result))
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
    assert result.tie_broken is not None
    assert result.winner is not None
    options = _texts(consultation.definition, result.leaders)
    return speech.say(
        f"tie.broken-{result.tie_broken.value}", options=options, option=_text(consultation.definition, result.winner),
        seed=consultation.seed, reason=consultation.tie_reason,
    )  # fmt: skip


def _names(consultation: Consultation, names: Sequence[tuple[str, Choice]], speech: Speech) -> list[Block]:
    lines: list[Block] = [speech.line("result.names")]
    for option in consultation.definition.options:
        chosen = tuple(name or speech.say("result.no-name") for name, choice in names if option.number in choice)
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
