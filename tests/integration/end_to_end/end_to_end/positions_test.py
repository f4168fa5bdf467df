"""Where a pipeline goes on when the group, the topic, or somebody's hand has changed: `tools/services/up kafka mongodb`."""

import re
import shlex
import signal

from confluent_kafka import KafkaException

from end_to_end.events import World
from end_to_end.world import FAILED, USAGE, EndToEnd, wait_until


class Positions(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic)

    def read_by(self, config=None):
        """How many events an engine read until all was committed."""
        engine = self.engine(*([config] if config else [])).start()
        self.wait_until_committed(engine)
        self.drain(engine)
        return engine.settled()

    def recreate(self, partitions=1):
        self.broker.delete(self.topic)

        def made():
            try:
                self.broker.create(self.topic, partitions)
                return True
            except KafkaException:  # the old one is still being deleted
                return False

        wait_until(made, "the topic made anew", pause=0.05)

    def reset_as_advised(self, log, config):
        """With the command that the log names."""
        [command] = set(re.findall(r"sluice (positions reset .*?--yes)", log))
        self.sluice(*(config if word == "FILE" else word for word in shlex.split(command)))

    def start_anew(self, log):
        """As the log says, with a greater generation too."""
        self.assertIn("generation", log)
        config = self.config("anew", extra="generation: 1")
        self.reset_as_advised(log, config)
        return config

    def test_a_group_whose_offsets_are_gone_goes_on_from_the_stores_record(self):
        first, second = self.world.events(50), self.world.events(30)
        self.append(first)
        self.assertEqual(self.read_by(), 50)
        self.broker.delete_group(self.group)
        self.append(second)
        self.assertEqual(self.read_by(self.config(group="group: ${KAFKA_GROUP_ID}\n        start: error")), 30)
        self.expect_documents(first + second)

    def test_a_topic_made_anew_that_is_shorter_is_noticed(self):
        first, second = self.world.events(50), self.world.events(20)
        self.append(first)
        self.read_by()
        self.recreate()
        self.append(second)
        log = self.fails()
        self.assertIn("source.recreated", log)
        self.assertIn(f"{self.topic}", log)
        self.read_by(self.start_anew(log))
        self.expect_documents(first + second)

    def test_a_topic_made_anew_that_is_longer_is_noticed(self):
        first, second = self.world.events(20), self.world.events(50)
        self.append(first)
        self.read_by()
        self.recreate()
        self.append(second)
        log = self.fails()
        self.assertIn("another record stands at position 0", log)
        self.read_by(self.start_anew(log))
        self.expect_documents(first + second)

    def test_a_topic_made_anew_under_a_running_engine_is_noticed(self):
        first, second = self.world.events(20), self.world.events(50)
        self.append(first)
        engine = self.engine().start()
        self.wait_until_committed(engine)
        self.recreate()
        self.assertEqual(engine.reap(60).status, FAILED, engine.last_words())
        self.assertIn("source.recreated", engine.log())
        self.append(second)
        self.read_by(self.start_anew(engine.log()))
        self.expect_documents(first + second)

    def test_a_topic_made_anew_between_two_fetches_is_noticed(self):
        """Its positions go on without a gap: nothing but a record that was read before can tell."""
        first, second = self.world.events(20), self.world.events(200)
        self.append(first)
        engine = self.engine().start()
        self.wait_until_committed(engine)
        engine.send(signal.SIGSTOP)
        self.recreate()
        self.append(second[:30])
        engine.send(signal.SIGCONT)
        later = iter(second[30:])

        def noticed():
            self.append([next(later)])
            return "source.recreated" in engine.log()

        wait_until(noticed, "the other topic noticed", pause=0.5)
        self.assertEqual(engine.reap(60).status, FAILED, engine.last_words())
        self.assertIn("another record stands at position 0", engine.log())

    def test_positions_are_shown_and_reset(self):
        events = self.world.events(40)
        self.append(events)
        self.read_by()
        config = self.config()
        [shown] = self.json_of("positions", "show", "-c", config)
        self.assertEqual((shown["topic"], shown["partition"], shown["next"]), (self.topic, 0, 40))

        for where, read in (("beginning", 40), ("25", 15)):
            self.sluice("positions", "reset", "-c", config, "--to", where, "--yes")
            self.assertEqual(self.read_by(config), read, f"reset to {where}")
            self.expect_documents(events)  # read again, applied once

        skipped, last = self.world.events(10), self.world.events(1)
        self.append(skipped)
        self.sluice("positions", "reset", "-c", config, "--to", "end", "--yes")
        self.append(last)
        self.assertEqual(self.read_by(config), 1)
        self.expect_documents(events + last)

    def test_a_reset_is_what_the_group_has_committed_too(self):
        self.append(self.world.events(40))
        self.read_by()
        self.sluice("positions", "reset", "-c", self.config(), "--to", "10", "--yes")
        self.assertEqual(self.broker.committed(self.group, self.topic), {0: 10})

    def test_a_group_that_never_was_begins_at_the_end_of_every_partition(self):
        self.recreate(partitions=6)
        self.append(self.world.events(60), partitions=6)
        self.sluice("positions", "reset", "-c", self.config(), "--to", "end", "--yes")
        ends = {number: end for number, end in self.broker.ends(self.topic).items() if end > 0}
        committed = self.broker.committed(self.group, self.topic)
        self.assertEqual({number: committed.get(number) for number in ends}, ends)

    def test_the_beginning_is_where_the_log_begins_by_now(self):
        events = self.world.events(40)
        self.append(events)
        self.read_by()
        self.sluice("positions", "reset", "-c", self.config(), "--to", "5", "--yes")
        self.broker.delete_records(self.topic, before=25)
        log = self.fails()
        self.assertIn("begins at position 25, but 5 was to be read next", log)
        self.reset_as_advised(log, self.config())
        self.assertEqual(self.broker.committed(self.group, self.topic), {0: 25})
        self.assertEqual(self.read_by(), 15)
        self.expect_documents(events)

    def test_a_reset_to_the_beginning_moves_what_the_group_alone_remembers(self):
        events = self.world.events(40)
        self.append(events)
        self.read_by()
        self.mongo.drop_database(self.database.name)  # and its record of positions
        self.sluice("positions", "reset", "-c", self.config(), "--to", "beginning", "--yes")
        self.assertEqual(self.read_by(), 40)
        self.expect_documents(events)


class OfShares(EndToEnd):
    """Each share is a static member of a group of its own, and all have their positions in one store."""

    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic, 2)
        self.first, self.second = (self.config(f"share_{index}", extra=f"share: {{ index: {index}, of: 2 }}") for index in (0, 1))

    def append(self, events, partitions=2):
        super().append(events, partitions)

    def group_of(self, share):
        return f"{self.group}.{share}-of-2"

    def committed(self, share):
        return self.broker.committed(self.group_of(share), self.topic)

    def read_by(self, share):
        engine = self.engine((self.first, self.second)[share], f"share_{share}").start()
        self.wait_until_committed(engine, self.group_of(share))
        self.drain(engine)

    def leave_the_second_behind(self):
        self.append(self.world.events(20))
        self.read_by(1)
        self.append(self.world.events(40))
        self.read_by(0)
        self.assertLess(sum(self.committed(1).values()), sum(self.committed(0).values()))

    def test_asking_what_a_reset_would_do_changes_nothing(self):
        self.leave_the_second_behind()
        before = self.committed(1)
        recorded = self.json_of("positions", "show", "-c", self.second)
        for where in ("end", "beginning", "3"):
            self.sluice("positions", "reset", "-c", self.second, "--to", where, status=USAGE)
            self.assertEqual(self.committed(1), before, where)
        self.assertEqual(self.json_of("positions", "show", "-c", self.second), recorded)

    def test_a_reset_of_one_partition_leaves_the_others(self):
        self.leave_the_second_behind()
        before = self.committed(1)

        def moved():  # a static member is in its group for a little longer than it runs
            self.sluice("positions", "reset", "-c", self.second, "--partition", "1", "--to", "3", "--yes")
            return self.committed(1) != before

        wait_until(moved, "the group moved", pause=0.5)
        self.assertEqual(self.committed(1), {**before, 1: 3})

    def test_a_running_instance_is_not_shut_out_by_a_reset(self):
        self.append(self.world.events(20))
        engine = self.engine(self.second).start()
        self.wait_until_committed(engine, self.group_of(1))
        self.sluice("positions", "reset", "-c", self.second, "--to", "end", status=USAGE)
        self.sluice("positions", "reset", "-c", self.second, "--to", "end", "--yes")
        self.append(self.world.events(20))
        self.wait_until_committed(engine, self.group_of(1))
        self.drain(engine)
