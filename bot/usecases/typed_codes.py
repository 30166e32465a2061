"""Codes typed in private without a command: alone, to ask whether a ballot was counted; or after a ballot, for it to
replace the unlinked one that was cast under the code.
"""

from __future__ import annotations

from bot.domain.consultation import Consultation, Secrecy
from bot.domain.refusals import Refusal
from bot.domain.sealed import split_code
from bot.domain.typed_ballots import read
from bot.usecases.house import House, Visit
from bot.usecases.sealed import casting as sealed
from bot.usecases.sealed.recording import stands_under
from bot.usecases.sealed.verify import verify


async def alone(house: House, visit: Visit, text: str) -> bool:
    """Answer a code that stands alone, in its groups; False if the text is none."""
    rest, code = split_code(text)
    if code is None or rest or not visit.private:
        return False
    await verify(house, visit, code)
    return True


async def for_ballot(house: House, visit: Visit, consultation: Consultation, text: str) -> bool:
    """Take what was typed where a ballot could have been, if a code stands at its end; False if it is a ballot all the
    same."""
    rest, code = split_code(text)
    if code is None or not visit.private:
        return False
    sealed_there = consultation.definition.secrecy is Secrecy.UNLINKED and consultation.takes_ballots
    # Alone, it may as well be that of another vote, which is over.
    if sealed_there and (rest or await stands_under(house, visit, consultation.number, code)):
        await sealed.with_code(house, visit, consultation, rest, code)
        return True
    return not _is_ballot(text, consultation) and await alone(house, visit, text)


def _is_ballot(text: str, consultation: Consultation) -> bool:
    """Whether the text names options: one may be called like a code."""
    try:
        read(text, consultation.definition)
    except Refusal:
        return False
    return True
