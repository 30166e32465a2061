"""The results of the organisations that hold a consultation together: sealed at its closing, and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ballots import Choice, to_text
from bot.domain.charter import from_facts, holders
from bot.domain.consultation import DELIBERATIONS, Consultation, Secrecy, State
from bot.domain.declaration import with_defaults
from bot.domain.joint import Apart, PartnerState, Together, apart
from bot.domain.members import Member
from bot.domain.organisation import Declaration, Field
from bot.domain.roles import observers
from bot.store import Transaction
from bot.usecases.parts import parts, places

CLOSED = frozenset({State.CLOSED, State.CERTIFIED, State.ANSWERED})


def seal_apart(tx: Transaction, consultation: Consultation) -> dict[str, object]:
    """Keep the result of each organisation as far as it may be told; what the journal says of them. In the transaction
    that closes, while it is known whose each ballot is."""
    own = parts(tx, consultation)
    if len(own) < 2:
        return {}
    if consultation.definition.roll.observed and consultation.opened_at is not None:
        for part in own:
            but = _without_a_vote(tx, part)
            tx.joint.stand_where_seen(part.number, places(tx, part), part.organisation, consultation.opened_at, but)
    sheets = _sheets(tx, consultation, [part.organisation for part in own])
    tx.joint.seal(consultation.number, sheets)
    told = [
        {"name": name, "ballots": {to_text(choice): count for choice, count in sorted(sheets[one].items())}}
        for one, name in _names(tx, consultation)
        if one in sheets
    ]
    return {"organisations": told}


def _sheets(
    tx: Transaction, consultation: Consultation, organisations: Sequence[int]
) -> Mapping[int, Mapping[Choice, int]]:
    """The sheets that may be told. Nobody knows whose an unlinked ballot is."""
    secrecy = consultation.definition.secrecy
    if secrecy is Secrecy.UNLINKED:
        return {}
    return apart(organisations, tx.joint.cells(consultation.number), everything=secrecy is Secrecy.PUBLIC)


def _without_a_vote(tx: Transaction, part: Consultation) -> set[int]:
    """The persons who have no vote as this organisation's: observers, and those its roll suspends."""
    roll: Sequence[Member] = tx.members.roll(part.organisation) if part.definition.roll.listed else ()
    suspended = {member.person for member in roll if member.suspended}
    return suspended | observers(tx.members.grants(part.organisation, part.number))


def _names(tx: Transaction, consultation: Consultation) -> list[tuple[int, str]]:
    """The organisations that hold it, the first one first, as they were called when each took it on."""
    partners = tx.joint.partners(consultation.number)
    joined = [each for each in partners if each.state is PartnerState.ACCEPTED]
    if not joined:
        return []
    first = (consultation.organisation, _disclosed_name(tx, consultation))
    return [first, *((each.organisation, _says(each.declaration, Field.NAME)) for each in joined)]


def _disclosed_name(tx: Transaction, consultation: Consultation) -> str:
    """What the first organisation is called in the disclosure; what it is called now, before there is one."""
    facts = tx.disclosure(consultation.number, consultation.version)
    disclosed = holders(from_facts(facts)) if facts is not None else ()
    return disclosed[0] if disclosed else tx.organisation(consultation.organisation).name


def _says(declaration: Declaration, what: Field) -> str:
    declared = declaration.get(what)
    return declared.value if declared else ""


def names_of(tx: Transaction, consultation: Consultation) -> tuple[str, ...]:
    """The names of the organisations that hold it together; none where one does."""
    return tuple(name for _, name in _names(tx, consultation))


def results_apart(tx: Transaction, consultation: Consultation) -> tuple[Apart, ...]:
    """The result of each organisation, once it is closed."""
    named = _names(tx, consultation)
    if not named or consultation.state not in CLOSED or consultation.definition.kind in DELIBERATIONS:
        return ()
    sheets, public = tx.joint.sheets(consultation.number), consultation.definition.secrecy is Secrecy.PUBLIC
    return tuple(Apart(name, sheets.get(one, {} if public else None)) for one, name in named)


def _together(declaration: Declaration) -> Together:
    return Together(
        name=_says(declaration, Field.NAME),
        contact=_says(declaration, Field.CONTACT),
        responder=_says(declaration, Field.RESPONDER),
        controller=_says(declaration, Field.CONTROLLER) or _says(declaration, Field.NAME),
    )


def disclosed_together(
    tx: Transaction, consultation: Consultation, backup_days: int, now: datetime
) -> tuple[Together, ...]:
    """What is disclosed of each partner; of those invited who may still answer, until when."""
    told: list[Together] = []
    for each in tx.joint.partners(consultation.number):
        if each.state is PartnerState.ACCEPTED:
            told.append(_together(with_defaults(each.declaration, backup_days)))
        elif each.awaited(now):
            name = tx.organisation(each.organisation).name
            told.append(Together(name, "", "", "", each.answer_by))
    return tuple(told)
