"""A result as a chart, of the shape that shows its method best, and the words in its place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.charts import (
    BarChart,
    Cell,
    Chart,
    ChartRow,
    GridChart,
    GridRow,
    MapChart,
    StackChart,
    StackRow,
    Step,
    StepRow,
    StepsChart,
    Tone,
)
from bot.domain.ballots import Choice, Marks
from bot.domain.consultation import BallotType, Method
from bot.domain.methods import BUDGET_METHODS
from bot.domain.results import Row
from bot.domain.tally.outcome import Round, Title
from bot.domain.vocabulary import AVAILABILITY_WORDS
from bot.text.cards import labelled
from bot.text.counting.budgets import support_words
from bot.text.counting.duels import figures_between, in_order
from bot.text.counting.grades import at_least, best_first, majority_grade
from bot.text.counting.telling import Telling, figure, rounded
from bot.text.counting.verdicts import verdict_sentence
from bot.text.rules import turnout_sentence

NAMED_GRID = 25
"""The most people whose dates are drawn one by one; of more, only how many can come."""
Names = Sequence[tuple[str, Choice]]


def picture(telling: Telling, names: Names = ()) -> Chart:
    """The chart of a result: transfers, duels, grades, dates (by name if the vote is public), else bars."""
    if not telling.result.rounds:
        return _bars(telling)
    match telling.definition.method:
        case Method.IRV | Method.STV:
            return _steps(telling)
        case Method.SCHULZE | Method.RANKED_PAIRS:
            return _duels(telling)
        case Method.MAJORITY_JUDGMENT:
            return _merit(telling)
        case Method.AVAILABILITY if 0 < len(names) <= NAMED_GRID:
            return _people(telling, names)
        case Method.AVAILABILITY:
            return _dates(telling)
        case _:
            return _bars(telling)


def alternative(chart: Chart) -> str:
    """The words in place of a picture."""
    match chart:
        case BarChart() | StackChart():
            said = [f"{row.label}: {row.caption}" for row in chart.rows]
        case StepsChart():
            said = [f"{row.label}: {_course(row)}" for row in chart.rows]
        case GridChart():
            said = [*chart.legend, chart.reading]
            said += [f"{row.label}: {', '.join(cell.text for cell in row.cells)}" for row in chart.rows]
        case MapChart():
            said = [group.caption for group in chart.groups]
    return f"{chart.title} · {chart.subtitle} {'; '.join(each for each in said if each)}"


def _course(row: StepRow) -> str:
    return ", ".join(step.caption for step in row.steps if step is not None)


def _words(telling: Telling) -> tuple[str, str, str]:
    """The title, the verdict and the footer of every chart."""
    consultation, speech = telling.consultation, telling.speech
    verdict = verdict_sentence(consultation, telling.result, speech, telling.cut)
    number = speech.say("chart.number", number=str(consultation.number))
    footer = f"{number} · {turnout_sentence(consultation, telling.result, speech)}"
    return telling.definition.title, verdict, footer


def _bars(telling: Telling) -> BarChart:
    winners = telling.result.winners
    first = telling.result.rounds[0].tallies if telling.result.rounds else {}
    rows = tuple(
        ChartRow(
            labelled(row.option), float(first.get(row.option.number, row.votes)), bar_words(telling, row),
            winner=row.option.number in winners,
        )
        for row in telling.result.rows
        if telling.definition.method not in _SUMS or not row.option.aside
    )  # fmt: skip
    title, verdict, footer = _words(telling)
    return BarChart(title, verdict, rows, footer)


_SUMS = frozenset({Method.BORDA, Method.SCORE, Method.POINTS, Method.STAR, *BUDGET_METHODS})


def bar_words(telling: Telling, row: Row) -> str:
    """What stands at the end of an option's bar: votes and their share (of blanks and abstentions none: they choose
    nothing), points, or a total and its average."""
    speech, result, number = telling.speech, telling.result, row.option.number
    if row.option.aside:
        return speech.say("chart.votes-alone", n=row.votes)
    if telling.definition.ballot is BallotType.SIGNATURE:
        return speech.say("signature.count", n=row.votes)
    match telling.definition.method:
        case Method.BORDA | Method.POINTS if result.rounds:
            return speech.say("chart.points", points=figure(result.rounds[0].tallies[number], speech))
        case Method.EQUAL_SHARES | Method.GREEDY if result.rounds:
            return support_words(telling, row)
        case Method.SCORE | Method.STAR:
            return speech.say("chart.score", total=row.votes, average=rounded(result.share(number), 2, speech))
        case _:
            return speech.say("chart.votes", n=row.votes, share=result.share(number))


def _steps(telling: Telling) -> StepsChart:
    speech, rounds = telling.speech, telling.result.rounds
    last = {number: place for place, each in enumerate(rounds) for number in each.tallies if each.tallies[number]}
    ordered = sorted(rounds[0].tallies, key=lambda number: _standing(telling, number, last.get(number, -1)))
    rows = tuple(
        StepRow(
            telling.label(number), tuple(_step(telling, each, number) for each in rounds),
            winner=number in telling.result.winners,
        )
        for number in ordered
    )  # fmt: skip
    mark, label = _needed(telling, rounds)
    columns = tuple(speech.say("chart.round", round=number) for number in range(1, len(rounds) + 1))
    title, verdict, footer = _words(telling)
    return StepsChart(title, verdict, columns, rows, mark, label, footer)


def _standing(telling: Telling, number: int, last: int) -> tuple[int, int, float]:
    """Those elected in their order, then whoever stayed longest, then whoever had most."""
    winners = telling.result.winners
    place = winners.index(number) if number in winners else len(winners)
    return place, -last, -float(telling.result.rounds[max(last, 0)].tallies.get(number, 0))


def _step(telling: Telling, each: Round, number: int) -> Step | None:
    value = each.tallies.get(number)
    if value is None or (not value and number not in each.eliminated and each.title is not Title.QUOTA):
        return None
    words = rounded(value, 1, telling.speech)
    if number in each.elected:
        return Step(float(value), words, "elected")
    return Step(float(value), words, "eliminated" if number in each.eliminated else "")


def _needed(telling: Telling, rounds: Sequence[Round]) -> tuple[float | None, str]:
    """What it takes to be elected, where that stays the same all along."""
    speech = telling.speech
    if rounds[0].title is Title.QUOTA:
        return float(rounds[0].amount), speech.say("chart.quota", quota=figure(rounds[0].amount, speech))
    totals = {sum(each.tallies.values()) for each in rounds}
    if len(totals) > 1:
        return None, ""
    (total,) = totals
    return float(total) / 2, speech.say("chart.half", n=int(total))


def _duels(telling: Telling) -> GridChart:
    duels = figures_between(telling.result, Title.DUELS)
    ordered = in_order(telling.result, duels)

    def cell(a: int, b: int) -> Cell:
        if a == b:
            return Cell("–", "faint")
        ours, theirs = duels[a][b], duels[b][a]
        tone: Tone = "strong" if ours > theirs else "plain" if ours == theirs else "faint"
        return Cell(figure(ours, telling.speech), tone)

    title, verdict, footer = _words(telling)
    return GridChart(
        title,
        verdict,
        columns=tuple(str(number) for number in ordered),
        rows=tuple(GridRow(str(a), tuple(cell(a, b) for b in ordered)) for a in ordered),
        legend=tuple(telling.label(number) for number in ordered),
        reading=telling.speech.say("chart.duels"),
        footer=footer,
    )


def _merit(telling: Telling) -> StackChart:
    speech, result = telling.speech, telling.result
    given = {row.option.number: row for row in result.rows}
    rows = tuple(
        StackRow(
            labelled(given[number].option), tuple(reversed(given[number].marks)),
            speech.say(
                "chart.grade", grade=majority_grade(telling, number), n=at_least(telling, number),
                total=result.expressed,
            ),
            winner=number in result.winners,
        )
        for number in best_first(result)
    )  # fmt: skip
    title, verdict, footer = _words(telling)
    return StackChart(title, verdict, rows, telling.definition.grades, speech.say("chart.middle"), footer)


def _dates(telling: Telling) -> StackChart:
    speech, winners = telling.speech, telling.result.winners
    rows = tuple(
        StackRow(
            labelled(row.option), tuple(reversed(row.marks)),
            speech.say("chart.date", yes=row.marks[2], maybe=row.marks[1], no=row.marks[0]),
            winner=row.option.number in winners,
        )
        for row in telling.result.rows
        if row.marks
    )  # fmt: skip
    title, verdict, footer = _words(telling)
    return StackChart(title, verdict, rows, AVAILABILITY_WORDS[telling.definition.language], footer=footer)


def _people(telling: Telling, names: Names) -> GridChart:
    speech = telling.speech
    dates = [row for row in telling.result.rows if row.marks]
    kinds: tuple[Cell, Cell, Cell] = (Cell("–", "faint"), Cell("(✔)"), Cell("✔", "strong"))

    def cells(choice: Choice) -> tuple[Cell, ...]:
        given = dict(choice.given) if isinstance(choice, Marks) else {}
        return tuple(kinds[given.get(row.option.number, 0)] for row in dates)

    people = [
        GridRow(name or speech.say("result.no-name"), cells(choice))
        for name, choice in names
        if telling.definition.asides.isdisjoint(choice)
    ]
    totals = GridRow(
        speech.say("chart.can-come"), tuple(Cell(speech.fact(sum(row.marks[1:])), "plain") for row in dates)
    )
    title, verdict, footer = _words(telling)
    return GridChart(
        title,
        verdict,
        columns=tuple(str(row.option.number) for row in dates),
        rows=(*people, totals),
        legend=tuple(labelled(row.option) for row in dates),
        reading=speech.say("chart.dates"),
        footer=footer,
    )
