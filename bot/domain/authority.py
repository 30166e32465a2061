"""Who may do what: the one place that authorises an act.

Roles are facts gathered beforehand (who administers the room, who wrote the
draft); this module only decides. A press or a typed number carries no authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Standing:
    """An account before an act: whether it organises every room concerned, and whether the draft is its own.

    `organises` is None when a platform did not say who administers a room.
    """

    organises: bool | None
    author: bool = False


def authorise(act: Act, standing: Standing) -> None:
    """Return if the act is allowed; raise Refusal `organisers-only`, `not-your-draft`,
    `not-your-conclusion` or `cannot-check-role`."""
    if act in {Act.EDIT_DRAFT, Act.DROP_DRAFT, Act.SEE_DRAFT, Act.CONCLUDE} and standing.author:
        return
    if standing.organises:
        return
    if standing.organises is None:
        raise Refusal("cannot-check-role")
    if act is Act.CONCLUDE:
        raise Refusal("not-your-conclusion")
    raise Refusal("not-your-draft" if act in {Act.EDIT_DRAFT, Act.SEE_DRAFT} else "organisers-only")
