"""Connections that break at the worst moment: the request has arrived, and its answer comes late or never."""

import contextlib
import enum
import socket
import threading
import time
from collections import Counter, deque


class Strike(enum.Enum):
    """What happens to a request that was passed on."""

    CUT = "cut before the answer"
    LOSE = "answered and cut"  # so it was carried out
    HOLD = "answered late"     # after the client has given up


class CuttingProxy:
    """Passes TCP connections on to a server. `cut()` has the next request passed on and its connection closed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.upstream = None  # the server's port; before it is set nobody connects
        self.cut_next = threading.Event()
        self.hits = Counter()  # of what was asked for, what came to pass
        self.connections = set()
        self.struck = {}  # by the socket to the server: what happens to its answers
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):  # of close()
            while True:
                client, _ = self.listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.upstream))
                except OSError:
                    client.close()
                    continue
                self.connections |= {client, server}
                threading.Thread(target=self.requests, args=(client, server), daemon=True).start()
                threading.Thread(target=self.answers, args=(server, client), daemon=True).start()

    def requests(self, client, server):
        with contextlib.suppress(OSError):
            while request := self.read(client):
                strike = self.struck[server] = self.strike_for(request)  # before it goes: the answer may be quick
                server.sendall(request)
                if strike is Strike.CUT:
                    break
        self.end(client, server)

    def answers(self, server, client):
        with contextlib.suppress(OSError):
            while answer := self.read(server):
                strike = self.struck.get(server)
                if strike in (Strike.CUT, Strike.LOSE):
                    break
                if strike is Strike.HOLD:
                    time.sleep(self.late_s)
                client.sendall(answer)
        self.struck.pop(server, None)
        self.end(server, client)

    def read(self, connection):
        return connection.recv(1 << 16)

    def strike_for(self, request):
        if not self.cut_next.is_set():
            return None
        self.cut_next.clear()
        self.hits["connection cut"] += 1
        return Strike.CUT

    def end(self, *pair):
        for connection in pair:
            self.connections.discard(connection)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def cut(self):
        self.cut_next.set()

    def reset(self):
        """Ends all connections at once."""
        self.hits["connections reset"] += 1
        self.end(*list(self.connections))

    def calm(self):
        """What was asked for and has not come to pass will not."""
        self.cut_next.clear()

    def close(self):
        self.listener.close()
        self.end(*list(self.connections))


class WriteProxy(CuttingProxy):
    """One before a server of MongoDB's protocol, which knows where messages end: `strike()` is for the next write."""

    def __init__(self, late_s):
        """A late answer is held back for `late_s` seconds."""
        super().__init__()
        self.late_s = late_s
        self.strikes = deque()  # still to come

    def strike(self, what):
        self.strikes.append(what)

    def calm(self):
        super().calm()
        self.strikes.clear()

    def read(self, connection):
        """A message, which begins with its length, little-endian, itself included. Nothing at the connection's end."""
        head = connection.recv(4, socket.MSG_WAITALL)
        if len(head) < 4:
            return b""
        return head + connection.recv(int.from_bytes(head, "little") - 4, socket.MSG_WAITALL)

    def strike_for(self, request):
        if not is_write(request):
            return super().strike_for(request)
        with contextlib.suppress(IndexError):
            strike = self.strikes.popleft()
            self.hits[f"write {strike.value}"] += 1
            return strike
        return super().strike_for(request)


OP_MSG = (2013).to_bytes(4, "little")
NAME_AT = 26  # after header, flags, the section's kind, its document's length, and the type of the first field
WRITES = {b"insert", b"update", b"delete", b"findAndModify", b"bulkWrite"}


def is_write(request):
    """By the command's name: the first field of an OP_MSG's body."""
    return request[12:16] == OP_MSG and request[NAME_AT:request.find(b"\0", NAME_AT)] in WRITES
