"""What is measured with a real Kafka: the engine, and beside it loops written by hand with the same libraries."""

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Case, figures, percentile
from harness.engine import Engine, Failed, Usage, wait_until
from harness.kit import ALL_HANDLERS, write_config
from harness.services import Services

FIXTURES = Path(__file__).resolve().parent.parent.parent / "tests" / "fixtures"

PIPELINE = """
    source: {{ kafka: {{ brokers: "{brokers}", topics: ["{topic}"], group: "{group}" }} }}
    decode: {{ debezium_outbox: {{}} }}
    plugins: {{ {plugin}: "*" }}
    routes:
      - {{ on: UserCreated,     to: [{users}] }}
      - {{ on: ActivityCreated, to: [{activities}] }}
    store: {store}
"""


def schema_of(fixture):
    with open(FIXTURES / fixture, encoding="utf-8") as records:
        return json.dumps(json.loads(json.loads(next(records))["payload"])["schema"], separators=(",", ":"))


def wrap(plain, wrapped):
    """Envelopes as Connect sends them with schemas.enable=true."""
    before = '{"schema":' + schema_of("cdc_schema.ndjson") + ',"payload":'
    with open(plain, encoding="utf-8") as lines, open(wrapped, "w", encoding="utf-8") as out:
        for line in lines:
            out.write(before + line.rstrip("\n") + "}\n")


def load(brokers, topic, file, settings):
    """Every line a record; `settings` decide how large the batches are, which the consumer pays for."""
    options = [part for setting in settings for part in ("-X", setting)]
    subprocess.run(["kcat", "-P", "-b", brokers, "-t", topic, "-p", "0", "-l", str(file), *options], check=True,
                   stdin=subprocess.DEVNULL)


# As Connect's producer batches records, and as a preload does.
CONNECT_BATCHES = ("batch.size=16384", "linger.ms=5", "queue.buffering.max.messages=2000000")
PRELOAD_BATCHES = ("batch.size=1000000", "linger.ms=100", "queue.buffering.max.messages=2000000")


class KafkaCase(Case):
    """A topic of envelopes, loaded once for all runs."""

    events = 1_000_000
    schemas = False
    batches = CONNECT_BATCHES
    loop = "raw_consume"
    mongodb = None  # stub, server, or none
    plugins = "plugins"  # their folder in the build
    users, activities = "activity.user_created", "activity.activity_created"

    services = None

    def prepare(self, kit, folder, events):
        self.services = Services("kafka", options=("--fast", "--kafka-set", "auto.create.topics.enable=true",
                                                   "--kafka-set", "num.partitions=1"))
        self.services.__enter__()
        self.brokers = self.services.address["KAFKA_BOOTSTRAP_SERVERS"]
        kit.generate(folder / "plain.ndjson", events, form="debezium", mix="60/40/0")
        records = folder / "plain.ndjson"
        if self.schemas:
            wrap(records, folder / "wrapped.ndjson")
            records = folder / "wrapped.ndjson"
        load(self.brokers, "events", records, self.batches)
        self.runs = 0

    def close(self):
        if self.services is not None:
            self.services.__exit__()

    def run(self, build, folder, events):
        self.runs += 1
        with self.store_server(build, folder) as uri, self.engine(build, folder, uri) as engine:
            engine.start()
            engine.wait_for(lambda: engine.sample() or engine.settled() >= events, "all events settled", 600, 0.02)
            wall = time.monotonic() - engine.started
            usage = engine.drain()
        if usage.status != 0:
            raise Failed(f"the engine ended with {usage.status}\n{engine.last_words()}")
        usage.wall_s = wall
        return figures(events, usage)

    def run_loop(self, build, folder, events):
        with self.store_server(build, folder) as uri:
            arguments = [self.brokers, "events", str(events), *([uri] if uri else [])]
            return figures(events, run_loop(build, arguments, folder))

    @contextmanager
    def store_server(self, build, folder):
        """The address of what is written to, if anything is; a new server for each run."""
        if self.mongodb == "stub":
            with Stub(build, folder) as stub:
                yield stub.uri
        elif self.mongodb == "server":
            with Services("mongodb", options=("--fast",)) as server:
                yield server.address["MONGODB_URI"]
        else:
            yield None

    def engine(self, build, folder, uri):
        config = write_config(folder / "pipeline.yaml", PIPELINE.format(
            brokers=self.brokers, topic="events", group=f"bench-{self.runs}", store=self.store.format(uri=uri, folder=folder),
            plugin=self.users.partition(".")[0], users=self.users, activities=self.activities))
        return Engine(build, config, folder, variables={"SLUICE_PLUGIN_PATH": str(Path(build) / self.plugins)})


class Stub:
    """A server of MongoDB's protocol that keeps nothing."""

    def __init__(self, build, folder):
        self.binary = Path(build) / "loops" / "stub_mongodb"
        self.port_file = folder / "stub.port"

    def __enter__(self):
        self.port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen([self.binary, self.port_file])
        wait_until(lambda: self.port_file.exists() and self.port_file.read_text(), "the stub's port")
        self.uri = f"mongodb://127.0.0.1:{self.port_file.read_text()}/?directConnection=true"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def run_loop(build, arguments, folder):
    began = time.monotonic()
    with open(folder / "loop.log", "ab") as log:
        process = subprocess.Popen([Path(build) / "loops" / "raw_loop", *arguments], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    peak = 0
    while True:
        pid, status, resources = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, peak_of(process.pid))
        time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"the loop ended with {process.returncode}: {(folder / 'loop.log').read_text()}")
    return Usage(0, time.monotonic() - began, resources.ru_utime + resources.ru_stime, peak / 1024)


def peak_of(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


class KafkaDiscard(KafkaCase):
    store = "{{ discard: {{}} }}"


class Keep:
    """With a handler that does what the loop does: it keeps the payload as it is."""

    plugins = "loops"
    users = activities = "keep.document"


class KafkaDiscardKeep(Keep, KafkaDiscard):
    pass


class KafkaDiscardSchemas(KafkaDiscard):
    loop = "raw_consume_schemas"
    events = 300_000
    schemas = True


class KafkaDiscardSchemasKeep(Keep, KafkaDiscardSchemas):
    pass


class KafkaDiscardPreload(KafkaDiscard):
    loop = "raw_consume_preload"
    batches = PRELOAD_BATCHES


class KafkaMongodb(KafkaCase):
    loop = "raw_upsert"
    mongodb = "stub"
    store = '{{ mongodb: {{ uri: "{uri}", database: bench }} }}'


class KafkaMongodbKeep(Keep, KafkaMongodb):
    pass


class KafkaMongodbServer(KafkaMongodb):
    """With a real server, a new one for each run, which shares the machine."""

    loop = "raw_upsert_server"
    events = 300_000
    mongodb = "server"


class KafkaStartToFirstWrite(KafkaMongodb):
    """From the start of the process, in a new group, to the first write that a real server has acknowledged."""

    loop = None
    events = 1
    mongodb = "server"
    store = KafkaMongodb.store + '\n    metrics_file: "{folder}/metrics.ndjson"'
    samples = 5

    def run(self, build, folder, events):
        taken, usages = zip(*(self.once(build, folder) for _ in range(self.samples)))
        usage = sorted(usages, key=lambda usage: usage.cpu_s)[self.samples // 2]
        usage.wall_s = percentile(taken, 0.5)
        return figures(1, usage, p50_ms=round(usage.wall_s * 1000, 2), p99_ms=round(max(taken) * 1000, 2))

    def once(self, build, folder):
        self.runs += 1
        metrics = folder / "metrics.ndjson"
        metrics.unlink(missing_ok=True)
        with self.store_server(build, folder) as uri, self.engine(build, folder, uri) as engine:
            began = time.time()
            engine.start()
            engine.wait_for(lambda: engine.settled() > 0, "the first event")
            usage = engine.drain()
        if usage.status != 0:
            raise Failed(f"the engine ended with {usage.status}\n{engine.last_words()}")
        first = json.loads(metrics.read_text(encoding="utf-8").splitlines()[0])
        return first["t5_end"] - began, usage


class KafkaCatchUp(KafkaMongodb):
    """The store stands still for seconds while a million records wait; measured is the time from when it goes on."""

    stands_still_s = 5

    def run(self, build, folder, events):
        self.runs += 1
        with Stub(build, folder) as stub:
            with self.engine(build, folder, stub.uri) as engine:
                engine.start()
                engine.wait_for(lambda: engine.settled() > 0, "first events")
                stub.process.send_signal(signal.SIGSTOP)
                engine.wait_for(lambda: engine.status()["reading_paused"], "reading paused", 60)
                time.sleep(self.stands_still_s)  # what a pause costs in memory shows in the peak
                left = events - engine.settled()
                before, began = engine.cpu_s(), time.monotonic()
                stub.process.send_signal(signal.SIGCONT)
                engine.wait_for(lambda: engine.sample() or engine.settled() >= events, "all events settled", 600, 0.02)
                wall, cpu = time.monotonic() - began, engine.cpu_s() - before
                usage = engine.drain()
        if usage.status != 0:
            raise Failed(f"the engine ended with {usage.status}\n{engine.last_words()}")
        usage.wall_s, usage.cpu_s = wall, cpu
        return figures(left, usage)


LATENCY = """
    source: {{ kafka: {{ brokers: "{brokers}", topics: ["{topic}"] }} }}
    decode: {{ debezium_outbox: {{}} }}
    store: {{ mongodb: {{ uri: "{uri}", database: "{topic}" }} }}
    dead_letters: {{ file: {{ path: "{folder}/dead.ndjson" }} }}
    metrics_file: "{folder}/metrics.ndjson"
{handlers}"""


class Latency1000(Case):
    """From the append of a record to the acknowledged write of its documents, at 1,000 events/s, all handlers."""

    events = 20_000

    def prepare(self, kit, folder, events):
        self.kit = kit
        self.services = Services("kafka", "mongodb", options=("--fast", "--kafka-set", "auto.create.topics.enable=true",
                                                              "--kafka-set", "num.partitions=1",
                                                              # Else T2 is the clock of the producer, which lingers.
                                                              "--kafka-set", "log.message.timestamp.type=LogAppendTime"))
        self.services.__enter__()
        self.runs = 0

    def close(self):
        self.services.__exit__()

    def run(self, build, folder, events):
        self.runs += 1
        topic = f"latency-{self.runs}"
        brokers = self.services.address["KAFKA_BOOTSTRAP_SERVERS"]
        for left in [*folder.glob("outbox.db*"), *folder.glob("metrics.ndjson")]:
            left.unlink()
        config = write_config(folder / "pipeline.yaml", LATENCY.format(
            brokers=brokers, topic=topic, uri=self.services.address["MONGODB_URI"], folder=folder,
            handlers=ALL_HANDLERS.strip("\n")))
        self.kit.generate(folder / "outbox.db", 1, kafka=brokers, topic=topic)  # makes the topic
        with Engine(build, config, folder) as engine:
            engine.start()
            engine.wait_for(lambda: engine.settled() >= 1, "the first event")
            before, began = engine.cpu_s(), time.monotonic()
            self.kit.generate(folder / "outbox.db", events, kafka=brokers, topic=topic, rate=1000, batch=10)
            engine.wait_for(lambda: engine.settled() >= events + 1, "all events settled")
            cpu, wall = engine.cpu_s() - before, time.monotonic() - began
            usage = engine.drain()
        usage.cpu_s, usage.wall_s = cpu, wall
        latencies = []
        with open(folder / "metrics.ndjson", encoding="utf-8") as lines:
            for line in lines:
                event = json.loads(line)
                latencies.append((event["t5_end"] - event["t2_appended"]) * 1000)
        return figures(events, usage, p50_ms=round(percentile(latencies, 0.5), 2),
                       p99_ms=round(percentile(latencies, 0.99), 2))


KEYS = """
    source: {{ file: {{ path: "{folder}/events.ndjson" }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", aggregate_id: "field:key" }} }}
    plugins: {{ patient: "*" }}
    handlers:
      service: {{ use: patient.sink, writers: 64, batch: {{ events: 1 }} }}
    routes:
      - {{ on: Asked, to: [service] }}
      - {{ otherwise: dead_letter }}
    dead_letters: {{ file: {{ path: "{folder}/dead.ndjson" }} }}
"""


class KeyParallelism(Case):
    """One partition, 1,000 keys, 64 writers of a sink that takes 5 ms for an event: at best 12,800 events/s."""

    events = 64_000
    keys = 1000

    def prepare(self, kit, folder, events):
        with open(folder / "events.ndjson", "w", encoding="utf-8") as lines:
            for number in range(events):
                lines.write(json.dumps({"id": str(number), "type": "Asked", "key": f"k{number % self.keys}"}) + "\n")
        write_config(folder / "pipeline.yaml", KEYS.format(folder=folder))

    def run(self, build, folder, events):
        variables = {"SLUICE_PLUGIN_PATH": str(Path(build) / "loops")}
        with Engine(build, folder / "pipeline.yaml", folder, variables=variables) as engine:
            usage = engine.start().reap()  # ends with the file
            if usage.status != 0 or engine.settled() != events:
                raise Failed(f"it ended with {usage.status}\n{engine.last_words()}")
            for left in folder.glob("*.db*"):
                left.unlink()
            return figures(events, usage)


CASES = {
    "kafka_discard": KafkaDiscard,
    "kafka_discard_keep": KafkaDiscardKeep,
    "kafka_discard_preload": KafkaDiscardPreload,
    "kafka_discard_schemas": KafkaDiscardSchemas,
    "kafka_discard_schemas_keep": KafkaDiscardSchemasKeep,
    "kafka_catch_up": KafkaCatchUp,
    "kafka_mongodb": KafkaMongodb,
    "kafka_mongodb_keep": KafkaMongodbKeep,
    "kafka_mongodb_server": KafkaMongodbServer,
    "kafka_start_to_first_write": KafkaStartToFirstWrite,
    "latency_1000": Latency1000,
    "key_parallelism": KeyParallelism,
}
