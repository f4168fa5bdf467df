"""Shares of a sink, by event key: `tools/services/up kafka mongodb`."""

import http.server
import json
import threading
from collections import defaultdict

from end_to_end.events import World
from end_to_end.world import EndToEnd


class Hook(http.server.ThreadingHTTPServer):
    """Takes what is posted to it: (path, event) in the order of arrival."""

    def __init__(self):
        self.posted = []
        super().__init__(("127.0.0.1", 0), Post)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}/{path}"


class Post(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.posted.append((self.path, event))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Sinks(EndToEnd):
    def setUp(self):
        super().setUp()
        self.broker.create(self.topic)
        self.hook = Hook()
        self.addCleanup(self.hook.server_close)
        self.addCleanup(self.hook.shutdown)

    def run_layout(self, count):
        engines = []
        for index in range(count):
            share = f"{index}-of-{count}"
            config = self.config(
                share, plugins='plugins: { activity: ">=1.0 <2", notify: "*" }',
                statistics=f'statistics: {{ use: notify.webhook, options: {{ url: "{self.hook.url(share)}" }} }}',
                extra=f"share: {{ index: {index}, of: {count} }}")
            engines.append(self.engine(config, share).start())
        end = self.broker.ends(self.topic)
        for engine in engines:
            group = f"{self.group}.{engine.config.stem}"
            engine.wait_for(lambda group=group: self.broker.committed(group, self.topic) == end, group, pause=0.05)
        for engine in engines:
            self.drain(engine)

    def test_each_event_is_delivered_by_the_instance_its_key_falls_to(self):
        world = World()
        wanted = []
        for count in (3, 2, 5):
            events = world.events(60)
            wanted += events
            self.append(events)
            self.hook.posted.clear()
            self.run_layout(count)
            posted = [event["id"] for _, event in self.hook.posted]
            self.assertEqual(sorted(posted), sorted(event.id for event in events), f"{count} instances")
            by_key = defaultdict(list)
            for path, event in self.hook.posted:
                by_key[event["aggregate_id"]].append((path, event["id"]))
            for key, deliveries in by_key.items():
                self.assertEqual(len({path for path, _ in deliveries}), 1, "one key, one instance")
                self.assertEqual([identity for _, identity in deliveries],
                                 [event.id for event in events if event.aggregate_id == key], "in order")
