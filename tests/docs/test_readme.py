"""What the README and the pages beside it name exists: commands, settings, make targets, files."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.config import load
from bot.domain import vocabulary
from bot.domain.lifecycle import TRANSITIONS
from bot.settings import SECTIONS, keys
from bot.usecases.commands import COMMANDS

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.fr.md")
PAGES = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/*.md", "docs/*/*.md")
    for path in ROOT.glob(pattern)
)  # fmt: skip
NOT_OURS = {"newbot", "setprivacy"}
"""Commands of BotFather."""

each_readme = pytest.mark.parametrize("name", READMES)
each_page = pytest.mark.parametrize("name", PAGES)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> str:
    """Everything written as code: where commands and settings stand."""
    fenced = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
    blocks = [block for kind, block in fenced.findall(text(name)) if kind != "palabre"]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", fenced.sub("", text(name)))])


def programs() -> set[str]:
    action = next(each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction))
    return set(action.choices)


@each_page
def test_commands_of_the_program_exist(name: str) -> None:
    named = set(re.findall(r"(?<![\w.-])palabre ([a-z]+)", code(name)))
    assert named <= programs()


@each_page
def test_make_has_the_targets(name: str) -> None:
    named = set(re.findall(r"(?m)^ *make ([a-z]+)", code(name)))
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert named <= targets


@each_readme
def test_the_two_commands_a_newcomer_needs_are_there(name: str) -> None:
    assert {"try", "test"} <= set(re.findall(r"make ([a-z]+)", code(name)))
    assert "python3-venv" in code(name)


@each_page
def test_commands_in_rooms_are_obeyed(name: str) -> None:
    if name.startswith(("docs/adr/", "docs/guide/", "CHANGELOG")):
        return  # decisions and changes may name what is to come; the guide has tests of its own
    named = set(re.findall(r"(?m)(?:^|(?<=`))[/!]([a-zà-ÿ_]+)\b(?!/)", code(name)))
    unknown = {word for word in named - NOT_OURS if vocabulary.command(word) not in COMMANDS}
    assert unknown == set()


@each_readme
def test_its_configuration_can_be_used_as_it_stands(name: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^( *)```toml\n(.*?)^ *```$", text(name), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    file = tmp_path / "config.toml"
    file.write_text("\n".join(block for _, block in blocks), encoding="utf-8")
    file.chmod(0o600)
    loaded = load(file, {})
    assert loaded.warnings == ()
    assert None not in (loaded.settings.telegram, loaded.settings.matrix, loaded.settings.organisation)


@each_page
def test_settings_exist(name: str) -> None:
    settings = {key for section in SECTIONS for key in keys(SECTIONS[section])}
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", text(name)))
    foreign = {"answer_by", "add_options", "réponse_avant", "can_read_all_group_messages"}
    like_settings = {word for word in named if word.split("_")[0] in {each.split("_")[0] for each in settings}}
    assert like_settings - foreign <= settings


@each_page
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", text(name)):
        assert (page.parent / target).exists(), target


def test_both_readmes_say_the_same() -> None:
    def outline(words: str) -> list[str]:
        return re.findall(r"^ *(#+ |```\w*|\d+\. |- |!\[)", words, re.MULTILINE)

    assert outline(text("README.md")) == outline(text("README.fr.md"))


def test_the_life_of_a_consultation_is_drawn_from_its_table() -> None:
    drawn = text("docs/architecture.md").split("<!-- lifecycle -->")[1].split("<!-- /lifecycle -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", drawn, re.MULTILINE)
    real = [(state, event, to) for state, follows in TRANSITIONS.items() for event, to in follows.items()]
    assert rows == [(state.value, event.value, to.value) for state, event, to in real]


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(r"^- \[\d{4}\]\((\S+)\) (.+)$", text("docs/adr/README.md"), re.MULTILINE)
    assert [page for page, _ in listed] == pages
    for number, (page, title) in enumerate(listed, 1):
        words = text(f"docs/adr/{page}")
        assert words.startswith(f"# {number}. {title}\n"), page
        assert re.findall(r"^\*\*(\w+)\.\*\*", words, re.MULTILINE) == ["Context", "Decision", "Consequences"], page


@each_page
def test_files_named_as_ours_exist(name: str) -> None:
    ours = r"`((?:bot|adapters|storage|tests|docs|examples)/[\w/.-]+)`"
    missing = [path for path in re.findall(ours, text(name)) if not (ROOT / path).exists()]
    assert missing == []
