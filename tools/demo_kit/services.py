"""Services that somebody has already, named by the reference system's variables. The demo touches only what it made there."""

import secrets
import time

from .places import ROOT
from .servers import Kafka, Mongo, Postgres
from .stack import Stack
from .variables import with_defaults
from .words import Failed, say

PATIENCE = 120


class Services(Stack):
    name = "services"
    title = "services named by the environment: PostgreSQL, Debezium, Kafka and MongoDB"
    config = ROOT / "tools" / "demo_kit" / "services.yaml"

    def variables(self) -> dict[str, str]:
        run = self.folder.get("run", "")
        ours = {"DEMO_ID": f"sluice-demo-{run}", "DEMO_STATISTICS": f"sluice_demo_{run}_statistics",
                "DEAD_LETTER_TOPIC": f"sluice-demo-{run}.dead"}
        base = with_defaults(self.given)
        return base | ours | {"DEMO_GROUP": f"{base['KAFKA_GROUP_ID']}.demo-{run}"}

    def set_up(self) -> None:
        self.folder.keep(run=secrets.token_hex(4))
        variables = self.variables()
        self.check()
        postgres, kafka, mongo = Postgres(variables), Kafka(variables), Mongo(variables)
        topic, group = variables["KAFKA_TOPIC"], variables["KAFKA_GROUP_ID"]
        if not kafka.partitions(topic):
            raise Failed(f"Kafka has no topic {topic}: deploy configs/debezium/outbox.json, or name the topic by KAFKA_TOPIC")
        if members := kafka.members(group):
            raise Failed(f"the group {group} has {members} running members, which would apply the demo's events too: "
                         "stop them, or name another group and database")
        self.folder.keep(collections=mongo.ask(lambda database: database.list_collection_names()),
                         others={"event_outbox": postgres.rows(),
                                 **{name: mongo.count(name) for name in ("users", "activities")}})
        mongo.close()
        self._wait_for_connector(postgres, kafka)
        kafka.begin_at_the_end(topic, variables["DEMO_GROUP"])  # events of others are not the demo's to apply
        others = self.folder["others"]
        say(f"  what is there stays as it is: {others['event_outbox']:,} rows, {others['users']:,} users, "
            f"{others['activities']:,} activities")

    def check(self) -> None:
        variables = self.variables()
        postgres = Postgres(variables)
        if not postgres.has_outbox():
            raise Failed("PostgreSQL has no table activity.event_outbox; `sluice-kit generate --postgres environment "
                         "--create-table --events 0` makes it")
        say(f"  PostgreSQL  {variables['POSTGRES_HOST']}:{variables['POSTGRES_PORT']}/{variables['POSTGRES_DB']}")
        Kafka(variables).partitions(variables["KAFKA_TOPIC"])
        say(f"  Kafka       {variables['KAFKA_BOOTSTRAP_SERVERS']}, {variables['KAFKA_TOPIC']}")
        mongo = Mongo(variables)
        mongo.ask(lambda database: database.command("ping"))
        mongo.close()
        say(f"  MongoDB     database {variables['MONGODB_DATABASE']}")

    @staticmethod
    def _wait_for_connector(postgres: Postgres, kafka: Kafka) -> None:
        if not postgres.captures():
            raise Failed("no connector reads the log of this database: deploy configs/debezium/outbox.json "
                         "(docs/testing.md says how), and see that it is RUNNING")
        position = postgres.position()
        deadline = time.monotonic() + PATIENCE
        while not postgres.captured(position):
            if time.monotonic() > deadline:
                raise Failed(f"the connector has not caught up within {PATIENCE} s")
            time.sleep(0.2)
        say("  Debezium    has caught up")

    def clean_up(self) -> None:
        if not self.folder.get("run"):
            return
        variables, made = self.variables(), self._made()
        if any(made.values()):
            say("removing what the demo made, by the ids of its loads, and nothing else")
        mongo = Mongo(variables)
        rows = Postgres(variables).delete_events(made["event"]) if made["event"] else 0
        documents = sum(mongo.delete_ids(name, made[name]) for name in ("users", "activities"))
        mongo.ask(self._remove_own_collections)
        mongo.close()
        Kafka(variables).remove(variables["DEAD_LETTER_TOPIC"], variables["DEMO_GROUP"])
        say(f"  {rows:,} rows and {documents:,} documents removed")

    def _remove_own_collections(self, database) -> None:
        variables = self.variables()
        database.drop_collection(variables["DEMO_STATISTICS"])
        database["_sluice"].delete_many({"pipeline": variables["DEMO_ID"]})
        for name in ("users", "activities", "_sluice"):  # those that the demo's engine made
            if name not in self.folder.get("collections", [name]) and not database[name].find_one():
                database.drop_collection(name)

    def _made(self) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {"event": [], "users": [], "activities": []}
        manifests = self.manifest_arguments()
        for line in self.kit("made", *manifests).splitlines() if manifests else []:
            kind, _, one = line.partition(" ")
            made[kind].append(one)
        return made

    def verify_arguments(self) -> list[str]:
        return [*super().verify_arguments(), "--among-others", "--statistics", self.variables()["DEMO_STATISTICS"]]

    def counts(self) -> dict[str, int]:
        made, mongo = self._made(), Mongo(self.variables())
        try:
            return {"event_outbox": Postgres(self.variables()).count_events(made["event"]) if made["event"] else 0,
                    **{name: mongo.count_ids(name, made[name]) for name in ("users", "activities")},
                    "statistics": mongo.count(self.variables()["DEMO_STATISTICS"])}
        finally:
            mongo.close()
