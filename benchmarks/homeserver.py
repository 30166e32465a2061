"""The least that can stand for a Matrix homeserver: syncs written beforehand, each given to whoever asks for it.

It runs in a process of its own. The sync that continues from `n` is the file `n.json`
of its folder; one that is not there is waited for.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

ROOT = Path(__file__).parents[1]
BOT = "@palabre:bench"
DEVICE = "BENCH"
SALON = "!salon:bench"


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[str]:
    """The address of a homeserver that gives the syncs of this folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        str(folder),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.stdin.close()
        await process.wait()


def event(kind: str, sender: str, content: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    """An event as a sync brings it."""
    return {
        "type": kind,
        "sender": sender,
        "content": content,
        "event_id": f"$event{number}",
        "origin_server_ts": 1_800_000_000_000 + number,
        "unsigned": {"age": 10},
        **more,
    }


def sync(next_batch: str, timeline: list[dict[str, Any]], state: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """One sync with news of one room."""
    news = {"timeline": {"events": timeline, "limited": False, "prev_batch": "p"}, "state": {"events": state or []}}
    return {
        "next_batch": next_batch,
        "rooms": {"join": {SALON: news}, "invite": {}, "leave": {}},
        "to_device": {"events": []},
        "device_lists": {"changed": [], "left": []},
        "device_one_time_keys_count": {"signed_curve25519": 50},
    }


async def _answer(request: web.Request) -> web.StreamResponse:
    path = request.path.removeprefix("/_matrix/client/v3")
    match path:
        case "/sync":
            return await _sync(request)
        case "/login":
            return web.json_response({"user_id": BOT, "access_token": "t", "device_id": DEVICE})
        case "/account/whoami":
            return web.json_response({"user_id": BOT, "device_id": DEVICE})
        case "/keys/upload":
            return web.json_response({"one_time_key_counts": {"signed_curve25519": 50}})
        case "/keys/query":
            return web.json_response({"device_keys": {}, "failures": {}})
    if "/event/" in path:
        # The only messages that members answer here are the bot's.
        return web.json_response(event("m.room.message", BOT, {"msgtype": "m.text", "body": "1. Oui"}, 0))
    return web.json_response({})


async def _sync(request: web.Request) -> web.StreamResponse:
    file = request.app[FOLDER] / f"{request.query.get('since', 'first')}.json"
    while not file.exists():  # noqa: ASYNC110 (what another process writes is no event of ours)
        await asyncio.sleep(0.01)
    return web.Response(body=file.read_bytes(), content_type="application/json")


FOLDER = web.AppKey("folder", Path)


async def _serve(folder: Path) -> None:
    app = web.Application()
    app[FOLDER] = folder
    app.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
