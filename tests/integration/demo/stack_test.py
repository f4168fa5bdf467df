#!/usr/bin/env python3
"""The demo on the real stack, which it starts and stops itself: one call for each command."""

import json
import os
import unittest
from pathlib import Path

from scene import Scene


def lives(pid):
    return Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]


def children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1]) == pid:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


class Stack(Scene):
    def test_setup_load_verify_and_cleanup_leave_nothing(self):
        self.addCleanup(self.demo, "cleanup")
        self.demo("--stack", "--fresh", "setup")
        up = json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))["services"]["pid"]
        servers = [up, *children(up)]
        self.assertGreater(len(servers), 4)
        self.demo("--stack", "--fresh", "load", 100, "--poison", 2)
        self.demo("--stack", "--fresh", "verify")
        report = self.expect_a_good_report(100)
        self.assertEqual(report["place"], "stack")
        self.assertEqual(set(report["loads"][0]["latency_ms"]), {"capture", "delivery", "lag", "processing", "total"})
        self.assertEqual(report["loads"][0]["dead_letters"], 2)
        self.demo("cleanup")
        self.assertEqual([pid for pid in servers if lives(pid)], [])
        self.assertFalse(self.folder.exists())


if __name__ == "__main__":
    os.environ.pop("SLUICE_TEST_MONGODB_URI", None)  # the demo's own servers alone
    unittest.main(verbosity=2)
