"""Whether the other tests would notice: an engine that is broken on purpose, held to the same checks."""

import sqlite3
from contextlib import closing

from faults.stack_case import StackTest
from faults.tally import Tally, seen_in_sqlite
from faults.world import FaultTest, load, safe_position


class Checks(FaultTest):
    def test_an_engine_that_commits_before_the_acknowledgement_is_caught(self):
        """sluice-broken differs from the engine in nothing else (broken/pipeline/ledger.hpp)."""
        self.rewrite("    shutdown_timeout: 20s", "    shutdown_timeout: 20s\n    commit_interval: 1ms\n    wait: { for: 1s }\n    breaker: off")
        broken = self.engine("broken", "sluice-broken")
        in_the_middle = 0  # of its rows, with what it had in hand behind it: that is lost
        for number in range(40):
            self.kit.generate(self.outbox, 20_000, seed=load.seed + number)
            before = self.recorded()
            broken.start()
            broken.wait_for(lambda: self.recorded() > before, "a position that it records")
            broken.kill()
            in_the_middle += self.recorded() <= self.last_row()
            if in_the_middle == 12:  # a position is often recorded late enough to be true
                break
        last = self.last_row()
        honest = self.engine().start()
        honest.wait_for(lambda: safe_position(honest) > last, "the rest")
        honest.end()

        tally = Tally()
        tally.add(self.outbox, seen_in_sqlite(self.documents), self.dead_letters)
        self.assertGreater(tally.lost, 0)
        self.assertEqual(tally.doubled, 0)
        self.assertIsNotNone(self.kit.verify(self.outbox, self.documents, self.dead_letters))

    def recorded(self):
        """Where the next start would go on; 0 before there is anything."""
        try:
            with closing(sqlite3.connect(f"file:{self.documents}?mode=ro", uri=True)) as documents:
                return documents.execute("SELECT coalesce(max(next), 0) FROM _sluice_positions").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


class ChecksOfTheStack(StackTest):
    """The same engine between the real servers: its commits are Kafka's, its documents MongoDB's."""

    wait = "1s"  # what was lost is waited for in vain

    def test_an_engine_that_commits_before_the_acknowledgement_is_caught(self):
        for number in range(8):  # a kill may find nothing in hand
            self.kit.generate(self.outbox, 2000, seed=load.seed + number, kafka=self.brokers, topic=self.topic)
            self.kill_at_work()
            self.settle([self.engine(member=1)])
            tally = Tally()
            complaint = self.complaint(tally, self.letters_of_the_topic())
            if tally.lost > 0:
                break
        self.assertGreater(tally.lost, 0)
        self.assertEqual(tally.doubled, 0)
        self.assertIsNotNone(complaint)

    def kill_at_work(self):
        broken = self.engine("    commit_interval: 1ms", "sluice-broken", member=1)
        broken.wait_for(lambda: broken.settled() > 0, "its first events")
        broken.kill()
