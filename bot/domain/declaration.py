"""The standing declaration: which facts `/setup` asks for, how each is checked, and what stands when nobody states it.

It reads answers one at a time or as a list of `key: value` lines, in French and
English. It checks form, not truth: who said a fact, and when, is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from bot.domain.organisation import Declaration, Declared, Field
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown, tidy

LONGEST_DAYS = 3650
"""Ten years: nobody plans data or answers further ahead."""

THREE_QUESTIONS = (Field.NAME, Field.CONTACT, Field.RESPONDER)
"""What only people know and nothing can open without; the last answer may hold the delay too ("the board, 15 days")."""

Shape = Literal["words", "days"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one standing fact is treated.

    `feeds` are the points of the charter that use it; nothing opens without a `required` one. `default` stands,
    visibly, when nobody states it ("" for none; `spoken`: the catalogue has a sentence for it). Words are `least` to
    `most` characters long; days are between `least` and `most`. `names` are its other keys in a list, folded.
    """

    feeds: tuple[str, ...]
    names: tuple[str, ...]
    required: bool = False
    default: str = ""
    spoken: bool = False
    shape: Shape = "words"
    least: int = 2
    most: int = 300


RULES: Mapping[Field, Rule] = MappingProxyType(
    {
        Field.NAME: Rule(("ENG-01",), ("nom", "association"), required=True, most=80),
        Field.CONTACT: Rule(("ENG-01", "TRA-09", "PAR-04"), ("courriel", "email"), required=True, least=3, most=120),
        Field.RESPONDER: Rule(("ENG-08",), ("repondant", "qui repond", "who answers"), required=True, most=80),
        Field.ANSWER_DAYS: Rule(
            ("ENG-08", "TRA-09"), ("delai", "delai de reponse"), True, "30", shape="days", least=1, most=LONGEST_DAYS
        ),
        Field.PURPOSE: Rule(("TRA-09",), ("objet", "finalite"), spoken=True),
        Field.FUNDING: Rule(("ENG-05",), ("financement",)),
        Field.CONTROLLER: Rule(("TRA-09",), ("responsable", "responsable de traitement"), spoken=True),
        Field.LEGAL_BASIS: Rule(("TRA-09",), ("base legale",), spoken=True),
        Field.RETENTION_DAYS: Rule(
            ("TRA-09", "TRA-10"), ("retention", "conservation"), True, "30", shape="days", least=1, most=LONGEST_DAYS
        ),
        Field.BACKUP_DAYS: Rule(
            ("TRA-10", "PAR-08"), ("backups", "sauvegardes"), default="7", shape="days", least=0, most=LONGEST_DAYS
        ),
        Field.OTHER_MEANS: Rule(("PAR-02",), ("autre moyen", "autres moyens")),
        Field.DOCUMENTS: Rule(("ENG-07",), ()),
        Field.MEETINGS: Rule(("PAR-01",), ("reunions", "rencontres")),
        Field.DATA_LICENCE: Rule(("COL-02",), ("licence", "license", "licence des donnees")),
        Field.ACCESS_HELP: Rule(("PAR-04",), ("accessibility", "accessibilite", "aide")),
        Field.INCIDENTS: Rule(("TRA-11",), ("pannes",)),
    }
)
"""Every standing fact. The English key of a list is the field's own name."""

_UNITS = {"d": 1, "j": 1, "day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30, "mois": 30}
_UNIT = r"(days?|jours?|weeks?|semaines?|months?|mois|d|j)"
_DAYS = re.compile(rf"(\d{{1,5}})\s*{_UNIT}?\s*\.?", re.IGNORECASE)
_WITH_DELAY = re.compile(
    rf"(?P<who>.*?)[\s,;:]+(?:sous|dans|en|within|in|les|\s)*(?P<delay>\d{{1,5}}\s*{_UNIT})\s*\.?", re.IGNORECASE
)


def check_field(field: Field, text: str) -> str:
    """The fact as it will be kept: words on one line, or whole days as digits.

    Raises Refusal `setup-empty`, `setup-too-short`, `setup-too-long`, `setup-not-days`,
    `setup-days-range`, `unreadable-characters`.
    """
    words, rule = tidy(text), RULES[field]
    if not words:
        raise Refusal("setup-empty")
    if rule.shape == "days":
        return str(_days(words, rule))
    if len(words) < rule.least:
        raise Refusal("setup-too-short", said=shown(words), n=rule.least)
    if len(words) > rule.most:
        raise Refusal("setup-too-long", said=shown(words), n=rule.most)
    return words


def _days(words: str, rule: Rule) -> int:
    found = _DAYS.fullmatch(words)
    if not found:
        raise Refusal("setup-not-days", said=shown(words))
    unit = (found[2] or "d").lower()
    days = int(found[1]) * _UNITS[unit if unit in _UNITS else unit.removesuffix("s")]
    if not rule.least <= days <= rule.most:
        raise Refusal("setup-days-range", said=shown(words), least=rule.least, most=rule.most)
    return days


def answer_question(field: Field, text: str, by: str, at: datetime) -> Mapping[Field, Declared]:
    """What an answer to the question about `field` declares; raises the refusals of `check_field`.

    An answer to who answers may end in a delay ("le bureau, 15 jours"), which then declares both.
    """
    stated = {field: text}
    delayed = _WITH_DELAY.fullmatch(tidy(text)) if field is Field.RESPONDER else None
    if delayed and delayed["who"].strip():
        stated = {Field.RESPONDER: delayed["who"].strip(" ,;:"), Field.ANSWER_DAYS: delayed["delay"]}
    return {what: Declared(check_field(what, said), by, at) for what, said in stated.items()}


def parse_list(text: str) -> Mapping[Field, str]:
    """The facts of a list, one `key: value` a line, checked. Blank lines and lines beginning with `#` don't count.

    Raises Refusal `setup-not-a-pair`, `setup-unknown-key` (naming all of them), `setup-repeated-key`,
    `setup-nothing`, and those of `check_field`.
    """
    pairs = [_pair(line) for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    unknown = tuple(shown(key) for key, _ in pairs if _field(key) is None)
    if unknown:
        raise Refusal("setup-unknown-key", keys=unknown, n=len(unknown))
    found: dict[Field, str] = {}
    for key, value in pairs:
        field = _field(key)
        assert field is not None
        if field in found:
            raise Refusal("setup-repeated-key", key=shown(key))
        found[field] = check_field(field, value)
    if not found:
        raise Refusal("setup-nothing")
    return found


def _pair(line: str) -> tuple[str, str]:
    key, colon, value = line.strip().removeprefix("- ").partition(":")
    if not colon:
        raise Refusal("setup-not-a-pair", said=shown(line))
    return key.strip(), value.strip()


def _field(key: str) -> Field | None:
    return _KEYS.get(fold(key).replace("_", " ").replace("-", " "))


_KEYS = {name: field for field, rule in RULES.items() for name in (field.value.replace("_", " "), *rule.names)}


def with_defaults(declaration: Declaration, backup_days: int | None = None) -> Declaration:
    """The declaration with every visible default filled in where nobody stated the fact; nobody is named for those.

    `backup_days` is what the operator states, instead of the built-in default.
    """
    filled = {field: Declared(rule.default) for field, rule in RULES.items() if rule.default}
    if backup_days is not None:
        filled[Field.BACKUP_DAYS] = Declared(str(backup_days))
    return {**filled, **{field: declared for field, declared in declaration.items() if declared.value}}


def unanswered(declaration: Declaration, fields: Iterable[Field] = THREE_QUESTIONS) -> tuple[Field, ...]:
    """Those of the fields that nobody has stated yet, in the same order."""
    return tuple(field for field in fields if not declaration.get(field, Declared("")).value)
