"""The keys about the quorum, read together: of whom it is a share, and what follows when it is missed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.domain import dates
from bot.domain.consultation import Definition
from bot.domain.refusals import Refusal
from bot.domain.remedies import IfNoQuorum, Remedy
from bot.domain.roll_sources import RollSource
from bot.domain.wishes import Wishes
from bot.domain.words import fold

SHORTEST = timedelta(minutes=1)
"""The least by which a closing moves, and the least that a second vote lasts."""

_FAIL = frozenset({"fail", "echec"})
_FORMS: Mapping[Remedy, str] = {
    Remedy.EXTEND: "(?:extend|extension|prolonger|prolongation)(?: by| of| de)?",
    Remedy.RECONVENE: "(?:reconvene|reconvoquer|second convening|(?:seconde|deuxieme|2e) convocation)"
    "(?: for| of| de| pour| pendant)?",
}


def with_quorum(definition: Definition, wishes: Wishes) -> Definition:
    """The definition with of whom its quorum is a share, and what follows when it is missed.

    Raises Refusal `quorum-present-needs-blank`, `impossible-remedy`, `remedy-needs-quorum`, `remedy-too-short`,
    `remedy-needs-absence`, `reconvene-needs-roll`, besides those of `dates.duration`.
    """
    present = wishes.quorum_of_present()
    # Where nobody can be present without choosing, everyone who takes part chooses: such a quorum says nothing.
    if present and not definition.asides:
        raise Refusal("quorum-present-needs-blank", said=wishes.said("quorum"))
    return replace(definition, quorum_of_present=present, if_no_quorum=_if_missed(definition, wishes, present))


def _if_missed(definition: Definition, wishes: Wishes, present: bool) -> IfNoQuorum | None:
    key = "if_no_quorum"
    if not wishes.asks(key) or fold(wishes.keys[key]) in _FAIL:
        return None
    found, said = _read(wishes, key), wishes.said(key)
    if definition.quorum is None:
        raise Refusal("remedy-needs-quorum", said=said)
    if found.lasts < SHORTEST:
        raise Refusal("remedy-too-short", said=said)
    # Too many blank ballots are no absence; and moving the closing would tell of them while it is open.
    if present:
        raise Refusal("remedy-needs-absence", said=said)
    if found.remedy is Remedy.RECONVENE and definition.roll is RollSource.OPEN:
        raise Refusal("reconvene-needs-roll", said=said)
    return found


def _read(wishes: Wishes, key: str) -> IfNoQuorum:
    typed = fold(wishes.keys[key])
    for remedy, form in _FORMS.items():
        if found := re.fullmatch(f"{form} (.+)", typed):
            return IfNoQuorum(remedy, wishes.echoing(key, partial(_lasting, found[1])))
    raise Refusal("impossible-remedy", said=wishes.said(key))


def _lasting(length: str, _: str) -> timedelta:
    return dates.duration(length)
