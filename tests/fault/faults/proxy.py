"""A connection that breaks at the worst moment: the request has arrived, and its answer never comes."""

import contextlib
import socket
import threading


class CuttingProxy:
    """Passes TCP connections on to a server. `cut()` has the next request passed on and its connection closed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.upstream = None  # the server's port; before it is set nobody connects
        self.cut_next = threading.Event()
        self.connections = set()
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
            while data := client.recv(1 << 16):
                server.sendall(data)
                if self.cut_next.is_set():
                    self.cut_next.clear()
                    break
        self.end(client, server)

    def answers(self, server, client):
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                client.sendall(data)
        self.end(client, server)

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
        self.end(*list(self.connections))

    def close(self):
        self.listener.close()
        self.reset()
