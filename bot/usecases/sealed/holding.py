"""`/share N`: what a scrutineer who holds half of a key sees of it, confirms, and can have done again."""

from __future__ import annotations

from bot.domain.authority import Act
from bot.domain.consultation import State
from bot.domain.ids import Action
from bot.domain.key_shares import KeyShare, is_shared
from bot.domain.refusals import Refusal
from bot.domain.words import fold
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.key_shares import SHOWN_OF_KEY
from bot.usecases.disclose import setting_of
from bot.usecases.house import House, Visit
from bot.usecases.sealed.shares import send
from bot.usecases.steer import authorised
from bot.usecases.tell import answer, sentence

KEPT = frozenset({"kept", "gardee"})
NEW = frozenset({"new", "nouvelle"})
"""Folded words after `/share N`: my share is kept; make new ones."""

_BEFORE = frozenset({State.SCHEDULED, State.DISCLOSED})


async def share(house: House, visit: Visit, number: int, text: str) -> None:
    """`/share 12`: my share again, or how the shares stand; `kept`: I have it; `new`: two new ones, before the opening.

    Raises Refusal `share-in-private`, `share-words`, and those of each.
    """
    if not visit.private:
        raise Refusal("share-in-private", number=str(number))
    await _must_be_shared(house, number)
    match fold(text):
        case "":
            await _show(house, visit, number)
        case word if word in KEPT:
            await _keep(house, visit, number)
        case word if word in NEW:
            await _renew(house, visit, number)
        case _:
            raise Refusal("share-words", number=str(number))


async def _must_be_shared(house: House, number: int) -> None:
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    if not is_shared(consultation.definition):
        raise Refusal("share-none", number=str(number))


def mine(tx: Transaction, visit: Visit, number: int) -> KeyShare | None:
    """The share that the person holds, by whichever of their accounts."""
    person = tx.account_by_id(visit.account.id).person
    found = (share for share in tx.sealed.shares.of(number) if share.account is not None and share.sent)
    return next((share for share in found if tx.account_by_id(share.account or 0).person == person), None)


async def pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button under a share: its holder has it. Raises Refusal `share-replaced`, and those of confirming."""
    await _must_be_shared(house, action.number)
    await _keep(house, visit, action.number, action.argument)
    return Reply()


async def _keep(house: House, visit: Visit, number: int, shown: str = "") -> None:
    """Note that the person has their share, the one that was `shown`; then it is destroyed here."""

    def work(tx: Transaction) -> KeyShare:
        state, held = tx.consultation(number, lock=True).state, mine(tx, visit, number)
        if held is None:
            raise Refusal("share-not-yours", number=str(number))
        if shown not in {"", f"{held.share}.{held.public[:SHOWN_OF_KEY]}"}:
            raise Refusal("share-replaced", number=str(number))
        if held.kept_at is None:
            if state is not State.DISCLOSED:
                raise Refusal("share-replaced", number=str(number))
            tx.sealed.shares.kept(number, held.share, visit.at)
            tx.record(visit.at, "share-kept", {"share": held.share}, number)
        return held

    held = await house.store.write(work)
    house.nudge(number)  # which destroys it here, see `shares.look_after`
    await answer(house, visit, sentence(visit.speech, "share.noted", number=str(number), share=str(held.share)))


async def _show(house: House, visit: Visit, number: int) -> None:
    """A holder's own share as long as it is here; to whoever looks after the vote, how both stand."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    held = await house.store.read(lambda tx: mine(tx, visit, number))
    if held is None:
        await authorised(house, visit, number, Act.OVERSEE)
        shares = await house.store.read(lambda tx: tx.sealed.shares.of(number))
        kept = sum(share.kept_at is not None for share in shares)
        line = visit.speech.line("share.status", n=kept)
        await answer(house, visit, Card((headline(setting.consultation, visit.speech), line)))
    elif held.kept_at is None and setting.consultation.state is State.DISCLOSED:
        await send(house, setting, visit.account, held, visit.key)
    else:
        key = "share.kept-before" if setting.consultation.state in _BEFORE else "share.kept"
        await answer(house, visit, sentence(visit.speech, key, number=str(number), share=str(held.share)))


async def _renew(house: House, visit: Visit, number: int) -> None:
    """Have two new shares made. Raises Refusal `share-too-late` once it is open, and those of `authority`."""
    if await house.store.read(lambda tx: mine(tx, visit, number)) is None:
        await authorised(house, visit, number, Act.OVERSEE)

    def work(tx: Transaction) -> None:
        consultation = tx.consultation(number, lock=True)
        if consultation.state not in _BEFORE:
            raise Refusal("share-too-late", number=str(number))
        if tx.first_time(f"{visit.key}/share"):
            tx.sealed.shares.deal(number, ())
            tx.record(visit.at, "shares-void", {}, number)

    await house.store.write(work)
    house.nudge(number)
    await answer(house, visit, sentence(visit.speech, "share.renewed", number=str(number)))
