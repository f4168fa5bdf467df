"""Whether the other tests would notice: an engine that is broken on purpose, held to the same checks."""

from faults.tally import Tally, seen_in_sqlite
from faults.world import FaultTest, load, safe_position


class Checks(FaultTest):
    def test_an_engine_that_commits_before_the_acknowledgement_is_caught(self):
        """sluice-broken differs from the engine in nothing else (broken/pipeline/ledger.hpp)."""
        self.kit.generate(self.outbox, 20_000, seed=load.seed)
        self.rewrite("    shutdown_timeout: 20s", "    shutdown_timeout: 20s\n    commit_interval: 1ms\n    wait: { for: 1s }\n    breaker: off")
        last = self.last_row()
        broken = self.engine("broken", "sluice-broken")
        for _ in range(5):
            broken.start()
            broken.wait_for(lambda: broken.settled() > 0 or safe_position(broken) > last, "its first events")
            broken.kill()
        honest = self.engine().start()
        honest.wait_for(lambda: safe_position(honest) > last, "the rest")
        honest.end()

        tally = Tally()
        tally.add(self.outbox, seen_in_sqlite(self.documents), self.dead_letters)
        self.assertGreater(tally.lost, 0)
        self.assertEqual(tally.doubled, 0)
        self.assertIsNotNone(self.kit.verify(self.outbox, self.documents, self.dead_letters))
