"""What a bundle says of the roll and of the journal: counts and digests, never who.

Lines of the journal about other consultations stand in the chain by their digests
alone: what they say concerns other rooms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.canonical import canonical
from bot.domain.chain import content_digest
from bot.domain.consultation import Consultation
from bot.store import JournalEntry, Transaction


def roll_facts(tx: Transaction, consultation: Consultation) -> dict[str, Any]:
    """The roll's size, rule and salted digest, as they were frozen, and how many of it voted or took part."""
    definition, closing = consultation.definition, closing_of(tx.journal(consultation.number))
    salted, _, salt = consultation.roll_digest.partition(":")
    return {
        "source": definition.roll.value,
        "seniority": None if definition.seniority is None else int(definition.seniority.total_seconds()),
        "size": consultation.roll_size,
        "known": consultation.roll_known,
        "digest": salted,
        "salt": salt,
        "voters": closing.get("voters"),
        **({"by_proxy": closing.get("by_proxy")} if definition.proxies is not None else {}),
    }


def closing_of(entries: Sequence[JournalEntry]) -> Mapping[str, Any]:
    """What the journal says of the closing; {} where there was none."""
    return next((entry.facts for entry in entries if entry.kind == "closed"), {})


def heads_of(entries: Sequence[JournalEntry]) -> dict[str, str]:
    """The journal's head at the opening and at the closing, by `opened` and `closed`, as far as they are there."""
    return {entry.kind: entry.hash for entry in entries if entry.kind in {"opened", "closed"}}


def journal_lines(tx: Transaction, number: int) -> str:
    """The chain from the first line about this consultation to the last, one canonical JSON object a line."""
    own = tx.journal(number)
    chain = tx.journal(between=(own[0].sequence, own[-1].sequence)) if own else ()
    return "".join(f"{canonical(_line(entry, entry.number == number))}\n" for entry in chain)


def _line(entry: JournalEntry, ours: bool) -> dict[str, Any]:
    place = {"hash": entry.hash, "previous": entry.previous, "sequence": entry.sequence}
    if not ours:
        return {**place, "content": content_digest(entry.at, entry.kind, entry.number, entry.facts)}
    return {**place, "at": entry.at, "facts": dict(entry.facts), "kind": entry.kind, "number": entry.number}
