"""Every test of the store runs on both databases, each test on an empty one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import SqlStore, open_store
from tests.fakes.bench import empty_database


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where there is nothing yet; for whoever asks for a store, its tables."""
    path = tmp_path / "palabre.db"
    if _wants_a_store(request):
        path.write_bytes(empty_database())
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    postgres = "ready_postgres" if _wants_a_store(request) else "fresh_postgres"
    given = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else postgres)
    assert isinstance(given, str)
    return given


def _wants_a_store(request: pytest.FixtureRequest) -> bool:
    return not {"store", "sqlite_store"}.isdisjoint(request.fixturenames)


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    store = open_store(url)
    yield store
    await store.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    store = open_store(sqlite_url)
    yield store
    await store.close()
