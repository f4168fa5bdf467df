"""Dead letters of the real stack: what must become one does, nothing else, and none is lost where they cannot be written."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from faults.stack_case import StackTest
from faults.tally import Tally
from faults.world import load
from harness.engine import wait_until

PYTHON = Path(__file__).resolve().parents[3] / "tools" / "services" / "python"

ADMINISTER = """
import sys
from confluent_kafka import admin
brokers, what, topic, name, value = sys.argv[1:]
client = admin.AdminClient({"bootstrap.servers": brokers})
if what == "create":
    client.create_topics([admin.NewTopic(topic, 4, 1, config={name: value})])[topic].result()
elif what == "delete":
    client.delete_topics([topic])[topic].result()
else:
    entry = admin.ConfigEntry(name, value, incremental_operation=admin.AlterConfigOpType.SET)
    resource = admin.ConfigResource(admin.ResourceType.TOPIC, topic, incremental_configs=[entry])
    client.incremental_alter_configs([resource])[resource].result()
"""


VALIDATE = """
import json, sys, pymongo
uri, database, validator, *collections = sys.argv[1:]
database = pymongo.MongoClient(uri)[database]
for collection in collections:
    command = "collMod" if collection in database.list_collection_names() else "create"
    database.command(command, collection, validator=json.loads(validator))
"""


class Letters(StackTest):
    kafka = {"auto.create.topics.enable": "false"}

    def setUp(self):
        super().setUp()
        self.administer("create", self.topic, "retention.ms", "-1")

    def test_a_poisoned_load_ends_with_exactly_the_poison_in_the_dead_letters(self):
        generator = self.generate(2, poison=10)
        engine = self.engine()
        self.let_finish(generator)
        self.finish([engine])
        self.assertEqual(len(self.letters(engine)), load.events // 10)

    def test_documents_that_the_store_refuses_under_load_are_letters_and_their_batches_go_on(self):
        self.validate({"forbidden": {"$exists": False}}, "users")
        generator = self.generate(load.kills, "--forbidden", poison=30)
        engine = self.engine()
        for _ in range(load.kills):
            self.pause(0.3, 1)
            engine.kill()
            engine = self.engine(member=1)
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

    def test_a_replay_that_is_killed_again_and_again_applies_each_letter_once(self):
        generator = self.generate(load.kills * 4, poison=0)
        engine = self.engine("    limits: { events: 1000 }")  # else thousands in hand become letters
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        self.refuse_for_a_while(engine)
        killed = 0
        left = len(self.letters(engine))
        for _ in range(10 * load.kills):  # one may be killed before its first letter
            before = left
            is_cut = self.kill_a_replay(engine)
            left = len(self.letters(engine))
            killed += is_cut and 0 < left < before
            if killed == load.kills or left == 0:
                break
        self.assertGreater(killed, 0, "no replay was killed in the middle")
        load.tally.faults["replay killed in the middle"] += killed
        self.let_finish(generator)
        self.wait_until_through([engine])
        self.command(engine, "replay", "--all")
        self.assertEqual(self.letters(engine), [])
        self.settle([engine])

        tally, no_letters = Tally(), self.folder / "none"
        self.assertIsNone(self.complaint(tally, no_letters), f"seed {load.seed}")
        self.assertEqual((tally.lost, tally.doubled), (0, 0))
        load.tally.events += tally.events

    def refuse_for_a_while(self, engine):
        """What adds up, so that it shows how often it was applied."""
        self.validate({"never": {"$exists": True}}, "statistics", "seen")
        engine.wait_for(lambda: engine.status()["events"]["dead_letters"] >= 60 * load.kills, "dead letters")
        self.validate({}, "statistics", "seen")

    def kill_a_replay(self, engine):
        """Whether it was still at work."""
        replay = subprocess.Popen([engine.binary, "dead-letters", "replay", "--all", "-c", engine.config],
                                  env=engine.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pause(0.3, 2.5)
        replay.kill()
        return replay.wait() == -signal.SIGKILL

    def letters(self, engine):
        """Those that stand, as the command line lists them."""
        return json.loads(self.command(engine, "list", "--json"))

    @staticmethod
    def command(engine, *words):
        """Its output. It is repeated until it succeeds: a busy store may not answer within so short a timeout."""

        def ends_well():
            done = subprocess.run([engine.binary, "dead-letters", *words, "-c", engine.config], env=engine.environment,
                                  check=False, capture_output=True, text=True)
            return done if done.returncode == 0 else print(done.stdout, done.stderr, file=sys.stderr)

        return wait_until(ends_well, f"dead-letters {' '.join(words)}").stdout

    def validate(self, validator, *collections):
        """What documents of the collections must be from now on; a collection is made if it is not there."""
        subprocess.run([PYTHON, "-c", VALIDATE, self.mongodb, self.name, json.dumps(validator), *collections], check=True)

    def test_a_topic_of_letters_that_is_deleted_under_load_is_made_anew(self):
        letters = f"{self.name}.dead"
        generator = self.generate(6, poison=3)
        engine = self.engine()
        engine.wait_for(lambda: engine.status().get("events", {}).get("dead_letters", 0) > 0, "a letter")
        engine.send(signal.SIGSTOP)  # so that no letter comes between the reading and the deletion
        self.deleted_letters = self.letters_of_the_topic().read_bytes()
        self.administer("delete", letters, "", "")
        load.tally.faults["dead letters deleted"] += 1
        engine.send(signal.SIGCONT)
        engine.wait_for(lambda: f'the topic of dead letters \\"{letters}\\"' in engine.log(), "a complaint")
        self.let_finish(generator)
        self.finish([engine])

    def administer(self, what, topic, setting, value):
        subprocess.run([PYTHON, "-c", ADMINISTER, self.brokers, what, topic, setting, value], check=True)
