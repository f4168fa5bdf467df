"""What can be seen of a pipeline while a server is away: `tools/services/up kafka mongodb`."""

import json
import os
import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit, urlunsplit

from end_to_end.door import Door
from end_to_end.events import World
from end_to_end.world import EndToEnd

WITH_ADMIN = 'log: { level: info }\n  admin: { listen: "127.0.0.1:0" }'


class Outages(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic, partitions=2)
        self.config_file = self.config(log=WITH_ADMIN)

    def door(self, target):
        door = Door(target)
        self.addCleanup(door.close)
        return door

    def ready(self, engine):
        """What /readyz says: nothing when ready, else the reasons."""
        port = re.search(r"admin endpoint is http://127\.0\.0\.1:(\d+)", engine.log()).group(1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
                code, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            code, body = error.code, error.read()
        answer = json.loads(body)
        self.assertEqual(code, 200 if answer["ready"] else 503)
        self.assertEqual(answer["ready"], not answer["reasons"])
        return answer["reasons"]

    def wait_until_ready(self, engine):
        engine.wait_for(lambda: "admin endpoint is" in engine.log(), "the admin endpoint")
        engine.wait_for(lambda: not self.ready(engine), "readiness", pause=0.05)

    def figures(self, engine):
        """Of each partition: its end, and what is not committed of it."""
        return {one["partition"]: (one["end"], one["lag"]) for one in engine.status()["partitions"]}

    def figures_seen(self):
        """The same, as an independent client sees them."""
        ends, committed = self.broker.ends(self.topic), self.broker.committed(self.group, self.topic)
        return {number: (end, end - committed.get(number, 0)) for number, end in ends.items()}

    def test_a_store_that_is_away_shows_in_readiness_and_lag(self):
        first, later = self.world.events(20), self.world.events(50)
        uri = urlsplit(os.environ["MONGODB_URI"])
        door = self.door(uri.netloc)
        door.open()
        engine = self.engine(self.config_file, MONGODB_URI=urlunsplit(uri._replace(netloc=door.address))).start()
        self.wait_until_ready(engine)
        self.append(first, partitions=2)
        self.wait_until_committed(engine)

        door.shut()
        self.append(later, partitions=2)
        engine.wait_for(lambda: "retrying" in str(self.ready(engine)), "readiness lost", pause=0.05)
        self.assertGreater(sum(lag for _, lag in self.figures_seen().values()), 0)
        engine.wait_for(lambda: self.figures(engine) == self.figures_seen(), "the lag that others see", pause=0.05)
        self.assertGreater(engine.status()["source"]["brokers_up"], 0)

        door.open()
        self.wait_until_ready(engine)
        self.wait_until_committed(engine)
        engine.wait_for(lambda: all(lag == 0 for _, lag in self.figures(engine).values()), "no lag", pause=0.05)
        self.drain(engine)
        self.expect_documents(first + later)

    def test_brokers_that_are_away_show_in_readiness(self):
        events = self.world.events(20)
        self.append(events, partitions=2)
        door = self.door(self.broker.address)
        engine = self.engine(self.config_file, KAFKA_BOOTSTRAP_SERVERS=door.address).start()
        engine.wait_for(lambda: "admin endpoint is" in engine.log(), "the admin endpoint")
        engine.wait_for(lambda: door.address in str(self.ready(engine)), "the brokers named", pause=0.05)
        door.open()
        self.wait_until_ready(engine)
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(events)
