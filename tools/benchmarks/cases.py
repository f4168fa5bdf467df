"""The measured situations: each a function that makes one run and gives its figures."""

import random
import shutil
import sqlite3
import statistics
import tempfile
import time
import uuid
from pathlib import Path

from benchmarks import kafka_cases
from benchmarks.figures import Case, beside, figures, median_of, percentile
from harness.engine import Engine, Failed, wait_until
from harness.kit import Kit, embedded, write_config

DISCARD = """
    source: {{ file: {{ path: "{folder}/records.ndjson" }} }}
    decode: {{ debezium_outbox: {{}} }}
    plugins: {{ activity: ">=1.0 <2" }}
    routes:
      - {{ on: UserCreated,     to: [activity.user_created] }}
      - {{ on: ActivityCreated, to: [activity.activity_created] }}
    store: {{ discard: {{}} }}
"""


def expect_drained(usage, engine):
    if usage.status != 0:
        raise Failed(f"the engine ended with {usage.status}\n{engine.last_words()}")


class FileDiscard(Case):
    """Envelopes in a file, decoded and handled; the changes are thrown away."""

    events = 300_000

    def prepare(self, kit, folder, events):
        kit.generate(folder / "records.ndjson", events, form="debezium", mix="60/40/0")
        write_config(folder / "pipeline.yaml", DISCARD.format(folder=folder))

    def run(self, build, folder, events):
        with Engine(build, folder / "pipeline.yaml", folder) as engine:
            usage = engine.start().reap()  # ends with the file
            expect_drained(usage, engine)
            if engine.settled() != events:
                raise Failed(f"{engine.settled()} of {events} events settled")
            return figures(events, usage)


class SqliteSqlite(Case):
    """Rows of an outbox become documents, by all four handlers; from start to the last one settled."""

    events = 1_000_000

    def prepare(self, kit, folder, events):
        kit.generate(folder / "outbox.db", events)
        embedded(folder)

    def run(self, build, folder, events):
        for file in folder.glob("documents.db*"):
            file.unlink()
        with Engine(build, folder / "pipeline.yaml", folder) as engine:
            engine.start()
            engine.wait_for(lambda: engine.sample() or engine.settled() >= events, "all events settled", 600, 0.02)
            usage = engine.drain()
            expect_drained(usage, engine)
            return figures(events, usage)


class StartToFirstWrite(Case):
    """From the start of the process to the first document that another process sees."""

    events = 1

    def prepare(self, kit, folder, events):
        kit.generate(folder / "outbox.db", 1000)
        embedded(folder)

    def run(self, build, folder, events):
        samples = [self.once(build, folder) for _ in range(10)]
        usage = sorted((usage for _, usage in samples), key=lambda usage: usage.cpu_s)[5]
        usage.wall_s = statistics.median(taken for taken, _ in samples)
        taken_ms = [taken * 1000 for taken, _ in samples]
        return figures(1, usage, p50_ms=round(percentile(taken_ms, 0.5), 2), p99_ms=round(percentile(taken_ms, 0.99), 2))

    def once(self, build, folder):
        for file in folder.glob("documents.db*"):
            file.unlink()
        with Engine(build, folder / "pipeline.yaml", folder) as engine:
            engine.start()
            engine.wait_for(lambda: has_document(folder / "documents.db"), "a first document", 30, 0.001)
            taken = time.monotonic() - engine.started
            usage = engine.drain()
            expect_drained(usage, engine)
            return taken, usage


def has_document(path):
    if not path.exists():
        return False
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0) as documents:
            return documents.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None
    except sqlite3.OperationalError:
        return False  # not made yet


USER = """{"user_id": "%s", "email": "idle@example.org", "username": "idle_user_1", "first_name": "Idle",
"last_name": "User", "date_of_birth": "1990-01-01", "phone": "+1-555-0100", "address": {"street": "1 Main St",
"city": "Here", "state": "WA", "zipcode": "00001", "country": "US"}, "preferences": {"notifications_enabled": true,
"language": "en", "timezone": "UTC"}, "created_at": "2026-11-21T08:00:00Z"}"""


class IdleLatency(Case):
    """Single rows come into the outbox of an idle engine; from the commit of the row to that of its document."""

    events = 300

    def prepare(self, kit, folder, events):
        kit.generate(folder / "outbox.db", 100)
        embedded(folder)

    def run(self, build, folder, events):
        for file in folder.glob("documents.db*"):
            file.unlink()
        outbox = sqlite3.connect(folder / "outbox.db", isolation_level=None)
        outbox.execute("PRAGMA synchronous = NORMAL")
        rows = outbox.execute("SELECT count(*) FROM event_outbox").fetchone()[0]
        with Engine(build, folder / "pipeline.yaml", folder) as engine:
            engine.start()
            engine.wait_for(lambda: engine.settled() >= rows, "the rows before")
            documents = sqlite3.connect(f"file:{folder}/documents.db?mode=ro", uri=True, isolation_level=None)
            before_cpu, before = engine.cpu_s(), time.monotonic()
            latencies = [self.one_row(outbox, documents) for _ in range(events)]
            taken, cpu = time.monotonic() - before, engine.cpu_s() - before_cpu
            documents.close()
            usage = engine.drain()
            expect_drained(usage, engine)
            usage.wall_s, usage.cpu_s = taken, cpu
        outbox.close()
        return figures(events, usage, p50_ms=round(percentile(latencies, 0.5), 2),
                       p99_ms=round(percentile(latencies, 0.99), 2))

    @staticmethod
    def one_row(outbox, documents):
        time.sleep(random.uniform(0.020, 0.080))  # the load itself: rows come at random distances
        user = str(uuid.uuid4())
        outbox.execute(
            "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at)"
            " VALUES (?, 'user', ?, 'UserCreated', ?, '2026-11-21T08:00:00Z')", (str(uuid.uuid4()), user, USER % user))
        committed = time.perf_counter()
        find = lambda: documents.execute("SELECT 1 FROM users WHERE _id = ?", (user,)).fetchone()  # noqa: E731
        wait_until(find, "the row's document", 10, 0.0002)
        return (time.perf_counter() - committed) * 1000


CASES = {
    "file_discard": FileDiscard,
    "sqlite_sqlite": SqliteSqlite,
    "start_to_first_write": StartToFirstWrite,
    "idle_latency": IdleLatency,
    **kafka_cases.CASES,
}


def measure(name, build, runs, events=None):
    """The figures of a case, behind those of the loop beside it, if it has one: the machine may be another a minute later,
    so the two run in turn."""
    case = CASES[name]()
    events = events if events and case.events > 1 else case.events
    folder = Path(tempfile.mkdtemp(prefix="sluice-bench."))
    try:
        case.prepare(Kit(build), folder, events)
        loops, engines = [], []
        for _ in range(runs):
            if case.loop:
                loops.append(case.run_loop(build, folder, events))
            engines.append(case.run(build, folder, events))
        if not case.loop:
            return [{"name": name, **median_of(engines)}]
        return [{"name": case.loop, **median_of(loops)}, {"name": name, **median_of(engines), **beside(loops, engines)}]
    finally:
        case.close()
        shutil.rmtree(folder, ignore_errors=True)
