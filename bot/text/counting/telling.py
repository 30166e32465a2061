"""What is told of a count: names cut to size, and figures exactly as this language writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.numbers import format_decimal

from bot.domain.consultation import Consultation, Definition
from bot.domain.results import Result
from bot.domain.words import OPTION_LIMIT, shown
from bot.text.catalogue import Speech

_DECIMALS = "#,##0.#####"
_PLACES = 10**5


@dataclass(frozen=True, slots=True)
class Telling:
    """A consultation and its result, the voice to tell them in, and how many characters a name may take."""

    consultation: Consultation
    result: Result
    speech: Speech
    cut: int = OPTION_LIMIT

    @property
    def definition(self) -> Definition:
        """What was asked."""
        return self.consultation.definition

    def name(self, number: int) -> str:
        """An option's text; where it must be cut, with its number, since names may begin alike."""
        option = self.definition.option(number)
        if option is None or len(option.text) > self.cut:
            return self.label(number)
        return option.text

    def label(self, number: int) -> str:
        """An option beside its permanent number, its text cut to size."""
        option = self.definition.option(number)
        return f"{number}. {_cut(option.text, self.cut)}" if option else str(number)

    def names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The texts of these options."""
        return tuple(self.name(number) for number in numbers)

    def listed(self, figures: Mapping[int, Fraction]) -> str:
        """Options with their figures, the highest first: `Library 12, Café 9`."""
        ordered = sorted(figures, key=lambda number: -figures[number])
        return " · ".join(f"{self.name(number)} {figure(figures[number], self.speech)}" for number in ordered)


def figure(value: Fraction, speech: Speech) -> str:
    """A figure, exactly: a whole number, a decimal of at most five places, else a fraction."""
    return _figure(value.numerator, value.denominator, speech.language)


# A count of forty options names each of them, and its figures, in hundreds of duels.
_cut = lru_cache(maxsize=1024)(shown)


@lru_cache(maxsize=4096)
def _figure(numerator: int, denominator: int, language: str) -> str:
    if _PLACES % denominator == 0:
        return format_decimal(Decimal(numerator) / Decimal(denominator), _DECIMALS, locale=language)
    return f"{numerator}/{denominator}"


def rounded(value: Fraction, places: int, speech: Speech) -> str:
    """A figure rounded half up to so many decimals, where an average or a picture has no room for the exact one."""
    units = int(value * 10**places + Fraction(1, 2))
    return figure(Fraction(units, 10**places), speech)
