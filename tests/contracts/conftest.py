"""A bot's account and people's clients on a real Matrix homeserver, fresh for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.contracts.matrix_bot import PASSWORD, Account, Friend, new_name
from tests.servers.synapse import Homeserver, synapse

Befriend = Callable[[str], Awaitable[Friend]]


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Homeserver]:
    """A homeserver without limits, shared by the workers of this run."""
    with synapse(_shared(tmp_path_factory, worker_id)) as server:
        yield server


@pytest.fixture(scope="session")
def limited_homeserver(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Homeserver]:
    """A homeserver that limits how fast one account writes."""
    with synapse(_shared(tmp_path_factory, worker_id), limits=True) as server:
        yield server


def _shared(factory: pytest.TempPathFactory, worker_id: str) -> Path:
    own = factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture
def matrix_bot(homeserver: Homeserver, tmp_path: Path) -> Account:
    return Account(homeserver, tmp_path / "bot", homeserver.register(new_name("palabre"), PASSWORD))


@pytest.fixture
async def befriend(homeserver: Homeserver) -> AsyncIterator[Befriend]:
    """Makes a person with a name beginning so, logged in."""
    friends: list[Friend] = []

    async def make(name: str) -> Friend:
        friend = Friend(homeserver, homeserver.register(new_name(name), PASSWORD))
        friends.append(friend)
        await friend.log_in()
        return friend

    yield make
    for friend in friends:
        await friend.client.close()


@pytest.fixture
async def ana(befriend: Befriend) -> Friend:
    return await befriend("ana")


@pytest.fixture
async def bruno(befriend: Befriend) -> Friend:
    return await befriend("bruno")


@pytest.fixture
def limited_bot(limited_homeserver: Homeserver, tmp_path: Path) -> Account:
    return Account(limited_homeserver, tmp_path / "bot", limited_homeserver.register(new_name("palabre"), PASSWORD))


@pytest.fixture
async def limited_ana(limited_homeserver: Homeserver) -> AsyncIterator[Friend]:
    friend = Friend(limited_homeserver, limited_homeserver.register(new_name("ana"), PASSWORD))
    await friend.log_in()
    yield friend
    await friend.client.close()
