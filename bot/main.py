"""The only wiring: settings → store, platforms, alarm → the door; how it starts, how it stops.

Everything heavy is imported inside the functions that need it, so that asking for
help costs nothing and a platform that is off is never loaded.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from bot.domain.declaration import check_field
from bot.domain.ids import RoomRef
from bot.domain.organisation import Declaration, Declared, Field, Instance
from bot.ports import Clock, Door, Draughtsman, KeyRing, Messenger, Printer
from bot.revision import running_revision, running_version
from bot.text.catalogue import Speech
from bot.usecases.application import Application, Nudges
from bot.usecases.house import Defaults, House
from bot.usecases.menu import CommandMenu, command_menu

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import Store
    from storage.store import SqlStore

log = logging.getLogger(__name__)


class Platform(Protocol):
    """What the wiring needs of a platform adapter."""

    @property
    def messenger(self) -> Messenger:
        """Where messages go out."""

    @property
    def last_contact(self) -> datetime | None:
        """When the platform last answered."""

    async def connect(self) -> None:
        """Log in; ConnectionError, with nothing secret in it, when that fails."""

    async def serve(self, door: Door) -> None:
        """Take what happens to the door, until cancelled."""

    async def close(self) -> None:
        """Let the connections go."""


@runtime_checkable
class ShowsMenu(Protocol):
    """A platform that shows people a menu of commands."""

    async def set_menu(self, menu: CommandMenu) -> None:
        """Show these commands; a menu that can't be set is no reason to stop."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """Everything an application is put together from."""

    store: Store
    messengers: Mapping[str, Messenger]
    clock: Clock
    instance: Instance
    defaults: Defaults
    draughtsman: Draughtsman
    printer: Printer
    keys: KeyRing
    last_contact: Callable[[str], datetime | None]


def assemble(outfit: Outfit) -> Application:
    """Put the core together."""
    nudges = Nudges()
    house = House(
        store=outfit.store,
        messengers=outfit.messengers,
        clock=outfit.clock,
        instance=outfit.instance,
        defaults=outfit.defaults,
        draughtsman=outfit.draughtsman,
        printer=outfit.printer,
        nudge=nudges,
        keys=outfit.keys,
    )
    return Application(house, nudges, outfit.last_contact)


def instance_of(settings: Settings) -> Instance:
    """What disclosures say of this instance, from its configuration."""
    bot = settings.bot
    return Instance(
        operator=bot.operator,
        contact=bot.contact,
        hosting=bot.hosting,
        source_url=bot.source_url,
        version=running_version(),
        revision=running_revision(),
        backup_days=bot.backup_days,
        homeserver=settings.matrix.homeserver if settings.matrix else "",
    )


def declaration_of(settings: Settings, now: datetime) -> Declaration:
    """The standing declaration of the configuration file: stated by the operator, as of this start."""
    section = settings.organisation
    if section is None:
        return {}
    stated = {field: getattr(section, field.value) for field in Field}
    return {
        field: Declared(check_field(field, str(value)), by=settings.bot.operator or section.name, at=now)
        for field, value in stated.items()
        if value not in {"", None}
    }


def platforms_of(settings: Settings, clock: Clock, store: Store) -> list[Platform]:
    """The platforms that the configuration switches on, not yet connected."""
    found: list[Platform] = []
    if settings.telegram is not None:
        from adapters.telegram.platform import TelegramPlatform
        from adapters.telegram.settings import TelegramSettings

        telegram = settings.telegram
        found.append(
            TelegramPlatform(
                TelegramSettings(
                    token=telegram.token.reveal(),
                    base_url=telegram.base_url,
                    mode=telegram.mode,
                    webhook_url=telegram.webhook_url,
                    webhook_listen=telegram.webhook_listen,
                    webhook_secret=telegram.webhook_secret.reveal(),
                    edit_interval=telegram.edit_interval,
                ),
                clock,
            )
        )
    if settings.matrix is not None:
        found.append(_matrix(settings, clock, store))
    return found


def _matrix(settings: Settings, clock: Clock, store: Store) -> Platform:
    from adapters.matrix.platform import MatrixPlatform
    from adapters.matrix.settings import MatrixSettings

    matrix = settings.matrix
    assert matrix is not None

    async def load() -> str | None:
        return await store.read(lambda tx: tx.cursor("matrix"))

    async def save(position: str) -> None:
        await store.write(lambda tx: tx.set_cursor("matrix", position))

    return MatrixPlatform(
        MatrixSettings(
            homeserver=matrix.homeserver,
            user_id=matrix.user_id,
            password=matrix.password.reveal(),
            access_token=matrix.access_token.reveal(),
            device_name=matrix.device_name,
            store_path=matrix.store_path,
            allowed_homeservers=matrix.allowed_homeservers,
            edit_interval=matrix.edit_interval,
        ),
        clock,
        load_cursor=load,
        save_cursor=save,
    )


async def serve(settings: Settings) -> None:
    """`palabre run`: serve the configured platforms until told to stop."""
    from adapters.clock import SystemClock
    from storage.store import open_store

    clock = SystemClock()
    store = await asyncio.to_thread(open_store, settings.storage.url.reveal())
    try:
        store.take_lock()
        await _serve(settings, store, clock)
    finally:
        await store.close()


async def _serve(settings: Settings, store: SqlStore, clock: Clock) -> None:
    from adapters.alarm import SchedulerAlarm
    from adapters.chart import MatplotlibDraughtsman
    from adapters.paper import TypstPrinter
    from storage.key_files import KeyFiles

    platforms = platforms_of(settings, clock, store)
    by_name = {platform.messenger.platform: platform for platform in platforms}
    defaults = Defaults(settings.bot.language, settings.bot.time_zone, settings.templates)
    try:
        for platform in platforms:
            await platform.connect()
        app = assemble(
            Outfit(
                store=store,
                messengers={name: platform.messenger for name, platform in by_name.items()},
                clock=clock,
                instance=instance_of(settings),
                defaults=defaults,
                draughtsman=MatplotlibDraughtsman(),
                printer=TypstPrinter(),
                keys=KeyFiles(Path(settings.storage.keys_path)),
                last_contact=lambda name: by_name[name].last_contact,
            )
        )
        await app.start()
        await _bind(app, settings, platforms, clock)
        alarm = SchedulerAlarm(app.reconciler.wake)
        alarm.start()
        # The collector would otherwise walk every imported library again and again while ballots are cast.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        # The thread that writes ballots down must not wait 5 ms for its turn while another answers presses.
        sys.setswitchinterval(0.0005)
        # Beside the rest: ballots need not wait until a menu is shown.
        menus = asyncio.create_task(_show_menus(platforms, defaults))
        await _until_stopped(app, platforms, alarm.wake)
        menus.cancel()
        alarm.stop()
    finally:
        for platform in platforms:
            await platform.close()


async def _show_menus(platforms: Sequence[Platform], defaults: Defaults) -> None:
    for platform in platforms:
        if isinstance(platform, ShowsMenu):
            await platform.set_menu(command_menu(defaults))


async def _bind(app: Application, settings: Settings, platforms: Sequence[Platform], clock: Clock) -> None:
    """Make the organisation of the configuration, bind the rooms it names now and whenever the bot enters one later,
    and print the code for the others."""
    section = settings.organisation
    if section is None:
        return
    declaration = declaration_of(settings, clock.now())
    unbound = list(section.rooms)

    async def bind() -> int:
        found = {address: ref for address in unbound if (ref := await _find_room(platforms, address)) is not None}
        number = await app.found_organisation(declaration, list(found.values()))
        unbound[:] = [address for address in unbound if address not in found]
        return number

    number = await bind()
    for address in unbound:
        log.warning("the room %s of the configuration is not one the bot is in yet", address)
    app.when_entering_a_room(bind)
    code = await app.first_code(number)
    speech = Speech(settings.bot.language, ZoneInfo(settings.bot.time_zone))
    sys.stdout.write(speech.say("run.join-code", code=code, organisation=section.name) + "\n")
    sys.stdout.flush()


async def _find_room(platforms: Sequence[Platform], address: str) -> RoomRef | None:
    for platform in platforms:
        if (ref := await platform.messenger.find_room(address)) is not None:
            return ref
    return None


async def _until_stopped(app: Application, platforms: Sequence[Platform], wake_at: Callable[[datetime], None]) -> None:
    """Run everything side by side until a signal asks to stop or something fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    works = [asyncio.create_task(platform.serve(app)) for platform in platforms]
    works += [asyncio.create_task(app.heartbeat()), asyncio.create_task(app.reconciler.run(wake_at))]
    works.append(asyncio.create_task(app.send_what_is_owed()))
    waiting = asyncio.create_task(stop.wait())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    done, _ = await asyncio.wait([waiting, *works], return_when=asyncio.FIRST_COMPLETED)
    for work in (waiting, *works):
        work.cancel()
    await asyncio.gather(waiting, *works, return_exceptions=True)
    for work in done - {waiting}:
        # A part that ended by itself is a failure: say which, with its trace.
        work.result()


def rehearsal_instance(language: str) -> Instance:
    """What the rehearsal's disclosures say of the instance: it is honest about being a rehearsal."""
    speech = Speech(language, ZoneInfo("Europe/Paris"))
    return Instance(
        operator=speech.say("rehearsal.operator"),
        contact=speech.say("rehearsal.contact"),
        hosting=speech.say("rehearsal.hosting"),
        source_url="https://example.org/palabre",
        version=running_version(),
        revision=running_revision(),
    )
