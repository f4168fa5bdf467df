"""Apache Kafka: one node that is broker and controller (KRaft)."""

import base64
import socket
import struct
import uuid
from pathlib import Path

from . import cache
from .java import LOGGING, java, properties
from .ports import Ports
from .server import Server


def kafka_jars() -> Path:
    version = cache.VERSIONS["kafka"]
    return cache.jars(f"kafka-{version}", [
        *(f"org.apache.kafka:{artifact}:{version}"
          for artifact in ("kafka_2.13", "kafka-tools", "connect-runtime", "connect-json")),
        f"org.slf4j:slf4j-reload4j:{cache.VERSIONS['slf4j-reload4j']}"])


class Kafka(Server):
    name = "kafka"

    def __init__(self, folder: Path, ports: Ports, settings: dict[str, str]) -> None:
        super().__init__(folder)
        self._jars = kafka_jars()
        self.port = ports.take()
        data = self.folder / "data"
        data.mkdir()
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # By hand: the storage tool costs a JVM.
        (data / "meta.properties").write_text(f"version=1\nnode.id=1\ncluster.id={cluster}\n")
        (self.folder / "log4j.properties").write_text(LOGGING)
        self._configuration = self.folder / "server.properties"
        self._configuration.write_text(properties(self._settings(ports.take(), data) | settings))

    def _settings(self, controller_port: int, data: Path) -> dict[str, object]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": data,
            "auto.create.topics.enable": False,
            "offsets.topic.num.partitions": 1,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 500,
            "log.retention.ms": -1,
            # A broker that is started again after a kill is let in when its former session is over; 9 s otherwise.
            "broker.session.timeout.ms": 1000,
            "broker.heartbeat.interval.ms": 200,
            "log.cleaner.dedupe.buffer.size": 2097152,  # 128 MB otherwise, most of the heap
        }

    def command(self) -> list[str]:
        return java(self._jars, "kafka.Kafka", str(self._configuration),
                    system={"log4j.configuration": f"file:{self.folder}/log4j.properties"})

    def ready(self) -> bool:
        return names_a_broker(self.port)

    def addresses(self) -> dict[str, str]:
        return {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.port}"}


def names_a_broker(port: int) -> bool:
    """Asks for the metadata (version 1, no topics) as any client does; a broker that starts answers with none."""
    request = struct.pack(">hhihi", 3, 1, 1, -1, 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.recv(12, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(answer) == 12 and struct.unpack(">iii", answer)[2] > 0
