"""Beside one's own ballot paper: the papers of those who gave one their vote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import Consultation, State
from bot.domain.ids import Action
from bot.store import Transaction
from bot.text.catalogue import Speech
from bot.text.proxies import Held, called, held_card
from bot.usecases.house import House, Visit
from bot.usecases.proxies.names import held_by, person_of
from bot.usecases.tell import Menu, menu_of, privately


def cast_menu(house: House, visit: Visit, consultation: Consultation, held: Sequence[Held]) -> Menu:
    """A choice for each vote that can be cast now."""
    if consultation.state is not State.OPEN:
        return ()
    return menu_of(*(vote_for(each, visit.speech) for each in held))


def vote_for(each: Held, speech: Speech) -> tuple[str, Action]:
    """The button that opens the paper of somebody else."""
    label = speech.say("button.proxy-vote", name=called(each.name, speech))
    return label, Action("pxv", each.proxy.number, str(each.proxy.giver))


async def offer(house: House, visit: Visit, consultation: Consultation) -> None:
    """After a paper was sent: whom else one votes for, with buttons where there are some. Elsewhere it is said what to
    type, since numbers typed now are those of the paper."""
    if consultation.definition.proxies is None:
        return

    def query(tx: Transaction) -> list[Held]:
        return held_by(tx, consultation.number, person_of(tx, visit))

    held = await house.store.read(query)
    if held:
        buttons = house.messenger(visit.account.ref.platform).buttons
        menu = cast_menu(house, visit, consultation, held) if buttons else ()
        await privately(house, visit, held_card(consultation, held, visit.speech), menu=menu)
