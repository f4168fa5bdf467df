"""Brokers that are away when the engine starts: `tools/services/up kafka mongodb`."""

from end_to_end.door import Door
from end_to_end.events import World
from end_to_end.world import EndToEnd


class Start(EndToEnd):
    def test_brokers_that_are_away_are_waited_for(self):
        events = World().events(20)
        self.broker.create(self.topic)
        self.append(events)
        door = Door(self.broker.address)
        self.addCleanup(door.close)
        engine = self.engine(KAFKA_BOOTSTRAP_SERVERS=door.address).start()
        engine.wait_for(lambda: door.address in engine.status().get("reason", ""), "the reason in the status")
        engine.wait_for(lambda: "WARNING" in engine.log() and door.address in engine.log(), "a word in the log")
        door.open()
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(events)

    def test_a_topic_that_is_missing_is_said(self):
        log = self.fails()
        self.assertIn(f'there is no topic \\"{self.topic}\\"', log)
        self.assertIn("source.fatal", log)
