"""The integrity panel in words: counts, and what each may mean."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.consultation import Consultation
from bot.domain.integrity import Signs
from bot.text.card import Block, Card, Line
from bot.text.cards import headline
from bot.text.catalogue import Speech

KINDS: Mapping[str, frozenset[str]] = {
    "late": frozenset({"already-closed", "not-open-yet", "cancelled"}),
    "newcomer": frozenset({"arrived-late", "too-recent", "listed-late"}),
    "roll": frozenset(
        {
            "not-a-member",
            "not-listed",
            "not-in-group",
            "not-given-a-code",
            "not-registered",
            "member-suspended",
            "membership-unknown",
        }
    ),
}
"""Refusals that the panel counts apart, by what they have in common."""


def panel(consultation: Consultation, signs: Signs, speech: Speech) -> Card:
    """Every sign, those that show nothing too: that nothing happened is worth knowing."""
    blocks: list[Block] = [
        headline(consultation, speech, "integrity.headline"),
        speech.line("integrity.joined", n=signs.joined),
        *_refused(signs, speech),
        speech.line("integrity.burst", n=signs.burst) if signs.burst else speech.line("integrity.no-burst"),
        speech.line("integrity.server", n=signs.new_server) if signs.new_server else speech.line("integrity.no-server"),
        speech.line("integrity.merged", n=signs.merged),
        speech.line("integrity.codes", n=signs.wrong_codes),
        speech.line("integrity.outages", n=signs.outages),
        speech.line("integrity.excused", n=signs.excused),
        speech.line("integrity.waiting", n=signs.waiting, number=str(consultation.number)),
        speech.line("integrity.counts-only"),
    ]
    return Card(tuple(blocks))


def _refused(signs: Signs, speech: Speech) -> list[Line]:
    """How many ballots were refused, with the reasons we have words for."""
    lines = [speech.line("integrity.refused", n=sum(signs.refused.values()))]
    for kind, codes in KINDS.items():
        count = sum(signs.refused.get(code, 0) for code in codes)
        if count:
            lines.append(speech.line(f"integrity.refused-{kind}", n=count))
    return lines
