"""What people type after `/roles`, and who looks on without voting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.members import Grant, Role
from bot.domain.refusals import Refusal
from bot.domain.roles import WORDS, Asked, Wish, asked, must_be_given_here, observers, observes

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Asked(Wish.SHOW)),
        ("  ", Asked(Wish.SHOW)),
        ("organiser", Asked(Wish.GIVE, Role.ORGANISER)),
        ("Organisateurs", Asked(Wish.GIVE, Role.ORGANISER)),
        ("modérateur", Asked(Wish.GIVE, Role.MODERATOR)),
        ("SCRUTATRICE", Asked(Wish.GIVE, Role.SCRUTINEER)),
        ("remove 3", Asked(Wish.REMOVE, place="3")),
        ("retirer 12", Asked(Wish.REMOVE, place="12")),
        ("remove", Asked(Wish.REMOVE)),
        ("leave admin", Asked(Wish.LEAVE, Role.ADMIN)),
        ("quitter administratrice", Asked(Wish.LEAVE, Role.ADMIN)),
        ("void", Asked(Wish.VOID)),
    ],
)
def test_what_is_asked(typed: str, meant: Asked) -> None:
    assert asked(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("king", "no-such-role"),
        ("organiser admin", "no-such-role"),
        ("leave", "role-which"),
        ("leave 3", "no-such-role"),
    ],
)
def test_what_is_no_role_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked(typed)
    assert refused.value.code == code


def test_every_role_can_be_asked_for() -> None:
    assert set(WORDS.values()) == set(Role)
    assert all(role.value in WORDS for role in Role)


@pytest.mark.parametrize("role", Role)
def test_some_roles_exist_for_the_whole_organisation_only(role: Role) -> None:
    must_be_given_here(role, None)
    if role in {Role.ADMIN, Role.AUTHOR}:
        with pytest.raises(Refusal, match="role-of-organisation-only"):
            must_be_given_here(role, 12)
    else:
        must_be_given_here(role, 12)


def test_whoever_observes_votes_where_they_are_made_a_participant() -> None:
    assert not observes(())
    assert observes({Role.OBSERVER})
    assert observes({Role.OBSERVER, Role.SCRUTINEER})
    assert not observes({Role.OBSERVER, Role.PARTICIPANT})
    given = [
        Grant(1, None, 7, Role.OBSERVER, None, NOW),
        Grant(1, None, 8, Role.OBSERVER, None, NOW),
        Grant(1, 12, 8, Role.PARTICIPANT, None, NOW),
        Grant(1, None, 9, Role.ADMIN, None, NOW),
    ]
    assert observers(given) == {7}
