"""The files of tools/monitoring: promtool's verdict, and that they use only what docs/metrics.md promises."""

import re
import subprocess
import unittest

import contract


class Promtool(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], cwd=contract.MONITORING, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_accepts_the_configuration_and_its_rules(self):
        self.assertIn("1 rule files found", self.promtool("check", "config", "prometheus.yml"))

    def test_finds_each_alert_as_its_tests_say(self):
        self.assertIn("SUCCESS", self.promtool("test", "rules", "alerts_test.yml"))


class Names(unittest.TestCase):
    def test_alerts_use_only_metrics_that_are_promised(self):
        for file in ("alerts.yml", "alerts_test.yml"):
            text = (contract.MONITORING / file).read_text(encoding="utf-8")
            self.assertLessEqual(set(contract.NAME.findall(text)), contract.series(), file)

    def test_the_dashboard_uses_only_metrics_that_are_promised(self):
        for title, expression in contract.expressions():
            with self.subTest(title):
                used = set(contract.NAME.findall(expression))
                self.assertTrue(used)
                self.assertLessEqual(used, contract.series())

    def test_the_dashboard_groups_only_by_labels_that_the_metrics_have(self):
        promised = contract.metrics()
        for title, expression in contract.expressions():
            with self.subTest(title):
                labels = {"le", "job", "instance"}
                for name in contract.NAME.findall(expression):
                    labels |= promised.get(name, promised.get(re.sub("_(bucket|sum|count)$", "", name))).labels
                used = re.findall(r"(\w+) *(?:!=|=~|=)\"", expression)
                for group in re.findall(r"by \(([^)]*)\)", expression):
                    used += re.split(r", *", group)
                self.assertLessEqual(set(used), labels)


class Completeness(unittest.TestCase):
    def test_every_alert_is_tested_both_ways(self):
        tests = (contract.MONITORING / "alerts_test.yml").read_text(encoding="utf-8")
        for alert in contract.alert_names():
            with self.subTest(alert):
                asked = re.findall(rf"alertname: {alert}\n +eval_time: \w+\n +exp_alerts:( \[\])?", tests)
                self.assertIn("", asked, "no test in which it fires")
                self.assertIn(" []", asked, "no test in which it does not")

    def test_every_alert_says_what_to_do_on_the_page_it_names(self):
        page = (contract.ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
        text = (contract.MONITORING / "alerts.yml").read_text(encoding="utf-8")
        for alert in contract.alert_names():
            with self.subTest(alert):
                self.assertTrue(f"\n### {alert}\n" in page, "has no section")
                self.assertTrue(f"runbook: docs/operating.md#{alert.lower()}\n" in text, "does not name its section")

    def test_every_panel_is_whole(self):
        panels = contract.dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        for panel in panels:
            with self.subTest(panel["title"]):
                self.assertLessEqual(panel["gridPos"]["x"] + panel["gridPos"]["w"], 24)
                self.assertTrue(panel["type"] == "row" or panel["targets"])


if __name__ == "__main__":
    unittest.main()
