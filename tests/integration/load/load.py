"""Loads that the generator brings, and engines that take them; one TestCase for all tests."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE.parents[2] / "tools"), str(HERE.parent / "end_to_end")]

from harness.engine import Engine, sanitized, wait_until  # noqa: E402, F401
from harness.kit import ALL_HANDLERS, write_config  # noqa: E402

BUILD = Path(os.environ["SLUICE_BUILD"])
FINE, FAILED, INTERRUPTED = 0, 1, 130

# What each kind must be refused for, written apart from the generator. The first are those that jsonb takes, the last
# those that only a SQLite outbox does.
CODES_IN_JSONB = {
    "unknown_type": "route.no_match", "missing_type": "decode.bad_field", "missing_field": "handler.rejected",
    "wrong_type": "handler.rejected", "wrong_uuid": "handler.rejected", "wrong_date": "handler.rejected",
    "not_an_object": "decode.bad_field", "too_deep": "decode.too_deep", "bad_number": "decode.bad_number",
    "reserved_name": "decode.reserved_name", "dotted_name": "handler.invalid_change"}
CODES_IN_TEXT = CODES_IN_JSONB | {
    "cut_off": "decode.not_json", "empty": "decode.empty", "lone_surrogate": "decode.not_json",
    "duplicate_key": "decode.duplicate_key"}
CODES = CODES_IN_TEXT | {"too_many_keys": "decode.too_many_keys", "too_large": "decode.too_large"}


class Load(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-load."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.manifest = self.folder / "load.json"
        self.documents = self.folder / "documents.db"

    def started(self, command, *arguments):
        """A command of sluice-kit, which ends with the test, whatever happens."""
        process = subprocess.Popen([BUILD / "bin" / "sluice-kit", command, *map(str, arguments)], text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def ended(self, process, status=FINE):
        """What it printed."""
        printed, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, status, f"{process.args}\n{printed}\n{errors}")
        return printed if status in (FINE, INTERRUPTED) else errors

    def generate(self, *arguments):
        """Its report."""
        return json.loads(self.ended(self.started("generate", "--json", "--manifest", self.manifest, *arguments)))

    def interrupt(self, process):
        """The report of a generator that a person breaks off."""
        process.send_signal(signal.SIGINT)
        report = json.loads(self.ended(process, INTERRUPTED))
        self.assertTrue(report["interrupted"])
        self.assertEqual(report["events"], sum(report["types"].values()) + report["poisoned"])
        return report

    def verify(self, letters, *outbox):
        """By a recount of the load; where there is an outbox, of that too."""
        self.ended(self.started("verify", "--manifest", self.manifest, "--documents", self.documents,
                                "--dead-letters", letters, *outbox))

    def run_until_settled(self, pipeline, events, letters, ends_itself=False):
        """An engine with the pipeline of the reference system; its last status."""
        config = write_config(self.folder / "pipeline.yaml", f"""{pipeline}
    store: {{ sqlite: {{ path: "{self.documents}" }} }}
    dead_letters: {{ {letters} }}
{ALL_HANDLERS}""")
        engine = Engine(BUILD, config, self.folder)
        self.addCleanup(engine.__exit__)
        engine.start()
        if not ends_itself:
            engine.wait_for(lambda: engine.settled() >= events, f"{events} settled events", pause=0.05)
            engine.send(signal.SIGTERM)
        self.assertEqual(engine.reap().status, FINE, engine.last_words())
        self.assertEqual(engine.settled(), events)
        return engine.status()

    def expect_codes(self, report, codes, letters):
        """`letters` are the codes that an independent client counted."""
        self.assertEqual(set(report["poison"]), set(codes), "every kind, and no other")
        wanted = {}
        for kind, count in report["poison"].items():
            wanted[codes[kind]] = wanted.get(codes[kind], 0) + count
        self.assertEqual(dict(letters), wanted)


__all__ = ["BUILD", "CODES", "CODES_IN_JSONB", "CODES_IN_TEXT", "FAILED", "Load", "wait_until"]
