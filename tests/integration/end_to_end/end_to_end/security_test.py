"""Who is let in with configs/activity-secure.yaml, and what others are told: `tools/services/up --secure kafka mongodb`."""

import os
import re

from confluent_kafka.admin import (AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType,
                                   ResourceType)

from end_to_end.events import World
from end_to_end.world import CONFIGS, EndToEnd

SECURE = CONFIGS / "activity-secure.yaml"


class Security(EndToEnd):
    def setUp(self):
        super().setUp()
        self.events = World().events(20)
        self.broker.create(self.topic)
        self.append(self.events)
        self.secret("kafka-password", os.environ["KAFKA_PASSWORD"])
        self.secret("mongodb-uri", os.environ["MONGODB_URI"])

    def secret(self, name, text):
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    def variables(self, **more):
        secure = {"KAFKA_BOOTSTRAP_SERVERS": os.environ["KAFKA_SASL_SSL_BOOTSTRAP_SERVERS"],
                  "KAFKA_CA": os.environ["TLS_CA"], "SECRETS": str(self.folder)}
        return super().variables(**secure) | more

    def refused(self, **variables):
        """What the engine says when it ends, soon and without its secrets."""
        log = self.fails(SECURE, **variables)
        for secret in (os.environ["KAFKA_PASSWORD"], re.search(":([^:@/]+)@", os.environ["MONGODB_URI"])[1]):
            self.assertNotIn(secret, log)
        return log

    def allow_guest(self, kind, name, *operations):
        admin = AdminClient({"bootstrap.servers": self.broker.address})
        rules = [AclBinding(kind, name, ResourcePatternType.LITERAL, "User:guest", "*", operation, AclPermissionType.ALLOW)
                 for operation in operations]
        for made in admin.create_acls(rules).values():
            made.result(30)

    def test_the_right_credentials_are_let_in(self):
        for mechanism in ("SCRAM-SHA-512", "PLAIN"):
            log = self.run_to_the_end(SECURE, KAFKA_SASL=mechanism)
            self.assertNotIn(os.environ["KAFKA_PASSWORD"], log)
        self.expect_documents(self.events)

    def test_a_wrong_password_for_kafka(self):
        self.secret("kafka-password", "wrong")
        self.assertIn("check sasl, username and password", self.refused())

    def test_an_unknown_authority_of_kafkas_certificate(self):
        self.assertIn("check tls, tls_ca", self.refused(KAFKA_CA="/etc/ssl/certs/ca-certificates.crt"))

    def test_no_rights_on_the_topic(self):
        log = self.refused(KAFKA_USER=os.environ["KAFKA_GUEST_USER"], DEAD_LETTER_TOPIC=self.topic_of_guest())
        self.assertIn(self.topic, log)

    def test_no_rights_on_the_group(self):
        self.allow_guest(ResourceType.TOPIC, self.topic, AclOperation.READ)
        log = self.refused(KAFKA_USER=os.environ["KAFKA_GUEST_USER"], DEAD_LETTER_TOPIC=self.topic_of_guest())
        self.assertIn("the user needs the right to read the group", log)

    def topic_of_guest(self):
        """For dead letters, so that those are not what is refused."""
        name = f"{self.letters}.guest"
        self.broker.create(name)
        self.allow_guest(ResourceType.TOPIC, name, AclOperation.READ, AclOperation.WRITE)
        self.allow_guest(ResourceType.BROKER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE)
        return name

    def test_no_rights_on_the_topic_of_dead_letters(self):
        log = self.refused(KAFKA_USER=os.environ["KAFKA_GUEST_USER"])
        self.assertIn(self.letters, log)

    def test_a_topic_that_is_missing(self):
        self.assertIn("there is no topic", self.refused(KAFKA_TOPIC="missing"))

    def test_a_wrong_password_for_mongodb(self):
        self.secret("mongodb-uri", re.sub(":[^:@/]+@", ":wrong@", os.environ["MONGODB_URI"]))
        self.assertIn("Authentication failed", self.refused())

    def test_an_unknown_authority_of_mongodbs_certificate(self):
        self.secret("mongodb-uri", re.sub("&tlsCAFile=[^&]*", "", os.environ["MONGODB_URI"]))
        self.assertIn("tlsCAFile", self.refused())

    def test_no_rights_in_mongodb(self):
        self.secret("mongodb-uri", os.environ["MONGODB_GUEST_URI"])
        self.assertIn("not authorized", self.refused())
