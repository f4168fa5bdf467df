"""A server that speaks MongoDB's protocol.

No real mongod is to be had as a package, so `main` is secantus-mdb (WiredTiger, built once with cargo) and `quick` is
SecantusDB (installed in seconds with pip, slower to run). SLUICE_MONGODB chooses; a user's own server is used when
SLUICE_TEST_MONGODB_URI names it.
"""

import os
import shutil
import socket
import struct
import sys
from pathlib import Path

from . import cache
from .ports import Ports
from .server import Failed, Server, say


class MongoDb(Server):
    name = "mongodb"

    def __init__(self, folder: Path, ports: Ports, durable: bool) -> None:
        super().__init__(folder)
        self.port = ports.take()
        # Without it acknowledged writes vanish with a kill -9, whatever the write concern says.
        durability = ["--sync-on-commit"] if durable else []
        self._command = [*_program(), "--host", "127.0.0.1", "--port", str(self.port), "--storage-path", "data",
                         "--log-level", "WARNING", "--cache-size", "256M", "--enable-test-commands", *durability]

    def command(self) -> list[str]:
        return self._command

    def ready(self) -> bool:
        return says_hello(self.port)

    def addresses(self) -> dict[str, str]:
        return {"MONGODB_URI": f"mongodb://127.0.0.1:{self.port}/?directConnection=true"}


class OwnMongoDb(Server):
    """The user's: reached, never started or stopped."""

    name = "mongodb"
    uri = os.environ.get("SLUICE_TEST_MONGODB_URI", "")

    def start(self) -> None:
        pass

    def wait(self) -> None:
        pass

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


def says_hello(port: int) -> bool:
    """Asks `hello`, as every driver does first, and looks for a writable primary in the answer."""
    body = b"\x10hello\0\x01\0\0\0" + b"\x02$db\0\x06\0\0\0admin\0"
    document = struct.pack("<i", len(body) + 5) + body + b"\0"
    message = struct.pack("<iiiiIB", 16 + 5 + len(document), 1, 0, 2013, 0, 0) + document
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(message)
            head = connection.recv(4, socket.MSG_WAITALL)
            if len(head) < 4:
                return False
            answer = connection.recv(struct.unpack("<i", head)[0] - 4, socket.MSG_WAITALL)
    except OSError:
        return False
    return b"\x08isWritablePrimary\0\x01" in answer
