"""The Bot API's schema: which methods, parameters and fields exist, and whether a value is of the type they want.

It knows types, required fields and the schema's lengths. It refuses to know what
a value means, whom it concerns, and the rules the schema doesn't write down (see
`rules`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Kind = str | list[Any]
"""A type of the schema: a name, `["array", T]`, or `["or", T, …]`."""

MAX_SHOWN = 80
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_TRUTHS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    name: str
    mime: str
    data: bytes = field(repr=False)


class Schema:
    """The whole schema, and the checks made with it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.methods: dict[str, dict[str, Any]] = document["methods"]
        self.types: dict[str, dict[str, Any]] = document["types"]
        for name, kind in self.types.items():
            if name.startswith("InputMedia") and "type" in kind.get("fields", {}):
                # The schema leaves out this constant, without which the members of the union can't be told apart.
                kind["fields"]["type"]["const"] = _snake(name.removeprefix("InputMedia"))

    def decode(self, kind: Kind, raw: Any) -> Any:
        """The value that a form's text stands for; a text that can't be read stays, for `problems` to refuse."""
        if not isinstance(raw, str) or kind in ("String", "InputFile"):
            return raw
        if kind == "Integer":
            return int(raw) if _INTEGER.fullmatch(raw) else raw
        if kind == "Boolean":
            return _TRUTHS.get(raw, raw)
        if isinstance(kind, list) and kind[0] == "or" and "String" in kind:
            return int(raw) if "Integer" in kind and _INTEGER.fullmatch(raw) else raw
        try:
            return json.loads(raw)
        except ValueError:
            return raw

    def problems(self, kind: Kind, value: Any, at: str = "") -> Iterator[str]:
        """What is wrong with the value, one sentence each; nothing when it is of the type."""
        if isinstance(kind, str):
            yield from self._named(kind, value, at)
        elif kind[0] == "array":
            yield from self._array(kind[1], value, at)
        else:
            yield from self._union(kind[1:], value, at)

    def call_problems(self, method: str, params: dict[str, Any]) -> Iterator[str]:
        """What is wrong with the parameters of a call."""
        known = self.methods[method]["params"]
        yield from (f"{name}: not a parameter of {method}" for name in params if name not in known)
        yield from self._fields(known, params, method)

    def answer_problems(self, method: str, result: Any) -> Iterator[str]:
        """What is wrong with the result of a call."""
        yield from self.problems(self.methods[method]["returns"], result, f"answer of {method}")

    def _array(self, kind: Kind, value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: {_shown(value)} is not an array"
            return
        for index, item in enumerate(value):
            yield from self.problems(kind, item, f"{at}[{index}]")

    def _union(self, kinds: list[Kind], value: Any, at: str) -> Iterator[str]:
        found: list[list[str]] = []
        for kind in kinds:
            problems = list(self.problems(kind, value, at))
            if not problems:
                return
            if not self._another(kind, value):
                found.append(problems)
        yield from min(found, key=len, default=[f"{at}: {_shown(value)} is none of {kinds}"])

    def _another(self, kind: Kind, value: Any) -> bool:
        """Whether the value says itself that it is another member of the union."""
        fields = self.types[kind].get("fields", {}) if isinstance(kind, str) and kind in self.types else {}
        return not isinstance(value, dict) or any(
            "const" in rule and value.get(name) != rule["const"] for name, rule in fields.items()
        )

    def _named(self, kind: str, value: Any, at: str) -> Iterator[str]:
        if kind in _PRIMITIVES:
            if not _PRIMITIVES[kind](value):
                yield f"{at}: {_shown(value)} is not {kind}"
        elif kind == "InputFile":
            if not isinstance(value, Upload) and not (isinstance(value, str) and value.startswith("attach://")):
                yield f"{at}: {_shown(value)} is not a file"
        elif "union" in self.types[kind]:
            yield from self._union(self.types[kind]["union"], value, at)
        elif not isinstance(value, dict):
            yield f"{at}: {_shown(value)} is not {kind}"
        else:
            known = self.types[kind]["fields"]
            yield from (f"{at}.{name}: not a field of {kind}" for name in value if name not in known)
            yield from self._fields(known, value, at)

    def _fields(self, known: dict[str, dict[str, Any]], values: dict[str, Any], at: str) -> Iterator[str]:
        for name, rule in known.items():
            if name not in values:
                if rule["required"]:
                    yield f"{at}.{name}: missing"
                continue
            value, place = values[name], f"{at}.{name}"
            yield from self.problems(rule["type"], value, place)
            if "const" in rule and value != rule["const"]:
                yield f"{place}: {_shown(value)} is not {rule['const']!r}"
            if "len" in rule and isinstance(value, str) and not rule["len"][0] <= length(name, value) <= rule["len"][1]:
                yield f"{place}: its length {length(name, value)} is not within {rule['len']}"


def length(name: str, text: str) -> int:
    """The length as the server counts it: bytes for callback data, UTF-16 units else (the strictest reading)."""
    return len(text.encode()) if name == "callback_data" else units(text)


def units(text: str) -> int:
    """The number of UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@cache
def the_schema() -> Schema:
    """The schema of Bot API 10.3, read once."""
    path = Path(__file__).with_name("botapi-10.3.json")
    return Schema(json.loads(path.read_text(encoding="utf-8")))


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


_PRIMITIVES: dict[str, Callable[[Any], bool]] = {
    "Integer": _is_integer,
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
