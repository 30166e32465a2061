"""Why someone doesn't agree: the reason that goes with a consent ballot, kept apart from it.

The reason is words for the others to answer; the ballot is counted without it, and its
canonical text never holds it.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.ballots import Choice
from bot.domain.consultation import BallotType, Definition, OptionRole
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text

REASON_LIMIT = 500
"""Characters of a reason."""


class Reason(StrEnum):
    """Whether a ballot goes with a reason: none is asked, one is asked for, or there is no such ballot without one."""

    NONE = "none"
    ASKED = "asked"
    REQUIRED = "required"


_REASONS = {OptionRole.DISAGREEMENT: Reason.ASKED, OptionRole.BLOCK: Reason.REQUIRED}


def reason_for(definition: Definition, choice: Choice) -> Reason:
    """What a ballot asks of its voter: nobody blocks the others without saying why."""
    if definition.ballot is not BallotType.CONSENT:
        return Reason.NONE
    roles = (option.role for option in definition.options if option.number in choice)
    return next((_REASONS[role] for role in roles if role in _REASONS), Reason.NONE)


def clean_reason(definition: Definition, choice: Choice, text: str) -> str:
    """The reason as it will be shown, '' where none was given and none is needed.

    Raises Refusal `reason-required` besides those of `words.clean_text`.
    """
    wanted = reason_for(definition, choice)
    if text.strip() and wanted is not Reason.NONE:
        return clean_text(text, REASON_LIMIT)
    if wanted is Reason.REQUIRED:
        raise Refusal("reason-required")
    return ""
