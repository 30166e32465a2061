"""`/invite`: holding a consultation together with other organisations of this instance.

Names can be borrowed and would tell who is here, so an organisation is invited by a code that one of its
administrators asked for. It accepts with the declaration it has then, and with its own rooms; the disclosure is
made anew and posted in every room, and nothing opens before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.authority import Act, authorise
from bot.domain.consultation import Consultation
from bot.domain.declaration import unanswered
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.joint import (
    CODE_LASTS,
    Answer,
    Partner,
    PartnerState,
    answer_by,
    asked,
    must_be_invitable,
    must_have_room,
)
from bot.domain.lifecycle import Event, after
from bot.domain.members import Role
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Said
from bot.store import Account, Room, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.disclosure import disclosure_card
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.debate.alerting import voice_to
from bot.usecases.disclose import disclosure_now, setting_of
from bot.usecases.gathering import organisation_of, standing_of
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.membership import code_hash, new_code
from bot.usecases.publish import check_rooms
from bot.usecases.steer import authorised
from bot.usecases.tell import answer, menu_of, sentence


async def invite(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/invite`: a code; `/invite N CODE`: an invitation; `/invite accept N` and the like: an answer to one."""
    typed = asked(command.rest)
    if typed is None:
        await _give_code(house, visit)
        return
    match typed.answer:
        case Answer.ACCEPT:
            await _accept(house, visit, typed.number, None if visit.room is None else [visit.room])
        case Answer.DECLINE:
            await _decline(house, visit, typed.number)
        case Answer.WITHDRAW:
            await _withdraw(house, visit, typed.number)
        case None:
            await _invite(house, visit, typed.number, typed.code)


async def by_link(house: House, visit: Visit, _: int) -> None:
    """The private chat was opened to be given a code."""
    await _give_code(house, visit)


async def accept_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Accept by the button of the invitation: with all the organisation's rooms."""
    await _accept(house, visit, action.number, None)


async def decline_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """Decline by the button of the invitation."""
    await _decline(house, visit, action.number)


async def _give_code(house: House, visit: Visit) -> None:
    """A fresh code by which the organisation can be invited, for its administrators, in private."""
    organisation = await organisation_of(house, visit)
    if organisation is None:
        raise Refusal("ask-in-a-room")
    await _must_administer(house, visit, organisation)
    code = new_code()

    def work(tx: Transaction) -> None:
        tx.joint.set_code(organisation.id, code_hash(code), visit.account.id, visit.at)

    await house.store.write(work)
    days = CODE_LASTS.days
    await answer(house, visit, sentence(visit.speech, "invite.code", code=code, n=days), start="invite-0")


async def _must_administer(house: House, visit: Visit, organisation: Organisation) -> Sequence[Room]:
    """The organisation's rooms, once the person is known to administer it. Raises the Refusal of `authority`."""
    rooms = await house.store.read(lambda tx: tx.rooms_of(organisation.id))
    authorise(Act.DECLARE, await standing_of(house, visit.account, organisation, rooms))
    return rooms


# -- inviting ----------------------------------------------------------------------------------------------------------
async def _invite(house: House, visit: Visit, number: int, code: str) -> None:
    setting = await authorised(house, visit, number)
    must_be_invitable(setting.consultation)
    limit = await house.store.read(lambda tx: guesses_left(tx, visit))
    if limit is not None:
        raise limit
    found = await house.store.write(lambda tx: _keep_invitation(tx, visit, number, code))
    if isinstance(found, Refusal):
        raise found
    house.nudge(number)
    house.memory.owes_notices = True
    await answer(house, visit, sentence(visit.speech, "invite.sent", number=str(number)))


def _keep_invitation(tx: Transaction, visit: Visit, number: int, code: str) -> Refusal | None:
    """Use the code and keep the invitation, which its administrators are owed; a Refusal for a code that gives nothing,
    which is counted. Nothing more happens when this message was handled before."""
    consultation = tx.consultation(number, lock=True)
    must_be_invitable(consultation)
    if not tx.first_time(f"{visit.key}/invite"):
        return None
    used = tx.joint.redeem_code(code_hash(code), visit.at - CODE_LASTS)
    if used is None:
        note_wrong(tx, visit)
        return Refusal("invite-code-unknown")
    organisation = tx.organisation(used[0])
    standing = {each.organisation: each for each in tx.joint.partners(number)}.get(organisation.id)
    if organisation.id == consultation.organisation:
        raise Refusal("invite-own")
    if standing is not None and (standing.state is PartnerState.ACCEPTED or standing.awaited(visit.at)):
        raise Refusal("invite-already", number=str(number), organisation=organisation.name)
    must_have_room(consultation, tx.joint.partners(number), visit.at)
    partner = Partner(organisation.id, PartnerState.INVITED, answer_by(consultation, visit.at), {})
    tx.joint.save(number, partner)
    tx.save(_amended(consultation, consultation.rooms))
    tx.record(visit.at, "invited", {"organisation": organisation.name}, number)
    facts = {"number": number, "organisation": organisation.id}
    for admin in _admins(tx, organisation, used[1]):
        tx.owe(admin.id, "invitation", facts, f"{visit.key}/invite-{admin.id}", visit.at)
    return None


def _amended(consultation: Consultation, rooms: tuple[int, ...]) -> Consultation:
    """The consultation in these rooms, to be disclosed anew in every one of them."""
    return replace(
        consultation,
        state=after(consultation.state, Event.AMEND, consultation.number),
        rooms=rooms,
        excused=tuple(room for room in consultation.excused if room in rooms),
        version=consultation.version + 1,
        disclosure_digest="",
    )


def _admins(tx: Transaction, organisation: Organisation, asker: int) -> Sequence[Account]:
    """Whoever asked for the code, and everyone who was given the role of administering the organisation."""
    found = {asker: tx.account_by_id(asker)}
    for grant in tx.members.grants(organisation.id):
        if grant.role is Role.ADMIN:
            found |= {account.id: account for account in tx.members.accounts_of(grant.person)}
    return tuple(found.values())


async def asked_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """What will be posted, and whether the organisation holds it too; None once it has answered, or can't any more."""
    number, invited = int(facts["number"]), int(facts["organisation"])
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    partners = await house.store.read(lambda tx: {each.organisation: each for each in tx.joint.partners(number)})
    partner = partners.get(invited)
    if partner is None or not partner.awaited(house.clock.now()):
        return None
    name = await house.store.read(lambda tx: tx.organisation(invited).name)
    speech = voice_to(house, setting, to)
    shown = disclosure_card(setting.consultation, await disclosure_now(house, setting, "organiser"), speech)
    menu = menu_of(
        (speech.say("button.accept-invitation"), Action("invyes", number)),
        (speech.say("button.decline-invitation"), Action("invno", number)),
    )
    told = {"organisation": setting.organisation.name, "partner": name, "number": str(number)}
    asks = (speech.line("invite.asks", until=partner.answer_by, **told), speech.line("invite.asks-how", **told))
    first = headline(setting.consultation, speech)
    return Letter((Card((first, *shown.blocks)), Card((first, *asks))), menu)


# -- answering ---------------------------------------------------------------------------------------------------------
async def _accept(house: House, visit: Visit, number: int, rooms: Sequence[Room] | None) -> None:
    """Hold it too, in these rooms (None: all the organisation's), with the declaration as it is now."""
    if await _answered_before(house, visit, number, "accepted"):
        return
    organisation = await _asked_of(house, visit, number, PartnerState.INVITED)
    known = await _must_administer(house, visit, organisation)
    if unanswered(organisation.declaration):
        raise Refusal("invite-declare-first", organisation=organisation.name)
    joining = rooms if rooms is not None else [room for room in known if room.id == room.place]
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    await check_rooms(house, replace(setting, rooms=tuple(joining)))

    def change(tx: Transaction, consultation: Consultation, partner: Partner) -> Consultation:
        own = tx.organisation(organisation.id)
        accepted = replace(partner, state=PartnerState.ACCEPTED, declaration=own.declaration)
        tx.joint.save(number, accepted, visit.at)
        new = (room.id for room in joining if room.id not in consultation.rooms)
        tx.record(visit.at, "joined", {"organisation": own.name, "rooms": len(joining)}, number)
        return _amended(consultation, (*consultation.rooms, *new))

    await _settle(house, visit, number, organisation, change, "accepted")


async def _decline(house: House, visit: Visit, number: int) -> None:
    if await _answered_before(house, visit, number, "declined"):
        return
    organisation = await _asked_of(house, visit, number, PartnerState.INVITED)
    await _must_administer(house, visit, organisation)

    def change(tx: Transaction, consultation: Consultation, partner: Partner) -> Consultation:
        tx.joint.save(number, replace(partner, state=PartnerState.DECLINED), visit.at)
        tx.record(visit.at, "declined", {"organisation": organisation.name}, number)
        return consultation

    await _settle(house, visit, number, organisation, change, "declined")


async def _withdraw(house: House, visit: Visit, number: int) -> None:
    """Hold it no more: before the opening only. The partner's rooms leave with it."""
    if await _answered_before(house, visit, number, "withdrawn"):
        return
    organisation = await _asked_of(house, visit, number, PartnerState.ACCEPTED)
    await _must_administer(house, visit, organisation)

    def change(tx: Transaction, consultation: Consultation, partner: Partner) -> Consultation:
        tx.joint.drop(number, organisation.id)
        tx.record(visit.at, "withdrew", {"organisation": organisation.name}, number)
        stay = (room for room in consultation.rooms if tx.room_by_id(room).organisation != organisation.id)
        return _amended(consultation, tuple(stay))

    await _settle(house, visit, number, organisation, change, "withdrawn")


async def _answered_before(house: House, visit: Visit, number: int, what: str) -> bool:
    """Whether this message was taken before, and perhaps not acknowledged: then it is now."""
    if not await house.store.read(lambda tx: tx.was_seen(f"{visit.key}/invitation")):
        return False
    house.nudge(number)
    await answer(house, visit, sentence(visit.speech, f"invite.{what}", number=str(number)))
    return True


async def _asked_of(house: House, visit: Visit, number: int, state: PartnerState) -> Organisation:
    """The organisation for which the person answers. Raises Refusal `no-invitation` if none of theirs was asked."""
    here = visit.organisation

    def query(tx: Transaction) -> Organisation | None:
        waiting = [each.organisation for each in tx.joint.partners(number) if each.state is state]
        held = [grant.organisation for grant in tx.members.roles_held(visit.account.id) if grant.role is Role.ADMIN]
        seen = [tx.room_by_id(room).organisation for room in tx.rooms_with(visit.account.id)]
        mine = [here.id] if visit.room is not None and here is not None else [*held, *seen]
        return next((tx.organisation(one) for one in mine if one in waiting), None)

    found = await house.store.read(query)
    if found is None:
        raise Refusal("no-invitation", number=str(number))
    return found


_Change = Callable[[Transaction, Consultation, Partner], Consultation]


async def _settle(
    house: House, visit: Visit, number: int, organisation: Organisation, change: _Change, what: str
) -> None:
    """Take the answer, once for this message, while it can still be given; tell whoever gave it, and the author."""
    expected = PartnerState.ACCEPTED if what == "withdrawn" else PartnerState.INVITED

    def work(tx: Transaction) -> bool:
        consultation = tx.consultation(number, lock=True)
        if not tx.first_time(f"{visit.key}/invitation"):
            return False
        partner = next((each for each in tx.joint.partners(number) if each.organisation == organisation.id), None)
        if partner is None or partner.state is not expected:
            raise Refusal("no-invitation", number=str(number))
        if expected is PartnerState.INVITED and not partner.awaited(visit.at):
            raise Refusal("invitation-over", number=str(number), until=partner.answer_by)
        must_be_invitable(consultation)
        tx.save(change(tx, consultation, partner))
        facts = {"number": number, "organisation": organisation.id, "what": what}
        tx.owe(consultation.author, "invitation-answered", facts, f"{visit.key}/answered", visit.at)
        return True

    done = await house.store.write(work)
    house.memory.forget(number)
    house.nudge(number)
    if done:
        house.memory.owes_notices = True
        await answer(house, visit, sentence(visit.speech, f"invite.{what}", number=str(number)))


async def answered_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """What an organisation answered to the invitation, for whoever made the consultation."""
    setting = await house.store.read(lambda tx: setting_of(tx, int(facts["number"])))
    name = await house.store.read(lambda tx: tx.organisation(int(facts["organisation"])).name)
    speech = voice_to(house, setting, to)
    told = {"number": str(facts["number"]), "organisation": name}
    line = speech.line(f"invite.tells-{facts['what']}", **told)
    return Letter((Card((headline(setting.consultation, speech), line)),))


async def dropped_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That the draft which an organisation agreed to hold too was given up, for those who administer it."""
    setting = await house.store.read(lambda tx: setting_of(tx, int(facts["number"])))
    speech = voice_to(house, setting, to)
    told = {"number": str(facts["number"]), "organisation": setting.organisation.name}
    return Letter((Card((headline(setting.consultation, speech), speech.line("invite.tells-dropped", **told))),))
