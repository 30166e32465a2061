"""How the point about secrecy stands: who sees a choice, who could, and what is never promised.

Derived from the level, the platforms and the declaration; nobody can edit it.
"""

from __future__ import annotations

from bot.domain.attendance import listed
from bot.domain.charter_joint import held_with_others
from bot.domain.charter_proxies import seen_by_holders
from bot.domain.charter_receipts import codes, codes_in_full
from bot.domain.charter_values import Case, ItemState, RoomCircumstances, Say, Status, say
from bot.domain.consultation import POLLS, BallotType, Definition, Secrecy
from bot.domain.key_shares import is_shared


def secrecy(case: Case) -> ItemState:
    """Who can know how someone voted, by what the server keeps and by who reads what is typed."""
    level = case.definition.secrecy
    more = [say("sees.guess"), *codes_in_full(case.definition), *overhearing(case)]
    if level is Secrecy.PUBLIC:
        says = [say("sees.public"), *_reasons(case.definition, "sees.reasons-public")]
    elif level is Secrecy.UNLINKED:
        says = list(_unlinked(case))
        more += [say("sees.unlinked-backups", n=case.backup_days)] if case.backup_days else []
        more += [say("sees.unlinked-shares-after")] if is_shared(case.definition) else []
    else:
        days = case.backup_days
        says = [say("sees.confidential", n=days) if days else say("sees.confidential.unsaved")]
        says += [*_reasons(case.definition, "sees.reasons"), *readers(case)]
        says += codes(case.definition)
        says.append(say("sees.typed.poll" if case.definition.kind in POLLS else "sees.typed.vote"))
        says.append(say("sees.not-secret"))
    says += seen_by_holders(case)
    if listed(case.definition):
        says.append(say("sees.absent" if level is Secrecy.PUBLIC else "sees.attendance"))
        more.append(say(f"sees.attendance-{'each' if held_with_others(case) else 'given'}"))
    return ItemState("PAR-08", Status.GUARANTEED, tuple(says), tuple(more))


def tells_attendance(state: ItemState) -> bool:
    """Whether, as disclosed, those who watch over the vote may be told by name who voted, once it is over."""
    return any(each.key in {"sees.attendance", "sees.absent"} for each in state.says)


def _unlinked(case: Case) -> tuple[Say, ...]:
    """What the server keeps of ballots that it can't link to anybody without a key, and what could still be known."""
    carriers = readers(case)[1:]
    told = [say("sees.unlinked"), *_key(case), *carriers]
    told += [*codes(case.definition), say("sees.unlinked-chat")]
    return (*told, say("sees.typed.vote"), say("sees.not-secret"))


def _key(case: Case) -> tuple[Say, ...]:
    """Who holds the key that opens the ballots."""
    operator = case.instance.operator
    if not is_shared(case.definition):
        return (say("sees.unlinked-key", operator=operator),)
    return (say("sees.unlinked-shares"), say("sees.unlinked-shares-chat", operator=operator))


def _reasons(definition: Definition, key: str) -> tuple[Say, ...]:
    """When and by whom the reasons of those who don't agree are read."""
    return (say(key),) if definition.ballot is BallotType.CONSENT else ()


def readers(case: Case) -> tuple[Say, ...]:
    """Who else can read what reaches the bot: whoever runs it, and whoever carries the messages."""
    carriers = (_carrier(room) for room in _one_per_platform(case.circumstances.rooms))
    return (say("sees.operator", operator=case.instance.operator), *carriers)


def overhearing(case: Case) -> tuple[Say, ...]:
    """That a platform hands the bot everything said in a room, where one does.

    Told of arrivals though members are not listed, the bot is an administrator of a Telegram group, and Telegram hands
    administrators everything said there, privacy mode or not.
    """
    heard = any(room.sees_arrivals and not room.exact for room in case.circumstances.rooms)
    return (say("sees.everything-said"),) if heard else ()


def _one_per_platform(rooms: tuple[RoomCircumstances, ...]) -> tuple[RoomCircumstances, ...]:
    """The least protected room of each platform: what is said of it holds for the others."""
    return tuple({room.platform: room for room in sorted(rooms, key=lambda room: not room.encrypted)}.values())


def _carrier(room: RoomCircumstances) -> Say:
    return say(f"reads.{room.platform}{'.encrypted' if room.encrypted else ''}")
