"""tools/demo in a folder of the test's own; each call is a process, as a person would start it."""

import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("SLUICE_BUILD", ROOT / "build" / "dev"))
PATIENCE = 280
SETTINGS = ("METRICS_FILE", "LOG_LEVEL", "BATCH_SIZE", "TARGET_EVENTS")


class Scene(unittest.TestCase):
    def setUp(self):
        self.base = Path(tempfile.mkdtemp(prefix="sluice-demo-test."))
        self.addCleanup(shutil.rmtree, self.base, ignore_errors=True)
        self.folder, self.reports = self.base / "state", self.base / "reports"
        self.environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.said = ""

    def call(self, *words, status=0):
        """What it printed."""
        done = subprocess.run([ROOT / "tools" / "demo", *map(str, words), "--build", BUILD], env=self.environment,
                              cwd=self.base, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=PATIENCE, check=False)
        self.said += done.stdout
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def demo(self, *words, status=0):
        """A command in the test's folder."""
        return self.call(*words, "--folder", self.folder, "--report", self.reports, status=status)

    def report(self):
        return json.loads((self.reports / "demo_report.json").read_text(encoding="utf-8"))

    def expect_a_good_report(self, *loads):
        report = self.report()
        self.assertTrue(report["passed"])
        self.assertEqual([load["events"] for load in report["loads"]], list(loads))
        for load in report["loads"]:
            self.assertEqual(load["applied"] + load["dead_letters"], load["events"])
            self.assertEqual(load["latency_ms"]["total"]["count"], load["applied"])
            self.assertAlmostEqual(sum(one.get("share", 0) for one in load["latency_ms"].values()), 1, places=2)
            self.assertEqual(sum(load["histogram"]["counts"]) + load["histogram"]["slower"], load["applied"])
            self.assertEqual([target["name"] for target in load["targets"]], ["p50", "p95", "p99"])
        verification = json.loads((self.reports / "demo_verification.json").read_text(encoding="utf-8"))
        self.assertEqual(verification, report["verification"])
        self.assertEqual(verification["events"]["outbox"], sum(loads))
        for counted in ("applied", "dead_letters"):
            self.assertEqual(verification["events"][counted], sum(load[counted] for load in report["loads"]))
        names = {check["name"] for check in verification["checks"]}
        self.assertLessEqual({"counts", "required_fields", "referential_integrity", "no_duplicates", "every_event",
                              "latest_documents", "equal_to_reference", "statistics"}, names)
        expect_page(self, (self.reports / "demo_report.html").read_text(encoding="utf-8"))
        return report


class _Page(html.parser.HTMLParser):
    """The elements that are open, and every address that a browser would fetch."""

    EMPTY = {"meta", "br", "!doctype"}

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.fetched, self.names = [], [], [], set()

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        self.fetched += [value for name, value in attributes if name in ("src", "href", "xlink:href", "data", "srcset")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


def expect_page(test, text):
    page = _Page()
    page.feed(text)
    page.close()
    test.assertEqual((page.wrong, page.open), ([], []), "elements that do not match")
    test.assertEqual(page.fetched, [])
    test.assertNotIn("script", page.names)
    test.assertLessEqual({"svg", "table", "style", "title"}, page.names)
    test.assertIsNone(re.search(r"url\(|@import|https?://", text), "something would be fetched")
    test.assertIn("prefers-color-scheme: dark", text)
