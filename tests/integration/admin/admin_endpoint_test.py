"""The admin endpoint of a running engine: what it answers, whom it refuses, and that nobody can do harm with it.

SLUICE is the program, SLUICE_PLUGINS the folder with the plugins `activity` and `notify`.
"""
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))

from harness.plain_events import user  # noqa: E402

SLUICE = os.environ["SLUICE"]
PLUGINS = os.environ["SLUICE_PLUGINS"]
FINE, USAGE, CONFIGURATION = 0, 2, 3
PATIENCE = 60  # seconds; longer than any machine under load needs
ROUTES = ("/livez", "/readyz", "/status", "/metrics")
TOKEN = "planted-token-4711"
PASSWORD = "planted-password-0815"

PEOPLE = """
sluice: 1
engine: {{ plugin_path: ["{plugins}"], {engine} }}
pipelines:
  people:
    source: {{ file: {{ path: events.ndjson, follow: {follow} }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", payload: "field:payload" }} }}
    plugins: {{ activity: "*" }}
    routes:
      - {{ on: UserCreated, to: [activity.user_created] }}
      - {{ otherwise: dead_letter }}
    store: {{ sqlite: {{ path: people.db, busy_timeout: 200ms }} }}
    dead_letters: {{ file: {{ path: dead_letters.ndjson }} }}
    breaker: off
"""

HOOK = """
sluice: 1
engine: {{ plugin_path: ["{plugins}"], state: state.db, {engine} }}
pipelines:
  mail:
    source: {{ file: {{ path: events.ndjson, follow: true }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", payload: "field:payload" }} }}
    plugins: {{ notify: "*" }}
    handlers:
      hook: {{ use: notify.webhook, options: {{ url: "{url}" }} }}
    routes:
      - {{ on: A, to: [hook] }}
    dead_letters: {{ file: {{ path: dead_letters.ndjson }} }}
"""

MONGODB = """
sluice: 1
engine: {{ plugin_path: ["{plugins}"], {engine} }}
pipelines:
  people:
    source: {{ file: {{ path: events.ndjson, follow: true }} }}
    decode: {{ plain: {{ type: "field:type", id: "field:id", payload: "field:payload" }} }}
    plugins: {{ activity: "*" }}
    routes: [ {{ on: UserCreated, to: [activity.user_created] }} ]
    store: {{ mongodb: {{ uri: "mongodb://planted:{password}@127.0.0.1:1/", database: x }} }}
"""


class Engine(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="sluice-admin-")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.append()

    def configure(self, text, engine="", **values):
        (self.folder / "sluice.yaml").write_text(text.format(plugins=PLUGINS, engine=engine, **values))

    def append(self, *events):
        with open(self.folder / "events.ndjson", "a") as file:
            file.writelines(json.dumps(event) + "\n" for event in events)

    def start(self, address="127.0.0.1:0"):
        arguments = [SLUICE, "run"] + (["--admin", address] if address else [])
        log = open(self.folder / "log", "w")
        self.addCleanup(log.close)
        self.process = subprocess.Popen(arguments, cwd=self.folder, stderr=log)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        found = self.wait_for(lambda: re.search(r"admin endpoint is http://([^\"\s]+):(\d+)", self.log()))
        self.port = int(found.group(2))

    def refused(self, *arguments):
        done = subprocess.run([SLUICE, "run", *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=PATIENCE)
        return done.returncode, done.stderr

    def log(self):
        return (self.folder / "log").read_text()

    def ask(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode(), response

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.addCleanup(connection.close)
        return connection

    def status(self):
        return json.loads(self.ask("/status")[1])["pipelines"][0]

    def reasons(self):
        code, text, _ = self.ask("/readyz")
        answer = json.loads(text)
        self.assertEqual(code, 200 if answer["ready"] else 503)
        return {one["reason"]: one for one in answer["reasons"]}

    def wait_for(self, condition):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            time.sleep(0.01)
        self.fail("what this waits for has not come; the log:\n" + self.log())

    def wait_until_ready(self):
        self.wait_for(lambda: self.ask("/readyz")[0] == 200)

    @contextlib.contextmanager
    def locked_store(self):
        with contextlib.closing(sqlite3.connect(self.folder / "people.db", isolation_level=None)) as database:
            database.execute("begin exclusive")
            yield
            database.execute("rollback")


class Routes(Engine):
    def setUp(self):
        super().setUp()
        self.configure(PEOPLE, follow="true")
        self.start()
        self.wait_until_ready()

    def test_each_route_answers_get_and_head(self):
        for path in ROUTES:
            with self.subTest(path):
                code, text, response = self.ask(path)
                self.assertEqual(code, 200)
                self.assertTrue(text)
                json_page = path != "/metrics"
                self.assertEqual(response.getheader("Content-Type"),
                                 "application/json" if json_page else "text/plain; version=0.0.4; charset=utf-8")
                code, text, response = self.ask(path, "HEAD")
                self.assertEqual((code, text), (200, ""))
                self.assertGreater(int(response.getheader("Content-Length")), 0)

    def test_an_unknown_path_is_told_which_there_are(self):
        code, text, _ = self.ask("/stats")
        self.assertEqual(code, 404)
        for path in ROUTES:
            self.assertIn(path, json.loads(text)["error"])

    def test_other_methods_and_bodies_are_refused(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            code, _, response = self.ask("/status", method)
            self.assertEqual((code, response.getheader("Allow")), (405, "GET, HEAD"))
        self.assertEqual(self.ask("/status", body=b"x" * 100)[0], 413)

    def test_rubbish_is_refused_and_the_next_one_is_answered(self):
        for rubbish in (b"\x16\x03\x01\x02\x00\x01\x00", b"BREW /pot\r\n\r\n", b"\r\n\r\n", b"GET " + b"/" * 100_000,
                        b"GET /livez HTTP/1.1\r\n" + b"X: y\r\n" * 100_000):
            connection = self.connect()
            with contextlib.suppress(OSError):
                connection.sendall(rubbish)
                connection.shutdown(socket.SHUT_WR)
                self.assertNotIn(b" 200 ", connection.recv(65536))
            self.assertEqual(self.ask("/livez")[0], 200)

    def test_the_status_tells_what_became_of_events_and_why(self):
        self.append(user(1), user(2), {"type": "Unheard", "id": "e-3", "payload": {}})
        status = self.wait_for(lambda: (now := self.status())["events"]["total"] == 3 and now)
        self.assertEqual((status["events"]["applied"], status["events"]["dead_letters"]), (2, 1))
        error = status["last_errors"][0]
        self.assertEqual((error["code"], error["id"], error["partition"]), ("route.no_match", "e-3", 0))
        self.assertIn("Unheard", error["reason"])
        self.assertEqual((status["stalled"], status["waiting"], status["retrying"], status["breaker"]),
                         ([], [], {}, None))
        self.wait_for(lambda: self.status()["partitions"][0]["lag"] == 0)

    def test_slow_clients_hold_up_nobody(self):
        slow = [self.connect() for _ in range(200)]
        for connection in slow:
            with contextlib.suppress(OSError):
                connection.sendall(b"GET /status HTTP/1.1\r\nX: ")
        started = time.monotonic()
        self.assertEqual(self.ask("/readyz")[0], 200)
        self.assertLess(time.monotonic() - started, 4, "less than the slow ones are given")

    def test_an_engine_that_drains_says_so_until_it_ends(self):
        with self.locked_store():
            self.append(user(1))
            self.wait_for(lambda: "store_retrying" in self.reasons())
            self.process.send_signal(signal.SIGTERM)
            self.wait_for(lambda: "draining" in self.reasons())
        self.assertEqual(self.process.wait(PATIENCE), FINE)

    def test_readiness_follows_the_store(self):
        with self.locked_store():
            self.append(user(1))
            reason = self.wait_for(lambda: self.reasons().get("store_retrying"))
            self.assertEqual(reason["pipeline"], "people")
            self.assertIn("locked", reason["text"])
            self.assertRegex(reason["since"], r"^\d{4}-\d\d-\d\dT.*Z$")
            self.assertEqual(self.ask("/livez")[0], 200, "an outage is no reason to kill the engine")
        self.wait_until_ready()


class Crowd(Engine):
    def test_a_thousand_connections_keep_no_pipeline_from_its_end(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.configure(PEOPLE, follow="true")
        self.start()
        self.wait_until_ready()
        crowd = [self.connect() for _ in range(1000)]
        self.append(*[user(number) for number in range(5000)])
        self.wait_for(lambda: self.status()["events"]["applied"] == 5000)
        self.assertEqual(len(crowd), 1000)
        self.assertEqual(self.ask("/readyz")[0], 200)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(PATIENCE), FINE)


class Stalls(Engine):
    def test_a_sink_that_does_not_come_back_is_named_once_and_told_when_it_does(self):
        answer = threading.Event()

        class Slow(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                answer.wait(PATIENCE)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.addCleanup(answer.set)
        self.configure(HOOK, engine="stall_after: 1500ms", url=f"http://127.0.0.1:{server.server_port}/")
        self.append({"type": "A", "id": "e-1", "payload": {}})
        self.start()
        self.wait_for(lambda: "stalled" in self.reasons())
        stalled = self.wait_for(lambda: {one["kind"]: one for one in self.status()["stalled"] if one["kind"] == "writer"})
        self.assertEqual(stalled["writer"]["target"], "hook")
        self.assertIn("e-1", stalled["writer"]["change"])
        answer.set()
        self.wait_until_ready()
        self.assertEqual(self.status()["stalled"], [])
        self.assertEqual(self.log().count("a writer of hook does not come back"), 2, "when it begins and when it ends")


class Access(Engine):
    def guarded(self):
        (self.folder / "token").write_text(TOKEN + "\n")
        return 'admin: { listen: "127.0.0.1:0", token: "${file:token}" }'

    def test_only_who_has_the_token_is_answered(self):
        self.configure(PEOPLE, engine=self.guarded(), follow="true")
        self.start(address=None)
        for path in ROUTES + ("/unknown",):
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
                code, text, _ = self.ask(path, headers=headers)
                self.assertEqual(code, 401)
                self.assertNotIn("people", text)
        right = {"Authorization": f"Bearer {TOKEN}"}
        self.wait_for(lambda: self.ask("/readyz", headers=right)[0] == 200)
        self.assertEqual(self.ask("/metrics", headers=right)[0], 200)

    def test_no_secret_appears_anywhere(self):
        self.configure(MONGODB, engine=self.guarded(), password=PASSWORD)
        self.start(address=None)
        right = {"Authorization": f"Bearer {TOKEN}"}
        self.wait_for(lambda: "out of reach" in self.ask("/readyz", headers=right)[1])
        for path in ROUTES + ("/unknown",):
            _, text, response = self.ask(path, headers=right)
            for secret in (TOKEN, PASSWORD):
                self.assertNotIn(secret, text + str(response.getheaders()))
        for secret in (TOKEN, PASSWORD):
            self.assertNotIn(secret, self.log())

    def test_an_address_that_others_can_reach_needs_a_token(self):
        self.configure(PEOPLE, engine='admin: { listen: "0.0.0.0:0" }', follow="false")
        code, error = self.refused()
        self.assertEqual(code, CONFIGURATION)
        self.assertRegex(error, r"sluice\.yaml:3:\d+: engine\.admin: others can reach 0\.0\.0\.0:0")
        self.assertIn("token", error)
        self.configure(PEOPLE, follow="false")
        code, error = self.refused("--admin", "[::]:0")
        self.assertEqual(code, CONFIGURATION)
        self.assertIn("engine.admin.token", error)

    def test_a_port_in_use_and_an_address_that_is_none_are_told_at_once(self):
        self.configure(PEOPLE, follow="false")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            code, error = self.refused("--admin", f"127.0.0.1:{taken.getsockname()[1]}")
            self.assertEqual(code, CONFIGURATION)
            self.assertIn("in use", error)
        code, error = self.refused("--admin", "8083")
        self.assertEqual(code, USAGE)
        self.assertIn("127.0.0.1:8083", error)

    def test_without_being_asked_for_there_is_no_endpoint(self):
        self.configure(PEOPLE, follow="false")
        code, error = self.refused()
        self.assertEqual(code, FINE)
        self.assertNotIn("admin endpoint", error)


if __name__ == "__main__":
    unittest.main(verbosity=2)
