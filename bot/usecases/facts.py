"""Everything a card or an answer may show of a consultation, read together from the database at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.charter import Disclosure, from_facts
from bot.domain.consultation import BallotType, Consultation, Secrecy
from bot.domain.ids import AccountRef
from bot.domain.joint import Apart
from bot.domain.organisation import Organisation
from bot.domain.reasons import GivenReason
from bot.domain.results import Result
from bot.store import JournalEntry, NamedBallot, Transaction
from bot.text.results import Concluded
from bot.usecases.apart import names_of, results_apart
from bot.usecases.gathering import hidden_among
from bot.usecases.house import House
from bot.usecases.records import heads_of
from bot.usecases.sealed.standing import standing_result

TOLD = frozenset({"extended", "answered", "tie-decided", "contest-decided", "contest-moved", "voting-ended"})
"""The lines of the journal that a notice in the rooms is made of."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a card may show, read together so that counts and version belong to one another."""

    consultation: Consultation
    organisation: Organisation
    result: Result
    names: tuple[NamedBallot, ...]
    tally_version: int
    disclosure: Disclosure | None
    changes: tuple[JournalEntry, ...]
    follower: int | None
    reasons: tuple[GivenReason, ...] = ()
    unclaimed: int = 0
    """How many on the list have no account yet, while it is open."""
    together: tuple[str, ...] = ()
    """The organisations that hold it, where several do."""
    apart: tuple[Apart, ...] = ()
    """The result of each of them, once it is closed."""
    merged: int = 0
    """How many rights were merged into others, because accounts were linked."""
    represented: frozenset[AccountRef] = frozenset()
    """Those of the names for whom somebody else voted."""
    heads: Mapping[str, str] = field(default_factory=dict)
    """The journal's head at the opening and at the closing, as `records.heads_of` gives it."""

    @property
    def voting_over(self) -> str:
        """What its ballots wait for, once the voting is over and before they are opened: `shares` of the key, two
        `words`; ''."""
        ended = (entry.facts for entry in reversed(self.changes) if entry.kind == "voting-ended")
        said, closes_at = next(ended, None), self.consultation.closes_at
        if said is None or closes_at is None or not self.consultation.takes_ballots:
            return ""
        return str(said["waits"]) if said["closes_at"] == closes_at.isoformat() else ""

    @property
    def concluded(self) -> Concluded:
        """What a result card is made of."""
        names = tuple((one.name, one.choice) for one in self.names)
        # Where names are published a reason stands beside its author's, as long as they are known.
        signed = tuple(GivenReason(one.choice, one.reason, name=one.name) for one in self.names if one.reason)
        follower, why = self.follower, (signed or self.reasons) if self.reasons else ()
        return Concluded(
            self.consultation, self.result, names, self.organisation.name, follower, why, self.apart, self.merged,
            tuple(one.name for one in self.names if one.account in self.represented),
        )  # fmt: skip


def facts_of(tx: Transaction, number: int) -> Facts:
    """Read everything a card of this consultation may show."""
    consultation = tx.consultation(number)
    shown = tx.disclosure(number, consultation.version)
    public = consultation.definition.secrecy is Secrecy.PUBLIC
    journal = tx.journal(number)
    return Facts(
        consultation=consultation,
        organisation=tx.organisation(consultation.organisation),
        result=standing_result(tx, consultation),
        names=tuple(tx.votes_by_name(number)) if public else (),
        represented=frozenset(tx.proxies.represented(number)) if public else frozenset(),
        tally_version=tx.tally_version(number),
        disclosure=from_facts(shown) if shown is not None else None,
        changes=tuple(entry for entry in journal if entry.kind in TOLD),
        follower=tx.follow_up(number),
        together=names_of(tx, consultation),
        apart=results_apart(tx, consultation),
        heads=heads_of(journal),
        merged=sum(int(entry.facts["rights"]) for entry in journal if entry.kind == "rights-merged"),
        unclaimed=tx.unclaimed(number) if consultation.takes_ballots and consultation.definition.roll.listed else 0,
        reasons=tuple(tx.reasons.published(number)) if consultation.definition.ballot is BallotType.CONSENT else (),
    )


async def without_hidden_names(house: House, facts: Facts) -> Facts:
    """The facts without the names of those who take part without showing theirs."""
    if not facts.names:
        return facts
    rooms = await house.store.read(lambda tx: [tx.room_by_id(room) for room in facts.consultation.rooms])
    hidden = await hidden_among(house.messengers, [one.account for one in facts.names], rooms)
    return replace(facts, names=tuple(replace(one, name="") if one.account in hidden else one for one in facts.names))
