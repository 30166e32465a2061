"""What the operator decides: the sections of `config.toml` as frozen values.

Each field carries the rule its value obeys, so that one reader (`bot.config`) can
check a file, the environment or both. This module knows neither files nor the
environment, and it says nothing: a broken rule is a code and its facts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.templates import Template

Shape = Literal["text", "whole", "decimal", "list"]
FactValue = str | int | tuple[str, ...]


class Wrong(Exception):
    """A value breaks the rule of its setting: a code of the catalogue (`config.<code>`) and the facts it needs."""

    def __init__(self, code: str, **facts: FactValue) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A word that must never be shown: printing, formatting or logging it shows dots."""

    text: str

    def reveal(self) -> str:
        """The word itself, for the one library that needs it."""
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __repr__(self) -> str:
        return "Secret(•••)" if self.text else "Secret()"

    def __str__(self) -> str:
        return repr(self)


_NO_SECRET = Secret("")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a setting takes: its shape, a check that raises `Wrong`, whether it is secret, whether it must be given."""

    shape: Shape
    check: Callable[[Any], None]
    secret: bool
    required: bool


def _anything(_: object) -> None:
    """Every value is fine."""


def _setting(default: Any, check: Callable[[Any], None] = _anything, *, required: bool = False) -> Any:
    shapes: dict[type, Shape] = {str: "text", int: "whole", float: "decimal", tuple: "list"}
    shape = "whole" if default is None else shapes[type(default)]
    return field(default=default, metadata={"rule": Rule(shape, check, secret=False, required=required)})


def _hidden(check: Callable[[Any], None] = _anything) -> dict[str, Rule]:
    return {"rule": Rule("text", check, secret=True, required=False)}


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _at_least(least: int, value: float) -> None:
    if value < least:
        raise Wrong("too-low", least=least)


def _one_of(choices: tuple[str, ...], value: str) -> None:
    if value not in choices:
        raise Wrong("not-a-choice", value=value, choices=choices)


def _language(value: str) -> None:
    if not re.fullmatch(r"[a-z]{2,3}", value):
        raise Wrong("language", value=value)


def _zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise Wrong("time-zone", value=value) from error


def _address(schemes: tuple[str, ...], value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname or any(letter.isspace() for letter in value):
        raise Wrong("address", value=value, schemes=tuple(f"{scheme}://" for scheme in schemes))


def _database(value: str) -> None:
    scheme = value.partition("://")[0]
    if scheme not in {"sqlite", "postgresql"} or not urlsplit(value).path.strip("/"):
        raise Wrong("database", schemes=("sqlite:///", "postgresql://"))


def _telegram_token(value: str) -> None:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise Wrong("telegram-token")


def _webhook_secret(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value):
        raise Wrong("webhook-secret")


def _listen(value: str) -> None:
    host, _, port = value.rpartition(":")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError as error:
        raise Wrong("listen", value=value) from error
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise Wrong("listen", value=value)


_SERVER_NAME = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"


def _user_id(value: str) -> None:
    if not re.fullmatch(r"@[a-z0-9._=/+-]+:" + _SERVER_NAME, value):
        raise Wrong("user-id", value=value)


def _server_names(values: tuple[str, ...]) -> None:
    for value in values:
        if not re.fullmatch(_SERVER_NAME, value):
            raise Wrong("server-name", value=value)


_web = partial(_address, ("https", "http"))
_positive = partial(_at_least, 1)
_not_negative = partial(_at_least, 0)

# ── the sections ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class BotSection:
    """What holds for the whole instance; the operator's facts stand on every disclosure. `backup_days`: how long
    backups of the database are kept."""

    language: str = _setting("fr", _language)
    time_zone: str = _setting("Europe/Paris", _zone)
    operator: str = _setting("")
    contact: str = _setting("")
    hosting: str = _setting("")
    source_url: str = _setting("", _web)
    backup_days: int = _setting(7, _not_negative)
    log_level: str = _setting("info", partial(_one_of, ("debug", "info", "warning", "error")))


@dataclass(frozen=True, slots=True)
class OrganisationSection:
    """The standing declaration of a one-association instance: the facts `/setup` asks for. What is empty (or None) was
    not stated. `rooms` are the addresses already bound to it."""

    name: str = _setting("", required=True)
    contact: str = _setting("")
    responder: str = _setting("")
    answer_days: int | None = _setting(None, _positive)
    purpose: str = _setting("")
    funding: str = _setting("")
    controller: str = _setting("")
    legal_basis: str = _setting("")
    retention_days: int | None = _setting(None, _positive)
    backup_days: int | None = _setting(None, _not_negative)
    other_means: str = _setting("")
    documents: str = _setting("")
    meetings: str = _setting("")
    data_licence: str = _setting("")
    access_help: str = _setting("")
    incidents: str = _setting("")
    rooms: tuple[str, ...] = _setting(())


@dataclass(frozen=True, slots=True)
class StorageSection:
    """Where things are kept. `url` may hold a password, hence a secret. `keys_path`: the folder, outside the
    database and its backups, of the keys that seal unlinked ballots."""

    url: Secret = field(default=Secret("sqlite:///palabre.db"), metadata=_hidden(_database))
    keys_path: str = _setting("palabre-keys")


@dataclass(frozen=True, slots=True)
class TelegramSection:
    """How to reach Telegram. `base_url` is without `/bot`; `webhook_*` count in webhook mode only, an empty
    `webhook_secret` being a new one at each start; `edit_interval` is in seconds."""

    token: Secret = field(default=_NO_SECRET, metadata=_hidden(_telegram_token))
    base_url: str = _setting("https://api.telegram.org", _web)
    mode: Literal["polling", "webhook"] = _setting("polling", partial(_one_of, ("polling", "webhook")))
    webhook_url: str = _setting("", partial(_address, ("https",)))
    webhook_listen: str = _setting("127.0.0.1:8081", _listen)
    webhook_secret: Secret = field(default=_NO_SECRET, metadata=_hidden(_webhook_secret))
    edit_interval: float = _setting(5.0, _positive)


@dataclass(frozen=True, slots=True)
class MatrixSection:
    """How to reach Matrix. `allowed_homeservers` empty lets every homeserver's accounts vote; `edit_interval` is in
    seconds."""

    homeserver: str = _setting("", _web, required=True)
    user_id: str = _setting("", _user_id, required=True)
    password: Secret = field(default=_NO_SECRET, metadata=_hidden())
    access_token: Secret = field(default=_NO_SECRET, metadata=_hidden())
    device_name: str = _setting("Palabre")
    store_path: str = _setting("palabre-matrix")
    allowed_homeservers: tuple[str, ...] = _setting((), _server_names)
    edit_interval: float = _setting(5.0, _positive)


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. A section that is None was not given: that platform is off, that association unset.

    `templates` are the presets that every organisation of the instance is offered.
    """

    bot: BotSection = field(default_factory=BotSection)
    storage: StorageSection = field(default_factory=StorageSection)
    organisation: OrganisationSection | None = None
    telegram: TelegramSection | None = None
    matrix: MatrixSection | None = None
    templates: tuple[Template, ...] = ()


Section = (
    type[BotSection] | type[OrganisationSection] | type[StorageSection] | type[TelegramSection] | type[MatrixSection]
)
SECTIONS: dict[str, Section] = {
    "bot": BotSection,
    "organisation": OrganisationSection,
    "storage": StorageSection,
    "telegram": TelegramSection,
    "matrix": MatrixSection,
}
FILE_SUFFIX = "_file"


def rules(section: Section) -> dict[str, Rule]:
    """The rule of each field of a section, in order."""
    return {each.name: each.metadata["rule"] for each in fields(section)}


def secrets(section: Section) -> tuple[str, ...]:
    """The fields of a section that must never be shown, and may stand in files of their own."""
    return tuple(name for name, rule in rules(section).items() if rule.secret)


def keys(section: Section) -> tuple[str, ...]:
    """Every key the section takes: its fields, and for each secret the file it may be read from (`token_file`)."""
    return (*rules(section), *(name + FILE_SUFFIX for name in secrets(section)))


def default(section: Section, key: str) -> Any:
    """What a field is when nobody sets it."""
    value = next(each.default for each in fields(section) if each.name == key)
    assert value is not MISSING
    return value
