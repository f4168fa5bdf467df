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


class Letters(StackTest):
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
