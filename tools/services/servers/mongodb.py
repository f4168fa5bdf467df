"""A server that speaks MongoDB's protocol.

No real mongod is to be had as a package, so `main` is secantus-mdb (WiredTiger, built once with cargo) and `quick` is
SecantusDB (installed in seconds with pip, slower to run). SLUICE_MONGODB chooses; a user's own server is used when
SLUICE_TEST_MONGODB_URI names it.
"""

import os
import secrets
import shutil
import ssl
import sys
from pathlib import Path

from . import cache
from .certificates import Certificates
from .mongodb_protocol import ask, is_ok, is_primary
from .ports import Ports
from .server import Failed, Server, say


USER, GUEST = "sluice", "guest"


class MongoDb(Server):
    name = "mongodb"

    def __init__(self, folder: Path, ports: Ports, durable: bool, certificates: Certificates | None = None) -> None:
        super().__init__(folder)
        self.port = ports.take()
        self._certificates = certificates
        self._tls: ssl.SSLContext | None = None
        self._password = secrets.token_hex(8)
        # Without it acknowledged writes vanish with a kill -9, whatever the write concern says.
        durability = ["--sync-on-commit"] if durable else []
        self._command = [*_program(), "--host", "127.0.0.1", "--port", str(self.port), "--storage-path", "data",
                         "--log-level", "WARNING", "--cache-size", "256M", "--enable-test-commands", *durability]
        if certificates:
            self._make_users()
            self._tls = ssl.create_default_context(cafile=str(certificates.ca))
            self._command += ["--auth", "--tls-cert-file", str(certificates.server.with_suffix(".crt")),
                              "--tls-key-file", str(certificates.server.with_suffix(".key"))]

    def _make_users(self) -> None:
        """By a first run without authentication, as there is no user yet to ask for it."""
        self.start()
        self.wait()
        for name, roles in ((USER, [{"role": "root", "db": "admin"}]), (GUEST, [])):
            if not is_ok(ask(self.port, {"createUser": name, "pwd": self._password, "roles": roles})):
                raise Failed(f"mongodb: the user '{name}' could not be made")
        self.stop()

    def command(self) -> list[str]:
        return self._command

    def ready(self) -> bool:
        return is_primary(ask(self.port, {"hello": 1}, self._tls))

    def addresses(self) -> dict[str, str]:
        if not self._certificates:
            return {"MONGODB_URI": f"mongodb://127.0.0.1:{self.port}/?directConnection=true"}
        options = f"directConnection=true&authSource=admin&tls=true&tlsCAFile={self._certificates.ca}"
        return {"MONGODB_URI": f"mongodb://{USER}:{self._password}@127.0.0.1:{self.port}/?{options}",
                "MONGODB_GUEST_URI": f"mongodb://{GUEST}:{self._password}@127.0.0.1:{self.port}/?{options}",
                **self._certificates.addresses}


class OwnMongoDb(Server):
    """The user's: reached, never started or stopped."""

    name = "mongodb"
    uri = os.environ.get("SLUICE_TEST_MONGODB_URI", "")

    def start(self) -> None:
        pass

    def wait(self) -> None:
        pass

    def kill(self) -> None:
        raise Failed("the MongoDB server is your own (SLUICE_TEST_MONGODB_URI): it is not stopped, killed or frozen here")

    stop = freeze = thaw = kill

    def addresses(self) -> dict[str, str]:
        return {"MONGODB_URI": self.uri}


def fetch() -> None:
    _program()


def _program() -> list[str]:
    wanted = os.environ.get("SLUICE_MONGODB", "main")
    if wanted == "quick":
        return _quick()
    if wanted != "main":
        raise Failed(f"SLUICE_MONGODB is 'main' or 'quick', not '{wanted}'")
    try:
        return _main()
    except Failed as failure:
        say(f"{failure}\nservices: using the quick MongoDB server instead")
        return _quick()


def _main() -> list[str]:
    name = "secantus-mdb"
    version = cache.VERSIONS[name]

    def make(folder: Path) -> None:
        cargo = shutil.which("cargo") or str(Path.home() / ".cargo/bin/cargo")
        say("building the MongoDB server takes some minutes; SLUICE_MONGODB=quick takes another one, which needs seconds")
        cache.run(["nice", "-n", "19", cargo, "install", name, "--version", version, "--ignore-rust-version",
                   "--root", str(folder)], name, folder)

    return [str(cache.cached(f"{name}-{version}", make) / "bin" / "secantusd-rs"), "--log-file-max", "16MB"]


def _quick() -> list[str]:
    name = "SecantusDB"
    version = cache.VERSIONS[name]

    def make(folder: Path) -> None:
        cache.run([sys.executable, "-m", "venv", str(folder)], name, folder)
        cache.run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   f"{name}=={version}"], name, folder)

    programs = cache.cached(f"{name}-{version}", make) / "bin"
    return [str(programs / "python"), str(programs / "secantusd-py")]  # its own first line names where it was made

