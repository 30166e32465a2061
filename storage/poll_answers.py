"""Which answers, in polls of the platforms' own, ballots came by: written with the ballot, forgotten at its sealing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Executable, Integer, Text, bindparam, delete, select, tuple_

from bot.domain.casting import AnsweredPoll, PollAnswer
from storage.database import Database
from storage.dialects import Dialect
from storage.poll_answer_tables import POLL_ANSWER
from storage.tables import RIGHT_ACCOUNT


def poll_answered(db: Database, account: int, key: str) -> AnsweredPoll | None:
    """See Traces."""
    row = db.first(
        select(POLL_ANSWER.c.consultation, POLL_ANSWER.c.poll)
        .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.voting_right == POLL_ANSWER.c.voting_right)
        .where(RIGHT_ACCOUNT.c.account == account, POLL_ANSWER.c.key == key)
        .where(RIGHT_ACCOUNT.c.consultation == POLL_ANSWER.c.consultation)
    )
    return row and AnsweredPoll(row.consultation, row.poll)


def forget_poll_answers(db: Database, number: int) -> None:
    """Forget them all for this consultation."""
    db.run(delete(POLL_ANSWER).where(POLL_ANSWER.c.consultation == number))


@dataclass(frozen=True, slots=True)
class Statements:
    """What a batch of casts writes about answers in polls."""

    keep: Executable
    drop: Executable


def write_poll_answers(db: Database, answers: Mapping[int, tuple[int, PollAnswer | None]]) -> None:
    """Note by which answer each right's ballot came, by right: its consultation and the answer, None for no answer."""
    # In the order of rights, so that two transactions never wait for each other's rows.
    ordered = sorted(answers.items(), key=lambda each: each[0])
    kept = [
        {"number": number, "right": right, "key": answer.key, "poll": answer.poll}
        for right, (number, answer) in ordered
        if answer is not None
    ]
    dropped = [{"number": number, "right": right} for right, (number, answer) in ordered if answer is None]
    statements = _statements(db.dialect)
    if kept:
        db.run(statements.keep, answers=json.dumps(kept))
    if dropped:
        db.run(statements.drop, answers=json.dumps(dropped))


@lru_cache(maxsize=8)
def _statements(dialect: Dialect) -> Statements:
    kept = dialect.listed("answers", {"number": Integer(), "right": Integer(), "key": Text(), "poll": Text()})
    dropped = dialect.listed("answers", {"number": Integer(), "right": Integer()})
    # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE stands between.
    every = select(kept.c.number, kept.c.right, kept.c.key, kept.c.poll).where(bindparam("one", 1, Integer) == 1)
    keep = dialect.insert(POLL_ANSWER).from_select(["consultation", "voting_right", "key", "poll"], every)
    listed = select(dropped.c.number, dropped.c.right)
    return Statements(
        keep=keep.on_conflict_do_update(
            index_elements=["consultation", "voting_right"],
            set_={"key": keep.excluded.key, "poll": keep.excluded.poll},
        ),
        drop=delete(POLL_ANSWER).where(tuple_(POLL_ANSWER.c.consultation, POLL_ANSWER.c.voting_right).in_(listed)),
    )
