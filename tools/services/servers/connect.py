"""Kafka Connect with Debezium's PostgreSQL connector, deployed as configs/debezium says."""

import http.client
import json
from pathlib import Path

from . import cache
from .java import java, properties, quick_start
from .kafka import Kafka, kafka_jars
from .ports import Ports
from .postgres import Postgres
from .server import Failed, Server

CONNECTORS = cache.SERVICES.parent.parent / "configs" / "debezium"
DEBEZIUM = [name.removeprefix("debezium-") for name in cache.VERSIONS if name.startswith("debezium-")]


def debezium_plugins(version: str) -> Path:
    """A folder with one plugin; what Connect itself brings is left out of it."""
    full = cache.VERSIONS[f"debezium-{version}"]
    return cache.jars(f"debezium-{full}", [f"io.debezium:debezium-connector-postgres:{full}"],
                      leave_out=("kafka-clients", "connect-", "slf4j-api"))


def fetch() -> None:
    for version in DEBEZIUM:
        debezium_plugins(version)
    quick_start(_classes(), _train)


def _classes() -> str:
    return f"{kafka_jars().name}-connect"


class Connect(Server):
    """The worker alone; `Debezium` adds the connector."""

    name = "connect"

    def __init__(self, folder: Path, ports: Ports, kafka: Kafka, version: str,
                 jvm: list[str] | None = None) -> None:
        super().__init__(folder)
        self._kafka = kafka
        self._jars = kafka_jars()
        self._jvm = jvm if jvm is not None else quick_start(_classes(), _train)
        self.port = ports.take()
        plugins = self.folder / "plugins"
        plugins.mkdir()
        (plugins / "debezium").symlink_to(debezium_plugins(version))
        self._configuration = self.folder / "connect.properties"
        self._configuration.write_text(properties(self._settings(kafka, plugins)))

    def _settings(self, kafka: Kafka, plugins: Path) -> dict[str, object]:
        converters = {f"{part}.converter{name}": value for part in ("key", "value")
                      for name, value in (("", "org.apache.kafka.connect.json.JsonConverter"), (".schemas.enable", False))}
        internal = {f"{topic}.storage.{name}": value for topic in ("config", "offset", "status")
                    for name, value in (("topic", f"connect-{topic}"), ("replication.factor", 1), ("partitions", 1))
                    if (topic, name) != ("config", "partitions")}
        return converters | internal | {
            "bootstrap.servers": f"127.0.0.1:{kafka.port}",
            "listeners": f"http://127.0.0.1:{self.port}",
            "group.id": "connect",
            "plugin.path": plugins,
            "plugin.discovery": "service_load",
            "config.providers": "env",
            "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
            "offset.flush.interval.ms": 1000,
            "rebalance.timeout.ms": 5000,
            "scheduled.rebalance.max.delay.ms": 0,
            "reconnect.backoff.max.ms": 100,  # it starts together with the broker
        }

    def command(self) -> list[str]:
        return java(self._jvm, self._jars, "org.apache.kafka.connect.cli.ConnectDistributed", self._configuration,
                    [str(self._configuration)])

    def ready(self) -> bool:
        return self.ask("GET", "/connectors")[0] == 200

    def addresses(self) -> dict[str, str]:
        return {"CONNECT_URL": f"http://127.0.0.1:{self.port}"}

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict]:
        """The status and the answer; status 0 when there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


class Debezium(Connect):
    """Ready when the connector streams: rows inserted from then on are captured as changes, not by the snapshot."""

    name = "debezium"

    def __init__(self, folder: Path, ports: Ports, kafka: Kafka, postgres: Postgres, version: str, router: bool,
                 overrides: dict[str, str], jvm: list[str] | None = None) -> None:
        super().__init__(folder, ports, kafka, version, jvm)
        self._postgres = postgres
        connector = json.loads((CONNECTORS / ("outbox-router.json" if router else "outbox.json")).read_text())
        self._connector, self._config = connector["name"], connector["config"] | overrides
        self._deployed = False
        self._ran = False

    def environment(self) -> dict[str, str]:
        """What the connector's file takes from the worker's environment."""
        return self._postgres.addresses()

    def addresses(self) -> dict[str, str]:
        return super().addresses() | {"CONNECT_CONNECTOR": self._connector}

    def ready(self) -> bool:
        if not self._deployed:
            self._deployed = super().ready() and self._deploy()
            return False
        status, answer = self.ask("GET", f"/connectors/{self._connector}/status")
        if status != 200:
            return False
        parts = [answer["connector"], *answer["tasks"]]
        failed = next((part for part in parts if part["state"] == "FAILED"), None)
        if failed and not self._ran:
            raise Failed(f"debezium: the connector failed:\n{failed.get('trace', '')[:3000]}")
        if failed:  # while the database was away
            self.ask("POST", f"/connectors/{self._connector}/restart?includeTasks=true&onlyFailed=true")
            return False
        running = len(parts) > 1 and all(part["state"] == "RUNNING" for part in parts) and self._streams()
        self._ran = self._ran or running
        return running

    def _deploy(self) -> bool:
        self._create_topic()
        status, answer = self.ask("PUT", f"/connectors/{self._connector}/config", self._config)
        if status in (400, 422):
            raise Failed(f"debezium: Connect refused the connector: {answer.get('message', answer)}")
        return status in (200, 201)

    def _streams(self) -> bool:
        slot = self._config["slot.name"]
        return self._postgres.sql(f"SELECT active FROM pg_replication_slots WHERE slot_name = '{slot}'") == "t"

    def _create_topic(self) -> None:
        """With the settings Connect would give it at the first row: consumers may come before. The router's topics are
        named by the rows."""
        if "transforms" in self._config:
            return
        given = {name.removeprefix("topic.creation.default."): value for name, value in self._config.items()
                 if name.startswith("topic.creation.default.")}
        del given["replication.factor"]
        self._kafka.create_topic(f"{self._config['topic.prefix']}.{self._config['table.include.list']}",
                                 int(given.pop("partitions")), given)


def _train(folder: Path, jvm: list[str]) -> None:
    ports = Ports()
    broker = Kafka(folder, ports)
    worker = Connect(folder, ports, broker, "3.0", jvm)
    for server in (broker, worker):
        server.start()
        server.wait()
    worker.stop()
    broker.kill()
