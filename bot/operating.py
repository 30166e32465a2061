"""What an operator does: serve, check the configuration and the connections, look after the database.

Sentences go to standard error, in the configured language; the exit code says how
it ended. Nothing secret is ever printed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.config import ConfigError, Fault, Loaded, load
from bot.domain.manifest import MANIFEST, fingerprint_of
from bot.domain.refusals import Refusal
from bot.settings import Settings
from bot.text.catalogue import Speech, languages
from bot.text.fingerprints import fingerprint

if TYPE_CHECKING:
    from bot.roll_command import Codes, Import
    from bot.usecases.bundle import Bundle

DONE, FALSE, USAGE, NEWER = 0, 1, 2, 3
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def run(path: Path) -> int:
    """`palabre run`."""
    return _with_settings(path, _serve, serving=True)


def check(path: Path) -> int:
    """`palabre check`: every mistake at once; when there is none, try the database and each platform."""
    return _with_settings(path, _try_connections, serving=True, say_fine=True)


def migrate(path: Path) -> int:
    """`palabre migrate`: bring the database to this version."""
    return _with_settings(path, _migrate, serving=False)


def backup_to(path: Path, file: Path) -> int:
    """`palabre backup FILE`."""
    from storage.backups import backup

    return _with_settings(path, lambda settings: _moved(settings, backup, file, "operate.backed-up"), serving=False)


def restore_from(path: Path, file: Path, replace: bool) -> int:
    """`palabre restore FILE`, with `replace` in the place of the database that is there."""
    from storage.backups import restore

    def put_back(url: str, source: Path) -> None:
        restore(source, url, replace)

    return _with_settings(path, lambda settings: _moved(settings, put_back, file, "operate.restored"), serving=False)


def export_to(path: Path, number: int, folder: Path, *, names: bool = False) -> int:
    """`palabre export N --to DIR [--names]`: the files of an ended consultation; 1 when it can't be exported (yet)."""
    return _with_settings(path, lambda settings: _export(settings, number, folder, names=names), serving=False)


def keep_roll(path: Path, organisation: str, what: Import | Codes | None) -> int:
    """`palabre roll import | show | codes`."""
    from bot.roll_command import look_after

    def look(settings: Settings) -> int:
        return look_after(settings, _speech(settings.bot.language), organisation, what)

    return _with_settings(path, look, serving=False)


def _with_settings(path: Path, does: Callable[[Settings], int], *, serving: bool, say_fine: bool = False) -> int:
    language = os.environ.get("PALABRE_BOT__LANGUAGE", "fr")
    try:
        loaded = load(path, os.environ, serving=serving)
    except ConfigError as error:
        _tell_faults(_speech(language), error.faults)
        return USAGE
    logging.basicConfig(level=loaded.settings.bot.log_level.upper(), format=LOG_FORMAT, stream=sys.stderr)
    _quieten_libraries()
    speech = _speech(loaded.settings.bot.language)
    _tell_warnings(speech, loaded)
    if say_fine:
        _tell(speech.say("config.fine"))
    return _guarded(speech, loaded.settings, does)


def _guarded(speech: Speech, settings: Settings, does: Callable[[Settings], int]) -> int:
    """Run it; what may go wrong with a database or a connection is one sentence and an exit code, not a trace."""
    from storage.errors import DatabaseTooNew, StorageError

    try:
        return does(settings)
    except StorageError as error:
        _tell(speech.say(f"operate.{error.code}", reason=error.detail))
        return NEWER if isinstance(error, DatabaseTooNew) else USAGE
    except ConnectionError as error:
        _tell(speech.say("operate.connection-trouble", reason=str(error)))
        return USAGE


def _speech(language: str) -> Speech:
    return Speech(language if language in languages() else "en", ZoneInfo("UTC"))


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")


def _tell_faults(speech: Speech, faults: tuple[Fault, ...]) -> None:
    _tell(speech.say("config.title", n=len(faults)))
    for fault in faults:
        _tell(f"  {_worded(speech, fault)}")


def _tell_warnings(speech: Speech, loaded: Loaded) -> None:
    for fault in loaded.warnings:
        _tell(speech.say("config.warning", text=_worded(speech, fault)))


def _worded(speech: Speech, fault: Fault) -> str:
    """The mistake, after the name of the setting it is about."""
    refusal = fault.refusal
    reason = {} if refusal is None else {"reason": speech.say(f"refusal.{refusal.code}", **refusal.facts)}
    text = speech.say(f"config.{fault.code}", **{"key": fault.key, **fault.facts, **reason})
    return speech.say("config.about", key=fault.key, text=text) if fault.key else text


def _quieten_libraries() -> None:
    """Libraries that write addresses holding tokens into the log at low levels speak only when something is wrong."""
    for name in ("aiohttp", "apscheduler", "httpx", "matplotlib", "nio", "peewee", "sqlalchemy", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _serve(settings: Settings) -> int:
    from bot.main import serve

    asyncio.run(serve(settings))
    return DONE


def _migrate(settings: Settings) -> int:
    from storage.store import open_store

    open_store(settings.storage.url.reveal()).abandon()
    _tell(_speech(settings.bot.language).say("operate.migrated"))
    return DONE


def _moved(settings: Settings, move: Callable[[str, Path], None], file: Path, key: str) -> int:
    move(settings.storage.url.reveal(), file)
    _tell(_speech(settings.bot.language).say(key, file=str(file)))
    return DONE


def _export(settings: Settings, number: int, folder: Path, *, names: bool) -> int:
    speech = _speech(settings.bot.language)
    try:
        files = asyncio.run(_exported(settings, number, names=names))
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name).write_bytes(data)
    except Refusal as refusal:
        _tell(speech.say(f"refusal.{refusal.code}", **refusal.facts))
        return FALSE
    except OSError as error:
        _tell(speech.say("operate.export-unwritable", folder=str(folder), reason=type(error).__name__))
        return USAGE
    _tell(speech.say("operate.exported", folder=str(folder), n=len(files)))
    _tell(speech.say("operate.export-fingerprint", fingerprint=fingerprint(fingerprint_of(files[MANIFEST]))))
    if names:
        _tell(speech.say("operate.exported-names"))
    return DONE


async def _exported(settings: Settings, number: int, *, names: bool) -> Bundle:
    from adapters.chart import MatplotlibDraughtsman
    from adapters.clock import SystemClock
    from adapters.paper import TypstPrinter
    from bot.main import platforms_of
    from bot.usecases.bundle import bundle_of
    from storage.store import open_store

    store = await asyncio.to_thread(open_store, settings.storage.url.reveal())
    # Asked who hides their name, not connected: the bot may be running beside.
    platforms = platforms_of(settings, SystemClock(), store) if names else []
    asked = {platform.messenger.platform: platform.messenger for platform in platforms} if names else None
    try:
        return await bundle_of(store, MatplotlibDraughtsman(), TypstPrinter(), number, asked)
    finally:
        for platform in platforms:
            await platform.close()
        await store.close()


def _try_connections(settings: Settings) -> int:
    return asyncio.run(_connections(settings))


async def _connections(settings: Settings) -> int:
    """Open the database, then log in to each platform; every one is tried whatever the others say."""
    from adapters.clock import SystemClock
    from bot.main import platforms_of
    from storage.store import open_store

    speech = _speech(settings.bot.language)
    store = await asyncio.to_thread(open_store, settings.storage.url.reveal())
    _tell(speech.say("operate.database-answers"))
    failed = False
    try:
        for platform in platforms_of(settings, SystemClock(), store):
            name = platform.messenger.platform
            try:
                await platform.connect()
                _tell(speech.say("operate.platform-answers", platform=name))
            except ConnectionError as error:
                failed = True
                _tell(speech.say("operate.platform-fails", platform=name, reason=str(error)))
            finally:
                await platform.close()
    finally:
        await store.close()
    return FALSE if failed else DONE
