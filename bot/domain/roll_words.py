"""What follows `/roll`: its own words, in English and in French, and the members it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.refusals import Refusal
from bot.domain.words import clean_text, fold

REASON_LIMIT = 80
"""Characters of a reason: whoever presses a button reads it in one short notice."""

_DOES: Mapping[str, str] = {
    "import": "import", "importer": "import",
    "codes": "codes",
    "code": "code",
    "suspend": "suspend", "suspendre": "suspend",
    "restore": "restore", "retablir": "restore",
    "remove": "remove", "retirer": "remove",
    "merge": "merge", "fusionner": "merge",
}  # fmt: skip
_EVERYONE = frozenset({"all", "tous", "toutes"})
_MEMBER = re.compile(r"(?:n\s?[°º]|no\.?|#)?\s*([0-9]{1,9})(?!\w)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the roll: `does` is the canonical word, "find" for any other words, "show" for none."""

    does: str
    rest: str = ""

    @property
    def everyone(self) -> bool:
        """Whether it is about all of them."""
        return fold(self.rest) in _EVERYONE

    def member(self) -> tuple[int, str]:
        """The number of the member it is about, and what follows. Raises Refusal `roll-member-missing`."""
        found = _MEMBER.match(self.rest)
        if found is None:
            raise Refusal("roll-member-missing")
        return int(found[1]), self.rest[found.end() :].strip()

    def two_members(self) -> tuple[int, int]:
        """The numbers of two members. Raises Refusal `roll-two-members` besides `roll-member-missing`."""
        first, rest = self.member()
        second = _MEMBER.fullmatch(rest)
        if second is None or int(second[1]) == first:
            raise Refusal("roll-two-members")
        return first, int(second[1])

    def reason(self) -> tuple[int, str]:
        """The number of a member and a reason. Raises Refusal `roll-reason-missing`, besides those of
        `words.clean_text`."""
        member, reason = self.member()
        if not reason:
            raise Refusal("roll-reason-missing", number=str(member))
        return member, clean_text(reason, REASON_LIMIT)


def asked(rest: str) -> Asked:
    """What the text after `/roll` asks."""
    word, *more = rest.strip().split(maxsplit=1)[:2] or [""]
    if not word:
        return Asked("show")
    does = _DOES.get(fold(word))
    return Asked(does, "".join(more)) if does else Asked("find", rest.strip())
