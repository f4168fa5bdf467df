"""Dead letters of every stage, as an independent client reads them, and what the command line makes of them:
`tools/services/up kafka mongodb`."""

import json
from datetime import datetime

from end_to_end import reference
from end_to_end.broker import Sent, headers_of
from end_to_end.events import Event, World, envelope
from end_to_end.world import EndToEnd

CONNECT = "__connect.errors."
CONNECT_HEADERS = {CONNECT + name for name in (
    "topic", "partition", "offset", "connector.name", "task.id", "stage", "class.name", "exception.class.name",
    "exception.message", "exception.stacktrace")}


class Letters(EndToEnd):
    def setUp(self):
        super().setUp()
        self.world = World()
        self.broker.create(self.topic, 3)

    def letters_by_key(self):
        return {record["key"]: record for record in self.broker.records(self.letters)}

    def append_raw(self, key, value, partition=0, headers=()):
        self.broker.append(self.topic, [Sent(value, key, partition, list(headers))])

    def refuse_documents_without_title(self):
        """By a validator, as the owner of a database may set one."""
        self.database.create_collection("activities", validator={"title": {"$ne": "forbidden"}})

    def test_every_stage_leaves_its_letter(self):
        good = self.world.events(10)
        self.append(good)
        self.append_raw(b"not-json", b"{nonsense", 2, [("origin", b"test"), (CONNECT + "stage", b"OLD")])
        self.append_raw(b"unknown-type", envelope(Event("UserVanished", "user", "u", {}, good[0].created_at)))
        rejected = self.world.user()
        del rejected.payload["email"]
        self.append_raw(b"rejected", envelope(rejected))
        again = Event("UserCreated", "user", good[0].aggregate_id, good[0].payload, good[0].created_at)
        self.append_raw(b"conflict", envelope(again))
        orphan = self.world.join(activity="05c6af07-58d5-463d-ab2c-d31ee3151288")
        self.append_raw(b"waited", envelope(orphan), 1)

        log = self.run_to_the_end(self.config(wait="wait: { for: 300ms }"))
        found = self.letters_by_key()
        self.assertEqual({key: (headers_of(record)["sluice.code"], headers_of(record)[CONNECT + "stage"])
                          for key, record in found.items()},
                         {"not-json": ("decode.not_json", "VALUE_CONVERTER"),
                          "unknown-type": ("route.no_match", "TRANSFORMATION"),
                          "rejected": ("handler.rejected", "TRANSFORMATION"),
                          "conflict": ("store.conflict", "TASK_PUT"),
                          "waited": ("wait.expired", "TASK_PUT")})
        self.assertIn("email", headers_of(found["rejected"])[CONNECT + "exception.message"])
        self.assertNotIn("ERROR", log)

    def test_the_headers_are_those_of_kafka_connect(self):
        self.append_raw(b"before", b"1")
        headers = [("origin", b"test"), (CONNECT + "stage", b"OLD"), ("empty", None)]
        self.append_raw("schlüssel".encode(), b"{nonsense", 2, headers)
        source = [record for record in self.broker.records(self.topic) if record["partition"] == 2][0]
        self.run_to_the_end()
        letter = [record for record in self.broker.records(self.letters) if record["payload"] == "{nonsense"][0]
        headers = headers_of(letter)
        self.assertEqual((letter["key"], letter["ts"], letter["tstype"]), (source["key"], source["ts"], "create"))
        self.assertEqual({name for name in headers if name.startswith(CONNECT)}, CONNECT_HEADERS)
        self.assertEqual((headers["origin"], headers["empty"]), ("test", None))
        self.assertEqual({name.removeprefix(CONNECT): value for name, value in headers.items()
                          if name.startswith(CONNECT) and "exception" not in name},
                         {"topic": self.topic, "partition": "2", "offset": "0", "connector.name": "activity", "task.id": "0",
                          "stage": "VALUE_CONVERTER", "class.name": "sluice.decode"})
        self.assertEqual(headers[CONNECT + "exception.class.name"], "sluice.decode.not_json")
        self.assertIn(headers[CONNECT + "exception.message"], headers[CONNECT + "exception.stacktrace"])
        datetime.fromisoformat(headers["sluice.failed_at"])

    def test_a_refused_document_is_a_letter_and_the_batch_goes_on(self):
        self.refuse_documents_without_title()
        good = self.world.events(20)
        bad = self.world.activity()
        bad.payload["title"] = "forbidden"
        self.append([*good[:10], bad, *good[10:]])
        self.run_to_the_end()
        [letter] = self.broker.records(self.letters)
        headers = headers_of(letter)
        self.assertEqual(headers["sluice.code"], "store.refused")
        self.assertEqual(json.loads(headers["sluice.unapplied"]), [
            {"handler": "activity.activity_created", "collection": "activities", "document": json.dumps(bad.aggregate_id)}])
        wanted = reference.documents([*good, bad])  # its statistics counted
        del wanted["activities"][bad.aggregate_id]
        self.assertEqual(reference.differences(reference.stored(self.database), wanted), [])

    def test_letters_are_listed_shown_replayed_and_discarded(self):
        config = self.config(wait="wait: { for: 200ms }")
        users, activity = [self.world.user() for _ in range(2)], self.world.activity()
        joins = [self.world.join(activity.aggregate_id, user.aggregate_id) for user in users]
        self.append([*users, *joins])
        self.append_raw(b"rubbish", b"{nonsense", 1)
        self.run_to_the_end(config)

        listed = self.json_of("dead-letters", "list", "-c", config)
        self.assertEqual(sorted(letter["code"] for letter in listed), ["decode.not_json", "wait.expired", "wait.expired"])
        rubbish = next(letter["id"] for letter in listed if letter["code"] == "decode.not_json")
        self.assertIn("{nonsense", self.sluice("dead-letters", "show", rubbish, "-c", config))
        self.sluice("dead-letters", "discard", rubbish, "-c", config)

        self.append([activity])  # late
        self.run_to_the_end(config)
        for _ in range(2):  # a replay may be repeated
            self.sluice("dead-letters", "replay", "--all", "-c", config)
            self.expect_documents([*users, activity, *joins], ordered=False)
        self.assertEqual(self.json_of("dead-letters", "list", "-c", config), [])
        self.assertEqual(len(self.broker.records(self.letters)), 3, "the topic itself is left alone")

    def test_a_topic_that_nobody_makes_stops_the_start_with_the_way_out(self):
        log = self.fails(self.config(create="# no create"))
        self.assertIn("dead_letters.kafka.create", log)
        self.assertNotIn(self.letters, self.broker.topics())
