"""Ties that the organisers decide: for each, the author is asked once, in private, which of the options left level
stands."""

from __future__ import annotations

from bot.domain.consultation import Consultation, State, Tie
from bot.domain.ids import Action
from bot.domain.results import Result, Verdict
from bot.store import Transaction
from bot.text.card import Card
from bot.usecases.disclose import setting_of, voice_to_author, warn_once
from bot.usecases.facts import facts_of
from bot.usecases.house import House
from bot.usecases.tell import Choice, saved_menu, with_menu


async def ask_author(house: House, consultation: Consultation) -> None:
    """Ask the author to decide, if this consultation ended in a tie that is theirs to decide and nobody was asked."""
    if consultation.state not in {State.CLOSED, State.CERTIFIED} or consultation.definition.tie is not Tie.ORGANISER:
        return
    number = consultation.number
    facts = await house.store.read(lambda tx: facts_of(tx, number))
    if facts.result.verdict is not Verdict.TIED:
        return
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    if setting.author.ref.platform not in house.messengers:
        return
    menu = menu_of_leaders(consultation, facts.result)
    speech = voice_to_author(house, setting)
    texts = tuple(choice.label for choice in menu)
    decided = len(consultation.tie_choices)
    card = Card((speech.line("tie.ask-next" if decided else "tie.ask", number=str(number), options=texts),))
    what = f"tie-{decided}" if decided else "tie"
    messenger = house.messenger(setting.author.ref.platform)

    def offer(tx: Transaction) -> None:
        if not tx.was_seen(f"warn:{number}:{what}"):
            tx.set_dialogue(setting.author.id, {"menu": saved_menu(menu)})

    await house.store.write(offer)
    await warn_once(house, setting, what, with_menu(card, menu, messenger.buttons, speech))


def menu_of_leaders(consultation: Consultation, result: Result) -> tuple[Choice, ...]:
    """The options left level, under their own numbers."""
    options = [option for option in consultation.definition.options if option.number in result.leaders]
    return tuple(
        Choice(option.number, option.text, Action("tie", consultation.number, str(option.number))) for option in options
    )
