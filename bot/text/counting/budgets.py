"""A budget in words: what there is to share out, which projects are funded by whom, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from bot.domain.budgets import amount_words, money_words
from bot.domain.consultation import BallotType, Definition, Method
from bot.domain.results import Row
from bot.domain.tally.outcome import Round, Title
from bot.text.card import Block
from bot.text.catalogue import Speech
from bot.text.counting.telling import Telling, rounded


def budget_lines(definition: Definition, speech: Speech) -> list[Block]:
    """What there is to share out, above the projects; nothing but for a budget."""
    if definition.budget is None:
        return []
    amount = amount_words(definition.budget, definition.budget.amount, speech.language)
    return [speech.line("card.budget", amount=amount)]


def over_lines(definition: Definition, speech: Speech) -> list[Block]:
    """That one may approve of more than the money pays for."""
    if definition.budget is None or definition.ballot is not BallotType.APPROVAL:
        return []
    return [speech.line("card.budget-over")]


def funded_sentence(telling: Telling) -> str:
    """Which projects are funded, what they cost together and what is left."""
    result, speech = telling.result, telling.speech
    spent = sum((_cost(telling, number) for number in result.winners), Fraction(0))
    left = _amount(telling) - spent
    options = telling.names(result.winners)
    if not left:
        return speech.say("verdict.funded-all", n=len(options), options=options, spent=_money(telling, spent))
    return speech.say(
        "verdict.funded",
        n=len(options), options=options, spent=_money(telling, spent), left=_money(telling, left),
        amount=_money(telling, _amount(telling)),
    )  # fmt: skip


def budget_steps(telling: Telling) -> Iterator[Sequence[Block]]:
    """Project after project: how it is paid, or why it is not funded; then what is left."""
    yield from _equal_shares(telling) if telling.definition.method is Method.EQUAL_SHARES else _greedy(telling)
    whole, rounds = _amount(telling), telling.result.rounds
    left = whole - sum(_cost(telling, number) for each in rounds for number in each.elected)
    yield [telling.speech.line("working.left", left=_money(telling, left), amount=_money(telling, whole))]


def support_words(telling: Telling, row: Row) -> str:
    """What stands at the end of a project's bar: its support, and whether it is funded."""
    speech, number = telling.speech, row.option.number
    if telling.definition.ballot is BallotType.POINTS:
        support = _support(telling, number)
    else:
        support = speech.say("chart.votes", n=row.votes, share=telling.result.share(number))
    return speech.say("chart.funded" if number in telling.result.winners else "chart.not-funded", support=support)


# ── greedy ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _greedy(telling: Telling) -> Iterator[Sequence[Block]]:
    """The projects in the order of their support, those funded first among equals."""
    (found,) = telling.result.rounds
    funded, left = list(found.elected), _amount(telling)
    place = {number: funded.index(number) if number in funded else len(funded) for number in found.tallies}
    for number in sorted(found.tallies, key=lambda each: (-found.tallies[each], place[each])):
        if not found.tallies[number]:
            yield [telling.speech.line("working.unsupported", option=telling.name(number))]
            continue
        facts = {"option": telling.name(number), "support": _support(telling, number)}
        if number in funded:
            left -= _cost(telling, number)
            yield [telling.speech.line("working.funded", left=_money(telling, left), **facts)]
        else:
            yield [telling.speech.line("working.too-dear", left=_money(telling, left), **facts)]


# ── the method of equal shares ───────────────────────────────────────────────────────────────────────────────────────


def _equal_shares(telling: Telling) -> Iterator[Sequence[Block]]:
    speech, rounds = telling.speech, telling.result.rounds
    whole, voters = _amount(telling), telling.result.expressed
    equal = whole / voters
    yield [speech.line("working.share", n=voters, share=_money(telling, equal), amount=_money(telling, whole))]
    grown = next(each.amount for each in rounds if each.title is Title.SHARE)
    if grown > equal:
        key = "working.share-grown" if rounds[-1].tallies else "working.share-grown-all"
        yield [speech.line(key, share=_money(telling, grown))]
    yield from ([_paid(telling, each)] for each in rounds if each.title is Title.PRICE)
    left = rounds[-1].tallies
    for number, backing in rounds[0].tallies.items():
        if number in left:
            yield [speech.line("working.short", option=telling.name(number), left=_money(telling, left[number]))]
        elif not backing:
            yield [speech.line("working.unsupported", option=telling.name(number))]


def _paid(telling: Telling, bought: Round) -> Block:
    """What each supporter pays for a project: the same price for what it is worth to them, or all they have left."""
    speech, (number,) = telling.speech, bought.elected
    price, support = bought.tallies[number], telling.result.rounds[0].tallies[number]
    facts = {"option": telling.name(number), "support": _support(telling, number)}
    if telling.definition.ballot is BallotType.POINTS:
        key = "working.paid-points" if price * support == _cost(telling, number) else "working.paid-points-or-all"
        return speech.line(key, price=_money(telling, price), **facts)
    price *= _cost(telling, number)
    key = "working.paid" if price * support == _cost(telling, number) else "working.paid-or-all"
    return speech.line(key, price=_money(telling, price), **facts)


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _support(telling: Telling, number: int) -> str:
    """The votes or the points of a project."""
    key = "choice.points" if telling.definition.ballot is BallotType.POINTS else "chart.votes-alone"
    return telling.speech.say(key, n=int(telling.result.rounds[0].tallies[number]))


def _cost(telling: Telling, number: int) -> Fraction:
    assert telling.definition.budget is not None
    return Fraction(telling.definition.budget.cost(number))


def _amount(telling: Telling) -> Fraction:
    assert telling.definition.budget is not None
    return Fraction(telling.definition.budget.amount)


def _money(telling: Telling, value: Fraction) -> str:
    """An amount with its currency, to the hundredth."""
    assert telling.definition.budget is not None
    return money_words(telling.definition.budget, rounded(value, 2, telling.speech))
