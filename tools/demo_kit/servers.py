"""PostgreSQL, Kafka and MongoDB as the demo asks them: psql, and the clients of tools/services/python."""

import os
import subprocess

from .words import Failed


class Postgres:
    def __init__(self, variables: dict[str, str]) -> None:
        self._where = f"PostgreSQL at {variables['POSTGRES_HOST']}:{variables['POSTGRES_PORT']}"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
            "PGHOST": variables["POSTGRES_HOST"], "PGPORT": variables["POSTGRES_PORT"],
            "PGDATABASE": variables["POSTGRES_DB"], "PGCONNECT_TIMEOUT": "5",
            **{f"PG{name}": variables[f"POSTGRES_{name}"] for name in ("USER", "PASSWORD") if f"POSTGRES_{name}" in variables}}

    def ask(self, statements: str) -> str:
        """The last answer, unaligned."""
        done = subprocess.run(["psql", "-XqtA", "-w", "-v", "ON_ERROR_STOP=1"], input=statements, env=self._environment,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"{self._where}: {done.stderr.strip()}")
        return done.stdout.strip()

    def rows(self) -> int:
        return int(self.ask("SELECT count(*) FROM activity.event_outbox"))

    def has_outbox(self) -> bool:
        return self.ask("SELECT to_regclass('activity.event_outbox') IS NOT NULL") == "t"

    def position(self) -> str:
        return self.ask("SELECT pg_current_wal_lsn()")

    def captures(self) -> bool:
        """Whether a connector reads the log of this database."""
        return self.ask("SELECT count(*) > 0 FROM pg_replication_slots "
                        "WHERE database = current_database() AND slot_type = 'logical' AND active") == "t"

    def captured(self, position: str) -> bool:
        """Whether every connector was sent the log up to there."""
        return self.ask("SELECT coalesce(bool_and(r.sent_lsn >= '" + position + "'), false) FROM pg_replication_slots s "
                        "JOIN pg_stat_replication r ON r.pid = s.active_pid "
                        "WHERE s.database = current_database() AND s.slot_type = 'logical'") == "t"

    def empty_outbox(self) -> None:
        self.ask("TRUNCATE activity.event_outbox")

    def delete_events(self, ids: list[str]) -> int:
        rows = "\n".join(ids)
        return int(self.ask("BEGIN;\nCREATE TEMP TABLE made (event_id uuid PRIMARY KEY) ON COMMIT DROP;\n"
                            f"COPY made FROM STDIN;\n{rows}\n\\.\n"
                            "WITH gone AS (DELETE FROM activity.event_outbox USING made "
                            "WHERE event_outbox.event_id = made.event_id RETURNING 1) SELECT count(*) FROM gone;\nCOMMIT;\n"))

    def count_events(self, ids: list[str]) -> int:
        rows = "\n".join(ids)
        return int(self.ask("BEGIN;\nCREATE TEMP TABLE made (event_id uuid PRIMARY KEY) ON COMMIT DROP;\n"
                            f"COPY made FROM STDIN;\n{rows}\n\\.\n"
                            "SELECT count(*) FROM activity.event_outbox JOIN made USING (event_id);\nCOMMIT;\n"))


class Kafka:
    def __init__(self, variables: dict[str, str]) -> None:
        from confluent_kafka.admin import AdminClient

        self._brokers = variables["KAFKA_BOOTSTRAP_SERVERS"]
        self._admin = AdminClient({"bootstrap.servers": self._brokers}, logger=_silent())

    def partitions(self, topic: str) -> list[int]:
        """No number when there is no such topic."""
        topics = self._ask(lambda: self._admin.list_topics(timeout=10)).topics
        return sorted(topics[topic].partitions) if topic in topics else []

    def ends(self, topic: str) -> dict[int, int]:
        """The next position of each partition."""
        from confluent_kafka import TopicPartition
        from confluent_kafka.admin import OffsetSpec

        asked = self._admin.list_offsets({TopicPartition(topic, number): OffsetSpec.latest()
                                          for number in self.partitions(topic)}, request_timeout=10)
        return self._ask(lambda: {place.partition: answer.result(10).offset for place, answer in asked.items()})

    def begin_at_the_end(self, topic: str, group: str) -> None:
        """Of every partition, empty ones too."""
        from confluent_kafka import Consumer, TopicPartition

        consumer = Consumer({"bootstrap.servers": self._brokers, "group.id": group}, logger=_silent())
        places = [TopicPartition(topic, number, end) for number, end in self.ends(topic).items()]
        self._ask(lambda: consumer.commit(offsets=places, asynchronous=False))
        consumer.close()

    def members(self, group: str) -> int:
        from confluent_kafka import KafkaException

        try:
            return len(self._admin.describe_consumer_groups([group], request_timeout=10)[group].result(10).members)
        except KafkaException:
            return 0  # there is no such group

    def remove(self, topic: str, group: str) -> None:
        """What is not there need not be removed."""
        from confluent_kafka import KafkaException

        answers = list(self._admin.delete_consumer_groups([group], request_timeout=10).values())
        if self.partitions(topic):
            answers += self._admin.delete_topics([topic], operation_timeout=10).values()
        for answer in answers:
            try:
                answer.result(10)
            except KafkaException as error:
                if error.args[0].name() not in ("GROUP_ID_NOT_FOUND", "UNKNOWN_TOPIC_OR_PART"):
                    raise Failed(f"Kafka at {self._brokers}: {error.args[0].str()}") from None

    def _ask(self, question):
        from confluent_kafka import KafkaException

        try:
            return question()
        except KafkaException as error:
            raise Failed(f"Kafka at {self._brokers}: {error.args[0].str()}") from None


def _silent():
    import logging

    log = logging.getLogger("demo.kafka")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return log


class Mongo:
    def __init__(self, variables: dict[str, str]) -> None:
        from pymongo import MongoClient
        from pymongo.errors import PyMongoError

        self._errors = PyMongoError
        try:
            self.database = MongoClient(variables["MONGODB_URI"], serverSelectionTimeoutMS=5000,
                                        uuidRepresentation="standard")[variables["MONGODB_DATABASE"]]
        except PyMongoError as error:
            raise Failed(f"MongoDB: {error}") from None

    def ask(self, question):
        try:
            return question(self.database)
        except self._errors as error:
            raise Failed(f"MongoDB: {error}") from None

    def close(self) -> None:
        self.database.client.close()

    def count(self, name: str) -> int:
        return self.ask(lambda database: database[name].count_documents({}))

    def count_ids(self, name: str, ids: list[str]) -> int:
        return self.ask(lambda database: sum(database[name].count_documents({"_id": {"$in": part}}) for part in _parts(ids)))

    def delete_ids(self, name: str, ids: list[str]) -> int:
        return self.ask(lambda database: sum(database[name].delete_many({"_id": {"$in": part}}).deleted_count
                                             for part in _parts(ids)))


def _parts(ids: list[str], size: int = 1000) -> list[list[str]]:
    return [ids[at:at + size] for at in range(0, len(ids), size)]
