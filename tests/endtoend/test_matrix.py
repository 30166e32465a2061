"""The whole bot on Matrix, and on both platforms at once: a real Synapse, encrypted rooms, kills without warning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import RoomRef
from tests.contracts.matrix_bot import Friend
from tests.endtoend.hall import Hall
from tests.endtoend.meeting import ASSOCIATION, Meeting, enters_private_chat, hears, meeting
from tests.endtoend.program import Program
from tests.servers.synapse import Homeserver

POLL = '!poll "Where?" "Café" "Library" --close 2h --yes'
VOTE = '!vote "Adopt?" "For" "Against" --purpose "the budget" --binding advice --majority simple --close 2h --yes'
PUBLIC_POLL = '!poll "Where?" "Café" "Library" --secrecy public --close 2h --yes'
APPROVAL = '!poll "When?" "Monday" "Tuesday" "Friday" --ballot approval --close 2h --yes'
UNSTABLE = "org.matrix.msc3381.poll"


@pytest.fixture
async def gathered(homeserver: Homeserver) -> AsyncIterator[Meeting]:
    """Ana's room, without the program."""
    async with meeting(homeserver) as there:
        yield there


@pytest.fixture
async def served(gathered: Meeting, tmp_path: Path) -> AsyncIterator[Program]:
    """The program on Matrix alone, with Ana's room bound to the association of its configuration."""
    config = tmp_path / "config.toml"
    config.write_text(ASSOCIATION.format(folder=tmp_path) + gathered.section(tmp_path))
    program = Program(config, tmp_path / "log")
    try:
        await gathered.join_association(await program.start())
        yield program
        assert await program.stop() == 0, program.log
        assert "Traceback" not in program.log, program.log
    finally:
        if program.running:
            await program.kill()


def place_of(friend: Friend, words: str) -> int:
    """Where in what the friend saw the first message with these words stands."""
    return next(at for at, event in enumerate(friend.seen) if words in getattr(event, "body", ""))


async def test_a_poll_lives_its_whole_life_in_an_encrypted_room(gathered: Meeting, served: Program) -> None:
    ana, bruno = gathered.ana, await gathered.friend("bruno")
    await ana.says(gathered.room, POLL)
    card = await hears(bruno, "Where?", "Closes")
    assert place_of(bruno, "Before you vote") < place_of(bruno, "Closes")
    assert card.decrypted
    ballot = await bruno.says(gathered.room, "2", reply_to=card.event_id)
    await hears(bruno, "Recorded: Library")
    await bruno.says(gathered.room, "1", reply_to=card.event_id)
    await hears(bruno, "Changed: Café")
    await bruno.client.room_redact(gathered.room.id, ballot)
    await hears(bruno, "does not change your ballot")
    chloe = await gathered.friend("chloe")
    await chloe.says(gathered.room, "!v 1 2")
    await hears(chloe, "not on the roll")
    await ana.says(gathered.room, "!close 1")
    result = await hears(bruno, "Result", "Café wins with 1 vote of 1")
    assert result.decrypted
    await bruno.sees(lambda event: type(event).__name__ == "RoomEncryptedImage")


async def test_a_formal_vote_is_cast_in_a_private_chat_and_never_in_the_room(
    gathered: Meeting, served: Program
) -> None:
    bruno = await gathered.friend("bruno")
    await gathered.ana.says(gathered.room, VOTE)
    card = await hears(bruno, "Adopt?", "Passes if")
    await bruno.says(gathered.room, "1", reply_to=card.event_id)
    chat = await enters_private_chat(bruno)
    await hears(bruno, "Your answer stays between us")
    await bruno.says(chat, "1")
    await hears(bruno, "answer yes")
    await bruno.says(chat, "yes")
    await hears(bruno, "Recorded: For")
    await gathered.ana.says(gathered.room, "!close 1")
    await hears(gathered.ana, "Passed: For 1, Against 0")
    assert not [event for event in gathered.ana.seen if "Recorded" in getattr(event, "body", "")]


async def test_seven_projects_are_ranked_in_two_messages(gathered: Meeting, served: Program) -> None:
    bruno = await gathered.friend("bruno")
    projects = " ".join(f'"Project {letter}"' for letter in "ABCDEFG")
    await gathered.ana.says(gathered.room, f'!poll "Which?" {projects} --ballot ranking --close 2h --yes')
    await hears(bruno, "Which?", "Closes")
    await bruno.says(gathered.room, "!v 1")
    chat = await enters_private_chat(bruno)
    await hears(bruno, "7. Project G")
    await bruno.says(chat, "7>1>2>3>4>5>6")
    await hears(bruno, "Recorded: Project G, then Project A")


async def test_no_vote_told_recorded_is_lost_when_the_program_is_killed(gathered: Meeting, served: Program) -> None:
    people = [await gathered.friend(f"member{number}") for number in range(4)]
    await gathered.ana.says(gathered.room, POLL)
    cards = [await hears(person, "Where?", "Closes") for person in people]
    for number, (person, card) in enumerate(zip(people, cards, strict=True)):
        await person.says(gathered.room, str(number % 2 + 1), reply_to=card.event_id)
        if number == 1:
            await served.kill()
    await served.start()
    for number, person in enumerate(people):
        await hears(person, "ecorded: " + ("Library" if number % 2 else "Café"))
    await served.kill()
    await served.start()
    await gathered.ana.says(gathered.room, "!close 1")
    await hears(gathered.ana, "Tie between Café and Library: 2 votes each")


async def test_one_consultation_spans_telegram_and_matrix(gathered: Meeting, tmp_path: Path) -> None:
    section = gathered.section(tmp_path)
    async with Hall(tmp_path, f"sqlite:///{tmp_path}/palabre.db", telegram=section) as hall:
        printed = await hall.program.start()
        await gathered.join_association(printed)
        bruno = await gathered.friend("bruno")
        await gathered.ana.says(
            gathered.room, f'!poll "Both?" "Yes" "No" --close 2h --rooms "Agora, {hall.room.id}" --yes'
        )
        seen = await hears(bruno, "Both?", "Closes")
        card = await hall.api.message_in(hall.room, containing="Both?", button="Yes")
        disclosed = await hall.api.message_in(hall.room, containing="Before you vote")
        assert disclosed.id < card.id
        pressed = await hall.api.press(hall.chloe, card, "Yes")
        assert "recorded" in pressed.text
        await bruno.says(gathered.room, "2", reply_to=seen.event_id)
        await hears(bruno, "Recorded: No")
        await hall.api.wait(lambda: "2 voters" in card.text, 30, "the Telegram card shows both votes")
        await gathered.ana.says(gathered.room, "!close 1")
        for words in ("Tie between Yes and No", "1 vote each"):
            await hears(bruno, words)
        await hall.api.message_in(hall.room, containing="Tie between Yes and No")


async def test_a_room_named_in_the_configuration_is_bound_when_the_bot_enters_it(
    gathered: Meeting, tmp_path: Path
) -> None:
    """The bot is invited before its first start, so it enters the room only once it runs."""
    config = tmp_path / "config.toml"
    text = ASSOCIATION.format(folder=tmp_path).replace("[storage]", f'rooms = ["{gathered.room.id}"]\n[storage]')
    config.write_text(text + gathered.section(tmp_path))
    program = Program(config, tmp_path / "log")
    try:
        await program.start()
        await gathered.ana.waits_for(gathered.bot, gathered.room)
        await hears(gathered.ana, "I run votes in this group")
        await gathered.ana.says(gathered.room, POLL)
        await hears(gathered.ana, "Who is asking? The Linden Friends")
        assert await program.stop() == 0, program.log
    finally:
        if program.running:
            await program.kill()


# ── Matrix's own polls ───────────────────────────────────────────────────────────────────────────────────────────────


async def shown(friend: Friend, kind: str) -> Any:
    """The first poll event of that kind that the friend is shown."""
    return await friend.sees(lambda event: event.source.get("type") == f"{UNSTABLE}.{kind}")


async def answers(friend: Friend, room: RoomRef, poll: Any, *ids: str) -> str:
    relation = {"rel_type": "m.reference", "event_id": poll.event_id}
    content = {"m.relates_to": relation, f"{UNSTABLE}.response": {"answers": list(ids)}}
    return await friend.sends(room, content, f"{UNSTABLE}.response")


async def test_a_public_poll_is_answered_in_the_room_changed_taken_back_and_ended(
    gathered: Meeting, served: Program
) -> None:
    ana, bruno, room = gathered.ana, await gathered.friend("bruno"), gathered.room
    await ana.says(room, PUBLIC_POLL)
    await hears(bruno, "Where?", "poll below")
    poll = await shown(bruno, "start")
    assert poll.source["content"][f"{UNSTABLE}.start"]["kind"] == f"{UNSTABLE}.disclosed"
    first = await answers(bruno, room, poll, "2")
    await hears(bruno, "Recorded: Library")
    spoiled = await answers(bruno, room, poll, "not an answer")
    await hears(bruno, "Withdrawn")
    seen = len(bruno.seen)
    await bruno.client.room_redact(room.id, spoiled)
    await hears(bruno, "Recorded: Library", after=seen)
    last = await answers(bruno, room, poll, "1")
    await hears(bruno, "Changed: Café instead of Library")
    await served.kill()
    await answers(ana, room, poll, "1")
    await bruno.client.room_redact(room.id, last)
    await served.start()
    await hears(ana, "Recorded: Café")
    await hears(bruno, "Changed: Library instead of Café")
    seen = len(bruno.seen)
    await bruno.says(room, "!v 1 1")
    await hears(bruno, "Changed: Café instead of Library", after=seen)
    await bruno.client.room_redact(room.id, first)
    await hears(bruno, "does not change your ballot")
    await ana.says(room, "!close 1")
    await hears(bruno, "Result", "Café wins with 2 votes of 2")
    ended = await shown(bruno, "end")
    assert ended.source["content"]["m.relates_to"]["event_id"] == poll.event_id
    await answers(bruno, room, poll, "2")
    await hears(bruno, "closed")


async def test_other_polls_and_votes_are_answered_in_the_private_chat(gathered: Meeting, served: Program) -> None:
    bruno = await gathered.friend("bruno")
    await gathered.ana.says(gathered.room, APPROVAL)
    await hears(bruno, "When?", "Closes")
    await bruno.says(gathered.room, "!v 1")
    chat = await enters_private_chat(bruno)
    poll = await shown(bruno, "start")
    assert (poll.source["content"][f"{UNSTABLE}.start"]["max_selections"]) == 3
    await answers(bruno, chat, poll, "1", "3")
    await hears(bruno, "Recorded: Monday, Friday")
    assert not [event for event in gathered.ana.seen if event.source.get("type") == f"{UNSTABLE}.start"]


async def test_a_formal_vote_waits_for_the_rules_to_be_accepted(gathered: Meeting, served: Program) -> None:
    bruno = await gathered.friend("bruno")
    await gathered.ana.says(gathered.room, VOTE)
    await hears(bruno, "Adopt?", "Passes if")
    await bruno.says(gathered.room, "!v 1")
    chat = await enters_private_chat(bruno)
    await answers(bruno, chat, await shown(bruno, "start"), "1")
    await hears(bruno, "answer yes")
    await bruno.says(chat, "yes")
    await hears(bruno, "Recorded: For")
