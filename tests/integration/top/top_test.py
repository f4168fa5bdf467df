"""sluice top, in a terminal, beside real engines.

SLUICE and SLUICE_KIT are the programs, SLUICE_PLUGINS the folder with the plugin `activity`.
"""
import http.server
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from terminal import PATIENCE, Terminal

SLUICE = os.environ["SLUICE"]
KIT = os.environ["SLUICE_KIT"]
CONFIG = pathlib.Path(__file__).parents[3] / "configs" / "activity-embedded.yaml"
FINE, USAGE, CHECK_FAILED = 0, 2, 8
EVENTS = 2000


def grouped(number):
    return f"{number:,}"


class Scene(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.status = self.folder / "status.json"
        self.environment = {
            **os.environ, "SLUICE_PLUGIN_PATH": os.environ["SLUICE_PLUGINS"], "LOG_LEVEL": "ERROR",
            "OUTBOX_DB": str(self.folder / "outbox.db"), "DOCUMENTS_DB": str(self.folder / "documents.db"),
            "DEAD_LETTERS_FILE": str(self.folder / "dead.ndjson"),
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SLUICE_ADMIN_TOKEN": ""}
        self.environment.pop("NO_COLOR", None)

    def fill(self, events, rate=0):
        command = [KIT, "generate", "--out", self.folder / "outbox.db", "--events", str(events), "--rate", str(rate)]
        return self.started(command, stdout=subprocess.DEVNULL)

    def started(self, command, **options):
        process = subprocess.Popen(command, env=self.environment, **options)

        def stop():
            if process.poll() is None:
                process.kill()
            process.wait()

        self.addCleanup(stop)
        return process

    def engine(self):
        return self.started([SLUICE, "run", "-c", CONFIG, "--status-file", self.status],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def settled(self, count):
        end = time.monotonic() + PATIENCE
        while True:
            status = json.loads(self.status.read_text()) if self.status.exists() else {"pipelines": []}
            if any(each["events"]["total"] >= count for each in status["pipelines"]):
                return status
            self.assertLess(time.monotonic(), end, "the engine does not settle its events")
            time.sleep(0.05)

    def top(self, *arguments, columns=80, rows=24, place=None, **environment):
        terminal = Terminal([SLUICE, "top", str(place or self.status), *arguments],
                            {**self.environment, **environment}, columns, rows)
        self.addCleanup(terminal.close)
        return terminal

    def once(self, *arguments, place=None):
        return subprocess.run([SLUICE, "top", "--once", str(place or self.status), *arguments], env=self.environment,
                              capture_output=True, text=True, timeout=PATIENCE)

    def running_engine(self):
        self.assertEqual(self.fill(EVENTS).wait(PATIENCE), 0)
        engine = self.engine()
        self.settled(EVENTS)
        return engine


class Live(Scene):
    def test_it_shows_a_load_to_its_target_and_gives_the_terminal_back(self):
        self.fill(0).wait(PATIENCE)
        self.engine()
        terminal = self.top("--target", str(EVENTS))
        terminal.wait_for("running")
        self.fill(EVENTS, rate=1000)
        terminal.wait_for(lambda text: "UserCreated" in text and "remaining" in text)
        for title in ("Throughput", "Latency", "Where the time goes", "Types", "Partition", "Writers", "Trouble",
                      "Last events"):
            self.assertIn(title, terminal.screen.text())
        self.assertEqual(terminal.end(), FINE)
        self.assertIn("2,000 of 2,000", terminal.screen.text())
        self.assertIn("2,000 of 2,000 events (100.0 %)", terminal.screen.main)
        self.assertTrue(terminal.is_as_it_was())
        self.assertIn("0;32", terminal.screen.colours)

    def test_it_follows_the_terminals_size(self):
        self.running_engine()
        terminal = self.top()
        terminal.wait_for("Last events")
        for columns, rows in ((120, 40), (200, 60), (40, 10), (80, 24)):
            terminal.resize(columns, rows)
            terminal.wait_for("q quit" if rows > 9 else "sluice")
            self.assertEqual(terminal.screen.text().splitlines()[-1].strip()[:6], "q quit")
        terminal.type("q")
        self.assertEqual(terminal.end(), FINE)

    def test_it_outlives_an_engine_and_meets_the_next(self):
        engine = self.running_engine()
        terminal = self.top()
        terminal.wait_for("running")
        engine.kill()
        terminal.wait_for("No news since")
        self.assertIn(grouped(EVENTS), terminal.screen.text(), "the last picture stays")
        self.engine()
        terminal.wait_for(lambda text: "No news since" not in text)
        terminal.type("q")
        self.assertEqual(terminal.end(), FINE)

    def test_keys_freeze_the_picture_and_show_help(self):
        self.running_engine()
        terminal = self.top()
        terminal.wait_for("Last events")
        terminal.type("p")
        terminal.wait_for(" frozen ")
        terminal.type("p?")
        terminal.wait_for("freeze the picture")
        terminal.type("?\x0c")
        terminal.wait_for("Last events")
        terminal.type("\x03")
        self.assertEqual(terminal.end(), FINE)
        self.assertTrue(terminal.is_as_it_was())

    def test_signals_leave_the_terminal_as_it_was(self):
        self.running_engine()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            terminal = self.top()
            terminal.wait_for("Last events")
            terminal.signal(number)
            self.assertEqual(terminal.end(), FINE)
            self.assertTrue(terminal.is_as_it_was(), number)

    def test_leaving_before_the_target_is_not_success(self):
        self.running_engine()
        terminal = self.top("--target", "1000000")
        terminal.wait_for("Last events")
        terminal.type("q")
        self.assertEqual(terminal.end(), CHECK_FAILED)

    def test_no_colour_and_ascii_where_they_are_asked_for(self):
        self.running_engine()
        terminal = self.top(NO_COLOR="1", LC_ALL="C")
        terminal.wait_for("Last events")
        terminal.type("q")
        self.assertEqual(terminal.end(), FINE)
        self.assertTrue(terminal.screen.text().isascii())
        for colour in terminal.screen.colours:
            self.assertLess(max((int(part) for part in colour.split(";") if part), default=0), 30)


class Text(Scene):
    def test_once_tells_what_the_status_tells(self):
        self.running_engine()
        done = self.once()
        self.assertEqual((done.returncode, done.stderr), (FINE, ""))
        self.assertNotIn("\x1b", done.stdout)
        status = json.loads(self.status.read_text())["pipelines"][0]
        self.assertIn(f"{grouped(status['events']['applied'])} applied", done.stdout)
        for name, counts in status["types"].items():
            self.assertRegex(done.stdout, rf"{name}\s+{grouped(counts['count'])} ")

    def test_once_fails_where_nobody_answers(self):
        for place in ("http://127.0.0.1:1", self.folder / "none.json"):
            done = self.once(place=place)
            self.assertEqual((done.returncode, done.stdout), (CHECK_FAILED, ""))
            self.assertIn(str(place).removeprefix("http://"), done.stderr)
        self.assertEqual(self.once(place="https://127.0.0.1").returncode, USAGE)

    def test_without_a_terminal_it_prints_lines(self):
        self.running_engine()
        done = subprocess.run([SLUICE, "top", str(self.status), "--target", str(EVENTS)], env=self.environment,
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, FINE, done.stderr)
        self.assertRegex(done.stdout, r"^activity running: 2,000 of 2,000 events \(100.0 %\)")


class Endpoint(Scene):
    """Against what an admin endpoint answers, with a token."""

    def serve(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                right = self.headers.get("Authorization") == "Bearer s3cret"
                body = answer() if right and self.path == "/status" else b"{}"
                self.send_response(200 if right else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def test_it_asks_with_the_token_and_says_when_that_is_wrong(self):
        status = {"version": 1, "time": "2026-11-21T08:00:00Z", "pipelines": [{"id": "mail", "state": "running"}]}
        address = self.serve(lambda: json.dumps(status).encode())
        refused = self.once(place=address)
        self.assertEqual(refused.returncode, CHECK_FAILED)
        self.assertIn("SLUICE_ADMIN_TOKEN", refused.stderr)
        self.assertIn("mail", self.once("--token", "s3cret", place=address).stdout)
        self.environment["SLUICE_ADMIN_TOKEN"] = "s3cret"
        self.assertIn("mail", self.once(place=address).stdout)

    def test_rubbish_is_said_to_be_rubbish(self):
        address = self.serve(lambda: b"\x1b[2J<html>")
        done = self.once("--token", "s3cret", place=address)
        self.assertEqual(done.returncode, CHECK_FAILED)
        self.assertIn("not the status of a sluice engine", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
