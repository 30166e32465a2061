"""Roles as people ask for them: their words, which exist for one consultation, how long a code that gives one can be
used, and who takes no part in votes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.members import Grant, Role
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown

CODE_LASTS = timedelta(hours=48)
"""How long a code that gives a role can be used."""

WORDS: Mapping[str, Role] = {
    "admin": Role.ADMIN, "administrator": Role.ADMIN, "administrateur": Role.ADMIN, "administratrice": Role.ADMIN,
    "organiser": Role.ORGANISER, "organizer": Role.ORGANISER, "organisateur": Role.ORGANISER,
    "organisatrice": Role.ORGANISER,
    "author": Role.AUTHOR, "auteur": Role.AUTHOR, "auteure": Role.AUTHOR, "autrice": Role.AUTHOR,
    "moderator": Role.MODERATOR, "moderateur": Role.MODERATOR, "moderatrice": Role.MODERATOR,
    "scrutineer": Role.SCRUTINEER, "scrutateur": Role.SCRUTINEER, "scrutatrice": Role.SCRUTINEER,
    "participant": Role.PARTICIPANT, "participante": Role.PARTICIPANT,
    "observer": Role.OBSERVER, "observateur": Role.OBSERVER, "observatrice": Role.OBSERVER,
}  # fmt: skip
"""The folded words for each role."""

ORGANISATION_ONLY = frozenset({Role.ADMIN, Role.AUTHOR})
"""Roles that mean nothing for one consultation: it has one author, and an association is administered as a whole."""

_REMOVE = frozenset({"remove", "retirer", "reprendre"})
_LEAVE = frozenset({"leave", "quitter"})
_VOID = frozenset({"void", "annuler"})


class Wish(StrEnum):
    """What `/roles` is asked to do."""

    SHOW = "show"
    GIVE = "give"
    REMOVE = "remove"
    LEAVE = "leave"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish, with the role it is about (GIVE, LEAVE) or the place in the list that was shown (REMOVE)."""

    wish: Wish
    role: Role | None = None
    place: str = ""


def asked(text: str) -> Asked:
    """What was typed after `/roles` and the consultation's number, if there is one.

    Raises Refusal `no-such-role`, naming the word, `role-which` when the word is missing.
    """
    first, *rest = fold(text).split() or [""]
    if not first:
        return Asked(Wish.SHOW)
    if first in _REMOVE:
        return Asked(Wish.REMOVE, place=" ".join(rest))
    if first in _VOID:
        return Asked(Wish.VOID)
    if first in _LEAVE:
        return Asked(Wish.LEAVE, _role(" ".join(rest)))
    return Asked(Wish.GIVE, _role(" ".join([first, *rest])))


def _role(word: str) -> Role:
    if not word:
        raise Refusal("role-which")
    role = WORDS.get(word) or WORDS.get(word.removesuffix("s"))
    if role is None:
        raise Refusal("no-such-role", said=shown(word))
    return role


def must_be_given_here(role: Role, number: int | None) -> None:
    """Return if the role exists there: in the whole organisation (no number), or in one consultation.

    Raises Refusal `role-of-organisation-only`.
    """
    if number is not None and role in ORGANISATION_ONLY:
        raise Refusal("role-of-organisation-only", number=str(number))


def observes(roles: Collection[Role]) -> bool:
    """Whether someone with these roles, in the organisation and in the consultation, is there to look on and not to
    vote. Whoever is made a participant too votes."""
    return Role.OBSERVER in roles and Role.PARTICIPANT not in roles


def observers(grants: Iterable[Grant]) -> frozenset[int]:
    """The persons who look on and don't vote, among those who hold these roles."""
    held: dict[int, set[Role]] = {}
    for grant in grants:
        held.setdefault(grant.person, set()).add(grant.role)
    return frozenset(person for person, roles in held.items() if observes(roles))
