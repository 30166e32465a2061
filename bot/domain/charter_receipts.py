"""What the point about secrecy says of codes: what a voter can check afterwards, and what a code can give away."""

from __future__ import annotations

from bot.domain.ballot_codes import gives_codes
from bot.domain.charter_values import Say, say
from bot.domain.consultation import Definition, Secrecy
from bot.domain.receipts import Receipt


def codes(definition: Definition) -> tuple[Say, ...]:
    """What a code shows after the closing, on the card; nothing where ballots have none."""
    if definition.secrecy is not Secrecy.UNLINKED and not gives_codes(definition):
        return ()
    return (say(f"receipt.{definition.receipt.value}"),)


def codes_in_full(definition: Definition) -> tuple[Say, ...]:
    """What the long form adds: who knows a confidential ballot's code, or what can be checked without one."""
    match definition.secrecy:
        case Secrecy.PUBLIC:
            return (say("receipt.by-name"),)
        case Secrecy.CONFIDENTIAL if not gives_codes(definition):
            return (say("receipt.no-code"),)
        case Secrecy.CONFIDENTIAL:
            copies = (say("receipt.choice-copies"),) if definition.receipt is Receipt.CHOICE else ()
            return say("receipt.made"), *copies, say("sees.unlinked-chat")
        case Secrecy.UNLINKED:
            return ()
