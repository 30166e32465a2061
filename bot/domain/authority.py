"""Who may do what: the one place that authorises an act.

Roles are facts gathered beforehand (which roles were given, who administers the
rooms, who wrote the draft); this module only decides. A press or a typed number
carries no authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.members import Role
from bot.domain.refusals import Refusal


class Act(StrEnum):
    """What needs a role."""

    PUBLISH = "publish"
    STEER = "steer"
    EDIT_DRAFT = "edit-draft"
    DROP_DRAFT = "drop-draft"
    SEE_DRAFT = "see-draft"
    DECLARE = "declare"
    BIND_ROOM = "bind-room"
    SET_ROOM_LANGUAGE = "set-room-language"
    KEEP_TEMPLATES = "keep-templates"
    MODERATE = "moderate"
    CONCLUDE = "conclude"
    GIVE_ROLES = "give-roles"
    KEEP_ROLL = "keep-roll"
    OVERSEE = "oversee"
    RULE = "rule"
    SEE_ATTENDANCE = "see-attendance"


_ADMINS = frozenset({Role.ADMIN})
_ORGANISERS = frozenset({Role.ADMIN, Role.ORGANISER})
_MODERATORS = frozenset({Role.ADMIN, Role.ORGANISER, Role.MODERATOR})

MAY: Mapping[Act, frozenset[Role]] = {
    Act.PUBLISH: _ORGANISERS,
    Act.STEER: _ORGANISERS,
    Act.EDIT_DRAFT: _ORGANISERS,
    Act.DROP_DRAFT: _ORGANISERS,
    Act.SEE_DRAFT: _ORGANISERS,
    Act.DECLARE: _ADMINS,
    Act.BIND_ROOM: _ADMINS,
    Act.SET_ROOM_LANGUAGE: _ORGANISERS,
    Act.KEEP_TEMPLATES: _ORGANISERS,
    Act.MODERATE: _MODERATORS,
    Act.CONCLUDE: _ORGANISERS,
    Act.GIVE_ROLES: _ADMINS,
    Act.KEEP_ROLL: _ADMINS,
    Act.OVERSEE: _ORGANISERS | {Role.SCRUTINEER},
    Act.RULE: frozenset({Role.SCRUTINEER}),
    Act.SEE_ATTENDANCE: frozenset({Role.SCRUTINEER}),
}
"""The roles that allow each act, whoever's consultation it is."""

OWN = frozenset({Act.EDIT_DRAFT, Act.DROP_DRAFT, Act.SEE_DRAFT, Act.CONCLUDE})
"""What anyone may do with a draft or a debate of their own."""

OWN_POLLS = frozenset({Act.PUBLISH, Act.STEER})
"""What the role of author adds, for polls of one's own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An account before an act.

    `organises`: whether its person administers every room concerned, in the chats themselves;
    None when a platform did not say. `run_by_rooms`: whether that is administering the
    organisation itself, because nobody bound it or nobody took that role yet; else it is
    organising in those rooms. `author`: whether the draft is theirs, `poll` whether it is
    a poll. `roles`: what they were given in the organisation and in the consultation.
    """

    organises: bool | None
    author: bool = False
    roles: frozenset[Role] = field(default_factory=frozenset)
    run_by_rooms: bool = True
    poll: bool = False


def may(act: Act, standing: Standing) -> bool | None:
    """Whether the act is allowed; None when it depends on a platform that did not answer."""
    if standing.author and act in OWN:
        return True
    if standing.author and standing.poll and act in OWN_POLLS and Role.AUTHOR in standing.roles:
        return True
    if MAY[act] & standing.roles:
        return True
    if (Role.ADMIN if standing.run_by_rooms else Role.ORGANISER) in MAY[act]:
        return standing.organises
    return False


def authorise(act: Act, standing: Standing) -> None:
    """Return if the act is allowed; raise Refusal `organisers-only`, `admins-only`, `every-room-only`,
    `scrutineers-only`, `attendance-for-scrutineers`, `not-your-draft`, `not-your-conclusion` or `cannot-check-role`."""
    allowed = may(act, standing)
    if allowed:
        return
    if allowed is None:
        raise Refusal("cannot-check-role")
    raise _refused(act, standing)


def _refused(act: Act, standing: Standing) -> Refusal:
    """Why not, in the words of whom to ask."""
    match act:
        case Act.RULE:
            return Refusal("scrutineers-only")
        case Act.SEE_ATTENDANCE:
            return Refusal("attendance-for-scrutineers")
        case Act.CONCLUDE:
            return Refusal("not-your-conclusion")
        case Act.EDIT_DRAFT | Act.SEE_DRAFT:
            return Refusal("not-your-draft")
    if MAY[act] != _ADMINS:
        return Refusal("organisers-only")
    return Refusal("every-room-only") if standing.run_by_rooms else Refusal("admins-only")
