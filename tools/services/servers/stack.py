"""Which servers there are, and how one builds on another."""

from argparse import Namespace
from pathlib import Path

from .kafka import Kafka
from .mongodb import MongoDb, OwnMongoDb
from .ports import Ports
from .server import Failed, Server

SERVERS = ("kafka", "mongodb")


def build(options: Namespace, folder: Path, ports: Ports) -> list[Server]:
    wanted = set(options.servers)
    servers: list[Server] = []
    if "kafka" in wanted:
        servers.append(Kafka(folder, ports, _settings(options.kafka_set)))
    if "mongodb" in wanted:
        servers.append(OwnMongoDb(folder) if OwnMongoDb.uri else MongoDb(folder, ports, durable=not options.fast))
    return servers


def _settings(words: list[str]) -> dict[str, str]:
    settings = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Failed(f"--kafka-set takes NAME=VALUE, not '{word}'")
        settings[name] = value
    return settings
