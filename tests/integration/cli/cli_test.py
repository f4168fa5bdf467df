"""The command line of sluice, run as a program: exit statuses, what it prints, what it leaves behind.

SLUICE is the program, SLUICE_PLUGINS the folder with the plugin `activity`.
"""
import http.server
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

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


def user(number):
    identity = f"00000000-0000-4000-8000-{number:012d}"
    payload = {"user_id": identity, "email": f"user{number}@example.org", "username": f"user_{number}",
               "first_name": "Ada", "last_name": "Novak", "date_of_birth": "1990-02-14", "phone": "+1-555-0100",
               "address": {"street": "1 Main St", "city": "Ashlee", "state": "WA", "zipcode": "07747", "country": "US"},
               "preferences": {"notifications_enabled": True, "language": "en", "timezone": "UTC"},
               "created_at": "2026-04-21T20:37:03.605136+00:00"}
    return {"type": "UserCreated", "id": f"e-{number}", "payload": payload}


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


class Help(CommandLine):
    def test_every_command_has_help_with_an_example(self):
        for command in (["run"], ["validate"], ["try"], ["schema"], ["resume"], ["plugins", "list"],
                        ["plugins", "inspect"], ["dead-letters", "list"], ["dead-letters", "show"],
                        ["dead-letters", "replay"], ["dead-letters", "discard"], ["positions", "show"],
                        ["positions", "reset"], ["new", "plugin"]):
            with self.subTest(command):
                self.assertIn("Example:\n  ", self.run_sluice(*command, "--help").stdout)

    def test_the_whole_help_names_the_exit_statuses(self):
        self.assertIn("6 stopped by its breaker", self.run_sluice("--help").stdout)

    def test_the_version_is_one_line(self):
        self.assertRegex(self.run_sluice("--version").stdout, r"^sluice \d+\.\d+\.\d+\n$")

    def test_a_command_that_there_is_not_is_a_mistake_of_usage(self):
        self.assertIn("validate", self.run_sluice("verify", status=USAGE).stderr)
        self.run_sluice(status=USAGE)
        self.run_sluice("run", "--no-such-option", status=USAGE)


class Validate(CommandLine):
    def test_a_good_configuration_is_valid(self):
        self.pipeline()
        self.assertIn("Valid.", self.run_sluice("validate").stdout)
        self.assertTrue(self.json_of("validate")["valid"])

    def test_a_mistake_is_shown_with_its_place(self):
        self.pipeline()
        text = (self.folder / "sluice.yaml").read_text().replace("routes:", "rootes:")
        self.write("sluice.yaml", text)
        self.assertIn("rootes", self.run_sluice("validate", status=CONFIGURATION).stdout)
        problems = self.json_of("validate", status=CONFIGURATION)["problems"]
        self.assertTrue(any("routes" in problem["message"] and problem["line"] > 0 for problem in problems))
        self.run_sluice("run", status=CONFIGURATION)

    def test_a_missing_file_is_a_mistake_of_configuration(self):
        self.run_sluice("validate", "-c", "nowhere.yaml", status=CONFIGURATION)

    def test_a_plugin_of_another_version_is_refused(self):
        self.pipeline(versions=">=9")
        self.assertIn(">=9", self.run_sluice("validate", status=PLUGIN_REFUSED).stdout)
        self.events()
        self.assertIn(">=9", self.run_sluice("run", status=PLUGIN_REFUSED).stderr)

    def test_a_renamed_pipeline_is_noticed_in_the_store(self):
        self.pipeline()
        self.events(user(1))
        self.run_sluice("run")
        self.run_sluice("validate", "--connect")
        text = (self.folder / "sluice.yaml").read_text().replace("  people:\n", "  persons:\n")
        self.write("sluice.yaml", text)
        self.assertIn("people", self.run_sluice("validate", "--connect", status=CHECK_FAILED).stdout)


class Run(CommandLine):
    def test_a_finished_source_ends_the_run_well(self):
        self.pipeline()
        self.events(user(1), user(2))
        log = self.run_sluice("run").stderr
        self.assertEqual(self.documents(), 2)
        lines = [json.loads(line) for line in log.splitlines()]
        self.assertTrue(all({"time", "level", "message"} <= line.keys() for line in lines))
        self.assertTrue(any("in all 2 events, 2 applied" in line["message"] for line in lines))

    def test_a_second_run_applies_nothing_again(self):
        self.pipeline()
        self.events(user(1))
        self.run_sluice("run")
        self.run_sluice("run", "--status-file", "status.json")
        status = json.loads((self.folder / "status.json").read_text())
        self.assertEqual(status["pipelines"][0]["events"]["total"], 0)

    def test_a_signal_drains_and_the_status_file_tells_all(self):
        self.pipeline(follow="true")
        self.events(user(1), user(2), {"type": "Unwanted", "id": "x", "payload": {}})
        process = self.start("--status-file", "status.json")
        status = self.wait_for_status(lambda one: one["events"]["total"] == 3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), FINE, process.stderr.read())
        self.assertEqual(status["version"], 1)
        pipeline = status["pipelines"][0]
        self.assertEqual(pipeline["events"], {"applied": 2, "dead_letters": 0, "ignored": 1, "passed_over": 0, "repeated": 0,
                                              "total": 3})
        self.assertEqual(pipeline["types"]["UserCreated"]["count"], 2)
        self.assertGreater(pipeline["latency_ms"]["processing"]["p50"], 0)
        self.assertEqual(len(pipeline["last_events"]), 3)

    def test_the_breaker_stops_the_pipeline_until_it_is_resumed(self):
        self.pipeline(breaker="{ ratio: 0.5, window: 10 }")
        self.events(*["no json"] * 20)
        self.run_sluice("run", status=BREAKER)
        self.run_sluice("run", status=BREAKER)
        self.assertTrue(self.json_of("resume")[0]["was_open"])
        self.assertFalse(self.json_of("resume")[0]["was_open"])

    def test_a_second_signal_ends_at_once_and_says_that_work_is_unfinished(self):
        self.write("sluice.yaml", UNREACHABLE_SINK.format(plugins=PLUGINS))
        self.events({"type": "A", "id": "1", "payload": {}})
        process = self.start("--status-file", "status.json")
        self.wait_for_status(lambda one: one["retries"].get("sink.unavailable", 0) > 0)
        process.send_signal(signal.SIGTERM)
        self.wait_for_status(lambda one: one["state"] == "draining")
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=PATIENCE)[1]
        self.assertEqual(process.returncode, UNFINISHED, log)

    def test_a_failed_pipeline_is_kept_for_inspection_when_asked(self):
        self.pipeline(versions=">=9")
        self.events()
        process = self.start("--on-failure", "keep", "--status-file", "status.json")
        self.wait_for_status(lambda one: one["state"] == "failed")
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), PLUGIN_REFUSED)


    def test_an_event_that_stops_the_pipeline_fails_it_and_is_met_again(self):
        self.pipeline()
        text = (self.folder / "sluice.yaml").read_text()
        self.write("sluice.yaml", text.replace("otherwise: dead_letter", "otherwise: stop"))
        self.events(user(1), dict(user(2), type="Strange"), user(3))
        for _ in range(2):
            self.assertIn("Strange", self.run_sluice("run", status=FAILED).stderr)
            self.assertEqual(self.documents(), 1)
        self.write("sluice.yaml", text)
        self.run_sluice("run")
        self.assertEqual(self.documents(), 2)

    def test_an_updated_row_stops_the_pipeline_when_that_is_fatal(self):
        self.pipeline()
        text = (self.folder / "sluice.yaml").read_text()
        plain = '{ plain: { type: "field:type", id: "field:id", payload: "field:payload" } }'
        self.write("sluice.yaml", text.replace(plain, "{ debezium_outbox: { on_update: fatal } }"))
        row = {"event_id": "e-7", "aggregate_type": "user", "aggregate_id": "7", "event_type": "UserCreated",
               "payload": "{}", "created_at": "2026-04-21T20:37:03.605136Z"}
        self.events({"before": row, "after": row, "op": "u", "ts_ms": 1795248397783})
        log = self.run_sluice("run", status=FAILED).stderr
        self.assertIn("'e-7' was updated", log)
        self.assertFalse((self.folder / "dead_letters.ndjson").read_text())

    def test_a_pipeline_that_fails_leaves_the_others_running(self):
        self.pipeline(follow="true")
        text = (self.folder / "sluice.yaml").read_text()
        healthy = text[text.index("  people:"):]
        failing = healthy.replace("people:", "stopping:", 1).replace("events.ndjson", "bad.ndjson")
        failing = failing.replace("people.db", "other.db").replace("dead_letters.ndjson", "other.ndjson")
        self.write("sluice.yaml", text + failing.replace("otherwise: dead_letter", "otherwise: stop"))
        self.write("bad.ndjson", json.dumps(dict(user(1), type="Strange")) + "\n")
        self.events(user(1))
        process = self.start("--status-file", "status.json")
        self.wait_for_pipelines(lambda states: states == {"people": "running", "stopping": "failed"})
        with open(self.folder / "events.ndjson", "a") as events:
            events.write(json.dumps(user(2)) + "\n")
        self.wait_for_status(lambda one: one["events"]["applied"] == 2)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), FAILED, process.stderr.read())
        self.assertEqual(self.documents(), 2)

    def test_each_event_is_a_line_of_the_metrics_file(self):
        self.pipeline()
        with open(self.folder / "sluice.yaml", "a") as configuration:
            configuration.write("    metrics_file: metrics.json\n")
        self.events(user(1), "no json", user(2))
        self.run_sluice("run")
        lines = [json.loads(line) for line in (self.folder / "metrics.json").read_text().splitlines()]
        self.assertEqual([line["event_id"] for line in lines], ["e-1", "e-2"])
        for line in lines:
            self.assertEqual(line["event_type"], "UserCreated")
            self.assertLessEqual(line["t3_start"], line["t5_end"])
            self.assertGreaterEqual(line["processing_time_ms"], 0)


class DeadLetters(CommandLine):
    def setUp(self):
        super().setUp()
        self.pipeline()
        self.events(user(1), "no json", dict(user(9), type="Strange"),
                    {"type": "UserCreated", "id": "e-bad", "payload": {"email": "nobody@example.org"}})
        self.run_sluice("run")

    def codes(self, *arguments):
        return sorted(letter["code"] for letter in self.json_of("dead-letters", "list", *arguments))

    def test_they_are_listed_and_filtered(self):
        self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected", "route.no_match"])
        self.assertEqual(self.codes("--code", "decode"), ["decode.not_json"])
        self.assertEqual(self.codes("--type", "Strange"), ["route.no_match"])
        self.assertEqual(self.codes("--since", "1h", "--limit", "2"), ["decode.not_json", "route.no_match"])
        self.assertEqual(self.codes("--until", "1h"), [])
        self.assertIn("3 dead letters", self.run_sluice("dead-letters", "list").stdout)

    def test_one_is_shown_whole(self):
        letter = self.json_of("dead-letters", "list", "--code", "decode")[0]["id"]
        self.assertIn("no json", self.run_sluice("dead-letters", "show", letter).stdout)
        self.assertEqual(self.json_of("dead-letters", "show", letter)[0]["value"], "no json")
        self.run_sluice("dead-letters", "show", "people/events.ndjson/0/999999", status=CHECK_FAILED)

    def test_replaying_applies_what_can_be_applied_now_and_only_once(self):
        self.run_sluice("dead-letters", "replay", status=USAGE)
        dry = self.json_of("dead-letters", "replay", "--all", "--dry-run", status=CHECK_FAILED)
        self.assertEqual([letter["outcome"] for letter in dry], ["failed"] * 3)
        text = (self.folder / "sluice.yaml").read_text()
        self.write("sluice.yaml", text.replace("on: UserCreated", "on: [UserCreated, Strange]"))
        for _ in range(2):
            self.json_of("dead-letters", "replay", "--all", status=CHECK_FAILED)
            self.assertEqual(self.documents(), 2)
            self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected"])
        self.run_sluice("dead-letters", "replay", "--type", "Strange")

    def test_a_change_that_was_replayed_stays_applied_once_when_its_event_comes_again(self):
        text = (self.folder / "sluice.yaml").read_text()
        self.write("sluice.yaml", text.replace("on: UserCreated", "on: [UserCreated, Strange]"))
        self.run_sluice("dead-letters", "replay", "--type", "Strange")
        self.run_sluice("positions", "reset", "--to", "beginning", "--yes")
        self.run_sluice("run")
        self.assertEqual(self.documents(), 2)
        self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected"])

    def test_an_event_is_replayed_to_a_sink(self):
        received = []

        class Hook(http.server.BaseHTTPRequestHandler):
            answer = 400

            def do_POST(self):
                received.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(Hook.answer)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        sink = UNREACHABLE_SINK.format(plugins=PLUGINS).replace("follow: true", "follow: false")
        self.write("mail.yaml", sink.replace("127.0.0.1:1/", f"127.0.0.1:{server.server_port}/").replace(
            "dead_letters.ndjson", "mail.ndjson"))
        self.events({"type": "A", "id": "1", "payload": {"greeting": "hello"}})
        self.run_sluice("run", "-c", "mail.yaml")
        self.assertEqual(len(self.json_of("dead-letters", "list", "-c", "mail.yaml")), 1)
        Hook.answer = 200
        before = len(received)
        self.run_sluice("dead-letters", "replay", "--all", "-c", "mail.yaml")
        self.assertEqual(len(received), before + 1)
        self.assertIn(b"hello", received[-1])
        self.assertEqual(self.json_of("dead-letters", "list", "-c", "mail.yaml"), [])

    def test_what_was_discarded_is_not_shown_again(self):
        self.run_sluice("dead-letters", "discard", "--code", "decode", "--dry-run")
        self.assertEqual(len(self.codes()), 3)
        self.assertIn("1 dead letter discarded", self.run_sluice("dead-letters", "discard", "--code", "decode").stdout)
        self.assertEqual(self.codes(), ["handler.rejected", "route.no_match"])

    def test_a_code_that_there_is_not_is_a_mistake_of_usage(self):
        self.run_sluice("dead-letters", "list", "--code", "decode.nonsense", status=USAGE)
        self.run_sluice("dead-letters", "list", "--since", "yesterday", status=USAGE)


class Positions(CommandLine):
    def test_they_are_shown_and_moved_only_with_yes(self):
        self.pipeline()
        self.events(user(1), user(2))
        self.run_sluice("run")
        end = self.json_of("positions", "show")[0]["next"]
        self.assertGreater(end, 0)
        self.run_sluice("positions", "reset", "--to", "beginning", status=USAGE)
        self.assertEqual(self.json_of("positions", "show")[0]["next"], end)
        self.run_sluice("positions", "reset", "--to", "beginning", "--yes")
        self.assertEqual(self.json_of("positions", "show")[0]["next"], 0)
        self.run_sluice("run")
        self.assertEqual(self.documents(), 2)
        self.run_sluice("positions", "reset", "--to", "nowhere", "--yes", status=USAGE)

    def test_moved_to_the_end_what_is_there_is_left_out(self):
        self.pipeline()
        self.events(user(1), user(2))
        self.run_sluice("positions", "reset", "--to", "end", "--yes")
        with open(self.folder / "events.ndjson", "a") as events:
            events.write(json.dumps(user(3)) + "\n")
        self.run_sluice("run")
        self.assertEqual(self.documents(), 1)

    def test_nothing_is_recorded_before_the_first_run(self):
        self.pipeline()
        self.assertIn("No positions", self.run_sluice("positions", "show").stdout)


class Try(CommandLine):
    def test_it_prints_the_changes_and_stores_nothing(self):
        self.pipeline()
        report = self.json_of("try", stdin=json.dumps(user(1)) + "\n")
        self.assertEqual(report[0]["outcome"], "handled")
        self.assertEqual(report[0]["changes"][0]["collection"], "users")
        self.assertFalse((self.folder / "people.db").exists())

    def test_an_event_that_would_be_a_dead_letter_fails_the_check(self):
        self.pipeline()
        self.events({"type": "Strange", "id": "1", "payload": {}}, {"type": "Unwanted", "id": "2", "payload": {}})
        report = self.json_of("try", "events.ndjson", status=CHECK_FAILED)
        self.assertEqual([one["outcome"] for one in report], ["refused", "ignored"])
        self.assertEqual(report[0]["code"], "route.no_match")

    def test_records_with_their_place_are_recognised(self):
        self.pipeline()
        record = {"topic": "t", "partition": 0, "offset": 7, "key": "k", "payload": json.dumps(user(1))}
        self.assertEqual(self.json_of("try", stdin=json.dumps(record) + "\n")[0]["outcome"], "handled")


class Plugins(CommandLine):
    def test_they_are_listed_without_being_loaded(self):
        listed = self.json_of("plugins", "list", "--plugin-path", PLUGINS)
        self.assertIn("activity", [plugin.get("name") for plugin in listed])

    def test_what_is_no_plugin_is_listed_with_the_reason(self):
        self.write("stranger.so", "no library")
        listed = self.json_of("plugins", "list", "--plugin-path", str(self.folder), status=PLUGIN_REFUSED)
        self.assertIn("refused", listed[0])
        self.run_sluice("plugins", "inspect", str(self.folder / "stranger.so"), status=PLUGIN_REFUSED)

    def test_one_is_inspected_with_its_components_when_loaded(self):
        self.assertNotIn("components", self.json_of("plugins", "inspect", "activity", "--plugin-path", PLUGINS))
        loaded = self.json_of("plugins", "inspect", "activity", "--load", "--plugin-path", PLUGINS)
        self.assertIn("user_created", [component["name"] for component in loaded["components"]])

    def test_a_new_one_is_written_once(self):
        self.run_sluice("new", "plugin", "orders")
        self.assertTrue((self.folder / "orders" / "orders.cpp").exists())
        self.run_sluice("new", "plugin", "orders", status=CHECK_FAILED)
        self.run_sluice("new", "plugin", "Bad-Name", status=USAGE)


class Schema(CommandLine):
    def test_it_is_json(self):
        self.assertIn("$schema", json.loads(self.run_sluice("schema").stdout))

    def test_the_reference_is_a_page(self):
        self.assertTrue(self.run_sluice("schema", "--markdown").stdout.startswith("# "))


if __name__ == "__main__":
    unittest.main()
