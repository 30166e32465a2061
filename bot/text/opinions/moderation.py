"""What is said of statements that are read before or after their publication: the queue, and the public log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.consultation import Consultation
from bot.domain.debate.model import DebateRules
from bot.domain.debate.moderation import OTHER, counts
from bot.domain.opinions.model import OpinionRules, Statement, StatementState
from bot.domain.words import shown
from bot.text.card import Block, Card
from bot.text.cards import headline
from bot.text.catalogue import Speech

GROUNDS = (
    "moderation.ground.attack",
    "moderation.ground.unlawful",
    "moderation.ground.off-topic",
    "moderation.ground.personal-data",
    "moderation.ground.advertising",
)
"""The grounds of a consultation that declares none of its own."""
LOGGED = 20
"""Moderated statements that the log lists, the newest first."""
REASON_SHOWN = 80


def grounds_of(rules: DebateRules | OpinionRules, speech: Speech) -> tuple[str, ...]:
    """The declared grounds, in the words of the consultation's language where they are the usual ones."""
    return rules.grounds or tuple(speech.say(key) for key in GROUNDS)


def spoken_ground(ground: str, reason: str, speech: Speech) -> str:
    """A ground as it is told, with what was added to it: `off-topic: it is about another room`."""
    if ground == OTHER:
        return reason or speech.say("moderation.ground.other")
    return speech.say("moderation.ground-said", ground=ground, reason=reason) if reason else ground


def queue_card(consultation: Consultation, waiting: Sequence[Statement], speech: Speech) -> Card:
    """The oldest statement that waits to be read, and how many do."""
    first = waiting[0]
    return Card(
        (
            headline(consultation, speech),
            speech.line("opinions.queue", n=len(waiting)),
            speech.line("opinions.paper.statement", number=str(first.number), text=first.text),
        )
    )


def log_card(consultation: Consultation, statements: Sequence[Statement], speech: Speech) -> Card:
    """The public log: the numbers, which add up, how often each ground was given, and the last statements moderated
    with their grounds, without their words or their authors."""
    states = Counter(one.state for one in statements)
    moderated = [one for one in statements if one.state in {StatementState.MODERATED, StatementState.REFUSED}]
    blocks: list[Block] = [
        headline(consultation, speech, "opinions.log.headline"),
        speech.line(
            "opinions.log.figures", n=len(statements),
            published=states[StatementState.PUBLISHED], withdrawn=states[StatementState.WITHDRAWN],
            moderated=states[StatementState.MODERATED], refused=states[StatementState.REFUSED],
            pending=states[StatementState.PENDING],
        ),
    ]  # fmt: skip
    for ground, count in counts(one.ground for one in moderated).items():
        blocks.append(speech.line("opinions.log.ground", ground=shown(spoken_ground(ground, "", speech)), n=count))
    for one in moderated[: -LOGGED - 1 : -1]:
        ground = shown(spoken_ground(one.ground, one.reason, speech), REASON_SHOWN)
        hidden = one.state is StatementState.MODERATED
        key = "opinions.log.hidden" if hidden else "opinions.log.refused"
        blocks.append(speech.line(key, number=str(one.number), ground=ground))
    return Card(tuple(blocks))
