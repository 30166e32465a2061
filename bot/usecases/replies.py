"""The shortest way for a reply to a poll's card in a room: one cast, one answer.

A homeserver brings such replies by the hundred. Whatever needs more than that, a
refusal included, takes the long way of every other message, which says why.
"""

from __future__ import annotations

from bot.domain.added_options import proposed
from bot.domain.ballot_codes import gives_codes
from bot.domain.casting import Cast, Recorded
from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import POLLS, Consultation
from bot.domain.ids import PostRef
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.ports import Never, Said
from bot.text.card import Card, Line, Span
from bot.text.papers import IN_A_MESSAGE
from bot.usecases import vote
from bot.usecases.arriving import visit_of
from bot.usecases.asking_why import takes_reasons
from bot.usecases.house import House
from bot.usecases.tell import greet, named


async def counted(house: House, said: Said) -> bool:
    """Record a reply to an open poll by someone on its roll, and tell them; False when there is more to it."""
    consultation = await _answered(house, said.reply_to) if said.reply_to else None
    # In a poll, voting is accepting the rules; elsewhere a typed ballot waits for its "yes".
    if consultation is None or not consultation.takes_ballots or consultation.definition.kind not in POLLS:
        return False
    if proposed(said.text, consultation.definition) is not None:
        return False
    if takes_reasons(consultation) or gives_codes(consultation.definition):
        return False
    try:
        gesture = read(said.text, consultation.definition)
    except Refusal:
        return False
    speech = await vote.voice(house, said.who, consultation)
    cast = Cast(said.key, said.at, said.who.account, consultation.number, gesture)
    ruling = await house.store.cast(cast, RULES_VERSION)
    if not isinstance(ruling, Recorded):
        return False  # nothing is noted of it, so the long way finds it as if for the first time
    if not ruling.repeated:
        house.nudge(consultation.number)
    await _tell(house, said, Card((Line((Span(vote.told(consultation, ruling, speech, IN_A_MESSAGE)),)),)))
    return True


async def _answered(house: House, ref: PostRef) -> Consultation | None:
    """The consultation that this message of ours is about, from memory when it is open."""
    memory = house.memory
    if memory.number_at(ref) is None:
        async with memory.learning:  # one reads for all who answer at once
            if memory.number_at(ref) is None:
                post = await house.store.read(lambda tx: tx.post_at(ref))
                if post is None:
                    return None
                await vote.consultation_seen(house, post.number)
                memory.keep_post(ref, post.number)
    number = memory.number_at(ref)
    return await vote.consultation_seen(house, number) if number is not None else None


async def _tell(house: House, said: Said, card: Card) -> None:
    """Privately, else in the room, as `tell.answer` does once it knows who came."""
    messenger = house.messenger(said.who.account.platform)
    outcome = await messenger.whisper(said.who.account, card, f"{said.key}/recorded", open_chat=False)
    if isinstance(outcome, Never):
        shown = named(card, said.who.name)
        await house.messenger(said.room.platform).post(said.room, shown, f"{said.key}/room/recorded", said.message)
        return
    visit = await visit_of(house, said)
    if not visit.account.greeted:
        await greet(house, visit)
