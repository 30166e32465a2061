"""Two accounts that become one person's, and the one vote that is left of two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, literal, or_, select, update

from bot.domain.consultation import State
from bot.domain.members import LinkRequest, Merge
from bot.domain.refusals import Missing
from storage.alias_merging import merge_aliases
from storage.database import Database
from storage.member_tables import GIVEN_UP, INVITATION, LINK_REQUEST, MEMBER, RIGHT_MERGE, ROLE_GRANT
from storage.poll_answer_tables import POLL_ANSWER
from storage.proxy_sealing import UNSEALED, Act, choose_ballot, merge_proxies
from storage.reasons import merge_reasons
from storage.tables import ACCEPTANCE, ACCOUNT, BALLOT, CONSULTATION, PERSON, RIGHT_ACCOUNT, VOTING_RIGHT


class Linking:
    """The part of `bot.members.Members` about linked accounts (which says what each does)."""

    _db: Database

    def ask_link(self, asker: int, code_hash: str, at: datetime) -> LinkRequest:
        """See Members."""
        self._db.run(delete(LINK_REQUEST).where(_in_request(asker)))
        row = {"hash": code_hash, "asker": asker, "asked_at": at, "asker_agrees": False, "other_agrees": False}
        return LinkRequest(self._db.add(LINK_REQUEST, **row), asker, at)

    def link_by_code(self, code_hash: str) -> LinkRequest | None:
        """See Members."""
        row = self._db.first(select(LINK_REQUEST).where(LINK_REQUEST.c.hash == code_hash))
        return row and _request(row)

    def link_request(self, request: int) -> LinkRequest:
        """See Members."""
        row = self._db.first(select(LINK_REQUEST).where(LINK_REQUEST.c.id == request))
        if row is None:
            raise Missing("no-such-link")
        return _request(row)

    def pending_link(self, account: int) -> LinkRequest | None:
        """See Members."""
        both_known = (_in_request(account), LINK_REQUEST.c.other.is_not(None))
        row = self._db.first(select(LINK_REQUEST).where(*both_known))
        return row and _request(row)

    def save_link(self, request: LinkRequest) -> None:
        """See Members."""
        others = or_(*(_in_request(each) for each in (request.asker, request.other) if each is not None))
        self._db.run(delete(LINK_REQUEST).where(LINK_REQUEST.c.id != request.id, others))
        values = {
            "other": request.other, "asker_agrees": request.asker_agrees, "other_agrees": request.other_agrees,
        }  # fmt: skip
        self._db.run(LINK_REQUEST.update().where(LINK_REQUEST.c.id == request.id).values(values))

    def drop_link(self, request: int) -> None:
        """See Members."""
        self._db.run(delete(LINK_REQUEST).where(LINK_REQUEST.c.id == request))

    def holds_both(self, one: int, other: int) -> Sequence[int]:
        """See Members."""
        holds = (
            exists().where(VOTING_RIGHT.c.consultation == CONSULTATION.c.number, VOTING_RIGHT.c.person == person)
            for person in (one, other)
        )
        unsealed = CONSULTATION.c.state.in_([state.value for state in UNSEALED])
        held = select(CONSULTATION.c.number).where(unsealed, *holds)
        return [row.number for row in self._db.all(held.order_by(CONSULTATION.c.number))]

    def merge(self, kept: int, gone: int, at: datetime) -> Sequence[Merge]:
        """See Members. Doing it twice changes nothing more."""
        if kept == gone:
            return []
        merged, act = [], Act(f"merged/{kept}/{gone}/{at.isoformat()}", at)
        for number in self.holds_both(kept, gone):
            choose_ballot(self._db, act, number, kept, gone)
            mine, theirs = self._right(number, kept), self._right(number, gone)
            if self._is_open(number):
                merged.append(self._merge_rights(number, mine, theirs))
            else:
                self._drop_right(mine, theirs)
        self._db.run(update(ACCOUNT).where(ACCOUNT.c.person == gone).values(person=kept))
        merge_proxies(self._db, act, kept, gone)
        self._move_rights(kept, gone)
        self._tie_accounts(kept)
        self._merge_memberships(kept, gone)
        self._move(ROLE_GRANT, kept, gone)
        self._move(ACCEPTANCE, kept, gone)
        return merged

    def _is_open(self, number: int) -> bool:
        return bool(self._db.count(CONSULTATION, CONSULTATION.c.number == number, CONSULTATION.c.state == State.OPEN))

    def _drop_right(self, mine: int, theirs: int) -> None:
        """Before the opening there is no roll yet: one right of two goes."""
        self._db.run(update(RIGHT_ACCOUNT).where(RIGHT_ACCOUNT.c.voting_right == theirs).values(voting_right=mine))
        self._db.run(delete(VOTING_RIGHT).where(VOTING_RIGHT.c.id == theirs))

    def _merge_rights(self, number: int, mine: int, theirs: int) -> Merge:
        """One right of two: the later ballot stays on the right that is kept."""
        ballots = {row.voting_right: row for row in self._db.all(_ballots(number, mine, theirs))}
        former, other = ballots.get(mine), ballots.get(theirs)
        replaces = other is not None and (former is None or other.at > former.at)
        merge_reasons(self._db, number, mine, theirs, replaced=replaces)
        if other is not None and replaces:
            later = {"choice": other.choice, "at": other.at}
            self._db.put(BALLOT, consultation=number, voting_right=mine, **later)
        self._db.run(delete(BALLOT).where(BALLOT.c.consultation == number, BALLOT.c.voting_right == theirs))
        # By which answer in a platform's own poll either ballot came says nothing of the one that stays.
        answered = (POLL_ANSWER.c.consultation == number, POLL_ANSWER.c.voting_right.in_([mine, theirs]))
        self._db.run(delete(POLL_ANSWER).where(*answered))
        # What was merged into that one before is this one's too.
        self._db.run(update(RIGHT_MERGE).where(RIGHT_MERGE.c.merged_into == theirs).values(merged_into=mine))
        self._db.put(RIGHT_MERGE, voting_right=theirs, merged_into=mine)
        self._db.run(update(RIGHT_ACCOUNT).where(RIGHT_ACCOUNT.c.voting_right == theirs).values(voting_right=mine))
        merge_aliases(self._db, number, mine, theirs)
        return Merge(number, replaced=former is not None and other is not None)

    def _right(self, number: int, person: int) -> int:
        mine = (VOTING_RIGHT.c.consultation == number, VOTING_RIGHT.c.person == person)
        row = self._db.first(select(VOTING_RIGHT.c.id).where(*mine))
        assert row is not None
        return int(row.id)

    def _move_rights(self, kept: int, gone: int) -> None:
        """Rights that only the other person held, in what is open or has ended, are the kept person's now."""
        held = select(VOTING_RIGHT.c.consultation).where(VOTING_RIGHT.c.person == kept)
        alone = (VOTING_RIGHT.c.person == gone, VOTING_RIGHT.c.consultation.not_in(held))
        self._db.run(update(VOTING_RIGHT).where(*alone).values(person=kept))

    def _tie_accounts(self, person: int) -> None:
        """Every account of the person can use the person's rights in what is not sealed yet."""
        ties = (
            select(VOTING_RIGHT.c.consultation, ACCOUNT.c.id, VOTING_RIGHT.c.id)
            .join(ACCOUNT, ACCOUNT.c.person == VOTING_RIGHT.c.person)
            .join(CONSULTATION, CONSULTATION.c.number == VOTING_RIGHT.c.consultation)
            .where(VOTING_RIGHT.c.person == person)
            .where(CONSULTATION.c.state.in_([state.value for state in UNSEALED]))
        )
        tie = self._db.dialect.insert(RIGHT_ACCOUNT).from_select(["consultation", "account", "voting_right"], ties)
        self._db.run(tie.on_conflict_do_nothing())

    def _merge_memberships(self, kept: int, gone: int) -> None:
        """Of two lines on the same roll the kept person's stays, with the codes of both, suspended if either was."""
        mine = {row.organisation: row.id for row in self._db.all(select(MEMBER).where(MEMBER.c.person == kept))}
        for row in self._db.all(select(MEMBER).where(MEMBER.c.person == gone)):
            if row.organisation not in mine:
                self._db.run(update(MEMBER).where(MEMBER.c.id == row.id).values(person=kept))
                continue
            if row.suspended:
                stays = (MEMBER.c.id == mine[row.organisation], MEMBER.c.suspended == "")
                self._db.run(update(MEMBER).where(*stays).values(suspended=row.suspended))
            codes = update(INVITATION).where(INVITATION.c.member == row.id)
            self._db.run(codes.values(member=mine[row.organisation], current=None))
            self._db.run(delete(MEMBER).where(MEMBER.c.id == row.id))

    def _move(self, table: Any, kept: int, gone: int) -> None:
        """Give the other person's rows to the kept one; what that one has already stays as it is."""
        others = [column for column in table.c if column.name != "person"]
        rows = select(literal(kept).label("person"), *others).where(table.c.person == gone)
        copy = self._db.dialect.insert(table).from_select(["person", *(each.name for each in others)], rows)
        self._db.run(copy.on_conflict_do_nothing())
        self._db.run(delete(table).where(table.c.person == gone))

    def split(self, account: int) -> int:
        """See Members."""
        person = self._db.add(PERSON)
        self._db.run(update(ACCOUNT).where(ACCOUNT.c.id == account).values(person=person))
        self._give_up(account)
        self._db.run(delete(LINK_REQUEST).where(_in_request(account)))
        return person

    def _give_up(self, account: int) -> None:
        """Take the account away from its rights in what isn't sealed; from those of what is open for good."""
        unsealed = select(CONSULTATION.c.number).where(CONSULTATION.c.state.in_([state.value for state in UNSEALED]))
        mine = (RIGHT_ACCOUNT.c.account == account, RIGHT_ACCOUNT.c.consultation.in_(unsealed))
        held = (
            select(RIGHT_ACCOUNT.c.consultation, RIGHT_ACCOUNT.c.account)
            .join(CONSULTATION, CONSULTATION.c.number == RIGHT_ACCOUNT.c.consultation)
            .where(RIGHT_ACCOUNT.c.account == account, CONSULTATION.c.state == State.OPEN)
        )
        noted = self._db.dialect.insert(GIVEN_UP).from_select(["consultation", "account"], held)
        self._db.run(noted.on_conflict_do_nothing())
        self._db.run(delete(RIGHT_ACCOUNT).where(*mine))

    def gave_up(self, number: int, account: int) -> bool:
        """See Members."""
        return bool(self._db.count(GIVEN_UP, GIVEN_UP.c.consultation == number, GIVEN_UP.c.account == account))

    def _person_of(self, account: int) -> int:
        row = self._db.first(select(ACCOUNT.c.person).where(ACCOUNT.c.id == account))
        if row is None:
            raise Missing("no-such-account", number=str(account))
        return int(row.person)


def _ballots(number: int, *rights: int) -> Any:
    return select(BALLOT).where(BALLOT.c.consultation == number, BALLOT.c.voting_right.in_(rights))


def _in_request(account: int) -> ColumnElement[bool]:
    return or_(LINK_REQUEST.c.asker == account, LINK_REQUEST.c.other == account)


def _request(row: Row[Any]) -> LinkRequest:
    return LinkRequest(row.id, row.asker, row.asked_at, row.other, row.asker_agrees, row.other_agrees)
