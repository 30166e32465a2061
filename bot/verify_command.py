"""`palabre verify`: check a bundle, offline, and say line by line what holds, to people or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.counting_command import language, printable
from bot.domain.manifest import MANIFEST
from bot.text.catalogue import Speech
from bot.text.fingerprints import fingerprint
from bot.verification import Verified, verify

DONE, FALSE, USAGE = 0, 1, 2


def verify_folder(folder: Path, *, as_json: bool) -> int:
    """Check the bundle in a folder: 0 if everything holds, 1 if something doesn't, 2 if there is no bundle to read."""
    speech = Speech(language(), ZoneInfo("UTC"))
    try:
        # What is no file has no bytes, and no manifest names it.
        files = {path.name: path.read_bytes() if path.is_file() else b"" for path in sorted(folder.iterdir())}
        if not files.keys() & {MANIFEST, "consultation.json"}:
            raise FileNotFoundError(folder)
    except OSError as error:
        reason = type(error).__name__
        sys.stderr.write(speech.say("operate.verify-unreadable", folder=str(folder), reason=reason) + "\n")
        return USAGE
    found = verify(files)
    told = (
        [json.dumps(_facts(found), ensure_ascii=False, indent=2)] if as_json else map(printable, _told(found, speech))
    )
    sys.stdout.writelines(f"{line}\n" for line in told)
    return DONE if found.holds else FALSE


def _told(found: Verified, speech: Speech) -> Iterator[str]:
    for name, wrong in found.wrong.items():
        reason = f" ({', '.join(wrong)})" if wrong else ""
        yield f"{speech.say('proof.wrong' if wrong else 'proof.right')} {speech.say(f'proof.{name}')}{reason}"
    for name, value in (("fingerprint", found.fingerprint), ("opened", found.opened), ("closed", found.closed)):
        yield f"{speech.say(f'proof.head-{name}')} {fingerprint(value) or '?'}"
    yield speech.say("proof.true" if found.holds else "proof.false")


def _facts(found: Verified) -> dict[str, Any]:
    return {
        "verified": found.holds,
        "fingerprint": found.fingerprint,
        "journal": {"opened": found.opened, "closed": found.closed},
        "wrong": {name: list(wrong) for name, wrong in found.wrong.items()},
    }
