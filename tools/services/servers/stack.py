"""Which servers there are, and what each needs."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from .certificates import Certificates
from .connect import DEBEZIUM, Connect, Debezium
from .java import MEASURED
from .kafka import Kafka
from .kafka_security import KafkaSecurity
from .mongodb import MongoDb, OwnMongoDb
from .ports import Ports
from .postgres import Postgres
from .server import Failed, Server

# In the order in which each finds what it needs; stopped the other way round.
SERVERS = ("kafka", "postgres", "connect", "debezium", "mongodb")
NEEDS = {"connect": {"kafka"}, "debezium": {"kafka", "postgres"}}


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("servers", nargs="+", choices=SERVERS, metavar="SERVER",
                        help=f"{', '.join(SERVERS)}; debezium is Connect with the outbox connector, and brings kafka and "
                             "postgres along")
    parser.add_argument("--kafka-set", metavar="NAME=VALUE", action="append", default=[],
                        help="a setting of the broker, such as log.segment.bytes=1048576")
    parser.add_argument("--debezium", choices=DEBEZIUM, default="3.0", help="its version (default 3.0)")
    parser.add_argument("--router", action="store_true",
                        help="deploy configs/debezium/outbox-router.json instead of outbox.json")
    parser.add_argument("--connector-set", metavar="NAME=VALUE", action="append", default=[],
                        help="a setting of the connector, such as value.converter.schemas.enable=true")
    parser.add_argument("--secure", action="store_true",
                        help="kafka: listeners with TLS and SASL beside the plain one; mongodb: TLS and SCRAM, nothing "
                             "else; a user with all rights, and a guest with none")
    parser.add_argument("--fast", action="store_true",
                        help="for measuring, not for killing: JVMs with their default settings, which start slower, and no "
                             "sync of each commit by MongoDB's server")
    parser.add_argument("--no-sync", action="store_true",
                        help="mongodb: no sync of each commit, for data that is thrown away")


def build(options: Namespace, folder: Path, ports: Ports) -> list[Server]:
    wanted = set(options.servers).union(*(NEEDS.get(name, set()) for name in options.servers))
    jvm = MEASURED if options.fast else None
    certificates = Certificates(folder) if options.secure else None
    servers: dict[str, Server] = {}
    if "kafka" in wanted:
        security = KafkaSecurity(ports, certificates) if certificates else None
        servers["kafka"] = kafka = Kafka(folder, ports, _settings(options.kafka_set), security, jvm)
    if "postgres" in wanted:
        servers["postgres"] = postgres = Postgres(folder, ports)
    if "connect" in wanted:
        servers["connect"] = Connect(folder, ports, kafka, options.debezium, jvm)
    if "debezium" in wanted:
        servers["debezium"] = Debezium(folder, ports, kafka, postgres, options.debezium, options.router,
                                       _settings(options.connector_set), jvm)
    if "mongodb" in wanted:
        servers["mongodb"] = (OwnMongoDb(folder) if OwnMongoDb.uri
                              else MongoDb(folder, ports, not (options.fast or options.no_sync), certificates))
    return list(servers.values())


def _settings(words: list[str]) -> dict[str, str]:
    settings = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Failed(f"a setting is NAME=VALUE, not '{word}'")
        settings[name] = value
    return settings
