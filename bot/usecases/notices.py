"""Sending what is owed: private notices that acts owe in their own transaction, each until it is sent.

They are sent once the act is committed, beside the door; the heartbeat sends whatever a
crash, a stop or a slow platform left. A crash between sending and noting it may send one twice; none
is lost while its reader can be reached.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

from bot.domain.refusals import Missing
from bot.notices import Notice
from bot.ports import Later, Outcome
from bot.store import Account
from bot.usecases import (
    approvals,
    claiming,
    inviting,
    linked_accounts,
    linking,
    poll_answers,
    read_by_room,
    roles,
    ruling_on_contests,
)
from bot.usecases.house import House
from bot.usecases.letters import Letter, Writes
from bot.usecases.linking import voice_of
from bot.usecases.proxies import telling as proxies
from bot.usecases.sealed import letters as sealed
from bot.usecases.tell import saved_menu, with_menu

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=1)
"""How long a notice waits that could not be written, or whose platform is off."""

WRITES: Mapping[str, Writes] = {
    "linked": linking.linked_letter,
    "merged": linking.merged_letter,
    "roll-shorter": linking.roll_shorter_letter,
    "code-read": read_by_room.read_letter,
    "link-question": linked_accounts.question_letter,
    "link-over": linked_accounts.over_letter,
    "link-removed": linked_accounts.removed_letter,
    "role-taken": claiming.taken_letter,
    "role-ended": roles.ended_letter,
    "invitation": inviting.asked_letter,
    "invitation-answered": inviting.answered_letter,
    "draft-dropped": inviting.dropped_letter,
    "approval": approvals.asked_letter,
    "answer-replaced": poll_answers.replaced_letter,
    "contest-decided": ruling_on_contests.decided_letter,
    **sealed.WRITES,
    **proxies.WRITES,
}
"""Who writes each kind of notice."""


async def deliver(house: House) -> None:
    """Send everything that is owed, to a few accounts at once, to each the oldest first; what can't be sent yet stays
    owed."""
    house.memory.owes_notices = False
    owed = await house.store.read(lambda tx: tx.owed())
    accounts = dict.fromkeys(notice.account for notice in owed)
    # One account's failure must not cut off what is being sent to the others.
    ends = await asyncio.gather(*(_deliver_to(house, account) for account in accounts), return_exceptions=True)
    for end in ends:
        if end is not None:
            raise end


async def _deliver_to(house: House, account: int) -> None:
    """Send what is owed to the account by the time of its turn: nothing is sent twice at once."""
    memory = house.memory
    async with memory.letterboxes.turn(account) as ours:
        for notice in await house.store.read(lambda tx: tx.owed(account)) if ours else ():
            now = house.clock.now()
            if memory.notices_later.get(notice.key, now) > now:
                continue
            wait = await _settle(house, notice)
            if wait is None:
                memory.notices_later.pop(notice.key, None)
            else:
                memory.notices_later[notice.key] = now + wait


async def _settle(house: House, notice: Notice) -> timedelta | None:
    """Send one notice and note it; how long to wait before it is worth another try."""
    try:
        outcome = await _sent(house, notice)
    except Missing:
        outcome = None  # what it was about is gone
    except Exception:
        # One notice that can't be written must not hold up the others.
        log.exception("a notice of kind %s could not be written", notice.kind)
        return AGAIN
    if isinstance(outcome, Later):
        return timedelta(seconds=max(outcome.after, 1.0))
    await house.store.write(lambda tx: tx.paid(notice.key))
    return None


async def _sent(house: House, notice: Notice) -> Outcome | None:
    """What became of the letter; None when there is nothing left to tell."""
    to = await house.store.read(lambda tx: tx.account_by_id(notice.account))
    if to.ref.platform not in house.messengers:
        return Later(AGAIN.total_seconds())
    letter = await WRITES[notice.kind](house, to, notice.facts)
    return None if letter is None else await _post(house, to, letter, notice.key)


async def _post(house: House, to: Account, letter: Letter, key: str) -> Outcome | None:
    messenger = house.messengers[to.ref.platform]
    *first, last = letter.cards
    if letter.menu:
        last = with_menu(last, letter.menu, messenger.buttons, await voice_of(house, to))
        if not messenger.buttons:
            await house.store.write(lambda tx: tx.set_dialogue(to.id, {"menu": saved_menu(letter.menu)}))
    outcome: Outcome | None = None
    for part, card in enumerate((*first, last)):
        outcome = await messenger.whisper(to.ref, card, f"{key}/{part}", open_chat=True)
        if isinstance(outcome, Later):
            break
    return outcome
