"""The guides say what the program does: every command and setting, nothing else, and conversations that do happen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import vocabulary
from bot.domain.consultation import Kind
from bot.domain.dates import moment
from bot.domain.grammar import parse
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from bot.usecases.commands import COMMANDS

ROOT = Path(__file__).parents[2]
GUIDES = {language: ROOT / "docs" / "guide" / f"{language}.md" for language in ("en", "fr")}
TEXT = {language: path.read_text(encoding="utf-8") for language, path in GUIDES.items()}
ROW = re.compile(r"^\| `(/?[^`]+)` \| `(/?[^`]+)` \| (.*?)(?: \| .*)?\|$", re.MULTILINE)
EXCERPT = re.compile(r"^```palabre (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LATER = {"en": "Not yet in this version: ", "fr": "Pas encore dans cette version : "}
EXAMPLES = {"en": "Dates are written as you would say them: ", "fr": "Les dates s'écrivent comme vous les diriez : "}
NOW, PARIS = datetime(2026, 11, 25, 12, tzinfo=UTC), ZoneInfo("Europe/Paris")
SENT_BY_THE_PLATFORM = {"start"}
SOMETHING = {
    "repeat": "1w",
}

each_guide = pytest.mark.parametrize("language", GUIDES)


def words(row: tuple[str, str, str]) -> tuple[str, str]:
    """The command or the key of a row, and its name in the other language."""
    return row[0].split()[0], row[1].split()[0]


def rows(language: str, *, commands: bool) -> list[tuple[str, str, str]]:
    found = [match.groups() for match in ROW.finditer(TEXT[language])]
    return [(first, second, rest) for first, second, rest in found if first.startswith("/") is commands]


@each_guide
def test_every_command_is_explained_under_both_its_names(language: str) -> None:
    explained = set()
    for row in rows(language, commands=True):
        own, other = words(row)
        name = vocabulary.command(own.removeprefix("/"))
        assert name is not None, own
        assert vocabulary.command(other.removeprefix("/")) == name, (own, other)
        shown = own if language == "en" else other
        assert shown == f"/{name}"
        explained.add(name)
    assert explained == set(COMMANDS) - SENT_BY_THE_PLATFORM


@each_guide
def test_no_command_is_named_that_is_not_obeyed(language: str) -> None:
    named = set(re.findall(r"`[/!]([^\s`]+)[^`]*`", TEXT[language]))
    assert {word for word in named if vocabulary.command(word) not in COMMANDS} == set()


@each_guide
def test_every_setting_is_explained_with_the_values_it_takes(language: str) -> None:
    later = set(re.findall(r"`([^`]+)`", TEXT[language].split(LATER[language])[1].split(".")[0]))
    explained = {}
    for row in rows(language, commands=False):
        own, other = words(row)
        key = vocabulary.key(own)
        assert key is not None, own
        assert vocabulary.key(other) == key
        explained[key] = set(re.findall(r"`([^`]+)`", row[2]))
    assert set(explained) | {vocabulary.key(word) for word in later} == set(vocabulary.KEYS)
    for key in explained.keys() & vocabulary.VALUES.keys() - vocabulary.FLAGS:
        assert explained[key] == set(vocabulary.values_in(language, key)), key


@each_guide
def test_settings_said_to_come_later_are_refused_by_name(language: str) -> None:
    later = re.findall(r"`([^`]+)`", TEXT[language].split(LATER[language])[1].split(".")[0])
    assert {vocabulary.key(word) for word in later} == SOMETHING.keys()
    for key, value in SOMETHING.items():
        with pytest.raises(Refusal, match="not-built"):
            ask("/poll Where? Here There", {key: value})


def ask(text: str, more: dict[str, str]) -> None:
    command = parse(text)
    assert command is not None
    title, *options = command.arguments
    propose(Kind(command.name), title, options, {**command.keys, **more}, now=NOW, zone=PARIS, language="en")


@each_guide
def test_conversations_are_those_of_scenarios_that_are_played(language: str) -> None:
    excerpts = EXCERPT.findall(TEXT[language])
    assert len(excerpts) == TEXT[language].count("```palabre ") > 5
    for name, lines in excerpts:
        path = ROOT / name
        assert path.parent == ROOT / "examples" / "scenarios"  # the folder that the journeys play
        assert f"\n{lines}" in path.read_text(encoding="utf-8"), name


@each_guide
def test_the_dates_given_as_examples_are_understood(language: str) -> None:
    sentence = TEXT[language].split(EXAMPLES[language])[1].split("\n\n")[0]
    examples = re.findall(r"`([^`]+)`", sentence)
    assert len(examples) == 5
    for example in examples:
        moment(example, now=NOW, zone=PARIS, language=language)


def test_scenarios_say_how_to_play_themselves() -> None:
    for path in (ROOT / "examples" / "scenarios").iterdir():
        assert (
            f"palabre try --script examples/scenarios/{path.name}"
            in path.read_text(encoding="utf-8").split("\nroom")[0]
        )


def test_both_guides_say_the_same() -> None:
    def outline(text: str) -> list[str]:
        return re.findall(r"^(#+|```palabre|\| ?-|\|(?= `))", text, re.MULTILINE)

    assert outline(TEXT["en"]) == outline(TEXT["fr"])
