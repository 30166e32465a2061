"""A throw-away Matrix server with the bot and three people in a room, to try everything by hand with Element.

`make sandbox` (or `python -m tests.sandbox`) starts it, says how to come in, and stays until Ctrl-C;
nothing of it is left afterwards.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests.servers.synapse import ROOT, Homeserver, synapse

PASSWORD = "palabre"
ROOM = {False: "Assemblée", True: "Assemblée (chiffrée)"}
START = 120
"""Seconds within which the bot has to be in the room."""

WORDS = """
── Français ────────────────────────────────────────────────────────────────────────────────────
Un serveur Matrix jetable tourne sur cette machine, avec le robot et trois personnes dans deux
salons : {plain}, et {encrypted}.

  1. Ouvrez Element (application de bureau, ou https://app.element.io dans ce navigateur).
  2. « Se connecter », puis « Modifier » le serveur d'accueil : {url}
  3. Nom d'utilisateur : ana (administratrice), bruno ou chloe. Mot de passe : {password}
     (une fenêtre privée par personne permet d'être plusieurs à la fois)
  4. Dans le salon, écrivez :  !sondage "Où nous retrouvons-nous ?" "Café" "Médiathèque"
     puis, en réponse à la carte :  1        et pour tout savoir :  !aide

Ctrl-C arrête et efface tout.

── English ─────────────────────────────────────────────────────────────────────────────────────
A throw-away Matrix server is running on this machine, with the bot and three people in two
rooms: {plain}, and {encrypted}.

  1. Open Element (the desktop application, or https://app.element.io in this browser).
  2. "Sign in", then "Edit" the homeserver: {url}
  3. Username: ana (administrator), bruno or chloe. Password: {password}
     (one private window per person lets you be several at once)
  4. In the room, write:  !poll "Where do we meet?" "Café" "Library"
     then, in reply to the card:  1        and to learn everything:  !help

Ctrl-C stops and erases everything.
"""

CONFIG = """
[bot]
language = "{language}"
operator = "the sandbox on this machine"
contact = "ana"
hosting = "this machine, until Ctrl-C"
source_url = "https://example.org/palabre"

[organisation]
name = "Les Amis du tilleul"
contact = "ana"
responder = "ana"
answer_days = 30
rooms = ["{rooms}"]

[storage]
url = "sqlite:///{folder}/palabre.db"
keys_path = "{folder}/keys"

[matrix]
homeserver = "{url}"
user_id = "{user}"
password = "{password}"
store_path = "{folder}/matrix"
"""


class Person:
    """Somebody of the sandbox, who does just enough for the room to exist."""

    def __init__(self, server: Homeserver, name: str, *, admin: bool = False) -> None:
        self._url = server.url
        self._token = ""
        self.user = server.register(name, PASSWORD, admin=admin)
        identifier = {"type": "m.id.user", "user": self.user}
        login = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        self._token = self.asks("POST", "login", login)["access_token"]

    def asks(self, method: str, where: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = Request(f"{self._url}/_matrix/client/v3/{where}", data, headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def opens(self, encrypted: bool, *guests: str) -> str:
        """A room of theirs with these people invited; its id."""
        content = {"algorithm": "m.megolm.v1.aes-sha2"}
        state = [{"type": "m.room.encryption", "state_key": "", "content": content}] if encrypted else []
        room = {"name": ROOM[encrypted], "preset": "private_chat", "invite": list(guests), "initial_state": state}
        return str(self.asks("POST", "createRoom", room)["room_id"])

    def joins(self, room: str) -> None:
        self.asks("POST", f"join/{quote(room)}", {})

    def leaves(self) -> None:
        self.asks("POST", "logout", {})

    def signed(self, user: str) -> bool:
        """Whether the account has a signed device: the bot's last act before it listens."""
        keys = self.asks("POST", "keys/query", {"device_keys": {user: []}})
        identity = keys.get("self_signing_keys", {}).get(user, {}).get("keys", {})
        signatures = [device["signatures"][user] for device in keys["device_keys"].get(user, {}).values()]
        return any(key in signature for key in identity for signature in signatures)


def main() -> int:
    """Run the sandbox until Ctrl-C; the exit code is the bot's if it stops by itself."""
    parser = argparse.ArgumentParser(prog="sandbox", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="port of the homeserver (default: a free one)")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the rooms")
    parser.add_argument("--once", action="store_true", help="stop as soon as everything runs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palabre-sandbox-") as folder:
        try:
            return _run(Path(folder), options)
        except KeyboardInterrupt:
            print("\nFini. / Done.")
            return 0


def _run(folder: Path, options: argparse.Namespace) -> int:
    print("Un instant… / One moment…", flush=True)
    with synapse(folder, port=options.port) as server:
        bot, ana = Person(server, "palabre"), Person(server, "ana", admin=True)
        guests = [Person(server, name) for name in ("bruno", "chloe")]
        rooms = [ana.opens(encrypted, *(guest.user for guest in (bot, *guests))) for encrypted in ROOM]
        for guest in (bot, *guests):
            for room in rooms:
                guest.joins(room)
            guest.leaves()
        config = CONFIG.format(
            language=options.lang,
            folder=folder,
            url=server.url,
            user=bot.user,
            password=PASSWORD,
            rooms='", "'.join(rooms),
        )
        with _bot(folder, config) as process:
            _await(process, lambda: ana.signed(bot.user))
            words = WORDS.format(plain=ROOM[False], encrypted=ROOM[True], url=server.url, password=PASSWORD)
            print(words, flush=True)
            return 0 if options.once else process.wait()


@contextmanager
def _bot(folder: Path, settings: str) -> Iterator[subprocess.Popen[bytes]]:
    config = folder / "config.toml"
    config.write_text(settings, "utf-8")
    config.chmod(0o600)
    # A group of its own: Ctrl-C reaches us alone, and we stop the bot before its server.
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], ready: Any) -> None:
    deadline = time.monotonic() + START
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("Le robot ne démarre pas. / The bot does not start.")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
