"""Kafka, as an independent client sees and changes it."""

import json
import subprocess
from dataclasses import dataclass, field

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

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
        self._producer = Producer({"bootstrap.servers": address, "linger.ms": 1})
        self._looker = Consumer({"bootstrap.servers": address, "group.id": "looker", "enable.auto.commit": False})

    def create(self, topic, partitions=1, settings=None):
        for made in self._admin.create_topics([NewTopic(topic, partitions, 1, config=settings or {})]).values():
            made.result(PATIENCE)

    def delete(self, topic):
        for gone in self._admin.delete_topics([topic]).values():
            gone.result(PATIENCE)

    def delete_group(self, group):
        for gone in self._admin.delete_consumer_groups([group]).values():
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
        return sorted(self._looker.list_topics(topic, PATIENCE).topics[topic].partitions)

    def topics(self):
        return set(self._looker.list_topics(timeout=PATIENCE).topics)

    def ends(self, topic):
        """The position after the last record of each partition."""
        return {number: self._looker.get_watermark_offsets(TopicPartition(topic, number), PATIENCE)[1]
                for number in self.partitions(topic)}

    def committed(self, group, topic):
        """What the group has committed of each partition, if anything."""
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(PATIENCE)
        return {one.partition: one.offset for one in asked.topic_partitions if one.topic == topic and one.offset >= 0}

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
