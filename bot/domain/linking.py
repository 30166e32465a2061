"""Two accounts of one person: how long a request lasts, and when both sides have agreed. The rules, without anything
around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.members import LinkRequest

CODE_LASTS = timedelta(minutes=10)
"""How long a code can be sent from the other account."""
AGREEING_LASTS = timedelta(minutes=30)
"""How long both sides have, from the asking, to agree that both accounts are theirs."""


def ends_at(request: LinkRequest) -> datetime:
    """When the request is over if nothing more is done."""
    return request.asked_at + (CODE_LASTS if request.other is None else AGREEING_LASTS)


def concerns(request: LinkRequest, account: int) -> bool:
    """Whether the account is one of the two that are to agree; nobody is before the code was sent."""
    return request.other is not None and account in {request.asker, request.other}


def agreed_by(request: LinkRequest, account: int) -> LinkRequest:
    """The request with this account's agreement."""
    if account == request.asker:
        return replace(request, asker_agrees=True)
    return replace(request, other_agrees=True)


def is_agreed(request: LinkRequest) -> bool:
    """Whether both sides agreed."""
    return request.other is not None and request.asker_agrees and request.other_agrees
