"""The servers' addresses, and engines that run the example configurations between them; one TestCase for all tests."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path
from zlib import crc32

from pymongo import MongoClient

from end_to_end import reference
from end_to_end.broker import Broker, Sent
from end_to_end.events import aggregate_key, envelope
from harness.engine import Engine, wait_until

ROOT = Path(__file__).resolve().parents[4]
CONFIGS = ROOT / "configs"
BUILD = Path(os.environ.get("SLUICE_BUILD", ROOT / "build" / "dev"))
FINE, USAGE, FAILED = 0, 2, 5
# So that the group does not wait long for a member that was killed. For `config(group=…)`.
SHORT_SESSION = "group: ${KAFKA_GROUP_ID}\n        client: { session.timeout.ms: 1500 }"


class EndToEnd(unittest.TestCase):
    """Every test has a topic, a group, a database and a topic of dead letters of its own."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(os.environ["KAFKA_BOOTSTRAP_SERVERS"])
        cls.mongo = MongoClient(os.environ["MONGODB_URI"], tz_aware=True)
        cls.addClassCleanup(cls.mongo.close)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-end-to-end."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        name = f"{self._testMethodName.removeprefix('test_')[:30]}-{uuid.uuid4().hex[:6]}"
        self.topic, self.group, self.letters = f"{name}.events", f"{name}.group", f"{name}.dead"
        self.database = self.mongo[name.replace("_", "")]
        self.addCleanup(self.mongo.drop_database, self.database.name)

    def variables(self, **more):
        """What the example configurations take from the environment."""
        return {"KAFKA_TOPIC": self.topic, "KAFKA_GROUP_ID": self.group, "MONGODB_DATABASE": self.database.name,
                "DEAD_LETTER_TOPIC": self.letters, **more}

    def config(self, name="pipeline", base="activity.yaml", extra="", **replaced):
        """An example configuration with other lines: `wait="wait: { for: 1s }"` replaces the pipeline's `wait: …`;
        `extra` is added to it."""
        lines = (CONFIGS / base).read_text(encoding="utf-8").splitlines()
        for key, line in replaced.items():
            found = [number for number, old in enumerate(lines) if old.strip().startswith(f"{key}:")]
            self.assertEqual(len(found), 1, f"{base} has no {key}, or several")
            indent = len(lines[found[0]]) - len(lines[found[0]].lstrip())
            lines[found[0]] = " " * indent + line
        path = self.folder / f"{name}.yaml"
        path.write_text("\n".join([*lines, *(f"    {line}" for line in extra.splitlines())]) + "\n", encoding="utf-8")
        return path

    def engine(self, config=CONFIGS / "activity.yaml", name="engine", **variables):
        """Not started. It ends with the test, whatever happens."""
        engine = Engine(BUILD, config, self.folder, name, self.variables(**variables))
        self.addCleanup(engine.__exit__)
        return engine

    def sluice(self, *arguments, status=FINE, **variables):
        """A command of sluice, ended; what it printed."""
        done = subprocess.run([BUILD / "bin" / "sluice", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "SLUICE_PLUGIN_PATH": str(BUILD / "plugins"), **self.variables(**variables)},
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done.stdout if status == FINE else done.stdout + done.stderr

    def json_of(self, *arguments):
        return json.loads(self.sluice(*arguments, "--json"))

    def append(self, events, partitions=1):
        """As Debezium does that keys by aggregate."""
        self.broker.append(self.topic, [
            Sent(envelope(event), aggregate_key(event), crc32(event.aggregate_id.encode()) % partitions) for event in events])

    def lag(self, group=None):
        ends, committed = self.broker.ends(self.topic), self.broker.committed(group or self.group, self.topic)
        return sum(end - committed.get(number, 0) for number, end in ends.items())

    def wait_until_committed(self, engine, group=None):
        """Until the engine says that it is through with its partitions, and an independent client that the group is at
        their end."""

        def through():
            status = engine.status()
            safe = {(one["topic"], one["partition"]): one["safe"] for one in status.get("partitions", [])}
            return status.get("state") == "running" and all(
                safe.get((self.topic, number), end) == end for number, end in self.broker.ends(self.topic).items()) and safe

        engine.wait_for(lambda: through() and self.lag(group) == 0, "everything committed", pause=0.05)

    def drain(self, engine, status=FINE):
        usage = engine.drain()
        self.assertEqual(usage.status, status, engine.last_words())

    def run_to_the_end(self, config=CONFIGS / "activity.yaml", **variables):
        """An engine from its start until all that is there is committed; its log."""
        engine = self.engine(config, **variables).start()
        self.wait_until_committed(engine)
        self.drain(engine)
        return engine.log()

    def fails(self, config=CONFIGS / "activity.yaml", **variables):
        """The log of an engine that ends by itself as FAILED, soon."""
        engine = self.engine(config, **variables).start()
        self.assertEqual(engine.reap(30).status, FAILED, engine.last_words())
        return engine.log()

    def expect_documents(self, events, ordered=True):
        wanted, found = reference.documents(events), reference.stored(self.database)
        if not ordered:
            wanted, found = reference.unordered(wanted), reference.unordered(found)
        wrong = reference.differences(found, wanted)
        self.assertEqual(wrong[:5], [], f"{len(wrong)} differences")

    def wait_for_documents(self, engine, count, collection="users"):
        engine.wait_for(lambda: self.database[collection].count_documents({}) == count, f"{count} {collection}", pause=0.02)


__all__ = ["BUILD", "CONFIGS", "EndToEnd", "FAILED", "FINE", "ROOT", "SHORT_SESSION", "USAGE", "wait_until"]
