"""Making erased links leave the database's files too; what can't be done now is owed, and tried again."""

from __future__ import annotations

import logging

from bot.usecases.house import House

log = logging.getLogger(__name__)


async def scrub(house: House, people: bool = False) -> None:
    """Scrub the files now, of `people` who were forgotten too. A backup that is reading them may stand in the way: the
    next heartbeat tries again."""
    try:
        await house.store.scrub(people or house.memory.owes_scrub)
    except Exception:
        log.exception("erased links could not be scrubbed from the database's files yet")
        house.memory.owes_scrub = True
    else:
        house.memory.owes_scrub = False
