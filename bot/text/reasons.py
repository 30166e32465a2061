"""Why people don't agree, in words: what is asked of a voter, and the reasons that stand under a result."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ballots import Choice
from bot.domain.consultation import Consultation, Definition, OptionRole, Secrecy
from bot.domain.reasons import GivenReason, Reason, reason_for
from bot.text.card import Block, Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fitting import cut
from bot.text.papers import ballot_words

_LONGEST = 4_000
"""Characters that hold any reason, and any name beside it."""


def why_card(consultation: Consultation, choice: Choice, speech: Speech) -> Card:
    """The private question: what is recorded and what is not yet, who will read the answer, and when."""
    definition = consultation.definition
    required = reason_for(definition, choice) is Reason.REQUIRED
    public = definition.secrecy is Secrecy.PUBLIC
    facts = {"choice": ballot_words(definition, choice, speech), "number": str(consultation.number)}
    return Card(
        (
            headline(consultation, speech),
            speech.line("why.block" if required else "why.disagree", **facts),
            speech.line("why.read-public" if public else "why.read"),
        )
    )


def with_reason(words: str, reason: str, speech: Speech) -> str:
    """A ballot in words, with its reason if it has one."""
    return speech.say("why.with", choice=words, reason=reason) if reason else words


def reason_lines(
    definition: Definition,
    reasons: Sequence[GivenReason],
    speech: Speech,
    most: int = _LONGEST,
    longest: int = _LONGEST,
) -> list[Block]:
    """The reasons, blocks first, each cut to `longest` characters, at most so many of them; nothing where there are
    none to show."""
    shown = sorted(reasons, key=lambda given: _place(definition, given))[:most]
    if not shown:
        return []
    return [speech.line("result.why-not"), *(_line(definition, given, speech, longest) for given in shown)]


def _place(definition: Definition, given: GivenReason) -> tuple[bool, Choice, int, str, str]:
    """Never the order in which they came: blocks, then disagreements, and in each what most people say."""
    roles = {option.number: option.role for option in definition.options}
    blocks = any(roles.get(number) is OptionRole.BLOCK for number in given.choice)
    return not blocks, tuple(given.choice), -given.times, given.name or "", given.text


def _line(definition: Definition, given: GivenReason, speech: Speech, longest: int) -> Block:
    words = ballot_words(definition, given.choice, speech)
    if given.name is not None:
        name = cut(given.name, longest) if given.name else speech.say("result.no-name")
        return speech.line("result.reason-of", choice=words, name=name, reason=cut(given.text, longest))
    key = "result.reason-shared" if given.times > 1 else "result.reason"
    return speech.line(key, choice=words, reason=cut(given.text, longest), n=given.times)
