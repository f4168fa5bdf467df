"""Apache Kafka: one node that is broker and controller (KRaft)."""

import base64
import subprocess
import uuid
from pathlib import Path

from . import cache
from .java import QUICK_START, java, properties, quick_start
from .kafka_protocol import create_topic, names_a_broker
from .kafka_security import KafkaSecurity
from .ports import Ports
from .server import Failed, Server


def kafka_jars() -> Path:
    version = cache.VERSIONS["kafka"]
    return cache.jars(f"kafka-{version}", [
        *(f"org.apache.kafka:{artifact}:{version}"
          for artifact in ("kafka_2.13", "kafka-tools", "connect-runtime", "connect-json")),
        f"org.slf4j:slf4j-reload4j:{cache.VERSIONS['slf4j-reload4j']}"])


def fetch() -> None:
    quick_start(kafka_jars().name, _train)


class Kafka(Server):
    name = "kafka"

    def __init__(self, folder: Path, ports: Ports, settings: dict[str, str] | None = None,
                 security: KafkaSecurity | None = None, jvm: list[str] | None = None) -> None:
        super().__init__(folder)
        self._jars = kafka_jars()
        self._jvm = jvm if jvm is not None else quick_start(self._jars.name, _train)
        self._security = security
        self.port = ports.take()
        data = self.folder / "data"
        data.mkdir()
        plain = self._settings(ports.take(), data)
        self._configuration = self.folder / "server.properties"
        self._configuration.write_text(properties((security.settings(plain) if security else plain) | (settings or {})))
        self._format(data)

    def _format(self, data: Path) -> None:
        cluster = "s" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:].rstrip("=")  # never "-…", an option
        if not self._security:  # by hand: the storage tool costs a JVM
            (data / "meta.properties").write_text(f"version=1\nnode.id=1\ncluster.id={cluster}\n")
            return
        done = subprocess.run(
            java(QUICK_START, self._jars, "kafka.tools.StorageTool", self._configuration,
                 self._security.format_arguments(cluster, self._configuration)),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"kafka: the storage tool failed:\n{done.stdout}")

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
            "broker.session.timeout.ms": 2500,
            "broker.heartbeat.interval.ms": 200,
            "log.cleaner.dedupe.buffer.size": 2097152,  # 128 MB otherwise, most of the heap
        }

    def command(self) -> list[str]:
        return java(self._jvm, self._jars, "kafka.Kafka", self._configuration, [str(self._configuration)])

    def ready(self) -> bool:
        return names_a_broker(self.port) and (self._security is None or self._security.listens())

    def addresses(self) -> dict[str, str]:
        secure = self._security.addresses() if self._security else {}
        return {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.port}"} | secure

    def create_topic(self, name: str, partitions: int, settings: dict[str, str]) -> None:
        """A topic that exists already stays as it is."""
        create_topic(self.port, name, partitions, settings)


def _train(folder: Path, jvm: list[str]) -> None:
    broker = Kafka(folder, Ports(), jvm=jvm)
    broker.start()
    broker.wait()
    broker.stop()
