"""What is said of moderation in a debate: the public log with its counts, the queue, and what authors are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.consultation import Consultation
from bot.domain.debate.figures import figures
from bot.domain.debate.model import Argument, ArgumentState
from bot.domain.debate.moderation import counts
from bot.text.card import Block, Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.debate.arguments import kind_of, source_of
from bot.text.fitting import cut, first_fitting
from bot.text.opinions.moderation import spoken_ground

LOGGED = 20
"""Acts that the log lists, the last first."""
REASON_SHOWN = 120
"""Code units of a ground with its reason in the log."""
GROUNDS_COUNTED = 12
"""Grounds whose counts the log gives, the most frequent first."""

_ACTS: Mapping[str, str] = {
    "hidden": "moderation.log.hidden",
    "restored": "moderation.log.restored",
    "refused": "moderation.log.refused",
}
"""The key of each act, by what the journal calls it."""


@dataclass(frozen=True, slots=True)
class ModerationAct:
    """One act of the journal: what was done to which argument, when, and why."""

    kind: str
    at: datetime
    facts: Mapping[str, Any]


def log_card(
    consultation: Consultation, arguments: Sequence[Argument], acts: Sequence[ModerationAct], speech: Speech
) -> Card:
    """The public log: the numbers, which add up, how often each ground was given, and the last acts. It never shows the
    words that were hidden, nor whose they were."""
    listed = range(min(len(acts), LOGGED), -1, -1)
    return first_fitting(_log(consultation, arguments, acts[len(acts) - shown :], speech) for shown in listed)


def _log(
    consultation: Consultation, arguments: Sequence[Argument], acts: Sequence[ModerationAct], speech: Speech
) -> Card:
    found = figures(arguments)
    blocks: list[Block] = [
        headline(consultation, speech, "moderation.log.headline"),
        speech.line(
            "moderation.log.figures", n=found.received, published=found.published, withdrawn=found.withdrawn,
            moderated=found.moderated, refused=found.refused, pending=found.pending,
        ),
    ]  # fmt: skip
    given = [one.ground for one in arguments if one.state in {ArgumentState.MODERATED, ArgumentState.REFUSED}]
    for ground, count in list(counts(given).items())[:GROUNDS_COUNTED]:
        blocks.append(speech.line("moderation.log.ground", ground=_cut(ground, "", speech), n=count))
    blocks += [_act(act, speech) for act in reversed(acts)]
    blocks.append(speech.line("moderation.log.unseen"))
    return Card(tuple(blocks))


def _act(act: ModerationAct, speech: Speech) -> Line:
    ground = _cut(str(act.facts.get("ground", "")), str(act.facts.get("reason", "")), speech)
    return speech.line(_ACTS[act.kind], number=str(act.facts["argument"]), when=speech.until(act.at), ground=ground)


def _cut(ground: str, reason: str, speech: Speech) -> str:
    return cut(spoken_ground(ground, reason, speech), REASON_SHOWN)


def queue_card(consultation: Consultation, waiting: Sequence[Argument], speech: Speech) -> Card:
    """The oldest argument that waits to be read, and how many do."""
    first = waiting[0]
    blocks: list[Block] = [
        headline(consultation, speech),
        speech.line("moderation.queue", n=len(waiting)),
        speech.heading("debate.thread", number=str(first.number), kind=kind_of(first, speech)),
        Line((Span(first.text),)),
    ]
    if first.source:
        blocks.append(Line(source_of(first, speech)))
    return Card(tuple(blocks))
