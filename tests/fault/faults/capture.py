"""Change capture that is killed: Debezium sends rows again, and each must count once.

Rows are inserted into PostgreSQL by concurrent transactions, Kafka Connect is killed and PostgreSQL restarted meanwhile.
Debezium then reads the log again from where it last noted to be: new records of rows that were sent before.
"""

import os
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

from faults.stack_case import StackTest
from faults.world import load
from harness.engine import PATIENCE

CLIENTS = 4
TRANSACTIONS = 1500  # about so many at most, as each is a psql of its own
SPARE = 5  # kills more, if none has hit between the sending of a row and its noting


class Capture(StackTest):
    partitions = 6  # as configs/debezium says
    servers = ("debezium", "mongodb")
    released = 0.0  # which share of its rows each client may insert

    def setUp(self):
        super().setUp()
        self.topic = "postgres.activity.event_outbox"
        address = self.services.address
        self.psql = ["psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", address["POSTGRES_HOST"], "-p", address["POSTGRES_PORT"],
                     "-U", address["POSTGRES_USER"], address["POSTGRES_DB"]]
        self.environment = {**os.environ, "PGPASSWORD": address["POSTGRES_PASSWORD"], "PGCONNECT_TIMEOUT": "5"}

    def test_rows_that_are_sent_again_are_applied_once(self):
        events = load.events
        self.kit.generate(self.outbox, events, seed=load.seed)
        engine = self.engine()
        with ThreadPoolExecutor(CLIENTS) as clients:
            inserting = [clients.submit(self.insert, rows) for rows in self.rows_of_clients()]
            try:
                number = 0
                while number < load.kills or (repeated(engine) == 0 and number < load.kills + SPARE):
                    self.kill_while_rows_come(engine, number)
                    number += 1
            finally:
                self.released = 1.0
            for client in inserting:
                client.result()
        engine.wait_for(lambda: counted(engine) >= events, f"{events} rows applied or in letters", 4 * load.patience())
        self.assertGreater(repeated(engine), 0, "nothing was sent again")
        self.finish([engine])

    def kill_while_rows_come(self, engine, number):
        """As soon as new rows have arrived: Connect has hardly noted yet that it sent them."""
        before = counted(engine)
        self.released = (number + 1) / (load.kills + SPARE + 1)
        engine.wait_for(lambda: counted(engine) > before, "rows after the capture's start", 4 * PATIENCE)
        if number == load.kills // 2:
            self.tell("restart", "postgres")
        self.tell("kill", "debezium")
        if number == load.kills - 1:
            self.tell("kill", "postgres")
            self.services.tell("start postgres")
        self.services.tell("start debezium")  # and so a task that failed while its database was away

    def rows_of_clients(self):
        """The rows of the outbox in shares; an aggregate's are one client's, as their order matters."""
        with sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True) as outbox:
            rows = outbox.execute("SELECT event_id, aggregate_type, aggregate_id, event_type, payload, created_at"
                                  " FROM event_outbox ORDER BY id").fetchall()
        shares = [[] for _ in range(CLIENTS)]
        for row in rows:
            shares[crc32(row[2].encode()) % CLIENTS].append(row)
        return shares

    def insert(self, rows):
        """In transactions that overlap those of others, as far as released."""
        chance = self.random
        most_rows = max(5, 2 * load.events // TRANSACTIONS)  # of a transaction
        inserted = 0
        while inserted < len(rows):
            if inserted >= self.released * len(rows):
                time.sleep(0.01)
                continue
            some = rows[inserted:inserted + chance.randint(1, most_rows)]
            statements = [f"INSERT INTO activity.event_outbox VALUES ({', '.join(map(quoted, row))}) ON CONFLICT DO NOTHING;"
                          f" SELECT pg_sleep({chance.uniform(0, 0.1 / most_rows):.4f});" for row in some]
            self.commit("BEGIN; " + " ".join(statements) + " COMMIT;")
            inserted += len(some)

    def commit(self, transaction):
        """Until it is known to be: PostgreSQL may be away, or its answer lost."""
        deadline = time.monotonic() + PATIENCE
        while True:
            done = subprocess.run(self.psql, input=transaction, env=self.environment, text=True, capture_output=True,
                                  check=False)
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                self.fail(f"PostgreSQL refuses a transaction: {done.stderr}")
            time.sleep(0.1)


def quoted(text):
    return f"$row${text}$row$"


def counted(engine):
    events = engine.status().get("events", {})
    return events.get("applied", 0) + events.get("dead_letters", 0)


def repeated(engine):
    return engine.status().get("events", {}).get("repeated", 0)
