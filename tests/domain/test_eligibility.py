"""Who is admitted to the roll of an open consultation, and what the others are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.eligibility import Sighting, admission, not_on_the_list, senior_enough
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.domain.roll_sources import RollSource
from tests.domain.votes import NOW, consultation, definition

VOTE = consultation()
SENIOR = consultation(definition(seniority=timedelta(days=30)))
OPEN = consultation(definition(roll=RollSource.OPEN))
BEFORE, AFTER, LONG_AGO = NOW - timedelta(days=1), NOW + timedelta(minutes=1), NOW - timedelta(days=31)
ADMITTED = ""


def told(asked, *sightings: Sighting) -> str:
    try:
        admission(asked, sightings)
    except Refusal as refusal:
        return refusal.code
    return ADMITTED


@pytest.mark.parametrize(
    ("asked", "listed", "member", "arrived_at", "says"),
    [
        # The platform lists its members: the list made at the opening decides.
        (VOTE, True, True, None, "arrived-late"),
        (VOTE, True, True, AFTER, "arrived-late"),
        (VOTE, True, True, BEFORE, "arrived-late"),
        (VOTE, True, False, None, "not-a-member"),
        (SENIOR, True, True, BEFORE, "too-recent"),
        # It doesn't list them: the frozen rule decides.
        (VOTE, False, True, None, ADMITTED),
        (VOTE, False, True, BEFORE, ADMITTED),
        (VOTE, False, True, NOW, ADMITTED),
        (VOTE, False, True, AFTER, "arrived-late"),
        (VOTE, False, None, None, "membership-unknown"),
        (VOTE, False, False, BEFORE, "not-a-member"),
        (SENIOR, False, True, LONG_AGO, ADMITTED),
        (SENIOR, False, True, BEFORE, "too-recent"),
        (SENIOR, False, True, AFTER, "arrived-late"),
        (SENIOR, False, True, None, ADMITTED),  # there before we could see
        # Whoever is there when they answer.
        (OPEN, True, True, AFTER, ADMITTED),
        (OPEN, False, True, AFTER, ADMITTED),
        (OPEN, False, None, None, "membership-unknown"),
        (OPEN, False, False, None, "not-a-member"),
    ],
)
def test_one_room(asked, listed: bool, member: bool | None, arrived_at: datetime | None, says: str) -> None:
    assert told(asked, Sighting(listed, member, arrived_at)) == says


def test_one_room_that_admits_is_enough() -> None:
    assert told(VOTE, Sighting(False, False, None), Sighting(False, True, BEFORE)) == ADMITTED
    assert told(VOTE, Sighting(True, True, AFTER), Sighting(False, True, None)) == ADMITTED


def test_of_several_reasons_the_closest_to_being_admitted_is_said() -> None:
    late, unknown = Sighting(False, True, AFTER), Sighting(False, None, None)
    assert told(VOTE, Sighting(False, False, None), unknown) == "membership-unknown"
    assert told(VOTE, Sighting(False, False, None), unknown, late) == "arrived-late"


def test_someone_of_no_room_at_all_is_not_a_member() -> None:
    with pytest.raises(Refusal) as refused:
        admission(VOTE, [])
    assert (refused.value.code, refused.value.facts["number"]) == ("not-a-member", "12")


def test_seniority_is_counted_back_from_the_opening_and_reached_on_the_instant() -> None:
    exactly = NOW - timedelta(days=30)
    assert senior_enough(SENIOR, exactly)
    assert not senior_enough(SENIOR, exactly + timedelta(seconds=1))
    assert senior_enough(SENIOR, None)
    assert senior_enough(replace(SENIOR, opened_at=None), AFTER)


ON_LIST = consultation(definition(roll=RollSource.LIST))
OF_BOARD = consultation(definition(roll=RollSource.LIST, group="Bureau"))
BY_CODE = consultation(definition(roll=RollSource.CODES))
WITH_ROOM = consultation(definition(roll=RollSource.LIST_AND_ROOM))
MEMBER = Member(1, 1, 1, "Ana")


@pytest.mark.parametrize(
    ("asked", "member", "says"),
    [
        (VOTE, None, ADMITTED),
        (VOTE, replace(MEMBER, suspended="fee"), ADMITTED),
        (OPEN, replace(MEMBER, suspended="fee"), ADMITTED),
        # The list alone decides: whoever is on it now and holds no right was added after the opening.
        (ON_LIST, None, "not-listed"),
        (ON_LIST, MEMBER, "listed-late"),
        (ON_LIST, replace(MEMBER, suspended="fee"), "member-suspended"),
        (OF_BOARD, None, "not-listed"),
        (OF_BOARD, MEMBER, "not-in-group"),
        (OF_BOARD, replace(MEMBER, group="bureau"), "listed-late"),
        (BY_CODE, None, "not-listed"),
        (BY_CODE, MEMBER, "not-given-a-code"),
        # Being in the room may give a right, but not to whoever is suspended.
        (WITH_ROOM, None, ADMITTED),
        (WITH_ROOM, MEMBER, ADMITTED),
        (WITH_ROOM, replace(MEMBER, suspended="fee"), "member-suspended"),
    ],
)
def test_the_list_says_no_before_any_room_says_yes(asked, member, says):
    def admitted() -> str:
        try:
            not_on_the_list(asked, member, "Octet", "octet@example.org", coded=False)
        except Refusal as refusal:
            return refusal.code
        return ADMITTED

    assert admitted() == says


def test_a_code_given_after_the_opening_came_too_late() -> None:
    with pytest.raises(Refusal) as refused:
        not_on_the_list(BY_CODE, MEMBER, "Octet", "octet@example.org", coded=True)
    assert refused.value.code == "listed-late"
