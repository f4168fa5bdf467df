"""A stand-in for an engine's admin endpoint: the page's own files, and whatever status is wanted."""

import http.server
import json
import math
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "engine" / "admin" / "page"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
EPOCH = datetime(2026, 11, 21, 8, 0, 0, tzinfo=timezone.utc)


class StandIn:
    """Serves on a free port of loopback until it is closed. `status()` gives bytes, or an object for JSON."""

    def __init__(self, status, token="", port=0):
        self.status = status
        self.token = token
        self.asked = 0  # for the status
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer._answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def _answer(self, handler):
        code, kind, body = self._reply(handler.path, handler.headers.get("Authorization", ""))
        handler.send_response(code)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.send_header("Content-Security-Policy", "default-src 'self'")
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    def _reply(self, path, authorization):
        if path == "/status":
            self.asked += 1
            if self.token and authorization != f"Bearer {self.token}":
                return 401, "application/json", b'{"error":"a token is needed"}'
            answer = self.status()
            return 200, "application/json", answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        file = FOLDER / ("index.html" if path == "/" else path.removeprefix("/page/"))
        if file.parent != FOLDER or not file.is_file():
            return 404, "application/json", b'{"error":"there is no such page"}'
        return 200, TYPES[file.suffix], file.read_bytes()


def at(seconds):
    """A time of the made-up engine."""
    return (EPOCH + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def latency(count, scale, second):
    """Of all events so far; the mean of each second swings."""
    mean = 0.9 + 0.3 * 9 * (1 - math.cos(second / 9)) / (second + 1)
    return {
        "count": count,
        "p50": round(9.7 * scale, 3),
        "p95": round(24.2 * scale, 3),
        "p99": round(38.8 * scale, 3),
        "min": round(2.9 * scale, 3),
        "avg": round(11.6 * mean * scale, 3),
        "max": round(194 * scale, 3),
    }


def pipeline(second, name="activity", partitions=1, types=3, state="running", trouble=False):
    """A busy pipeline as /status tells of it, after so many seconds."""
    swing = 1 + 0.25 * math.sin(second / 9) + 0.1 * math.sin(second / 2.3 + len(name))
    total = 11_000 * (second + 1)
    dead = total // 900 if trouble else 0
    known = ["UserCreated", "ActivityCreated", "ParticipantJoined"] + [f"Type{n:03}" for n in range(3, types)]
    weights = [1 / (n + 1) for n in range(len(known))]
    counts = [round(total * weight / sum(weights)) for weight in weights]
    letters = [
        {
            "code": code,
            "reason": reason,
            "type": kind,
            "id": f"0c5c7fd0-a6a3-4450-a513-270e269e0d{n:02}",
            "topic": "postgres.activity.event_outbox",
            "partition": n % partitions,
            "position": 611_000 - 7 * n,
            "time": at(second - 3 * n),
        }
        for n, (code, reason, kind) in enumerate(
            [
                ("handler.rejected", "email: required, and not there", "UserCreated"),
                ("route.no_match", "no route matches events of type UserMoved", "UserMoved"),
                ("decode.not_json", "the value is no JSON: unexpected end at byte 118", ""),
                ("store.refused", "users/0c5c7fd0: the document is larger than 16 MiB", "UserCreated"),
            ]
        )
    ]
    return {
        "id": name,
        "state": state,
        "reason": "",
        "events": {"applied": total - dead, "dead_letters": dead, "ignored": 0, "passed_over": 0, "repeated": 0, "total": total},
        "rates": {"now": round(11_000 * swing, 1), "average": 10_412.3, "peak": 15_104.0},
        "types": {
            kind: {"count": count, "dead_letters": dead if n == 0 else 0}
            for n, (kind, count) in enumerate(zip(known, counts))
        },
        "latency_ms": {
            "capture": latency(total, 0.43, second),
            "delivery": latency(total, 0.12, second),
            "lag": latency(total, 0.25, second),
            "processing": latency(total, 0.2, second),
            "total": latency(total, 1, second),
        },
        "partitions": [
            {
                "topic": "postgres.activity.event_outbox",
                "partition": n,
                "next": total // partitions + 40,
                "safe": total // partitions,
                "end": total // partitions + (lag := int(900 * swing * (1 + n % 7) / partitions) + 12),
                "lag": lag,
                "unfinished": 40,
                "waiting": int(trouble and n == 0),
                "paused": trouble and n == 3,
            }
            for n in range(partitions)
        ],
        "targets": [
            {
                "name": "mongodb",
                "writers": 4,
                "busy": 3,
                "queued": 210,
                "in_flight": 812,
                "waiting": 3 if trouble else 0,
                "batches": total // 240,
                "writes": total,
                "changes": total + 300,
                "batch_ms": 8.214,
                **(
                    {
                        "retrying_since": at(second - 12),
                        "retry_reason": "no primary is there: connection refused (db-1:27017)",
                    }
                    if trouble
                    else {}
                ),
            },
            {
                "name": "mail",
                "writers": 64,
                "busy": 11,
                "queued": 0,
                "in_flight": 11,
                "waiting": 0,
                "batches": total // 40,
                "writes": total // 30,
                "changes": total // 30,
                "batch_ms": 41.5,
            },
        ],
        "waiting": (
            [
                {
                    "target": "mongodb",
                    "collection": "activities",
                    "document": f"6a2f11c0-0000-4000-8000-00000000000{n}",
                    "event": f"e-{n}",
                    "topic": "t",
                    "partition": 0,
                    "position": n,
                    "since": at(second - 40 + n),
                }
                for n in range(3)
            ]
            if trouble
            else []
        ),
        "stalled": [],
        "retrying": {},
        "breaker": {"open": state == "breaker_open", "letters": 12 if trouble else 0, "window": 1000, "ratio": 0.1},
        "unfinished": {"events": 1_284, "bytes": 1_612_345},
        "reading_paused": False,
        "retries": {"store.unavailable": 4_021, "store.conflict": 12} if trouble else {},
        "last_events": [
            {
                "type": known[n % 3],
                "id": f"b7c9a1{n:02}-5d2e-4f7a-9a50-3f1b2c4d5e6f",
                "outcome": "applied",
                "latency_ms": round(8 + 3.1 * n * swing, 3),
                "time": at(second - 0.001 * n),
            }
            for n in range(10)
        ],
        "last_errors": letters if trouble else [],
        "errors": (
            {"handler.rejected": dead * 3 // 4, "route.no_match": dead // 6, "decode.not_json": dead // 20}
            if trouble
            else {}
        ),
    }


def failed(second, name="billing"):
    """One that has ended with an error, as it stands from then on."""
    return {
        **pipeline(120, name),
        "state": "failed",
        "code": "store.denied",
        "reason": "the store refuses the password of user 'sluice' (db-1:27017); set store.mongodb.uri, then restart",
        "rates": {"now": 0, "average": 8_004.1, "peak": 12_110.0},
        "time": second,
    }


def status(second, *pipelines):
    return {"version": 1, "time": at(second), "uptime_s": 3600 + second, "pipelines": list(pipelines)}
