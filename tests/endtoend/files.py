"""The files the bot sends: received as the person's own client would, decrypted, unpacked."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

from nio import DownloadResponse, RoomEncryptedFile, RoomMessageFile
from nio.crypto.attachments import decrypt_attachment

from tests.botapi import Chat, User
from tests.contracts.matrix_bot import Friend
from tests.endtoend.hall import Hall


async def received(hall: Hall, where: Chat | User, name: str) -> bytes:
    """The bytes of the latest document of that name in a Telegram chat."""

    def found() -> bytes | None:
        files = [message.file for message in hall.api.messages_in(where)]
        return next((file.data for file in reversed(files) if file and file.name == name), None)

    return await hall.api.wait(found, 30, f"the file {name}")


async def downloaded(friend: Friend, name: str) -> bytes:
    """The bytes of the first file of that name that a Matrix account was sent."""
    event = await friend.sees(
        lambda event: isinstance(event, RoomMessageFile | RoomEncryptedFile) and event.body == name
    )
    answer = await friend.client.download(event.url)
    assert isinstance(answer, DownloadResponse), answer
    data = bytes(answer.body)
    if isinstance(event, RoomEncryptedFile):
        return decrypt_attachment(data, event.key["k"], event.hashes["sha256"], event.iv)
    return data


def table(data: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file, by their columns."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def unpacked(data: bytes, folder: Path) -> dict[str, bytes]:
    """The files of an archive, put into a folder."""
    folder.mkdir()
    with ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}
