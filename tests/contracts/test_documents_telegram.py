"""Documents sent to the bot on Telegram: heard of in private only, fetched when asked, and never further than asked."""

from __future__ import annotations

import pytest

from bot.ports import Said, SentFile
from tests.botapi import BotApi
from tests.contracts.telegram_bot import Book, connected, served

LIST = "nom;groupe\r\nZoé;bureau\r\n".encode("cp1252")


@pytest.mark.parametrize("caption", ["", "/roll import", "here it is"])
async def test_a_document_sent_in_private_is_heard_of_and_fetched(caption: str) -> None:
    async with BotApi() as api:
        ana, door = api.user("Ana"), Book()
        async with served(api, door) as platform:
            await api.start(ana)
            await api.send_document(ana, ana, LIST, name="../../etc/passwd", mime="image/png", caption=caption)
            _, said = await door.first(Said, 2)
            assert (said.text, said.private) == (caption, True)
            assert said.file is not None
            assert "passwd" not in repr(said)
            assert await platform.messenger.fetch(said.file, 1000) == LIST
        assert api.violations == []


async def test_no_more_is_read_than_asked_for() -> None:
    async with BotApi() as api:
        ana, door = api.user("Ana"), Book()
        async with served(api, door) as platform:
            await api.start(ana)
            await api.send_document(ana, ana, b"a" * 3_000_000)
            _, said = await door.first(Said, 2)
            assert said.file is not None
            assert await platform.messenger.fetch(said.file, 4096) == b"a" * 4097


async def test_a_document_in_a_group_is_not_told() -> None:
    async with BotApi() as api:
        ana, door = api.user("Ana"), Book()
        group = api.group("Assembly", [ana])
        async with served(api, door):
            await api.send_document(ana, group, LIST, caption="/roll import")
            (said,) = await door.first(Said)
            assert (said.text, said.file) == ("/roll import", None)


async def test_what_telegram_does_not_give_is_none_and_the_token_stays_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with BotApi() as api, connected(api) as platform:
        caplog.set_level("DEBUG")
        assert await platform.messenger.fetch(SentFile("nothing"), 100) is None
        assert api.token not in caplog.text
