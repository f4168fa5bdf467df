"""A root of its own with the Debian packages in it, and the service run in it as its unit says.

Nothing of this machine is touched: dpkg keeps its database in that root, and runs the packages' scripts with DPKG_ROOT.
Libraries are this machine's. BUILD, SLUICE_KIT and SLUICE_PACKAGES name the build's folder, the generator and the packages.
"""
import json
import os
import pathlib
import pwd
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time

PATIENCE = 60  # seconds; longer than any machine under load needs
KIT = os.environ["SLUICE_KIT"]
PACKAGES = pathlib.Path(os.environ["SLUICE_PACKAGES"])
UNIT = "lib/systemd/system/sluice@.service"
# A user without rights, where the test has them.
NOBODY = pwd.getpwnam("nobody") if os.getuid() == 0 else None


def wait_for(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what()}")
        time.sleep(0.01)
    return found


class Root:
    def __init__(self, test):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="sluice-root-"))
        test.addCleanup(shutil.rmtree, self.path)
        self.path.chmod(0o755)
        self.database = self.path / "var/lib/dpkg"
        for folder in ("info", "updates", "triggers"):
            (self.database / folder).mkdir(parents=True)
        (self.database / "status").touch()

    def dpkg(self, *arguments):
        command = [] if NOBODY else ["fakeroot"]
        command += ["dpkg", f"--root={self.path}", f"--log={self.path}/dpkg.log", "--force-script-chrootless",
                    "--force-depends", "--force-confold", "--force-unsafe-io", "--no-triggers"]
        environment = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", LC_ALL="C")
        done = subprocess.run(command + list(arguments), env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self):
        self.dpkg("--install", *map(str, sorted(PACKAGES.glob("*.deb"))))

    def files(self):
        """All but dpkg's own."""
        found = (path for path in self.path.rglob("*") if not path.is_dir() and self.database not in path.parents)
        return sorted(str(path.relative_to(self.path)) for path in found if path.name != "dpkg.log")

    def unit(self, key):
        """The values of a key of the service's unit."""
        return re.findall(rf"^{key}=(.*)$", (self.path / UNIT).read_text(), re.MULTILINE)


class Service:
    """One start of sluice@NAME: what systemd would do, with its socket for notifications."""

    def __init__(self, test, root, name):
        self.root, self.name = root, name
        self.state = root.path / f"var/lib/sluice/{name}"
        self.runtime = root.path / f"run/sluice/{name}"
        for folder in (self.state, self.runtime):
            folder.mkdir(parents=True, exist_ok=True)
            self.give(folder)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self.listener.close)
        self.listener.bind(str(root.path / "notify"))
        (root.path / "notify").chmod(0o777)
        self.listener.setblocking(False)
        self.heard = []
        self.environment = {
            "PATH": "/usr/bin:/bin", "STATE_DIRECTORY": str(self.state), "RUNTIME_DIRECTORY": str(self.runtime),
            "NOTIFY_SOCKET": str(root.path / "notify"), "WATCHDOG_USEC": "400000",
            **dict(line.split("=", 1) for line in root.unit("Environment"))}
        self.log = root.path / "journal"
        self.process = None
        test.addCleanup(self.kill)

    @staticmethod
    def give(path):
        if NOBODY:
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)

    def command(self, line):
        line = line.replace("%i", self.name).replace("${RUNTIME_DIRECTORY}", self.environment["RUNTIME_DIRECTORY"])
        for folder in ("/usr/bin/", "/etc/sluice/"):
            line = re.sub(rf"(?<=^){folder}|(?<= ){folder}", f"{self.root.path}{folder}", line)
        return shlex.split(line)

    def user(self):
        return {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if NOBODY else {}

    def start(self):
        [line] = self.root.unit("ExecStart")
        with open(self.log, "w", encoding="utf-8") as log:  # port 0: tests share none
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                self.command(line) + ["--admin", "127.0.0.1:0"], env=self.environment, cwd=self.state,
                stdout=log, stderr=log, start_new_session=True, **self.user())

    def reload(self):
        """What `systemctl reload` runs: the first of its commands that fails, or the last."""
        for line in self.root.unit("ExecReload"):
            done = subprocess.run(self.command(line), env={**self.environment, "MAINPID": str(self.process.pid)},
                                  cwd=self.state, capture_output=True, text=True, check=False, **self.user())
            if done.returncode != 0:
                break
        return done

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def listen(self):
        while True:
            try:
                self.heard.append(self.listener.recv(65536).decode())
            except BlockingIOError:
                return self.heard

    def wait_to_hear(self, words, after=0):
        """The place after the first message since `after` that has these words."""
        def found():
            for place, message in enumerate(self.listen()[after:], after + 1):
                if words in message:
                    return place
            assert self.process.poll() is None, self.log.read_text()
            return 0
        return wait_for(found, lambda: f"{words}; heard {self.heard}, log:\n{self.log.read_text()}")

    def bring_rows(self, events):
        """Whole or not at all: the engine may be waiting for the file."""
        made = self.root.path / "made.db"
        subprocess.run([KIT, "generate", "--out", made, "--events", str(events)], check=True, capture_output=True)
        with sqlite3.connect(made) as database:
            database.execute("PRAGMA journal_mode=DELETE")
        database.close()
        self.give(made)
        made.rename(self.state / "outbox.db")

    def applied(self):
        """How many events were, by the status that it writes."""
        try:
            status = json.loads((self.runtime / "status.json").read_text())
        except FileNotFoundError:
            return 0
        return sum(pipeline["events"]["applied"] for pipeline in status["pipelines"])

    def verify(self):
        """Every document against the rows, by a program that knows nothing of the engine."""
        return subprocess.run([KIT, "verify", "--outbox", self.state / "outbox.db", "--documents",
                               self.state / "documents.db"], capture_output=True, text=True, check=False)
