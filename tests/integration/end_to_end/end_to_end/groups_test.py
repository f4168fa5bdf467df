"""Several instances: over partitions by their group, within a partition by shares. `tools/services/up kafka mongodb`."""

from end_to_end.events import World
from end_to_end.world import SHORT_SESSION, EndToEnd

EVENTS = 400  # in a load


class Groups(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()

    def wait_for_partitions(self, count, *engines):
        for engine in engines:
            engine.wait_for(lambda engine=engine: len(engine.status().get("partitions", [])) == count, f"{count} partitions")

    def test_two_instances_share_six_partitions_and_one_leaves(self):
        self.broker.create(self.topic, 6)
        events = self.world.events(EVENTS)
        first, second = self.engine(name="first").start(), self.engine(name="second").start()
        self.wait_for_partitions(3, first, second)
        self.append(events, 6)
        first.wait_for(lambda: self.lag() < EVENTS / 2, "half of it", pause=0.02)
        more = self.world.events(EVENTS)
        self.append(more[:EVENTS // 2], 6)
        self.drain(second)
        self.wait_for_partitions(6, first)
        self.append(more[EVENTS // 2:], 6)
        self.wait_until_committed(first)
        self.drain(first)
        self.expect_documents(events + more, ordered=False)

    def test_an_instance_that_is_killed_is_replaced_by_the_others(self):
        self.broker.create(self.topic, 6)
        config = self.config(group=SHORT_SESSION)
        events = self.world.events(EVENTS)
        first, second = self.engine(config, "first").start(), self.engine(config, "second").start()
        self.wait_for_partitions(3, first, second)
        self.append(events, 6)
        second.wait_for(lambda: second.settled() > 0, "some of its events", pause=0.001)
        second.kill()
        self.wait_until_committed(first)
        self.drain(first)
        self.expect_documents(events, ordered=False)


class Shares(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic, 1)

    def run_layout(self, count, events, kill=False):
        """All shares of a layout, side by side, until they have read what is there."""
        self.append(events)
        end = self.broker.ends(self.topic)[0]
        engines = [self.engine(self.config(f"{index}-of-{count}", extra=f"share: {{ index: {index}, of: {count} }}"),
                               f"{index}-of-{count}").start() for index in range(count)]
        if kill:
            engines[0].wait_for(lambda: engines[0].settled() > 0, "some of its events", pause=0.001)
            engines[0].kill()
            engines[0].start()
        for index, engine in enumerate(engines):
            group = f"{self.group}.{index}-of-{count}"
            engine.wait_for(lambda group=group: self.broker.committed(group, self.topic).get(0) == end, group, pause=0.05)
        for engine in engines:
            self.drain(engine)

    def test_one_partition_by_three_then_two_then_five(self):
        events = self.world.events(300)
        self.run_layout(3, events[:100])
        self.expect_documents(events[:100], ordered=False)
        self.run_layout(2, events[100:200], kill=True)
        self.expect_documents(events[:200], ordered=False)
        self.run_layout(5, events[200:])
        self.expect_documents(events, ordered=False)
        self.assertEqual(self.broker.records(self.letters), [])

    def test_a_layout_that_stops_midway_is_followed_by_another(self):
        events = self.world.events(EVENTS)
        self.append(events)
        config = self.config("0-of-2", extra="share: { index: 0, of: 2 }")
        engine = self.engine(config, "0-of-2").start()
        engine.wait_for(lambda: engine.settled() > 0, "some of its events", pause=0.001)
        engine.kill()
        self.run_layout(3, [])
        self.expect_documents(events, ordered=False)
