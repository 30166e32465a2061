"""The options by which voters want none of the others: they count like any other, and nobody is elected by them.

An option is such a one by its words (`vocabulary.NONE_OF_THESE`). It is no blank ballot: it can come first or take a
seat, and what it takes stays empty. Whatever majority is asked of the others is not asked of it, since it decides
nothing but that nothing is decided; only the first of two rounds asks it of all, to tell whether a second is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import Definition, Method, OptionRole


def nones(definition: Definition) -> frozenset[int]:
    """The numbers of the options that stand for none of the others."""
    return frozenset(option.number for option in definition.options if option.role is OptionRole.NONE)


def without_majority(definition: Definition) -> frozenset[int]:
    """Those of them that need no majority to stand: all, but for a first round of two."""
    return frozenset() if definition.method is Method.TWO_ROUND else nones(definition)


def parted(definition: Definition, winners: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of those whom the count puts in the seats, who is elected, and the options that keep a seat empty."""
    empty = nones(definition)
    return tuple(each for each in winners if each not in empty), tuple(each for each in winners if each in empty)


def listed_last(definition: Definition, numbers: Sequence[int]) -> tuple[int, ...]:
    """The options in this order, but those that stand for none of the others last."""
    first, last = parted(definition, numbers)
    return (*first, *last)
