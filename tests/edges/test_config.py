"""Configuration: every mistake at once, the environment over the file, secrets never shown, the example complete."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.config import ConfigError, Fault, load
from bot.domain.consultation import Kind
from bot.domain.organisation import Field
from bot.operating import check
from bot.settings import SECTIONS, OrganisationSection, Secret, Settings, keys

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
CATALOGUES = ROOT / "bot" / "text" / "locales"
TOKEN = "123456789:a-token-of-a-test"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no config.toml of a developer stands."""
    monkeypatch.chdir(tmp_path)


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def faults(path: Path | None, **environment: str) -> tuple[Fault, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path, environment)
    return caught.value.faults


def told(path: Path | None, **environment: str) -> set[tuple[str, str]]:
    return {(fault.code, fault.key) for fault in faults(path, **environment)}


# ── the example ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_can_be_used_as_it_is() -> None:
    settings = load(EXAMPLE, {}).settings
    assert settings.telegram
    assert settings.matrix
    assert settings.organisation
    assert settings.bot.time_zone == "Europe/Paris"


def test_the_example_names_every_setting_and_no_other() -> None:
    uncommented = re.sub(r"^#(\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shown = {name: set(table) for name, table in tomllib.loads(uncommented).items()}
    assert shown == {name: set(keys(section)) for name, section in SECTIONS.items()}


def test_the_example_explains_every_setting() -> None:
    unexplained, explained = [], False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if re.match(r"#?\w+ = ", line) and not explained:
            unexplained.append(line)
        explained = explained and bool(line) if not line.startswith("# ") else True
    assert unexplained == []


def test_the_declaration_is_what_setup_asks_for() -> None:
    assert set(keys(OrganisationSection)) == {field.value for field in Field} | {"rooms"}


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_defaults_need_only_a_platform() -> None:
    settings = load(None, {"PALABRE_TELEGRAM__TOKEN": TOKEN}).settings
    assert settings.storage.url.reveal() == "sqlite:///palabre.db"
    assert settings.bot.language == "fr"
    assert settings.matrix is None
    assert settings.organisation is None
    assert settings.telegram
    assert settings.telegram.token.reveal() == TOKEN


def test_without_a_file_the_folder_is_looked_in(tmp_path: Path) -> None:
    write(tmp_path, f'[telegram]\ntoken = "{TOKEN}"')
    assert load(None, {}).settings.telegram


def test_the_environment_wins_over_the_file_in_every_shape(tmp_path: Path) -> None:
    path = write(
        tmp_path, f'[telegram]\ntoken = "{TOKEN}"\nedit_interval = 3\n[organisation]\nname = "A"\nrooms = ["x"]'
    )
    environment = {
        "PALABRE_ORGANISATION__ROOMS": "#a:example.org, #b:example.org",
        "PALABRE_ORGANISATION__ANSWER_DAYS": "30",
        "PALABRE_TELEGRAM__EDIT_INTERVAL": "4.5",
        "PALABRE_TELEGRAM__TOKEN": "1:other",
        "PALABRE_BOT__LANGUAGE": "",
        "PALABRE_TEST_DATA": "not a setting",
    }
    settings = load(path, environment).settings
    assert settings.organisation
    assert settings.organisation.rooms == ("#a:example.org", "#b:example.org")
    assert settings.organisation.answer_days == 30
    assert settings.telegram
    assert settings.telegram.edit_interval == 4.5
    assert settings.telegram.token.reveal() == "1:other"
    assert settings.bot.language == "fr"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    secret.chmod(0o600)
    loaded = load(write(tmp_path, f'[telegram]\ntoken_file = "{secret}"'), {})
    assert loaded.settings.telegram
    assert loaded.settings.telegram.token.reveal() == TOKEN
    assert "open-to-all" not in {warning.code for warning in loaded.warnings}
    from_environment = load(None, {"PALABRE_TELEGRAM__TOKEN_FILE": str(secret)}).settings
    assert from_environment.telegram == loaded.settings.telegram


def test_secrets_are_never_shown() -> None:
    environment = {
        "PALABRE_TELEGRAM__TOKEN": "1:hidden-word",
        "PALABRE_TELEGRAM__WEBHOOK_SECRET": "hidden-word-hidden-word",
        "PALABRE_MATRIX__HOMESERVER": "https://example.org",
        "PALABRE_MATRIX__USER_ID": "@bot:example.org",
        "PALABRE_MATRIX__PASSWORD": "hidden-word",
        "PALABRE_STORAGE__URL": "postgresql://palabre:hidden-word@localhost/palabre",
    }
    settings = load(None, environment).settings
    assert settings.matrix
    assert "hidden-word" not in f"{settings!r} {settings} {settings.matrix.password}"
    with pytest.raises(ConfigError) as caught:
        load(None, {**environment, "PALABRE_TELEGRAM__TOKEN": "hidden word", "PALABRE_STORAGE__URL": "hidden:word"})
    assert "hidden" not in f"{caught.value!r} {caught.value.faults}"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///palabre.db",
        "sqlite:////var/lib/palabre/palabre.db",
        "postgresql://palabre:word@db.example.org/palabre",
        "postgresql://palabre@/palabre?host=/run/postgresql",
    ],
)
def test_addresses_of_databases(url: str) -> None:
    assert load(None, {"PALABRE_STORAGE__URL": url}, serving=False).settings.storage.url.reveal() == url


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

BROKEN = """
bots = "x"
[bot]
languag = "fr"
time_zone = "Europe/Pari"
backup_days = -1
source_url = "example.org"
log_level = "loud"
[organisation]
answer_days = "soon"
rooms = [1]
[storage]
url = "mysql://localhost/palabre"
[telegram]
mode = "webhook"
webhook_listen = "8443"
webhook_secret = "short"
edit_interval = true
base_url = 3
[matrix]
homeserver = "matrix.example.org"
user_id = "palabre"
allowed_homeservers = ["https://example.org"]
[irc]
"""

EXPECTED = {
    ("section-unknown-near", "bots"),
    ("section-unknown", "irc"),
    ("setting-unknown-near", "bot.languag"),
    ("time-zone", "bot.time_zone"),
    ("too-low", "bot.backup_days"),
    ("address", "bot.source_url"),
    ("not-a-choice", "bot.log_level"),
    ("missing", "organisation.name"),
    ("not-whole", "organisation.answer_days"),
    ("not-list", "organisation.rooms"),
    ("database", "storage.url"),
    ("missing", "telegram.token"),
    ("missing-for-webhook", "telegram.webhook_url"),
    ("listen", "telegram.webhook_listen"),
    ("webhook-secret", "telegram.webhook_secret"),
    ("not-decimal", "telegram.edit_interval"),
    ("not-text", "telegram.base_url"),
    ("address", "matrix.homeserver"),
    ("user-id", "matrix.user_id"),
    ("server-name", "matrix.allowed_homeservers"),
    ("no-matrix-secret", "matrix.password"),
}


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert told(write(tmp_path, BROKEN)) == EXPECTED


def test_mistakes_in_the_environment_name_the_variable() -> None:
    found = told(None, PALABRE_TELEGRAM__TOKN=TOKEN, PALABRE_TELGRAM__TOKEN=TOKEN, PALABRE_BOT__QZX="1")
    assert found >= {
        ("setting-unknown-near", "PALABRE_TELEGRAM__TOKN"),
        ("section-unknown-near", "PALABRE_TELGRAM__TOKEN"),
        ("setting-unknown", "PALABRE_BOT__QZX"),
    }


def test_broken_files(tmp_path: Path) -> None:
    assert told(tmp_path / "nowhere.toml") == {("file-missing", "")}
    (broken,) = faults(write(tmp_path, "[bot]\nlanguage = “fr”\n"))
    assert (broken.code, broken.facts["line"]) == ("not-toml", 2)
    (endless,) = faults(write(tmp_path, '[bot]\nlanguage = "fr'))
    assert (endless.code, endless.facts["line"]) == ("not-toml", 2)
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# été".encode("latin-1"))
    assert told(latin) == {("file-unreadable", "")}
    assert told(write(tmp_path, "telegram = 3\n")) == {("not-a-section", "telegram")}


def test_secrets_given_twice_missing_or_empty(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch(0o600)
    server = 'homeserver = "http://localhost:8008"\nuser_id = "@p:localhost"'
    both = (
        f'[telegram]\ntoken = "{TOKEN}"\ntoken_file = "{empty}"\n[matrix]\n{server}\npassword = "a"\naccess_token = "b"'
    )
    assert told(write(tmp_path, both)) == {("given-twice", "telegram.token"), ("given-twice", "matrix.password")}
    files = f'[telegram]\ntoken_file = "{empty}"\n[matrix]\n{server}\npassword_file = "{tmp_path / "nowhere"}"'
    assert told(write(tmp_path, files)) == {("secret-empty", "telegram.token"), ("file-missing", "matrix.password")}


def test_serving_needs_a_platform_and_other_commands_do_not(tmp_path: Path) -> None:
    path = write(tmp_path, '[storage]\nurl = "sqlite:///other.db"')
    assert told(path) == {("no-platform", "")}
    assert load(path, {}, serving=False).settings == Settings(storage=load(path, {}, serving=False).settings.storage)


def test_an_operator_is_warned_of_what_others_can_read_and_of_what_is_unsaid(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, f'[telegram]\ntoken = "{TOKEN}"\n[bot]\noperator = "A"', mode=0o644), {})
    assert {(warning.code, warning.key) for warning in loaded.warnings} == {
        ("open-to-all", ""),
        ("unsaid", "bot.contact"),
        ("unsaid", "bot.hosting"),
        ("unsaid", "bot.source_url"),
    }
    without_secret = write(tmp_path, '[storage]\nurl = "sqlite:///palabre.db"', mode=0o644)
    assert load(without_secret, {}, serving=False).warnings == ()


def test_a_secret_is_true_when_it_says_something() -> None:
    assert Secret("word")
    assert not Secret("")


# ── presets ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PRESETS = """
[templates.assembly]
binding = "advice"
quorum = 3
majorite = "2/3"
[templates."Fête d'été"]
kind = "sondage"
add_options = false
"""


def test_presets_are_read_with_either_name_of_a_setting(tmp_path: Path) -> None:
    first, second = load(write(tmp_path, PRESETS), {}, serving=False).settings.templates
    assert (first.name, first.kind) == ("assembly", Kind.VOTE)
    assert first.keys == {"binding": "advice", "quorum": "3", "majority": "2/3"}
    assert (second.name, second.kind, second.keys) == ("Fête d'été", Kind.POLL, {"add_options": "no"})


BROKEN_PRESETS = f"""
[telegram]
token = "{TOKEN}"
[templates]
loose = "x"
[templates.assembly]
kind = "party"
ballot = "paper"
method = "schulze"
majority = "7/2"
qurum = "3"
[templates.save]
[templates.later]
open = "now"
tie = ["draw"]
"""


def test_every_mistake_of_every_preset_is_told_at_once(tmp_path: Path) -> None:
    found = faults(write(tmp_path, BROKEN_PRESETS))
    codes = [(fault.refusal.code if fault.refusal else fault.code, fault.key) for fault in found]
    assert sorted(codes) == [
        ("impossible-majority", "templates.assembly"),
        ("impossible-value", "templates.assembly"),
        ("key-not-for-template", "templates.later"),
        ("not-a-choice", "templates.assembly.kind"),
        ("not-a-section", "templates.loose"),
        ("not-text", "templates.later.tie"),
        ("setting-unknown-near", "templates.assembly.qurum"),
        ("template-name", "templates.save"),
    ]
    assert told(write(tmp_path, f'templates = 3\n[telegram]\ntoken = "{TOKEN}"')) == {("not-a-section", "templates")}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mistake_is_told_after_the_setting_it_is_about(
    tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PALABRE_BOT__LANGUAGE", language)
    assert check(write(tmp_path, BROKEN_PRESETS)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 9
    assert sum("templates.assembly" in line for line in lines) == 4
    assert any("7/2" in line for line in lines)


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────


def sentences(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in CATALOGUES.rglob(f"*{language}.po"):
        with path.open("rb") as file:
            read = read_po(file, locale=language)
        found |= {message.id: message.string for message in read if isinstance(message.id, str)}
    return {key: sentence for key, sentence in found.items() if key.startswith("config.")}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mistake_has_a_sentence_that_its_facts_fill(tmp_path: Path, language: str) -> None:
    known = sentences(language)
    files = [*faults(write(tmp_path, BROKEN)), *faults(tmp_path / "nowhere"), *faults(write(tmp_path, "["))]
    for fault in (*files, *faults(None, PALABRE_TELGRAM__TOKEN="x")):
        places = {name for _, name, _, _ in string.Formatter().parse(known[f"config.{fault.code}"]) if name}
        assert places <= {"key", *fault.facts}, fault


def test_every_code_in_the_source_has_a_sentence_in_both_languages() -> None:
    source = "".join((ROOT / "bot" / name).read_text(encoding="utf-8") for name in ("config.py", "settings.py"))
    codes = set(re.findall(r'(?:Fault|Wrong)\(\s*"([a-z-]+)"', source))
    codes |= {f"{code}{near}" for code in ("section-unknown", "setting-unknown") for near in ("", "-near")}
    codes |= {f"not-{shape}" for shape in ("text", "whole", "decimal", "list")}
    assert {f"config.{code}" for code in codes} <= sentences("fr").keys()
    assert sentences("fr").keys() == sentences("en").keys()
