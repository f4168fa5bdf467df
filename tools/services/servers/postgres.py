"""PostgreSQL with logical decoding, and the outbox table of the example pipeline: a cluster of its own."""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from .ports import Ports
from .server import Failed, Server

OUTBOX = """
CREATE SCHEMA activity;
CREATE TABLE activity.event_outbox (
  event_id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  aggregate_type varchar(255) NOT NULL,
  aggregate_id   varchar(255) NOT NULL,
  event_type     varchar(255) NOT NULL,
  payload        jsonb NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp());
"""

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = logical
max_connections = 50
shared_buffers = 64MB
dynamic_shared_memory_type = mmap  # in the folder, and so gone with it after a kill -9
min_wal_size = 32MB
fsync = off  # a killed process loses nothing, and the machine's power is not what is tested
logging_collector = off
"""


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # at SIGTERM it waits until every client has gone

    def __init__(self, folder: Path, ports: Ports) -> None:
        super().__init__(folder)
        self.port = ports.take()
        self.database, self.user, self.password = "activity_db", "activity", secrets.token_hex(8)
        self._programs = _programs()
        self._identity = _identity(self.folder)
        self._set_up = False
        self._make_cluster()

    def _make_cluster(self) -> None:
        password = self.folder / "password"
        password.write_text(self.password)
        made = subprocess.run(
            ["setpriv", *self._identity, str(self._programs / "initdb"), "--no-sync", "--encoding=UTF8", "--locale=C",
             "--auth=scram-sha-256", f"--username={self.user}", f"--pwfile={password}", "data"],
            cwd=self.folder, env=_plain_environment(), capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Failed(f"postgres: initdb failed:\n{made.stdout}{made.stderr}")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"{SETTINGS}port = {self.port}\n")

    def command(self) -> list[str]:
        return [str(self._programs / "postgres"), "-D", "data"]

    def ready(self) -> bool:
        """Answers a question over TCP; the first time, the table is made then."""
        if not self._set_up:
            self._set_up = (self.sql("SELECT 1", "postgres") is not None and
                            self.sql(f"CREATE DATABASE {self.database}", "postgres") is not None and
                            self.sql(OUTBOX) is not None)
            return self._set_up
        return self.sql("SELECT 1") is not None

    def sql(self, text: str, database: str = "") -> str | None:
        """The answer as unaligned text; nothing when the server refuses."""
        asked = subprocess.run(
            [str(self._programs / "psql"), "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
             "-U", self.user, "-d", database or self.database, "-c", text],
            env=_plain_environment() | {"PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "2"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        return asked.stdout.strip() if asked.returncode == 0 else None

    def addresses(self) -> dict[str, str]:
        return {"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(self.port), "POSTGRES_DB": self.database,
                "POSTGRES_USER": self.user, "POSTGRES_PASSWORD": self.password}


def _programs() -> Path:
    """The newest installed version's; Debian keeps the server's programs out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(re.sub(r"\D", "", path.parent.name)))
    if found:
        return found[-1]
    if program := shutil.which("postgres"):
        return Path(program).parent
    raise Failed("PostgreSQL is not installed: run tools/install services")


def _identity(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then its own user takes over, and owns the folder."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
