"""The test database itself: shared, empty when fresh, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg

from tests.servers.postgres import GIVEN, ROOT

_USE = """
import sys, pathlib
from tests.servers.postgres import postgres
with postgres(pathlib.Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


def test_a_fresh_database_is_empty(fresh_postgres: str) -> None:
    with psycopg.connect(fresh_postgres) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_workers_share_a_server_that_ends_with_the_last_even_when_they_are_killed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    workers = [_worker(tmp_path), _worker(tmp_path)]
    urls = [worker.stdout.readline().strip() for worker in workers]
    assert urls[0] == urls[1]
    folder = Path(urls[0].partition("host=")[2])
    _end(workers[0])
    with psycopg.connect(urls[1]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    _end(workers[1])
    with _worker(tmp_path) as third:
        assert third.stdout.readline().strip() != urls[0]
        assert not folder.joinpath("data", "postmaster.pid").exists()
        third.stdin.close()
        assert third.wait(30) == 0


def _worker(shared: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", _USE, str(shared)], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1
    )


def _end(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    worker.wait(30)
    for stream in (worker.stdin, worker.stdout):
        stream.close()
