"""The codes of confidential ballots, and what is published of codes at the closing.

Such a code is kept nowhere: it is worked out from the voting right and a secret of the
consultation, so it stays the same however often the ballot changes. At the closing the
secret is erased, and nothing leads from a right to its code any more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from bot.domain.ballots import Choice, to_text
from bot.domain.canonical import digest
from bot.domain.consultation import Definition, Secrecy
from bot.domain.receipts import Receipt
from bot.domain.sealed import ALPHABET, LENGTH, receipt_of

_BITS_PER_SIGN = 5

Published = Sequence[tuple[str, str]]
"""The receipt of each ballot that counted, with what the ballot says or '', sorted."""


def gives_codes(definition: Definition) -> bool:
    """Whether each right has a code worked out from a secret: an unlinked ballot has a code of its own instead."""
    return definition.secrecy is Secrecy.CONFIDENTIAL and definition.receipt is not Receipt.NONE


def new_secret() -> bytes:
    """What the codes of one consultation are made from: 256 random bits."""
    return secrets.token_bytes(32)


def code_from(secret: bytes, right: int) -> str:
    """The code of the right's ballot: the first 60 bits of HMAC-SHA-256(secret, right), as twelve signs, not
    grouped."""
    mark = int.from_bytes(hmac.new(secret, str(right).encode(), hashlib.sha256).digest())
    first = mark >> (256 - LENGTH * _BITS_PER_SIGN)
    places = reversed(range(0, LENGTH * _BITS_PER_SIGN, _BITS_PER_SIGN))
    return "".join(ALPHABET[first >> place & 31] for place in places)


def receipts(declared: Receipt, ballots: Iterable[tuple[str, Choice]]) -> Published:
    """What is published of the ballots that counted, each given by its receipt and its choice: nothing, that they
    were counted, or each with its ballot."""
    if declared is Receipt.NONE:
        return ()
    with_choice = declared is Receipt.CHOICE
    return sorted((receipt, to_text(choice) if with_choice else "") for receipt, choice in ballots)


def receipts_of(definition: Definition, secret: bytes, ballots: Iterable[tuple[int, Choice]]) -> Published:
    """The same of confidential ballots, each given by its right."""
    by_receipt = ((receipt_of(code_from(secret, right)), choice) for right, choice in ballots)
    return receipts(definition.receipt, by_receipt)


def receipts_digest(published: Published) -> str:
    """The digest of all receipts, that the journal keeps: `[[receipt, ballot], …]` in their order."""
    return digest([list(line) for line in published])
