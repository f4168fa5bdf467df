"""The real stack: Kafka and a server of MongoDB's protocol, and engines between them.

The outbox is a SQLite file, from which the generator fills the topic as Debezium would. In the end the documents must be
what the reference program computes from the outbox, and each poisoned event in the dead letters.
"""

import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

from faults.tally import seen_in_mongodb
from faults.world import HANDLERS, FaultyEngine, UnderLoad, load
from harness.engine import PATIENCE, Failed, wait_until
from harness.kit import Kit, write_config
from harness.services import Services

PIPELINE = """
    source:
      kafka:
        brokers: "{brokers}"
        topics: ["{topic}"]
        group: "{name}"
        assignment: {assignment}
        {member}
        client: {{ session.timeout.ms: {session_ms} }}
    decode: {{ debezium_outbox: {{ {decode} }} }}
    store: {{ mongodb: {{ uri: "{mongodb}", database: "{name}", socket_timeout: {socket_timeout} }} }}
    dead_letters: {{ kafka: {{ brokers: "{brokers}", topic: "{name}.dead",
                             create: {{ partitions: 4, replication: 1 }} }} }}
    retry: {{ initial: 20ms, max: 200ms }}
    wait: {{ for: {wait} }}
    shutdown_timeout: 20s
    breaker: off
{extra}
{handlers}"""


class StackTest(UnderLoad):
    """Each test has a topic and a database of its own on servers that all share."""

    partitions = 4
    servers = ("kafka", "mongodb")
    kafka = {}  # further settings of the broker
    decode = ""  # options of the decoder
    wait = "10m"
    socket_timeout = "30s"  # of the store
    # Not where sessions are meant to end: the client may then send a commit without its member id, for which a static
    # member is shut out (librdkafka's pull request 5585 says more). It joins anew, but not twice within a minute.
    may_be_static = True

    @classmethod
    def setUpClass(cls):
        settings = {"auto.create.topics.enable": "true", "num.partitions": cls.partitions, **cls.kafka}
        options = [word for name, value in settings.items() for word in ("--kafka-set", f"{name}={value}")]
        cls.services = Services(*cls.servers, options=options)
        cls.services.__enter__()
        cls.addClassCleanup(cls.services.__exit__)

    def setUp(self):
        self.random = random.Random(f"{load.seed}/{self.id()}")
        self.kit = Kit(load.build)
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-stack."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.outbox = self.folder / "outbox.db"
        self.name = self.topic = f"faults-{uuid.uuid4().hex[:8]}"
        self.brokers = self.services.address["KAFKA_BOOTSTRAP_SERVERS"]
        self.mongodb = self.services.address["MONGODB_URI"]
        self.engines = 0
        self.deleted_letters = b""  # with their topic
        self.assignment = self.random.choice(["eager", "cooperative"])
        self.static = self.random.random() < 0.5 and self.may_be_static

    def engine(self, extra="", program="sluice", member=None):
        """Started, as a service: without a terminal. It ends with the test, whatever happens. A static member of the
        group that takes another's place has its number."""
        self.engines += 1
        name = f"engine-{self.engines}"
        member = f'instance_id: "{self.engines if member is None else member}"' if self.static else ""
        config = write_config(self.folder / f"{name}.yaml", PIPELINE.format(
            brokers=self.brokers, topic=self.topic, mongodb=self.mongodb, name=self.name, decode=self.decode, extra=extra,
            wait=self.wait, socket_timeout=self.socket_timeout, session_ms=10_000 if self.static else 3000,
            assignment=self.assignment, member=member,
            handlers=HANDLERS.strip("\n")))
        engine = FaultyEngine(config, self.folder, name, program)
        self.addCleanup(engine.__exit__)
        return engine.start(os.setsid)

    def generate(self, seconds, *options, poison=0.5):
        """Fills outbox and topic."""
        return self.start_generator(seconds, "--poison", poison, "--kafka", self.brokers, "--topic", self.topic, *options)

    def finish(self, engines):
        """Waits until nothing is left to read, ends the engines well, and holds the documents to the reference."""
        self.settle(engines)
        self.verify()

    def settle(self, engines):
        self.wait_until_through(engines)
        for engine in engines:
            usage = engine.end()
            self.assertEqual(usage.status, 0, engine.last_words())

    def wait_until_through(self, engines):
        ends = self.ends()
        settled = lambda: all(is_through(engine, ends) for engine in engines)  # noqa: E731
        try:
            wait_until(settled, "all records settled", load.patience(), 0.1)
        except Failed as failed:
            self.fail(f"{failed}; ends {ends}\n" + "\n".join(
                json.dumps(engine.status()) + "\n" + engine.last_words() for engine in engines))

    def ends(self):
        """Of each partition of the topic, as an independent client knows it."""
        command = ["kcat", "-Q", "-b", self.brokers]
        for number in range(self.partitions):
            command += ["-t", f"{self.topic}:{number}:-1"]

        def told():  # a broker that was just started may not know yet
            asked = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
            return asked.stdout if asked.returncode == 0 else None

        lines = wait_until(told, "the ends of the topic", PATIENCE, 0.2).splitlines()
        return {int(line.split("[")[1].split("]")[0]): int(line.split()[-1]) for line in lines}

    def verify(self):
        self.assertIsNone(self.complaint(load.tally, self.letters_of_the_topic()),
                          f"seed {load.seed}, {self.assignment}{', static' if self.static else ''}: "
                          "the documents are not what the reference program computes")
        self.assertEqual(load.tally.harmed(), 0, load.tally.table())

    def letters_of_the_topic(self):
        """A file with those that an independent client finds, after those that were deleted."""
        dead = self.folder / "dead.ndjson"
        dead.write_bytes(self.deleted_letters)
        with open(dead, "ab") as lines:
            subprocess.run(["kcat", "-C", "-b", self.brokers, "-t", f"{self.name}.dead", "-o", "beginning", "-e", "-q",
                            "-J"], stdin=subprocess.DEVNULL, stdout=lines, stderr=subprocess.DEVNULL, check=False)
        return dead

    def complaint(self, tally, dead):
        """Nothing, or the verifier's table of what does not hold. What became of the events is added to the tally."""
        tally.add(self.outbox, seen_in_mongodb(self.mongodb, self.name), dead)
        where = self.mongodb.split("?")[0].rstrip("/") + f"/{self.name}?" + self.mongodb.partition("?")[2]
        return self.kit.verify(self.outbox, where, dead)

    def tell(self, command, server, fault=None):
        load.tally.faults[f"{server}: {fault or command}"] += 1
        self.services.tell(f"{command} {server}")

    def pause(self, least_s, most_s):
        """A random moment: what the test is about, not a wait for something."""
        time.sleep(self.random.uniform(least_s, most_s))


def is_through(engine, ends):
    """Whether it runs, has all partitions, and has settled all that is in them."""
    if not engine.running():
        raise AssertionError(f"the engine ended\n{engine.last_words()}")
    safe = {one["partition"]: one["safe"] for one in engine.status().get("partitions", [])}
    return all(safe.get(partition, -1) >= end for partition, end in ends.items() if end > 0)
