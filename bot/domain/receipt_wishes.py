"""What was asked of codes: what one will show after the closing, where there are codes at all."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.consultation import BallotType, Definition, Kind, Secrecy
from bot.domain.receipts import Receipt
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes


def with_receipts(definition: Definition, wishes: Wishes) -> Definition:
    """The definition with what a code will show: that a ballot was counted in a vote unless said otherwise, nothing
    elsewhere.

    Raises Refusal `receipt-public`: a public ballot is found by its voter's name.
    """
    asked = wishes.listed("receipt")
    if definition.secrecy is Secrecy.PUBLIC:
        if asked not in {None, Receipt.NONE.value}:
            raise Refusal("receipt-public", said=wishes.said("receipt"))
        return definition
    return replace(definition, receipt=Receipt(asked or _usual(definition)))


def _usual(definition: Definition) -> Receipt:
    """A poll doesn't weigh enough for a code; a signature says the same as any other."""
    votes = definition.kind is Kind.VOTE and definition.ballot is not BallotType.SIGNATURE
    return Receipt.INCLUSION if votes else Receipt.NONE
