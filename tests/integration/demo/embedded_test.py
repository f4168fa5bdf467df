#!/usr/bin/env python3
"""The demo with files alone."""

import json
import signal
import subprocess
import unittest

from scene import BUILD, ROOT, Scene


class AtOnce(Scene):
    def test_it_ends_with_a_verdict_and_leaves_nothing(self):
        self.environment["TMPDIR"] = str(self.base)
        said = self.call("--events", 300, "--rate", 0, "--poison", 5, "--json", "outcome.json")
        self.assertIn("PASSED: 300 events in the outbox, 285 applied, 15 dead letters", said)
        self.assertTrue(json.loads((self.base / "outcome.json").read_text(encoding="utf-8"))["passed"])
        self.assertEqual([path.name for path in self.base.iterdir()], ["outcome.json"])

    def test_mistakes_in_the_command_line_are_said_before_anything_starts(self):
        for words in (("--events", "many"), ("--evnts", 10), ("load", "0"), ("setup", "10"), ("--events", "1000001")):
            self.call(*words, status=2)
        self.assertEqual(list(self.base.iterdir()), [])

    def test_it_ends_its_engine_when_it_is_ended(self):
        with subprocess.Popen([ROOT / "tools" / "demo", "--events", "100000", "--rate", "100", "--build", BUILD],
                              env=self.environment | {"TMPDIR": str(self.base)}, stdout=subprocess.PIPE, text=True) as demo:
            for line in demo.stdout:
                if "running" in line:
                    break
            demo.send_signal(signal.SIGTERM)
            demo.stdout.read()
        self.assertNotEqual(demo.returncode, 0)
        self.assertEqual(list(self.base.iterdir()), [])


class Commands(Scene):
    def test_full_sets_up_loads_verifies_and_cleans_up(self):
        said = self.demo("full", "--loads", "10,100,500", "--rate", 0)
        self.expect_a_good_report(10, 100, 500)
        for line in ("log level DEBUG", "log level INFO", "sample documents", "event_outbox 10 → 110", "PASSED"):
            self.assertIn(line, said)
        self.assertFalse(self.folder.exists())

    def test_commands_in_separate_calls_share_the_folder(self):
        self.demo("setup")
        self.assertIn("ParticipantJoined", self.demo("load", 10))
        self.environment |= {"METRICS_FILE": str(self.base / "mine.json"), "TARGET_EVENTS": "40", "LOG_LEVEL": "ERROR"}
        self.assertIn("40 events, log level ERROR", self.demo("load", "--poison", 10))
        self.assertIn("40", self.demo("monitor"))
        self.demo("verify")
        report = self.expect_a_good_report(10, 40)
        self.assertEqual(report["loads"][1]["dead_letters"], 4)
        self.assertEqual(len((self.base / "mine.json").read_text(encoding="utf-8").splitlines()), 36)
        self.demo("cleanup")
        self.assertFalse(self.folder.exists())

    def test_what_is_wrong_fails_the_verification(self):
        self.demo("setup")
        self.demo("load", 50, "--rate", 0)
        subprocess.run(["sqlite3", self.folder / "documents.db", "DELETE FROM users WHERE _id = (SELECT min(_id) FROM users)"],
                       check=True)
        self.assertIn("FAILED", self.demo("verify", status=8))
        self.assertFalse(self.report()["passed"])
        self.assertIn("✗ failed", (self.reports / "demo_report.html").read_text(encoding="utf-8"))

    def test_it_takes_no_folder_that_is_somebody_elses(self):
        self.folder.mkdir()
        (self.folder / "thesis.txt").write_text("mine", encoding="utf-8")
        for command in ("setup", "cleanup"):
            self.assertIn("something else than a demo", self.demo(command, status=1))
        self.assertTrue((self.folder / "thesis.txt").exists())

    def test_commands_say_what_is_missing(self):
        self.assertIn("setup", self.demo("load", 10, status=1))
        self.demo("setup")
        self.assertIn("load", self.demo("verify", status=1))
        self.assertIn("nothing to clean up", self.demo("cleanup") + self.demo("cleanup"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
