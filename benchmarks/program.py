"""The program as operators meet it: how soon it answers and serves, how much memory it takes, whether that grows."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import mean, median

import aiohttp

from benchmarks.bars import Bar, Options
from benchmarks.botapi import TOKEN, over_loopback
from benchmarks.driving import at_a_steady_pace
from benchmarks.scene import Poll, scene, voters
from tests.servers.synapse import NoSynapse, synapse

ROOT = Path(__file__).parents[1]
HEAVY = ("telegram", "nio", "sqlalchemy", "sqlmodel", "alembic", "aiohttp", "apscheduler", "matplotlib", "babel")
LIBRARIES = "import telegram, aiohttp, sqlmodel, sqlalchemy, apscheduler.schedulers.asyncio, babel.dates"
LISTS_HEAVY = f"""
import sys
from bot.__main__ import main
try:
    main(["--help"])
except SystemExit:
    pass
sys.stderr.write(" ".join(sorted(set({HEAVY!r}) & set(sys.modules))))
"""
PASSWORD = "a word"
LOAD = 200
"""Presses a second while memory is watched."""


async def answering(options: Options) -> AsyncIterator[Bar]:
    """`palabre --help`: seconds until it has answered, and what it imported for that."""
    took = [await _run("-m", "bot", "--help") for _ in range(options.rounds + 2)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        LISTS_HEAVY,
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    heavy = (await process.communicate())[1].decode().split()
    value = None if heavy else median(took)
    yield Bar("help", value, 0.3, 0.3, lower_is_better=True, details={"seconds": median(took), "heavy_imports": heavy})


async def starting(options: Options) -> AsyncIterator[Bar]:
    """`palabre run` on SQLite with Telegram: seconds until "ready" ÷ seconds to import its libraries."""
    async with over_loopback() as telegram:
        with tempfile.TemporaryDirectory() as name:
            config = _configured(Path(name), telegram)
            pairs = []
            for _ in range(options.rounds + 1):
                least = await _run("-c", LIBRARIES)
                start = time.perf_counter()
                async with _serving(config):
                    pairs.append((least, time.perf_counter() - start))
    least, made = (median(side) for side in zip(*pairs[1:], strict=True))
    seen = {"ready_seconds": made, "import_seconds": least}
    value = median(ready / imported for imported, ready in pairs[1:])
    yield Bar("ready", value, 1.5, 1.5, "sqlite", lower_is_better=True, details=seen)


async def idling(options: Options) -> AsyncIterator[Bar]:
    """`palabre run` with both platforms connected and nothing to do: resident megabytes."""
    del options
    async with over_loopback() as telegram:
        with tempfile.TemporaryDirectory() as name:
            try:
                with synapse(Path(name)) as homeserver:
                    user = homeserver.register(f"palabre-{secrets.token_hex(4)}", PASSWORD)
                    config = _configured(Path(name), telegram, matrix=(homeserver.url, user))
                    async with _serving(config) as pid:
                        await asyncio.sleep(5)
                        value, with_ = resident(pid), "telegram and matrix"
            except NoSynapse:
                async with _serving(_configured(Path(name), telegram)) as pid:
                    await asyncio.sleep(5)
                    value, with_ = resident(pid), "telegram only: no homeserver to connect to"
    yield Bar("idle", value, 160, 160, "sqlite", lower_is_better=True, details={"connected": with_})


async def lasting(options: Options) -> AsyncIterator[Bar]:
    """`palabre run` under 200 presses a second: resident memory in the last quarter ÷ in the first."""
    seconds = 3600 if options.long else 90
    async with over_loopback() as telegram:
        with tempfile.TemporaryDirectory() as name:
            folder, port, secret = Path(name), _free_port(), secrets.token_hex(16)
            config = _configured(folder, telegram, webhook=(port, secret))
            async with scene(f"sqlite:///{folder / 'palabre.db'}", serving=False) as product:
                poll = await product.poll(voters(1000))
            async with _serving(config) as pid:
                await _listening(port)
                await _load(port, secret, poll, 15)
                watching = asyncio.create_task(_watched(pid, seconds))
                await _load(port, secret, poll, seconds)
                seen = await watching
    quarter = len(seen) // 4
    first, last = mean(seen[:quarter]), mean(seen[-quarter:])
    details = {"first_quarter_mb": first, "last_quarter_mb": last, "seconds": seconds, "presses_per_second": LOAD}
    yield Bar("memory", last / first, 1.05, 1.05, "sqlite", lower_is_better=True, details=details)


async def _listening(port: int) -> None:
    """Return once the webhook's port answers: "ready" may come a moment before."""
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise AssertionError("the webhook does not listen")


async def _load(port: int, secret: str, poll: Poll, seconds: int) -> None:
    async with aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": secret}) as session:

        async def post(update: bytes) -> None:
            async with session.post(f"http://127.0.0.1:{port}/", data=update) as answer:
                answer.raise_for_status()

        presses = (
            poll.press(poll.voters[index % len(poll.voters)], 1 + index // len(poll.voters) % 4)
            for index in range(seconds * LOAD)
        )
        await at_a_steady_pace(presses, lambda update: asyncio.create_task(post(update)), LOAD)


async def _watched(pid: int, seconds: int) -> list[float]:
    seen = []
    for _ in range(seconds):
        seen.append(resident(pid))
        await asyncio.sleep(1)
    return seen


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def _run(*arguments: str) -> float:
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise AssertionError(f"{arguments} failed")
    return time.perf_counter() - start


@asynccontextmanager
async def _serving(config: Path) -> AsyncIterator[int]:
    """`palabre run`, ready; its process number."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run", "--config", str(config)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        while (line := await process.stdout.readline()) != b"ready\n":
            if not line:
                raise AssertionError("the program did not start")
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def _configured(
    folder: Path, telegram: str, matrix: Sequence[str] = (), webhook: tuple[int, str] | None = None
) -> Path:
    text = {
        "bot": {
            "operator": "A",
            "contact": "a@example.org",
            "hosting": "here",
            "source_url": "https://example.org/src",
        },
        "storage": {"url": f"sqlite:///{folder / 'palabre.db'}"},
        "telegram": {"token": TOKEN, "base_url": telegram},
    }
    if webhook is not None:
        port, secret = webhook
        text["telegram"] |= {
            "mode": "webhook",
            "webhook_url": "https://bot.example.org/telegram",
            "webhook_listen": f"127.0.0.1:{port}",
            "webhook_secret": secret,
        }
    if matrix:
        homeserver, user = matrix
        text["matrix"] = {
            "homeserver": homeserver,
            "user_id": user,
            "password": PASSWORD,
            "store_path": str(folder / "matrix"),
        }
    # A JSON string is a TOML string too.
    lines = [
        f"[{part}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in of.items())
        for part, of in text.items()
    ]
    config = folder / "config.toml"
    config.write_text("\n".join(lines))
    config.chmod(0o600)
    return config


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
