"""A disk that fills up, a database that goes away: who was told "recorded" is counted, who wasn't can vote again."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from os import kill
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.botapi import Answer, Message, User
from tests.endtoend.hall import Hall, counted
from tests.servers.postgres import postgres


async def _everyone(hall: Hall, people: list[User], card: Message, option: str) -> dict[int, Answer]:
    """Everyone presses at once; what each was answered."""
    presses = [hall.api.press(person, card, option, timeout=60) for person in people]
    answers = await asyncio.gather(*presses)
    return {person.id: answer for person, answer in zip(people, answers, strict=True)}


def _recorded(answers: dict[int, Answer]) -> set[int]:
    return {person for person, answer in answers.items() if answer.text.startswith(("Recorded", "It was already"))}


async def test_a_full_disk_in_the_middle_of_a_batch(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database, troubled=True) as hall:
        people = hall.crowd(60)
        await hall.start()
        card = await hall.poll()
        assert len(_recorded(await _everyone(hall, people[:20], card, "Café"))) == 20

        log = tmp_path / "palabre.db-wal"
        hall.program.limit_files(log.stat().st_size + 3 * 4096)
        answers: dict[int, Answer] = {}
        for start in range(20, 60, 8):
            answers |= await _everyone(hall, people[start : start + 8], card, "Library")
        told = _recorded(answers)
        others = [person for person in people[20:] if person.id not in told]
        assert others
        assert all(answer.text and answer.show_alert for who, answer in answers.items() if who not in told)

        hall.program.limit_files(None)
        again = await _everyone(hall, others, card, "Library")
        assert _recorded(again) == {person.id for person in others}
        assert hall.program.running
        assert counted(await hall.close_early()) == {"Café": 20, "Library": 40}


async def test_a_database_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    with postgres(tmp_path) as url:
        async with Hall(tmp_path, url, troubled=True) as hall:
            people = hall.crowd(60)
            await hall.start()
            card = await hall.poll()
            assert len(_recorded(await _everyone(hall, people[:20], card, "Café"))) == 20
            voting = asyncio.create_task(_everyone(hall, people[20:], card, "Library"))
            with _gone(url):
                answers = await voting
                told = _recorded(answers)
                lost = await hall.press(hall.bruno, card, "Café", timeout=60)
                assert lost
                assert "Recorded" not in lost
            others = [person for person in people[20:] if person.id not in told]
            again = await _everyone(hall, [*others, hall.bruno], card, "Library")
            assert _recorded(again) == {person.id for person in [*others, hall.bruno]}
            assert hall.program.running
            assert counted(await hall.close_early()) == {"Café": 20, "Library": 41}


@contextmanager
def _gone(url: str) -> Iterator[None]:
    """The server killed without warning, and started again at the end as it was started before."""
    data = Path(parse_qs(urlsplit(url).query)["host"][0]) / "data"
    command = shlex.split((data / "postmaster.opts").read_text())
    kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    yield
    for _ in range(100):
        server = subprocess.Popen(
            command, cwd=data, user=data.owner(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            # It ends at once while what the killed one left behind is still there.
            server.wait(0.5)
        except subprocess.TimeoutExpired:
            server.returncode = 0  # the guardian of the server stops this one too
            return
    raise AssertionError("the database did not start again")
