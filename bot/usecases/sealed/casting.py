"""Casting an unlinked ballot, in private only: filled in, read again with its code, confirmed.

What is chosen is in the person's own chat and in this process's memory (`drafts`) until
it is sealed. A press that finds no draft any more changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.ballots import Answer, Gesture, Withdrawal
from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import POLLS, BallotType, Consultation
from bot.domain.ids import AccountRef, Action, PostRef
from bot.domain.papers import Paper, Step, checked, take
from bot.domain.refusals import Refusal
from bot.domain.sealed import code_in, new_code
from bot.domain.typed_ballots import read
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.catalogue import Speech
from bot.text.papers import paper_card, written_paper
from bot.text.sealed import recorded_card, review_card, voted_card
from bot.usecases.house import House, Visit
from bot.usecases.own_paper import order_of, show
from bot.usecases.sealed import guesses
from bot.usecases.sealed.drafts import Draft
from bot.usecases.sealed.recording import Fate, record, stands_under, withdraw
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import answer, sentence


async def begin(
    house: House, visit: Visit, consultation: Consultation, post: PostRef | None = None, code: str = ""
) -> bool:
    """Send the paper to the person alone, in place of `post` if that is theirs; False when that is not allowed yet.

    With the `code` of a ballot cast before, the paper will replace it. Raises Refusal `sealed-code-unknown`.
    """
    number = consultation.number
    if code:
        await _check_code(house, visit, number, code)
    elif await house.store.read(lambda tx: tx.has_voted(number, visit.account.id)):
        return await show(house, visit, voted_card(consultation, visit.speech), post)
    name = hashlib.sha256(visit.key.encode()).hexdigest()[:6]
    draft = house.drafts.of(visit.account.id, number)
    if draft is None or draft.paper.name != name:  # the same visit, come again, finds what it began
        draft = Draft(number, Paper(name), code or new_code(), replaces=bool(code))
        house.drafts.keep(visit.account.id, draft)
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, {"ballot": number}))
    return await show(house, visit, await _card(house, visit, consultation, draft), post)


async def _check_code(house: House, visit: Visit, number: int, code: str) -> None:
    async def looked() -> None:
        if not await stands_under(house, visit, number, code):
            raise Refusal("sealed-code-unknown", number=str(number))

    await guesses.must_be_few(house, visit)
    await guesses.counted(house, visit, looked())


async def _card(house: House, visit: Visit, consultation: Consultation, draft: Draft) -> Card:
    buttons = house.messenger(visit.account.ref.platform).buttons
    if draft.paper.reviewing and draft.paper.draft is not None:
        asked = consultation.definition.kind not in POLLS
        accepts = asked and not await house.store.read(lambda tx: tx.accepted(visit.account.id, RULES_VERSION))
        return review_card(
            consultation, draft.paper, draft.code, visit.speech, buttons=buttons, accepts=accepts
        )  # fmt: skip
    order = order_of(consultation, visit)
    if not buttons:
        return written_paper(consultation, order, visit.speech)
    return paper_card(consultation, draft.paper, order, visit.speech)


async def touch(house: House, visit: Visit, pressed: Pressed, consultation: Consultation, step: Step) -> Reply:
    """One touch on the paper. Raises Refusal `sealed-draft-gone`, and those of `papers.take`."""
    draft = house.drafts.of(visit.account.id, consultation.number)
    if draft is None or draft.paper.name != step.paper or step.verb == "c":
        raise Refusal("sealed-draft-gone", number=str(consultation.number))
    if draft.touched != visit.key:
        paper = take(consultation.definition, order_of(consultation, visit), draft.paper, step)
        if consultation.definition.ballot is BallotType.SINGLE and step.verb == "t":
            paper = replace(paper, reviewing=True)  # one press says it all
        draft = replace(draft, paper=paper, touched=visit.key)
        house.drafts.keep(visit.account.id, draft)
    await show(house, visit, await _card(house, visit, consultation, draft), pressed.post)
    return Reply()


async def confirm(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button under the review: seal the very draft it shows.

    Raises Refusal `expired-button`, `paper-changed`, `sealed-draft-gone`, and those of recording.
    """
    typed, _, fingerprint = action.argument.partition(".")
    code = code_in(typed)
    if code is None:
        raise Refusal("expired-button")
    consultation = await house.store.read(lambda tx: tx.consultation(action.number))
    must_be_open(consultation, visit.at)
    draft = house.drafts.of(visit.account.id, action.number)
    if draft is None or draft.code != code:
        # Pressed again, or pressed before a restart: whether the ballot is there is all that is known.
        if not await stands_under(house, visit, action.number, code):
            raise Refusal("sealed-draft-gone", number=str(action.number))
        fate = Fate.ALREADY
    elif draft.paper.fingerprint != fingerprint:
        raise Refusal("paper-changed")
    else:
        fate = await _sealed(house, visit, consultation, draft)
    await show(house, visit, recorded_card(consultation, fate.value, code, visit.speech), pressed.post)
    return Reply(visit.speech.say(fate.value))


async def _sealed(house: House, visit: Visit, consultation: Consultation, draft: Draft) -> Fate:
    choice = checked(consultation.definition, draft.paper.draft)
    fate = await record(house, visit, consultation, choice, draft.code, replaces=draft.replaces)
    house.drafts.drop(visit.account.id)
    return fate


async def typed(house: House, visit: Visit, consultation: Consultation, gesture: Gesture, code: str = "") -> None:
    """A ballot by text, in private: it is read again with its code before it counts; a withdrawal takes the code.

    Raises Refusal `sealed-code-needed`, `sealed-code-unknown`, and those of `ballots.amend`.
    """
    number = consultation.number
    must_be_open(consultation, visit.at)
    begun = house.drafts.of(visit.account.id, number)
    known = bool(code) or (begun is not None and begun.replaces)
    if not known and await house.store.read(lambda tx: tx.has_voted(number, visit.account.id)):
        raise Refusal("sealed-code-needed", number=str(number))
    match gesture:
        case Withdrawal() if not code:
            await answer(house, visit, sentence(visit.speech, "vote.nothing-to-withdraw", number=str(number)))
        case Withdrawal():
            await guesses.must_be_few(house, visit)
            await withdraw(house, visit, consultation, code)
            house.drafts.drop(visit.account.id)
            await answer(house, visit, sentence(visit.speech, "sealed.withdrawn", number=str(number)))
        case Answer(choice):
            await _reviewed(house, visit, consultation, Answer(choice), code)
        case _:
            raise Refusal("expired-button")


async def with_code(house: House, visit: Visit, consultation: Consultation, text: str, code: str) -> None:
    """`/v 12 2 CODE`: replace the ballot under the code; `/v 12 - CODE`: withdraw it; `/v 12 CODE`: a paper for it."""
    if text:
        await typed(house, visit, consultation, read(text, consultation.definition), code)
        return
    must_be_open(consultation, visit.at)
    await begin(house, visit, consultation, code=code)


async def _reviewed(house: House, visit: Visit, consultation: Consultation, typed: Answer, code: str) -> None:
    number = consultation.number
    if code:
        await _check_code(house, visit, number, code)
    choice = checked(consultation.definition, typed.options)
    before = house.drafts.of(visit.account.id, number)
    replaces = bool(code) or (before is not None and before.replaces)
    name = hashlib.sha256(visit.key.encode()).hexdigest()[:6]
    kept = code or (before.code if before is not None else new_code())
    draft = Draft(number, Paper(name, choice, reviewing=True), kept, replaces)
    house.drafts.keep(visit.account.id, draft)
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, {"ballot": number}))
    await answer(house, visit, await _card(house, visit, consultation, draft))


async def own_words(house: House, who: AccountRef, consultation: Consultation, speech: Speech) -> str:
    """What **My ballot** says: whether the person voted, which is all that the server knows."""

    def query(tx: Transaction) -> bool:
        account = tx.find_account(who)
        return account is not None and tx.has_voted(consultation.number, account.id)

    voted = await house.store.read(query)
    return speech.say("sealed.mine" if voted else "mine.none", number=str(consultation.number))


async def confirmed(house: House, visit: Visit, dialogue: Mapping[str, Any]) -> bool:
    """The person said "yes": seal the ballot they read again, if that is what the dialogue is about; False if there is
    none that waits for it."""
    draft = house.drafts.of(visit.account.id)
    if draft is not None and dialogue.get("ballot") != draft.number:
        draft = None  # this "yes" answers something else
    if draft is None or not draft.paper.reviewing:
        return await _sealed_before(house, visit)
    consultation = await house.store.read(lambda tx: tx.consultation(draft.number))
    fate = await _sealed(house, visit, consultation, draft)
    await answer(house, visit, recorded_card(consultation, fate.value, draft.code, visit.speech))
    return True


async def _sealed_before(house: House, visit: Visit) -> bool:
    """Whether this very "yes" sealed a ballot before a restart, of which only that much is known."""

    def query(tx: Transaction) -> bool:
        return tx.was_seen(f"{visit.key}/sealed")

    if not await house.store.read(query):
        return False
    await answer(house, visit, sentence(visit.speech, Fate.ALREADY.value))
    return True
