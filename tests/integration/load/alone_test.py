"""The generator without servers. SLUICE_BUILD is the folder of the build."""

import json
import sqlite3
import unittest
from collections import Counter

from load import BUILD, CODES, Load, sanitized, wait_until


def peak_rss_mb(process):
    """Until it ends: of a running process, as that of an ended one is its parent's, too."""
    peak = 0.0

    def ended():
        nonlocal peak
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                peak = max([peak, *(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))])
        except FileNotFoundError:
            pass
        return process.poll() is not None

    wait_until(ended, "the end of the load", 300)
    return peak


class Alone(Load):
    @unittest.skipIf(sanitized(BUILD), "a sanitizer's own memory is more than the generator's")
    def test_memory_does_not_grow_with_the_load(self):
        process = self.started("generate", "--discard", "--events", 2_000_000, "--hot-keys", 1, "--poison", "1%")
        self.assertLess(peak_rss_mb(process), 40)
        self.assertIn("generated 2,000,000 events", self.ended(process))

    def rows(self):
        with sqlite3.connect(f"file:{self.folder}/outbox.db?mode=ro", uri=True) as outbox:
            return Counter(dict(outbox.execute("SELECT event_type, count(*) FROM event_outbox GROUP BY 1")))

    def rows_so_far(self):
        try:
            return sum(self.rows().values())
        except sqlite3.OperationalError:  # the table is being made
            return 0

    def test_an_interrupted_load_says_what_is_there(self):
        process = self.started("generate", "--out", self.folder / "outbox.db", "--rate", 2000, "--events", 1_000_000,
                               "--manifest", self.manifest, "--json")
        wait_until(lambda: self.rows_so_far() > 500, "some rows", pause=0.05)
        report = self.interrupt(process)
        self.assertEqual(dict(self.rows()), report["types"])
        self.assertEqual(json.loads(self.manifest.read_text())["events"], report["events"])

        # The manifest of a part makes that part again, and nothing else.
        self.run_until_settled(f'    source: {{ sqlite: {{ path: "{self.folder}/outbox.db" }} }}\n'
                               "    decode: { outbox_row: {} }", report["events"], f'file: {{ path: "{self.letters()}" }}')
        self.verify(self.letters())

    def letters(self):
        return self.folder / "letters.ndjson"

    def codes(self):
        for line in self.letters().read_text(encoding="utf-8").splitlines():
            headers = json.loads(line)["headers"]
            yield headers[headers.index("sluice.code") + 1]

    def test_every_kind_of_poison_is_a_letter_and_the_rest_is_applied(self):
        report = self.generate("--out", self.folder / "outbox.db", "--events", 1500, "--poison", "4%")
        self.run_until_settled(f'    source: {{ sqlite: {{ path: "{self.folder}/outbox.db" }} }}\n'
                               "    decode: { outbox_row: {} }", 1500, f'file: {{ path: "{self.letters()}" }}')
        self.expect_codes(report, CODES, Counter(self.codes()))
        self.verify(self.letters(), "--outbox", self.folder / "outbox.db")

    def test_rows_that_a_log_of_debezium_has_twice_count_once(self):
        events = self.folder / "events.ndjson"
        report = self.generate("--out", events, "--format", "debezium", "--events", 2000, "--duplicate", "5%",
                               "--poison", "2%")
        self.assertGreater(report["duplicates"], 50)
        status = self.run_until_settled(f'    source: {{ file: {{ path: "{events}" }} }}\n'
                                        "    decode: { debezium_outbox: {} }", 2000 + report["duplicates"],
                                        f'file: {{ path: "{self.letters()}" }}', ends_itself=True)
        self.assertEqual(status["events"]["repeated"], report["duplicates"])
        self.verify(self.letters())


if __name__ == "__main__":
    unittest.main(verbosity=2)
