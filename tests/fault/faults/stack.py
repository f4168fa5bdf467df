"""Faults of the real stack: engines killed, frozen, coming and going between Kafka and a server of MongoDB's protocol, and
those servers killed, frozen and restarted."""

import signal

from faults.stack_case import StackTest
from faults.world import load
from harness.engine import PATIENCE


class Engines(StackTest):
    def test_killed_and_frozen_at_random_they_lose_and_double_nothing(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engines = [self.engine(), self.engine()]
        for _ in range(load.kills):
            self.pause(0.2, 1.5)
            victim = self.random.randrange(2)
            if self.random.random() < 0.6:
                engines[victim].kill()
                engines[victim] = self.engine(member=victim + 1)
            else:
                engines[victim].send(signal.SIGSTOP)
                self.pause(0.1, 1)
                engines[victim].send(signal.SIGCONT)
        self.let_finish(generator)
        engines[0].drain()
        self.finish([engines[1]])

    def test_a_zombie_that_comes_back_after_its_session_writes_nothing_twice(self):
        self.static = False  # as may_be_static says
        generator = self.generate(seconds=8)
        zombie, other = self.engine(), self.engine()
        zombie.wait_for(lambda: 0 < self.held(zombie) < self.partitions and zombie.settled() > 0, "both at work")
        zombie.send(signal.SIGSTOP)
        other.wait_for(lambda: self.held(other) == self.partitions, "the zombie's session to end")
        zombie.send(signal.SIGCONT)
        self.let_finish(generator)
        zombie.drain()
        self.finish([other])

    @staticmethod
    def held(engine):
        """How many partitions it has."""
        return len(engine.status().get("partitions", []))

    def test_instances_that_come_and_go_share_the_work_exactly(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engines = [self.engine()]
        for _ in range(load.kills):
            self.pause(0.5, 1.5)
            if len(engines) > 1 and self.random.random() < 0.5:
                leaver = engines.pop(self.random.randrange(len(engines)))
                self.assertEqual(leaver.drain().status, 0, leaver.last_words())
            else:
                engines.append(self.engine())
        self.let_finish(generator)
        while len(engines) > 1:
            engines.pop().drain()
        self.finish(engines)

    def test_one_that_reloads_under_load_goes_on_where_it_was(self):
        generator = self.generate(seconds=load.kills * 1.5)
        engine = self.engine()
        for begun in range(1, load.kills + 1):
            engine.wait_for(lambda times=begun: engine.log().count('"message":"running"') == times, "its begin")
            self.pause(0.2, 1.5)
            engine.send(signal.SIGHUP)
        self.let_finish(generator)
        self.finish([engine])


class Shares(StackTest):
    partitions = 1

    def test_a_partition_shared_by_three_then_two_then_five_is_applied_exactly(self):
        self.static = True  # as shares are by themselves
        generator = self.generate(seconds=10)
        for of in (3, 2, 5):
            engines = [self.engine(f"    share: {{ index: {index}, of: {of} }}") for index in range(of)]
            for engine in engines:
                engine.wait_for(lambda one=engine: one.status().get("partitions"), "its partition", PATIENCE)
            self.pause(0.5, 2)
            if of == 5:
                self.let_finish(generator)
                self.finish(engines)
                return
            for engine in engines:
                engine.kill() if self.random.random() < 0.5 else engine.drain()


# What the engine says when a server was silent for longer than it waits: its session in the group, a socket's answer.
TIMED_OUT = {"kafka": "group session timed out", "mongodb": "socket error or timeout"}


class Servers(StackTest):
    socket_timeout = "2s"
    may_be_static = False

    def test_a_broker_killed_frozen_and_restarted_costs_nothing(self):
        self.upset("kafka")

    def test_a_store_killed_frozen_and_restarted_costs_nothing(self):
        self.upset("mongodb")

    def upset(self, server):
        generator = self.generate(seconds=12)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        self.tell("freeze", server, "freeze beyond timeouts")
        engine.wait_for(lambda: TIMED_OUT[server] in engine.log(), "a timeout")
        self.services.tell(f"thaw {server}")
        for command in ("kill", "freeze", "stop"):
            self.pause(0.3, 1.5)
            self.tell(command, server)
            self.pause(0.3, 3)
            self.services.tell(f"{'thaw' if command == 'freeze' else 'start'} {server}")
        self.let_finish(generator)
        self.finish([engine])
