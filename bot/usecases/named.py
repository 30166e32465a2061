"""Names beside the ballots of a public vote, as one more file of its bundle: only where the operator asks for it.

Rooms were shown these names anyway; but a file that was downloaded can't be erased, so that no bundle has them
unless somebody decides so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ballots import to_text
from bot.domain.consultation import DELIBERATIONS, Consultation, Secrecy
from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal
from bot.ports import Messenger
from bot.store import NamedBallot, Room, Store, Transaction
from bot.text.spreadsheets import table
from bot.usecases.gathering import hidden_among, rooms_by_id

NAMES = "names.csv"
Messengers = Mapping[str, Messenger]
"""The platforms to ask who takes part without showing a name."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The ballots whose people are known, all ballots of the sheet by what they say, and the rooms."""

    named: Sequence[NamedBallot]
    sheet: Mapping[str, int]
    rooms: Sequence[Room]


async def names_file(store: Store, messengers: Messengers, number: int) -> bytes:
    """A line for each ballot of the sheet with the name of who cast it; none where they hide it, where their platform
    doesn't say whether they do, or once they were forgotten.

    Raises Missing `no-such-consultation`, Refusal `export-names-not-public`, `export-names-erased`.
    """
    known = await store.read(lambda tx: _known(tx, number))
    hidden = await hidden_among(messengers, [one.account for one in known.named], known.rooms)
    return table(("name", "ballot"), sorted(_lines(known, hidden))).encode()


def _known(tx: Transaction, number: int) -> _Known:
    consultation = tx.consultation(number)
    _must_be_public(consultation)
    named, sheet = tx.votes_by_name(number), tx.tally(number)
    if sheet and not named:
        raise Refusal("export-names-erased", number=str(number))
    counts = {to_text(choice): count for choice, count in sheet.items()}
    return _Known(named, counts, rooms_by_id(tx, consultation.rooms))


def _must_be_public(consultation: Consultation) -> None:
    definition = consultation.definition
    if definition.secrecy is not Secrecy.PUBLIC or definition.kind in DELIBERATIONS:
        raise Refusal("export-names-not-public", number=str(consultation.number))


def _lines(known: _Known, hidden: frozenset[AccountRef]) -> Iterator[tuple[str, str]]:
    left = Counter(dict(known.sheet))
    for one in known.named:
        ballot = to_text(one.choice)
        left[ballot] -= 1
        yield "" if one.account in hidden else one.name, ballot
    yield from (("", ballot) for ballot in left.elements())
