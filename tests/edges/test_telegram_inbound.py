"""What Telegram's updates say: every public payload is read without an error, the delicate ones as they should be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.inbound import Identity, decode
from bot.domain.ids import AccountRef, Action, PostRef, RoomRef
from bot.ports import (
    BotMoved,
    BroughtPoll,
    Edited,
    Incoming,
    MemberMoved,
    Person,
    Pressed,
    RoomMoved,
    Said,
    SentFile,
    Spoke,
)

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
US = Identity(99, "Palabre_bot")
ANA = {"id": 42, "is_bot": False, "first_name": "Ana", "last_name": "Lau", "language_code": "pt-BR"}
BOT = {"id": 99, "is_bot": True, "first_name": "Palabre", "username": "palabre_bot"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Assembly"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Ana"}
ROOM = RoomRef("telegram", "-1001")


def say(text: str, **changes: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1764000000, "chat": GROUP, "from": ANA, "text": text} | changes


def heard(**update: Any) -> tuple[Incoming, ...]:
    return decode({"update_id": 1} | update, US, AT)


def said(text: str, **changes: Any) -> Said | None:
    """What was said to us; None for words that were said to the room, of which only the length is heard."""
    (event,) = heard(message=say(text, **changes))
    assert isinstance(event, Said | Spoke)
    return event if isinstance(event, Said) else None


def ours(**changes: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1764000000, "chat": GROUP, "from": BOT, "text": "Where?"} | changes


def test_every_public_payload_is_read(test_data: Path) -> None:
    files = sorted((test_data / "06_telegram/updates").glob("*.json"))
    assert len(files) >= 50
    for file in files:
        events = decode(json.loads(file.read_text()), US, AT)
        assert all(event.at == AT and event.key.startswith("telegram:") for event in events), file.name


def test_public_payloads_say_what_was_derived_from_them(test_data: Path) -> None:
    expected = json.loads((test_data / "06_telegram/expected.json").read_text())
    spoken = 0
    for name, case in expected.items():
        facts, update = case["facts"], json.loads((test_data / f"06_telegram/updates/{name}.json").read_text())
        for event in decode(update, US, AT):
            spoken += 1
            if isinstance(event, Said):
                assert event.room.id == str(facts["chat_id"]), name
                assert event.key == f"telegram:msg:{facts['chat_id']}:{facts['message_id']}", name
                assert event.text == facts["text"], name
                if event.speaker == "person":
                    assert facts["identifiable_human_voter"], name
            if isinstance(event, Pressed):
                assert event.who.account.id == str(facts["from_id"]), name
                assert event.room is None or event.room.id == str(facts["chat_id"]), name
    assert spoken >= 10


def test_a_document_is_told_in_private_only_and_never_by_its_name() -> None:
    document = {"file_id": "F1", "file_unique_id": "u", "file_name": "../x.exe", "mime_type": "image/png"}
    bare = {key: value for key, value in say("", chat=PRIVATE).items() if key != "text"}
    (event,) = heard(message=bare | {"document": document})
    assert isinstance(event, Said)
    assert (event.text, event.private, event.file) == ("", True, SentFile("F1"))
    (event,) = heard(message=bare | {"document": document, "chat": GROUP, "caption": "/roll import"})
    assert isinstance(event, Said)
    assert event.file is None


def test_a_public_command_by_an_anonymous_administrator_names_nobody(test_data: Path) -> None:
    file = test_data / "06_telegram/updates/message_101_command_by_anonymous_admin.json"
    (event,) = decode(json.loads(file.read_text()), US, AT)
    assert isinstance(event, Said)
    assert (event.speaker, event.text) == ("anonymous-admin", "/settings")
    assert event.who == Person(AccountRef("telegram", "1087968824"), "Group")


def test_a_public_restriction_of_a_member_moves_nobody(test_data: Path) -> None:
    file = test_data / "06_telegram/updates/chat_member_05_member_restricted_still_member.json"
    assert decode(json.loads(file.read_text()), US, AT) == ()


def test_a_command_tells_who_said_what_where() -> None:
    assert heard(message=say("/poll@PALABRE_bot “Where?” — close 2d")) == (
        Said(
            key="telegram:msg:-1001:7",
            at=AT,
            who=Person(AccountRef("telegram", "42"), "Ana Lau", "pt"),
            room=ROOM,
            text="/poll “Where?” — close 2d",
            room_title="Assembly",
            message=PostRef(ROOM, "7"),
        ),
    )


@pytest.mark.parametrize(
    "text", ["/poll@otherbot x", "hello", "a /poll in a sentence", "/", "/@palabre_bot", "1", "//x"]
)
def test_in_a_group_only_what_is_for_the_bot_is_heard(text: str) -> None:
    assert said(text) is None


def test_of_what_is_said_to_the_room_only_the_length_is_heard() -> None:
    spoken = Spoke("telegram:msg:-1001:7", AT, Person(AccountRef("telegram", "42"), "Ana Lau", "pt"), ROOM, 13)
    assert heard(message=say("a secret word")) == (spoken,)
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    pictured = say("", photo=photo, caption="seen")
    del pictured["text"]
    lengths = [event.length for event in heard(message=pictured) if isinstance(event, Spoke)]
    assert lengths == [4]


def test_news_about_the_group_are_nobodys_words() -> None:
    news = say("", new_chat_title="Agora")
    del news["text"]
    assert heard(message=news) == ()


@pytest.mark.parametrize("text", ["/poll", "/débat@palabre_bot", "/poll\n- a", "/POLL x"])
def test_commands_are_heard_accents_or_not(text: str) -> None:
    event = said(text)
    assert event is not None
    assert event.text == text.replace("@palabre_bot", "")


def test_a_reply_to_our_message_is_heard_with_what_it_answers() -> None:
    event = said("2", reply_to_message=ours())
    assert event is not None
    assert (event.text, event.reply_to) == ("2", PostRef(ROOM, "5"))


def test_a_reply_to_somebody_else_is_not() -> None:
    assert said("2", reply_to_message=ours(**{"from": ANA})) is None


def test_in_private_everything_is_heard() -> None:
    event = said("2>1", chat=PRIVATE)
    assert event is not None
    assert (event.private, event.room, event.text) == (True, RoomRef("telegram", "42"), "2>1")


def test_a_deep_link_arrives_as_start() -> None:
    event = said("/start vote-12", chat=PRIVATE)
    assert event is not None
    assert event.text == "/start vote-12"


def test_a_topic_is_a_room_of_its_own_and_its_first_message_no_answer() -> None:
    opening = ours(forum_topic_created={"name": "Votes", "icon_color": 1}, message_thread_id=3, is_topic_message=True)
    forum = GROUP | {"is_forum": True}
    event = said("/list", chat=forum, is_topic_message=True, message_thread_id=3, reply_to_message=opening)
    assert event is not None
    assert (event.room, event.reply_to) == (RoomRef("telegram", "-1001", "3"), None)
    assert said("hello", chat=forum, is_topic_message=True, message_thread_id=3, reply_to_message=opening) is None


def test_a_thread_of_replies_is_no_topic() -> None:
    event = said("/list", message_thread_id=3)
    assert event is not None
    assert event.room == ROOM


@pytest.mark.parametrize(
    ("changes", "speaker"),
    [
        ({"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP}, "anonymous-admin"),
        (
            {
                "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
                "sender_chat": {"id": -1009, "type": "channel", "title": "News"},
            },
            "channel",
        ),
        ({"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}}, "channel"),
        ({"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}}, "channel"),
        ({"from": {"id": 5, "is_bot": True, "first_name": "Other"}}, "bot"),
        ({}, "person"),
    ],
)
def test_who_is_behind_a_message_is_told(changes: dict[str, Any], speaker: str) -> None:
    event = said("/list", **changes)
    assert event is not None
    assert event.speaker == speaker


def press(**changes: Any) -> Pressed:
    query = {"id": "123", "from": ANA, "chat_instance": "1", "message": ours(), "data": "1|cast|12|2"} | changes
    (event,) = heard(callback_query=query)
    assert isinstance(event, Pressed)
    return event


def test_a_press_is_the_real_person_s_even_an_anonymous_administrator_s() -> None:
    event = press()
    assert event.who.account == AccountRef("telegram", "42")
    assert (event.key, event.speaker) == ("telegram:cb:123", "person")
    assert (event.action, event.room) == (Action("cast", 12, "2"), ROOM)
    assert (event.post, event.private) == (PostRef(ROOM, "5"), False)


def test_a_press_in_a_topic_tells_the_topic_and_who_pressed() -> None:
    event = press(message=ours(message_thread_id=9, is_topic_message=True))
    topic = RoomRef("telegram", "-1001", "9")
    assert (event.room, event.post) == (topic, PostRef(topic, "5"))
    assert event.who == Person(AccountRef("telegram", "42"), "Ana Lau", "pt")
    assert press(message=ours(message_thread_id=9)).room == ROOM


@pytest.mark.parametrize("odd", [{"last_name": None}, {"is_bot": True}, {"last_name": ""}])
def test_a_press_of_an_unusual_shape_is_still_the_same_press(odd: dict[str, Any]) -> None:
    event = press(**{"from": ANA | odd})
    assert (event.key, event.who.account, event.room) == ("telegram:cb:123", AccountRef("telegram", "42"), ROOM)
    assert event.speaker == ("bot" if odd.get("is_bot") else "person")


def test_a_press_on_a_message_that_is_gone_tells_its_place() -> None:
    event = press(message={"chat": GROUP, "message_id": 5, "date": 0})
    assert (event.room, event.post) == (ROOM, PostRef(ROOM, "5"))


def test_a_press_without_a_place_or_with_foreign_data_is_told_as_such() -> None:
    event = press(message=None, inline_message_id="AAA", data="vote:1:2")
    assert (event.room, event.post, event.action) == (None, None, None)
    assert press(message=ours(chat=PRIVATE)).private


def test_an_edit_names_the_message_it_changes() -> None:
    (event,) = heard(edited_message=say("never mind", edit_date=1764000060))
    assert event == Edited(
        "telegram:msg:-1001:7:edit:1764000060",
        AT,
        Person(AccountRef("telegram", "42"), "Ana Lau", "pt"),
        ROOM,
        "telegram:msg:-1001:7",
    )


def test_a_live_position_is_no_edit() -> None:
    place = {"latitude": 1.0, "longitude": 1.0, "live_period": 60}
    message = say("", location=place, edit_date=1764000060)
    del message["text"]
    assert heard(edited_message=message) == ()


def change(kind: str, old: str, new: str, user: dict[str, Any], chat: dict[str, Any] = GROUP) -> tuple[Incoming, ...]:
    extra = {"kicked": {"until_date": 0}}
    members = [{"user": user, "status": status} | extra.get(status, {}) for status in (old, new)]
    moved = {
        "chat": chat,
        "from": ANA,
        "date": 1764000000,
        "old_chat_member": members[0],
        "new_chat_member": members[1],
    }
    return heard(**{kind: moved})


def test_the_bot_s_arrival_and_departure_are_told_once() -> None:
    (arrival,) = change("my_chat_member", "left", "member", BOT)
    assert isinstance(arrival, BotMoved)
    assert (arrival.present, arrival.room, arrival.room_title, arrival.by and arrival.by.name) == (
        True,
        ROOM,
        "Assembly",
        "Ana Lau",
    )
    (departure,) = change("my_chat_member", "member", "kicked", BOT)
    assert isinstance(departure, BotMoved)
    assert not departure.present
    assert arrival.key != departure.key
    assert change("my_chat_member", "member", "member", BOT) == ()
    assert change("my_chat_member", "member", "kicked", BOT, PRIVATE) == (), "blocking the bot moves nobody"


def test_members_who_come_and_go_are_told() -> None:
    (arrival,) = change("chat_member", "left", "member", ANA)
    (departure,) = change("chat_member", "member", "kicked", ANA)
    assert isinstance(arrival, MemberMoved)
    assert isinstance(departure, MemberMoved)
    assert (arrival.joined, departure.joined) == (True, False)
    assert arrival.who.account == AccountRef("telegram", "42")


def test_service_messages_tell_of_everybody_but_the_bot_itself() -> None:
    message = say("", new_chat_members=[ANA, BOT, {"id": 5, "is_bot": True, "first_name": "Other"}])
    del message["text"]
    events = heard(message=message)
    assert [(e.who.account.id, e.speaker) for e in events if isinstance(e, MemberMoved)] == [
        ("42", "person"),
        ("5", "bot"),
    ]
    assert len({event.key for event in events}) == 2


def test_a_group_that_becomes_a_supergroup_is_told_once() -> None:
    old = {"id": -7, "type": "group", "title": "Assembly"}
    moved, twin = say("", chat=old, migrate_to_chat_id=-1001), say("", migrate_from_chat_id=-7)
    for message in (moved, twin):
        del message["text"]
    assert heard(message=moved) == (RoomMoved("telegram:move:-7:-1001", AT, RoomRef("telegram", "-7"), ROOM),)
    assert heard(message=twin) == ()


def test_lone_surrogates_are_replaced() -> None:
    event = said("/poll \ud800 x", **{"from": ANA | {"first_name": "A\udfff", "last_name": None}})
    assert event is not None
    assert event.text == "/poll \ufffd x"
    assert event.who.name == "A\ufffd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "new"]), JSON)
def test_an_update_of_any_shape_raises_nothing(kind: str, body: Any) -> None:
    assert isinstance(decode({"update_id": 1, kind: body}, US, AT), tuple)


@given(st.sampled_from(sorted(say("/x"))), JSON)
def test_a_message_with_one_odd_field_raises_nothing(name: str, value: Any) -> None:
    assert isinstance(decode({"update_id": 1, "message": say("/x") | {name: value}}, US, AT), tuple)


@pytest.mark.parametrize("raw", [None, 1, "x", [], {}, {"update_id": "x"}, {"update_id": 1}])
def test_what_is_no_update_is_left_out(raw: object) -> None:
    assert decode(raw, US, AT) == ()


POLL = {
    "id": "1", "question": "Where?", "type": "regular", "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "allows_multiple_answers": True, "allows_revoting": True, "members_only": False,
    "options": [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(("A\ud83c", "B"))],
}  # fmt: skip


def bring(**changes: Any) -> tuple[Incoming, ...]:
    message = {"message_id": 7, "date": 1764000000, "chat": GROUP, "from": ANA} | changes
    return heard(message=message)


def test_a_poll_sent_in_private_is_brought_to_us() -> None:
    (event,) = bring(chat=PRIVATE, poll=POLL)
    assert isinstance(event, Said)
    assert (event.text, event.private) == ("", True)
    assert event.poll == BroughtPoll("Where?", ("A\ufffd", "B"), several=True)
    (quiz,) = bring(chat=PRIVATE, poll=POLL | {"type": "quiz", "correct_option_ids": [1]})
    assert isinstance(quiz, Said)
    assert quiz.poll is not None
    assert quiz.poll.quiz


def test_a_poll_in_a_group_is_brought_by_the_command_that_replies_to_it_only() -> None:
    (event,) = bring(poll=POLL)
    assert isinstance(event, Spoke)
    answered = {"message_id": 5, "date": 1764000000, "chat": GROUP, "from": ANA, "poll": POLL}
    (event,) = bring(text="/poll@palabre_bot --close 2d", reply_to_message=answered)
    assert isinstance(event, Said)
    assert (event.text, event.reply_to) == ("/poll --close 2d", None)
    assert event.poll == BroughtPoll("Where?", ("A\ufffd", "B"), several=True)
    (event,) = bring(text="I like B", reply_to_message=answered)
    assert isinstance(event, Spoke)
    (event,) = bring(text="/poll@otherbot", reply_to_message=answered)
    assert isinstance(event, Spoke)
