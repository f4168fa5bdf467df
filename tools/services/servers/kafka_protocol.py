"""The two requests of Kafka's protocol that starting a broker needs; a client library or a JVM for them would be more."""

import socket
import struct

from .server import Failed

METADATA, CREATE_TOPICS = 3, 19
TOPIC_ALREADY_EXISTS = 36


def names_a_broker(port: int) -> bool:
    """Asks for the metadata (version 1, of no topics) as any client does; a broker that starts names none yet."""
    answer = _ask(port, METADATA, 1, struct.pack(">i", 0))
    return len(answer) >= 4 and struct.unpack_from(">i", answer)[0] > 0


def create_topic(port: int, name: str, partitions: int, settings: dict[str, str]) -> None:
    """Version 0: one topic, one replica."""
    body = struct.pack(">i", 1) + _text(name) + struct.pack(">ihii", partitions, 1, 0, len(settings))
    for setting, value in settings.items():
        body += _text(setting) + _text(value)
    answer = _ask(port, CREATE_TOPICS, 0, body + struct.pack(">i", 10_000), timeout=15)
    code = struct.unpack(">h", answer[-2:])[0] if len(answer) >= 2 else -1
    if code not in (0, TOPIC_ALREADY_EXISTS):
        raise Failed(f"kafka: the topic {name} could not be created: error {code} of Kafka's protocol")


def _text(value: str) -> bytes:
    return struct.pack(">h", len(value.encode())) + value.encode()


def _ask(port: int, api: int, version: int, body: bytes, timeout: float = 2) -> bytes:
    """The answer without its size and correlation; empty when there is none."""
    request = struct.pack(">hhih", api, version, 1, -1) + body
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            size = connection.recv(4, socket.MSG_WAITALL)
            if len(size) < 4:
                return b""
            return connection.recv(struct.unpack(">i", size)[0], socket.MSG_WAITALL)[4:]
    except OSError:
        return b""
