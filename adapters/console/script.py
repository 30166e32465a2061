"""Reads scenario files: text to acts. Every line is either an act or a mistake with its number; nothing is skipped.

It knows how lines are written and nothing of rooms and people: whether `#bureau`
exists is asked of the world.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.console.acts import (
    Act,
    AskAcceptance,
    At,
    Down,
    Expect,
    Found,
    Mistake,
    Move,
    Open,
    Press,
    Remark,
    Restart,
    Say,
    Wait,
)
from bot.domain.declaration import check_field
from bot.domain.organisation import Field
from bot.domain.refusals import Refusal

DEFAULT_ZONE: Final = ZoneInfo("Europe/Paris")
LONGEST: Final = timedelta(days=3660)
"""No clock moves further than ten years at once."""
YEARS: Final = range(1970, 2200)
"""The years a scenario may happen in."""

_NAME = r"[^\W_][\w.-]*"
_ROOM = rf"#(?P<room>{_NAME})"
_WHO = rf"(?P<who>{_NAME})"
_QUOTED = r"(?:«\s*|[\"“”„])(?P<text>.*?)(?:\s*»|[\"“”])"
_SPOKEN = r"\s*:[ \t]*(?P<text>.*)"
_INDENT: Final = "  "
_UNITS: Final = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "seconde": 1, "secondes": 1,
    "m": 60, "min": 60, "mn": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "heure": 3600, "heures": 3600,
    "d": 86400, "day": 86400, "days": 86400, "j": 86400, "jour": 86400, "jours": 86400,
    "w": 604800, "week": 604800, "weeks": 604800, "semaine": 604800, "semaines": 604800,
}  # fmt: skip
_QUANTITY = re.compile(r"([0-9]{1,6})\s*([a-z]+)\s*")


def read_script(text: str) -> tuple[Act, ...]:
    """The acts of a scenario in order. Raises Mistake for the first line that can't be understood."""
    return tuple(_read_act(entry) for entry in _entries(text))


@dataclass(slots=True)
class _Entry:
    """One act as written: its first line, and the indented lines below that belong to it."""

    line: int
    head: str
    below: list[tuple[int, str]]


def _entries(text: str) -> list[_Entry]:
    entries: list[_Entry] = []
    for line, raw in enumerate(_lines(text), start=1):
        written = raw.rstrip()
        if not written:
            continue
        if not written.startswith((_INDENT, "\t")):
            entries.append(_Entry(line, written.strip(), []))
            continue
        above = next((entry for entry in reversed(entries) if not _is_remark(entry.head)), None)
        if above:
            above.below.append((line, written.removeprefix("\t").removeprefix(_INDENT)))
        elif not _is_remark(written.strip()):
            raise Mistake(line, "nothing-above")
    return entries


def _lines(text: str) -> list[str]:
    whole = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    return whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_remark(head: str) -> bool:
    # `#assembly` begins no line of the grammar, so every line that begins with the sign is a comment.
    return head.startswith("#")


def _read_act(entry: _Entry) -> Act:
    act = _read_head(entry.line, entry.head)
    if isinstance(act, Say):
        return replace(act, text="\n".join([act.text, *(written for _, written in entry.below)]).strip("\n"))
    below = [(line, written.strip()) for line, written in entry.below if not _is_remark(written.strip())]
    if isinstance(act, Down):
        return replace(act, meanwhile=tuple(_read_meanwhile(line, written) for line, written in below))
    if below:
        raise Mistake(below[0][0], "nothing-above")
    return act


def _read_meanwhile(line: int, written: str) -> Say | Press | Move | Wait:
    act = _read_head(line, written)
    if not isinstance(act, Say | Press | Move | Wait):
        raise Mistake(line, "not-while-down")
    return act


def _read_head(line: int, head: str) -> Act:
    if _is_remark(head):
        return Remark(line, head.lstrip("#").strip())
    for pattern, build in _GRAMMAR:
        found = pattern.fullmatch(head)
        if found:
            return build(line, found)
    raise Mistake(line, "not-understood", text=head)


def _room(line: int, found: re.Match[str]) -> Open:
    named = [member.strip() for member in (found["members"] or "").split(",") if member.strip()]
    for member in named:
        if not re.fullmatch(rf"{_NAME}\s*\*?", member):
            raise Mistake(line, "name", text=member)
    members = tuple(dict.fromkeys(member.rstrip("* ") for member in named))
    administrators = frozenset(member.rstrip("* ") for member in named if member.endswith("*"))
    return Open(line, found["room"], found["text"] or found["room"], members, administrators, found["language"] or "")


def _organisation(line: int, found: re.Match[str]) -> Found:
    try:
        return Found(line, check_field(Field.NAME, found["text"]))
    except Refusal as refusal:
        raise Mistake(line, "organisation", text=found["text"]) from refusal


def _at(line: int, found: re.Match[str]) -> At:
    try:
        zone = ZoneInfo(found["zone"]) if found["zone"] else DEFAULT_ZONE
    except (KeyError, ValueError, OSError) as error:
        raise Mistake(line, "zone", text=found["zone"]) from error
    try:
        local = datetime.fromisoformat(f"{found['day']} {found['hour'].zfill(5)}")
    except ValueError as error:
        raise Mistake(line, "date", text=f"{found['day']} {found['hour']}") from error
    if local.year not in YEARS:
        raise Mistake(line, "date", text=found["day"])
    return At(line, local.replace(tzinfo=zone))


def _lasting(line: int, text: str) -> timedelta:
    written = text.strip().lower()
    parts = _QUANTITY.findall(written)
    if not parts or _QUANTITY.sub("", written) or any(unit not in _UNITS for _, unit in parts):
        raise Mistake(line, "duration", text=text.strip())
    total = timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))
    if total > LONGEST:
        raise Mistake(line, "duration", text=text.strip())
    return total


def _expect(line: int, found: re.Match[str]) -> Expect:
    groups = found.groupdict()
    place = f"#{groups['room']}" if groups.get("room") else groups.get("who") or ""
    nothing = groups.get("text") is None
    return Expect(line, place, groups.get("text"), absent=nothing or "not" in groups["words"].split())


_TARGET = rf"(?:{_ROOM}|(?!(?:not|nothing)\b){_WHO})"
_GRAMMAR: Final[tuple[tuple[re.Pattern[str], Callable[[int, re.Match[str]], Act]], ...]] = (
    (
        re.compile(
            rf"room\s+{_ROOM}(?:\s+{_QUOTED})?"
            r"(?:\s*[,;]?\s+members\s*:\s*(?P<members>.*?))??(?:\s*[,;]?\s+lang\s*:\s*(?P<language>[a-z]{2,3}))?"
        ),
        _room,
    ),
    (
        re.compile(r"at\s+(?P<day>\d{4}-\d\d-\d\d)[T\s]+(?P<hour>\d{1,2}:\d\d)(?:\s+(?P<zone>\S+))?"),
        _at,
    ),
    (re.compile(rf"organi[sz]ation\s+{_QUOTED}"), _organisation),
    (re.compile(r"\+\s*(?P<text>.+)"), lambda line, found: Wait(line, _lasting(line, found["text"]))),
    (re.compile(r"restart"), lambda line, _: Restart(line)),
    (re.compile(r"down\s+(?P<text>.+)"), lambda line, found: Down(line, _lasting(line, found["text"]))),
    (re.compile(r"ask acceptance"), lambda line, _: AskAcceptance(line)),
    (
        re.compile(rf"{_WHO}\s+in\s+{_ROOM}{_SPOKEN}", re.DOTALL),
        lambda line, found: Say(line, found["who"], found["room"], found["text"]),
    ),
    (
        re.compile(rf"{_WHO}\s+to\s+bot{_SPOKEN}", re.DOTALL),
        lambda line, found: Say(line, found["who"], "", found["text"]),
    ),
    (
        re.compile(rf"{_WHO}(?:\s+in\s+{_ROOM})?\s+presses\s+{_QUOTED}"),
        lambda line, found: Press(line, found["who"], found["room"] or "", found["text"]),
    ),
    (
        re.compile(rf"{_WHO}\s+(?P<verb>joins|leaves)\s+{_ROOM}"),
        lambda line, found: Move(line, found["who"], found["room"], found["verb"] == "joins"),
    ),
    (re.compile(rf"expect(?P<words>(?:\s+not)?)(?:\s+{_TARGET})?\s+{_QUOTED}"), _expect),
    (re.compile(rf"expect\s+{_TARGET}\s+(?P<words>not)\s+{_QUOTED}"), _expect),
    (re.compile(rf"expect(?:\s+{_TARGET})?\s+(?P<words>nothing)"), _expect),
)
