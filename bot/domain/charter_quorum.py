"""How the point about the quorum stands: how many it takes, of whom, and what follows when it is missed."""

from __future__ import annotations

from fractions import Fraction

from bot.domain.charter_values import Case, Say, say
from bot.domain.consultation import BallotType, Definition, Quorum


def quorum(case: Case) -> tuple[Say, ...]:
    """The quorum with the numbers of today, and what follows by itself when it is missed; () for none."""
    return (*_needed(case), *_if_missed(case.definition))


def base(definition: Definition) -> Say:
    """What a quorum is counted on."""
    return say("quorum.base-present" if definition.quorum_of_present else "quorum.base")


def _needed(case: Case) -> tuple[Say, ...]:
    asked, roll = case.definition.quorum, case.roll
    if asked is None:
        return ()
    if case.definition.ballot is BallotType.SIGNATURE:
        return _signatures(asked, roll)
    if asked.count is not None:
        told = say("quorum.count", n=asked.count)
        return (told,) if roll is None else (say("quorum.count-today", n=asked.count, roll=roll),)
    share = asked.share or Fraction(0)
    if case.definition.quorum_of_present:
        return (say("quorum.present", share=share),)
    if roll is None:
        return (say("quorum.share", share=share),)
    return (say("quorum.share-today", share=share, n=asked.needed(roll), roll=roll),)


def _signatures(asked: Quorum, roll: int | None) -> tuple[Say, ...]:
    """How many signatures are asked; short of them the text has been signed all the same."""
    if asked.count is None and roll is None:
        return (say("signatures.share", share=asked.share or Fraction(0)),)
    return (say("signatures.count", n=asked.needed(roll or 0)),)


def _if_missed(definition: Definition) -> tuple[Say, ...]:
    asked = definition.if_no_quorum
    if asked is None:
        return ()
    return (say(f"quorum.{asked.remedy.value}", lasts=asked.lasts),)
