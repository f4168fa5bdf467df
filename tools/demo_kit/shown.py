"""Counts, samples and single events, as a person wants to see them."""

import json

from . import figures
from .load import Load
from .words import grouped, say

NAMES = ("event_outbox", "users", "activities", "statistics")


def counts(before: dict[str, int], after: dict[str, int]) -> None:
    say("  " + "   ".join(f"{name} {grouped(before.get(name, 0))} → {grouped(after.get(name, 0))}" for name in NAMES))


def samples(verification: dict) -> None:
    say("sample documents")
    for name, documents in verification.get("latest", {}).items():
        for document in documents[:1]:
            text = json.dumps(document, ensure_ascii=False)
            say(f"  {name:<11}{text if len(text) <= 200 else text[:199] + '…'}")


def events_of(load: Load) -> None:
    """Every event with its clocks: for small loads only."""
    for event in figures.read_metrics(load.folder / "metrics.ndjson"):
        spent = figures.stages_of(event)
        total = spent.pop("total", 0.0)
        stages = "  ".join(f"{stage} {milliseconds:.1f}" for stage, milliseconds in spent.items())
        say(f"  {event['event_type']:<18} {event['event_id']}  {total:7.1f} ms  ({stages})")
