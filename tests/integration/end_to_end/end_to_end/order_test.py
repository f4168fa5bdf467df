"""Partitions have no order among them: what waits, what does not, and what is said: `tools/services/up kafka mongodb`."""

from end_to_end.broker import Sent
from end_to_end.events import World, aggregate_key, envelope, event_key
from end_to_end.world import SHORT_SESSION, EndToEnd


class Order(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic, 6)

    def append_to(self, partition, events, key=aggregate_key):
        self.broker.append(self.topic, [Sent(envelope(event), key(event), partition) for event in events])

    def test_a_participant_waits_for_an_activity_of_another_partition_and_holds_nothing_up(self):
        user, activity = self.world.user(), self.world.activity()
        join, others = self.world.join(activity.aggregate_id, user.aggregate_id), [self.world.user() for _ in range(200)]
        self.append_to(1, [join, *others])
        engine = self.engine().start()
        self.wait_for_documents(engine, 200)  # behind it in its own partition
        self.assertEqual(self.database.activities.count_documents({}), 0)
        self.assertEqual(self.broker.committed(self.group, self.topic).get(1, 0), 0, "the position waits with the event")
        self.append_to(4, [user, activity])
        engine.wait_for(lambda: self.database.activities.count_documents({"participants.current_count": 1}) == 1,
                        "the participant", pause=0.02)
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents([join, *others, user, activity])
        self.assertEqual(self.broker.records(self.letters), [])

    def test_the_committed_position_waits_with_the_event(self):
        user, activity = self.world.user(), self.world.activity()
        join = self.world.join(activity.aggregate_id, user.aggregate_id)
        self.append_to(2, [user, join])
        engine = self.engine(self.config(group=SHORT_SESSION)).start()
        engine.wait_for(lambda: self.broker.committed(self.group, self.topic).get(2) == 1, "the position", pause=0.05)
        engine.kill()  # the event is taken up again by the next start
        self.append_to(3, [activity])
        self.run_to_the_end()
        self.expect_documents([user, activity, join])

    def test_records_that_are_keyed_by_their_event_are_noticed_once(self):
        events = self.world.events(300)
        for number in range(6):
            self.append_to(number, events[number::6], key=event_key)
        log = self.run_to_the_end()
        self.expect_documents(events, ordered=False)
        self.assertEqual(log.count("not keyed by their aggregate"), 1)
        self.assertIn("message.key.columns (configs/debezium/outbox.json)", log)
        self.assertIn("event_id", log)
