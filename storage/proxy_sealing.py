"""What happens to proxies beside giving and using them: the giver votes, rights become one, the vote closes, somebody
is forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.casting import Cast
from bot.domain.consultation import State
from bot.domain.proxies import NOTICE as NOTICE_KIND
from bot.domain.proxies import Notice, Word, notice_in, notices_of
from storage import mapping
from storage.database import Database, plain_json
from storage.notice_tables import NOTICE
from storage.notices import owe
from storage.proxy_tables import PROXY, PROXY_COUNT, PROXY_DAY
from storage.tables import ACCOUNT, BALLOT, CONSULTATION, VOTING_RIGHT

UNSEALED = (State.SCHEDULED, State.DISCLOSED, State.OPEN)
"""The states in which rights may exist, ballots and proxies can still change."""


class Act(NamedTuple):
    """What a word about proxies is owed for: what names the act for ever, and when it was."""

    key: str
    at: datetime


def of_right() -> Select[Any]:
    """The ballots on the rights of people who gave their vote."""
    theirs = and_(VOTING_RIGHT.c.consultation == PROXY.c.consultation, VOTING_RIGHT.c.person == PROXY.c.giver)
    on_record = and_(BALLOT.c.consultation == PROXY.c.consultation, BALLOT.c.voting_right == VOTING_RIGHT.c.id)
    return select(BALLOT.c.voting_right).select_from(PROXY).join(VOTING_RIGHT, theirs).join(BALLOT, on_record)


def cast_by_proxy(*numbers: int) -> Select[tuple[int]]:
    """The rights whose ballot on record is a proxy's, in these consultations or in all of them."""
    theirs = and_(VOTING_RIGHT.c.consultation == PROXY.c.consultation, VOTING_RIGHT.c.person == PROXY.c.giver)
    used = select(VOTING_RIGHT.c.id).join(PROXY, theirs).where(PROXY.c.used)
    return used.where(PROXY.c.consultation.in_(numbers)) if numbers else used


# ── the giver votes ──────────────────────────────────────────────────────────────────────────────────────────────────


def given_away(db: Database, rights: Sequence[int]) -> Mapping[int, bool]:
    """The rights among these whose vote was given away, each with whether its ballot is a proxy's. They are locked, in
    order, before any ballot is written."""
    theirs = and_(VOTING_RIGHT.c.consultation == PROXY.c.consultation, VOTING_RIGHT.c.person == PROXY.c.giver)
    rows = db.all(
        select(VOTING_RIGHT.c.id, PROXY.c.used)
        .join(PROXY, theirs)
        .where(db.among(VOTING_RIGHT.c.id, rights))
        .order_by(VOTING_RIGHT.c.id)
        .with_for_update(of=PROXY)
    )
    return {row.id: bool(row.used) for row in rows}


def cancel(db: Database, casts: Mapping[int, Cast]) -> None:
    """The givers voted themselves, each by this cast on their right: their proxies are no more, and whoever held one is
    to be told so."""
    theirs = and_(VOTING_RIGHT.c.consultation == PROXY.c.consultation, VOTING_RIGHT.c.person == PROXY.c.giver)
    for right, cast in sorted(casts.items()):
        void(db, Act(cast.key, cast.at), exists().where(theirs, VOTING_RIGHT.c.id == right))


def void(db: Database, act: Act, *which: ColumnElement[bool]) -> None:
    """Drop the proxies that meet the conditions, and owe their holders a word."""
    held = (PROXY.c.holder.is_not(None), *which)
    for row in db.all(select(PROXY).where(*held).order_by(PROXY.c.consultation, PROXY.c.giver)):
        _owe(db, act, row.holder, Notice(row.consultation, row.giver, Word.CANCELLED))
    db.run(delete(PROXY).where(*which))


def _owe(db: Database, act: Act, person: int, notice: Notice) -> None:
    """Owe it to the person, on every account."""
    for row in db.all(select(ACCOUNT.c.id).where(ACCOUNT.c.person == person).order_by(ACCOUNT.c.id)):
        owe(db, row.id, NOTICE_KIND, notice.facts, notice.key(act.key, row.id), act.at)


# ── two persons become one ───────────────────────────────────────────────────────────────────────────────────────────


def choose_ballot(db: Database, act: Act, number: int, kept: int, gone: int) -> None:
    """Before two rights become one: if one of two ballots is the person's own and the other a proxy's, the own one
    stays, whichever is later; of two proxies' the later one does, with its proxy."""
    here = (BALLOT.c.consultation == number, VOTING_RIGHT.c.person.in_([kept, gone]))
    mine = select(BALLOT.c.voting_right, BALLOT.c.at, VOTING_RIGHT.c.person).join(
        VOTING_RIGHT, VOTING_RIGHT.c.id == BALLOT.c.voting_right
    )
    found = db.all(mine.where(*here).order_by(BALLOT.c.at.desc(), BALLOT.c.voting_right))
    used = {row.giver for row in db.all(select(PROXY.c.giver).where(PROXY.c.consultation == number, PROXY.c.used))}
    own = any(row.person not in used for row in found)
    beaten = [row for place, row in enumerate(found) if row.person in used and (own or place)]
    rights = [row.voting_right for row in beaten]
    db.run(delete(BALLOT).where(BALLOT.c.consultation == number, BALLOT.c.voting_right.in_(rights)))
    over = [kept, gone] if own else [row.person for row in beaten]
    void(db, act, PROXY.c.consultation == number, PROXY.c.giver.in_(over))


def merge_proxies(db: Database, act: Act, kept: int, gone: int) -> None:
    """What one person gave or held is the other's now. Nobody holds their own vote, votes for others once they gave
    their own away, or holds more than the vote allows."""
    unsealed = CONSULTATION.c.state.in_([state.value for state in UNSEALED])
    live = select(CONSULTATION.c.number).where(unsealed)
    held = select(VOTING_RIGHT.c.consultation).where(VOTING_RIGHT.c.person == kept)
    # What was sealed goes with the right, where that moves.
    moved = (PROXY.c.giver == gone, PROXY.c.consultation.not_in(live), PROXY.c.consultation.not_in(held))
    db.run(update(PROXY).where(*moved).values(giver=kept))
    concerned = select(PROXY.c.consultation).where(_concerns(kept, gone), PROXY.c.consultation.in_(live))
    for number in sorted({row.consultation for row in db.all(concerned)}):
        _merge_in(db, act, number, kept, gone)
    for row in db.all(select(PROXY_DAY).where(or_(PROXY_DAY.c.giver == gone, PROXY_DAY.c.holder == gone))):
        _merge_day(db, row, kept, gone)
    for owed, notice in _told_about(db, gone):
        facts = plain_json(replace(notice, about=kept).facts)
        db.run(update(NOTICE).where(NOTICE.c.id == owed).values(facts=facts))


def _concerns(*people: int) -> ColumnElement[bool]:
    return or_(PROXY.c.giver.in_(people), PROXY.c.holder.in_(people))


def _merge_in(db: Database, act: Act, number: int, kept: int, gone: int) -> None:
    here = PROXY.c.consultation == number
    void_own = and_(here, PROXY.c.giver.in_([kept, gone]), PROXY.c.holder.in_([kept, gone]))
    db.run(delete(PROXY).where(void_own))
    gave = {row.giver: row for row in db.all(select(PROXY).where(here, PROXY.c.giver.in_([kept, gone])))}
    if len(gave) > 1:
        void(db, act, here, PROXY.c.giver == (kept if gave[gone].used else gone))
    db.run(update(PROXY).where(here, PROXY.c.giver == gone).values(giver=kept))
    db.run(update(PROXY).where(here, PROXY.c.holder == gone).values(holder=kept))
    held = db.all(select(PROXY.c.giver, PROXY.c.used).where(here, PROXY.c.holder == kept).order_by(PROXY.c.giver))
    unused = [row.giver for row in held if not row.used]
    for giver in unused[max(_most(db, number, kept, len(held)) - (len(held) - len(unused)), 0) :]:
        _hand_back(db, act, number, giver)


def _most(db: Database, number: int, person: int, held: int) -> int:
    """How many the person may hold: none once they gave their own vote away."""
    gave = (PROXY.c.consultation == number, PROXY.c.giver == person, PROXY.c.holder.is_not(None))
    if db.count(PROXY, *gave):
        return 0
    row = db.first(select(CONSULTATION.c.definition).where(CONSULTATION.c.number == number))
    rule = mapping.definition(row.definition).proxies if row is not None else None
    return held if rule is None or rule.most is None else rule.most


def _hand_back(db: Database, act: Act, number: int, giver: int) -> None:
    """A proxy that its holder can't keep: both sides are to be told."""
    void(db, act, PROXY.c.consultation == number, PROXY.c.giver == giver)
    _owe(db, act, giver, Notice(number, giver, Word.LEFT_OUT))


def _merge_day(db: Database, row: Any, kept: int, gone: int) -> None:
    mine = (PROXY_DAY.c.organisation == row.organisation, PROXY_DAY.c.day == row.day)
    db.run(delete(PROXY_DAY).where(*mine, PROXY_DAY.c.giver == row.giver))
    giver, holder = (kept if each == gone else each for each in (row.giver, row.holder))
    if giver != holder:
        key = {"organisation": row.organisation, "day": row.day, "giver": giver}
        db.add_missing(PROXY_DAY, **key, holder=holder, hash=row.hash)


def _told_about(db: Database, person: int) -> list[tuple[int, Notice]]:
    """What is owed to others and would name the person, with its number."""
    rows = db.all(select(NOTICE.c.id, NOTICE.c.facts).where(NOTICE.c.kind == NOTICE_KIND))
    found = ((row.id, notice_in(json.loads(row.facts))) for row in rows)
    return [(number, notice) for number, notice in found if notice.about == person]


# ── the vote closes, somebody is forgotten ───────────────────────────────────────────────────────────────────────────


def seal_proxies(db: Database, number: int, counts: ColumnElement[bool], keep_links: bool) -> None:
    """Note how many of the ballots that count were cast by proxy; unless `keep_links`, erase for whom and by whom.
    What is still owed about them would tell it, and goes in any case. Doing it twice changes nothing more."""
    here = PROXY.c.consultation == number
    db.run(delete(NOTICE).where(NOTICE.c.key.startswith(notices_of(number), autoescape=True)))
    if not db.count(PROXY, here):
        return
    cast = of_right().where(here, PROXY.c.used, counts).subquery()
    ballots = int(db.all(select(func.count()).select_from(cast))[0][0])
    db.add_missing(PROXY_COUNT, consultation=number, ballots=ballots)
    db.run(update(PROXY).where(here).values(holder=None, hash=None))
    db.run(delete(PROXY).where(here, PROXY.c.used.is_not(True) if keep_links else here))


def void_all_of(db: Database, person: int, at: datetime) -> None:
    """Somebody asked to be forgotten: nobody votes for them any more, nor they for anybody; ballots cast stay."""
    unused, act = PROXY.c.used.is_not(True), Act(f"forgotten/{at.isoformat()}", at)
    void(db, act, PROXY.c.giver == person, unused)
    for row in db.all(select(PROXY.c.consultation, PROXY.c.giver).where(PROXY.c.holder == person, unused)):
        _hand_back(db, act, row.consultation, row.giver)
    for owed, _ in _told_about(db, person):
        db.run(delete(NOTICE).where(NOTICE.c.id == owed))
