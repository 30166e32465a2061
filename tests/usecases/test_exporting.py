"""`/export` in the chat: the bundle as one file, once in a room; and the journal's heads where people saw them."""

from __future__ import annotations

import io
from zipfile import ZipFile

from bot.domain.manifest import MANIFEST, fingerprint_of
from bot.text.card import File
from bot.text.fingerprints import fingerprint
from bot.usecases.bundle import bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.fakes.platforms import Posted


def sent_file(posted: Posted) -> File:
    assert posted.card.file is not None
    return posted.card.file


async def test_the_file_holds_the_bundle_and_the_words_its_fingerprint(poll: Bench) -> None:
    await poll.vote("bruno", 1, 2)
    await poll.pass_time(hours=3)
    await poll.say("chloe", "/export 1", poll.salon)
    posted = poll.telegram.at(poll.salon)[-1]
    file = sent_file(posted)
    assert (file.name, file.mime) == ("palabre-1.zip", "application/zip")
    with ZipFile(io.BytesIO(file.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == await bundle_of(poll.store, NoPencil(), NoPress(), 1)
    found = verify(files)
    assert found.holds
    assert fingerprint(fingerprint_of(files[MANIFEST])) in posted.plain


async def test_a_room_gets_it_once_and_whoever_asks_in_private_each_time(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    await poll.say("chloe", "/export 1", poll.salon)
    (said,) = await poll.say("bruno", "/exporter 1", poll.salon)
    assert "already in this room" in said
    for _ in range(2):
        await poll.say("bruno", "/export 1")
        private = [one for one in poll.telegram.at(poll.telegram.chat("bruno")) if one.card.file is not None]
        assert sent_file(private[-1]) == sent_file(private[0])
    assert len(private) == 2
    assert sum(one.card.file is not None for one in poll.telegram.at(poll.salon)) == 1


async def test_each_of_two_rooms_gets_it(both: Bench) -> None:
    await both.pass_time(hours=3)
    await both.say("chloe", "/export 1", both.salon)
    await both.say("emma", "/export 1", both.hall)
    files = [sent_file(platform.at(room)[-1]) for platform, room in (
        (both.telegram, both.salon), (both.matrix, both.hall),
    )]  # fmt: skip
    assert files[0].data == files[1].data


async def test_before_the_closing_it_says_what_to_do(poll: Bench) -> None:
    said = await poll.say("bruno", "/export 1", poll.salon)
    assert any("has not ended" in one and "/status 1" in one for one in said)
    assert not any(one.card.file for one in poll.telegram.posted)


async def test_a_stranger_learns_nothing(poll: Bench) -> None:
    await poll.pass_time(hours=3)
    said = await poll.say("emma", "/export 1", poll.hall)
    assert not any(one.card.file for one in poll.matrix.posted)
    unknown = await poll.say("emma", "/export 77", poll.hall)
    assert [one.replace("77", "1") for one in unknown] == said


async def test_the_card_and_the_result_show_the_heads_of_the_journal(poll: Bench) -> None:
    def heads() -> dict[str, str]:
        rows = poll.rows("SELECT kind, hash FROM journal WHERE consultation = 1")
        return {str(kind): str(hashed) for kind, hashed in rows}

    opened = fingerprint(heads()["opened"])
    assert any(f"Public journal: {opened}" in one.plain for one in poll.telegram.at(poll.salon))
    await poll.pass_time(hours=3)
    result = poll.telegram.at(poll.salon)[-1]
    assert result.plain.endswith(f"Public journal: {fingerprint(heads()['closed'])}")
    whole = "\n".join(await poll.say("bruno", "/charter 1"))
    assert heads()["opened"] in whole
    assert heads()["closed"] in whole
