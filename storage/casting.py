"""The hot path: many casts decided and recorded by a handful of statements, however many they are.

One pass of reads, `bot.domain.casting.decide` for each in the order they came,
each seeing what those before it did, one pass of writes. It knows nothing of
who waits for the rulings: they are true only once the transaction is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Executable, Integer, Select, Text, and_, bindparam, delete, select, tuple_

from bot.domain.ballots import Choice, from_text, to_text
from bot.domain.casting import AcceptanceAsked, Cast, NoRight, PollAnswer, Recorded, Ruling, Standing, decide
from bot.domain.consultation import BallotType, Consultation
from bot.domain.refusals import Refusal
from storage import mapping
from storage.added_options import with_additions
from storage.database import LARGEST_NUMBER, Database
from storage.dialects import Dialect
from storage.poll_answer_tables import POLL_ANSWER
from storage.poll_answers import write_poll_answers
from storage.proxy_sealing import cancel, given_away
from storage.reasons import write_reasons
from storage.tables import ACCEPTANCE, ACCOUNT, BALLOT, CONSULTATION, EVENT_KEY, RIGHT_ACCOUNT, TALLY_VERSION

Holder = tuple[int, str]
"""An account, by its address, in a consultation."""


class Held(NamedTuple):
    """What the database says of an account in a consultation: its person, and their right if they hold one."""

    person: int
    right: int | None


UNSEEN = Held(0, None)


@dataclass(slots=True)
class Board:
    """What is known while a batch is decided: as read, then as each cast leaves it."""

    consultations: Mapping[int, Consultation]
    seen: set[str]
    held: dict[Holder, Held] = field(default_factory=dict)
    ballots: dict[int, Choice] = field(default_factory=dict)
    accepted: dict[int, bool] = field(default_factory=dict)
    new_keys: list[str] = field(default_factory=list)
    changed: dict[int, int] = field(default_factory=dict)
    said_again: dict[int, int] = field(default_factory=dict)
    received: dict[int, int] = field(default_factory=dict)
    reasons: dict[int, tuple[int, str]] = field(default_factory=dict)
    came_by: dict[int, str] = field(default_factory=dict)
    answers: dict[int, tuple[int, PollAnswer | None]] = field(default_factory=dict)
    answered: dict[int, bool] = field(default_factory=dict)
    given_away: dict[int, bool] = field(default_factory=dict)
    taken_back: dict[int, Cast] = field(default_factory=dict)


def cast_batch(db: Database, casts: Sequence[Cast], charter_version: str) -> list[Ruling]:
    """Decide the casts in order and record what they change, in the database's current transaction."""
    holders = [(cast.number, str(cast.account)) for cast in casts]
    board = _read(db, casts, holders, charter_version)
    rulings = [_rule(board, cast, board.held.get(holder, UNSEEN)) for cast, holder in zip(casts, holders, strict=True)]
    _write(db, board, charter_version)
    return rulings


def cast_for(db: Database, cast: Cast, right: int, charter_version: str) -> Ruling:
    """Decide one cast on somebody else's right, which the caller found and locked, and record what it changes.

    The rules are those of any cast; the person who must have accepted them is the one who casts.
    """
    holder = (cast.number, str(cast.account))
    board = _read(db, [cast], [holder], charter_version)
    mine = (BALLOT.c.consultation == cast.number, BALLOT.c.voting_right == right)
    before = db.first(select(BALLOT.c.choice).where(*mine))
    if before is not None:
        board.ballots[right] = _choice(before.choice)
    ruling = _rule(board, cast, Held(board.held.get(holder, UNSEEN).person, right))
    if right in board.changed:
        board.answers[right] = cast.number, None
    _write(db, board, charter_version)
    return ruling


def _rule(board: Board, cast: Cast, held: Held) -> Ruling:
    person, right = held
    standing = Standing(
        consultation=board.consultations.get(cast.number),
        seen=cast.key in board.seen,
        right=right,
        previous=None if right is None else board.ballots.get(right),
        accepted=board.accepted.get(person),
        came_by="" if right is None else board.came_by.get(right, ""),
    )
    ruling = decide(cast, standing)
    if right is None or standing.seen:
        return ruling
    match ruling:
        case Recorded():
            _note(board, cast.key, person, accepted=True)
            if cast.meets(standing.came_by):
                _attribute(board, cast, right)
            if not ruling.repeated:
                _change(board, cast, right, ruling)
            elif ruling.choice is not None and cast.meets(standing.came_by):
                board.said_again[right] = cast.number
                board.received[right] = int(cast.at.timestamp() * 1000)
        case AcceptanceAsked():
            # The key too: the first press, delivered again, must not pass for the second.
            _note(board, cast.key, person, accepted=False)
        case NoRight() | Refusal():
            pass  # nothing happened: the same act may be tried again
    return ruling


def _note(board: Board, key: str, person: int, accepted: bool) -> None:
    board.seen.add(key)
    board.new_keys.append(key)
    if not board.accepted.get(person, False) and board.accepted.get(person) is not accepted:
        board.accepted[person] = board.answered[person] = accepted


def _change(board: Board, cast: Cast, right: int, ruling: Recorded) -> None:
    """Another ballot stands on the right; whoever cast it themselves is represented by nobody any more."""
    board.changed[right] = cast.number
    board.received[right] = int(cast.at.timestamp() * 1000)
    _place(board, right, ruling.choice)
    if board.given_away.pop(right, None) is not None:
        board.taken_back[right] = cast
    if board.consultations[cast.number].definition.ballot is BallotType.CONSENT:
        board.reasons[right] = cast.number, ruling.reason


def _attribute(board: Board, cast: Cast, right: int) -> None:
    """Note by which answer in a platform's own poll the ballot came, if by any, whatever it was before."""
    key = cast.answer.key if cast.answer is not None else ""
    if board.came_by.get(right, "") != key:
        board.came_by[right] = key
        board.answers[right] = cast.number, cast.answer


def _place(board: Board, right: int, choice: Choice | None) -> None:
    if choice is None:
        board.ballots.pop(right, None)
    else:
        board.ballots[right] = choice


def _read(db: Database, casts: Sequence[Cast], holders: Sequence[Holder], charter_version: str) -> Board:
    statements = _statements(db.dialect)
    # What people send may be larger than any number there is; the databases mind.
    asked = {holder for holder in holders if 0 < holder[0] <= LARGEST_NUMBER}
    numbers = _rows({"number": number} for number in {number for number, _ in asked})
    keys = _rows({"key": cast.key} for cast in casts)
    found = [mapping.consultation(row) for row in db.all(statements.consultations, numbers=numbers)]
    board = Board(
        consultations={each.number: each for each in with_additions(db, found)},
        seen={key for (key,) in db.all(statements.keys, keys=keys)},
    )
    listed = _rows({"number": number, "ref": ref} for number, ref in asked)
    # Unpacked, not read by name: this is the one loop that runs for every ballot there is.
    for row in db.all(statements.standings, holders=listed, version=charter_version):
        number, ref, person, right, choice, accepted, came_by = tuple(row)
        board.held[number, ref] = Held(person, right)
        if accepted is not None:
            board.accepted[person] = accepted
        if choice is not None:
            board.ballots[right] = _choice(choice)
        if came_by is not None:
            board.came_by[right] = came_by
    if any(each.definition.proxies is not None for each in found):
        _read_proxies(db, board)
    return board


def _read_proxies(db: Database, board: Board) -> None:
    """Who gave their vote away. What was cast in their place is not theirs: they begin with an empty ballot."""
    board.given_away = dict(given_away(db, sorted({each.right for each in board.held.values() if each.right})))
    for right, used in board.given_away.items():
        if used:
            board.ballots.pop(right, None)


def _write(db: Database, board: Board, charter_version: str) -> None:
    statements = _statements(db.dialect)
    if board.new_keys:
        db.run(statements.note_keys, keys=_rows({"key": key} for key in board.new_keys))
    if board.answered:
        answers = [
            {"person": person, "version": charter_version, "accepted": int(accepted)}
            for person, accepted in sorted(board.answered.items())
        ]
        db.run(statements.answer, answers=_rows(answers))
    if board.taken_back:
        cancel(db, board.taken_back)
    _write_ballots(db, statements, board)
    if board.reasons:
        write_reasons(db, board.reasons)
    if board.answers:
        write_poll_answers(db, board.answers)
    if board.changed:
        numbers = sorted(set(board.changed.values()))
        db.run(statements.bump, tallies=_rows({"number": number, "process": db.process} for number in numbers))


def _write_ballots(db: Database, statements: Statements, board: Board) -> None:
    placed: list[dict[str, Any]] = []
    withdrawn: list[dict[str, Any]] = []
    # In the order of rights, so that two transactions never wait for each other's rows.
    # A ballot said again stays what it is, and is as late as its repetition.
    for right, number in sorted((board.said_again | board.changed).items()):
        choice = board.ballots.get(right)
        (withdrawn if choice is None else placed).append(
            {
                "number": number,
                "right": right,
                "choice": "" if choice is None else to_text(choice),
                "at": board.received[right],
            }
        )
    if placed:
        db.run(statements.place, ballots=_rows(placed))
    if withdrawn:
        db.run(statements.withdraw, ballots=_rows(withdrawn))


@lru_cache(maxsize=4096)
def _choice(text: str) -> Choice:
    return from_text(text)


def _rows(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows))


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a batch: their text is the same for any number of casts, so it is compiled once."""

    consultations: Executable
    keys: Executable
    standings: Executable
    note_keys: Executable
    answer: Executable
    place: Executable
    withdraw: Executable
    bump: Executable


@lru_cache(maxsize=8)
def _statements(dialect: Dialect) -> Statements:
    numbers = dialect.listed("numbers", {"number": Integer()})
    keys = dialect.listed("keys", {"key": Text()})
    ballots = dialect.listed("ballots", {"number": Integer(), "right": Integer(), "choice": Text(), "at": BigInteger()})
    answers = dialect.listed("answers", {"person": Integer(), "version": Text(), "accepted": Integer()})
    tallies = dialect.listed("tallies", {"number": Integer(), "process": Text()})
    place = dialect.insert(BALLOT).from_select(
        ["consultation", "voting_right", "choice", "at"],
        _every(ballots.c.number, ballots.c.right, ballots.c.choice, ballots.c.at),
    )
    answer = dialect.insert(ACCEPTANCE).from_select(
        ["person", "version", "accepted"], _every(answers.c.person, answers.c.version, answers.c.accepted == 1)
    )
    bump = dialect.insert(TALLY_VERSION).from_select(
        ["consultation", "process", "version"],
        _every(tallies.c.number, tallies.c.process, bindparam("one", 1, Integer)),
    )
    return Statements(
        # Shared, so that closing (which takes it for itself) waits for us and we for it.
        consultations=select(CONSULTATION)
        .where(CONSULTATION.c.number.in_(select(numbers.c.number)))
        .with_for_update(read=True),
        keys=select(EVENT_KEY.c.key).where(EVENT_KEY.c.key.in_(select(keys.c.key))),
        standings=_standings(dialect),
        note_keys=dialect.insert(EVENT_KEY).from_select(["key"], _every(keys.c.key)).on_conflict_do_nothing(),
        answer=answer.on_conflict_do_update(
            index_elements=["person", "version"], set_={"accepted": answer.excluded.accepted}
        ),
        place=place.on_conflict_do_update(
            index_elements=["consultation", "voting_right"],
            set_={"choice": place.excluded.choice, "at": place.excluded.at},
        ),
        withdraw=delete(BALLOT).where(
            tuple_(BALLOT.c.consultation, BALLOT.c.voting_right).in_(select(ballots.c.number, ballots.c.right))
        ),
        bump=bump.on_conflict_do_update(
            index_elements=["consultation", "process"],
            set_={"version": TALLY_VERSION.c.version + bump.excluded.version},
        ),
    )


def _standings(dialect: Dialect) -> Select[Any]:
    """Each holder's person, right, ballot and answer to the rules; a row for each account that was ever seen."""
    holders = dialect.listed("holders", {"number": Integer(), "ref": Text()})
    tie = and_(RIGHT_ACCOUNT.c.account == ACCOUNT.c.id, RIGHT_ACCOUNT.c.consultation == holders.c.number)
    held = and_(
        BALLOT.c.consultation == RIGHT_ACCOUNT.c.consultation, BALLOT.c.voting_right == RIGHT_ACCOUNT.c.voting_right
    )
    came_by = and_(
        POLL_ANSWER.c.consultation == RIGHT_ACCOUNT.c.consultation,
        POLL_ANSWER.c.voting_right == RIGHT_ACCOUNT.c.voting_right,
    )
    answered = and_(ACCEPTANCE.c.person == ACCOUNT.c.person, ACCEPTANCE.c.version == bindparam("version", type_=Text))
    return select(
        holders.c.number,
        holders.c.ref,
        ACCOUNT.c.person,
        RIGHT_ACCOUNT.c.voting_right,
        BALLOT.c.choice,
        ACCEPTANCE.c.accepted,
        POLL_ANSWER.c.key,
    ).select_from(
        holders.join(ACCOUNT, ACCOUNT.c.ref == holders.c.ref)
        .outerjoin(RIGHT_ACCOUNT, tie)
        .outerjoin(BALLOT, held)
        .outerjoin(ACCEPTANCE, answered)
        .outerjoin(POLL_ANSWER, came_by)
    )


def _every(*columns: Any) -> Select[Any]:
    # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE stands between.
    return select(*columns).where(bindparam("one", 1, Integer) == 1)
