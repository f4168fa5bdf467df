"""Every kind of bad payload: a table says whether it becomes a document or a dead letter, and of which code.

Most are users whose payload has one more field, `extra`; the rest are no payload at all. After each stands a
good user, which must arrive: the pipeline goes on.
"""

import json
import sqlite3
import uuid
from dataclasses import dataclass

from faults.world import FaultTest, load, safe_position

TABLE = """
CREATE TABLE event_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT, aggregate_type TEXT, aggregate_id TEXT, event_type TEXT,
  payload, created_at TEXT)
"""

DOCUMENT = None


@dataclass
class Case:
    name: str
    becomes: str | None  # the code of the dead letter, or DOCUMENT
    payload: object  # text, bytes or None; or `extra` as JSON text
    event_type: str = "UserCreated"
    extra: bool = True
    kept: str | None = None  # what the document's `extra` must be, as SQLite's json_extract gives it


def whole(name, becomes, payload, **more):
    return Case(name, becomes, payload, extra=False, **more)


CASES = [
    whole("no payload", "decode.bad_field", None),
    whole("empty text", "decode.empty", ""),
    whole("blanks", "decode.not_json", "   "),
    whole("JSON null", "decode.bad_field", "null"),
    whole("a list", "decode.bad_field", "[1, 2]"),
    whole("a number", "decode.bad_field", "17"),
    whole("a text, which would have to be JSON again", "decode.not_json", '"a text"'),
    whole("cut in the middle", "decode.not_json", '{"user_id": "0c5c7fd0-a6a3-4450-a513-'),
    whole("two objects", "decode.not_json", "{} {}"),
    whole("an executable", "decode.not_json", bytes(range(1, 128)) * 20),
    whole("Avro in a column of text", "decode.not_json", b"\x00\x00\x00\x00\x07\x10\x02abc"),
    whole("a required field missing", "handler.rejected", "{}"),
    whole("a type that no route takes", "route.no_match", "{}", event_type="UserVanished"),
    whole("50 MB", "decode.too_large", '{"a": "' + "x" * 50_000_000 + '"}'),
    Case("truncated UTF-8", "decode.not_utf8", b'"\xe2\x82"'),
    Case("invalid UTF-8", "decode.not_utf8", b'"\xff\xfe"'),
    Case("an overlong encoding", "decode.not_utf8", b'"\xc0\xaf"'),
    Case("a surrogate as UTF-8", "decode.not_utf8", b'"\xed\xa0\x80"'),
    Case("a lone surrogate", "decode.not_json", r'"\ud83d"'),
    Case("a pair of surrogates", DOCUMENT, r'"\ud83d\ude00"', kept="\U0001f600"),
    Case("nesting of 200,000", "decode.too_deep", "[" * 200_000 + "]" * 200_000),
    Case("nesting within the limit", DOCUMENT, "[" * 90 + "]" * 90),
    Case("a million keys", "decode.too_many_keys", "{" + ",".join(f'"{i:x}":0' for i in range(1_000_000)) + "}"),
    Case("a key twice", "decode.duplicate_key", '{"a": 1, "a": 2}'),
    Case("the largest int64", DOCUMENT, "9223372036854775807", kept=9223372036854775807),
    Case("the smallest int64", DOCUMENT, "-9223372036854775808", kept=-9223372036854775808),
    Case("beyond int64", DOCUMENT, "9223372036854775808"),
    Case("301 digits", DOCUMENT, "1" + "0" * 300),
    Case("one and 399 zeros, exact as a decimal", DOCUMENT, "1" + "0" * 399),
    Case("400 nines", "decode.bad_number", "9" * 400),
    Case("beyond double", "decode.bad_number", "1e400"),
    Case("close to nothing", DOCUMENT, "1e-400"),
    Case("a number with a leading zero", "decode.not_json", "01"),
    Case("not a number", "decode.not_json", "NaN"),
    Case("a name with a dollar", "handler.invalid_change", '{"$set": 1}'),
    Case("a name with a dot", "handler.invalid_change", '{"a.b": 1}'),
    Case("an empty name", "handler.invalid_change", '{"": 1}'),
    Case("the name _sluice", "decode.reserved_name", '{"_sluice": 1}'),
    Case("a name with a zero byte", "decode.reserved_name", r'{"a\u0000b": 1}'),
    Case("a text with a zero byte", DOCUMENT, r'"a\u0000b"'),
]


def user(extra="1"):
    """A good user as bytes, with one more field."""
    known = {"email": "a@example.org", "user_id": str(uuid.uuid4()), "created_at": "2026-11-21T08:00:00Z"}
    extra = extra if isinstance(extra, bytes) else extra.encode()
    return known["user_id"], json.dumps(known).encode()[:-1] + b', "extra": ' + extra + b"}"


class BadInput(FaultTest):
    def setUp(self):
        super().setUp()
        self.rewrite("    retry:", "    breaker: off\n    retry:")

    def test_each_kind_becomes_what_the_table_says(self):
        rows, good = self.fill_outbox()
        engine = self.engine().start()
        last = self.last_row()
        engine.wait_for(lambda: safe_position(engine) > last, "all settled")
        usage = engine.drain()
        self.assertEqual(usage.status, 0, engine.last_words())
        self.assertLess(usage.peak_rss_mb, load.memory_mb(400),
                        "a row of 50 MB may cost a few times its size, and no more")

        letters = self.read_letters()
        documents = self.read_documents()
        self.assertLessEqual(set(good), set(documents), "the good ones in between arrive")
        for position, (case, user_id) in rows.items():
            with self.subTest(case.name):
                if case.becomes is DOCUMENT:
                    self.assertNotIn(position, letters)
                    self.assertIn(user_id, documents)
                    if case.kept is not None:
                        self.assertEqual(documents[user_id], case.kept)
                else:
                    self.assertEqual(letters.get(position), case.becomes)
                    self.assertNotIn(user_id, documents)

    def fill_outbox(self):
        """Positions to their cases and users; and the users of the good rows."""
        outbox = sqlite3.connect(self.outbox)
        outbox.execute(TABLE)
        rows, good = {}, []
        for case in CASES:
            user_id, payload = user(case.payload) if case.extra else (None, case.payload)
            rows[self.add_row(outbox, case.event_type, payload)] = (case, user_id)
            user_id, payload = user()
            self.add_row(outbox, "UserCreated", payload)
            good.append(user_id)
        outbox.commit()
        outbox.close()
        return rows, good

    @staticmethod
    def add_row(outbox, event_type, payload):
        # Bytes as text: what a careless writer leaves in a TEXT column.
        cast = "CAST(? AS TEXT)" if isinstance(payload, bytes) else "?"
        return outbox.execute(
            "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, created_at)"
            f" VALUES (?, 'user', 'x', ?, {cast}, '2026-11-21T08:00:00Z')",
            (str(uuid.uuid4()), event_type, payload)).lastrowid

    def read_letters(self):
        codes = {}
        with open(self.dead_letters, encoding="utf-8", errors="replace") as file:
            for line in file:
                letter = json.loads(line)
                flat = letter["headers"]
                headers = dict(zip(flat[::2], flat[1::2]))
                codes[int(headers["__connect.errors.offset"])] = headers["sluice.code"]
        return codes

    def read_documents(self):
        with sqlite3.connect(f"file:{self.documents}?mode=ro", uri=True) as documents:
            return dict(documents.execute("SELECT _id, json_extract(document, '$.extra') FROM users"))
