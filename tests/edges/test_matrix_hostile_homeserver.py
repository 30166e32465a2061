"""A homeserver may send anything: the bot neither stops nor loses what follows."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.clock import SystemClock
from adapters.matrix.platform import MatrixPlatform
from adapters.matrix.rooms import RoomView
from adapters.matrix.session import Session
from adapters.matrix.settings import MatrixSettings
from bot.domain.ids import AccountRef, RoomRef
from bot.ports import Incoming, Later, Never, Reply, Said
from bot.text.card import Card, Line, Span

BOT = "@palabre:example.org"
ANA = "@ana:example.org"
ROOM = "!room:example.org"
LEAVES: tuple[object, ...] = (None, True, -1, 1e9, "", "x", "$e", ANA, BOT, ROOM, "m.room.encrypted", "join", [], {})
WORDS = """events event_id type sender content state_key membership body msgtype unsigned prev_content m.relates_to
algorithm session_id ciphertext sender_key device_id timeline state limited prev_batch join leave invite rooms
invite_state to_device device_lists changed device_one_time_keys_count account_data users m.in_reply_to"""
NAMES = tuple(WORDS.split())


def _member(user: str) -> dict[str, Any]:
    content = {"membership": "join"}
    return {"type": "m.room.member", "event_id": f"$m{user}", "sender": user, "state_key": user, "content": content}


def _sync(*timeline: object, **more: Any) -> dict[str, Any]:
    return {"rooms": {"join": {ROOM: {"timeline": {"events": list(timeline)}, **more}}}}


def _message(body: str) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": f"${body}",
        "sender": ANA,
        "content": {"msgtype": "m.text", "body": body},
    }


def _invented(chance: random.Random, depth: int = 5) -> object:
    kind = chance.random()
    if depth == 0 or kind < 0.2:
        return chance.choice(LEAVES)
    if kind < 0.4:
        return [_invented(chance, depth - 1) for _ in range(chance.randrange(3))]
    return {chance.choice((*NAMES, ROOM)): _invented(chance, depth - 1) for _ in range(chance.randrange(5))}


def _hostile() -> list[dict[str, Any]]:
    chance = random.Random(12)
    sealed = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": "x",
        "session_id": "s",
        "ciphertext": "x",
        "device_id": [],
    }
    olm = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "x", "ciphertext": {"x": 3}}
    broken: list[dict[str, Any]] = [
        {"rooms": []},
        {"rooms": {"join": {ROOM: None, "": {"timeline": {"events": [None, 1, []]}}}, "invite": {ROOM: {}}}},
        {"to_device": {"events": [None, {"type": "m.room.encrypted"}, {"type": "m.room.encrypted", "content": olm}]}},
        {"device_lists": {"changed": [1, None, {}]}, "device_one_time_keys_count": {"signed_curve25519": "many"}},
        {"account_data": {"events": [{"type": "m.direct", "content": {ANA: 3, BOT: [1, None]}}]}},
        _sync({**_message("x"), "type": "m.room.encrypted", "content": sealed}),
        _sync({**_message("x"), "type": "m.room.encrypted", "content": {}}),
        _sync({**_message("x"), "type": ["m.room.message"]}),
        _sync({**_message("x"), "content": {"msgtype": ["m.text"], "body": {}}}),
    ]
    for _ in range(300):
        broken.append(_sync(_invented(chance), **{"state": _invented(chance)}))
        thing = _invented(chance)
        broken.append(thing if isinstance(thing, dict) else {"rooms": thing})
    return broken


class Homeserver:
    """Answers just enough for a bot to start, then a list of syncs, one after the other."""

    def __init__(self, syncs: list[dict[str, Any]]) -> None:
        self._syncs = syncs
        self._runner: web.AppRunner | None = None
        self.status = 404

    async def __aenter__(self) -> str:
        app = web.Application()
        app.router.add_route("*", "/{where:.*}", self._answer)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        assert self._runner
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        where = request.path.removeprefix("/_matrix/client/v3/")
        if where == "sync":
            at = int(request.query.get("since", "s0")[1:])
            if at >= len(self._syncs):
                await asyncio.Event().wait()
            return web.json_response({**self._syncs[at], "next_batch": f"s{at + 1}"})
        known = {
            "login": {"access_token": "t", "device_id": "D", "user_id": BOT},
            "account/whoami": {"user_id": BOT, "device_id": "D"},
            "keys/upload": {"one_time_key_counts": {"signed_curve25519": 50}},
            "keys/query": {"device_keys": {ANA: {"D": {"keys": 3}}, BOT: []}},
        }
        if where in known:
            return web.json_response(known[where])
        return web.json_response({"errcode": "M_NOT_FOUND", "error": "no"}, status=self.status)


@pytest.fixture
def settings(tmp_path: Path) -> MatrixSettings:
    return MatrixSettings("", BOT, password="a word", store_path=str(tmp_path))


async def _served(settings: MatrixSettings, address: str, wanted: str) -> list[Incoming]:
    """What the door heard, up to the command that is waited for."""
    heard: list[Incoming] = []
    done = asyncio.Event()

    async def door(incoming: Incoming) -> Reply:
        heard.append(incoming)
        if isinstance(incoming, Said) and incoming.text == wanted:
            done.set()
        return Reply()

    async def load() -> str | None:
        return "s0"

    async def save(cursor: str) -> None:
        json.dumps(cursor)

    given = MatrixSettings(address, settings.user_id, settings.password, store_path=settings.store_path)
    platform = MatrixPlatform(given, SystemClock(), load, save)
    try:
        await platform.connect()
        serving = asyncio.create_task(platform.serve(door))
        waiting = asyncio.create_task(done.wait())
        await asyncio.wait({serving, waiting}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if serving.done():
            serving.result()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        assert done.is_set()
    finally:
        await platform.close()
    return heard


async def test_whatever_it_sends_what_follows_is_heard(
    settings: MatrixSettings, caplog: pytest.LogCaptureFixture
) -> None:
    first = _sync(state={"events": [_member(BOT), _member(ANA)]})
    last = _sync(_message("!still here"), state={"events": [_member(BOT), _member(ANA)]})
    async with Homeserver([first, *_hostile(), last]) as address:
        heard = await _served(settings, address, "/still here")
    said = heard[-1]
    assert isinstance(said, Said)
    assert said.who.account == AccountRef("matrix", ANA)
    assert "is left out" not in caplog.text


def test_the_log_names_a_room_of_several_and_no_private_chat(settings: MatrixSettings) -> None:
    session = Session(settings, SystemClock())
    for room_id, members in (("!two:x", (BOT, ANA)), ("!group:x", (BOT, ANA, "@emma:x"))):
        session.rooms[room_id] = view = RoomView(room_id)
        for member in members:
            view.learn(_member(member))
    assert session.in_log("!group:x") == "!group:x"
    for room_id in ("!two:x", "!unknown:x"):
        assert room_id not in session.in_log(room_id)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Never("room-gone", "404 M_NOT_FOUND")),
        (403, Never("not-allowed", "403 M_NOT_FOUND")),
        (400, Never("rejected", "400 M_NOT_FOUND")),
        (413, Never("rejected", "413 M_NOT_FOUND")),
        (401, Later(60.0)),
        (500, Later(5.0, maybe_delivered=True)),
    ],
)
async def test_what_it_refuses_is_said_in_the_words_of_the_core(
    settings: MatrixSettings, status: int, outcome: Later | Never
) -> None:
    async def load() -> str | None:
        return None

    async def save(cursor: str) -> None:
        json.dumps(cursor)

    server = Homeserver([_sync(state={"events": [_member(BOT), _member(ANA)]})])
    async with server as address:
        given = MatrixSettings(address, BOT, settings.password, store_path=settings.store_path)
        platform = MatrixPlatform(given, SystemClock(), load, save)
        try:
            await platform.connect()
            server.status = status
            card = Card((Line((Span("?"),)),))
            assert await platform.messenger.post(RoomRef("matrix", ROOM), card, "k") == outcome
        finally:
            await platform.close()
    never_sent = await platform.messenger.post(RoomRef("matrix", ROOM), card, "k")
    assert never_sent == Later(5.0, maybe_delivered=False)
    await platform.close()
