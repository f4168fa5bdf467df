"""What the tests of the command line share: a folder with a configuration, and the program run in it.

SLUICE is the program, SLUICE_PLUGINS the folder with the plugins `activity` and `notify`.
"""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

SLUICE = os.environ["SLUICE"]
PLUGINS = os.environ["SLUICE_PLUGINS"]
FINE, USAGE, CONFIGURATION, PLUGIN_REFUSED, FAILED, BREAKER, UNFINISHED, CHECK_FAILED = 0, 2, 3, 4, 5, 6, 7, 8
PATIENCE = 60  # seconds; longer than any machine under load needs

PIPELINE = """
sluice: 1
engine: {{ plugin_path: ["{plugins}"] }}
pipelines:
  people:
    source: {{ file: {{ path: events.ndjson, follow: {follow} }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", payload: "field:payload" }} }}
    plugins: {{ activity: "{versions}" }}
    routes:
      - {{ on: UserCreated, to: [activity.user_created] }}
      - {{ on: Unwanted, to: [] }}
      - {{ otherwise: dead_letter }}
    store: {{ sqlite: {{ path: people.db }} }}
    dead_letters: {{ file: {{ path: dead_letters.ndjson }} }}
    breaker: {breaker}
"""

# Nobody listens on port 1; without a store the pipeline remembers in the engine's state file.
UNREACHABLE_SINK = """
sluice: 1
engine: {{ plugin_path: ["{plugins}"], state: state.db }}
pipelines:
  mail:
    source: {{ file: {{ path: events.ndjson, follow: true }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", payload: "field:payload" }} }}
    plugins: {{ notify: "*" }}
    handlers:
      hook: {{ use: notify.webhook, options: {{ url: "http://127.0.0.1:1/" }} }}
    routes:
      - {{ on: A, to: [hook] }}
    dead_letters: {{ file: {{ path: dead_letters.ndjson }} }}
"""


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory(prefix="sluice-cli-")
        self.addCleanup(self.holder.cleanup)
        self.folder = pathlib.Path(self.holder.name)
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("SLUICE_CONFIG", "SLUICE_PLUGIN_PATH", "LOG_LEVEL")}

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def pipeline(self, follow="false", versions="*", breaker="off"):
        self.write("sluice.yaml", PIPELINE.format(plugins=PLUGINS, follow=follow, versions=versions, breaker=breaker))

    def events(self, *events):
        self.write("events.ndjson", "".join(
            (event if isinstance(event, str) else json.dumps(event)) + "\n" for event in events))

    def run_sluice(self, *arguments, status=FINE, stdin=""):
        done = subprocess.run([SLUICE, *arguments], cwd=self.folder, env=self.environment, input=stdin,
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def json_of(self, *arguments, status=FINE, stdin=""):
        return json.loads(self.run_sluice(*arguments, "--json", status=status, stdin=stdin).stdout)

    def documents(self):
        with sqlite3.connect(self.folder / "people.db") as database:
            return database.execute("select count(*) from users").fetchone()[0]

    def start(self, *arguments):
        process = subprocess.Popen([SLUICE, "run", *arguments], cwd=self.folder, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def wait_for_pipelines(self, condition):
        by_name = {}

        def holds(_):
            status = json.loads((self.folder / "status.json").read_text())
            by_name.update({one["id"]: one["state"] for one in status["pipelines"]})
            return condition(by_name)
        self.wait_for_status(holds)

    def wait_for_status(self, condition):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status = json.loads((self.folder / "status.json").read_text())
                if condition(status["pipelines"][0]):
                    return status
            except FileNotFoundError:
                pass
            time.sleep(0.01)
        self.fail("the status that this waits for has not come")
