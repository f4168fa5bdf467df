"""The page of a real engine on the embedded configuration. SLUICE_BUILD is the folder of the build."""

import http.client
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from page_case import REPOSITORY, PageCase

BUILD = Path(os.environ["SLUICE_BUILD"])
CONFIG = REPOSITORY / "configs" / "activity-embedded.yaml"
EVENTS = 400
POISON = 5  # percent
TOKEN = "planted-token-4711"


def grouped(count):
    return f"{count:,}"


class EnginePage(PageCase):
    def setUp(self):
        super().setUp()
        holder = tempfile.TemporaryDirectory(prefix="sluice-page-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.environment = {
            **os.environ,
            "SLUICE_PLUGIN_PATH": str(BUILD / "plugins"),
            "OUTBOX_DB": str(self.folder / "outbox.db"),
            "DOCUMENTS_DB": str(self.folder / "documents.db"),
            "DEAD_LETTERS_FILE": str(self.folder / "dead_letters.ndjson"),
        }
        subprocess.run(
            [
                BUILD / "bin" / "sluice-kit",
                "generate",
                "--out",
                self.folder / "outbox.db",
                "--events",
                str(EVENTS),
                "--poison",
                str(POISON),
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )

    def start(self, address="127.0.0.1:0", config=CONFIG):
        log_file = self.folder / "log"
        log = open(log_file, "w")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [BUILD / "bin" / "sluice", "run", "-c", config, "--admin", address], env=self.environment, stderr=log
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        found = self.wait(
            lambda: re.search(r"admin endpoint is http://[^\"\s]+:(\d+)", log_file.read_text()), "the engine starts"
        )
        self.port = int(found.group(1))
        return process

    def ask(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def settled(self):
        def done():
            response, body = self.ask("/status")
            if response.status != 200:  # it is starting
                return None
            one = json.loads(body)["pipelines"][0]
            return one["events"]["total"] == EVENTS and one["partitions"][0]["lag"] == 0 and one

        return self.wait(done, "all events are settled")

    def test_the_page_shows_what_the_status_says(self):
        self.start()
        self.open(f"http://127.0.0.1:{self.port}/")
        status = self.settled()
        self.assertGreater(status["events"]["dead_letters"], 0)
        self.wait(
            lambda: [self.browser.text(f"#figure-{name}") for name in ("total", "lag")] == [grouped(EVENTS), "0"],
            "the page has seen it",
        )
        text = self.browser.text
        self.assertEqual(text("#name"), "activity")
        self.assertEqual(text("#state"), status["state"])
        self.assertEqual(text("#figure-applied").split()[0], grouped(status["events"]["applied"]))
        self.assertEqual(text("#figure-dead"), grouped(status["events"]["dead_letters"]))
        self.assertEqual(
            {row[0]: row[1] for row in self.rows("#types")},
            {name: grouped(one["count"]) for name, one in status["types"].items()},
        )
        self.assertEqual(
            {row[0]: row[1] for row in self.rows("#codes")},
            {code: grouped(count) for code, count in status["errors"].items()},
        )
        self.assertEqual(
            [row[1] for row in self.rows("#partitions")], [grouped(one["safe"]) for one in status["partitions"]]
        )
        self.assertEqual([row[2] for row in self.rows("#errors")], [one["reason"] for one in status["last_errors"]])
        stages = {
            re.match(r"[a-z]+?(?=row|captured|in the|taken|$)", row[0]).group(): row[2] for row in self.rows("#stages")
        }
        for name, figures in status["latency_ms"].items():
            ms = figures["p50"]
            shown = f"{ms / 1000:.2f} s" if ms >= 1000 else f"{ms:.1f} ms" if ms >= 10 else f"{ms:.2f} ms"
            if ms < 60_000:
                self.assertEqual(stages[name], shown)
        self.expect_nothing_written_to_the_console()
        self.expect_nobody_else_was_asked()

    def test_every_view_tells_what_the_verifier_counts(self):
        """Status, metrics, the terminal and the page, after a load with poison, against outbox, documents and letters."""
        self.start()
        self.open(f"http://127.0.0.1:{self.port}/")
        status = self.settled()
        counted = self.verify()
        events = {"total": counted["outbox"], "applied": counted["applied"], "dead_letters": counted["dead_letters"]}
        self.assertEqual({name: status["events"][name] for name in events}, events)

        metrics = self.metrics("sluice_events_total", "outcome")
        self.assertEqual((metrics["applied"], metrics["dead_letter"]), (events["applied"], events["dead_letters"]))
        self.assertEqual(sum(metrics.values()), events["total"])
        codes = self.metrics("sluice_dead_letters_total", "code")
        self.assertEqual({code: count for code, count in codes.items() if count}, status["errors"])
        types = {name: one["count"] for name, one in status["types"].items()}
        self.assertEqual(self.metrics("sluice_events_by_type_total", "event_type"), types)

        top = subprocess.run([BUILD / "bin" / "sluice", "top", "--once", f"http://127.0.0.1:{self.port}"], check=True,
                             capture_output=True, text=True, timeout=60).stdout
        for words in (f"{events['total']:,} processed", f"{events['applied']:,} applied",
                      f"{events['dead_letters']:,} dead letters"):
            self.assertIn(words, top)
        for name, count in types.items():
            self.assertRegex(top, rf"(?m)^{name} +{count:,} ")

        self.wait(lambda: self.browser.text("#figure-total") == grouped(events["total"]), "the page has seen it")
        self.assertEqual(self.browser.text("#figure-applied").split()[0], grouped(events["applied"]))
        self.assertEqual(self.browser.text("#figure-dead"), grouped(events["dead_letters"]))

    def verify(self):
        """What the verifier counts, which knows nothing of the engine."""
        done = subprocess.run(
            [BUILD / "bin" / "sluice-kit", "verify", "--json", "--outbox", self.folder / "outbox.db", "--documents",
             self.folder / "documents.db", "--dead-letters", self.folder / "dead_letters.ndjson"],
            check=True, capture_output=True, text=True, timeout=60)
        return json.loads(done.stdout)["events"]

    def metrics(self, name, label):
        """The samples of a metric by that label."""
        text = self.ask("/metrics")[1].decode()
        found = re.findall(rf'^{name}\{{[^}}]*\b{label}="([^"]*)"[^}}]*\}} (\d+)$', text, re.M)
        return {value: int(count) for value, count in found}

    def test_the_page_comes_with_a_policy_and_only_once(self):
        self.start()
        for path, kind in (
            ("/", "text/html; charset=utf-8"),
            ("/page/page.js", "text/javascript; charset=utf-8"),
            ("/page/style.css", "text/css; charset=utf-8"),
            ("/page/icon.svg", "image/svg+xml"),
        ):
            response, body = self.ask(path)
            self.assertEqual((response.status, response.getheader("Content-Type")), (200, kind))
            self.assertTrue(response.getheader("Content-Security-Policy").startswith("default-src 'none'"))
            self.assertEqual(response.getheader("X-Content-Type-Options"), "nosniff")
            again, nothing = self.ask(path, {"If-None-Match": response.getheader("ETag")})
            self.assertEqual((again.status, nothing), (304, b""))
            self.assertTrue(body)

    def test_an_engine_that_was_killed_is_greyed_and_its_successor_shown(self):
        process = self.start()
        self.open(f"http://127.0.0.1:{self.port}/")
        self.settled()
        self.wait(lambda: self.browser.text("#figure-total") == grouped(EVENTS), "the page has seen it")
        process.kill()
        process.wait()
        self.wait(lambda: self.browser.visible("#silence"), "the page says that nobody answers")
        self.assertEqual(self.browser.text("#figure-total"), grouped(EVENTS), "the last picture stays")
        self.start(f"127.0.0.1:{self.port}")
        self.wait(lambda: not self.browser.visible("#silence"), "the page goes on by itself")
        self.expect_nothing_written_to_the_console()

    def test_a_token_opens_the_status_but_the_page_needs_none(self):
        (self.folder / "token").write_text(TOKEN)
        guarded = self.folder / "guarded.yaml"
        guarded.write_text(
            CONFIG.read_text().replace("engine:\n", f'engine:\n  admin: {{ token: "${{file:{self.folder}/token}}" }}\n', 1)
        )
        self.start(config=guarded)
        self.open(f"http://127.0.0.1:{self.port}/")
        self.wait(lambda: self.browser.visible("#token-dialog"), "a token is asked for")
        self.browser.type(TOKEN)
        self.browser.press("Enter")
        self.wait_for_pipeline("activity")
        self.expect_nothing_written_to_the_console()
        self.expect_nobody_else_was_asked()


if __name__ == "__main__":
    unittest.main(verbosity=2)
