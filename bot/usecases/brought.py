"""A poll of the platform's own, shown to us: it becomes a draft like any other, with its question and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.domain.consultation import Kind
from bot.domain.grammar import Command
from bot.domain.refusals import Refusal
from bot.ports import BroughtPoll, Said
from bot.usecases.create import Inputs

KINDS = frozenset({Kind.POLL, Kind.VOTE})
"""What a poll of the platform can become."""


def brings(said: Said, command: Command) -> BroughtPoll | None:
    """The poll that the message shows for this command to take up, None if the command says all by itself.

    Raises Refusal `poll-is-quiz`.
    """
    if said.poll is None or command.name not in KINDS or command.arguments:
        return None
    if said.poll.quiz:
        raise Refusal("poll-is-quiz")
    return said.poll


def inputs(poll: BroughtPoll, kind: Kind, keys: Mapping[str, str], room: int) -> Inputs:
    """The poll as if it had been typed here; `keys` are those of the command, which win."""
    several = {"ballot": "approval"} if poll.several else {}
    return Inputs(kind, poll.question, poll.options, {**several, **keys}, room)


def saved(poll: BroughtPoll | None) -> dict[str, Any] | None:
    """The poll as a dialogue keeps it."""
    return None if poll is None else asdict(poll)


def restored(kept: Mapping[str, Any] | None) -> BroughtPoll | None:
    """The poll that a dialogue kept."""
    return None if kept is None else BroughtPoll(**{**kept, "options": tuple(kept["options"])})
