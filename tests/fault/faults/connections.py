"""Between the engine and its servers are proxies, which break what passes through them."""

import re

from faults.proxy import CuttingProxy
from faults.stack_case import StackTest
from faults.world import load


class Connections(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.to_kafka, cls.to_mongodb = CuttingProxy(), CuttingProxy()
        cls.addClassCleanup(cls.to_kafka.close)
        cls.addClassCleanup(cls.to_mongodb.close)
        cls.kafka = {"advertised.listeners": f"PLAINTEXT://127.0.0.1:{cls.to_kafka.port}"}
        # Clients that ask the broker itself are sent to the proxy.
        super().setUpClass()
        cls.to_kafka.upstream = port_of(cls.services.address["KAFKA_BOOTSTRAP_SERVERS"])
        cls.to_mongodb.upstream = port_of(cls.services.address["MONGODB_URI"])

    def test_cut_after_a_request_was_passed_on_they_cost_nothing(self):
        self.mongodb = self.mongodb.replace(f":{self.to_mongodb.upstream}", f":{self.to_mongodb.port}")
        generator = self.generate(seconds=load.kills * 2)
        engine = self.engine()
        engine.wait_for(lambda: engine.settled() > 0, "first events")
        while generator.poll() is None:
            self.pause(0.1, 1.5)
            name, proxy = self.random.choice([("kafka", self.to_kafka), ("mongodb", self.to_mongodb)])
            load.tally.faults[f"{name}: connection cut"] += 1
            proxy.cut() if self.random.random() < 0.8 else proxy.reset()
        self.let_finish(generator)
        self.to_kafka.cut_next.clear()
        self.to_mongodb.cut_next.clear()
        self.finish([engine])


def port_of(address):
    return int(re.search(r":(\d+)(/|$)", address)[1])
