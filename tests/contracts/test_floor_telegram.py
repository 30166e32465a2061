"""The floor on Telegram, over the strict emulator: who can write while somebody speaks, and that all is as before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.telegram.platform import TelegramPlatform
from bot.domain.ids import AccountRef, RoomRef
from bot.ports import Delivered, Later, Never, Spoke
from tests.botapi import EVERY_RIGHT, USUAL_RIGHTS, BotApi, Chat, User
from tests.botapi.rights import PERMISSIONS, WRITING
from tests.contracts.telegram_bot import Book, connected, room, served


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
        assert api.violations == []


@pytest.fixture
async def platform(api: BotApi) -> AsyncIterator[TelegramPlatform]:
    async with connected(api) as platform:
        yield platform


@pytest.fixture
def people(api: BotApi) -> tuple[User, User, User]:
    return api.user("Ana"), api.user("Bruno"), api.user("Chloé")


@pytest.fixture
def group(api: BotApi, people: tuple[User, User, User]) -> Chat:
    ana, bruno, chloe = people
    return api.supergroup("Assembly", [bruno, chloe], creator=ana, bot_rights=EVERY_RIGHT)


def account(user: User) -> AccountRef:
    return AccountRef("telegram", str(user.id))


def writers(group: Chat, people: tuple[User, User, User]) -> list[str]:
    return [person.first_name for person in people if group.lets_write(person)]


async def saved(platform: TelegramPlatform, where: Chat | RoomRef) -> str:
    found = await platform.messenger.floor(where if isinstance(where, RoomRef) else room(where))
    assert found is not None
    return found


async def test_one_speaker_after_another_has_the_group_then_everyone(
    platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    _, bruno, chloe = people
    group.permissions = set(PERMISSIONS) - {"can_send_polls", "can_invite_users"}
    permissions, members = set(group.permissions), dict(group.members)
    record = await saved(platform, group)
    assert (group.permissions, group.members) == (permissions, members)
    for speaker in (bruno, chloe, chloe):
        assert isinstance(await platform.messenger.give_floor(room(group), record, account(speaker)), Delivered)
        assert writers(group, people) == ["Ana", speaker.first_name]
    assert group.permissions == permissions - WRITING
    assert isinstance(await platform.messenger.give_floor(room(group), record, None), Delivered)
    assert writers(group, people) == ["Ana"]
    for _ in range(2):
        assert isinstance(await platform.messenger.free_floor(room(group), record), Delivered)
        assert (group.permissions, group.members) == (permissions, members)


async def test_a_new_process_restores_from_the_record_alone(
    api: BotApi, group: Chat, people: tuple[User, User, User]
) -> None:
    permissions, members = set(group.permissions), dict(group.members)
    async with connected(api) as before:
        record = await saved(before, group)
        await before.messenger.give_floor(room(group), record, account(people[1]))
    async with connected(api) as after:
        assert isinstance(await after.messenger.free_floor(room(group), record), Delivered)
    assert (group.permissions, group.members) == (permissions, members)


async def test_the_speaker_gets_the_least_right_there_is(
    platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    record = await saved(platform, group)
    await platform.messenger.give_floor(room(group), record, account(people[1]))
    assert group.member(people[1]).rights == {"can_manage_chat", "can_be_edited"}


async def test_whoever_administers_the_group_already_is_not_touched(
    api: BotApi, platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    ana, bruno, chloe = people
    await api.promote(bruno, group, ana, rights={"can_manage_chat"})
    standing = group.member(bruno)
    record = await saved(platform, group)
    for speaker in (bruno, ana, chloe):
        assert isinstance(await platform.messenger.give_floor(room(group), record, account(speaker)), Delivered)
    await platform.messenger.free_floor(room(group), record)
    assert group.member(bruno) == standing
    assert group.member(chloe).status == "member"


async def test_an_administrator_made_meanwhile_stays_one(
    api: BotApi, platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    ana, bruno, chloe = people
    record = await saved(platform, group)
    await platform.messenger.give_floor(room(group), record, account(bruno))
    await api.promote(chloe, group, ana, rights=USUAL_RIGHTS)
    standing = group.member(chloe)
    await platform.messenger.free_floor(room(group), record)
    assert group.member(chloe) == standing
    assert group.member(bruno).status == "member"


async def test_what_others_changed_meanwhile_stays(platform: TelegramPlatform, group: Chat, people: object) -> None:
    group.permissions = set(PERMISSIONS) - {"can_send_polls", "can_invite_users"}
    record = await saved(platform, group)
    await platform.messenger.give_floor(room(group), record, None)
    group.permissions |= {"can_send_polls", "can_invite_users"}
    group.permissions -= {"can_pin_messages"}
    await platform.messenger.free_floor(room(group), record)
    assert group.permissions == set(PERMISSIONS) - {"can_pin_messages"}


async def test_a_restricted_speaker_is_refused_and_the_group_stays_open(
    api: BotApi, platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    ana, bruno, chloe = people
    await api.restrict(bruno, group, ana, rights={"can_send_messages"})
    standing, permissions = group.member(bruno), set(group.permissions)
    record = await saved(platform, group)
    outcome = await platform.messenger.give_floor(room(group), record, account(bruno))
    assert isinstance(outcome, Never)
    assert (group.member(bruno), group.permissions) == (standing, permissions)
    assert group.lets_write(chloe)


async def test_a_speaker_of_elsewhere_leaves_the_group_closed(
    api: BotApi, platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    record = await saved(platform, group)
    outcome = await platform.messenger.give_floor(room(group), record, account(api.user("Dan")))
    assert isinstance(outcome, Delivered)
    assert writers(group, people) == ["Ana"]


@pytest.mark.parametrize("lacking", ["can_promote_members", "can_restrict_members"])
async def test_without_the_rights_there_is_only_the_list(
    api: BotApi, platform: TelegramPlatform, people: tuple[User, User, User], lacking: str
) -> None:
    group = api.supergroup("Assembly", list(people[1:]), creator=people[0], bot_rights=EVERY_RIGHT - {lacking})
    assert await platform.messenger.floor(room(group)) is None


async def test_basic_groups_and_topics_have_no_floor(
    api: BotApi, platform: TelegramPlatform, people: tuple[User, User, User]
) -> None:
    basic = api.group("Small", list(people[1:]), creator=people[0], bot_rights=EVERY_RIGHT)
    forum = api.forum("Forum", list(people[1:]), creator=people[0], bot_rights=EVERY_RIGHT)
    for where in (room(basic), room(forum), room(forum, "3")):
        assert await platform.messenger.floor(where) is None


async def test_rights_lost_meanwhile_and_a_server_in_trouble_are_said(
    api: BotApi, platform: TelegramPlatform, group: Chat, people: tuple[User, User, User]
) -> None:
    record = await saved(platform, group)
    api.fault("setChatPermissions", "500")
    assert isinstance(await platform.messenger.give_floor(room(group), record, account(people[1])), Later)
    assert isinstance(await platform.messenger.give_floor(room(group), record, account(people[1])), Delivered)
    await api.promote(api.me, group, people[0], rights=USUAL_RIGHTS - {"can_restrict_members"})
    outcome = await platform.messenger.free_floor(room(group), record)
    assert isinstance(outcome, Never)
    assert outcome.why == "not-allowed"


async def test_what_a_speaker_writes_is_heard_as_a_length(
    api: BotApi, group: Chat, people: tuple[User, User, User]
) -> None:
    door = Book()
    async with served(api, door):
        await api.say(people[1], group, "twelve chars")
        (heard,) = await door.first(Spoke)
    assert (heard.who.account, heard.room, heard.length) == (account(people[1]), room(group), 12)
