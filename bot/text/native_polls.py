"""A consultation's question as a poll of the platform's own, for cards that stand where there are no buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consultation import BallotType, Consultation, Results, Secrecy, State
from bot.text.card import Card, NativePoll
from bot.text.cards import Place, labelled
from bot.text.catalogue import Speech

MOST_OPTIONS = 20
"""The options of one poll: clients leave out what is more (MSC3381)."""
_BALLOTS = frozenset({BallotType.SINGLE, BallotType.APPROVAL})


def with_poll_in_room(card: Card, consultation: Consultation, place: Place, speech: Speech) -> Card:
    """The card of a room with its poll, where names and choices are public anyway: such a poll shows them to all."""
    if place.buttons or consultation.definition.secrecy is not Secrecy.PUBLIC or not _fits(consultation):
        return card
    poll = _poll(consultation, disclosed=consultation.definition.results is Results.LIVE)
    if consultation.state is State.OPEN:
        return replace(card, blocks=(*card.blocks, speech.line("card.native-poll")), poll=poll)
    return replace(card, poll=replace(poll, over=speech.say("card.native-poll-over", number=str(consultation.number))))


def with_poll_in_private(card: Card, consultation: Consultation, place: Place, order: Sequence[int]) -> Card:
    """The private ballot paper with its poll in this voter's order, which only they and we see."""
    if place.buttons or not _fits(consultation):
        return card
    poll = _poll(consultation, disclosed=False)
    return replace(card, poll=replace(poll, options=tuple(sorted(poll.options, key=lambda each: order.index(each[0])))))


def _fits(consultation: Consultation) -> bool:
    definition = consultation.definition
    # What was asked in such a poll can't change, so one that may grow is asked in words alone.
    fixed = definition.add_options is None
    return fixed and definition.ballot in _BALLOTS and len(definition.options) <= MOST_OPTIONS


def _poll(consultation: Consultation, disclosed: bool) -> NativePoll:
    definition = consultation.definition
    options = tuple((option.number, labelled(option)) for option in definition.options)
    most = min(definition.at_most, len(options)) if definition.ballot is BallotType.APPROVAL else 1
    return NativePoll(consultation.number, definition.title, options, most, disclosed)
