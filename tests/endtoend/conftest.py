"""A fresh hall for every test: its own server, group, database and process; one homeserver for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.endtoend.hall import Hall
from tests.servers.synapse import Homeserver, synapse


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: SQLite, unless a test is run with `postgres` as the parameter."""
    if getattr(request, "param", "sqlite") == "postgres":
        return str(request.getfixturevalue("fresh_postgres"))
    return f"sqlite:///{tmp_path / 'palabre.db'}"


@pytest.fixture
async def hall(database: str, tmp_path: Path) -> AsyncIterator[Hall]:
    """The association of the configuration, in English, with the program running."""
    async with Hall(tmp_path, database) as hall:
        yield await hall.start()


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Homeserver]:
    """A homeserver shared by the workers of this run."""
    own = tmp_path_factory.getbasetemp()
    with synapse(own if worker_id == "master" else own.parent) as server:
        yield server
