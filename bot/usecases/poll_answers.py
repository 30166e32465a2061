"""An answer in a poll of the platform's own that was taken back: the ballot becomes what the poll now says.

A ballot typed or pressed since is not touched: only one that came by that very answer
is. No earlier choice is kept for it: what the voter answered before stands in the poll.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.ballots import Choice, Withdrawal, amend
from bot.domain.casting import Cast, PollAnswer, Recorded
from bot.domain.consultation import Consultation
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.ports import Edited, Person, TypedAnswer
from bot.store import Account, Transaction
from bot.text.papers import IN_A_MESSAGE
from bot.usecases import vote
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.receipts import acknowledge
from bot.usecases.tell import sentence


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
    # Nobody else sends them what is owed meanwhile: it is told here, and from the notice after a crash only.
    async with house.memory.letterboxes.of(visit.account.id):
        told = f"{edited.key}/told"
        facts = {"number": found.number, "cast": edited.key}
        await house.store.write(lambda tx: tx.owe(visit.account.id, "answer-replaced", facts, told, edited.at))
        outcome = await vote.cast(house, edited.who, cast)
        if isinstance(outcome.ruling, Recorded):
            words = vote.told(consultation, outcome.ruling, visit.speech, IN_A_MESSAGE)
            await acknowledge(house, visit, consultation, outcome.ruling, words)
        await house.store.write(lambda tx: tx.paid(told))
    return isinstance(outcome.ruling, Recorded)


async def replaced_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """The ballot on record since an answer was taken back, where its voter could not be told at once; None if nothing
    was recorded."""
    number, key = int(facts["number"]), str(facts["cast"])

    def query(tx: Transaction) -> tuple[Consultation, Choice | None] | None:
        return (tx.consultation(number), tx.ballot_of(number, to.id)) if tx.was_seen(key) else None

    found = await house.store.read(query)
    if found is None:
        return None
    consultation, choice = found
    recorded = Recorded(choice, None, repeated=False)
    speech = await vote.voice(house, Person(to.ref, ""), consultation)
    words = vote.told(consultation, recorded, speech, IN_A_MESSAGE)
    return Letter((sentence(speech, "plain", text=words),))


def _standing(consultation: Consultation, left: Sequence[TypedAnswer]) -> TypedAnswer | None:
    """The newest answer left that makes a ballot, or leaves none on purpose: what our rules refuse never did either."""
    for one in left:
        try:
            amend(consultation.definition, None, read(one.text, consultation.definition))
        except Refusal:
            continue
        return one
    return None
