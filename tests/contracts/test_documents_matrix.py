"""Documents sent to the bot on Matrix, in plain and in encrypted private chats, fetched from a real homeserver."""

from __future__ import annotations

import dataclasses
import json

import pytest

from bot.ports import Said, SentFile
from tests.contracts.matrix_bot import Account, Book, Friend

LIST = "nom;groupe\r\nZoé;bureau\r\n".encode()


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_document_sent_in_private_is_heard_of_and_fetched(
    matrix_bot: Account, ana: Friend, sealed: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        chat = await ana.meets(matrix_bot.user, encrypted=sealed, name="", is_direct=True)
        await ana.waits_for(matrix_bot.user, chat)
        await ana.sends_file(chat, LIST, sealed=sealed, words="!roll import")
        await ana.sends_file(chat, LIST, sealed=sealed)
        first, second = await door.first(Said, 2)
        assert (first.text, second.text) == ("/roll import", "")
        assert first.private
        assert first.file is not None
        assert "list.exe" not in repr((first, second))
        fetch = platform.messenger.fetch
        assert await fetch(first.file, 1000) == LIST
        assert len(await fetch(first.file, 10) or b"") == 11
        assert await fetch(_other(first.file), 1000) is None
        if sealed:
            assert await fetch(_tampered(first.file), 1000) is None


def _other(file: SentFile) -> SentFile:
    """A document that the homeserver doesn't have."""
    named = json.loads(file.handle)
    return dataclasses.replace(file, handle=json.dumps({**named, "url": f"{named['url']}x"}))


def _tampered(file: SentFile) -> SentFile:
    """The same document under another hash."""
    named = json.loads(file.handle)
    hashes = {"sha256": "A" * 43}
    return dataclasses.replace(file, handle=json.dumps({**named, "file": {**named["file"], "hashes": hashes}}))
