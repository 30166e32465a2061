"""Ballots outside the hot path: reading them, counting them, sealing them so that no link is left.

It counts only ballots that are complete, as `bot.domain.ballots.complete` says.
While a consultation is open its ballots are the truth; once sealed its sheet is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, delete, func, literal, or_, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.ballots import RANKED, Choice, aside, from_text, to_text
from bot.domain.consultation import Secrecy
from bot.domain.refusals import Missing
from bot.store import NamedBallot
from storage import mapping
from storage.added_options import forget_proposers
from storage.database import Database, plain_json
from storage.poll_answers import forget_poll_answers
from storage.proxy_sealing import cast_by_proxy, seal_proxies
from storage.reason_tables import REASON
from storage.reasons import seal_reasons
from storage.tables import ACCOUNT, BALLOT, CONSULTATION, DIALOGUE, RIGHT_ACCOUNT, SHEET, TALLY_VERSION, VOTING_RIGHT


class Ballots:
    """The part of a transaction about ballots on record (`bot.store.Transaction` says what each does)."""

    _db: Database

    def ballot_of(self, number: int, account: int) -> Choice | None:
        """See Transaction."""
        row = self._db.first(
            select(BALLOT.c.choice)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.voting_right == BALLOT.c.voting_right)
            .where(BALLOT.c.consultation == number)
            .where(RIGHT_ACCOUNT.c.consultation == number, RIGHT_ACCOUNT.c.account == account)
            .where(BALLOT.c.voting_right.not_in(cast_by_proxy(number)))
        )
        return row and from_text(row.choice)

    def tally(self, number: int) -> Mapping[Choice, int]:
        """See Transaction. Ballots that are not complete are not there."""
        return counts_of(self._db, number)

    def tally_version(self, number: int) -> int:
        """See Transaction."""
        total = func.coalesce(func.sum(TALLY_VERSION.c.version), 0)
        return int(self._db.all(select(total).where(TALLY_VERSION.c.consultation == number))[0][0])

    def touch(self, number: int) -> None:
        """See Transaction."""
        first = self._db.dialect.insert(TALLY_VERSION).values(consultation=number, process=self._db.process, version=1)
        keys = ["consultation", "process"]
        self._db.run(first.on_conflict_do_update(index_elements=keys, set_={"version": TALLY_VERSION.c.version + 1}))

    def votes_by_name(self, number: int) -> Sequence[NamedBallot]:
        """See Transaction. Raises ValueError for a consultation that is not public."""
        if mapping.definition(_definition_text(self._db, number)).secrecy is not Secrecy.PUBLIC:
            raise ValueError("only the ballots of a public consultation have names")
        first = (
            select(RIGHT_ACCOUNT.c.voting_right, func.min(RIGHT_ACCOUNT.c.account).label("account"))
            .where(RIGHT_ACCOUNT.c.consultation == number)
            .group_by(RIGHT_ACCOUNT.c.voting_right)
            .subquery()
        )
        rows = self._db.all(
            select(ACCOUNT.c.ref, ACCOUNT.c.name, BALLOT.c.choice, REASON.c.text.label("reason"))
            .join(first, first.c.account == ACCOUNT.c.id)
            .join(BALLOT, BALLOT.c.voting_right == first.c.voting_right)
            .outerjoin(REASON, and_(REASON.c.consultation == number, REASON.c.voting_right == BALLOT.c.voting_right))
            .where(BALLOT.c.consultation == number, complete(self._db, number))
        )
        named = [
            NamedBallot(mapping.account_ref(row.ref), row.name, from_text(row.choice), row.reason or "") for row in rows
        ]
        return sorted(named, key=lambda ballot: (ballot.name.casefold(), ballot.account))

    def seal_ballots(self, number: int, keep_links: bool) -> None:
        """See Transaction. Doing it twice changes nothing more."""
        counted = (
            select(literal(number), BALLOT.c.choice, func.count())
            .where(BALLOT.c.consultation == number, complete(self._db, number))
            .group_by(BALLOT.c.choice)
            .order_by(BALLOT.c.choice)
        )
        sheet = self._db.dialect.insert(SHEET).from_select(["consultation", "choice", "count"], counted)
        self._db.run(sheet.on_conflict_do_nothing())
        voted = select(BALLOT.c.voting_right).where(BALLOT.c.consultation == number, complete(self._db, number))
        self._db.run(update(VOTING_RIGHT).where(VOTING_RIGHT.c.id.in_(voted)).values(used=True))
        # What is being filled in says how someone means to vote; that they were asked says nothing.
        asked = plain_json({"ballot": number})
        self._db.run(update(DIALOGUE).where(_holds_a_draft(number)).values(state=asked))
        forget_proposers(self._db, number)
        forget_poll_answers(self._db, number)
        seal_reasons(self._db, number, keep_links)
        seal_proxies(self._db, number, complete(self._db, number), keep_links)
        if keep_links:
            # Who chose what is published; when they did is nobody's business.
            self._db.run(update(BALLOT).where(BALLOT.c.consultation == number).values(at=0))
        else:
            self._db.run(delete(BALLOT).where(BALLOT.c.consultation == number))


def _holds_a_draft(number: int) -> ColumnElement[bool]:
    """Whether a dialogue holds a ballot not cast: a paper being filled in, a ballot that waits for a "yes".

    What people typed can't look like it: its quotes are escaped.
    """
    filled_in = (f'"ballot": {number}, "paper": ', f'"number": {number}, "options": ')
    return or_(*(DIALOGUE.c.state.contains(words, autoescape=True) for words in filled_in))


def counts_of(db: Database, number: int) -> Mapping[Choice, int]:
    """How many complete ballots express each choice."""
    sealed = db.all(select(SHEET.c.choice, SHEET.c.count.label("votes")).where(SHEET.c.consultation == number))
    if sealed:
        return {from_text(row.choice): row.votes for row in sealed}
    live = (
        select(BALLOT.c.choice, func.count().label("votes"))
        .where(BALLOT.c.consultation == number, complete(db, number))
        .group_by(BALLOT.c.choice)
    )
    return {from_text(row.choice): row.votes for row in db.all(live)}


def complete(db: Database, number: int) -> ColumnElement[bool]:
    """Whether a ballot counts, as `bot.domain.ballots.complete` says: it names as many options as the rules ask (one
    more than the commas of its text, or as many as its signs `>` and `=`), or chooses nothing on purpose."""
    definition = mapping.definition(_definition_text(db, number))
    if definition.at_least <= 1:
        return BALLOT.c.choice.is_not(None)
    nothing = [to_text(aside(definition, option)) for option in sorted(definition.asides)]
    if definition.ballot in RANKED:
        enough = _times(">") + _times("=") >= definition.at_least
    else:
        enough = _times(",") + 1 >= definition.at_least
    return or_(enough, BALLOT.c.choice.in_(nothing))


def _times(sign: str) -> ColumnElement[int]:
    """How often a sign stands in a ballot's text."""
    return func.length(BALLOT.c.choice) - func.length(func.replace(BALLOT.c.choice, sign, ""))


def _definition_text(db: Database, number: int) -> str:
    text = db.connection.execute(
        select(CONSULTATION.c.definition).where(CONSULTATION.c.number == number)
    ).scalar_one_or_none()
    if text is None:
        raise Missing("no-such-consultation", number=str(number))
    assert isinstance(text, str)
    return text
