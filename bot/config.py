"""From `config.toml` and the environment to frozen settings, or to every mistake at once.

Any setting may come from the environment (`PALABRE_TELEGRAM__TOKEN`), which wins
over the file; a secret may stand in a file of its own (`token_file`). Paths are
taken from the folder the program runs in. It opens no connection, and it speaks
no sentence: a mistake is a `Fault`, worded in the catalogue under `config.<code>`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain import templates, vocabulary
from bot.domain.consultation import Kind
from bot.domain.grammar import TRUE
from bot.domain.refusals import Refusal
from bot.domain.templates import Template
from bot.settings import (
    FILE_SUFFIX,
    SECTIONS,
    FactValue,
    Rule,
    Secret,
    Section,
    Settings,
    Shape,
    Wrong,
    default,
    keys,
    rules,
    secrets,
)

DEFAULT_PATH = Path("config.toml")
PREFIX = "PALABRE_"
NESTED = "__"
TEMPLATES = "templates"
"""The table of presets: `[templates.NAME]`."""

_ON_DISCLOSURES = ("operator", "contact", "hosting", "source_url")
_ANY_DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""When a preset is tried out: its keys are right or wrong whatever the day."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake, or one warning: its code, the setting it is about (`telegram.token`, or empty) and its facts.

    `refusal` says what is wrong with a preset, as someone who types it would be told.
    """

    code: str
    key: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    refusal: Refusal | None = None


class ConfigError(Exception):
    """The configuration can't be used. `faults` holds every mistake found, in the order of the file's sections."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(f"{fault.key or 'config'}: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be used, and what an operator should still be told about them."""

    settings: Settings
    warnings: tuple[Fault, ...] = ()


def load(path: Path | None, environment: Mapping[str, str], *, serving: bool = True) -> Loaded:
    """Read the settings from the file (None: `config.toml` if it is there) and the environment.

    What is empty counts as not given. With `serving`, at least one platform must be on. Raises ConfigError naming
    every mistake.
    """
    reader = _Reader()
    given = reader.file(path)
    said = reader.environment(environment)
    sections = {name: reader.section(name, given.get(name), said.get(name, {})) for name in SECTIONS}
    settings = Settings(**{name: values for name, values in sections.items() if values is not None})
    settings = replace(settings, templates=reader.templates(given.get(TEMPLATES, {}), settings.bot.language))
    if serving and not reader.faults and settings.telegram is None and settings.matrix is None:
        reader.faults.append(Fault("no-platform"))
    if reader.faults:
        raise ConfigError(tuple(reader.faults))
    unsaid = (Fault("unsaid", f"bot.{key}") for key in _ON_DISCLOSURES if serving and not getattr(settings.bot, key))
    return Loaded(settings, (*reader.warnings, *unsaid))


class _Reader:
    """Reads the parts of a configuration and remembers everything that was wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def _wrong(self, wrong: Wrong, key: str = "") -> None:
        self.faults.append(Fault(wrong.code, key, wrong.facts))

    def file(self, path: Path | None) -> Mapping[str, Any]:
        """The file's tables by section; empty when it can't be read, or when none was asked for and there is none."""
        if path is None and not DEFAULT_PATH.exists():
            return {}
        path = path or DEFAULT_PATH
        try:
            tables = _tables(path)
        except Wrong as wrong:
            self._wrong(wrong)
            return {}
        known = {name: table for name, table in tables.items() if self._known_table(name, table)}
        sections = ((SECTIONS[name], table) for name, table in known.items() if name != TEMPLATES)
        if any(_shown(str(table.get(key, ""))) for section, table in sections for key in secrets(section)):
            self._warn_if_open(path, "")
        return known

    def environment(self, environment: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
        """The settings given by environment variables, by section. An empty variable counts as not given."""
        found: dict[str, dict[str, str]] = {}
        for variable, value in sorted(environment.items()):
            if not variable.startswith(PREFIX) or NESTED not in variable or not value:
                continue
            section, _, key = variable.removeprefix(PREFIX).lower().partition(NESTED)
            if section not in SECTIONS:
                self._unknown("section-unknown", variable, section, tuple(SECTIONS))
            elif key not in keys(SECTIONS[section]):
                self._unknown("setting-unknown", variable, key, keys(SECTIONS[section]))
            else:
                found.setdefault(section, {})[key] = value
        return found

    def section(self, name: str, table: Mapping[str, Any] | None, said: Mapping[str, str]) -> Any:
        """One section's values, or None when neither the file nor the environment mentions it."""
        if table is None and not said:
            return None
        kind, written = SECTIONS[name], {key: value for key, value in (table or {}).items() if value != ""}
        for key in written:
            if key not in keys(kind):
                self._unknown("setting-unknown", f"{name}.{key}", key, keys(kind))
        values = {key: self._value(kind, f"{name}.{key}", written, said) for key in rules(kind)}
        given = {key.removesuffix(FILE_SUFFIX) for key in (*written, *said)}
        if name == "telegram":
            self._telegram(given, webhook=values["mode"] == "webhook")
        if name == "matrix":
            self._matrix(given)
        return kind(**values)

    def templates(self, tables: Mapping[str, Any], language: str) -> tuple[Template, ...]:
        """The presets; what is wrong with one doesn't hide what is wrong with another."""
        spoken = language if language in vocabulary.GRADES else "en"
        return tuple(made for name, table in tables.items() if (made := self._template(name, table, spoken)))

    def _template(self, name: str, table: object, language: str) -> Template | None:
        where, known = f"{TEMPLATES}.{name}", len(self.faults)
        if not isinstance(table, dict):
            self.faults.append(Fault("not-a-section", where))
            return None
        word = table.get("kind", Kind.VOTE.value)
        kind = vocabulary.command(word) if isinstance(word, str) else None
        if kind not in set(Kind):
            self.faults.append(Fault("not-a-choice", f"{where}.kind", {"value": str(word), "choices": tuple(Kind)}))
            kind = Kind.VOTE
        keys = self._template_keys(where, table)
        try:
            made = Template(templates.named(name), Kind(kind), keys)
        except Refusal as refusal:
            self.faults.append(Fault("template", where, refusal=refusal))
            return None
        found = templates.faults(made, now=_ANY_DAY, zone=ZoneInfo("UTC"), language=language)
        self.faults += [Fault("template", where, refusal=refusal) for refusal in found]
        return made if len(self.faults) == known else None

    def _template_keys(self, where: str, table: Mapping[str, Any]) -> dict[str, str]:
        keys: dict[str, str] = {}
        for word, value in table.items():
            if word == "kind":
                continue
            canonical = vocabulary.key(word)
            if canonical is None:
                self._unknown("setting-unknown", f"{where}.{word}", word, tuple(vocabulary.KEYS))
            elif isinstance(value, bool):
                keys[canonical] = TRUE if value else "no"
            elif isinstance(value, str | int):
                keys[canonical] = str(value)
            else:
                self.faults.append(Fault("not-text", f"{where}.{word}"))
        return keys

    # ── one value ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _value(self, kind: Section, where: str, table: Mapping[str, Any], said: Mapping[str, str]) -> Any:
        key = where.rpartition(".")[2]
        rule = rules(kind)[key]
        unset = default(kind, key)
        try:
            raw = self._raw(key, where, rule, said, table)
            if raw is None:
                if rule.required:
                    self.faults.append(Fault("missing", where))
                return unset
            value = _shaped(raw, rule.shape)
            rule.check(value)
        except Wrong as wrong:
            self._wrong(wrong, where)
            return unset
        return Secret(value) if isinstance(unset, Secret) else value

    def _raw(self, key: str, where: str, rule: Rule, *sources: Mapping[str, Any]) -> Any:
        """What the first source that mentions the setting says, read from the secret's file if it names one."""
        beside = key + FILE_SUFFIX
        for source in sources:
            if rule.secret and key in source and beside in source:
                raise Wrong("given-twice", other=beside)
            if key in source:
                return source[key]
            if rule.secret and beside in source:
                path = Path(_shaped(source[beside], "text"))
                word = _text(path).strip()
                if not word:
                    raise Wrong("secret-empty", path=str(path))
                self._warn_if_open(path, where + FILE_SUFFIX)
                return word
        return None

    # ── several values ───────────────────────────────────────────────────────────────────────────────────────────────

    def _telegram(self, given: set[str], *, webhook: bool) -> None:
        if "token" not in given:
            self.faults.append(Fault("missing", "telegram.token"))
        if webhook and "webhook_url" not in given:
            self.faults.append(Fault("missing-for-webhook", "telegram.webhook_url"))

    def _matrix(self, given: set[str]) -> None:
        if not given & {"password", "access_token"}:
            self.faults.append(Fault("no-matrix-secret", "matrix.password"))
        if given >= {"password", "access_token"}:
            self.faults.append(Fault("given-twice", "matrix.password", {"other": "access_token"}))

    def _known_table(self, name: str, table: object) -> bool:
        if name not in SECTIONS and name != TEMPLATES:
            self._unknown("section-unknown", name, name, (*SECTIONS, TEMPLATES))
            return False
        if not isinstance(table, dict):
            self.faults.append(Fault("not-a-section", name))
            return False
        return True

    def _unknown(self, code: str, key: str, word: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(word, known, n=1)
        self.faults.append(Fault(f"{code}-near", key, {"near": near[0]}) if near else Fault(code, key))

    def _warn_if_open(self, path: Path, where: str) -> None:
        mode = path.stat().st_mode & 0o777
        if mode & 0o007:
            self.warnings.append(Fault("open-to-all", where, {"path": str(path), "mode": f"{mode:o}"}))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Wrong("file-missing", path=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Wrong("file-unreadable", path=str(path)) from error


def _shown(value: str) -> bool:
    """Whether a secret setting really says a secret: an address without a password doesn't."""
    return bool(urlsplit(value).password) if "://" in value else bool(value)


def _tables(path: Path) -> Mapping[str, Any]:
    text = _text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        raise Wrong("not-toml", path=str(path), line=line) from error


def _shaped(raw: object, shape: Shape) -> Any:
    """The value in the shape the setting takes; the environment gives text only, and lists separated by commas.

    Raises Wrong when it has another shape.
    """
    made = _TAKEN[shape](raw)
    if made is None:
        raise Wrong(f"not-{shape}")
    return made


def _whole(raw: object) -> int | None:
    if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,9}", raw):
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def _decimal(raw: object) -> float | None:
    if isinstance(raw, str) and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", raw):
        return float(raw)
    return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) and isfinite(raw) else None


def _words(raw: object) -> tuple[str, ...] | None:
    if isinstance(raw, str):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return tuple(raw) if isinstance(raw, list) and all(isinstance(part, str) for part in raw) else None


_TAKEN: Mapping[Shape, Callable[[object], object]] = {
    "text": lambda raw: raw if isinstance(raw, str) else None,
    "whole": _whole,
    "decimal": _decimal,
    "list": _words,
}
