"""A folder with an outbox, documents and dead letters, and the engines that run on it."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import unittest
from dataclasses import dataclass, field
from pathlib import Path

from faults.tally import Tally, seen_in_sqlite
from harness.engine import PATIENCE, Engine, sanitized
from harness.kit import ALL_HANDLERS, Kit, embedded

# Every event is also noted by the tests' own handler (plugins/seen.cpp).
HANDLERS = ALL_HANDLERS.replace("statistics]", "statistics, seen.event]").replace('" }\n', '", seen: "*" }\n', 1)


@dataclass
class Load:
    """What tools/faults was told."""

    build: Path = Path()
    events: int = 4000
    kills: int = 6
    seed: int = 0
    tally: Tally = field(default_factory=Tally)

    def patience(self):
        """How long its end is waited for, on a busy machine, too."""
        return PATIENCE * max(1, self.events / 4000)

    def memory_mb(self, bound):
        """What the engine may take where a plain build may take the bound."""
        return 4 * bound if sanitized(self.build) else bound


load = Load()  # tools/faults fills it in


class FaultyEngine(Engine):
    """One whose mishaps are counted."""

    def __init__(self, config, folder, name="engine", program="sluice"):
        super().__init__(load.build, config, folder, name)
        self.binary = load.build / "bin" / program
        self.environment["SLUICE_PLUGIN_PATH"] = f"{self.plugins}:{load.build / 'tests' / 'fault' / 'plugins'}"

    def kill(self):
        load.tally.faults["engine killed"] += 1
        return super().kill()

    def send(self, number):
        if number == signal.SIGSTOP:
            load.tally.faults["engine frozen"] += 1
        if number == signal.SIGHUP:
            load.tally.faults["engine reloaded"] += 1
        super().send(number)

    def drain(self):
        load.tally.faults["engine ended under load"] += 1
        return super().drain()

    def end(self):
        """Asks it to end well, when it has nothing left to do."""
        return super().drain()


class UnderLoad(unittest.TestCase):
    """A test with a `kit` and an `outbox`, which fills while it goes on."""

    def start_generator(self, seconds, *options):
        """Brings all events within this time. Options are the generator's."""
        rate = max(1, int(load.events / seconds))
        command = [self.kit.binary, "generate", "--out", self.outbox, "--events", load.events, "--rate", rate, "--seed",
                   load.seed, *options]
        generator = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(generator.wait)
        self.addCleanup(generator.kill)
        return generator

    def let_finish(self, generator):
        self.assertEqual(generator.wait(3 * load.patience()), 0, "the generator failed")


class FaultTest(UnderLoad):
    def setUp(self):
        self.random = random.Random(f"{load.seed}/{self.id()}")
        self.kit = Kit(load.build)
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-fault."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.outbox = self.folder / "outbox.db"
        self.documents = self.folder / "documents.db"
        self.dead_letters = self.folder / "dead_letters.ndjson"
        self.config = embedded(self.folder, "    retry: { initial: 20ms, max: 200ms }\n    shutdown_timeout: 20s", HANDLERS)

    def engine(self, name="engine", program="sluice"):
        """Not started. It ends with the test, whatever happens."""
        engine = FaultyEngine(self.config, self.folder, name, program)
        self.addCleanup(engine.__exit__)
        return engine

    def rewrite(self, old, new):
        """Changes the configuration."""
        text = self.config.read_text(encoding="utf-8")
        self.assertIn(old, text)
        self.config.write_text(text.replace(old, new), encoding="utf-8")

    def last_row(self):
        with sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True) as outbox:
            return outbox.execute("SELECT coalesce(max(id), 0) FROM event_outbox").fetchone()[0]

    def finish(self, engine):
        """Waits until every row is settled, ends the engine well, and holds the documents to the reference."""
        last = self.last_row()
        engine.wait_for(lambda: safe_position(engine) > last, f"position {last} settled", load.patience())
        usage = engine.end()
        self.assertEqual(usage.status, 0, engine.last_words())
        self.verify()

    def verify(self):
        load.tally.add(self.outbox, seen_in_sqlite(self.documents), self.dead_letters)
        self.assertIsNone(self.kit.verify(self.outbox, self.documents, self.dead_letters),
                          f"seed {load.seed}: the documents are not what the reference program computes")
        self.assertEqual(load.tally.harmed(), 0, load.tally.table())

    def pause(self, least_ms, most_ms):
        """A random moment: what the test is about, not a wait for something."""
        return self.random.uniform(least_ms, most_ms) / 1000


def safe_position(engine):
    partitions = engine.status().get("partitions", [])
    return partitions[0]["safe"] if partitions else 0


def is_root():
    return os.geteuid() == 0
