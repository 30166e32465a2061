"""Why something is hidden: grounds read from what a moderator typed, counted in public; and when reports alert.

The default grounds are words of a language, so they come from outside. Whatever is
said in full and is none of the declared grounds is kept under `OTHER`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.domain.debate.model import DebateRules
from bot.domain.opinions.model import OpinionRules
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text, fold

OTHER = "other"
"""The ground that always exists: said in full by the moderator."""

_OTHERS = frozenset({"other", "autre"})
_SHORTEST_START = 3
"""Letters it takes to begin the name of a ground."""


def ground_of(grounds: Sequence[str], typed: str) -> tuple[str, str]:
    """The declared ground that was typed, by its number, its name, the beginning of its name or nearly its name, and
    what followed after a colon; (OTHER, the words) for anything else.

    The number after the last ground is that of OTHER. Raises Refusal `hide-needs-reason` when nothing is said,
    or OTHER without words; `text-too-long`, `unreadable-characters`.
    """
    head, _, more = typed.partition(":")
    ground = _named(grounds, fold(head))
    reason = more if ground else typed
    if ground in {None, OTHER} and not reason.strip():
        raise Refusal("hide-needs-reason", grounds=tuple(grounds))
    return ground or OTHER, clean_text(reason) if reason.strip() else ""


def _named(grounds: Sequence[str], said: str) -> str | None:
    """The ground of these folded words, OTHER if they name that one, None if they name none."""
    if re.fullmatch("[0-9]{1,3}", said):
        number = int(said)
        if not 1 <= number <= len(grounds) + 1:
            raise Refusal("hide-needs-reason", grounds=tuple(grounds))
        return grounds[number - 1] if number <= len(grounds) else OTHER
    if said in _OTHERS:
        return OTHER
    names = {fold(ground): ground for ground in grounds}
    if said in names:
        return names[said]
    begun = [name for name in names if len(said) >= _SHORTEST_START and name.startswith(said)]
    near = begun or get_close_matches(said[:100], names, n=2, cutoff=0.8)
    return names[near[0]] if len(near) == 1 else None


def counts(grounds: Iterable[str]) -> dict[str, int]:
    """How often each ground was given, the most frequent first; '' (no ground) is left out."""
    return dict(Counter(ground for ground in grounds if ground).most_common())


def threshold_reached(rules: DebateRules | OpinionRules, reports: int) -> bool:
    """Whether this report is the one that alerts the moderators: they are alerted once, not at each report after."""
    return reports == rules.reports
