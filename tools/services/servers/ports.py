"""Free ports, each held for this process as long as it lives.

Below 32768, where the kernel takes no port for an outgoing connection: a server that is restarted finds its port free.
Two callers at once never get the same one: a port is reserved by an abstract socket of its number, which needs no file
and goes with its process.
"""

import random
import socket

FIRST, LAST = 20000, 32000


class Ports:
    def __init__(self) -> None:
        self._reserved: list[socket.socket] = []

    def take(self) -> int:
        for port in random.sample(range(FIRST, LAST), 1000):
            if self._reserve(port):
                return port
        raise OSError(f"no free port between {FIRST} and {LAST}")

    def _reserve(self, port: int) -> bool:
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0sluice-services-port-{port}")
            with socket.socket() as trial:
                trial.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            return False
        self._reserved.append(mark)
        return True
