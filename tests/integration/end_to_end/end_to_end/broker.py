"""Kafka, as an independent client sees and changes it."""

import json
import subprocess
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from harness.engine import wait_until

PATIENCE = 30.0


@dataclass
class Sent:
    """A record to append."""

    value: bytes | None
    key: bytes | None = None
    partition: int = 0
    headers: list = field(default_factory=list)


class Broker:
    def __init__(self, address):
        self.address = address
        self._admin = AdminClient({"bootstrap.servers": address})
        # Idempotent, or a batch that is sent again, as a new topic has no leader yet, comes behind the next one.
        self._producer = Producer({"bootstrap.servers": address, "linger.ms": 1, "enable.idempotence": True})
        self._lookers = {}

    def _looker(self, group=""):
        """A client of the group that never joins it. (The library's own admin call for a group's offsets can crash while
        the broker's coordinator is loading: confluent-kafka 2.16.1.)"""
        if group not in self._lookers:
            self._lookers[group] = Consumer({"bootstrap.servers": self.address, "group.id": group or "none",
                                             "enable.auto.commit": False})
        return self._lookers[group]

    def create(self, topic, partitions=1, settings=None):
        for made in self._admin.create_topics([NewTopic(topic, partitions, 1, config=settings or {})]).values():
            made.result(PATIENCE)

    def delete(self, topic):
        for gone in self._admin.delete_topics([topic]).values():
            gone.result(PATIENCE)

    def delete_group(self, group):
        for gone in self._admin.delete_consumer_groups([group]).values():
            gone.result(PATIENCE)

    def delete_records(self, topic, before, partition=0):
        """The broker forgets what stands before the position."""
        for gone in self._admin.delete_records([TopicPartition(topic, partition, before)]).values():
            gone.result(PATIENCE)

    def append(self, topic, records):
        failed = []
        for record in records:
            self._producer.produce(topic, record.value, record.key, partition=record.partition, headers=record.headers,
                                   on_delivery=lambda error, _: failed.append(error) if error else None)
            self._producer.poll(0)
        if self._producer.flush(PATIENCE) or failed:
            raise RuntimeError(f"{topic} could not be written: {failed}")

    def partitions(self, topic):
        return sorted(self._looker().list_topics(topic, PATIENCE).topics[topic].partitions)

    def topics(self):
        return set(self._looker().list_topics(timeout=PATIENCE).topics)

    def ends(self, topic):
        """The position after the last record of each partition."""
        found = {}

        def answered():
            try:
                found.update((number, self._looker().get_watermark_offsets(TopicPartition(topic, number), PATIENCE)[1])
                             for number in self.partitions(topic))
                return True
            except KafkaException:  # a new topic has no leader yet
                return False

        wait_until(answered, f"the ends of {topic}", PATIENCE, 0.05)
        return found

    def committed(self, group, topic):
        """What the group has committed of each partition, if anything."""
        asked = [TopicPartition(topic, number) for number in self.partitions(topic)]
        return {one.partition: one.offset for one in self._looker(group).committed(asked, PATIENCE) if one.offset >= 0}

    def records(self, topic):
        """All there are, as kcat prints them: topic, partition, offset, ts, headers (alternating), key, payload."""
        if not any(self.ends(topic).values()):
            return []
        printed = subprocess.run(["kcat", "-b", self.address, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-J"],
                                 check=True, capture_output=True, text=True, timeout=PATIENCE)
        return [json.loads(line) for line in printed.stdout.splitlines()]


def headers_of(record):
    """Of a record as kcat prints it. Each name stands once, or this fails."""
    flat = record.get("headers", [])
    names = flat[::2]
    if len(names) != len(set(names)):
        raise AssertionError(f"a header stands twice: {names}")
    return dict(zip(names, flat[1::2]))
