"""The button by which a second person agrees to an act that needs two; it is done at once, as it was proposed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.approvals import Paired, Word, proposed
from bot.domain.authority import Act
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Pressed
from bot.store import Transaction
from bot.usecases import steer
from bot.usecases.approvals import give, terms_of
from bot.usecases.disclose import Setting
from bot.usecases.house import House, Visit

CARRIED_OUT: Mapping[Paired, Callable[[House, Visit, Setting, str], Awaitable[None]]] = {
    Paired.OPEN: steer.carry_out_opening,
    Paired.CLOSE: steer.carry_out_closing,
    Paired.CANCEL: steer.carry_out_cancelling,
    Paired.REVEAL: steer.carry_out_revealing,
}
"""How each act is done once two agree."""


async def agree(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Agree to what somebody else proposed. Raises Refusal `nothing-to-agree-to` when it no longer stands as it was
    shown, and those of `authority`."""
    act, _, shown = action.argument.partition("-")
    if act not in set(CARRIED_OUT) or not shown:
        raise Refusal("expired-button")
    number, paired = action.number, Paired(act)
    setting = await steer.authorised(house, visit, number, Act.OVERSEE)

    def work(tx: Transaction) -> Word:
        consultation = tx.consultation(number, lock=True)
        person = tx.account_by_id(visit.account.id).person
        found = proposed(tx.scrutiny.words(number), paired, person, visit.at, shown)
        if found is None or found.terms != terms_of(paired, consultation, found.terms):
            raise Refusal("nothing-to-agree-to", number=str(number))
        give(tx, visit, number, paired, found.terms)
        return found

    word = await house.store.write(work)
    await CARRIED_OUT[paired](house, visit, setting, word.terms)
