"""Accepting the rules before the first contribution: the act waits for a second press, or for a typed "yes".

What was typed is kept with the dialogue it interrupted until it has been done, so that
neither a crash nor a "yes" delivered twice loses it or does it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.charter import RULES_VERSION
from bot.domain.ids import PostRef, RoomRef
from bot.domain.words import fold
from bot.ports import Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Card
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, privately

YES = frozenset({"oui", "yes", "ok", "d'accord", "j'accepte", "i accept"})
"""Words (folded) that accept the rules after something typed."""


async def by_pressing(house: House, pressed: Pressed) -> bool:
    """Whether this press accepts the rules: the second one does, the first is only noted. A press delivered again has
    the fate it had."""
    now = house.clock.now()

    def work(tx: Transaction) -> bool:
        account = tx.account(pressed.who.account, pressed.who.name, now).id
        asked = tx.asked_to_accept(account, RULES_VERSION)
        if not tx.first_time(f"{pressed.key}/accept"):
            return tx.accepted(account, RULES_VERSION)
        tx.set_accepted(account, RULES_VERSION, asked)
        return asked

    return await house.store.write(work)


async def ask(house: House, visit: Visit, said: Said) -> Reply:
    """Keep what was typed and ask for the "yes" that does it."""

    def work(tx: Transaction) -> None:
        was = tx.dialogue(visit.account.id) or {}
        # A second message while we wait takes the place of the first, not of the dialogue under it.
        under = was.get("was") if was.get("ask") == "accept" else was
        kept = {"ask": "accept", "said": _saved(said), "was": under or None}
        tx.set_accepted(visit.account.id, RULES_VERSION, False)
        tx.set_dialogue(visit.account.id, kept)

    await house.store.write(work)
    speech = visit.speech
    card = Card((speech.line("debate.accept-by-yes"), speech.line("charter.rules")))
    # In a private chat made for it where that is possible: hundreds of newcomers must not fill the room.
    if not await privately(house, visit, card, open_chat=True):
        await answer(house, visit, card)
    return Reply(asks_acceptance=True)


async def waiting(house: House, visit: Visit, said: Said, dialogue: Mapping[str, Any]) -> Said | None:
    """What the person typed before, to be done now: they answered "yes", or their "yes" is delivered again. The rules
    are accepted when this returns it; None when nothing waits for these words."""
    accepted = dialogue.get("accepted")
    if accepted and accepted["by"] == said.key:
        return _restored(accepted["said"], said)
    if dialogue.get("ask") != "accept" or "said" not in dialogue or fold(said.text) not in YES:
        return None
    kept = dict(dialogue["was"] or {}) | {"accepted": {"by": said.key, "said": dialogue["said"]}}

    def work(tx: Transaction) -> None:
        tx.set_accepted(visit.account.id, RULES_VERSION, True)
        tx.set_dialogue(visit.account.id, kept)

    await house.store.write(work)
    return _restored(dialogue["said"], said)


async def done(house: House, visit: Visit) -> None:
    """What waited was done, or refused: forget it, unless a new dialogue took its place."""

    def work(tx: Transaction) -> None:
        dialogue = dict(tx.dialogue(visit.account.id) or {})
        if dialogue.pop("accepted", None):
            tx.set_dialogue(visit.account.id, dialogue or None)

    await house.store.write(work)


def _saved(said: Said) -> dict[str, Any]:
    answered = said.reply_to
    return {
        "key": said.key, "text": said.text, "room": _room(said.room), "title": said.room_title,
        "private": said.private, "reply_to": [*_room(answered.room), answered.id] if answered else None,
    }  # fmt: skip


def _room(ref: RoomRef) -> list[str]:
    return [ref.platform, ref.id, ref.thread]


def _restored(kept: Mapping[str, Any], yes: Said) -> Said:
    answered = kept["reply_to"]
    return Said(
        kept["key"], yes.at, yes.who, RoomRef(*kept["room"]), kept["text"], room_title=kept["title"],
        private=kept["private"], reply_to=PostRef(RoomRef(*answered[:3]), answered[3]) if answered else None,
    )  # fmt: skip
