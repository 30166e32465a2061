"""Run the emulator by itself: `python -m tests.botapi --port 8081`, until interrupted.

It prints one line of JSON once it listens: the port, the token and the addresses.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

from tests.botapi.api import BotApi
from tests.botapi.control import enter_control


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description="A strict Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0, help="on the loopback interface; 0 takes a free one")
    parser.add_argument("--token", default="1:TEST")
    parser.add_argument("--username", default="palabre_bot")
    parser.add_argument("--no-privacy", action="store_true", help="the bot hears everything said in groups")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's limits on speed")
    return parser.parse_args()


async def _run(given: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    api = BotApi(
        given.token,
        username=given.username,
        privacy=not given.no_privacy,
        enforce_limits=given.limits,
        port=given.port,
    )
    enter_control(api)
    async with api:
        about = {"port": api.port, "token": api.token, "base_url": api.base_url, "file_url": api.file_url}
        sys.stdout.write(json.dumps(about) + "\n")
        sys.stdout.flush()
        await stopped.wait()


asyncio.run(_run(_arguments()))
