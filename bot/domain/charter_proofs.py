"""How the points about proofs stand: what lets others count again, read the data and write a verifier of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.charter_values import Case, ItemState, Status, say
from bot.domain.manifest import FORMAT


def _recount(case: Case) -> ItemState:
    return ItemState("TRA-07", Status.GUARANTEED, (say("recount", version=case.instance.version),))


def _format(_: Case) -> ItemState:
    return ItemState("COL-03", Status.GUARANTEED, (say("format", format=FORMAT),))


def _verifier(_: Case) -> ItemState:
    return ItemState("TRA-16", Status.GUARANTEED, (say("verifier"),))


STATES: Mapping[str, Callable[[Case], ItemState]] = {"TRA-07": _recount, "COL-03": _format, "TRA-16": _verifier}
"""The rule of each point about proofs."""
