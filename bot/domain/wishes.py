"""The keys someone typed, read one at a time into values.

Each reading either gives a typed value or refuses, repeating the key and the value
in the room's language. It knows the shape of values, not which of them go together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain import dates, vocabulary
from bot.domain.consultation import Majority, Quorum
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text, fold, shown, tidy

T = TypeVar("T")
MOST_REMINDERS = 5
LEAST_GRADES = 3
MOST_GRADES = 7
GRADE_LIMIT = 30
BEST_SCORE = 10
_HERE = frozenset({"this room", "here", "ce salon", "ici"})
_PERCENTAGE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s?%")
_FRACTION = re.compile(r"([0-9]{1,3})\s?[/⁄]\s?([0-9]{1,3})")
_OF_PRESENT = re.compile(r" (?:of (?:those|the) |des? )?presente?s?$")
_OF_ROLL = re.compile(r" (?:of the roll|des inscrits|inscrits|de la liste)$")
_NUMBER = re.compile("([0-9]{1,6})(?: [a-z]{1,12})?")
_SCALE = re.compile(r"(?:0\s?(?:-|–|—|\ba\b|\bto\b)\s?)?([0-9]{1,2})")
_RANGE = re.compile(r"([0-9]{1,2})?\s?(?:-|–|—|\ba\b|\bto\b)\s?([0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Values by canonical key, as typed, and the language in which keys are repeated."""

    keys: Mapping[str, str]
    language: str

    def said(self, key: str) -> str:
        """The key and its value as one would write them: `fermeture : vendredi`."""
        colon = " : " if self.language == "fr" else ": "
        return f"{vocabulary.key_in(self.language, key)}{colon}{shown(self.keys[key])}"

    def asks(self, key: str) -> bool:
        """Whether the key was given, with something else than "none"."""
        return key in self.keys and fold(self.keys[key]) not in vocabulary.NONE

    def text(self, key: str) -> str:
        """The words of a key, cleaned; '' if it wasn't given. Raises the Refusals of `words.clean_text`."""
        return clean_text(self.keys[key]) if key in self.keys else ""

    def listed(self, key: str) -> str | None:
        """The canonical listed value, None if the key wasn't given. Raises Refusal `impossible-value`."""
        if key not in self.keys:
            return None
        found = vocabulary.value(key, self.keys[key])
        if found is None:
            raise Refusal("impossible-value", said=self.said(key), values=vocabulary.values_in(self.language, key))
        return found

    def quorum(self) -> Quorum | None:
        """How many must vote. Raises Refusal `impossible-quorum`."""
        if not self.asks("quorum"):
            return None
        typed = _OF_ROLL.sub("", _OF_PRESENT.sub("", fold(self.keys["quorum"])))
        share = _share(typed)
        if share is not None:
            return Quorum(share=share)
        if re.fullmatch("[0-9]{1,6}", typed) and int(typed):
            return Quorum(count=int(typed))
        raise Refusal("impossible-quorum", said=self.said("quorum"))

    def quorum_of_present(self) -> bool:
        """Whether the quorum given is a share of those who take part; a number is one of them in any case."""
        typed = fold(self.keys.get("quorum", ""))
        return _OF_PRESENT.search(typed) is not None and _share(_OF_PRESENT.sub("", typed)) is not None

    def majority(self) -> Majority | None:
        """What must be reached. Raises Refusal `impossible-majority`."""
        if not self.asks("majority"):
            return None
        typed = fold(self.keys["majority"])
        if typed == "simple":
            return Majority()
        if typed in {"absolute", "absolue"}:
            return Majority(Fraction(1, 2), strict=True)
        share = _share(typed)
        if share is None:
            raise Refusal("impossible-majority", said=self.said("majority"))
        return Majority(share, strict=False)

    def choices(self, options: int) -> tuple[int, int] | None:
        """The least and the most options on a ballot, None if nothing was said. Raises Refusal `impossible-choices`."""
        if "choices" not in self.keys:
            return None
        typed = fold(self.keys["choices"])
        found = _RANGE.fullmatch(typed)
        least = most = typed
        if found and (found[1] or found[2]):
            least, most = found[1] or "1", found[2] or str(options)
        if not (re.fullmatch("[0-9]{1,2}", least) and 1 <= int(least) <= int(most) <= options):
            raise Refusal("impossible-choices", said=self.said("choices"), n=options)
        return int(least), int(most)

    def number(self, key: str, least: int, most: int) -> int | None:
        """The whole number given, None if nothing was said. Raises Refusal `impossible-number`."""
        if key not in self.keys:
            return None
        found = _NUMBER.fullmatch(fold(self.keys[key]))
        if not (found and least <= int(found[1]) <= most):
            raise Refusal("impossible-number", said=self.said(key), least=least, most=most)
        return int(found[1])

    def scale(self) -> int | None:
        """The best score of a scale from 0, None if nothing was said. Raises Refusal `impossible-scale`."""
        if "scale" not in self.keys:
            return None
        found = _SCALE.fullmatch(fold(self.keys["scale"]))
        if not (found and 1 <= int(found[1]) <= BEST_SCORE):
            raise Refusal("impossible-scale", said=self.said("scale"), n=BEST_SCORE)
        return int(found[1])

    def grades(self) -> tuple[str, ...]:
        """The words of a judgment, best first; () if none were given.

        Raises Refusal `impossible-grades` besides those of `names`.
        """
        grades = self.names("grades", MOST_GRADES, GRADE_LIMIT)
        # A grade made of figures could be taken for a mark, one with a sign for an option and its mark.
        unclear = any(re.search("[:=]", grade) or not re.search(r"[^\W\d_]", grade) for grade in grades)
        if unclear or 0 < len(grades) < LEAST_GRADES:
            raise Refusal("impossible-grades", said=self.said("grades"), least=LEAST_GRADES, most=MOST_GRADES)
        return grades

    def names(self, key: str, most: int, limit: int) -> tuple[str, ...]:
        """The names given, separated by commas, each once; () for none.

        Raises Refusal `too-many-names` besides those of `words.clean_text`.
        """
        if not self.asks(key):
            return ()
        found: dict[str, str] = {}
        for name in re.split("[,;]", self.keys[key]):
            if name.strip():
                found.setdefault(fold(name), clean_text(name, limit))
        if len(found) > most:
            raise Refusal("too-many-names", said=self.said(key), n=most)
        return tuple(found.values())

    def rooms(self) -> tuple[str, ...]:
        """The rooms named, as typed; '' stands for the room this is written in, () for that room alone."""
        if not self.asks("rooms"):
            return ()
        names = (tidy(name) for name in self.keys["rooms"].split(","))
        rooms = tuple(dict.fromkeys("" if fold(name) in _HERE else name for name in names if name))
        return () if rooms == ("",) else rooms

    def duration(self, key: str) -> timedelta | None:
        """The length of time given, None for none. Raises the Refusals of `dates.duration`."""
        if not self.asks(key):
            return None
        return self.echoing(key, dates.duration) or None

    def reminders(self) -> tuple[timedelta, ...] | None:
        """How long before closing to remind, longest first; None if nothing was said.

        Raises Refusal `too-many-reminders` besides those of `dates.duration`.
        """
        if "reminders" not in self.keys:
            return None
        if not self.asks("reminders"):
            return ()
        read = self.echoing("reminders", lambda typed: {dates.duration(part) for part in re.split("[,;]", typed)})
        if len(read) > MOST_REMINDERS:
            raise Refusal("too-many-reminders", n=MOST_REMINDERS)
        return tuple(sorted(read, reverse=True))

    def moment(self, key: str, *, now: datetime, zone: ZoneInfo, hour: time | None = None) -> dates.Moment:
        """The date or duration given. Raises the Refusals of `dates.moment`."""
        return self.echoing(
            key, lambda typed: dates.moment(typed, now=now, zone=zone, language=self.language, hour=hour)
        )

    def echoing(self, key: str, read: Callable[[str], T]) -> T:
        """What `read` makes of the key's value, its Refusals repeating the key as well."""
        try:
            return read(self.keys[key])
        except Refusal as refusal:
            raise Refusal(refusal.code, **{**refusal.facts, "said": self.said(key)}) from refusal


def _share(typed: str) -> Fraction | None:
    """The share a percentage or a fraction means, exact, above 0 and at most 1."""
    share = None
    if found := _PERCENTAGE.fullmatch(typed):
        share = Fraction(found[1].replace(",", ".")) / 100
    elif (found := _FRACTION.fullmatch(typed)) and int(found[2]):
        share = Fraction(int(found[1]), int(found[2]))
    return share if share is not None and 0 < share <= 1 else None
