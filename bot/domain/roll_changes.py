"""What an import would change of a roll: who is new, who changes, who stays the same and who is no longer listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import AccountRef
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.domain.roll_files import RollLine
from bot.domain.words import fold


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the roll has them, with the accounts of their person."""

    member: Member
    accounts: frozenset[AccountRef] = frozenset()

    def takes(self, line: RollLine) -> AccountRef | None:
        """The account that the line gives to a member who has none. Nobody's accounts are linked by a file: what
        belongs to one person is only for that person to say."""
        return line.accounts[0] if line.accounts and not self.accounts else None

    def differs(self, line: RollLine) -> bool:
        """Whether the line says something else of the member than the roll."""
        group = self.member.group if line.group is None else line.group
        return (line.label, group) != (self.member.label, self.member.group) or self.takes(line) is not None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import would do. `aside` counts the accounts that it leaves for their owners to link."""

    new: tuple[RollLine, ...] = ()
    changed: tuple[tuple[Listed, RollLine], ...] = ()
    same: int = 0
    missing: tuple[Member, ...] = ()
    aside: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the roll says all of it already."""
        return not (self.new or self.changed or self.missing)


def changes_of(roll: Sequence[Listed], lines: Sequence[RollLine]) -> Changes:
    """Compare a file with the roll. A line is about the member who has its account, else about the one of its name.

    Raises Refusal `roll-line-other` when its account is another member's than its name.
    """
    by_account = {account: each for each in roll for account in each.accounts}
    by_label = {fold(each.member.label): each for each in roll}
    about = {line: _about(line, by_account, by_label) for line in lines}
    found = [(each, line) for line, each in about.items() if each is not None]
    _refuse_shared(found)
    met = {each.member.id for each, _ in found}
    return Changes(
        new=tuple(line for line, each in about.items() if each is None),
        changed=tuple((each, line) for each, line in found if each.differs(line)),
        same=sum(not each.differs(line) for each, line in found),
        missing=tuple(each.member for each in roll if each.member.id not in met),
        aside=sum(_aside(line, each) for line, each in about.items()),
    )


def _about(line: RollLine, by_account: Mapping[AccountRef, Listed], by_label: Mapping[str, Listed]) -> Listed | None:
    known = [by_account[account] for account in line.accounts if account in by_account]
    named = by_label.get(fold(line.label))
    for each in known[1:] + ([named] if named else []) if known else []:
        if each.member.id != known[0].member.id:
            raise Refusal("roll-line-other", line=line.number, said=line.label, other=known[0].member.label)
    return known[0] if known else named


def _refuse_shared(found: Sequence[tuple[Listed, RollLine]]) -> None:
    """Two lines can't be about one member."""
    lines: dict[int, RollLine] = {}
    for each, line in found:
        other = lines.setdefault(each.member.id, line)
        if other is not line:
            facts = {"line": line.number, "other": other.number}
            raise Refusal("roll-line-twice", said=each.member.label, **facts)


def _aside(line: RollLine, each: Listed | None) -> int:
    listed = each or Listed(Member(0, 0, 0, line.label))
    return len([account for account in line.accounts if account not in listed.accounts | {listed.takes(line)}])
