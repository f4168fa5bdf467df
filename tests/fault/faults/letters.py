"""Dead letters of the real stack: what must become one does, nothing else, and none is lost where they cannot be written."""

import json
import subprocess
from pathlib import Path

from faults.stack_case import StackTest
from faults.world import load

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


VALIDATE = """
import json, sys, pymongo
uri, database, collection, validator = sys.argv[1:]
database = pymongo.MongoClient(uri)[database]
command = "collMod" if collection in database.list_collection_names() else "create"
database.command(command, collection, validator=json.loads(validator))
"""


class Letters(StackTest):
    def test_a_poisoned_load_ends_with_exactly_the_poison_in_the_dead_letters(self):
        generator = self.generate(2, poison=10)
        engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])
        self.assertEqual(len(self.letters(engine)), load.events // 10)

    def test_documents_that_the_store_refuses_under_load_are_letters_and_their_batches_go_on(self):
        self.validate("users", {"forbidden": {"$exists": False}})
        generator = self.generate(load.kills, "--forbidden", poison=30)
        engine = self.engine()
        for _ in range(load.kills):
            self.pause(0.3, 1)
            engine.kill()
            engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])
        refused = [letter for letter in self.letters(engine) if letter["code"] == "store.refused"]
        load.tally.faults["document refused"] += len(refused)
        self.assertGreater(len(refused), 0)

    def test_dead_letters_that_the_broker_refuses_stop_the_pipeline_and_cost_nothing(self):
        letters = f"{self.name}.dead"
        self.administer("create", letters, "max.message.bytes", "100")  # no letter is so short
        generator = self.generate(3, poison=3)
        refused = self.engine()
        load.tally.faults["dead letters refused"] += 1
        self.assertEqual(refused.reap().status, 5, refused.last_words())
        self.assertIn("raise max.message.bytes", refused.last_words())
        self.administer("alter", letters, "max.message.bytes", "1048588")
        engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])

    def letters(self, engine):
        """Those that stand, as the command line lists them."""
        listed = subprocess.run([engine.binary, "dead-letters", "list", "-c", engine.config, "--json"],
                                env=engine.environment, check=True, capture_output=True, text=True)
        return json.loads(listed.stdout)

    def validate(self, collection, validator):
        """What the documents of a collection must be from now on; the collection is made if it is not there."""
        subprocess.run([PYTHON, "-c", VALIDATE, self.mongodb, self.name, collection, json.dumps(validator)], check=True)

    def administer(self, what, topic, setting, value):
        subprocess.run([PYTHON, "-c", ADMINISTER, self.brokers, what, topic, setting, value], check=True)
