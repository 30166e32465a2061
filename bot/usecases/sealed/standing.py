"""How an open consultation stands: of sealed ballots nothing is known but how many there are."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.consultation import Consultation, Secrecy
from bot.domain.results import Result, conclude
from bot.store import Transaction
from bot.usecases.proxies.counting import by_proxy


def standing_result(tx: Transaction, consultation: Consultation) -> Result:
    """What the ballots on record give, with the number of voters even while they are sealed."""
    result = conclude(consultation, tx.tally(consultation.number), by_proxy(tx, consultation))
    if consultation.definition.secrecy is Secrecy.UNLINKED and consultation.takes_ballots:
        return replace(result, ballots=tx.turnout(consultation.number).voters)
    return result
