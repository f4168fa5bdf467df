"""What became of the loads, for programs: demo_report.json. The page beside it shows the same."""

import json
from datetime import datetime, timezone
from pathlib import Path

from . import figures
from .load import log_level
from .page import page
from .places import Place, read_json
from .variables import without_secrets
from .words import grouped, say


def of_load(folder: Path) -> dict:
    generator = read_json(folder / "generator.json")
    engine = (read_json(folder / "status.json").get("pipelines") or [{}])[0]
    events = figures.read_metrics(folder / "metrics.ndjson")
    latency = figures.latencies(events)
    totals = sorted(figures.stages_of(event).get("total", 0.0) for event in events)
    return {"events": generator.get("events", 0), "generator": generator, "log_level": log_level(generator.get("events", 1)),
            "applied": engine.get("events", {}).get("applied", 0),
            "dead_letters": engine.get("events", {}).get("dead_letters", 0),
            "types": engine.get("types", {}), "errors": engine.get("errors", {}),
            "throughput": figures.throughput(events), "latency_ms": latency, "histogram": histogram(totals),
            "targets": figures.targets(latency)}


def histogram(ordered: list[float], columns: int = 48) -> dict:
    """Columns of equal width up to a little beyond the 99th percentile; slower ones are counted apart."""
    if not ordered:
        return {"width_ms": 0, "counts": [], "slower": 0}
    top = max(figures.percentile(ordered, 0.99) * 1.25, 1.0)
    counts = [0] * columns
    for value in ordered:
        if value < top:
            counts[int(value / top * columns)] += 1
    return {"width_ms": round(top / columns, 4), "counts": counts, "slower": len(ordered) - sum(counts)}


def make(place: Place, verification: dict, before: dict, after: dict) -> dict:
    loads = [of_load(folder) for folder in place.folder.loads()]
    whole = {"loads": loads, "verification": verification}
    return {"format": 1, "time": datetime.now(timezone.utc).isoformat(timespec="seconds"), "place": place.name,
            "title": place.title, "passed": passed(whole), "counts": {"before": before, "after": after}, **whole}


def passed(report: dict) -> bool:
    """Integrity alone: how fast a machine is says nothing about right or wrong."""
    generated = sum(load["events"] for load in report["loads"])
    return bool(report["verification"].get("passed")) and report["verification"]["events"]["outbox"] == generated


def write(report: dict, folder: Path, place: Place) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    variables = place.environment()
    for name, text in (("demo_verification.json", json.dumps(report["verification"], indent=2, ensure_ascii=False)),
                       ("demo_report.json", json.dumps(report, indent=1, ensure_ascii=False)),
                       ("demo_report.html", page(report))):
        (folder / name).write_text(without_secrets(text, variables) + "\n", encoding="utf-8")


def tell(report: dict) -> None:
    say("\n   events   rate/s    peak/s   p50 ms   p95 ms   p99 ms   max ms   targets p50<30 p95<100 p99<200")
    for load in report["loads"]:
        total = load["latency_ms"].get("total", {})
        held = "held" if all(target["held"] for target in load["targets"]) else "missed"
        say(f"  {grouped(load['events']):>7}  {load['throughput']['average_per_s']:>7,.0f}  "
            f"{load['throughput']['peak_per_s']:>8,.0f}  "
            + "  ".join(f"{total.get(name, 0):>7.1f}" for name in ("p50", "p95", "p99", "max")) + f"   {held}")
    stages = {name: one for name, one in (report["loads"][-1]["latency_ms"] if report["loads"] else {}).items()
              if "share" in one}
    if stages:
        say("  T0→T5: " + ", ".join(f"{name} {one['share']:.0%} (mean {one['avg']:.1f} ms)" for name, one in stages.items()))
