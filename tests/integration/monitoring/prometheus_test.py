"""A real Prometheus, with the files of tools/monitoring, watches a real engine."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import contract

sys.path.insert(0, str(contract.ROOT / "tools"))

from harness.engine import Engine, Failed, wait_until  # noqa: E402
from harness.plain_events import user  # noqa: E402

BUILD = Path(os.environ["SLUICE_BUILD"])

PIPELINE = """
sluice: 1
engine: { admin: { listen: "127.0.0.1:0" } }
pipelines:
  people:
    source: { file: { path: events.ndjson, follow: true } }
    decode: { plain: { type: "field:type", id: "field:id", payload: "field:payload" } }
    plugins: { activity: "*" }
    routes:
      - { on: UserCreated, to: [activity.user_created] }
      - { otherwise: dead_letter }
    store: { sqlite: { path: people.db } }
    dead_letters: { file: { path: dead_letters.ndjson } }
    breaker: off
"""


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers, answer.read().decode()


class Prometheus:
    """Debian's, on a free port, scraping one engine every second."""

    def __init__(self, folder, target):
        text = (contract.MONITORING / "prometheus.yml").read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:8083", target).replace("interval: 10s", "interval: 1s")
        (folder / "prometheus.yml").write_text(text.replace("alerts.yml", str(contract.MONITORING / "alerts.yml")))
        self.log_file = folder / "prometheus.log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/series",
                 "--web.listen-address=127.0.0.1:0"], stdout=log, stderr=log)
        self.address = wait_until(self.listening, "Prometheus listens")

    def listening(self):
        log = self.log_file.read_text(encoding="utf-8", errors="replace")
        if self.process.poll() is not None:
            raise Failed(f"Prometheus ended with {self.process.returncode}\n{log}")
        found = re.search(r'msg="Listening on" address=(\S+)', log)
        return found and "Server is ready" in log and found[1]

    def ask(self, path, **parameters):
        _, body = get(f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        return json.loads(body)["data"]

    def query(self, expression):
        return self.ask("query", query=expression)["result"]

    def value(self, expression):
        """Of the one series that there is; nothing while there is none."""
        result = self.query(expression)
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def wait_for(self, expression, value):
        wait_until(lambda: self.value(expression) == value, f"{expression} == {value}", pause=0.1)

    def alerts(self):
        return {alert["labels"]["alertname"]: alert["state"] for alert in self.ask("alerts")["alerts"]}

    def end(self):
        self.process.terminate()
        self.process.wait()


class Watching(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="sluice-monitoring-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        (self.folder / "sluice.yaml").write_text(PIPELINE)
        self.append(*(user(number) for number in range(20)))
        self.engine = Engine(BUILD, self.folder / "sluice.yaml", self.folder)
        self.engine.start()
        self.addCleanup(self.engine.__exit__)
        self.endpoint = wait_until(self.endpoint_in_log, "the log names the admin endpoint")
        self.prometheus = Prometheus(self.folder, self.endpoint)
        self.addCleanup(self.prometheus.end)
        self.prometheus.wait_for('sluice_events_total{outcome="applied"}', 20)

    def endpoint_in_log(self):
        found = re.search(r"admin endpoint is http://([\d.:]+)", self.engine.log())
        return found and found[1]

    def append(self, *events):
        with open(self.folder / "events.ndjson", "a", encoding="utf-8") as file:
            file.writelines(json.dumps(event) + "\n" for event in events)

    def test_it_sees_what_the_page_of_metrics_promises(self):
        told = self.prometheus.ask("targets/metadata")
        told = {one["metric"]: (one["type"], one["help"]) for one in told if contract.NAME.fullmatch(one["metric"])}
        promised = {name: (metric.type, metric.help) for name, metric in contract.metrics().items()}
        self.assertLessEqual(told.items(), promised.items())
        # This engine has no client that tells of itself, a breaker that is off, and nothing out of reach.
        missing = {name for name in promised.keys() - told.keys() if not name.startswith(("sluice_source_", "sluice_breaker_"))}
        self.assertEqual(missing, {"sluice_target_retrying_since_timestamp_seconds"})

    def test_its_figures_are_those_of_the_status(self):
        self.append({"type": "Unheard", "id": "x", "payload": {}})
        self.prometheus.wait_for('sluice_events_total{outcome="dead_letter"}', 1)
        status = json.loads(get(f"http://{self.endpoint}/status")[1])["pipelines"][0]
        partition, target = status["partitions"][0], status["targets"][0]
        for expression, figure in {
            'sluice_events_total{outcome="applied"}': status["events"]["applied"],
            'sluice_events_total{outcome="dead_letter"}': status["events"]["dead_letters"],
            "sluice_records_read_total": status["events"]["total"],
            'sluice_events_by_type_total{event_type="UserCreated"}': status["types"]["UserCreated"]["count"],
            'sluice_dead_letters_total{code="route.no_match"}': status["errors"]["route.no_match"],
            'sluice_event_latency_seconds_count{stage="total"}': status["latency_ms"]["total"]["count"],
            "sluice_partition_safe_position": partition["safe"],
            "sluice_batches_total": target["batches"],
            "sluice_writes_total": target["writes"],
            "sluice_writers": target["writers"],
            "sluice_unfinished_events": status["unfinished"]["events"],
        }.items():
            self.prometheus.wait_for(expression, figure)
        self.prometheus.wait_for("sluice_partition_lag", 0)

    def test_every_expression_of_the_dashboard_has_an_answer(self):
        wait_until(lambda: self.prometheus.query("rate(sluice_events_total[5s])"), "rates")
        empty = set()
        for title, expression in contract.expressions():
            with self.subTest(title):
                for variable, value in (("$__rate_interval", "5s"), ("$instance", ".*"), ("$pipeline", ".*")):
                    expression = expression.replace(variable, value)
                if not self.prometheus.query(expression):
                    empty.add(title)
        self.assertEqual(empty, {"Dead letters by code", "Kafka client"})

    def test_its_alerts_are_sound_and_tell_of_dead_letters_and_of_the_end(self):
        rules = self.prometheus.ask("rules")["groups"][0]["rules"]
        self.assertEqual([rule["name"] for rule in rules], contract.alert_names())
        wait_until(lambda: all(rule["health"] == "ok" for rule in self.prometheus.ask("rules")["groups"][0]["rules"]),
                   "every rule was evaluated")
        self.assertEqual(self.prometheus.alerts(), {})
        self.append({"type": "Unheard", "id": "x", "payload": {}})
        wait_until(lambda: self.prometheus.alerts().get("SluiceDeadLetters") == "firing", "SluiceDeadLetters")
        self.engine.kill()
        wait_until(lambda: self.prometheus.alerts().get("SluiceDown") == "pending", "SluiceDown")

    def test_the_answer_is_of_the_format_that_prometheus_asks_for(self):
        headers, text = get(f"http://{self.endpoint}/metrics")
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


if __name__ == "__main__":
    unittest.main()
