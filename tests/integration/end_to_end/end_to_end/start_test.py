"""Brokers that are away when the engine starts: `tools/services/up kafka mongodb`."""

import selectors
import socket
import threading

from end_to_end.events import World
from end_to_end.world import EndToEnd


class Door:
    """An address of the broker's that opens later. Clients learn the broker's own from what they hear through it."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]

    def open(self):
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.close()

    def _serve(self):
        try:
            while True:
                threading.Thread(target=self._pass_on, args=(self._listener.accept()[0],), daemon=True).start()
        except OSError:
            pass  # closed

    def _pass_on(self, client):
        host, _, port = self._target.rpartition(":")
        with client, socket.create_connection((host, int(port))) as broker, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, broker)
            ready.register(broker, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    heard = key.fileobj.recv(65536)
                    if not heard:
                        return
                    key.data.sendall(heard)


class Start(EndToEnd):
    def test_brokers_that_are_away_are_waited_for(self):
        events = World().events(20)
        self.broker.create(self.topic)
        self.append(events)
        door = Door(self.broker.address)
        self.addCleanup(door.close)
        engine = self.engine(KAFKA_BOOTSTRAP_SERVERS=door.address).start()
        engine.wait_for(lambda: door.address in engine.status().get("reason", ""), "the reason in the status")
        engine.wait_for(lambda: "WARNING" in engine.log() and door.address in engine.log(), "a word in the log")
        door.open()
        self.wait_until_committed(engine)
        self.drain(engine)
        self.expect_documents(events)

    def test_a_topic_that_is_missing_is_said(self):
        log = self.fails()
        self.assertIn(f'there is no topic \\"{self.topic}\\"', log)
        self.assertIn("source.fatal", log)
