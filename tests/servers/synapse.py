"""A throw-away Matrix homeserver for the tests: a real Synapse, shared by all workers of a run, gone when the last of
them is.

It runs in an environment of its own (`make synapse`; another one's interpreter may be named
in `PALABRE_SYNAPSE_PYTHON`), on a free port of the loopback, on SQLite, federating with nobody. A small
guardian process stops it once no worker holds the lock any more, however they ended.

Run as a program (`python synapse.py SHARED PORT LIMITS`) this module is that guardian.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
GIVEN = "PALABRE_SYNAPSE_PYTHON"
NAME = "localhost"
SECRET = "for tests only"
START = 60
"""Seconds within which the server has to answer."""
_UNLIMITED = {"per_second": 10_000, "burst_count": 10_000}
_LIMITED = {"per_second": 2, "burst_count": 3}


class NoSynapse(Exception):
    """There is no homeserver to test with, nor a way to start one."""


@dataclass(frozen=True, slots=True)
class Homeserver:
    """A running homeserver, by its address."""

    url: str

    def register(self, name: str, password: str, *, admin: bool = False) -> str:
        """Make an account; its full name."""
        nonce = self._call("/_synapse/admin/v1/register")["nonce"]
        words = "\0".join((nonce, name, password, "admin" if admin else "notadmin"))
        request = {
            "nonce": nonce,
            "username": name,
            "password": password,
            "admin": admin,
            "mac": hmac.new(SECRET.encode(), words.encode(), hashlib.sha1).hexdigest(),
        }
        return str(self._call("/_synapse/admin/v1/register", request)["user_id"])

    def _call(self, where: str, body: dict[str, object] | None = None) -> dict[str, str]:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + where, data, {"Content-Type": "application/json"}), timeout=30) as answer:
            return json.load(answer)


@contextmanager
def synapse(shared: Path, *, limits: bool = False, port: int = 0) -> Iterator[Homeserver]:
    """A homeserver for as long as the context lasts, with Synapse's limits on messages or with none.

    Processes that give the same `shared` folder share one server.
    """
    shared = shared / ("synapse-limited" if limits else "synapse")
    shared.mkdir(parents=True, exist_ok=True)
    with _locked(shared / "gate", fcntl.LOCK_EX):
        users = (shared / "users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)  # waits for a guardian that is just stopping its server
        if not (shared / "address").exists():
            _start(shared, port, limits)
    with users:
        yield Homeserver((shared / "address").read_text())


def interpreter() -> Path:
    """The Python that Synapse is installed for."""
    python = Path(os.environ.get(GIVEN) or ROOT / ".synapse" / "bin" / "python")
    if not python.exists():
        raise NoSynapse(f"no Synapse at {python}: run `make synapse`, or set {GIVEN}")
    return python


def _start(shared: Path, port: int, limits: bool) -> None:
    command = [sys.executable, str(Path(__file__).resolve()), str(shared), str(port), "limited" if limits else ""]
    interpreter()
    with (shared / "guardian.log").open("wb") as log:
        guardian = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
    assert guardian.stdout
    with guardian.stdout:
        ready = guardian.stdout.readline()
    if ready != b"ready\n":
        raise NoSynapse(f"Synapse did not start: {(shared / 'guardian.log').read_text()[-4000:]}")
    guardian.returncode = 0  # it outlives us on purpose: don't warn that nobody waits for it


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, kind)
        yield


# ── the guardian ─────────────────────────────────────────────────────────────────────────────────────────────────────


def guard(shared: Path, port: int, limits: bool) -> None:
    """Start a server, say `ready`, and stop it once nobody holds the lock on `users`."""
    folder = Path(tempfile.mkdtemp(prefix="palabre-synapse-"))
    address = shared / "address"
    port = port or _free_port()
    server = subprocess.Popen(
        [interpreter(), "-m", "synapse.app.homeserver", "-c", configure(folder, port, limits)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    try:
        _await(server, f"http://127.0.0.1:{port}")
        address.write_text(f"http://127.0.0.1:{port}")
        sys.stdout.write("ready\n")
        sys.stdout.close()
        with _locked(shared / "users", fcntl.LOCK_EX):
            address.unlink()
            server.kill()
            server.wait()
    finally:
        server.kill()
        address.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _await(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START
    while True:
        try:
            with urlopen(f"{url}/_matrix/client/versions", timeout=5):
                return
        except (URLError, OSError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoSynapse("it ended at once, or never answered") from None
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(folder: Path, port: int, limits: bool) -> Path:
    """Write the configuration and the signing key of a server that keeps everything in the folder."""
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n")
    (folder / "log.yaml").write_text(json.dumps(_logging()))
    # JSON is YAML, which is what Synapse reads.
    (folder / "homeserver.yaml").write_text(json.dumps(_settings(folder, port, limits)))
    return folder / "homeserver.yaml"


def _settings(folder: Path, port: int, limits: bool) -> dict[str, object]:
    limit = _UNLIMITED
    many = {"local": limit, "remote": limit}
    return {
        "server_name": NAME,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "signing_key_path": str(folder / "signing.key"),
        "log_config": str(folder / "log.yaml"),
        "media_store_path": str(folder / "media"),
        "pid_file": str(folder / "synapse.pid"),
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": secrets.token_hex(16),
        "form_secret": secrets.token_hex(16),
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        # Password hashes as light as they can be: accounts are made for every test.
        "bcrypt_rounds": 4,
        "rc_message": _LIMITED if limits else limit,
        "rc_registration": limit,
        "rc_login": {"address": limit, "account": limit, "failed_attempts": limit},
        "rc_joins": many,
        "rc_joins_per_room": limit,
        "rc_invites": {"per_room": limit, "per_user": limit, "per_issuer": limit},
        "rc_room_creation": limit,
        "rc_admin_redaction": limit,
        "rc_key_requests": limit,
        "rc_media_create": limit,
    }


def _logging() -> dict[str, object]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"level": "WARNING", "handlers": ["console"]},
    }


if __name__ == "__main__":
    guard(Path(sys.argv[1]), int(sys.argv[2]), bool(sys.argv[3]))
