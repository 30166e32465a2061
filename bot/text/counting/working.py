"""The working of a count, round by round, in words a member understands.

Each entry is one step of it: paragraphs that belong together and fit one message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from bot.domain.consultation import Method
from bot.domain.tally.outcome import Purpose, Round, Rule, TieBreak, Title
from bot.text.card import Block
from bot.text.counting.budgets import budget_steps
from bot.text.counting.duels import Duels, figures_between, in_order, wins_all
from bot.text.counting.grades import at_least, best_first, majority_grade, marks_of, same_grade
from bot.text.counting.telling import Telling, figure

Entry = Sequence[Block]


def working(telling: Telling) -> list[Entry]:
    """Every step of the count, and every tie on the way; nothing where the figures alone say it all."""
    if not telling.result.rounds:
        return []
    return [*_steps(telling), *([_tie(telling, each)] for each in _ties(telling))]


def _steps(telling: Telling) -> Iterator[Entry]:
    match telling.definition.method:
        case Method.IRV | Method.STV:
            yield from _transfers(telling)
        case Method.SCHULZE | Method.RANKED_PAIRS:
            yield from _duels(telling)
        case Method.STAR:
            yield from _stars(telling)
        case Method.MAJORITY_JUDGMENT:
            yield from _grades(telling)
        case Method.AVAILABILITY:
            yield from _dates(telling)
        case Method.EQUAL_SHARES | Method.GREEDY:
            yield from budget_steps(telling)
        case _:
            return


# ── transfers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _transfers(telling: Telling) -> Iterator[Entry]:
    speech, rounds = telling.speech, telling.result.rounds
    first = rounds[0]
    facts = {"figures": telling.listed(_staying(first))}
    if first.title is Title.QUOTA:
        yield [speech.line("working.first-quota", quota=figure(first.amount, speech), **facts), *_fates(telling, first)]
    else:
        yield [speech.line("working.first", **facts), *_fates(telling, first)]
    for number, (before, after) in enumerate(pairwise(rounds), 2):
        yield [_passed_on(telling, number, before, after), *_fates(telling, after)]


def _passed_on(telling: Telling, number: int, before: Round, after: Round) -> Block:
    """Whose votes went to whom in this round, and where everyone stands now."""
    (source,) = after.about
    if not before.tallies[source]:
        facts = {"option": telling.name(source), "figures": telling.listed(_staying(after))}
        return telling.speech.line("working.passed-nothing", round=number, **facts)
    key = "working.surplus" if after.title is Title.SURPLUS else "working.passed-on"
    kept = after.tallies.get(source, Fraction(0))
    return telling.speech.line(
        key,
        round=number, option=telling.name(source), votes=figure(before.tallies[source] - kept, telling.speech),
        gains=_gains(telling, before, after, source), figures=telling.listed(_staying(after)),
    )  # fmt: skip


def _gains(telling: Telling, before: Round, after: Round, source: int) -> str:
    """Who gained how much; what went to nobody is told too."""
    gained = {
        number: value - before.tallies[number]
        for number, value in after.tallies.items()
        if number != source and value != before.tallies[number]
    }
    lost = sum(before.tallies.values(), Fraction(0)) - sum(after.tallies.values(), Fraction(0))
    ordered = sorted(gained, key=lambda number: -gained[number])
    said = [f"{telling.name(number)} +{figure(gained[number], telling.speech)}" for number in ordered]
    if lost:
        said.append(telling.speech.say("working.without-next", votes=figure(lost, telling.speech)))
    return ", ".join(said)


def _staying(each: Round) -> Mapping[int, Fraction]:
    """The figures of the options that are still in: in a transferable vote, whoever has left has none."""
    left_are_listed = each.title in {Title.SURPLUS, Title.EXCLUSION}
    return {number: value for number, value in each.tallies.items() if value or not left_are_listed}


def _fates(telling: Telling, each: Round) -> Iterator[Block]:
    """Who is elected in this round; in a transferable vote, perhaps because nobody else is left for the seats."""
    first = telling.result.rounds[0]
    quota = first.amount if first.title is Title.QUOTA else Fraction(0)
    groups = (
        ("working.elected", [number for number in each.elected if each.tallies[number] >= quota]),
        ("working.elected-last", [number for number in each.elected if each.tallies[number] < quota]),
    )
    for key, group in groups:
        if group:
            yield telling.speech.line(key, options=telling.names(group), n=len(group))


# ── duels ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _duels(telling: Telling) -> Iterator[Entry]:
    duels = figures_between(telling.result, Title.DUELS)
    ordered = in_order(telling.result, duels)
    lines = [line for number in ordered for line in _won_by(telling, duels, number, ordered)]
    yield from _headed(telling.speech.line("working.duels"), lines)
    if ordered and wins_all(duels, ordered[0]):
        return
    if telling.definition.method is Method.SCHULZE:
        yield from _chains(telling, ordered)
    else:
        above = telling.result.rounds[-1].tallies
        yield [telling.speech.line("working.locked", figures=telling.listed(above))]
        yield from _set_aside(telling, duels, ordered)


def _set_aside(telling: Telling, duels: Duels, ordered: Sequence[int]) -> Iterator[Entry]:
    """The duels won by an option that clearer ones put below the other: every other duel that is won was kept."""
    above, lines = telling.result.rounds[-1].tallies, list[Block]()
    for number in ordered:
        lost = [other for other in ordered if _beats(duels, number, other) and above[other] > above[number]]
        if lost:
            beaten = tuple(_score(telling, duels, number, other) for other in lost)
            lines.append(telling.speech.line("working.duels-won", option=telling.name(number), beaten=beaten))
    if lines:
        yield from _headed(telling.speech.line("working.set-aside"), lines)


def _headed(head: Block, lines: Sequence[Block]) -> Iterator[Entry]:
    """An entry for each line, the first with the heading."""
    yield [head, *lines[:1]]
    yield from ([line] for line in lines[1:])


def _won_by(telling: Telling, duels: Duels, number: int, ordered: Sequence[int]) -> Iterator[Block]:
    """The duels an option wins, and those it shares with an option after it."""
    speech, place = telling.speech, ordered.index(number)
    won = tuple(_score(telling, duels, number, other) for other in ordered if _beats(duels, number, other))
    level = [other for other in ordered[place + 1 :] if duels[number][other] == duels[other][number]]
    if won:
        yield speech.line("working.duels-won", option=telling.name(number), beaten=won)
    for other in level:
        votes = figure(duels[number][other], speech)
        yield speech.line("working.duel-level", options=telling.names((number, other)), votes=votes)


def _beats(duels: Duels, number: int, other: int) -> bool:
    return number != other and duels[number][other] > duels[other][number]


def _score(telling: Telling, duels: Duels, number: int, other: int) -> str:
    ours, theirs = (figure(duels[a][b], telling.speech) for a, b in ((number, other), (other, number)))
    return telling.speech.say("working.duel", option=telling.name(other), ours=ours, theirs=theirs)


def _chains(telling: Telling, ordered: Sequence[int]) -> Iterator[Entry]:
    """The first option's chains of duels to each other one, and the chains back."""
    strengths, first = figures_between(telling.result, Title.CHAINS), ordered[0]
    lines = [
        telling.speech.line(
            "working.chain", option=telling.name(first), other=telling.name(other),
            there=figure(strengths[first][other], telling.speech), back=figure(strengths[other][first], telling.speech),
        )
        for other in ordered[1:]
    ]  # fmt: skip
    yield from _headed(telling.speech.line("working.chains"), lines)


# ── scores, grades, dates ────────────────────────────────────────────────────────────────────────────────────────────


def _stars(telling: Telling) -> Iterator[Entry]:
    for each in telling.result.rounds:
        if each.title is Title.SCORES:
            yield [telling.speech.line("working.scores", figures=telling.listed(each.tallies))]
        else:
            a, b = each.about
            yield [
                telling.speech.line(
                    "working.run-off", first=telling.name(a), first_votes=figure(each.tallies[a], telling.speech),
                    second=telling.name(b), second_votes=figure(each.tallies[b], telling.speech),
                )
            ]  # fmt: skip


def _grades(telling: Telling) -> Iterator[Entry]:
    """Each option's majority grade and all its grades, the best option first."""
    speech, given, words = telling.speech, marks_of(telling.result), telling.definition.grades
    ordered = best_first(telling.result)
    for number in ordered:
        told = " · ".join(
            f"{word} {count}" for word, count in zip(words, reversed(given[number]), strict=True) if count
        )
        yield [
            speech.line(
                "working.grade", option=telling.name(number), grade=majority_grade(telling, number),
                n=at_least(telling, number), total=telling.result.expressed, grades=told,
            )
        ]  # fmt: skip
    if any(same_grade(telling, number) for number in ordered):
        yield [speech.line("working.same-grade")]


def _dates(telling: Telling) -> Iterator[Entry]:
    """Each date in the order of the list, with who can come."""
    for number, (no, maybe, yes) in marks_of(telling.result).items():
        yield [telling.speech.line("working.date", option=telling.label(number), yes=yes, maybe=maybe, no=no)]


# ── ties ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ties(telling: Telling) -> Iterator[TieBreak]:
    """The ties that the count itself decided; the one for a seat, by the declared rule, has its own sentence."""
    for each in telling.result.tie_breaks:
        declared = each.purpose is Purpose.ELECTION and each.rule in {Rule.DRAW, Rule.ORDER}
        if not declared:
            yield each


def _tie(telling: Telling, each: TieBreak) -> Block:
    key = f"working.tie-{each.rule.value}" if each.chosen else "working.tie-locking"
    return telling.speech.line(
        key,
        tied=telling.names(each.tied), chosen=telling.names(each.chosen), seed=telling.consultation.seed,
        purpose=telling.speech.say(f"count.purpose.{each.purpose.value}"),
    )  # fmt: skip
