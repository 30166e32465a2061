"""The integrity panel: signs that something went wrong with a vote, as counts, to organisers and scrutineers alone."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.domain.authority import Act
from bot.domain.consultation import Consultation
from bot.domain.contests import contested
from bot.domain.integrity import NEW_SERVER_LEAST, Signs
from bot.domain.refusals import Refusal
from bot.store import Transaction
from bot.text.integrity import panel
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised
from bot.usecases.tell import answer

log = logging.getLogger(__name__)


async def integrity(house: House, visit: Visit, number: int) -> None:
    """`/integrity 12`: the panel, in private. Raises Refusal `integrity-not-yet` besides those of `authority`."""
    setting = await authorised(house, visit, number, Act.OVERSEE)
    if setting.consultation.opened_at is None:
        raise Refusal("integrity-not-yet", number=str(number))
    await write_down(house)
    now = house.clock.now()
    found = await house.store.read(lambda tx: signs_of(tx, tx.consultation(number), now))
    await answer(house, visit, panel(setting.consultation, found, visit.speech), start=f"integrity-{number}")


def signs_of(tx: Transaction, consultation: Consultation, now: datetime) -> Signs:
    """The signs as they stand."""
    number, opened_at = consultation.number, consultation.opened_at
    assert opened_at is not None
    noted, journal = tx.scrutiny.noted(number), tx.journal(number)
    server = tx.scrutiny.largest_new_server(number, consultation.created_at)
    return Signs(
        joined=tx.scrutiny.joined(number, opened_at, consultation.closed_at or now),
        refused=noted.refused,
        burst=noted.burst,
        new_server=server if server >= NEW_SERVER_LEAST else 0,
        merged=tx.scrutiny.merged(number),
        wrong_codes=tx.members.wrong_codes_of_all(consultation.created_at.date()),
        outages=sum(entry.kind == "extended" and entry.facts.get("cause") == "outage" for entry in journal),
        excused=len(consultation.excused),
        waiting=contested(tx.scrutiny.contests(number)).waiting,
    )


async def write_down(house: House) -> None:
    """Write down what was noted in memory while ballots came in; what can't be written is kept for the next time."""
    noted = house.memory.watch.take()
    if not noted:
        return
    try:
        await house.store.write(lambda tx: tx.scrutiny.note(noted))
    except Exception:
        house.memory.watch.give_back(noted)
        log.exception("signs could not be written down; they are kept for the next time")
