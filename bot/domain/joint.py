"""Consultations that several organisations hold together: who was invited, and what is told of each one's ballots.

The organisation that made it is the first; the others are its partners. Each keeps its own roll and its own
declaration. A person on several rolls has one right, and counts in the result of each of their organisations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ballots import Choice
from bot.domain.consultation import Consultation, State
from bot.domain.organisation import Declaration
from bot.domain.refusals import Refusal
from bot.domain.words import fold

LEAST = 5
"""The smallest group of voters whose ballots may be told apart, or worked out from what is told."""
MOST = 8
"""The most organisations that hold a consultation with the one that made it: all are named on its card."""
TIME_TO_ANSWER = timedelta(hours=24)
"""The least time that an invited organisation has to answer; nothing opens meanwhile."""
CODE_LASTS = timedelta(days=7)
"""How long a code by which an organisation lets itself be invited can be used."""


class PartnerState(StrEnum):
    """Where an invitation stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that was invited. `declaration` is its own, frozen when it accepted; empty before."""

    organisation: int
    state: PartnerState
    answer_by: datetime
    declaration: Declaration

    def awaited(self, now: datetime) -> bool:
        """Whether it may still answer."""
        return self.state is PartnerState.INVITED and now < self.answer_by


class Answer(StrEnum):
    """What an organisation says to an invitation, or once it had accepted."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


_ANSWERS: Mapping[str, Answer] = {
    "accept": Answer.ACCEPT, "accepter": Answer.ACCEPT,
    "decline": Answer.DECLINE, "decliner": Answer.DECLINE, "refuser": Answer.DECLINE,
    "withdraw": Answer.WITHDRAW, "retirer": Answer.WITHDRAW,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What follows `/invite`: an answer and the number it is about, or a number and the code of who is invited."""

    number: int
    answer: Answer | None = None
    code: str = ""


def asked(text: str) -> Asked | None:
    """What was typed after `/invite`; None for nothing. Raises Refusal `invite-how` for anything it can't mean."""
    words = text.replace("#", " ").split()
    if not words:
        return None
    answer = _ANSWERS.get(fold(words[0]))
    number = words[1] if answer is not None and len(words) == 2 else words[0]
    code = "" if answer is not None else " ".join(words[1:])
    if not (number.isascii() and number.isdecimal() and len(number) < 10) or (answer is None and not code):
        raise Refusal("invite-how")
    return Asked(int(number), answer, code)


def must_be_invitable(consultation: Consultation) -> None:
    """Return if others may be invited to hold it too, before it opens; raise Refusal `invite-not-now`.

    What they accept can't be changed behind their backs: a draft isn't rewritten, only published or dropped.
    """
    if consultation.state not in {State.DRAFT, State.SCHEDULED, State.DISCLOSED}:
        raise Refusal("invite-not-now", number=str(consultation.number))


def must_have_room(consultation: Consultation, partners: Iterable[Partner], now: datetime) -> None:
    """Return if one more can be invited besides these; raise Refusal `invite-too-many`."""
    if sum(each.state is PartnerState.ACCEPTED or each.awaited(now) for each in partners) >= MOST:
        raise Refusal("invite-too-many", number=str(consultation.number), n=MOST)


def answer_by(consultation: Consultation, now: datetime) -> datetime:
    """Until when an organisation invited now may answer: the opening announced, and a day at least.

    Raises Refusal `invite-too-late` if it would close before.
    """
    until = max(consultation.opens_at, now + TIME_TO_ANSWER)
    if consultation.closes_at is not None and until >= consultation.closes_at:
        raise Refusal("invite-too-late", number=str(consultation.number))
    return until


Cells = Mapping[frozenset[int], Mapping[Choice, int]]
"""The ballots of the voters who belong to exactly these organisations, by choice."""


def apart(organisations: Collection[int], cells: Cells, *, everything: bool) -> Mapping[int, Mapping[Choice, int]]:
    """The ballots of each organisation whose result is told; all of them if `everything` (the ballots are public)."""
    told = frozenset(organisations) if everything else told_apart(organisations, _sizes(cells))
    return {organisation: _sheet(organisation, cells) for organisation in sorted(told)}


def told_apart(organisations: Collection[int], sizes: Mapping[frozenset[int], int]) -> frozenset[int]:
    """The organisations whose result can be told beside the whole without telling that of fewer than `LEAST` voters.

    `sizes` is how many voters belong to exactly these organisations. Everything that can be worked out from the whole
    and the results told is a sum over groups of voters who belong to the same of the organisations told; so each such
    group that isn't empty must be large enough. Where one isn't, the smallest organisation told is left out as well.
    """
    voters = {one: sum(size for mine, size in sizes.items() if one in mine) for one in organisations}
    told = {one for one in organisations if voters[one] >= LEAST}
    while told and not _large_enough(frozenset(told), sizes):
        told.remove(min(told, key=lambda one: (voters[one], -one)))
    return frozenset(told)


def _large_enough(told: frozenset[int], sizes: Mapping[frozenset[int], int]) -> bool:
    groups: Counter[frozenset[int]] = Counter()
    for mine, size in sizes.items():
        groups[mine & told] += size
    return all(size >= LEAST for size in groups.values() if size)


def _sizes(cells: Cells) -> Mapping[frozenset[int], int]:
    return {mine: sum(ballots.values()) for mine, ballots in cells.items()}


def _sheet(organisation: int, cells: Cells) -> Mapping[Choice, int]:
    sheet: Counter[Choice] = Counter()
    for mine, ballots in cells.items():
        if organisation in mine:
            sheet.update(ballots)
    return dict(sheet)


@dataclass(frozen=True, slots=True)
class Together:
    """What is disclosed of a partner, in its own declared words; of one that was invited, until when it may answer."""

    name: str
    contact: str
    responder: str
    controller: str
    invited_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """What is told of one organisation's result: its ballots, or None where that would tell too much of few people."""

    name: str
    sheet: Mapping[Choice, int] | None
