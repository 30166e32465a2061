"""The interface to what is kept of members, roles, codes and linked accounts: a part of `bot.store.Transaction`.

The identity side is here; which right voted is on the consultation side (`bot.store`).
They meet in a person's number only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.domain.ids import AccountRef
from bot.domain.members import Grant, Invitation, LinkRequest, Member, Merge, Role, RoleCode
from bot.domain.words import fold

if TYPE_CHECKING:
    from bot.store import Account


class Members(Protocol):
    """Everything about members. Missing is raised for unknown numbers (`no-such-member`, `no-such-link`)."""

    # -- the roll of an organisation -------------------------------------------------------------------------------
    def keepers(self, name: str) -> Sequence[int]:
        """The numbers of the organisations of that name, however it is written."""

    def add(self, organisation: int, label: str, group: str = "") -> Member:
        """A new line on the organisation's roll, with a person of its own that no account belongs to yet."""

    def enrol(self, organisation: int, account: int, label: str) -> Member:
        """The account's person as a member; the line on record if there is one already."""

    def member(self, member: int) -> Member:
        """The member with this number."""

    def member_of(self, organisation: int, person: int) -> Member | None:
        """The person's line on the organisation's roll."""

    def memberships(self, person: int) -> Sequence[Member]:
        """The person's lines on the rolls of all organisations."""

    def roll(self, organisation: int) -> Sequence[Member]:
        """Every member, suspended ones too, by label."""

    def save(self, member: Member) -> None:
        """Replace what the line says (label, group, suspension)."""

    def remove(self, member: int) -> None:
        """Take the line off the roll, with its codes. Rights already frozen stay."""

    def accounts_of(self, person: int) -> Sequence[Account]:
        """The accounts of a person, oldest first."""

    def accounts_on(self, organisation: int) -> Mapping[int, Sequence[AccountRef]]:
        """The accounts of everyone on the organisation's roll who has some, by person."""

    # -- codes -----------------------------------------------------------------------------------------------------
    def invite(self, member: int, code_hash: str, at: datetime) -> bool:
        """Keep the hash of a fresh code of the member; whether it replaces one that nobody had used, void from now."""

    def invitation(self, code_hash: str) -> Invitation | None:
        """What is known of a code."""

    def invitations(self, organisation: int) -> Sequence[Invitation]:
        """The codes of the organisation's members that are not void."""

    def redeem(self, code_hash: str, at: datetime) -> Member | None:
        """Use the single-use code: its member; None when it is unknown, void or already used."""

    def void(self, code_hash: str) -> Member | None:
        """Make the code worth nothing; its member if it was still good."""

    def note_wrong_code(self, account: int, on: date) -> int:
        """Note that the account typed a code that doesn't exist or was used; how many it typed that day."""

    def wrong_codes(self, account: int, on: date) -> int:
        """How many wrong codes the account typed that day."""

    def wrong_codes_of_all(self, since: date) -> int:
        """How many wrong codes were typed in the instance since that day."""

    # -- roles -----------------------------------------------------------------------------------------------------
    def grant(self, grant: Grant) -> bool:
        """Give the role; False if the person has it already."""

    def revoke(self, organisation: int, number: int | None, person: int, role: Role) -> bool:
        """Take the role back; False if the person doesn't have it."""

    def grants(self, organisation: int, number: int | None = None) -> Sequence[Grant]:
        """The roles given in the organisation, with those of the consultation if a number is given; oldest first."""

    def roles_of(self, organisation: int, account: int, number: int | None = None) -> frozenset[Role]:
        """The roles of the account's person in the organisation, and in the consultation if a number is given."""

    def roles_held(self, account: int) -> Sequence[Grant]:
        """Every role of the account's person, in whatever organisation or consultation; oldest first."""

    def add_role_code(self, code: RoleCode, code_hash: str, at: datetime) -> None:
        """Keep the hash of a fresh single-use code that gives a role."""

    def redeem_role_code(self, code_hash: str, at: datetime, since: datetime) -> RoleCode | None:
        """Use the single-use code of a role; None when unknown, used, or made before `since`."""

    def drop_role_codes(self, organisation: int, by: int | None = None) -> int:
        """Forget the codes of roles that nobody used (those that this account gave, if one is named); how many."""

    # -- linked accounts -------------------------------------------------------------------------------------------
    def ask_link(self, asker: int, code_hash: str, at: datetime) -> LinkRequest:
        """A request of the asker's, in place of any other that this account was in."""

    def link_by_code(self, code_hash: str) -> LinkRequest | None:
        """The request of this code, while it is neither done nor dropped."""

    def link_request(self, request: int) -> LinkRequest:
        """The request with this number."""

    def pending_link(self, account: int) -> LinkRequest | None:
        """The request in which both sides are known and this account is one of them."""

    def save_link(self, request: LinkRequest) -> None:
        """Replace what the request says; any other that one of its accounts was in is dropped."""

    def drop_link(self, request: int) -> None:
        """Forget the request: it was refused, done, or too old."""

    def merge(self, kept: int, gone: int, at: datetime) -> Sequence[Merge]:
        """Make two persons one: accounts, memberships, roles and acceptances of `gone` become `kept`'s.

        In every consultation that is open and where both hold a right, one right is marked merged (the roll keeps its
        size) and the later ballot stays: these are returned. Before the opening one of the two rights goes. Where only
        `gone` held one it becomes `kept`'s; accounts are tied to it. A suspension of either's line stays.
        """

    def split(self, account: int) -> int:
        """Give the account a person of its own again, without rights in what is open; that person's number. In
        consultations under way it is noted as having given them up."""

    def gave_up(self, number: int, account: int) -> bool:
        """Whether the account was taken away from a right of the consultation while it was open: it gets no other."""

    def holds_both(self, one: int, other: int) -> Sequence[int]:
        """The consultations still open in which both persons hold a right of their own."""


def listed(members: Iterable[Member], group: str = "") -> list[Member]:
    """Those who may vote: not suspended, and of the group if one is asked, however it is written."""
    wanted = fold(group)
    return [member for member in members if not member.suspended and wanted in ("", fold(member.group))]
