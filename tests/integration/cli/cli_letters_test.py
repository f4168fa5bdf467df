"""`sluice dead-letters`: listed, shown, replayed, discarded."""
import http.server
import threading
import unittest

from cli_case import CHECK_FAILED, PLUGINS, UNREACHABLE_SINK, USAGE, CommandLine
from harness.plain_events import user


class DeadLetters(CommandLine):
    def setUp(self):
        super().setUp()
        self.pipeline()
        self.events(user(1), "no json", dict(user(9), type="Strange"),
                    {"type": "UserCreated", "id": "e-bad", "payload": {"email": "nobody@example.org"}})
        self.run_sluice("run")

    def codes(self, *arguments):
        return sorted(letter["code"] for letter in self.json_of("dead-letters", "list", *arguments))

    def test_they_are_listed_and_filtered(self):
        self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected", "route.no_match"])
        self.assertEqual(self.codes("--code", "decode"), ["decode.not_json"])
        self.assertEqual(self.codes("--type", "Strange"), ["route.no_match"])
        self.assertEqual(self.codes("--since", "1h", "--limit", "2"), ["decode.not_json", "route.no_match"])
        self.assertEqual(self.codes("--until", "1h"), [])
        self.assertIn("3 dead letters", self.run_sluice("dead-letters", "list").stdout)

    def test_one_is_shown_whole(self):
        letter = self.json_of("dead-letters", "list", "--code", "decode")[0]["id"]
        self.assertIn("no json", self.run_sluice("dead-letters", "show", letter).stdout)
        self.assertEqual(self.json_of("dead-letters", "show", letter)[0]["value"], "no json")
        self.run_sluice("dead-letters", "show", "people/events.ndjson/0/999999", status=CHECK_FAILED)

    def test_replaying_applies_what_can_be_applied_now_and_only_once(self):
        self.run_sluice("dead-letters", "replay", status=USAGE)
        dry = self.json_of("dead-letters", "replay", "--all", "--dry-run", status=CHECK_FAILED)
        self.assertEqual([letter["outcome"] for letter in dry], ["failed"] * 3)
        text = (self.folder / "sluice.yaml").read_text()
        self.write("sluice.yaml", text.replace("on: UserCreated", "on: [UserCreated, Strange]"))
        for _ in range(2):
            self.json_of("dead-letters", "replay", "--all", status=CHECK_FAILED)
            self.assertEqual(self.documents(), 2)
            self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected"])
        self.run_sluice("dead-letters", "replay", "--type", "Strange")

    def test_a_change_that_was_replayed_stays_applied_once_when_its_event_comes_again(self):
        text = (self.folder / "sluice.yaml").read_text()
        self.write("sluice.yaml", text.replace("on: UserCreated", "on: [UserCreated, Strange]"))
        self.run_sluice("dead-letters", "replay", "--type", "Strange")
        self.run_sluice("positions", "reset", "--to", "beginning", "--yes")
        self.run_sluice("run")
        self.assertEqual(self.documents(), 2)
        self.assertEqual(self.codes(), ["decode.not_json", "handler.rejected"])

    def test_an_event_is_replayed_to_a_sink(self):
        received = []

        class Hook(http.server.BaseHTTPRequestHandler):
            answer = 400

            def do_POST(self):
                received.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(Hook.answer)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        sink = UNREACHABLE_SINK.format(plugins=PLUGINS).replace("follow: true", "follow: false")
        self.write("mail.yaml", sink.replace("127.0.0.1:1/", f"127.0.0.1:{server.server_port}/").replace(
            "dead_letters.ndjson", "mail.ndjson"))
        self.events({"type": "A", "id": "1", "payload": {"greeting": "hello"}})
        self.run_sluice("run", "-c", "mail.yaml")
        self.assertEqual(len(self.json_of("dead-letters", "list", "-c", "mail.yaml")), 1)
        Hook.answer = 200
        before = len(received)
        self.run_sluice("dead-letters", "replay", "--all", "-c", "mail.yaml")
        self.assertEqual(len(received), before + 1)
        self.assertIn(b"hello", received[-1])
        self.assertEqual(self.json_of("dead-letters", "list", "-c", "mail.yaml"), [])

    def test_what_was_discarded_is_not_shown_again(self):
        self.run_sluice("dead-letters", "discard", "--code", "decode", "--dry-run")
        self.assertEqual(len(self.codes()), 3)
        self.assertIn("1 dead letter discarded", self.run_sluice("dead-letters", "discard", "--code", "decode").stdout)
        self.assertEqual(self.codes(), ["handler.rejected", "route.no_match"])

    def test_a_code_that_there_is_not_is_a_mistake_of_usage(self):
        self.run_sluice("dead-letters", "list", "--code", "decode.nonsense", status=USAGE)
        self.run_sluice("dead-letters", "list", "--since", "yesterday", status=USAGE)

if __name__ == "__main__":
    unittest.main()
