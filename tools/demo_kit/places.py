"""Where the reference system runs: what a load needs to know of it. The files alone are here; servers are in stack.py and
services.py."""

import json
import sqlite3
import subprocess
from pathlib import Path

from .folder import Folder
from .words import Failed

ROOT = Path(__file__).resolve().parents[2]


class Place:
    name = ""
    title = ""
    config = Path()

    def __init__(self, folder: Folder, build: Path, variables: dict[str, str]) -> None:
        self.folder = folder
        self.build = build
        self.given = variables

    def variables(self) -> dict[str, str]:
        """What the configuration and the kit take from the environment."""
        raise NotImplementedError

    def set_up(self) -> None:
        raise NotImplementedError

    def clean_up(self) -> None:
        """Ends and removes what set-up and loads made, but not the folder."""

    def outbox_arguments(self) -> list[str]:
        """Of `sluice-kit generate`."""
        raise NotImplementedError

    def verify_arguments(self) -> list[str]:
        raise NotImplementedError

    def partitions(self) -> int:
        """How many an engine must be reading before the first event comes, so that its start is no part of the figures."""
        return 0

    def manifest_arguments(self) -> list[str]:
        """They say which events are poison, and which rows and documents the demo made."""
        return [word for load in self.folder.loads() for word in ("--manifest", str(load / "manifest.json"))]

    def counts(self) -> dict[str, int]:
        """Of the demo's own rows and documents, by collection."""
        raise NotImplementedError

    def rate(self, events: int) -> float:
        """Events a second at which a load shows how fast an event arrives."""
        raise NotImplementedError

    def kit(self, *arguments: object) -> str:
        """What a command of sluice-kit prints."""
        done = subprocess.run([self.build / "bin" / "sluice-kit", *map(str, arguments)], env=self.environment(), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise Failed(f"sluice-kit {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def environment(self) -> dict[str, str]:
        return self.given | {"SLUICE_PLUGIN_PATH": str(self.build / "plugins")} | self.variables()


class Embedded(Place):
    name = "embedded"
    title = "files alone: an outbox in SQLite, documents in SQLite"
    config = ROOT / "configs" / "activity-embedded.yaml"

    @property
    def outbox(self) -> Path:
        return self.folder.path / "outbox.db"

    @property
    def documents(self) -> Path:
        return self.folder.path / "documents.db"

    def variables(self) -> dict[str, str]:
        return {"OUTBOX_DB": str(self.outbox), "DOCUMENTS_DB": str(self.documents),
                "DEAD_LETTERS_FILE": str(self.folder.path / "dead_letters.ndjson")}

    def set_up(self) -> None:
        self.kit("generate", "--out", self.outbox, "--events", 0)  # the empty table, for the engine to find

    def outbox_arguments(self) -> list[str]:
        return ["--out", str(self.outbox)]

    def verify_arguments(self) -> list[str]:
        return ["--outbox", str(self.outbox), "--documents", str(self.documents), *self.manifest_arguments(),
                "--dead-letters", str(self.folder.path / "dead_letters.ndjson")]

    def counts(self) -> dict[str, int]:
        return {"event_outbox": _rows(self.outbox, "event_outbox"),
                **{name: _rows(self.documents, name) for name in ("users", "activities", "statistics")}}

    def rate(self, events: int) -> float:
        # About four seconds, but not faster than a small machine writes and reads at once.
        return min(max(events / 4, 50), 20_000)


def _rows(file: Path, table: str) -> int:
    if not file.exists():
        return 0
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        there = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        found = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] if there else 0
    database.close()
    return found


def read_json(file: Path) -> dict:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
