"""What each command does: from a parsed command to the use case that obeys it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.casting import must_take_ballots
from bot.domain.consultation import Kind, Secrecy
from bot.domain.grammar import Command, numbered, perhaps_numbered
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.sealed import split_code
from bot.domain.typed_ballots import read
from bot.domain.words import fold
from bot.ports import BroughtPoll, Reply, Said
from bot.store import Room
from bot.text.card import Card
from bot.usecases import (
    adding,
    attendance,
    brought,
    claiming,
    consult,
    contesting,
    exporting,
    guide,
    inviting,
    learn,
    linked_accounts,
    membership,
    minutes,
    papers,
    personal_data,
    reasons,
    roles,
    roll_codes,
    rolls,
    setup,
    steer,
    templates,
    vote,
    watching,
)
from bot.usecases.create import Inputs, create
from bot.usecases.debate import entry as debate
from bot.usecases.gathering import organisation_of
from bot.usecases.house import House, Visit
from bot.usecases.opinions import entry as opinions
from bot.usecases.proxies import casting, days, giving, taking
from bot.usecases.proxies import entry as proxies
from bot.usecases.sealed import casting as sealed
from bot.usecases.sealed import holding, revealing
from bot.usecases.sealed.verify import verify
from bot.usecases.tell import answer, menu_of, saved_menu, sentence

Obey = Callable[[House, Visit, Said, Command], Awaitable[Reply | None]]


async def obey(house: House, visit: Visit, said: Said, command: Command) -> Reply:
    """Do what the command asks. Raises Refusal `not-built-yet` for a word of the product this version does not do."""
    does = COMMANDS.get(command.name)
    if does is None:
        raise Refusal("not-built-yet", command=command.word)
    return await does(house, visit, said, command) or Reply()


async def room_for(house: House, visit: Visit, command: Command, poll: BroughtPoll | None = None) -> Room | None:
    """The room a command is about: the one it was said in, else the only one the person was seen in; None when they
    are asked to choose (their command, with the poll it takes up, is kept and done in the room they choose)."""
    if visit.room is not None:
        return visit.room
    rooms = await house.store.read(lambda tx: [tx.room_by_id(room) for room in tx.rooms_with(visit.account.id)])
    active = [room for room in rooms if room.active and room.id == room.place]
    if not active:
        raise Refusal("ask-in-a-room")
    if len(active) == 1:
        return active[0]
    menu = menu_of(*((room.title or room.ref.id, Action("in", room.id)) for room in active[:20]))
    kept = {"menu": saved_menu(menu), "command": f"/{command.name} {command.rest}", "poll": brought.saved(poll)}
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, kept))
    await answer(house, visit, Card((visit.speech.line("which-room"),)), menu=menu)
    return None


async def in_chosen_room(house: House, visit: Visit, said: Said, command: Command, room: int) -> None:
    """Do a creation or a set-up in the room the person chose, in private."""
    if room not in await house.store.read(lambda tx: tx.rooms_with(visit.account.id)):
        raise Refusal("ask-in-a-room")
    chosen = await house.store.read(lambda tx: tx.room_by_id(room))
    await _in_room(house, visit, command, chosen, said.poll)


async def _in_room(house: House, visit: Visit, command: Command, room: Room, poll: BroughtPoll | None) -> None:
    if command.name == "roll":
        await rolls.roll(house, visit, room.organisation, command.rest)
        return
    if command.name == "proxy":
        await days.about(house, visit, room.organisation, command.rest)
        return
    if command.name == "setup":
        await setup.setup(house, visit, room, command.rest)
        return
    if command.name == "roles":
        await roles.roles(house, visit, room.organisation, command.rest)
        return
    kind = Kind(command.name)
    if poll is not None:
        await create(house, visit, brought.inputs(poll, kind, command.keys, room.id))
        return
    # A template alone says how, not what: the rest is asked.
    if not command.arguments and (not command.keys or "template" in command.keys):
        await guide.begin(house, visit, kind, room, command.keys)
        return
    title, *options = command.arguments or ("",)
    await create(house, visit, Inputs(kind, title, tuple(options), command.keys, room.id))


async def _about_a_room(house: House, visit: Visit, said: Said, command: Command) -> None:
    poll = brought.brings(said, command)
    room = await room_for(house, visit, command, poll)
    if room is not None:
        await _in_room(house, visit, command, room, poll)


async def _roll(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/roll` in private; in a room it leads there."""
    if not visit.private:
        await rolls.lead(house, visit)
        return
    organisation = await organisation_of(house, visit)
    if organisation is not None:
        await rolls.roll(house, visit, organisation.id, command.rest)
        return
    room = await room_for(house, visit, command)
    if room is not None:
        await rolls.roll(house, visit, room.organisation, command.rest)


async def _proxy(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/proxy …`; a day is one of an organisation's."""
    if await proxies.proxy(house, visit, command):
        return
    organisation = await organisation_of(house, visit)
    room = None if organisation is not None else await room_for(house, visit, command)
    number = organisation.id if organisation is not None else room.organisation if room is not None else None
    if number is not None:
        await days.about(house, visit, number, command.rest)


async def _ballot(house: House, visit: Visit, said: Said, command: Command) -> Reply:
    """`/v N answer`: a ballot; `/v N`: the ballot paper, in private."""
    number, rest = numbered(command)
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    must_take_ballots(consultation)
    if consultation.definition.secrecy is Secrecy.UNLINKED:
        rest, code = split_code(rest)
        if code and visit.private:
            await sealed.with_code(house, visit, consultation, rest, code)
            return Reply()
    if not rest.strip():
        if not await papers.paper(house, visit, consultation):
            raise Refusal("seen-by-the-room", number=str(number))
        return Reply()
    if await casting.typed(house, visit, consultation, rest):
        return Reply()
    return await vote.typed(house, visit, said.who, number, read(rest, consultation.definition))


async def _start(house: House, visit: Visit, said: Said, command: Command) -> None:
    """The private chat was opened, perhaps by a link of ours: go on with what the link is about."""
    verb, _, number = command.rest.partition("-")
    match verb, number.isascii() and number.isdigit():
        case "v", True:
            consultation = await house.store.read(lambda tx: tx.consultation(int(number)))
            await papers.paper(house, visit, consultation)
        case "p", True:
            from bot.usecases.preview import preview

            await preview(house, visit, int(number))
        case "d", _:
            await _resume(house, visit)
        case ((roles.START | roll_codes.START), False) if number:
            await claiming.claim(house, visit, number)
        case giving.START, False if number:
            await taking.bring(house, visit, number)
        case _, True if verb in STARTS:
            await STARTS[verb](house, visit, int(number))
        case _:
            await answer(house, visit, sentence(visit.speech, "hello.private", name=visit.account.name))


async def _resume(house: House, visit: Visit) -> None:
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    match dialogue:
        case {"ask": "setup"}:
            await setup.repeat(house, visit, dialogue)
        case {"ask": "create"}:
            await guide.repeat(house, visit, dialogue)
        case _:
            await answer(house, visit, sentence(visit.speech, "dialogue.nothing"))


async def _numbered(
    house: House, visit: Visit, command: Command, does: Callable[[House, Visit, int], Awaitable[None]]
) -> None:
    number, _ = numbered(command)
    await does(house, visit, number)


def _looks(does: Callable[[House, Visit, int], Awaitable[None]]) -> Obey:
    async def obeyed(house: House, visit: Visit, said: Said, command: Command) -> None:
        await _numbered(house, visit, command, does)

    return obeyed


def _alone(does: Callable[[House, Visit], Awaitable[None]]) -> Obey:
    async def obeyed(house: House, visit: Visit, said: Said, command: Command) -> None:
        await does(house, visit)

    return obeyed


def _with_text(does: Callable[[House, Visit, int, str], Awaitable[None]]) -> Obey:
    async def obeyed(house: House, visit: Visit, said: Said, command: Command) -> None:
        number, text = numbered(command)
        await does(house, visit, number, text)

    return obeyed


async def _cancel(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/cancel` alone ends what the bot was asking; with a number it cancels that consultation."""
    if not command.rest:
        await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, None))
        await answer(house, visit, sentence(visit.speech, "dialogue.ended"))
        return
    number, reason = numbered(command)
    await steer.cancel(house, visit, number, reason)


async def _verify(house: House, visit: Visit, said: Said, command: Command) -> None:
    await verify(house, visit, command.rest)


async def _mine(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/mine`: what is mine; `/mine export`: all that is kept of me, as a file."""
    if fold(command.rest) in personal_data.EXPORT:
        await personal_data.send_everything(house, visit)
    else:
        await consult.mine(house, visit)


async def _join(house: House, visit: Visit, said: Said, command: Command) -> None:
    await membership.join(house, visit, command.rest)


async def _claim(house: House, visit: Visit, said: Said, command: Command) -> None:
    await claiming.claim(house, visit, command.rest)


async def _roles(house: House, visit: Visit, said: Said, command: Command) -> None:
    number, rest = perhaps_numbered(command)
    if number is not None:
        await roles.roles_in(house, visit, number, rest)
        return
    organisation = await organisation_of(house, visit)
    if organisation is not None:
        await roles.roles(house, visit, organisation.id, rest)
        return
    room = await room_for(house, visit, command)
    if room is not None:
        await roles.roles(house, visit, room.organisation, rest)


async def _language(house: House, visit: Visit, said: Said, command: Command) -> None:
    await membership.language(house, visit, command.rest)


COMMANDS: Mapping[str, Obey] = {
    "start": _start,
    "help": _alone(consult.help_),
    "list": _alone(consult.list_),
    "status": _looks(consult.status),
    "results": _with_text(consult.results),
    "charter": _looks(consult.charter),
    "export": _looks(exporting.export),
    "mine": _mine,
    "privacy": _alone(personal_data.privacy),
    "forget": personal_data.forget,
    "schedule": _alone(consult.schedule),
    "learn": learn.learn,
    "v": _ballot,
    "verify": _verify,
    "poll": _about_a_room,
    "dates": _about_a_room,
    "vote": _about_a_room,
    "budget": _about_a_room,
    "setup": _about_a_room,
    "open": _looks(steer.open_now),
    "close": _looks(steer.close_early),
    "extend": _with_text(steer.extend),
    "cancel": _cancel,
    "remind": _looks(steer.remind),
    "excuse": _with_text(steer.excuse),
    "answer": _with_text(steer.respond),
    "contest": _with_text(contesting.contest),
    "proxy": _proxy,
    "integrity": _looks(watching.integrity),
    "attendance": _looks(attendance.attendance),
    "minutes": minutes.minutes,
    "share": _with_text(holding.share),
    "reveal": _with_text(revealing.reveal),
    "join": _join,
    "rooms": _alone(membership.rooms),
    "invite": inviting.invite,
    "lang": _language,
    "link": linked_accounts.link,
    "claim": _claim,
    "roles": _roles,
    "debate": _about_a_room,
    "opinions": _about_a_room,
    "template": templates.template,
    "roll": _roll,
    "add": adding.command,
    **debate.COMMANDS,
    **opinions.COMMANDS,
}
"""The commands this version obeys, by canonical name."""


async def _mine_by_link(house: House, visit: Visit, number: int) -> None:
    await consult.mine(house, visit)


STARTS: Mapping[str, Callable[[House, Visit, int], Awaitable[object]]] = {
    "link": linked_accounts.show,
    "r": reasons.repeat,
    "c": consult.charter,
    "ballots": _mine_by_link,
    "contest": contesting.ask,
    "proxy": proxies.by_link,
    "integrity": watching.integrity,
    "attendance": attendance.attendance,
    "add": adding.ask,
    "invite": inviting.by_link,
    "privacy": personal_data.look_again,
    "mine": personal_data.send_started,
    "forget": personal_data.ask,
    "roll": rolls.by_link,
    **debate.STARTS,
    **opinions.STARTS,
}
"""What a link of ours that opens the private chat goes on with, by its verb."""
