"""What was done to the engines, and what the documents say became of the events."""

import json
import sqlite3
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[3] / "tools" / "services"

DUMP = """
import json, sys, pymongo
uri, database = sys.argv[1:]
for document in pymongo.MongoClient(uri)[database]["seen"].find():
    print(json.dumps([document["_id"], document["events"]]))
"""


@dataclass
class Tally:
    """Of all tests of a run."""

    faults: Counter = field(default_factory=Counter)  # by name
    events: int = 0
    lost: int = 0        # neither applied nor a dead letter
    doubled: int = 0     # applied more than once
    overtaken: int = 0   # applied after a later event of the same aggregate

    def harmed(self):
        return self.lost + self.doubled + self.overtaken

    def add(self, outbox, seen, dead_letters):
        """Holds what the handler `seen.event` has written against the outbox."""
        dead = Path(dead_letters).read_text(encoding="utf-8", errors="replace") if Path(dead_letters).exists() else ""
        for aggregate, sent in events_of(outbox).items():
            self.events += len(sent)
            applied = seen.get(aggregate, [])
            self.compare([one for one in sent if one in applied or one not in dead], applied)

    def compare(self, sent, applied):
        """Of one aggregate: the ids that must have been applied, in their order, and those that were."""
        self.lost += len(set(sent) - set(applied))
        self.doubled += len(applied) - len(set(applied))
        place = {event: number for number, event in enumerate(sent)}
        places = [place[event] for event in dict.fromkeys(applied) if event in place]
        self.overtaken += sum(later < earlier for earlier, later in zip(places, places[1:]))

    def table(self):
        rows = [("faults injected", sum(self.faults.values())),
                *((f"  {name}", count) for name, count in sorted(self.faults.items())),
                ("events", self.events), ("lost", self.lost), ("doubled", self.doubled),
                ("out of order", self.overtaken)]
        return "\n".join(f"{name:<44}{count:>12,}" for name, count in rows)


def events_of(outbox):
    """Of each aggregate the ids of its events in the order of the outbox."""
    with sqlite3.connect(f"file:{outbox}?mode=ro", uri=True) as rows:
        events = {}
        for aggregate, event in rows.execute("SELECT aggregate_id, event_id FROM event_outbox ORDER BY id"):
            events.setdefault(aggregate, []).append(event)
        return events


def seen_in_sqlite(documents):
    with sqlite3.connect(f"file:{documents}?mode=ro", uri=True) as rows:
        return {key: json.loads(document)["events"] for key, document in rows.execute("SELECT _id, document FROM seen")}


def seen_in_mongodb(uri, database):
    told = subprocess.run([SERVICES / "python", "-c", DUMP, uri, database], check=True, capture_output=True, text=True)
    return dict(json.loads(line) for line in told.stdout.splitlines())
