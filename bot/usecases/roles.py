"""`/roles`: who has which role, for every member to see; giving one by a code, taking it back, leaving it.

A role is handed over by a code that works once and for two days: whoever sends it takes
the role. The journal says that a role was given or taken, never whose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.authority import Act, Standing, authorise, may
from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.members import Grant, Role, RoleCode
from bot.domain.organisation import Organisation
from bot.domain.refusals import Missing, Refusal
from bot.domain.roles import Asked, Wish, asked, must_be_given_here
from bot.ports import Pressed
from bot.store import Account, Room, Transaction
from bot.text.roles import Holder, Roster, code_card, ended_card, holder_name, role_name, roster_cards, where_words
from bot.usecases import granting
from bot.usecases.consult import say, unpublished, visible
from bot.usecases.disclose import setting_of
from bot.usecases.gathering import hides_name, standing_of
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.linking import voice_of
from bot.usecases.membership import code_hash, new_code
from bot.usecases.tell import Menu, answer, menu_of, saved_menu, sentence

START = "r"
"""What a link that takes a role begins with, before its code."""
_RANK = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where roles are looked at or given: an organisation with its rooms, and one consultation of it or none."""

    organisation: Organisation
    rooms: tuple[Room, ...]
    consultation: Consultation | None
    standing: Standing

    @property
    def number(self) -> int | None:
        """The consultation's number, None for the whole organisation."""
        return self.consultation.number if self.consultation else None

    @property
    def gives(self) -> bool:
        """Whether the person gives and takes roles here."""
        return may(Act.GIVE_ROLES, self.standing) is True


async def roles(house: House, visit: Visit, organisation: int, text: str) -> None:
    """`/roles` about an organisation: the list, `organiser` for a code, `remove 3`, `leave admin`, `void`."""
    await _do(house, visit, await _scope(house, visit, organisation), asked(text))


async def roles_in(house: House, visit: Visit, number: int, text: str) -> None:
    """`/roles 12` and what follows it, about one consultation. Raises Missing for one this visit may not see."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    scope = await _scope(house, visit, setting.organisation.id, setting.consultation)
    if unpublished(setting.consultation) and not scope.gives:
        raise Missing("no-such-consultation", number=str(number))
    if not scope.gives:
        await visible(house, visit, number)
    await _do(house, visit, scope, asked(text))


async def _scope(house: House, visit: Visit, organisation: int, consultation: Consultation | None = None) -> Scope:
    found = await house.store.read(lambda tx: (tx.organisation(organisation), tuple(tx.rooms_of(organisation))))
    standing = await standing_of(house, visit.account, *found, consultation)
    return Scope(*found, consultation, standing)


async def _do(house: House, visit: Visit, scope: Scope, wish: Asked) -> None:
    match wish:
        case Asked(Wish.GIVE, Role() as role):
            await _give(house, visit, scope, role)
        case Asked(Wish.LEAVE, Role() as role):
            await _leave(house, visit, scope, role)
        case Asked(Wish.REMOVE, place=place):
            await _remove(house, visit, place)
        case Asked(Wish.VOID):
            await _void(house, visit, scope)
        case _:
            await _show(house, visit, scope)


# -- seeing ------------------------------------------------------------------------------------------------------------
async def _show(house: House, visit: Visit, scope: Scope) -> None:
    grants = await _grants(house, scope)
    holders = tuple([await _holder(house, scope, grant) for grant in grants])
    where = scope.organisation
    rooms = tuple(room.title or room.ref.id for room in scope.rooms if room.id == room.place)
    roster = Roster(where.name, holders, rooms, where.bound, scope.standing.run_by_rooms, scope.consultation)
    changes = visit.private and scope.gives
    cards = roster_cards(roster, visit.speech if visit.private else visit.room_speech, changes)
    for card in cards[:-1]:
        await say(house, visit, card)
    if changes:
        await answer(house, visit, cards[-1], menu=await _offer(house, visit, grants, holders))
    else:
        await say(house, visit, cards[-1])


async def _grants(house: House, scope: Scope) -> Sequence[Grant]:
    """The roles given there, the most powerful first."""
    found = await house.store.read(lambda tx: tx.members.grants(scope.organisation.id, scope.number))
    return sorted(found, key=lambda grant: _RANK[grant.role])


async def _holder(house: House, scope: Scope, grant: Grant) -> Holder:
    accounts = await house.store.read(lambda tx: tx.members.accounts_of(grant.person))
    hidden = [await hides_name(house, account.ref, scope.rooms) for account in accounts]
    # One account that doesn't show its name is enough: its owner would be known by the other.
    names = () if any(hidden) else tuple(account.name for account in accounts if account.name)
    return Holder(grant.role, names, grant.number is not None)


async def _offer(house: House, visit: Visit, grants: Sequence[Grant], holders: Sequence[Holder]) -> Menu:
    """Keep the list as it was shown, so that `/roles remove 3` means what was read; its buttons, where there are
    some."""
    speech = visit.speech
    labels = [
        speech.say("button.take-back", name=holder_name(one.names, speech), role=role_name(one.role, speech))
        for one in holders
    ]
    menu = menu_of(*zip(labels, map(_taking_back, grants), strict=True))
    shown = {"roles": saved_menu(menu)}

    def keep(tx: Transaction) -> None:
        tx.set_dialogue(visit.account.id, {**(tx.dialogue(visit.account.id) or {}), **shown})

    await house.store.write(keep)
    return menu if house.messenger(visit.account.ref.platform).buttons else ()


# -- giving ------------------------------------------------------------------------------------------------------------
async def _give(house: House, visit: Visit, scope: Scope, role: Role) -> None:
    """A fresh code for whoever is to have the role, in private only."""
    must_be_given_here(role, scope.number)
    authorise(Act.GIVE_ROLES, scope.standing)
    code = new_code()
    given = RoleCode(scope.organisation.id, scope.number, role, visit.account.id)
    await house.store.write(lambda tx: tx.members.add_role_code(given, code_hash(code), visit.at))
    where = where_words(scope.organisation.name, scope.number, visit.speech)
    await answer(house, visit, code_card(role, where, code, f"{START}-{code}", visit.speech), start="roles")


async def _void(house: House, visit: Visit, scope: Scope) -> None:
    """Make the codes worthless that were handed out and that nobody used."""
    authorise(Act.GIVE_ROLES, scope.standing)
    gone = await house.store.write(lambda tx: tx.members.drop_role_codes(scope.organisation.id))
    await answer(house, visit, sentence(visit.speech, "role.voided", n=gone))


# -- taking back -------------------------------------------------------------------------------------------------------
def _taking_back(grant: Grant) -> Action:
    return Action("untake", grant.organisation, f"{grant.person}.{grant.role.value}.{grant.number or 0}")


async def take_back_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button "take back" of a role."""
    await _take_back(house, visit, action)


async def _remove(house: House, visit: Visit, place: str) -> None:
    """`/roles remove 3`: the third of the list that was shown. Raises Refusal `roles-which`."""
    kept = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    found = (kept.get("roles") or {}).get(place.strip().rstrip("."))
    if found is None:
        raise Refusal("roles-which")
    await _take_back(house, visit, Action(str(found[0]), int(found[1]), str(found[2])))


async def _take_back(house: House, visit: Visit, action: Action) -> None:
    person, role, number = _meant(action)
    consultation = None
    if number is not None:
        consultation = await house.store.read(lambda tx: tx.find_consultation(number))
    scope = await _scope(house, visit, action.number, consultation)
    authorise(Act.GIVE_ROLES, scope.standing)
    await _end(house, visit, scope.organisation, Grant(action.number, number, person, role, None, visit.at))


def _meant(action: Action) -> tuple[int, Role, int | None]:
    """The person, the role and the consultation of a button or of an entry of the list."""
    person, _, rest = action.argument.partition(".")
    role, _, number = rest.partition(".")
    plain = all(part.isascii() and part.isdigit() and len(part) < 18 for part in (person, number))
    if not plain or role not in set(Role):
        raise Refusal("expired-button")
    return int(person), Role(role), int(number) or None


async def _leave(house: House, visit: Visit, scope: Scope, role: Role) -> None:
    """Give up a role of one's own."""
    person = await house.store.read(lambda tx: tx.account_by_id(visit.account.id).person)
    own = Grant(scope.organisation.id, scope.number, person, role, None, visit.at)
    await _end(house, visit, scope.organisation, own)


async def _end(house: House, visit: Visit, organisation: Organisation, held: Grant) -> None:
    """Someone no longer has the role; they are told. Raises Refusal `role-not-held`, `last-admin`."""

    def work(tx: Transaction) -> bool | None:
        if not tx.first_time(f"{visit.key}/role"):
            return None
        if held.role is Role.ADMIN and organisation.bound and granting.admins(tx, organisation.id) == {held.person}:
            raise Refusal("last-admin")
        if not granting.revoke(tx, visit, held):
            raise Refusal("role-not-held")
        accounts = tx.members.accounts_of(held.person)
        for account in accounts if held.role is Role.ADMIN else ():
            tx.members.drop_role_codes(organisation.id, account.id)
        mine = any(account.id == visit.account.id for account in accounts)
        facts = {"role": held.role.value, "organisation": organisation.id, "number": held.number}
        for account in () if mine else accounts:
            tx.owe(account.id, "role-ended", facts, f"{visit.key}/ended/{account.id}", visit.at)
        return mine

    mine = await house.store.write(work)
    if mine is None:
        return
    house.memory.owes_notices = True
    key = "role.left" if mine else "role.taken-back"
    await answer(house, visit, ended_card(key, held.role, held.number, organisation.name, visit.speech))


async def ended_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That the reader no longer has a role."""
    name = await house.store.read(lambda tx: tx.organisation(int(facts["organisation"])).name)
    voice = await voice_of(house, to)
    return Letter((ended_card("role.no-longer-yours", Role(facts["role"]), facts["number"], name, voice),))
