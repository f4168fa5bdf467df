#!/usr/bin/env python3
"""The figures and the page of the demo's report, from events whose times are known."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

from scene import ROOT, expect_page

sys.path.insert(0, str(ROOT / "tools"))

from demo_kit import charts, figures, page, processes, report, variables, words


def event(at, capture=10.0, delivery=5.0, lag=2.0, processing=3.0):
    """Milliseconds of each stage."""
    times = [at]
    for stage in (capture, delivery, lag, processing):
        times.append(times[-1] + stage / 1000)
    return dict(zip(("t0_created", "t1_kafka", "t2_appended", "t3_start", "t5_end"), times))


class Figures(unittest.TestCase):
    def test_stages_add_up_to_the_total(self):
        spent = figures.stages_of(event(100))
        self.assertEqual({stage: round(value, 6) for stage, value in spent.items()},
                         {"capture": 10, "delivery": 5, "lag": 2, "processing": 3, "total": 20})
        shares = figures.latencies([event(100), event(101)])
        self.assertEqual(shares["capture"]["share"], 0.5)

    def test_a_clock_that_is_unknown_leaves_its_stages_out(self):
        times = event(100) | {"t1_kafka": None, "t2_appended": None}
        self.assertEqual(list(figures.stages_of(times)), ["pickup", "processing", "total"])

    def test_percentiles_are_those_of_the_events(self):
        found = figures.distribution([float(value) for value in range(1, 101)])
        self.assertEqual((found["p50"], found["p95"], found["p99"], found["max"]), (51, 96, 100, 100))

    def test_throughput_is_that_of_full_columns(self):
        found = figures.throughput([event(100 + number / 100) for number in range(1000)])
        self.assertAlmostEqual(found["average_per_s"], 100, delta=1)
        self.assertAlmostEqual(found["peak_per_s"], 100, delta=15)
        self.assertGreater(found["series"][-1][1], 80, "a column that is not full")

    def test_targets_are_the_references(self):
        slow = figures.latencies([event(100, capture=150) for _ in range(100)])
        self.assertEqual([target["held"] for target in figures.targets(slow)], [False, False, True])

    def test_a_histogram_loses_no_event(self):
        values = sorted([float(value % 50) for value in range(1000)] + [5000.0])
        found = report.histogram(values)
        self.assertEqual(sum(found["counts"]) + found["slower"], 1001)
        self.assertEqual(found["slower"], 1)


class Page(unittest.TestCase):
    def made(self, text="fine", events=50):
        times = [event(100 + number / 300) for number in range(events)]
        latency = figures.latencies(times)
        load = {"events": events, "applied": events, "dead_letters": 0, "throughput": figures.throughput(times),
                "latency_ms": latency, "targets": figures.targets(latency),
                "histogram": report.histogram([20.0] * events)}
        check = {"name": "counts", "claim": text, "passed": False, "looked_at": 1, "violations": 1, "examples": [text]}
        verification = {"passed": False, "events": {"outbox": events, "applied": events, "dead_letters": 0},
                        "checks": [check], "collections": {"users": {"expected": 1, "found": 1}},
                        "latest": {"users": [{"username": text}]}}
        return page.page({"loads": [load], "verification": verification, "place": "stack", "title": "t", "passed": False,
                          "time": "2026-11-21T08:00:00+00:00", "counts": {"before": {}, "after": {"users": 1}}})

    def test_it_is_one_page_without_script_or_assets(self):
        expect_page(self, self.made())
        expect_page(self, self.made(events=1))

    def test_what_documents_hold_is_never_markup(self):
        text = self.made("<script>alert(1)</script><img src=x>&\"'")
        expect_page(self, text)
        self.assertIn("&lt;script&gt;", text)

    def test_steps_of_an_axis_are_round_and_reach_the_top(self):
        for top in (0.003, 0.9, 1, 7, 42, 300, 9_999, 123_456):
            steps = charts.nice_steps(top)
            self.assertGreaterEqual(steps[-1], top)
            self.assertLessEqual(len(steps), 6)


class Surroundings(unittest.TestCase):
    def test_secrets_of_addresses_are_covered(self):
        known = {"MONGODB_URI": "mongodb+srv://me:p%40ssword@db.example/x", "POSTGRES_PASSWORD": "hunter22"}
        text = variables.without_secrets("p%40ssword p@ssword hunter22 me:p%40ssword", known)
        self.assertEqual(text, "*** *** *** ***")

    def test_an_env_file_is_read_as_shells_write_it(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / ".env"
            file.write_text("# a\nexport A=1\nB='two words'\nC=x # y\n\nD=mongodb://a#b\n", encoding="utf-8")
            self.assertEqual(variables.read_env_file(file), {"A": "1", "B": "two words", "C": "x", "D": "mongodb://a#b"})
            file.write_text("no line\n", encoding="utf-8")
            with self.assertRaisesRegex(words.Failed, ":1:"):
                variables.read_env_file(file)

    def test_a_stranger_with_an_old_number_is_left_alone(self):
        mine = processes.note(os.getpid())
        self.assertTrue(processes.runs(mine))
        processes.end(mine | {"started": mine["started"] - 1})
        self.assertTrue(processes.runs(mine))


if __name__ == "__main__":
    unittest.main(verbosity=2)
