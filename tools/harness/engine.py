"""One `sluice run` as a child process: started, watched by its status file, ended, measured."""

import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0  # seconds; a wait that meets it has failed


class Failed(Exception):
    """What was expected did not happen."""


def wait_until(condition, what, patience=PATIENCE, pause=0.005):
    """Returns the condition's first true answer."""
    deadline = time.monotonic() + patience
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {patience:.0f} s")
        time.sleep(pause)


def sanitized(build):
    """Whether what it takes tells of a sanitizer besides: one keeps shadows, and holds back what was freed."""
    cache = Path(build) / "CMakeCache.txt"
    return cache.exists() and bool(re.search(r"^SLUICE_SANITIZE:\w+=.+", cache.read_text(encoding="utf-8"), re.M))


@dataclass
class Usage:
    """What a process that has ended took."""

    status: int  # exit status, or minus the signal
    wall_s: float
    cpu_s: float
    peak_rss_mb: float


class Engine:
    """Files it leaves in its folder: status.json and engine.log."""

    def __init__(self, build, config, folder, name="engine", variables=None):
        """`variables` are added to the environment."""
        self.binary = Path(build) / "bin" / "sluice"
        self.plugins = Path(build) / "plugins"
        self.config = Path(config)
        self.status_file = Path(folder) / f"{name}.status.json"
        self.log_file = Path(folder) / f"{name}.log"
        self.environment = {**os.environ, "SLUICE_PLUGIN_PATH": str(self.plugins),
                            "MONGOC_DISABLE_SHM": "1",  # what is killed would leave its counters in /dev/shm
                            **(variables or {})}
        self.process = None
        self.peak_rss_kb = 0

    def start(self, limit=None):
        """`limit` is called in the child before it becomes the engine."""

        def become():
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored beneath nohup, and then by the engine too
            if limit:
                limit()

        self.status_file.unlink(missing_ok=True)
        command = [self.binary, "run", "-c", self.config, "--status-file", self.status_file]
        with open(self.log_file, "ab") as log:
            self.started = time.monotonic()
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment, preexec_fn=become)
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.running():
            self.process.send_signal(signal.SIGCONT)
            self.kill()

    def running(self):
        return self.process is not None and self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        return self.reap()

    def drain(self):
        """Asks it to end well."""
        self.sample()
        self.process.terminate()
        return self.reap()

    def reap(self, patience=PATIENCE):
        """Waits for its end."""
        deadline = time.monotonic() + patience
        while True:
            pid, status, resources = os.wait4(self.process.pid, os.WNOHANG)
            if pid != 0:
                break
            self.sample()
            if time.monotonic() > deadline:
                raise Failed(f"the engine does not end\n{self.last_words()}")
            time.sleep(0.002)
        wall = time.monotonic() - self.started
        code = os.waitstatus_to_exitcode(status)
        self.process.returncode = code
        return Usage(code, wall, resources.ru_utime + resources.ru_stime, self.peak_rss_kb / 1024)

    def sample(self):
        """Notes the peak of resident memory. (wait4's is that of the forked interpreter, too.)"""
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        self.peak_rss_kb = max(self.peak_rss_kb, int(line.split()[1]))
        except (FileNotFoundError, ProcessLookupError):
            pass

    def cpu_s(self):
        """CPU time so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self):
        """The first pipeline's status; empty before there is one."""
        try:
            return json.loads(self.status_file.read_text(encoding="utf-8"))["pipelines"][0]
        except (FileNotFoundError, ValueError, IndexError):
            return {}

    def state(self):
        return self.status().get("state", "")

    def settled(self):
        return self.status().get("events", {}).get("total", 0)

    def wait_for(self, condition, what, patience=PATIENCE, pause=0.005):
        """Like wait_until, but ends at once when the engine does."""

        def holds():
            if condition():
                return True
            if self.process.poll() is not None:
                raise Failed(f"{what}: the engine ended with {self.process.returncode}")
            return False

        try:
            return wait_until(holds, what, patience, pause)
        except Failed as failed:
            raise Failed(f"{failed}\n{self.last_words()}") from None

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def last_words(self):
        lines = self.log().splitlines()[-15:]
        return "\n".join(["The engine's last words:", *lines])
