"""A server's address that can be shut: who wants to connect is refused, and who is connected is cut off."""

import contextlib
import selectors
import socket
import threading


class Door:
    """Shut at first. (Clients of Kafka learn the broker's own address from what they hear through it.)"""

    def __init__(self, target):
        self._target = target
        self._passing = set()
        self._listener = self._bound(0)
        self._port = self._listener.getsockname()[1]
        self.address = f"127.0.0.1:{self._port}"

    def open(self):
        self._listener.listen()
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def shut(self):
        self.close()
        self._listener = self._bound(self._port)

    def close(self):
        for connection in (self._listener, *self._passing):
            with contextlib.suppress(OSError):  # it may be ended already
                connection.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @staticmethod
    def _bound(port):
        """Whoever has the port, it is nobody else's while the door is shut."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        return listener

    def _serve(self, listener):
        with contextlib.suppress(OSError):  # shut
            while True:
                threading.Thread(target=self._pass_on, args=(listener.accept()[0],), daemon=True).start()

    def _pass_on(self, client):
        host, _, port = self._target.rpartition(":")
        with client, socket.create_connection((host, int(port))) as server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            self._passing |= {client, server}
            with contextlib.suppress(OSError):  # cut off
                while True:
                    for key, _ in ready.select():
                        heard = key.fileobj.recv(65536)
                        if not heard:
                            return
                        key.data.sendall(heard)
            self._passing -= {client, server}
