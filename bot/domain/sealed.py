"""Unlinked ballots: the voter's code, and what is sealed of a ballot.

The code is all that leads back to a ballot. What is published of it is its receipt, a
hash; whoever has no code finds nothing with it. Every ballot of a consultation has the
same length once sealed, so that a long ranking doesn't stand out from a short one.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ballots import Answer, Choice, amend, from_text, to_text
from bot.domain.consultation import BallotType, Definition, Results, Secrecy
from bot.domain.refusals import Refusal
from bot.domain.remedies import Remedy
from bot.domain.wishes import Wishes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no two look alike, for the letters I, L, O and U are not among them."""

LENGTH = 12
"""Signs of a code: 60 bits."""

_GROUP = 3
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_TYPED = re.compile(r"(?:^|\s)([0-9A-Za-z]{3}(?:-[0-9A-Za-z]{3}){3})\s*$")


@dataclass(frozen=True, slots=True)
class Opened:
    """A ballot once its seal is opened: the choice, and the receipt of the code it was cast under."""

    choice: Choice
    receipt: str


def new_code() -> str:
    """A fresh code: twelve random signs, not grouped."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """The code as it is shown and said: `K7M-2QX-94T-HBE`."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def code_in(text: str) -> str | None:
    """The code that someone typed, however they grouped it and whichever sign they took for another; None if it can't
    be one."""
    signs = signs_in(text)
    return signs if signs is not None and len(signs) == LENGTH else None


def signs_in(text: str) -> str | None:
    """The signs of the alphabet that someone typed; None if there is any other."""
    signs = re.sub(r"[\s\-]", "", text.translate(_DASHES)).upper().translate(_READ_AS)
    return signs if set(signs) <= set(ALPHABET) else None


def split_code(text: str) -> tuple[str, str | None]:
    """What stands before the code at the end of a typed ballot, and the code if there is one. There it is written in
    its groups, for an option's name may have twelve letters too."""
    found = _TYPED.search(text.translate(_DASHES))
    code = code_in(found[1]) if found else None
    return (text[: found.start()].strip(), code) if found and code else (text, None)


def receipt_of(code: str) -> str:
    """What is published of a code: the SHA-256, in hexadecimal, of `palabre-receipt:` and its twelve signs."""
    return hashlib.sha256(f"palabre-receipt:{code}".encode()).hexdigest()


def plain_ballot(definition: Definition, choice: Choice, code: str) -> bytes:
    """What is sealed: the choice and the code's receipt, as long for any ballot of the consultation."""
    said = json.dumps({"choice": to_text(choice), "receipt": receipt_of(code)})
    return said.ljust(_longest(definition)).encode()


def _longest(definition: Definition) -> int:
    """A length that no ballot exceeds: every option named, with the best mark, and what stands around it."""
    named = sum(len(f">{option.number}:{definition.best_mark}") for option in definition.options)
    return named + len(json.dumps({"choice": "", "receipt": receipt_of("")}))


def opened(definition: Definition, plain: bytes) -> Opened | None:
    """The ballot that was sealed; None if it is none that the rules allow."""
    try:
        said = json.loads(plain)
        choice, receipt = amend(definition, None, Answer(from_text(str(said["choice"])))), str(said["receipt"])
    except (ValueError, KeyError, TypeError, Refusal):
        return None
    return Opened(choice, receipt) if choice is not None else None


def sheet_of(ballots: list[Opened]) -> Mapping[str, int]:
    """How many ballots express each choice, by its canonical text, sorted: nothing is left of their order."""
    return dict(sorted(Counter(to_text(ballot.choice) for ballot in ballots).items()))


def usual_results(wishes: Wishes, *, hidden: bool) -> Results:
    """When partial counts are shown unless said: of sealed ballots there are none."""
    sealed = wishes.listed("secrecy") == Secrecy.UNLINKED
    return Results.CLOSING if hidden or sealed else Results.LIVE


def must_be_sealable(definition: Definition, wishes: Wishes) -> None:
    """Return unless its ballots are unlinked and something was asked for that unlinked ballots can't do.

    Raises Refusal `unlinked-excludes`, `unlinked-ballot`.
    """
    if definition.secrecy is not Secrecy.UNLINKED:
        return
    if definition.ballot in {BallotType.CONSENT, BallotType.SIGNATURE}:
        raise Refusal("unlinked-ballot", said=wishes.said("secrecy"))
    for key, asked in _excluded(definition).items():
        if asked:
            raise Refusal("unlinked-excludes", said=wishes.said(key))


def _excluded(definition: Definition) -> Mapping[str, bool]:
    """What needs to read the ballots, or to change their form, while it is open."""
    remedy = definition.if_no_quorum
    return {
        "results": definition.results is Results.LIVE,
        "early": definition.early is not None,
        "add_options": definition.add_options is not None,
        "if_no_quorum": remedy is not None and remedy.remedy is Remedy.EXTEND,
    }
