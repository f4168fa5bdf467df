"""The outbox table, and connectors that capture it: those of configs/debezium, with names of their own."""

import http.client
import json
import os
import subprocess

from end_to_end.events import text_of
from end_to_end.world import CONFIGS, wait_until


def sql(statements):
    """What psql answers."""
    done = subprocess.run(
        ["psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-h", os.environ["POSTGRES_HOST"], "-p", os.environ["POSTGRES_PORT"],
         "-U", os.environ["POSTGRES_USER"], os.environ["POSTGRES_DB"]],
        input=statements, env={**os.environ, "PGPASSWORD": os.environ["POSTGRES_PASSWORD"]}, check=True, capture_output=True,
        text=True)
    return done.stdout.strip()


def insert(events):
    """In one transaction, as a program would."""
    rows = ",\n".join(f"('{event.id}', '{event.aggregate_type}', '{event.aggregate_id}', '{event.type}',"
                      f" $json${json.dumps(event.payload)}$json$, '{text_of(event.created_at)}')" for event in events)
    sql("INSERT INTO activity.event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at) "
        f"VALUES {rows};")


class Connector:
    """Deployed and streaming until it is removed, with its slot."""

    def __init__(self, name, file="outbox.json", **settings):
        self.name = name
        slot = name.replace("-", "_")
        config = json.loads((CONFIGS / "debezium" / file).read_text(encoding="utf-8"))["config"]
        config |= {"topic.prefix": name, "slot.name": slot, "publication.name": slot}
        config |= {key.replace("__", "."): value for key, value in settings.items()}
        self.topic = f"{name}.{config['table.include.list']}"
        self._slot = slot
        self._ask("PUT", f"/connectors/{name}/config", config)
        wait_until(self._streams, f"the connector {name}", pause=0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ask("DELETE", f"/connectors/{self.name}")

    def _streams(self):
        status, answer = self._ask("GET", f"/connectors/{self.name}/status")
        if status != 200:
            return False
        tasks = answer["tasks"]
        if any(task["state"] == "FAILED" for task in tasks):
            raise AssertionError(tasks[0]["trace"])
        return bool(tasks) and sql(f"SELECT active FROM pg_replication_slots WHERE slot_name = '{self._slot}'") == "t"

    def _ask(self, method, path, body=None):
        address = os.environ["CONNECT_URL"].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status in (400, 422):
                raise AssertionError(text.decode())
            return answer.status, json.loads(text or b"{}")
        finally:
            connection.close()
