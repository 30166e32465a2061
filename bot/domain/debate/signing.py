"""What stands beside an argument to say whose it is."""

from __future__ import annotations

from bot.domain.debate.model import DebateRules, Signing
from bot.domain.words import shown

SIGNATURE_LIMIT = 60
"""Characters of a display name that are shown."""


def signature(rules: DebateRules, name: str, pseudonym: str) -> str:
    """The words shown beside an argument, as declared: the account's name, cleaned and cut, the pseudonym of this
    debate, or '' when nobody is named. A name without a readable character gives way to the pseudonym."""
    match rules.signing:
        case Signing.NAME:
            return shown(name, SIGNATURE_LIMIT) or pseudonym
        case Signing.PSEUDONYM:
            return pseudonym
        case Signing.ANONYMOUS:
            return ""
