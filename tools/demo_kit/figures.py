"""The figures of a load, from the metrics file: a line for each event, with its clocks T0 to T5."""

import json
from pathlib import Path

# A stage lies between two neighbouring clocks that are known; in files alone there are only T0, T3 and T5.
_CLOCKS = ("t0_created", "t1_kafka", "t2_appended", "t3_start", "t5_end")
STAGES = {("t0_created", "t1_kafka"): "capture", ("t1_kafka", "t2_appended"): "delivery", ("t2_appended", "t3_start"): "lag",
          ("t3_start", "t5_end"): "processing", ("t0_created", "t3_start"): "pickup"}
MEANING = {"capture": "row inserted → captured by Debezium", "delivery": "captured → record in Kafka",
           "lag": "record in Kafka → read by sluice", "processing": "read → document durable",
           "pickup": "row inserted → read by sluice", "total": "row inserted → document durable"}
PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
# T0 to T5 in milliseconds: what the reference promises.
TARGETS = {"p50": 30.0, "p95": 100.0, "p99": 200.0}


def read_metrics(file: Path) -> list[dict]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def percentile(ordered: list[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def distribution(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"count": len(ordered), **{name: round(percentile(ordered, share), 3) for name, share in PERCENTILES.items()},
            "min": round(ordered[0], 3), "max": round(ordered[-1], 3), "avg": round(sum(ordered) / len(ordered), 3)}


def stages_of(event: dict) -> dict[str, float]:
    """Milliseconds. Clocks of several machines may contradict each other: a stage is never negative."""
    known = [clock for clock in _CLOCKS if event.get(clock) is not None]
    pairs = [pair for pair in zip(known, known[1:]) if pair in STAGES]
    spent = {STAGES[first, last]: max((event[last] - event[first]) * 1000, 0.0) for first, last in pairs}
    return spent | ({"total": (event["t5_end"] - event["t0_created"]) * 1000} if "t0_created" in known else {})


def latencies(events: list[dict]) -> dict[str, dict[str, float]]:
    """By stage, with the share of the mean total that goes there."""
    values: dict[str, list[float]] = {}
    for event in events:
        for stage, milliseconds in stages_of(event).items():
            values.setdefault(stage, []).append(milliseconds)
    found = {stage: distribution(milliseconds) for stage, milliseconds in values.items()}
    spent = sum(sum(milliseconds) for stage, milliseconds in values.items() if stage != "total")
    for stage, milliseconds in values.items():
        if stage != "total" and spent:
            found[stage]["share"] = round(sum(milliseconds) / spent, 4)
    return found


def throughput(events: list[dict], points: int = 60) -> dict:
    """Events a second between the first row and the last document, and over the time between."""
    if not events:
        return {"average_per_s": 0.0, "peak_per_s": 0.0, "series": []}
    ended = sorted(event["t5_end"] for event in events)
    began = min(event.get("t0_created") or event["t3_start"] for event in events)
    seconds = max(ended[-1] - began, 0.001)
    width = max(seconds / points, 0.1)  # narrower ones would show batches, not a rate
    counts = [0] * (int(seconds / width) + 1)
    for time in ended:
        counts[max(int((time - began) / width), 0)] += 1
    if len(counts) > 1 and seconds - (len(counts) - 1) * width < width:
        counts.pop()  # the rest of a column would look like a fall
    series = [[round(at * width, 3), round(count / width, 1)] for at, count in enumerate(counts)]
    average = len(events) / seconds
    return {"seconds": round(seconds, 3), "average_per_s": round(average, 1),
            "peak_per_s": max(round(average, 1), *(rate for _, rate in series)), "series": series}


def targets(found: dict[str, dict[str, float]]) -> list[dict]:
    total = found.get("total", {})
    return [{"name": name, "limit_ms": limit, "measured_ms": total[name], "held": total[name] < limit}
            for name, limit in TARGETS.items() if name in total]
