"""The process is killed, stopped and ended while it is at work."""

import signal
import time

from faults.world import FaultTest, load


class Kill(FaultTest):
    def generate(self, seconds, *options):
        """Fills the outbox, which is there at once, in transactions of some rows."""
        self.kit.generate(self.outbox, 0)
        return self.start_generator(seconds, "--batch", 50, *options)

    def test_killed_at_random_moments_it_loses_and_doubles_nothing(self):
        generator = self.generate(load.kills * 0.3, "--poison", 1)
        for _ in range(load.kills):
            engine = self.engine().start()
            time.sleep(self.pause(30, 500))
            self.assertTrue(engine.running(), engine.last_words())
            engine.kill()
        self.let_finish(generator)
        self.finish(self.engine().start())

    def test_ended_under_load_it_drains_and_goes_on(self):
        generator = self.generate(load.kills * 0.3, "--poison", 1)
        for _ in range(load.kills):
            engine = self.engine().start()
            engine.wait_for(engine.status, "a first status")
            time.sleep(self.pause(0, 300))
            usage = engine.drain()
            self.assertEqual(usage.status, 0, engine.last_words())
        self.let_finish(generator)
        self.finish(self.engine().start())

    def test_a_zombie_that_comes_back_writes_nothing_twice(self):
        generator = self.generate(load.kills * 0.4)
        first = self.engine("first").start()
        second = self.engine("second").start()
        for _ in range(load.kills):
            zombie, other = (first, second) if self.random.random() < 0.5 else (second, first)
            zombie.send(signal.SIGSTOP)
            time.sleep(self.pause(20, 300))
            zombie.send(signal.SIGCONT)
            time.sleep(self.pause(0, 50))
            self.assertTrue(other.running() and zombie.running())
        self.let_finish(generator)
        first.wait_for(lambda: first.state() == "running", "the first runs on")
        self.assertEqual(second.drain().status, 0, second.last_words())
        self.finish(first)

    def test_a_second_signal_ends_it_at_once_and_loses_nothing(self):
        self.kit.generate(self.outbox, load.events, seed=load.seed)
        engine = self.engine().start()
        engine.wait_for(engine.status, "a first status")
        engine.send(signal.SIGTERM)
        engine.send(signal.SIGINT)
        self.assertIn(engine.reap().status, (0, 7), engine.last_words())
        self.finish(self.engine().start())
