#!/usr/bin/env python3
"""The installed service, run as its unit says: rows become documents, and systemd hears of it."""
import pathlib
import re
import signal
import subprocess
import unittest
import urllib.request

from installation import Root, Service, wait_for

EVENTS = 500
HEALTH = pathlib.Path(__file__).resolve().parents[3] / "packaging/container-health"


class InstalledService(unittest.TestCase):
    def setUp(self):
        self.root = Root(self)
        self.root.install()
        self.service = Service(self, self.root, "example")

    def running(self):
        self.service.bring_rows(EVENTS)
        self.service.start()
        return self.service.wait_to_hear("READY=1")

    def end(self):
        self.service.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.service.process.wait(60), 0, self.service.log.read_text())

    def test_applies_rows_and_tells_its_whole_life(self):
        self.service.start()
        self.service.wait_to_hear("outbox.db")  # there is none yet: it waits, and says for what
        self.assertNotIn("READY=1", self.service.listen())
        self.service.bring_rows(EVENTS)
        ready = self.service.wait_to_hear("READY=1")
        wait_for(lambda: self.service.applied() == EVENTS, self.service.log.read_text)
        self.service.wait_to_hear("WATCHDOG=1", self.service.wait_to_hear("WATCHDOG=1", ready))
        self.end()
        heard = self.service.listen()
        self.assertEqual(heard.count("STOPPING=1"), 1)
        self.assertLess(heard.index("READY=1"), heard.index("STOPPING=1"))
        verified = self.service.verify()
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_a_bad_configuration_is_refused_and_what_runs_goes_on(self):
        ready = self.running()
        config = self.root.path / "etc/sluice/example.yaml"
        config.write_text(config.read_text().replace("activity.user_created", "activity.user_craeted"))
        checked = self.service.reload()
        self.assertEqual(checked.returncode, 3, checked.stdout)
        self.service.process.send_signal(signal.SIGHUP)
        reloading = self.service.wait_to_hear("RELOADING=1\nMONOTONIC_USEC=", ready)
        refused = self.service.wait_to_hear("STATUS=the last reload was refused: ", reloading)
        self.assertIn("user_craeted", self.service.heard[refused - 1])
        self.service.wait_to_hear("READY=1", reloading)
        self.assertIn("not reloaded, what runs goes on", self.service.log.read_text())
        self.end()

    def test_a_good_configuration_is_begun_with_in_the_same_process(self):
        ready = self.running()
        config = self.root.path / "etc/sluice/example.yaml"
        config.write_text(config.read_text().replace("  activity:\n    source", "  renamed:\n    id: activity\n    source"))
        self.assertEqual(self.service.reload().returncode, 0)
        self.service.wait_to_hear("READY=1", self.service.wait_to_hear("RELOADING=1", ready))
        log = self.service.log.read_text()
        self.assertIn("beginning anew", log)
        self.assertIn("renamed", log)
        self.assertNotIn("STOPPING=1", self.service.listen())
        self.end()

    def test_it_takes_no_program_that_a_small_system_lacks(self):
        commands = self.root.unit("ExecStart") + self.root.unit("ExecReload")
        self.assertEqual({command.split()[0] for command in commands}, {"/usr/bin/sluice", "/bin/sh"})

    def test_killed_it_leaves_nothing_in_shared_memory(self):
        self.running()
        self.service.kill()
        self.assertFalse(pathlib.Path(f"/dev/shm/mongoc-{self.service.process.pid}").exists())

    def test_no_memory_is_both_writable_and_executable(self):
        # MemoryDenyWriteExecute would kill it.
        self.running()
        with open(f"/proc/{self.service.process.pid}/maps", encoding="utf-8") as maps:
            self.assertEqual([line for line in maps if re.match(r"\S+ .wx", line)], [])
        self.end()

    def test_the_health_check_of_a_container_asks_whether_it_is_alive(self):
        self.running()
        port = re.search(r"admin endpoint is http://127.0.0.1:(\d+)", self.service.log.read_text())[1]
        check = [HEALTH, port]
        self.assertEqual(urllib.request.urlopen(f"http://127.0.0.1:{port}/livez").status, 200)
        self.assertEqual(subprocess.run(check, check=False).returncode, 0)
        self.end()
        self.assertEqual(subprocess.run(check, check=False, stderr=subprocess.DEVNULL).returncode, 1)


if __name__ == "__main__":
    unittest.main()
