#!/usr/bin/env python3
"""The demo between services that are somebody's own, with rows and documents in them that must stay as they are:
`tools/services/up --secure debezium mongodb -- tools/services/python tests/integration/demo/services_test.py`."""

import os
import re
import subprocess
import unittest

from pymongo import MongoClient
from scene import Scene

from confluent_kafka.admin import AdminClient

FOREIGN = "0c5c7fd0-a6a3-4450-a513-270e269e0d37"


def sql(statement):
    done = subprocess.run(
        ["psql", "-XqtA", "-h", os.environ["POSTGRES_HOST"], "-p", os.environ["POSTGRES_PORT"], "-U",
         os.environ["POSTGRES_USER"], "-d", os.environ["POSTGRES_DB"], "-c", statement], capture_output=True, text=True,
        check=True, env={**os.environ, "PGPASSWORD": os.environ["POSTGRES_PASSWORD"]})
    return done.stdout.strip()


class Services(Scene):
    @classmethod
    def setUpClass(cls):
        client = MongoClient(os.environ["MONGODB_URI"])
        cls.addClassCleanup(client.close)
        cls.database = client["activity_read"]
        cls.admin = AdminClient({"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]})
        for name in ("users", "activities"):
            cls.database[name].insert_one({"_id": FOREIGN, "user_id": FOREIGN, "username": "not of the demo"})
        cls.database["statistics"].insert_one({"_id": "global", "users": 4711})
        sql("INSERT INTO activity.event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload) VALUES "
            f"('{FOREIGN}', 'user', '{FOREIGN}', 'UserCreated', '{{\"user_id\": \"{FOREIGN}\"}}')")

    def picture(self):
        """Everything that is somebody's."""
        return (sql("SELECT * FROM activity.event_outbox"),
                {name: list(self.database[name].find()) for name in sorted(self.database.list_collection_names())},
                sorted(name for name in self.admin.list_topics(timeout=10).topics if not name.startswith("__")),
                sorted(one.group_id for one in self.admin.list_consumer_groups().result(10).valid))

    def test_only_what_the_demo_made_goes_and_no_secret_is_told(self):
        before = self.picture()
        self.demo("--stack", "setup")
        self.demo("--stack", "load", 100, "--poison", 3)
        self.demo("--stack", "load", 50)
        while_loaded = self.picture()
        self.demo("--stack", "verify")
        self.assertEqual(self.expect_a_good_report(100, 50)["place"], "services")
        self.assertEqual(while_loaded[1]["statistics"], before[1]["statistics"])
        self.expect_no_secret()
        self.demo("--stack", "cleanup")
        self.assertEqual(self.picture(), before)
        self.assertFalse(self.folder.exists())
        self.expect_no_secret()

    def test_a_dotenv_names_them_too_and_mistakes_are_said_without_secrets(self):
        names = [name for name in self.environment if re.match("POSTGRES_|KAFKA_BOOT|MONGODB_URI", name)]
        lines = [f"{name}={self.environment.pop(name)}" for name in names]
        (self.base / ".env").write_text("# mine\n" + "\n".join(lines) + "\nKAFKA_TOPIC=nowhere\n", encoding="utf-8")
        self.assertIn("no topic nowhere", self.demo("--stack", "setup", status=1))
        self.assertFalse(self.folder.exists())
        self.expect_no_secret()

    def expect_no_secret(self):
        password = re.search(r"//[^:]+:([^@]+)@", os.environ["MONGODB_URI"])[1]
        self.assertNotIn(password, self.said)
        for file in [*self.folder.rglob("*"), *self.reports.rglob("*")]:
            if file.is_file():
                self.assertNotIn(password, file.read_text(encoding="utf-8", errors="replace"), file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
