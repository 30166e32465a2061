"""What is owed to scrutineers and organisers about a key: to confirm a share, to give it, to destroy it, to agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.ids import Action
from bot.store import Account
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.debate.alerting import voice_to
from bot.usecases.disclose import setting_of
from bot.usecases.house import House
from bot.usecases.letters import Letter, Writes
from bot.usecases.tell import menu_of


def _saying(key: str, button: str = "") -> Writes:
    """A letter of one sentence, perhaps with the button by which its reader agrees that the ballots are opened."""

    async def write(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
        number = int(facts["number"])
        setting = await house.store.read(lambda tx: setting_of(tx, number))
        speech = voice_to(house, setting, to)
        line = speech.line(key, number=str(number), share=str(facts.get("share", "")))
        menu = menu_of((speech.say(button), Action("reveal", number))) if button else ()
        return Letter((Card((headline(setting.consultation, speech), line)),), menu)

    return write


WRITES: Mapping[str, Writes] = {
    "share-unconfirmed": _saying("share.confirm-now"),
    "share-asked": _saying("share.ask"),
    "share-ended": _saying("share.destroy"),
    "reveal-asked": _saying("reveal.ask", "button.reveal"),
}
"""Who writes each kind of notice."""
