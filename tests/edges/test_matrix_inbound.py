"""What comes from Matrix: any event at all is read or left aside, and rooms mean what the specification says."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.addresses import room_name
from adapters.matrix.doorway import hand_over
from adapters.matrix.inbound import Author, Reader
from adapters.matrix.keeping import own_folder, read, write
from adapters.matrix.people import census
from adapters.matrix.polls import Asked
from adapters.matrix.rooms import RoomView
from adapters.matrix.unfinished import KEPT, KEPT_FOR, Sealed, Unfinished
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Edited, Incoming, MemberMoved, Person, Reply, Said, Spoke

BOT = "@palabre:example.org"
ANA = "@ana:example.org"
AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
CARD = "$card"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([BOT, ANA, CARD, "m.replace"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CONTENTS = st.dictionaries(
    st.sampled_from(
        ["body", "msgtype", "m.relates_to", "membership", "displayname", "redacts", "users", "name", "pinned"]
    ),
    JSON | st.sampled_from(["m.text", "join", "!v 1 2"]),
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "event_id": JSON | st.just("$event"),
        "sender": JSON | st.just(ANA),
        "type": JSON
        | st.sampled_from(
            [
                "m.room.message",
                "m.room.member",
                "m.room.redaction",
                "m.room.power_levels",
                "m.poll.response",
                "org.matrix.msc3381.poll.response",
            ]
        ),
        "state_key": JSON | st.just(""),
        "content": JSON | CONTENTS,
        "unsigned": JSON,
        "redacts": JSON,
    },
)


async def _author_of(room_id: str, event_id: str) -> Author | None:
    return {CARD: Author(BOT, CARD), "$part": Author(BOT, CARD), "$hers": Author(ANA, "$hers")}.get(event_id)


async def _asked_in(room_id: str, event_id: str) -> Asked | None:
    return Asked(12, ("1", "2", "3"), 2) if event_id == CARD else None


def reader(*allowed: str, direct: bool = False) -> Reader:
    return Reader(census(BOT, allowed), _author_of, _asked_in, lambda _: direct)


def room(*members: str, name: str = "Agora", **state: Any) -> RoomView:
    view = RoomView("!room:example.org")
    view.learn({"type": "m.room.name", "state_key": "", "content": {"name": name}})
    for member in (BOT, *(members or (ANA, "@bruno:example.org"))):
        view.learn({"type": "m.room.member", "state_key": member, "content": {"membership": "join"}})
    for kind, content in state.items():
        view.learn({"type": f"m.room.{kind}", "state_key": "", "sender": ANA, "content": content})
    return view


def message(body: str, sender: str = ANA, **content: Any) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": body, **content}
    return {"type": "m.room.message", "event_id": "$event", "sender": sender, "content": content}


async def said(event: dict[str, Any], view: RoomView | None = None, **options: Any) -> Said | None:
    """What was said to us; None for words that were said to the room, of which only the length is heard."""
    heard = await reader(**options).read(view or room(), event, AT)
    assert heard is None or isinstance(heard, Said | Spoke)
    return heard if isinstance(heard, Said) else None


@pytest.mark.parametrize(
    "content",
    [
        {"url": "https://example.org/list.csv"},
        {"url": "mxc://example.org/../x"},
        {"url": 7},
        {"file": {"url": "mxc://example.org/a b"}},
        {"file": "mxc://example.org/abc"},
        {},
    ],
)
async def test_a_document_that_names_no_place_of_a_homeserver_is_left_aside(content: dict[str, Any]) -> None:
    event = message("list.csv", msgtype="m.file", **content)
    assert await reader(direct=True).read(room(ANA), event, AT) is None


async def test_a_document_in_a_room_is_a_word_to_the_room() -> None:
    event = message("!roll import", msgtype="m.file", filename="a.csv", url="mxc://example.org/abc")
    assert await said(event) is None


async def test_words_below_a_document_are_told_and_its_name_is_not() -> None:
    event = message("!roll import", msgtype="m.file", filename="a.csv", url="mxc://example.org/abc")
    heard = await said(event, room(ANA), direct=True)
    assert heard is not None
    assert (heard.text, heard.private) == ("/roll import", True)
    bare = await said(message("a.csv", msgtype="m.file", url="mxc://example.org/abc"), room(ANA), direct=True)
    assert bare is not None
    assert bare.text == ""
    assert bare.file is not None


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────


def _objects(thing: object) -> Iterator[object]:
    yield thing
    for inner in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from _objects(inner)


async def test_recorded_events_are_never_an_error(test_data: Path) -> None:
    files = sorted((test_data / "07_matrix").rglob("*.json"))
    assert files
    for file in files:
        for event in _objects(json.loads(file.read_text("utf-8"))):
            view = room()
            view.learn(event)
            await reader().read(view, event, AT)
            await reader(direct=True).read(view, event, AT)


@given(st.lists(EVENTS, max_size=4))
async def test_invented_events_are_never_an_error(events: list[dict[str, Any]]) -> None:
    view = RoomView("!room:example.org")
    for event in events:
        view.learn(event)
        await reader().read(view, event, AT)
        view.private_with(BOT, marked=True)
        for sender in (ANA, BOT):
            assert isinstance(view.power(sender), int | float)
        assert isinstance(view.needed("m.room.message"), int | float)
        assert isinstance((view.title, view.pinned, view.successor, view.members_may_send, view.audience()), tuple)


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("!poll “Where?” “Café”", "/poll “Where?” “Café”"),
        ("/Sondage\n- a\n- b", "/Sondage\n- a\n- b"),
        ("  !v 12 2>1>3 ", "/v 12 2>1>3"),
        ("!pe\u0301tition x", "/pe\u0301tition x"),
        ("!help@palabre", "/help"),
        ("!help@Palabre:example.org me", "/help me"),
    ],
)
async def test_commands_begin_with_either_sign(typed: str, text: str) -> None:
    heard = await said(message(typed))
    assert heard is not None
    assert heard.text == text
    assert (heard.key, heard.at, heard.who.account.id) == ("matrix:$event", AT, ANA)


@pytest.mark.parametrize("typed", ["hello", "!", "/ poll", "!!", "// x", "!1", "", "!help@other", "look: !help"])
async def test_talk_is_not_ours_to_hear(typed: str) -> None:
    assert await said(message(typed)) is None


@pytest.mark.parametrize(
    ("content", "length"),
    [({}, 13), ({"msgtype": "m.image"}, 0), ({"msgtype": "m.emote"}, 13)],
)
async def test_of_what_is_said_to_the_room_only_the_length_is_heard(content: dict[str, Any], length: int) -> None:
    heard = await reader().read(room(), message("a secret word", **content), AT)
    here = RoomRef("matrix", "!room:example.org")
    assert heard == Spoke("matrix:$event", AT, Person(AccountRef("matrix", ANA), "ana"), here, length)


async def test_what_we_write_ourselves_is_not_heard() -> None:
    assert await reader().read(room(), message("a secret word", sender=BOT), AT) is None


@pytest.mark.parametrize(
    ("typed", "relation", "text"),
    [
        ("2", {"m.in_reply_to": {"event_id": CARD}}, "2"),
        ("2", {"m.in_reply_to": {"event_id": "$part"}}, "2"),
        (f"> <{BOT}> 1. Café\n> 2. Library\n\n2 > 1", {"m.in_reply_to": {"event_id": CARD}}, "2 > 1"),
        ("> 1", {"m.in_reply_to": {"event_id": CARD}}, "> 1"),
        ("3", {"rel_type": "m.thread", "event_id": CARD, "m.in_reply_to": {"event_id": CARD}}, "3"),
    ],
)
async def test_answers_to_a_card_are_heard_without_what_they_quote(
    typed: str, relation: dict[str, Any], text: str
) -> None:
    heard = await said(message(typed, **{"m.relates_to": relation}))
    assert heard is not None
    assert (heard.text, heard.reply_to) == (text, PostRef(RoomRef("matrix", "!room:example.org"), CARD))


async def test_answers_to_others_are_not() -> None:
    assert await said(message("2", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$hers"}}})) is None
    assert await said(message("2", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$nowhere"}}})) is None


@pytest.mark.parametrize(
    ("sender", "content", "speaker"),
    [
        (ANA, {}, "person"),
        ("@telegram_12345:example.org", {}, "ghost"),
        ("@_discord_4242:example.org", {}, "ghost"),
        ("@signal_fan:example.org", {}, "person"),
        ("@telegraph:example.org", {}, "person"),
        (ANA, {"msgtype": "m.notice"}, "bot"),
        ("@ana:evil.example", {}, "foreign"),
        ("@ana:EXAMPLE.ORG", {}, "person"),
        ("@ana:example.org.evil.example", {}, "foreign"),
        ("@bridge:example.org", {}, "bot"),
    ],
)
async def test_who_speaks(sender: str, content: dict[str, str], speaker: str) -> None:
    view = room()
    view.learn({"type": "m.bridge", "state_key": "x", "content": {"bridgebot": "@bridge:example.org"}})
    heard = await reader("example.org").read(view, message("!poll", sender, **content), AT)
    assert isinstance(heard, Said)
    assert heard.speaker == speaker


async def test_our_own_messages_are_not_heard() -> None:
    assert await said(message("!poll", BOT)) is None


async def test_an_edit_is_told_only_if_it_is_the_author_s() -> None:
    def replaced(original: str, sender: str = ANA) -> dict[str, Any]:
        return message("* !v 1 2", sender, **{"m.relates_to": {"rel_type": "m.replace", "event_id": original}})

    heard = await reader().read(room(), replaced("$hers"), AT)
    assert isinstance(heard, Edited)
    assert heard.original == "matrix:$hers"
    assert await reader().read(room(), replaced("$hers", "@bruno:example.org"), AT) is None
    assert await reader().read(room(), replaced("$nowhere"), AT) is None


@pytest.mark.parametrize("place", ["content", "event"])
async def test_a_redaction_is_told(place: str) -> None:
    event: dict[str, Any] = {"type": "m.room.redaction", "event_id": "$event", "sender": ANA, "content": {}}
    (event["content"] if place == "content" else event)["redacts"] = "$hers"
    heard = await reader().read(room(), event, AT)
    assert isinstance(heard, Edited)
    assert heard.original == "matrix:$hers"


@pytest.mark.parametrize(
    ("before", "now", "joined"),
    [(None, "join", True), ("invite", "join", True), ("join", "leave", False), ("join", "ban", False)],
)
async def test_members_move(before: str | None, now: str, joined: bool) -> None:
    content = {"membership": now, "displayname": "Ana <b>"}
    event: dict[str, Any] = {
        "type": "m.room.member",
        "event_id": "$e",
        "sender": ANA,
        "state_key": ANA,
        "content": content,
    }
    if before:
        event["unsigned"] = {"prev_content": {"membership": before}}
    heard = await reader().read(room(), event, AT)
    assert isinstance(heard, MemberMoved)
    assert (heard.joined, heard.who.name) == (joined, "Ana <b>")


@pytest.mark.parametrize(("before", "now"), [("join", "join"), (None, "invite"), ("invite", "leave"), ("leave", "ban")])
async def test_members_who_stay_or_never_came_do_not_move(before: str | None, now: str) -> None:
    event: dict[str, Any] = {"type": "m.room.member", "event_id": "$e", "sender": ANA, "state_key": ANA}
    event |= {"content": {"membership": now}, "unsigned": {"prev_content": {"membership": before}}}
    assert await reader().read(room(), event, AT) is None


# ── rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("version", "creator", "added"),
    [("10", 0, 0), ("11", 0, 0), ("12", math.inf, math.inf), ("13", math.inf, math.inf)],
)
def test_creators_stand_above_all_levels_since_version_12(version: str, creator: float, added: float) -> None:
    create = {"room_version": version, "additional_creators": ["@bruno:example.org"]}
    view = room(create=create, power_levels={"users": {"@chloe:example.org": 50}, "users_default": 0})
    assert view.power(ANA) == creator
    assert view.power("@bruno:example.org") == added
    assert view.power("@chloe:example.org") == 50


def test_without_levels_the_creator_has_100_and_everybody_may_do_everything() -> None:
    view = room(create={"room_version": "6"})
    assert (view.power(ANA), view.power("@bruno:example.org")) == (100, 0)
    assert view.needed("m.room.pinned_events", state=True) == 0


def test_levels_written_as_text_count_and_nonsense_does_not() -> None:
    view = room(
        power_levels={"users": {ANA: "50", "@bruno:example.org": True}, "events_default": [], "state_default": "x"}
    )
    assert (view.power(ANA), view.power("@bruno:example.org")) == (50, 0)
    assert (view.needed("m.room.message"), view.needed("m.room.name", state=True)) == (0, 50)


@pytest.mark.parametrize(
    ("members", "name", "marked", "private"),
    [
        ((ANA,), "", False, True),
        ((ANA,), "Assembly", False, False),
        ((ANA,), "Assembly", True, True),
        ((ANA, "@bruno:example.org"), "", True, False),
    ],
)
def test_a_private_chat_is_meant_as_one_and_holds_two(
    members: tuple[str, ...], name: str, marked: bool, private: bool
) -> None:
    assert bool(room(*members, name=name).private_with(BOT, marked)) == private


def test_who_is_invited_can_decrypt_unless_history_begins_at_joining() -> None:
    view = room(ANA)
    view.learn({"type": "m.room.member", "state_key": "@bruno:example.org", "content": {"membership": "invite"}})
    assert view.audience() == {BOT, ANA, "@bruno:example.org"}
    view.learn({"type": "m.room.history_visibility", "state_key": "", "content": {"history_visibility": "joined"}})
    assert view.audience() == {BOT, ANA}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("https://matrix.to/#/%23a%3Ae.org?via=e.org", "#a:e.org"),
        ("https://matrix.to/#/!id:e.org/$event?via=e.org", "!id:e.org"),
        ("matrix:r/a:e.org", "#a:e.org"),
        ("matrix:roomid/id:e.org?via=x", "!id:e.org"),
        (" #a:e.org ", "#a:e.org"),
        ("General assembly", "General assembly"),
    ],
)
def test_addresses_are_read(typed: str, name: str) -> None:
    assert room_name(typed) == name


# ── handing over, and keeping ────────────────────────────────────────────────────────────────────────────────────────


async def test_what_differs_keeps_its_order_and_so_does_each_person() -> None:
    acts: list[Incoming] = []
    typed = ["!poll", "!v 1 a", "!v 1 b", "!close 1", "!v 1 c"]
    senders = [ANA, ANA, "@bruno:example.org", ANA, "@bruno:example.org"]
    for number, (words, sender) in enumerate(zip(typed, senders, strict=True)):
        heard = await reader().read(room(), {**message(words, sender), "event_id": f"${number}"}, AT)
        assert heard is not None
        acts.append(heard)
    handled: list[str] = []

    async def door(act: Incoming) -> Reply:
        assert isinstance(act, Said)
        handled.append(act.text)
        return Reply()

    await hand_over(door, acts)
    assert handled == ["/poll", "/v 1 a", "/v 1 b", "/close 1", "/v 1 c"]


def test_unfinished_work_outlives_the_program(tmp_path: Path) -> None:
    work = Unfinished(tmp_path)
    first = Sealed("!r", AT, "session", {"event_id": "$1"})
    work.keep(first)
    work.keep(Sealed("!r", AT, "session", {"event_id": "$1"}))
    work.keep(Sealed("!r", AT, "other", {"event_id": "$2"}))
    work.invite("!new", ANA)
    work.save()
    again = Unfinished(tmp_path)
    assert again.sealed({"session"}) == [first]
    assert len(again.sealed()) == 2
    assert again.invitations == {"!new": ANA}
    again.drop(again.sealed({"session"}), AT)
    again.settle("!new")
    again.save()
    assert [each.session for each in Unfinished(tmp_path).sealed()] == ["other"]
    again.drop([], AT + KEPT_FOR)
    assert again.sealed() == []


def test_unread_messages_are_kept_in_limited_number(tmp_path: Path) -> None:
    work = Unfinished(tmp_path)
    for number in range(KEPT + 1):
        work.keep(Sealed("!r", AT, "s", {"event_id": f"${number}"}))
    assert len(work.sealed()) == KEPT
    assert work.sealed()[0].event == {"event_id": "$1"}


def test_a_damaged_file_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    folder = own_folder(str(tmp_path / "kept"))
    write(folder / "x.json", {"a": 1})
    assert read(folder / "x.json") == {"a": 1}
    assert read(folder / "none.json") == {}
    for damaged in ("", "{", "[]"):
        (folder / "x.json").write_text(damaged)
        with pytest.raises(ValueError, match=r".*"):
            read(folder / "x.json")
