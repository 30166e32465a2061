"""In which order arguments are read, in which columns, on which pages, and which ones are offered to be rated.

Every order is named to the reader and can be chosen. Random orders come from a seed,
so that a page turned is a page of the same order; a new argument finds its place
without moving the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState

T = TypeVar("T")

PRIOR_MEAN = 3
"""The weight everything starts from: the middle of the scale from 1 to 5."""

PRIOR_RATINGS = 5
"""How many ratings that start counts for: one enthusiast can't lift an argument over those that many weighed."""

SUPPORT_WEIGHT = 4
"""What a support counts for among ratings: "it matters", without saying how much."""

RATED = frozenset({ArgumentKind.FOR, ArgumentKind.AGAINST, ArgumentKind.PROPOSAL})
"""The kinds whose weight is asked."""


class Order(StrEnum):
    """The orders in which arguments can be read."""

    STRONGEST = "strongest"
    NEWEST = "newest"
    OLDEST = "oldest"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Columns:
    """The arguments by what they are, each column in the order asked. A contribution that answers another one stands in
    its own column and among the `replies` of that one. `answered` are the questions with a published answer."""

    pros: tuple[Argument, ...]
    cons: tuple[Argument, ...]
    proposals: tuple[Argument, ...]
    questions: tuple[Argument, ...]
    orders: tuple[Argument, ...]
    replies: Mapping[int, tuple[Argument, ...]]
    answered: frozenset[int]


def strength(argument: Argument) -> Fraction:
    """The Bayesian average of its ratings, each support counting as one of them: the mean it would have if
    PRIOR_RATINGS people had first rated it PRIOR_MEAN."""
    total = PRIOR_MEAN * PRIOR_RATINGS + argument.weight + SUPPORT_WEIGHT * argument.supports
    return Fraction(total, PRIOR_RATINGS + argument.ratings + argument.supports)


def ordered(arguments: Iterable[Argument], order: Order, seed: str = "") -> list[Argument]:
    """The arguments in this order; what is level stands by number."""
    by_number = sorted(arguments, key=lambda argument: argument.number)
    match order:
        case Order.STRONGEST:
            # Floats compare much faster, and as the fractions do: two of these are equal or differ by far more than a
            # float loses, unless an argument had tens of millions of ratings.
            return sorted(by_number, key=lambda argument: -float(strength(argument)))
        case Order.NEWEST:
            return by_number[::-1]
        case Order.OLDEST:
            return by_number
        case Order.RANDOM:
            return sorted(by_number, key=lambda argument: _place(seed, argument.number))


def columns(arguments: Iterable[Argument], order: Order, seed: str = "") -> Columns:
    """The arguments by what they are; comments on the conclusion are left out."""
    standing = ordered(arguments, order, seed)

    def of(kind: ArgumentKind) -> tuple[Argument, ...]:
        return tuple(argument for argument in standing if argument.kind is kind)

    questions = of(ArgumentKind.QUESTION)
    replies = _replies(standing)
    return Columns(
        pros=of(ArgumentKind.FOR),
        cons=of(ArgumentKind.AGAINST),
        proposals=of(ArgumentKind.PROPOSAL),
        questions=questions,
        orders=of(ArgumentKind.ORDER),
        replies=replies,
        answered=frozenset(
            question.number
            for question in questions
            if any(reply.state is ArgumentState.PUBLISHED for reply in replies.get(question.number, ()))
        ),
    )


def _replies(standing: Sequence[Argument]) -> dict[int, tuple[Argument, ...]]:
    found: dict[int, list[Argument]] = {}
    for argument in standing:
        if argument.parent is not None and argument.kind is not ArgumentKind.COMMENT:
            found.setdefault(argument.parent, []).append(argument)
    return {parent: tuple(replies) for parent, replies in found.items()}


def pages(items: Sequence[T], per_page: int) -> tuple[tuple[T, ...], ...]:
    """The items in pages of so many; one empty page when there are none."""
    starts = range(0, max(len(items), 1), per_page)
    return tuple(tuple(items[start : start + per_page]) for start in starts)


def to_rate(
    arguments: Iterable[Argument], alias: int, rated: Container[int], seed: str, n: int = 3
) -> tuple[Argument, ...]:
    """What to offer this participant to rate: at random among the least rated first, so that all are seen alike.

    Never what is their own, rated by them, or not published.
    """
    offered = [
        argument
        for argument in arguments
        if argument.kind in RATED
        and argument.state is ArgumentState.PUBLISHED
        and argument.alias != alias
        and argument.number not in rated
    ]
    return tuple(sorted(offered, key=lambda argument: (argument.ratings, _place(seed, argument.number)))[:n])


def _place(seed: str, number: int) -> bytes:
    return hashlib.sha256(f"{seed}/{number}".encode()).digest()
