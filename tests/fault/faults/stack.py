"""Faults of the real stack: Kafka and a server of MongoDB's protocol, and several engines between them.

The outbox is a SQLite file, from which the generator fills the topic as Debezium would. In the end the documents must be
what the reference program computes from the outbox, and each poisoned event in the dead letters.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

from faults.proxy import CuttingProxy
from faults.tally import seen_in_mongodb
from faults.world import HANDLERS, FaultyEngine, load
from harness.engine import PATIENCE, Failed, wait_until
from harness.kit import Kit, write_config
from harness.services import Services

PIPELINE = """
    source:
      kafka:
        brokers: "{brokers}"
        topics: ["{topic}"]
        group: "{name}"
        client: {{ session.timeout.ms: 6000 }}
    decode: {{ debezium_outbox: {{ {decode} }} }}
    store: {{ mongodb: {{ uri: "{mongodb}", database: "{name}" }} }}
    dead_letters: {{ kafka: {{ brokers: "{brokers}", topic: "{name}.dead", create: {{}} }} }}
    retry: {{ initial: 20ms, max: 200ms }}
    wait: {{ for: 10m }}
    shutdown_timeout: 20s
    breaker: off
{extra}
{handlers}"""


class StackTest(unittest.TestCase):
    """Each test has a topic and a database of its own on servers that all share."""

    partitions = 4
    servers = ("kafka", "mongodb")
    kafka = {}  # further settings of the broker
    decode = ""  # options of the decoder

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

    def engine(self, extra=""):
        """Started, as a service: without a terminal. It ends with the test, whatever happens."""
        self.engines += 1
        name = f"engine-{self.engines}"
        config = write_config(self.folder / f"{name}.yaml", PIPELINE.format(
            brokers=self.brokers, topic=self.topic, mongodb=self.mongodb, name=self.name, decode=self.decode, extra=extra,
            handlers=HANDLERS.strip("\n")))
        engine = FaultyEngine(config, self.folder, name)
        self.addCleanup(engine.__exit__)
        return engine.start(os.setsid)

    def generate(self, seconds, poison=0.5):
        """Fills outbox and topic while the test goes on."""
        command = [self.kit.binary, "generate", "--out", str(self.outbox), "--events", str(load.events), "--rate",
                   str(max(1, int(load.events / seconds))), "--seed", str(load.seed), "--poison", str(poison), "--kafka",
                   self.brokers, "--topic", self.topic]
        generator = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(generator.wait)
        self.addCleanup(generator.kill)
        return generator

    def let_finish(self, generator):
        self.assertEqual(generator.wait(timeout=300), 0, "the generator failed")

    def finish(self, engines):
        """Waits until nothing is left to read, ends the engines well, and holds the documents to the reference."""
        ends = self.ends()
        settled = lambda: all(is_through(engine, ends) for engine in engines)  # noqa: E731
        try:
            wait_until(settled, "all records settled", PATIENCE, 0.1)
        except Failed as failed:
            self.fail(f"{failed}; ends {ends}\n" + "\n".join(
                json.dumps(engine.status()) + "\n" + engine.last_words() for engine in engines))
        for engine in engines:
            usage = engine.end()
            self.assertEqual(usage.status, 0, engine.last_words())
        self.verify()

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
        dead = self.folder / "dead.ndjson"
        with open(dead, "wb") as lines:
            subprocess.run(["kcat", "-C", "-b", self.brokers, "-t", f"{self.name}.dead", "-o", "beginning", "-e", "-q",
                            "-J"], stdin=subprocess.DEVNULL, stdout=lines, stderr=subprocess.DEVNULL, check=False)
        load.tally.add(self.outbox, seen_in_mongodb(self.mongodb, self.name), dead)
        where = self.mongodb.split("?")[0].rstrip("/") + f"/{self.name}?" + self.mongodb.partition("?")[2]
        self.assertIsNone(self.kit.verify(self.outbox, where, dead),
                          f"seed {load.seed}: the documents are not what the reference program computes")
        self.assertEqual(load.tally.harmed(), 0, load.tally.table())

    def tell(self, fault, server):
        load.tally.faults[f"{server}: {fault}"] += 1
        self.services.tell(f"{fault} {server}")

    def pause(self, least_s, most_s):
        """A random moment: what the test is about, not a wait for something."""
        time.sleep(self.random.uniform(least_s, most_s))


PYTHON = Path(__file__).resolve().parents[3] / "tools" / "services" / "python"

ADMINISTER = """
import sys
from confluent_kafka import admin
brokers, what, topic, name, value = sys.argv[1:]
client = admin.AdminClient({"bootstrap.servers": brokers})
if what == "create":
    client.create_topics([admin.NewTopic(topic, 1, 1, config={name: value})])[topic].result()
else:
    entry = admin.ConfigEntry(name, value, incremental_operation=admin.AlterConfigOpType.SET)
    resource = admin.ConfigResource(admin.ResourceType.TOPIC, topic, incremental_configs=[entry])
    client.incremental_alter_configs([resource])[resource].result()
"""


def is_through(engine, ends):
    """Whether it runs, has all partitions, and has settled all that is in them."""
    if not engine.running():
        raise AssertionError(f"the engine ended\n{engine.last_words()}")
    safe = {one["partition"]: one["safe"] for one in engine.status().get("partitions", [])}
    return all(safe.get(partition, -1) >= end for partition, end in ends.items() if end > 0)


class Engines(StackTest):
    def test_killed_and_frozen_at_random_they_lose_and_double_nothing(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engines = [self.engine(), self.engine()]
        for _ in range(load.kills):
            self.pause(0.2, 1.5)
            victim = self.random.randrange(2)
            if self.random.random() < 0.6:
                engines[victim].kill()
                engines[victim] = self.engine()
            else:
                engines[victim].send(signal.SIGSTOP)
                self.pause(0.1, 1)
                engines[victim].send(signal.SIGCONT)
        self.let_finish(generator)
        engines[0].drain()
        self.finish([engines[1]])

    def test_a_zombie_that_comes_back_after_its_session_writes_nothing_twice(self):
        generator = self.generate(seconds=8)
        zombie, other = self.engine(), self.engine()
        zombie.wait_for(lambda: 0 < self.held(zombie) < self.partitions and zombie.settled() > 0, "both at work")
        zombie.send(signal.SIGSTOP)
        other.wait_for(lambda: self.held(other) == self.partitions, "the zombie's session to end")
        zombie.send(signal.SIGCONT)
        self.let_finish(generator)
        zombie.drain()
        self.finish([other])

    @staticmethod
    def held(engine):
        """How many partitions it has."""
        return len(engine.status().get("partitions", []))

    def test_instances_that_come_and_go_share_the_work_exactly(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engines = [self.engine()]
        for _ in range(load.kills):
            self.pause(0.5, 1.5)
            if len(engines) > 1 and self.random.random() < 0.5:
                usage = engines.pop(self.random.randrange(len(engines))).drain()
                self.assertEqual(usage.status, 0)
            else:
                engines.append(self.engine())
        self.let_finish(generator)
        while len(engines) > 1:
            engines.pop().drain()
        self.finish(engines)

    def test_one_that_reloads_under_load_goes_on_where_it_was(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engine = self.engine()
        for begun in range(1, load.kills + 1):
            engine.wait_for(lambda times=begun: engine.log().count('"message":"running"') == times, "its begin")
            self.pause(0.2, 1.5)
            engine.send(signal.SIGHUP)
        self.let_finish(generator)
        self.finish([engine])


class Shares(StackTest):
    partitions = 1

    def test_a_partition_shared_by_three_then_two_then_five_is_applied_exactly(self):
        generator = self.generate(seconds=10)
        for of in (3, 2, 5):
            engines = [self.engine(f"    share: {{ index: {index}, of: {of} }}") for index in range(of)]
            for engine in engines:
                engine.wait_for(lambda one=engine: one.status().get("partitions"), "its partition", PATIENCE)
            self.pause(0.5, 2)
            if of == 5:
                self.let_finish(generator)
                self.finish(engines)
                return
            for engine in engines:
                engine.kill() if self.random.random() < 0.5 else engine.drain()


class Servers(StackTest):
    def test_a_broker_killed_frozen_and_restarted_costs_nothing(self):
        self.upset("kafka")

    def test_a_store_killed_frozen_and_restarted_costs_nothing(self):
        self.upset("mongodb")

    def upset(self, server):
        generator = self.generate(seconds=12)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        for command in ("kill", "freeze", "stop"):
            self.pause(0.3, 1.5)
            self.tell(command, server)
            self.pause(0.3, 3)
            self.services.tell(f"{'thaw' if command == 'freeze' else 'start'} {server}")
        self.let_finish(generator)
        self.finish([engine])

    def test_a_poisoned_load_ends_with_exactly_the_poison_in_the_dead_letters(self):
        generator = self.generate(seconds=2, poison=10)
        engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])
        listed = subprocess.run([engine.binary, "dead-letters", "list", "-c", engine.config, "--plugin-path",
                                 engine.plugins, "--json"], check=True, capture_output=True, text=True)
        self.assertEqual(len(json.loads(listed.stdout)), load.events // 10)

    def test_dead_letters_that_the_broker_refuses_stop_the_pipeline_and_cost_nothing(self):
        letters = f"{self.name}.dead"
        self.administer("create", letters, "max.message.bytes", "100")  # no letter is so short
        generator = self.generate(seconds=3, poison=3)
        refused = self.engine()
        load.tally.faults["dead letters refused"] += 1
        self.assertEqual(refused.reap().status, 5, refused.last_words())
        self.assertIn("raise max.message.bytes", refused.last_words())
        self.administer("alter", letters, "max.message.bytes", "1048588")
        engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])

    def administer(self, what, topic, setting, value):
        subprocess.run([PYTHON, "-c", ADMINISTER, self.brokers, what, topic, setting, value], check=True)


class Connections(StackTest):
    """Between the engine and its servers are proxies, which break what passes through them."""

    @classmethod
    def setUpClass(cls):
        cls.to_kafka, cls.to_mongodb = CuttingProxy(), CuttingProxy()
        cls.addClassCleanup(cls.to_kafka.close)
        cls.addClassCleanup(cls.to_mongodb.close)
        cls.kafka = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{cls.to_kafka.port}"}
        # Clients that ask the broker itself are sent to the proxy.
        super().setUpClass()
        cls.to_kafka.upstream = port_of(cls.services.address["KAFKA_BOOTSTRAP_SERVERS"])
        cls.to_mongodb.upstream = port_of(cls.services.address["MONGODB_URI"])

    def test_cut_after_a_request_was_passed_on_they_cost_nothing(self):
        self.mongodb = self.mongodb.replace(f":{self.to_mongodb.upstream}", f":{self.to_mongodb.port}")
        generator = self.generate(seconds=load.kills * 2)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        while generator.poll() is None:
            self.pause(0.1, 1.5)
            name, proxy = self.random.choice([("kafka", self.to_kafka), ("mongodb", self.to_mongodb)])
            load.tally.faults[f"{name}: connection cut"] += 1
            proxy.cut() if self.random.random() < 0.8 else proxy.reset()
        self.let_finish(generator)
        self.to_kafka.cut_next.clear()
        self.to_mongodb.cut_next.clear()
        self.finish([engine])


def port_of(address):
    return int(re.search(r":(\d+)(/|$)", address)[1])
