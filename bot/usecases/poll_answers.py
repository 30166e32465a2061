"""An answer in a poll of the platform's own that was taken back: the ballot becomes what the poll now says.

A ballot typed or pressed since is not touched: only one that came by that very answer
is. No earlier choice is kept for it: what the voter answered before stands in the poll.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ballots import Withdrawal, amend
from bot.domain.casting import Cast, PollAnswer, Recorded
from bot.domain.consultation import Consultation
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.ports import Edited, TypedAnswer
from bot.text.card import Card, Line, Span
from bot.text.papers import IN_A_MESSAGE
from bot.usecases import vote
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer


async def taken_back(house: House, visit: Visit, edited: Edited) -> bool:
    """Put in place of the ballot that came by the answer the one before it in the poll, or none, and tell the voter;
    False if no ballot on record came by it, or if it can't be changed any more."""
    found = await house.store.read(lambda tx: tx.poll_answered(visit.account.id, edited.original))
    if found is None:
        return False
    consultation = await house.store.read(lambda tx: tx.consultation(found.number))
    if not consultation.takes_ballots or consultation.closes_at is None:
        return False
    messenger = house.messenger(edited.room.platform)
    left = await messenger.poll_answers(edited.room, found.poll, visit.account.ref, consultation.closes_at)
    if left is None:
        return False
    one = _standing(consultation, left)
    by = PollAnswer(one.key, found.poll) if one is not None else None
    gesture = read(one.text, consultation.definition) if one is not None else Withdrawal()
    cast = Cast(edited.key, edited.at, visit.account.ref, found.number, gesture, answer=by, instead_of=edited.original)
    outcome = await vote.cast(house, edited.who, cast)
    if not isinstance(outcome.ruling, Recorded):
        return False
    words = vote.told(consultation, outcome.ruling, visit.speech, IN_A_MESSAGE)
    await answer(house, visit, Card((Line((Span(words),)),)))
    return True


def _standing(consultation: Consultation, left: Sequence[TypedAnswer]) -> TypedAnswer | None:
    """The newest answer left that makes a ballot, or leaves none on purpose: what our rules refuse never did either."""
    for one in left:
        try:
            amend(consultation.definition, None, read(one.text, consultation.definition))
        except Refusal:
            continue
        return one
    return None
