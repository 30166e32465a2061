"""Casting a ballot: by a button, by a typed command, by a numbered reply; changing it, withdrawing it, looking at it.

The order never changes: the ballot is durably committed, then the voter is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.domain.ballots import Answer, Choice, Gesture, Withdrawal, complete, from_text, to_text
from bot.domain.casting import AcceptanceAsked, Cast, NoRight, PollAnswer, Recorded, Ruling
from bot.domain.charter import RULES_VERSION
from bot.domain.consultation import BallotType, Consultation, Secrecy, State
from bot.domain.ids import AccountRef, Action
from bot.domain.papers import FILLED_IN
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline, typed_in_room
from bot.text.catalogue import Speech
from bot.text.papers import IN_A_MESSAGE, IN_A_TOAST, ballot_words
from bot.text.reasons import with_reason
from bot.text.receipts import code_lines, code_words
from bot.text.signatures import signed
from bot.usecases import admission, asking_why
from bot.usecases.house import House, Visit
from bot.usecases.papers import paper
from bot.usecases.proxies.own import cast_for
from bot.usecases.receipts import acknowledge, code_of, own_code
from bot.usecases.sealed import casting as sealed
from bot.usecases.tell import answer, menu_of, with_menu

TOAST_LENGTH = 200
"""Characters of a toast that Telegram shows."""
_SHORTER = (IN_A_TOAST, 60, 40, 25, 18)
"""Characters for the words of a ballot in a toast, ever fewer, so that what follows them is whole."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cast, and the consultation it was cast in, for the words of the answer."""

    ruling: Ruling
    consultation: Consultation | None


async def cast(house: House, who: Person, one: Cast) -> Outcome:
    """Record one ballot, admitting the voter first where the rule allows it; nudges the card when something changed."""
    ruling = await house.store.cast(one, RULES_VERSION)
    if isinstance(ruling, NoRight):
        await _admit(house, who, one.number)
        ruling = await house.store.cast(one, RULES_VERSION)
    if isinstance(ruling, NoRight):
        raise Refusal("not-a-member", number=str(one.number))
    if isinstance(ruling, Refusal):
        house.memory.watch.refused(one.number, ruling.code)
    if isinstance(ruling, Recorded) and not ruling.repeated:
        house.memory.watch.recorded(one.number, one.at)
        house.nudge(one.number)
    consultation = await consultation_seen(house, one.number)
    if consultation is not None and consultation.definition.proxies is not None:
        house.memory.owes_notices = True  # perhaps to whoever voted for them until now
    return Outcome(ruling, consultation)


async def _admit(house: House, who: Person, number: int) -> None:
    """Admit the voter where the rule allows it; a refusal is counted."""
    try:
        await admission.admit(house, who, number)
    except Refusal as refusal:
        house.memory.watch.refused(number, refusal.code)
        raise


async def consultation_seen(house: House, number: int) -> Consultation | None:
    """The consultation for wording an answer, from memory while it is open."""
    memory = house.memory
    known = memory.consultation(number)
    if known is None:
        before = memory.changes
        known = await house.store.read(lambda tx: tx.find_consultation(number))
        # What changed while it was read may not be in it: such a reading is told from, and not remembered.
        if known is not None and memory.changes == before:
            memory.keep(known)
    return known


async def voice(house: House, who: Person, consultation: Consultation | None) -> Speech:
    """The voice for a private answer: the person's own language, else the consultation's."""
    own = await own_language(house, who.account)
    language = own or (consultation.definition.language if consultation else who.language)
    return house.speech(language, await _zone(house, consultation), who.account.platform)


async def own_language(house: House, account: AccountRef) -> str:
    """The language the account chose for itself, or ''."""
    memory = house.memory
    if memory.language(account) is None:
        async with memory.learning:  # one reads for all who press at once
            if memory.language(account) is None:
                memory.learn_languages(await house.store.read(lambda tx: tx.chosen_languages()))
    return memory.language(account) or ""


async def _zone(house: House, consultation: Consultation | None) -> str:
    if consultation is None:
        return house.defaults.time_zone
    known = house.memory.zone(consultation.organisation)
    if known is None:
        known = await house.store.read(lambda tx: tx.organisation(consultation.organisation).time_zone)
        house.memory.keep_zone(consultation.organisation, known)
    return known


async def press(house: House, pressed: Pressed, gesture: Gesture) -> Reply:
    """A ballot by button: the answer is a toast. Refusals are raised."""
    assert pressed.action is not None
    one = Cast(pressed.key, pressed.at, pressed.who.account, pressed.action.number, gesture)
    outcome = await cast(house, pressed.who, one)
    unsaid = asking_why.meant(gesture, outcome.ruling)
    if unsaid is not None and outcome.consultation is not None:
        return await asking_why.blocked_by_press(house, pressed, outcome.consultation, unsaid)
    if isinstance(outcome.ruling, Refusal):
        raise outcome.ruling
    speech = await voice(house, pressed.who, outcome.consultation)
    if isinstance(outcome.ruling, AcceptanceAsked):
        return Reply(toast(speech.say("vote.accept-by-pressing")), alert=True, asks_acceptance=True)
    assert isinstance(outcome.ruling, Recorded)
    assert outcome.consultation is not None
    more = ""
    if asking_why.takes_reasons(outcome.consultation):
        more = await asking_why.after_press(house, pressed, outcome.consultation, outcome.ruling)
    code = await code_of(house, outcome.consultation, outcome.ruling)
    return Reply(in_short(outcome.consultation, outcome.ruling, speech, code, more))


def toast(words: str, room: int = TOAST_LENGTH) -> str:
    """Words cut to what a toast can hold."""
    return words if len(words) <= room else words[: room - 1] + "…"


def in_short(consultation: Consultation, ruling: Recorded, speech: Speech, code: str = "", more: str = "") -> str:
    """The toast for a ballot, with its code whole if it has one."""
    return _with_code(lambda room: f"{told(consultation, ruling, speech, room)} {more}".strip(), code, speech)


def _with_code(words: Callable[[int], str], code: str, speech: Speech) -> str:
    """A toast that never cuts the code: the words are told with less room for names, and cut at last."""
    if not code:
        return toast(words(IN_A_TOAST))
    tail = code_words(code, speech)
    left = TOAST_LENGTH - len(tail) - len(" · ")
    said = toast(next((short for short in map(words, _SHORTER) if len(short) <= left), words(_SHORTER[-1])), left)
    # What is to be typed ends with no full stop: the code must not seem to belong to it.
    return f"{said}{' ' if said.endswith(('.', '…')) else ' · '}{tail}"


def told(consultation: Consultation, ruling: Recorded, speech: Speech, room: int = IN_A_TOAST) -> str:
    """The sentence for a ballot, its words in about `room` characters: recorded, changed, already recorded, withdrawn;
    and until when it can change."""
    definition = consultation.definition
    facts = {"number": str(consultation.number), "until": _until(consultation, speech)}
    if definition.ballot is BallotType.SIGNATURE:
        return signed(ruling, speech, **facts)
    if ruling.choice is None:
        key = "vote.nothing-to-withdraw" if ruling.repeated else "vote.withdrawn"
        return speech.say(key, **facts)
    words = with_reason(ballot_words(definition, ruling.choice, speech, room), ruling.reason, speech)
    if not complete(definition, ruling.choice):
        return speech.say("vote.incomplete", choice=words, n=definition.at_least - len(ruling.choice))
    if ruling.repeated:
        return speech.say("vote.already", choice=words, **facts)
    if ruling.previous in {None, ruling.choice} or not complete(definition, ruling.previous):
        return speech.say("vote.recorded", choice=words, **facts)
    previous = ballot_words(definition, ruling.previous, speech, room)
    key = "vote.changed-paper" if definition.ballot in FILLED_IN else "vote.changed"
    return speech.say(key, choice=words, previous=previous, **facts)


def _until(consultation: Consultation, speech: Speech) -> str:
    assert consultation.closes_at is not None
    return speech.until(consultation.closes_at)


async def typed(house: House, visit: Visit, who: Person, number: int, gesture: Gesture, accepts: bool = False) -> Reply:
    """A ballot by text. In a room it is taken only where what is typed may be seen by the room."""
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    if visit.room is not None and not typed_in_room(consultation.definition):
        await _lead_to_private(house, visit, consultation)
        return Reply()
    if consultation.definition.secrecy is Secrecy.UNLINKED:
        await sealed.typed(house, visit, consultation, gesture)
        return Reply()
    one = Cast(key_of(visit, accepts=accepts), visit.at, visit.account.ref, number, gesture, accepts, visit.answer)
    outcome = await cast(house, who, one)
    unsaid = asking_why.meant(gesture, outcome.ruling)
    if unsaid is not None:
        await asking_why.blocked_by_text(house, visit, consultation, unsaid)
        return Reply()
    if isinstance(outcome.ruling, Refusal):
        raise outcome.ruling
    if isinstance(outcome.ruling, AcceptanceAsked):
        await _ask_acceptance(house, visit, number, gesture)
        return Reply(asks_acceptance=True)
    assert isinstance(outcome.ruling, Recorded)
    assert outcome.consultation is not None
    words = told(outcome.consultation, outcome.ruling, visit.speech, IN_A_MESSAGE)
    await acknowledge(house, visit, outcome.consultation, outcome.ruling, words)
    if asking_why.takes_reasons(consultation):
        await asking_why.after_text(house, visit, consultation, outcome.ruling)
    return Reply()


def key_of(visit: Visit, *, accepts: bool) -> str:
    """What makes a typed ballot's repetition harmless; with the acceptance of the rules it is an act of its own."""
    return f"{visit.key}/yes" if accepts else visit.key


async def _ask_acceptance(house: House, visit: Visit, number: int, gesture: Gesture) -> None:
    options = to_text(gesture.options) if isinstance(gesture, Answer) else None
    reason = gesture.reason if isinstance(gesture, Answer) else ""
    by = [visit.answer.key, visit.answer.poll] if visit.answer is not None else None
    state = {"ask": "accept", "number": number, "options": options, "reason": reason, "answer": by}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    card = Card((visit.speech.line("vote.accept-by-yes"), visit.speech.line("charter.rules")))
    await answer(house, visit, card)


async def accept(house: House, visit: Visit, who: Person, dialogue: dict[str, object]) -> Reply:
    """The person said "yes": the ballot they had typed is recorded now."""
    options, number = dialogue["options"], dialogue["number"]
    assert isinstance(number, int)
    reason = str(dialogue.get("reason", ""))
    gesture: Gesture = Answer(from_text(options), reason) if isinstance(options, str) else Withdrawal()
    try:
        return await typed(house, replace(visit, answer=_answer_in(dialogue)), who, number, gesture, accepts=True)
    finally:
        # After the ballot: a "yes" that a crash cut off means the same when it comes again.
        await house.store.write(lambda tx: _accepted(tx, visit, number))


def _accepted(tx: Transaction, visit: Visit, number: int) -> None:
    """End the question that was answered, unless the answer led to another one."""
    if (tx.dialogue(visit.account.id) or {}).get("ask") == "accept":
        tx.set_dialogue(visit.account.id, {"ballot": number})


def _answer_in(dialogue: Mapping[str, object]) -> PollAnswer | None:
    """The answer in a platform's own poll that waits for the "yes", if it is one."""
    found = dialogue.get("answer")
    return PollAnswer(*found) if isinstance(found, list) else None


async def _lead_to_private(house: House, visit: Visit, consultation: Consultation) -> None:
    """The room would see this ballot: nothing is recorded, and the person is shown where it can be cast."""
    if await paper(house, visit, consultation):
        return
    raise Refusal("seen-by-the-room", number=str(consultation.number))


async def register(house: House, pressed: Pressed) -> Reply:
    """The "register" button: the member is on the roll from now on."""
    assert pressed.action is not None
    consultation = await admission.register(house, pressed.who, pressed.action.number)
    speech = await voice(house, pressed.who, consultation)
    return Reply(toast(speech.say("vote.registered", opens_at=consultation.opens_at)))


async def my_ballot(house: House, pressed: Pressed) -> Reply:
    """The "my ballot" button: what is on record, and how to withdraw it."""
    assert pressed.action is not None
    number = pressed.action.number

    def query(tx: Transaction) -> tuple[Consultation, Choice | None, str, str]:
        consultation = tx.consultation(number)
        account = tx.find_account(pressed.who.account)
        if account is None:
            return consultation, None, "", ""
        choice, reason = tx.ballot_of(number, account.id), tx.reasons.of(number, account.id)
        return consultation, choice, reason, own_code(tx, consultation, account.id)

    consultation, choice, reason, code = await house.store.read(query)
    speech = await voice(house, pressed.who, consultation)
    if choice is None and consultation.definition.secrecy is Secrecy.UNLINKED:
        return Reply(toast(await sealed.own_words(house, pressed.who.account, consultation, speech)))
    if choice is None:
        key = await _no_ballot(house, pressed.who.account, consultation)
        return Reply(_with_code(lambda _: speech.say(key, number=str(number)), code, speech))
    definition, chosen = consultation.definition, choice
    if consultation.state is State.OPEN:
        words = with_reason(ballot_words(definition, chosen, speech), reason, speech)
        await _offer_withdrawal(house, pressed, consultation, words, code, speech)
    key = "mine.signature" if definition.ballot is BallotType.SIGNATURE else "mine.ballot"

    def shortly(room: int) -> str:
        return speech.say(key, choice=ballot_words(definition, chosen, speech, room), number=str(number))

    return Reply(_with_code(shortly, code, speech))


async def _no_ballot(house: House, who: AccountRef, consultation: Consultation) -> str:
    """What is said to somebody who has cast none: another one may have, in their place."""
    by_another = await house.store.read(lambda tx: cast_for(tx, consultation, who))
    return "proxy.mine-cast-toast" if by_another else "mine.none"


async def _offer_withdrawal(
    house: House, pressed: Pressed, consultation: Consultation, words: str, code: str, speech: Speech
) -> None:
    messenger = house.messenger(pressed.who.account.platform)
    menu = menu_of((speech.say("button.withdraw"), Action("w", consultation.number)))
    card = Card(
        (
            headline(consultation, speech),
            speech.line("mine.ballot-private", choice=words, number=str(consultation.number)),
            *code_lines(consultation.definition.receipt, code, speech),
        )
    )
    full = with_menu(card, menu, messenger.buttons, speech)
    await messenger.whisper(pressed.who.account, full, f"{pressed.key}/mine", open_chat=False)
