"""One cast, decided: may this ballot be recorded now, and what does it become?

This is the whole gate of voting, as one pure function over facts read in the same
transaction that records its outcome. The store calls it for each cast of a batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ballots import Answer, Choice, Gesture, Mark, Press, amend
from bot.domain.consultation import DELIBERATIONS, POLLS, Consultation, Secrecy, State
from bot.domain.ids import AccountRef
from bot.domain.reasons import reason_with
from bot.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """The answer, in a poll of the platform's own, that a cast comes by: its event's key, and the poll's id."""

    key: str
    poll: str


@dataclass(frozen=True, slots=True)
class AnsweredPoll:
    """The consultation in which an answer made the ballot on record, and the id of the platform's poll it was in."""

    number: int
    poll: str


@dataclass(frozen=True, slots=True)
class Cast:
    """A gesture on a consultation's ballot, by an account, received at `at` (aware UTC).

    `key` makes its repetition harmless. `accepts` is true when the person says in
    the same breath that they accept the rules (they answered "yes", or it is a poll).
    `answer` is what it comes by in a platform's own poll. `instead_of` is the key of
    such an answer that was taken back: the cast is only for a ballot that came by it.
    """

    key: str
    at: datetime
    account: AccountRef
    number: int
    gesture: Gesture
    accepts: bool = False
    answer: PollAnswer | None = None
    instead_of: str = ""

    def meets(self, came_by: str) -> bool:
        """Whether it is for a ballot that came by the answer of that key ('': by none)."""
        return self.instead_of in {"", came_by}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knows about a cast when its turn comes.

    `seen`: its key was handled before. `right`: the voting right the account holds
    in this consultation, None when it holds none (yet). `previous`: the ballot on
    record, `came_by` the key of the answer in a platform's own poll that made it. `accepted`: None never asked, False
    asked, True accepted.
    """

    consultation: Consultation | None
    seen: bool
    right: int | None
    previous: Choice | None
    accepted: bool | None
    came_by: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ballot on record is `choice` (None: withdrawn, or none). `repeated` when nothing had to change. `reason` is
    what was said with it just now, `right` the one it is on, for the voter's code."""

    choice: Choice | None
    previous: Choice | None
    repeated: bool
    reason: str = ""
    right: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AcceptanceAsked:
    """Nothing recorded yet: the person must accept the rules first, by the same act again or by "yes"."""


@dataclass(frozen=True, slots=True)
class NoRight:
    """The account holds no voting right here; whether it can be admitted is for `eligibility` to say."""


Ruling = Recorded | AcceptanceAsked | NoRight | Refusal


def decide(cast: Cast, standing: Standing) -> Ruling:
    """What becomes of the cast. The order of the questions is the order of the answers people get.

    Refusals: `no-such-consultation`, `takes-no-ballots`, `unlinked-in-private`, `not-open-yet`, `already-closed`,
    `cancelled`, and those of `ballots.amend` and `reasons.clean_reason`. A replay is answered from the ballot on
    record.
    """
    try:
        consultation = _open_at(cast, standing.consultation)
        if standing.right is None:
            return NoRight()
        if standing.seen:
            return _replayed(standing)
        if not cast.meets(standing.came_by):
            return Recorded(standing.previous, standing.previous, repeated=True, right=standing.right)
        if not _accepting(cast, standing, consultation):
            return AcceptanceAsked()
        choice = amend(consultation.definition, standing.previous, cast.gesture)
        said = cast.gesture.reason if isinstance(cast.gesture, Answer) else ""
        reason = reason_with(consultation.definition, standing.previous, choice, said)
    except Refusal as refusal:
        return refusal
    unchanged = choice == standing.previous and not reason
    return Recorded(choice, standing.previous, repeated=unchanged, reason=reason, right=standing.right)


def _accepting(cast: Cast, standing: Standing, consultation: Consultation) -> bool:
    """In a poll voting is accepting; elsewhere a second press accepts, and a typed ballot waits for "yes"."""
    if standing.accepted or cast.accepts or consultation.definition.kind in POLLS:
        return True
    return standing.accepted is False and isinstance(cast.gesture, Press | Mark)


def _replayed(standing: Standing) -> Ruling:
    if standing.accepted is False and standing.previous is None:
        return AcceptanceAsked()
    return Recorded(standing.previous, standing.previous, repeated=True, right=standing.right)


def must_take_ballots(consultation: Consultation) -> None:
    """Return if people vote in it; raise Refusal `takes-no-ballots` for a debate or an opinion map."""
    if consultation.definition.kind in DELIBERATIONS:
        raise Refusal("takes-no-ballots", number=str(consultation.number))


def _open_at(cast: Cast, consultation: Consultation | None) -> Consultation:
    if consultation is None:
        raise Refusal("no-such-consultation", number=str(cast.number))
    must_take_ballots(consultation)
    if consultation.definition.secrecy is Secrecy.UNLINKED:
        raise Refusal("unlinked-in-private", number=str(cast.number))
    if consultation.state is State.CANCELLED:
        raise Refusal("cancelled", number=str(cast.number), reason=consultation.cancelled_because)
    if consultation.state in {State.DRAFT, State.SCHEDULED, State.DISCLOSED}:
        raise Refusal("not-open-yet", number=str(cast.number), opens_at=consultation.opens_at)
    closes_at = consultation.closes_at
    assert closes_at is not None
    if consultation.state is not State.OPEN or cast.at >= closes_at:
        raise Refusal("already-closed", number=str(cast.number), closed_at=consultation.closed_at or closes_at)
    return consultation
