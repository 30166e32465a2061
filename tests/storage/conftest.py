"""Every test of the store runs on both databases, each test on an empty one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import SqlStore, open_store


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'palabre.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    given = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "fresh_postgres")
    assert isinstance(given, str)
    return given


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
