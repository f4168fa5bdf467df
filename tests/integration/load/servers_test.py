"""Loads into PostgreSQL and Kafka, as independent clients see them: `tools/services/up kafka postgres`."""

import json
import os
import subprocess
import unittest
import uuid
from collections import Counter

from load import BUILD, CODES_IN_JSONB, CODES_IN_TEXT, FAILED, Load, wait_until

from end_to_end.broker import Broker, headers_of
from harness.kit import ALL_HANDLERS, write_config

BROKERS = os.environ["KAFKA_BOOTSTRAP_SERVERS"]


def sql(statement):
    """What psql answers, a list of fields a row."""
    done = subprocess.run(["psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", os.environ["POSTGRES_HOST"],
                           "-p", os.environ["POSTGRES_PORT"], "-U", os.environ["POSTGRES_USER"], os.environ["POSTGRES_DB"]],
                          input=statement, env={**os.environ, "PGPASSWORD": os.environ["POSTGRES_PASSWORD"]}, check=True,
                          capture_output=True, text=True)
    return [line.split("|") for line in done.stdout.splitlines()]


class Postgres(Load):
    def setUp(self):
        super().setUp()
        sql("DROP SCHEMA IF EXISTS activity CASCADE")
        self.to_postgres = ("--postgres", "environment", "--create-table")

    def rows(self):
        return {name: int(count) for name, count in
                sql("SELECT event_type, count(*) FROM activity.event_outbox GROUP BY 1")}

    def test_a_load_makes_its_table_and_fills_it(self):
        report = self.generate(*self.to_postgres, "--events", 5000)
        self.assertEqual(self.rows(), report["types"])
        self.assertEqual(sql("SELECT count(DISTINCT aggregate_id) FROM activity.event_outbox "
                             "WHERE payload->>'user_id' = aggregate_id"), [[str(report["types"]["UserCreated"])]])
        self.assertEqual(sql("SELECT max(created_at) <= now() FROM activity.event_outbox"), [["t"]])
        self.generate(*self.to_postgres, "--events", 1000)
        self.assertEqual(sum(self.rows().values()), 6000)

    def test_the_same_rows_as_everywhere(self):
        report = self.generate(*self.to_postgres, "--out", self.folder / "outbox.db", "--events", 1000, "--poison", "3%")
        self.assertEqual(set(report["poison"]), set(CODES_IN_JSONB))
        ids = subprocess.run(["sqlite3", self.folder / "outbox.db", "SELECT event_id FROM event_outbox ORDER BY 1"],
                             check=True, capture_output=True, text=True).stdout.split()
        self.assertEqual([row for [row] in sql('SELECT event_id FROM activity.event_outbox ORDER BY event_id::text COLLATE "C"')],
                         ids)

    def test_an_interrupted_load_says_what_is_there(self):
        process = self.started("generate", *self.to_postgres, "--rate", 2000, "--events", 1_000_000, "--json")
        some = "SELECT count(*) FROM activity.event_outbox"
        there = "SELECT to_regclass('activity.event_outbox') IS NOT NULL"
        wait_until(lambda: sql(there) == [["t"]] and int(sql(some)[0][0]) > 500, "some rows", pause=0.05)
        report = self.interrupt(process)
        self.assertEqual(self.rows(), report["types"])


class Kafka(Load):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker(BROKERS)

    def setUp(self):
        super().setUp()
        name = f"load-{uuid.uuid4().hex[:8]}"
        self.topic, self.letters = f"{name}.events", f"{name}.dead"
        self.to_kafka = ("--kafka", BROKERS, "--topic", self.topic)
        self.broker.create(self.topic, 3)

    def pipeline(self):
        return (f'    source: {{ kafka: {{ brokers: "{BROKERS}", topics: ["{self.topic}"], group: "{self.topic}" }} }}\n'
                "    decode: { debezium_outbox: {} }")

    def envelopes(self, schemas=False):
        """Of every record, in the order of its partition; the keys are held against them."""
        for record in self.broker.records(self.topic):
            key, envelope = json.loads(record["key"]), json.loads(record["payload"])
            if schemas:
                self.assertEqual((envelope["schema"]["name"], key["schema"]["name"]),
                                 ("postgres.activity.event_outbox.Envelope", "postgres.activity.event_outbox.Key"))
                key, envelope = key["payload"], envelope["payload"]
            self.assertEqual(key, {"aggregate_id": envelope["after"]["aggregate_id"]})
            yield record, envelope

    def check_records(self, report, schemas=False):
        types, places = Counter(), {}
        for record, envelope in self.envelopes(schemas):
            source, row = envelope["source"], envelope["after"]
            types[row["event_type"]] += 1
            self.assertLess(source["ts_ms"], envelope["ts_ms"])
            self.assertLessEqual(abs(record["ts"] - envelope["ts_ms"]), 60_000)
            place = int(json.loads(source["sequence"])[1])
            self.assertEqual(place, source["lsn"])
            self.assertGreater(place, places.get(record["partition"], 0), "as a log's places ascend")
            places[record["partition"]] = place
        self.assertEqual(types, report["types"])
        self.assertEqual(len(places), 3)

    def tried(self):
        """What `sluice try` says of the records."""
        config = write_config(self.folder / "try.yaml", f"""{self.pipeline()}
    store: {{ sqlite: {{ path: "{self.documents}" }} }}
    dead_letters: {{ kafka: {{ topic: "{self.letters}" }} }}
{ALL_HANDLERS}""")
        lines = "\n".join(json.dumps(record) for record in self.broker.records(self.topic)[:50])
        done = subprocess.run([BUILD / "bin" / "sluice", "try", "-c", config], input=lines, text=True, capture_output=True,
                              env={**os.environ, "SLUICE_PLUGIN_PATH": str(BUILD / "plugins")}, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_records_are_those_of_debezium(self):
        self.check_records(self.generate(*self.to_kafka, "--events", 2000))
        self.tried()

    def test_records_are_those_of_debezium_with_schemas(self):
        self.check_records(self.generate(*self.to_kafka, "--events", 2000, "--schemas", "--batch-bytes", 16384), schemas=True)
        self.tried()

    def test_the_places_of_a_log_go_on_with_the_next_load(self):
        at = ("--at", "2026-11-21T08:00:00Z", "--events", 500)
        self.generate(*self.to_kafka, *at)
        before = max(envelope["source"]["lsn"] for _, envelope in self.envelopes())
        self.generate(*self.to_kafka, *at, "--seed", 2)
        places = sorted(envelope["source"]["lsn"] for _, envelope in self.envelopes())
        self.assertEqual(len(set(places)), 1000)
        self.assertEqual(places[499], before)

    def test_poison_and_rows_that_are_sent_twice(self):
        report = self.generate(*self.to_kafka, "--events", 3000, "--poison", "3%", "--duplicate", "5%", "--hot-keys", 1)
        self.assertGreater(report["duplicates"], 75)
        total = 3000 + report["duplicates"]
        self.assertEqual(sum(self.broker.ends(self.topic).values()), total)

        status = self.run_until_settled(self.pipeline(), total, f'kafka: {{ topic: "{self.letters}", create: {{ partitions: 1, replication: 1 }} }}')
        self.assertEqual(status["events"]["repeated"], report["duplicates"])
        letters = self.broker.records(self.letters)
        self.expect_codes(report, CODES_IN_TEXT, Counter(headers_of(letter)["sluice.code"] for letter in letters))
        self.verify(f"kafka://{BROKERS}/{self.letters}")

    def test_an_interrupted_load_says_what_is_there(self):
        process = self.started("generate", *self.to_kafka, "--rate", 2000, "--events", 1_000_000, "--json")
        wait_until(lambda: sum(self.broker.ends(self.topic).values()) > 500, "some records", pause=0.05)
        report = self.interrupt(process)
        self.assertEqual(sum(self.broker.ends(self.topic).values()), report["events"])

    def test_a_topic_that_nobody_makes_is_named(self):
        process = self.started("generate", "--kafka", BROKERS, "--topic", "nobody-made-this")
        self.assertIn("Kafka has no topic nobody-made-this", self.ended(process, FAILED))


if __name__ == "__main__":
    unittest.main(verbosity=2)
