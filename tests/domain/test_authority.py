"""Who may do what: every act, for everyone there is."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.authority import Act, Standing, authorise, may
from bot.domain.members import Role
from bot.domain.refusals import Refusal

OWN_WORK = {Act.EDIT_DRAFT, Act.DROP_DRAFT, Act.SEE_DRAFT, Act.CONCLUDE}
"""What authors may do with their own drafts, and with the conclusion of their own debates."""

OF_ADMINS = {Act.DECLARE, Act.BIND_ROOM, Act.GIVE_ROLES, Act.KEEP_ROLL}
OF_MODERATORS = {Act.MODERATE}
FOR_SCRUTINEERS = {Act.RULE: "scrutineers-only", Act.SEE_ATTENDANCE: "attendance-for-scrutineers"}
"""What even those who organise may not do: their own acts are judged by others."""
TABLE = {
    Role.ADMIN: set(Act) - FOR_SCRUTINEERS.keys(),
    Role.ORGANISER: set(Act) - OF_ADMINS - FOR_SCRUTINEERS.keys(),
    Role.AUTHOR: set[Act](),
    Role.MODERATOR: OF_MODERATORS,
    Role.SCRUTINEER: {Act.OVERSEE, Act.RULE, Act.SEE_ATTENDANCE},
    Role.PARTICIPANT: set[Act](),
    Role.OBSERVER: set[Act](),
}
"""What each role allows, whoever's consultation it is."""


def told(act: Act, standing: Standing) -> str:
    try:
        authorise(act, standing)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(("act", "author"), list(product(Act, (False, True))), ids=str)
def test_who_administers_a_room_that_nobody_bound_does_what_an_admin_does(act: Act, author: bool) -> None:
    assert told(act, Standing(organises=True, author=author)) == (
        "" if act in TABLE[Role.ADMIN] else FOR_SCRUTINEERS[act]
    )


@pytest.mark.parametrize("act", Act, ids=str)
def test_a_member_may_do_nothing_of_it(act: Act) -> None:
    said = {
        Act.EDIT_DRAFT: "not-your-draft", Act.SEE_DRAFT: "not-your-draft", Act.CONCLUDE: "not-your-conclusion",
        **FOR_SCRUTINEERS,
        **dict.fromkeys(OF_ADMINS, "every-room-only"),
    }  # fmt: skip
    assert told(act, Standing(organises=False)) == said.get(act, "organisers-only")


@pytest.mark.parametrize("act", Act, ids=str)
def test_an_author_may_do_what_is_theirs_but_not_publish(act: Act) -> None:
    refused = FOR_SCRUTINEERS.get(act, "organisers-only")
    refused = "every-room-only" if act in OF_ADMINS else refused
    assert told(act, Standing(organises=False, author=True)) == ("" if act in OWN_WORK else refused)


@pytest.mark.parametrize("act", sorted(set(Act) - FOR_SCRUTINEERS.keys()))
def test_when_a_platform_does_not_answer_nothing_is_guessed(act: Act) -> None:
    assert told(act, Standing(organises=None)) == "cannot-check-role"
    assert told(act, Standing(organises=None, author=True)) == ("" if act in OWN_WORK else "cannot-check-role")


@pytest.mark.parametrize(("role", "act"), list(product(Role, Act)), ids=str)
@pytest.mark.parametrize("run_by_rooms", [False, True])
def test_each_role_allows_what_is_its_own_and_nothing_more(role: Role, act: Act, run_by_rooms: bool) -> None:
    standing = Standing(organises=False, roles=frozenset({role}), run_by_rooms=run_by_rooms)
    assert may(act, standing) is (act in TABLE[role])
    # … and a platform that doesn't answer takes nothing away from it.
    silent = Standing(organises=None, roles=frozenset({role}), run_by_rooms=run_by_rooms)
    assert (may(act, silent) is True) is (act in TABLE[role])


@pytest.mark.parametrize("act", Act, ids=str)
def test_two_roles_allow_what_either_does(act: Act) -> None:
    for one, other in product(Role, Role):
        standing = Standing(organises=False, roles=frozenset({one, other}))
        assert may(act, standing) is (act in TABLE[one] | TABLE[other]), (one, other)


@pytest.mark.parametrize("act", Act, ids=str)
def test_in_an_association_that_has_an_admin_who_administers_its_rooms_organises(act: Act) -> None:
    standing = Standing(organises=True, run_by_rooms=False)
    refused = FOR_SCRUTINEERS.get(act, "admins-only")
    assert told(act, standing) == ("" if act in TABLE[Role.ORGANISER] else refused)


@pytest.mark.parametrize("act", sorted(OF_ADMINS))
def test_no_platform_is_waited_for_where_its_answer_changes_nothing(act: Act) -> None:
    assert told(act, Standing(organises=None, run_by_rooms=False)) == "admins-only"


@pytest.mark.parametrize(("act", "author", "poll"), list(product(Act, (False, True), (False, True))), ids=str)
def test_the_role_of_author_publishes_and_steers_polls_of_one_s_own(act: Act, author: bool, poll: bool) -> None:
    standing = Standing(organises=False, author=author, poll=poll, roles=frozenset({Role.AUTHOR}))
    own = author and (act in OWN_WORK or (poll and act in {Act.PUBLISH, Act.STEER}))
    assert may(act, standing) is own


@pytest.mark.parametrize("act", Act, ids=str)
def test_a_poll_of_one_s_own_is_not_published_without_that_role(act: Act) -> None:
    assert may(act, Standing(organises=False, author=True, poll=True)) is (act in OWN_WORK)
