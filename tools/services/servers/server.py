"""What all servers have in common: start, a real answer, stop, kill, freeze, thaw, on the same ports and data."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .guard import processes_in, signal_all

POLL_SECONDS = 0.05


class Failed(Exception):
    """A server could not be started or stopped; the text is for the person who asked."""


class PortTaken(Failed):
    """Somebody else took the port between choosing and binding it: choose another."""


class Server:
    """One server. `command`, `ready` and `addresses` are the subclass's; its folder is its working folder."""

    name = ""
    patience_seconds = 60.0
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir()
        self._identity: list[str] = []  # options of setpriv(1): another user than this one
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Variables the server itself needs."""
        return {}

    def ready(self) -> bool:
        """Whether a real request is answered now."""
        raise NotImplementedError

    def addresses(self) -> dict[str, str]:
        """How to reach it, as environment variables."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Starts the process; `wait` then waits for its first answer."""
        if self._process and self._process.poll() is None:
            raise Failed(f"{self.name} is running already, as process {self.pid}")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", *self._identity, "--pdeathsig", "KILL", *self.command()],
                cwd=self.folder, env=os.environ | self.environment(),
                process_group=0,  # Ctrl-C is the caller's; in a session of its own it would compete with it for the CPU
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait(self) -> None:
        deadline = time.monotonic() + self.patience_seconds
        while True:
            if self._process is None or self._process.poll() is not None:
                raise self._not_started("ended at its start")
            if self.ready():
                return
            if time.monotonic() > deadline:
                raise self._not_started(f"gave no answer within {self.patience_seconds:.0f} s")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Asks it to end, and SIGKILL when that does not help within 30 s."""
        self.thaw()
        if self._process and self._process.poll() is None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """SIGKILL, to its children too, and waits until all are gone."""
        while processes_in(self.folder):
            signal_all(self.folder, signal.SIGKILL)
            if self._process:
                self._process.poll()
            time.sleep(0.005)
        if self._process:
            self._process.wait()

    def freeze(self) -> None:
        signal_all(self.folder, signal.SIGSTOP)

    def thaw(self) -> None:
        signal_all(self.folder, signal.SIGCONT)

    def _not_started(self, what: str) -> Failed:
        text = self.log.read_text(errors="replace")
        if "Address already in use" in text:
            return PortTaken(f"{self.name}: its port was taken by another program")
        end = "\n".join("  " + line for line in text.splitlines()[-25:])
        return Failed(f"{self.name} {what}; the end of its log:\n{end}")


def say(text: str) -> None:
    print(f"services: {text}", file=sys.stderr, flush=True)
