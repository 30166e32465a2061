"""Who may vote: the rule that gives an account its voting right, or says why not.

The roll is frozen at the opening. Where a platform lists its members, the frozen
list decides. Telegram does not list them: there the rule is frozen, and someone
never seen is admitted at their first ballot if the platform confirms that they
are a member and nobody saw them arrive later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.consultation import Consultation
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.domain.roll_sources import RollSource
from bot.domain.words import fold


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of an account in one room of the consultation.

    `listed`: the room's members were all put on the roll at the opening. `member`:
    in the room now, None when the platform doesn't say. `arrived_at`: the arrival
    that was seen, None when none was.
    """

    listed: bool
    member: bool | None
    arrived_at: datetime | None


def admission(consultation: Consultation, sightings: Iterable[Sighting]) -> None:
    """Return if an account that is not on the roll yet is to be admitted now; raise the Refusal that says why not.

    Refusals: `arrived-late` (after the opening, or too recently for the seniority
    asked), `not-registered`, `membership-unknown`, `not-a-member`.
    """
    reasons = [_obstacle(consultation, sighting) for sighting in sightings]
    if _ADMITTED in reasons:
        return
    raise Refusal(min(reasons, key=_ORDER.index, default="not-a-member"), number=str(consultation.number))


def not_on_the_list(
    consultation: Consultation, member: Member | None, organisation: str, contact: str, *, coded: bool
) -> None:
    """Raise the Refusal that says why someone without a right on the frozen list has none; return where being in a room
    may give one.

    `member` is their line on the organisation's list as it is now, `coded` whether they were given a code.
    Refusals: `member-suspended`, `not-in-group`, `not-given-a-code`, `listed-late`, `not-listed`.
    """
    definition, facts = consultation.definition, {"number": str(consultation.number), "organisation": organisation}
    if not definition.roll.listed:
        return
    if member is not None and member.suspended:
        raise Refusal("member-suspended", reason=member.suspended, contact=contact, **facts)
    if definition.roll.observed:
        return
    if member is None:
        raise Refusal("not-listed", contact=contact, **facts)
    if definition.group and fold(member.group) != fold(definition.group):
        raise Refusal("not-in-group", group=definition.group, contact=contact, **facts)
    if definition.roll.by_code and not coded:
        raise Refusal("not-given-a-code", contact=contact, **facts)
    raise Refusal("listed-late", **facts)


_ADMITTED = ""
_ORDER = ("arrived-late", "too-recent", "not-registered", "membership-unknown", "not-a-member")


def _obstacle(consultation: Consultation, sighting: Sighting) -> str:
    if sighting.member is False:
        return "not-a-member"
    if consultation.definition.roll is RollSource.OPEN:
        return _ADMITTED if sighting.member else "membership-unknown"
    if sighting.arrived_at and consultation.opened_at and sighting.arrived_at > consultation.opened_at:
        return "arrived-late"
    if not senior_enough(consultation, sighting.arrived_at):
        return "too-recent"
    if consultation.definition.needs_known_roll and not sighting.listed:
        return "not-registered"
    if sighting.listed:
        # On the list of members at the opening or not at all: someone we did not see arrive was not there.
        return "arrived-late"
    return _ADMITTED if sighting.member else "membership-unknown"


def senior_enough(consultation: Consultation, arrived_at: datetime | None) -> bool:
    """Whether the arrival seen, if any, is old enough at the opening for the seniority asked."""
    seniority = consultation.definition.seniority
    if seniority is None or arrived_at is None or consultation.opened_at is None:
        return True
    return arrived_at <= consultation.opened_at - seniority
