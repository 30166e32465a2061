"""What every test may ask for: the test data and a PostgreSQL. Each part of the project adds its own beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import Engine

from storage import dialects
from storage.store import open_store
from tests.servers.postgres import postgres

ROOT = Path(__file__).parents[1]
DATA_GIVEN = "PALABRE_TEST_DATA"
BYTECODE = ROOT / ".cache" / "bytecode"

# The programs under test start hundreds of times: what they import is compiled once, also where the environment asks
# Python to write nothing beside the sources.
sys.dont_write_bytecode = False
sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Shared machines are slow at times; and in CI the same commit gives the same answer twice.
settings.register_profile("palabre", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("palabre")


def _compile_once() -> None:
    """Have all engines for one kind of database share what they compiled: nearly every test opens a database of its
    own, and would spend a fifth of its time on compiling the statements that others compiled."""
    first: dict[str, Engine] = {}
    create = dialects.create_engine

    def create_engine(*arguments: Any, **options: Any) -> Engine:
        engine = create(*arguments, **options, query_cache_size=4000)
        known = first.get(engine.dialect.name)
        if known is None or known.dialect.server_version_info is None:  # it never reached a server
            first[engine.dialect.name] = engine
        else:
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    dialects.create_engine = create_engine


_compile_once()


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
