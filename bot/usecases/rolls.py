"""`/roll`: an organisation's list of members, for its administrators and in private only.

Who is on it is the identity side; consultations know persons by number, and nothing
there names anybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.domain.organisation import Organisation
from bot.domain.roll_changes import Listed
from bot.domain.roll_words import Asked, asked
from bot.domain.words import fold, shown
from bot.store import Transaction
from bot.text.rolls import RollView, found_card, roll_card
from bot.usecases import roll_codes, roll_import, roll_members
from bot.usecases.house import House, Visit
from bot.usecases.roll_keeping import listed_in, must_keep
from bot.usecases.roll_taking import last_import
from bot.usecases.tell import answer, sentence

Does = Callable[[House, Visit, Organisation, Asked], Awaitable[None]]


async def roll(house: House, visit: Visit, organisation: int, rest: str) -> None:
    """Do what is asked of the organisation's roll. Raises the Refusal of `authority` to who may not keep it."""
    found = await must_keep(house, visit, organisation)
    what = asked(rest)
    await DOES[what.does](house, visit, found, what)


async def lead(house: House, visit: Visit) -> None:
    """Said in a room, where names have no business: lead to the private chat."""
    assert visit.room is not None
    await answer(house, visit, sentence(visit.speech, "roll.in-private"), start=f"roll-{visit.room.organisation}")


async def by_link(house: House, visit: Visit, organisation: int) -> None:
    """The private chat was opened from a room to look after its organisation's roll."""
    await roll(house, visit, organisation, "")


async def _show(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    await answer(house, visit, roll_card(await house.store.read(lambda tx: view_of(tx, organisation)), visit.speech))


def view_of(tx: Transaction, organisation: Organisation) -> RollView:
    """What is shown of the organisation's roll."""
    invited = {each.member for each in tx.members.invitations(organisation.id) if each.used_at is None}
    imported = tx.cursor(last_import(organisation.id))
    at = datetime.fromisoformat(imported) if imported else None
    return RollView(organisation.name, listed_in(tx, organisation.id), frozenset(invited), at)


async def _find(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    wanted = fold(what.rest)

    def query(tx: Transaction) -> list[Listed]:
        roll = listed_in(tx, organisation.id)
        return [each for each in roll if wanted in fold(f"{each.member.label} {each.member.group}")]

    await answer(house, visit, found_card(await house.store.read(query), shown(what.rest), visit.speech))


DOES: Mapping[str, Does] = {
    "show": _show,
    "find": _find,
    "import": roll_import.begin,
    "codes": roll_codes.codes,
    "code": roll_codes.one_code,
    "suspend": roll_members.suspend,
    "restore": roll_members.restore,
    "remove": roll_members.remove,
    "merge": roll_members.merge,
}
"""What can be asked of a roll."""
