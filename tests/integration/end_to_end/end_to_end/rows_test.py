"""From rows of PostgreSQL's outbox to documents, by way of a real Debezium: `tools/services/up debezium mongodb`."""

import json

from end_to_end.broker import headers_of
from end_to_end.connector import Connector, insert, sql
from end_to_end.events import World
from end_to_end.world import CONFIGS, EndToEnd


class Rows(EndToEnd):
    def setUp(self):
        super().setUp()
        sql("TRUNCATE activity.event_outbox")
        self.world = World()

    def capture(self, **settings):
        """A connector of this test's own: what it captures first is a snapshot of the rows that are there."""
        connector = Connector(self.group.replace(".", "-"), **settings)
        self.addCleanup(connector.__exit__)
        self.topic = connector.topic
        return connector

    def wait_until_captured(self, engine, events):
        engine.wait_for(lambda: engine.status().get("events", {}).get("applied", 0) >= events, f"{events} events applied")

    def test_every_type_of_event_becomes_its_documents(self):
        snapshot, streamed = self.world.events(30), self.world.events(70)
        insert(snapshot)
        self.capture()
        insert(streamed)
        engine = self.engine().start()
        self.wait_until_captured(engine, 100)
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(snapshot + streamed, ordered=False)
        ops = {json.loads(record["payload"])["op"] for record in self.broker.records(self.topic)}
        self.assertEqual(ops, {"r", "c"})
        self.assertNotIn("not keyed by", engine.log())
        self.assertEqual(self.broker.records(self.letters), [])

    def test_updates_deletes_and_tombstones_pass_by(self):
        events = self.world.events(10)
        self.capture()
        insert(events)
        sql(f"UPDATE activity.event_outbox SET payload = '{{}}' WHERE event_id = '{events[0].id}';"
            "DELETE FROM activity.event_outbox;")
        last = self.world.events(1)
        insert(last)
        engine = self.engine().start()
        self.wait_until_captured(engine, 11)
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(events + last, ordered=False)
        values = [record["payload"] for record in self.broker.records(self.topic)]
        self.assertIn(None, values, "Debezium wrote no tombstone")
        self.assertEqual({json.loads(value)["op"] for value in values if value}, {"c", "u", "d"})
        self.assertIn(f"the outbox row '{events[0].id}' was updated", engine.log())

    def test_an_update_is_a_dead_letter_where_the_policy_says_so(self):
        events = self.world.events(3)
        self.capture()
        insert(events)
        sql(f"UPDATE activity.event_outbox SET payload = '{{}}' WHERE event_id = '{events[0].id}'")
        engine = self.engine(self.config(decode="decode: { debezium_outbox: { on_update: error } }")).start()
        engine.wait_for(lambda: self.letters in self.broker.topics() and self.broker.records(self.letters), "a letter")
        self.wait_until_committed(engine)
        self.drain(engine)
        letter = headers_of(self.broker.records(self.letters)[0])
        self.assertEqual(letter["sluice.code"], "decode.row_updated")
        self.expect_documents(events, ordered=False)

    def test_schemas_transactions_and_heartbeats_are_understood(self):
        """The wrapper that is Connect's default, around keys and values, and all the other records Debezium writes."""
        connector = self.capture(value__converter__schemas__enable="true", key__converter__schemas__enable="true",
                                 provide__transaction__metadata="true", heartbeat__interval__ms="50")
        topics = [connector.topic, f"{connector.name}.transaction", f"__debezium-heartbeat.{connector.name}"]
        events = self.world.events(40)
        insert(events)
        engine = self.engine(self.config(topics=f"topics: {json.dumps(topics)}"))
        engine.start()
        self.wait_until_captured(engine, 40)
        engine.wait_for(lambda: all(self.broker.committed(self.group, topic) for topic in topics), "a record of each topic")
        self.drain(engine)
        self.expect_documents(events, ordered=False)
        self.assertEqual(set(json.loads(self.broker.records(self.topic)[0]["payload"])), {"schema", "payload"})
        self.assertEqual(set(json.loads(self.broker.records(self.topic)[0]["key"])), {"schema", "payload"})
        self.assertEqual(self.broker.records(self.letters), [])
        self.assertNotIn("not keyed by", engine.log())

    def test_the_event_router_leads_to_the_same_documents(self):
        events = self.world.events(40)
        prefix = self.group.replace(".", "-")
        connector = self.capture(file="outbox-router.json",
                                 transforms__outbox__route__topic__replacement=f"{prefix}.${{routedByValue}}")
        insert(events)
        topics = {f"{prefix}.{kind}" for kind in ("user", "activity")}
        engine = self.engine(CONFIGS / "activity-router.yaml", KAFKA_TOPIC=f"^{connector.name}\\..*").start()
        self.wait_until_captured(engine, 40)
        for self.topic in topics:
            self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(events, ordered=False)
        record = self.broker.records(f"{prefix}.activity")[0]
        self.assertEqual(json.loads(headers_of(record)["eventType"]), "ActivityCreated")
        self.assertIn(record["key"], self.world.activities)
        self.assertNotIn("not keyed by", engine.log())
