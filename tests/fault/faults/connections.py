"""Between the engine and its servers are proxies, which break what passes through them."""

import re

from faults.proxy import CuttingProxy, Strike, WriteProxy
from faults.stack_case import StackTest
from faults.world import load


LATE_S = 3.0


class Connections(StackTest):
    socket_timeout = "2s"  # shorter than late answers
    may_be_static = False

    @classmethod
    def setUpClass(cls):
        cls.to_kafka, cls.to_mongodb = CuttingProxy(), WriteProxy(LATE_S)
        cls.addClassCleanup(cls.to_kafka.close)
        cls.addClassCleanup(cls.to_mongodb.close)
        cls.kafka = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{cls.to_kafka.port}"}
        # Clients that ask the broker itself are sent to the proxy.
        super().setUpClass()
        cls.to_kafka.upstream = port_of(cls.services.address["KAFKA_BOOTSTRAP_SERVERS"])
        cls.to_mongodb.upstream = port_of(cls.services.address["MONGODB_URI"])

    def setUp(self):
        super().setUp()
        self.mongodb = self.mongodb.replace(f":{self.to_mongodb.upstream}", f":{self.to_mongodb.port}")
        self.to_kafka.hits.clear()
        self.to_mongodb.hits.clear()
        self.addCleanup(self.count_hits)

    def count_hits(self):
        for name, proxy in (("kafka", self.to_kafka), ("mongodb", self.to_mongodb)):
            load.tally.faults.update({f"{name}: {fault}": count for fault, count in proxy.hits.items()})

    def test_cut_after_a_request_was_passed_on_they_cost_nothing(self):
        generator = self.generate(seconds=load.kills * 2)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        while generator.poll() is None:
            self.pause(0.1, 1.5)
            proxy = self.random.choice([self.to_kafka, self.to_mongodb])
            proxy.cut() if self.random.random() < 0.8 else proxy.reset()
        self.let_finish(generator)
        self.to_kafka.calm()
        self.to_mongodb.calm()
        self.finish([engine])

    def test_writes_whose_answers_are_lost_or_late_count_once(self):
        generator = self.generate(seconds=load.kills * 3)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        for strike in self.random.sample(list(Strike), 3):
            self.to_mongodb.strike(strike)
            engine.wait_for(lambda: not self.to_mongodb.strikes, "a write to strike")
        while generator.poll() is None:
            self.pause(0.1, 1)
            for _ in range(self.random.randint(1, 2)):  # what the client repeats by itself may be struck again
                self.to_mongodb.strike(self.random.choice(list(Strike)))
        self.let_finish(generator)
        self.to_mongodb.calm()
        self.finish([engine])


def port_of(address):
    return int(re.search(r":(\d+)(/|$)", address)[1])
