"""The menu of commands that a platform may show beside the text field: for whom, in which language, in which order.

It offers only what this version obeys. It knows no platform: one that has no such
menu is simply not asked to show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain import vocabulary
from bot.text.catalogue import Speech, languages
from bot.usecases.commands import COMMANDS
from bot.usecases.house import Defaults

Entries = Sequence[tuple[str, str]]
CommandMenu = Mapping[str, Mapping[str, Entries]]
"""Language → "private", "group" or "admins" → (command, description); the first language is everyone else's."""

ORGANISERS = frozenset(
    {
        "open", "close", "extend", "cancel", "remind", "excuse", "answer", "setup", "join", "rooms", "roll",
        "integrity", "attendance", "share", "reveal", "next", "phase", "hide", "restore",
    }
)  # fmt: skip
"""Commands that are refused to ordinary members: a group shows them to its administrators only."""

_IN_A_ROOM = frozenset({"join"})
"""Commands that mean nothing in private."""

_UNLISTED = frozenset({"start"})
"""Commands that platforms send by themselves."""


def command_menu(defaults: Defaults) -> CommandMenu:
    """The menu in every language, the instance's own first."""
    zone = ZoneInfo(defaults.time_zone)
    others = [language for language in languages() if language != defaults.language]
    return {language: _scopes(Speech(language, zone)) for language in (defaults.language, *others)}


def _scopes(speech: Speech) -> Mapping[str, Entries]:
    offered = [name for name in vocabulary.COMMANDS if name in COMMANDS and name not in _UNLISTED]
    return {
        "private": [_entry(name, speech) for name in offered if name not in _IN_A_ROOM],
        "group": [_entry(name, speech) for name in offered if name not in ORGANISERS],
        "admins": [_entry(name, speech) for name in offered],
    }


def _entry(name: str, speech: Speech) -> tuple[str, str]:
    """The command's word in the language, without accents as menus want it, and what it does."""
    return vocabulary.slug(vocabulary.command_in(speech.language, name)), speech.say(f"menu.{name}")
