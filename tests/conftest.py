"""What every test may ask for: the test data and a PostgreSQL. Each part of the project adds its own beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from storage.store import open_store
from tests.servers.postgres import postgres

ROOT = Path(__file__).parents[1]
DATA_GIVEN = "PALABRE_TEST_DATA"

# Shared machines are slow at times; and in CI the same commit gives the same answer twice.
settings.register_profile("palabre", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("palabre")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of public test data, which is never copied here. Without it a test is skipped on a visitor's machine,
    and fails in CI or where `PALABRE_TEST_DATA` promises it."""
    given = os.environ.get(DATA_GIVEN)
    folder = (ROOT / (given or "../shared/data")).resolve()
    if not folder.is_dir():
        reason = f"no test data in {folder}: set {DATA_GIVEN} to its folder"
        if given or os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A PostgreSQL server where databases may be created, shared by the workers of this run."""
    own = tmp_path_factory.getbasetemp()
    with postgres(own if worker_id == "master" else own.parent) as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped after the test."""
    with _database(postgres_url, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a database with its tables and nothing in them, made once and copied."""
    with _database(postgres_url, "template0") as url:
        open_store(url).abandon()
        yield url.partition("://")[2].partition("/")[2].partition("?")[0]


@pytest.fixture
def ready_postgres(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with its tables, dropped after the test."""
    with _database(postgres_url, postgres_template) as url:
        yield url


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"palabre_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield _with_database(server, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _with_database(url: str, name: str) -> str:
    server, _, rest = url.partition("://")
    host, slash, tail = rest.partition("/")
    _, mark, options = tail.partition("?")
    assert slash
    return f"{server}://{host}/{name}{mark}{options}"
