"""Rows of debates and opinion maps to domain values and back, and the rules frozen in their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Budget,
    Conclusion,
    Course,
    DebateRules,
    Measure,
    Phase,
    Request,
    Review,
    Shift,
    Side,
    Signing,
    Speech,
    Stage,
    Stance,
)
from bot.domain.opinions.model import OpinionRules, Statement, StatementState

AnyRow = Row[Any]
Facts = Mapping[str, Any]


def debate_rules(facts: Facts | None) -> DebateRules | None:
    """The rules of a debate from their canonical facts; None for another kind."""
    if facts is None:
        return None
    return DebateRules(
        stages=tuple(_stage(each) for each in facts["stages"]),
        signing=Signing(facts["signing"]),
        review=Review(facts["review"]),
        grounds=tuple(facts["grounds"]),
        reports=facts["reports"],
        length=facts["length"],
        each=facts["each"],
        minimum=facts["minimum"],
        turn=_budget(facts["turn"]),
        alternate=facts["alternate"],
        lists=tuple(facts["lists"]),
        opinion=facts["opinion"],
        vote=facts["vote"],
        vote_lasts=timedelta(seconds=facts["vote_lasts"]),
    )


def _stage(facts: Facts) -> Stage:
    lasts = facts["lasts"]
    return Stage(Phase(facts["phase"]), None if lasts is None else timedelta(seconds=lasts))


def _budget(facts: Facts | None) -> Budget | None:
    return None if facts is None else Budget(facts["amount"], Measure(facts["measure"]))


def opinion_rules(facts: Facts | None) -> OpinionRules | None:
    """The rules of an opinion map from their canonical facts; None for another kind."""
    if facts is None:
        return None
    return OpinionRules(
        review=Review(facts["review"]),
        grounds=tuple(facts["grounds"]),
        reports=facts["reports"],
        length=facts["length"],
        each=facts["each"],
        minimum=facts["minimum"],
    )


def course(row: AnyRow) -> Course:
    """Where a debate stands, from its row."""
    return Course(
        number=row.consultation,
        stage=row.stage,
        since=row.since,
        until=row.until,
        paused_at=row.paused_at,
        moves=row.moves,
        digests=row.digests,
        digested_at=row.digested_at,
        follow_up=row.follow_up,
    )


def course_columns(value: Course) -> dict[str, Any]:
    """The columns of where a debate stands, its number left out."""
    return {
        "stage": value.stage,
        "since": value.since,
        "until": value.until,
        "paused_at": value.paused_at,
        "moves": value.moves,
        "digests": value.digests,
        "digested_at": value.digested_at,
        "follow_up": value.follow_up,
    }


def argument(row: AnyRow) -> Argument:
    """A contribution from its row joined to its present wording and its counts."""
    return Argument(
        number=row.number,
        alias=row.alias,
        kind=ArgumentKind(row.kind),
        text=row.text,
        signature=row.signature,
        at=row.at,
        stage=row.stage,
        state=ArgumentState(row.state),
        source=row.source,
        parent=row.parent,
        room=row.room,
        version=row.version,
        ground=row.ground,
        reason=row.reason,
        supports=row.supports,
        ratings=row.ratings,
        weight=row.weight,
        reports=row.reports,
    )


def shift(row: AnyRow) -> Shift:
    """What was answered before and after, from a row where nothing is '' or NULL."""
    before, after = row.stance_before, row.stance_after
    return Stance(before) if before else None, Stance(after) if after else None


def request(row: AnyRow) -> Request:
    """A place on the speakers' list from its row."""
    return Request(row.alias, row.name, row.at, Side(row.side), row.quota_list, row.point_of_order)


def speech(row: AnyRow) -> Speech:
    """A turn on the floor from its row."""
    return Speech(
        id=row.id,
        alias=row.alias,
        name=row.name,
        began_at=row.began_at,
        ended_at=row.ended_at,
        side=Side(row.side),
        list=row.quota_list,
        order=row.point_of_order,
        messages=row.messages,
        characters=row.characters,
    )


def conclusion(row: AnyRow) -> Conclusion:
    """A version of a conclusion from its row."""
    return Conclusion(row.version, row.text, row.at, row.author)


def statement(row: AnyRow) -> Statement:
    """A statement from its row joined to its counts."""
    return Statement(
        number=row.number,
        alias=row.alias,
        text=row.text,
        at=row.at,
        state=StatementState(row.state),
        ground=row.ground,
        reason=row.reason,
        agrees=row.agrees,
        disagrees=row.disagrees,
        passes=row.passes,
        reports=row.reports,
    )
