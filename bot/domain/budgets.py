"""A budget: how much there is to share out, what each project costs, and how amounts are read and written.

Amounts are whole numbers of one currency, kept as the author writes it: a sign, a code or
a word, before the figures or after them. No rate is known here: whatever it is called,
one unit is one unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.words import fold

MOST_MONEY = 999_999_999
"""The largest amount: nine figures, which an option's text has room for."""

_CURRENCY = r"[^\W\d_]{1,12}|[$£¥€₣₤₦₩₪₫₱₴₹₽₿฿¢]"
_MONEY = re.compile(
    rf"(?P<sign>[-−–]?)\s?(?P<before>{_CURRENCY})?\s?(?P<minus>[-−–]?)\s?"
    rf"(?P<figures>[0-9](?:[0-9 .,'’]*[0-9])?)\s?(?P<after>{_CURRENCY})?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'’])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+")
_ROUND = re.compile(r"[.,]00?$")
"""Cents that are none."""
_SPELLINGS: Mapping[str, str] = {
    "eur": "€", "euro": "€", "usd": "$", "dollar": "$", "gbp": "£", "pound": "£", "livre": "£",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as it was read. `units` is None where the figures are no whole number; `before` says that the currency
    was written before them; "" is no currency at all."""

    units: int | None
    currency: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True)
class BudgetRules:
    """What there is to share out, and what each project costs, by the number of its option; whole units of the
    currency, which is "" for none and stands before figures if `before`."""

    amount: int
    costs: tuple[tuple[int, int], ...]
    currency: str = ""
    before: bool = False

    def cost(self, number: int) -> int:
        """What the project of this option costs; 0 for an option that is none (a blank ballot, an abstention)."""
        return dict(self.costs).get(number, 0)


def read_money(text: str) -> Money | None:
    """The amount that the whole text gives ("2 000 €", "2000€", "€2,000", "2000 credits"); None if it gives none.

    A blank, a point, a comma or an apostrophe may stand before each three figures.
    """
    found = _MONEY.fullmatch(" ".join(text.split()))
    if found is None or (found["before"] and found["after"]):
        return None
    currency, before = found["before"] or found["after"] or "", bool(found["before"])
    figures = found["figures"]
    if not _GROUPED.fullmatch(figures):
        figures = _ROUND.sub("", figures)
    if not _GROUPED.fullmatch(figures):
        return Money(None, currency, before)
    units = int(re.sub(r"[^0-9]", "", figures)[:18])
    return Money(-units if found["sign"] or found["minus"] else units, currency, before)


def unit_of(currency: str) -> str:
    """The currency as currencies are compared: 10 EUR, 10 euros and 10 € are the same."""
    word = fold(currency)
    word = word.removesuffix("s") if len(word) > 2 else word
    return _SPELLINGS.get(word, word)


def money_words(rules: BudgetRules, figures: str) -> str:
    """Figures with the currency of the budget, where and as its author wrote it."""
    if not rules.currency:
        return figures
    if not rules.before:
        return f"{figures}\u00a0{rules.currency}"
    return f"{rules.currency}\u00a0{figures}" if rules.currency[-1].isalpha() else f"{rules.currency}{figures}"


def grouped(units: int, language: str) -> str:
    """Whole units in figures, in threes as the language groups them."""
    return f"{units:,}".replace(",", "\u202f") if language == "fr" else f"{units:,}"


def priced(name: str, rules: BudgetRules, number: int, language: str) -> str:
    """A project's name with its cost after it, as it stands on cards; the name alone of what costs nothing."""
    cost = rules.cost(number)
    return f"{name} ({amount_words(rules, cost, language)})" if cost else name


def amount_words(rules: BudgetRules, units: int, language: str) -> str:
    """An amount of the budget as people read it: `2 000 €`, `€2,000`."""
    return money_words(rules, grouped(units, language))
