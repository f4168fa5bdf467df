"""What docs/metrics.md promises, and what the alerts and the dashboard use of it."""

import json
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
MONITORING = ROOT / "tools" / "monitoring"

NAME = re.compile(r"\b(?:sluice|process)_\w+")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$", re.MULTILINE)


class Metric(NamedTuple):
    type: str
    labels: set
    help: str


def metrics():
    """The metrics by name."""
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    return {name: Metric(kind, set(re.findall(r"`(\w+)`", labels)), text) for name, kind, labels, text in ROW.findall(page)}


def series():
    """The names that an expression may use."""
    names = set()
    for name, metric in metrics().items():
        names |= {name + suffix for suffix in ("_bucket", "_sum", "_count")} if metric.type == "histogram" else {name}
    return names


def alert_names():
    return re.findall(r"- alert: (\w+)", (MONITORING / "alerts.yml").read_text(encoding="utf-8"))


def dashboard():
    return json.loads((MONITORING / "grafana.json").read_text(encoding="utf-8"))


def expressions():
    """The dashboard's, each with its panel's title."""
    return [(panel["title"], target["expr"]) for panel in dashboard()["panels"] for target in panel.get("targets", [])]
