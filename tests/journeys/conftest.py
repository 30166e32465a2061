"""The whole bot on a database of its own, and the scenarios to play against it."""

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.chart import MatplotlibDraughtsman
from adapters.console.play import play_script
from bot.rehearsal import factory_on
from bot.text.catalogue import Speech
from tests.fakes.bench import empty_database

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tests/journeys", "examples/scenarios", "adapters/console/demonstrations")
SCENARIOS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.palabre"))


def pytest_generate_tests(metafunc):
    if "scenario" in metafunc.fixturenames:
        metafunc.parametrize("scenario", SCENARIOS, ids=[str(path.relative_to(ROOT)) for path in SCENARIOS])


@pytest.fixture
def play(tmp_path):
    """Plays a scenario against the whole bot; its exit code and everything printed."""

    async def played(text, language="fr"):
        out, database = io.StringIO(), tmp_path / "bot.db"
        database.write_bytes(empty_database())
        factory = factory_on(database, MatplotlibDraughtsman())
        code = await play_script(text, factory, out, language, Speech(language, ZoneInfo("Europe/Paris")).say)
        return code, out.getvalue()

    return played
