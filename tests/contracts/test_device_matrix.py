"""The bot's device on a real homeserver: one for ever, signed by its owner, and able to read what is meant for it."""

from __future__ import annotations

import base64
import json
import stat
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from nacl.signing import VerifyKey

from bot.ports import BotMoved, Said
from tests.contracts.matrix_bot import Account, Book, Friend, card, delivered
from tests.servers.synapse import Homeserver


async def test_the_device_is_signed_by_its_owner_once(matrix_bot: Account, ana: Friend) -> None:
    async with matrix_bot.serving(Book()) as platform:
        assert platform.cross_signed
    first = await _keys(ana, matrix_bot.user)
    async with matrix_bot.serving(Book()) as platform:
        assert platform.cross_signed
    keys = await _keys(ana, matrix_bot.user)
    assert keys == first
    [device] = keys["device_keys"][matrix_bot.user].values()
    master = keys["master_keys"][matrix_bot.user]
    signing = keys["self_signing_keys"][matrix_bot.user]
    assert _signed(signing, by=master)
    assert _signed(device, by=signing)
    assert _signed(master, by={"user_id": matrix_bot.user, "keys": dict(_ed25519(device))})


async def test_what_it_keeps_is_for_nobody_else(matrix_bot: Account) -> None:
    async with matrix_bot.serving(Book()):
        pass
    assert stat.S_IMODE(matrix_bot.folder.stat().st_mode) == 0o700
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in matrix_bot.folder.glob("*.json")}
    assert kept == {"session.json": 0o600, "identity.json": 0o600}


async def test_an_identity_made_elsewhere_is_never_replaced(matrix_bot: Account, ana: Friend) -> None:
    async with matrix_bot.serving(Book()):
        pass
    before = await _keys(ana, matrix_bot.user)
    elsewhere = replace(matrix_bot, folder=matrix_bot.folder.with_name("elsewhere"))
    async with elsewhere.serving(Book()) as platform:
        assert not platform.cross_signed
    after = await _keys(ana, matrix_bot.user)
    assert after["master_keys"] == before["master_keys"]
    assert len(after["device_keys"][matrix_bot.user]) == 2


async def test_a_revoked_session_is_renewed_on_the_same_device(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
    await _post(matrix_bot.server, "/_matrix/client/v3/logout", _session(matrix_bot)["access_token"])
    device = _session(matrix_bot)["device_id"]
    async with matrix_bot.serving(door) as platform:
        assert _session(matrix_bot)["device_id"] == device
        assert platform.cross_signed
        await ana.waits_for(matrix_bot.user, room)
        await ana.says(room, "!still you?")
        [said] = await door.first(Said)
        delivered(await platform.messenger.post(room, card("Still me"), "k"))
        assert (await ana.hears("Still me")).decrypted
    assert said.text == "/still you?"


async def test_an_access_token_is_enough(matrix_bot: Account) -> None:
    async with matrix_bot.serving(Book()):
        pass
    session = _session(matrix_bot)
    by_token = replace(matrix_bot, changes={"password": "", "access_token": session["access_token"]})
    async with replace(by_token, folder=matrix_bot.folder.with_name("token")).serving(Book()):
        pass
    assert (
        json.loads((matrix_bot.folder.with_name("token") / "session.json").read_text())["device_id"]
        == (session["device_id"])
    )


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"password": ""}, {"password": "", "access_token": "syt_wrong"}]
)
async def test_a_refused_login_says_so_without_the_secret(matrix_bot: Account, changes: dict[str, str]) -> None:
    matrix_bot.changes = changes
    with pytest.raises(ConnectionError) as refusal:
        async with matrix_bot.serving(Book()):
            pass
    assert not any(secret and secret in str(refusal.value) for secret in changes.values())


async def test_a_homeserver_that_is_not_there_is_a_connection_error(matrix_bot: Account) -> None:
    matrix_bot.changes = {"homeserver": "http://127.0.0.1:9"}
    with pytest.raises(ConnectionError):
        async with matrix_bot.serving(Book()):
            pass


async def test_lost_keys_begin_a_new_device(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
    for kept in matrix_bot.folder.glob("*.db"):
        kept.unlink()
    async with matrix_bot.serving(door) as platform:
        assert platform.cross_signed
        await ana.waits_for(matrix_bot.user, room)
        await ana.says(room, "!new you?")
        await door.first(Said)
    assert len((await _keys(ana, matrix_bot.user))["device_keys"][matrix_bot.user]) == 2


async def test_a_member_s_new_device_reads_the_next_card(
    matrix_bot: Account, ana: Friend, homeserver: Homeserver
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
        delivered(await platform.messenger.post(room, card("First"), "k1"))
        phone = Friend(homeserver, ana.user)
        await phone.log_in()
        try:
            # The phone's first message tells the bot of a device it has never seen.
            await phone.says(room, "!hello")
            await door.first(Said)
            delivered(await platform.messenger.post(room, card("Second"), "k2"))
            assert (await phone.hears("Second")).decrypted
            assert (await ana.hears("Second")).decrypted
        finally:
            await phone.client.close()


# ── looking at keys ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _keys(friend: Friend, user: str) -> dict[str, Any]:
    answer = await friend.client.send(
        "POST",
        "/_matrix/client/v3/keys/query",
        json.dumps({"device_keys": {user: []}}),
        {"Authorization": f"Bearer {friend.client.access_token}"},
    )
    found: dict[str, Any] = await answer.json()
    return {name: found[name] for name in ("device_keys", "master_keys", "self_signing_keys")}


def _ed25519(thing: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, key) for name, key in thing["keys"].items() if name.startswith("ed25519:")]


def _signed(thing: dict[str, Any], by: dict[str, Any]) -> bool:
    [(name, key)] = _ed25519(by)
    bare = {field: value for field, value in thing.items() if field not in {"signatures", "unsigned"}}
    message = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    signature = thing["signatures"][by["user_id"]][name]
    return bool(VerifyKey(_bytes(key)).verify(message, _bytes(signature)))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _session(account: Account) -> dict[str, str]:
    return dict(json.loads((account.folder / "session.json").read_text()))


async def _post(server: Homeserver, where: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(headers=headers) as client, client.post(server.url + where, json={}) as answer:
        assert answer.status == 200
