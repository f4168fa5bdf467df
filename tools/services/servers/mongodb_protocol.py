"""One command of MongoDB's protocol (OP_MSG), enough to greet a server and to make its first users."""

import socket
import ssl
import struct

OP_MSG = 2013


def ask(port: int, command: dict, tls: ssl.SSLContext | None = None) -> bytes:
    """The answer's BSON; empty when there is none."""
    document = bson(command | {"$db": "admin"})
    message = struct.pack("<iiiiIB", 16 + 5 + len(document), 1, 0, OP_MSG, 0, 0) + document
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
            connection = tls.wrap_socket(plain, server_hostname="127.0.0.1") if tls else plain
            connection.sendall(message)
            head = _receive(connection, 4)
            return _receive(connection, struct.unpack("<i", head)[0] - 4)[17:]
    except (OSError, EOFError):
        return b""


def is_primary(answer: bytes) -> bool:
    """Of `hello`."""
    return b"\x08isWritablePrimary\0\x01" in answer


def is_ok(answer: bytes) -> bool:
    return b"\x01ok\0" + struct.pack("<d", 1.0) in answer


def bson(document: dict) -> bytes:
    body = b"".join(_element(name, value) for name, value in document.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def _element(name: str, value: object) -> bytes:
    key = name.encode() + b"\0"
    match value:
        case int():
            return b"\x10" + key + struct.pack("<i", value)
        case str():
            return b"\x02" + key + struct.pack("<i", len(value.encode()) + 1) + value.encode() + b"\0"
        case dict():
            return b"\x03" + key + bson(value)
        case list():
            return b"\x04" + key + bson({str(index): item for index, item in enumerate(value)})
    raise TypeError(f"{name} has a type that is not needed here")


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError
        received += part
    return received
