"""Why someone doesn't agree: the reason that goes with a consent ballot, kept apart from it.

The reason is words for the others to answer; the ballot is counted without it, and its
canonical text never holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ballots import Choice
from bot.domain.consultation import BallotType, Definition, OptionRole
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text

REASON_LIMIT = 500
"""Characters of a reason."""

_SAID_TOGETHER = re.compile(r"\s*(.{1,60}?)\s*(?::|\n|\s[-\u2013\u2014]\s)\s*(\S.*)", re.DOTALL)
"""An answer and its reason in one message: `block: too dear`, `4 - too dear`, or on two lines."""


class Reason(StrEnum):
    """Whether a ballot goes with a reason: none is asked, one is asked for, or there is no such ballot without one."""

    NONE = "none"
    ASKED = "asked"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A reason as it is shown once the consultation is closed: with which choice, how many gave it in these words, and
    in a public consultation the name of who did ('' for someone who shows none; None where nobody is named)."""

    choice: Choice
    text: str
    times: int = 1
    name: str | None = None


_REASONS = {OptionRole.DISAGREEMENT: Reason.ASKED, OptionRole.BLOCK: Reason.REQUIRED}


def reason_for(definition: Definition, choice: Choice) -> Reason:
    """What a ballot asks of its voter: nobody blocks the others without saying why."""
    if definition.ballot is not BallotType.CONSENT:
        return Reason.NONE
    roles = (option.role for option in definition.options if option.number in choice)
    return next((_REASONS[role] for role in roles if role in _REASONS), Reason.NONE)


def clean_reason(definition: Definition, choice: Choice, text: str) -> str:
    """The reason as it will be shown, '' where none was given and none is needed.

    Raises Refusal `reason-required`, `reason-not-asked` besides those of `words.clean_text`.
    """
    wanted = reason_for(definition, choice)
    if text.strip():
        if wanted is Reason.NONE:
            raise Refusal("reason-not-asked")
        return clean_text(text, REASON_LIMIT)
    if wanted is Reason.REQUIRED:
        raise Refusal("reason-required")
    return ""


def reason_with(definition: Definition, previous: Choice | None, choice: Choice | None, text: str) -> str:
    """The reason to keep with the ballot that takes the place of `previous`, '' for none.

    The same choice once more, without words, leaves the reason on record as it is; any other choice drops it. Raises
    what `clean_reason` does.
    """
    if choice is None or (choice == previous and not text.strip()):
        return ""
    return clean_reason(definition, choice, text)


def apart(text: str) -> tuple[str, str]:
    """What was typed as an answer and the reason after it; the whole text and '' where it isn't put together so."""
    found = _SAID_TOGETHER.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")
