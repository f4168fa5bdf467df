"""`sluice run`: how it ends, what it leaves behind, and where it goes on."""
import json
import signal
import unittest

from cli_case import (BREAKER, FAILED, FINE, PATIENCE, PLUGINS, PLUGIN_REFUSED, UNFINISHED, UNREACHABLE_SINK, USAGE,
                      CommandLine)
from harness.plain_events import user


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

if __name__ == "__main__":
    unittest.main()
