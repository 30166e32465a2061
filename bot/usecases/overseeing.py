"""Who looks after a consultation: its scrutineers, its organisers, and who decides when a result is contested."""

from __future__ import annotations

from bot.domain.authority import MAY, Act
from bot.domain.members import Role
from bot.store import Account, Transaction
from bot.usecases.disclose import Setting


def scrutineers(tx: Transaction, setting: Setting) -> tuple[Account, ...]:
    """The accounts of those who are scrutineers of the consultation, or of its whole organisation."""
    number, organisation = setting.consultation.number, setting.organisation.id
    found: dict[int, Account] = {}
    for grant in tx.members.grants(organisation, number):
        if grant.role is Role.SCRUTINEER:
            found |= {account.id: account for account in tx.members.accounts_of(grant.person)}
    return tuple(found.values())


def organisers(tx: Transaction, setting: Setting) -> tuple[Account, ...]:
    """The accounts of those who were given a role by which they steer it; where nobody was, the author's: who
    administers a chat is known of each person asked about, never of all."""
    found: dict[int, Account] = {}
    for grant in tx.members.grants(setting.organisation.id, setting.consultation.number):
        if grant.role in MAY[Act.STEER]:
            found |= {account.id: account for account in tx.members.accounts_of(grant.person)}
    return tuple(found.values()) or (setting.author,)


def deciders(tx: Transaction, setting: Setting) -> tuple[Account, ...]:
    """Who decides a contestation: the scrutineers if there are any, else the organisers."""
    return scrutineers(tx, setting) or organisers(tx, setting)


def overseers(tx: Transaction, setting: Setting) -> tuple[Account, ...]:
    """Scrutineers and organisers, each account once."""
    everyone = (*scrutineers(tx, setting), *organisers(tx, setting))
    return tuple({account.id: account for account in everyone}.values())
