"""The real stack, started by the demo and stopped by it: PostgreSQL, Debezium, Kafka and a server of MongoDB's protocol."""

import os
import subprocess
import time

from . import processes
from .places import ROOT, Place
from .servers import Kafka, Mongo, Postgres
from .words import Failed, say

PATIENCE = 180
WARM_UP = 1_000


class Stack(Place):
    name = "stack"
    title = "the real stack: PostgreSQL, Debezium, Kafka and a server of MongoDB's protocol, on this machine"
    config = ROOT / "configs" / "activity.yaml"

    def variables(self) -> dict[str, str]:
        from .variables import with_defaults

        own = {name: "" for name in ("KAFKA_TOPIC", "KAFKA_GROUP_ID", "MONGODB_DATABASE", "DEAD_LETTER_TOPIC")}
        return with_defaults(own) | {"DEAD_LETTER_TOPIC": "activity.dead"} | self.folder.get("addresses", {})

    def set_up(self) -> None:
        say("starting PostgreSQL, Kafka, Debezium and MongoDB's server (the first time they are fetched)")
        began = time.monotonic()
        self._start()
        self._wait()
        self.check()
        say(f"  all answer and the connector streams, after {time.monotonic() - began:.1f} s")
        self._warm_up()

    def _warm_up(self) -> None:
        """A JVM compiles its code while it runs: the first rows that Debezium sees take a hundred times as long as later
        ones. They are no part of any load: the table is empty afterwards, and engines begin behind them."""
        say(f"warming up Debezium with {WARM_UP} rows, which are removed again")
        postgres, kafka, topic = Postgres(self.variables()), Kafka(self.variables()), self.variables()["KAFKA_TOPIC"]
        self.kit("generate", *self.outbox_arguments(), "--events", WARM_UP, "--rate", 300)
        deadline = time.monotonic() + PATIENCE
        while sum(kafka.ends(topic).values()) < WARM_UP:
            if time.monotonic() > deadline:
                raise Failed(f"Debezium has not captured {WARM_UP} rows within {PATIENCE} s")
            time.sleep(0.1)
        postgres.empty_outbox()
        kafka.begin_at_the_end(topic, self.variables()["KAFKA_GROUP_ID"])

    def _start(self) -> None:
        pipe = self.folder.path / "services.in"  # open at both ends in the child: its input never ends by itself
        os.mkfifo(pipe, 0o600)
        commands = os.open(pipe, os.O_RDWR)
        try:
            with (self.folder.path / "services.out").open("w") as out, (self.folder.path / "services.log").open("w") as log:
                up = subprocess.Popen([ROOT / "tools" / "services" / "up", "--no-sync", "debezium", "mongodb"],
                                      stdin=commands, stdout=out, stderr=log, process_group=0)  # so that Ctrl-C is not for it
        finally:
            os.close(commands)
        self.folder.keep(services=processes.note(up.pid))

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            lines = (self.folder.path / "services.out").read_text(encoding="utf-8").splitlines()
            if any(line.startswith("# ready") for line in lines):
                self.folder.keep(addresses=dict(line.split("=", 1) for line in lines if not line.startswith("#")))
                return
            log = (self.folder.path / "services.log").read_text(encoding="utf-8")
            if not processes.runs(self.folder["services"]):
                raise Failed(f"the servers did not start:\n{log.strip()}")
            # A first start builds and fetches, and says so; that takes minutes.
            if time.monotonic() > deadline and not log:
                raise Failed(f"the servers are not there after {PATIENCE} s; see {self.folder.path / 'services.log'}")
            time.sleep(0.1)

    def check(self) -> None:
        """That they run still, for loads in later calls."""
        if not processes.runs(self.folder["services"]):
            raise Failed("the servers that setup started have ended; `tools/demo --stack cleanup`, then setup again")
        Postgres(self.variables()).rows()

    def clean_up(self) -> None:
        if services := self.folder.get("services"):
            processes.end(services)
            say("stopped the servers")

    def outbox_arguments(self) -> list[str]:
        return ["--postgres", "environment"]

    def verify_arguments(self) -> list[str]:
        variables = self.variables()
        letters = variables["DEAD_LETTER_TOPIC"]
        there = Kafka(variables).partitions(letters)
        found = ["--dead-letters", f"kafka://{variables['KAFKA_BOOTSTRAP_SERVERS']}/{letters}"] if there else []
        return ["--postgres", "environment", "--documents", "environment", *self.manifest_arguments(), *found]

    def counts(self) -> dict[str, int]:
        mongo = Mongo(self.variables())
        try:
            return {"event_outbox": Postgres(self.variables()).rows(),
                    **{name: mongo.count(name) for name in ("users", "activities", "statistics")}}
        finally:
            mongo.close()

    def partitions(self) -> int:
        return len(Kafka(self.variables()).partitions(self.variables()["KAFKA_TOPIC"]))

    def rate(self, events: int) -> float:
        return min(max(events, 50), 300)  # what the reference claims to sustain
