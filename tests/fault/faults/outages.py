"""Databases are missing or locked, the disk is full: the engine tries again, says so, and loses nothing."""

import resource
import signal
import sqlite3
import subprocess

from faults.world import FaultTest, is_root, load, safe_position


class Outages(FaultTest):
    def expect_complaint(self, engine, *words):
        """A line of the log names the trouble and where it is."""

        def complains():
            lines = [line for line in engine.log().splitlines() if '"level":"WARNING"' in line]
            return any(all(word in line for word in words) for line in lines)

        engine.wait_for(complains, f"a complaint with {words}")
        self.assertTrue(engine.running())

    def test_a_missing_outbox_is_waited_for(self):
        engine = self.engine().start()
        self.expect_complaint(engine, "outbox.db")
        self.kit.generate(self.outbox, 500, seed=load.seed)
        self.finish(engine)

    def test_a_missing_folder_of_the_store_is_waited_for(self):
        self.kit.generate(self.outbox, 500, seed=load.seed)
        self.documents = self.folder / "later" / "documents.db"
        self.rewrite(f"{self.folder}/documents.db", str(self.documents))
        engine = self.engine().start()
        self.expect_complaint(engine, "later/documents.db")
        self.documents.parent.mkdir()
        self.finish(engine)

    def test_a_locked_store_is_waited_for(self):
        self.kit.generate(self.outbox, 100, seed=load.seed)
        engine = self.engine().start()
        engine.wait_for(lambda: engine.settled() >= 100, "the first rows")
        other = sqlite3.connect(self.documents, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        self.kit.generate(self.outbox, 1000, seed=load.seed)
        self.expect_complaint(engine, "documents.db", "locked")
        self.assertEqual(engine.state(), "running")
        other.execute("ROLLBACK")
        other.close()
        self.finish(engine)

    def test_a_locked_outbox_is_waited_for(self):
        self.kit.generate(self.outbox, 500, seed=load.seed)
        other = sqlite3.connect(self.outbox, isolation_level=None, timeout=30)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        engine = self.engine().start()
        self.expect_complaint(engine, "outbox.db", "locked")
        other.execute("ROLLBACK")
        other.close()
        self.finish(engine)

    def test_dead_letters_that_cannot_be_written_hold_the_position(self):
        letters = self.folder / "dead_letters.db"
        self.rewrite(f'file: {{ path: "{self.dead_letters}"', f'sqlite: {{ path: "{letters}"')
        self.dead_letters = letters
        self.kit.generate(self.outbox, 100, seed=load.seed)
        engine = self.engine().start()
        engine.wait_for(lambda: engine.settled() >= 100, "the first rows")
        other = sqlite3.connect(letters, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        self.kit.generate(self.outbox, 200, seed=load.seed, poison=20)
        self.expect_complaint(engine, "dead_letters.db", "locked")
        self.assertLess(safe_position(engine), self.last_row())
        other.execute("ROLLBACK")
        other.close()
        self.finish(engine)

    def test_a_limit_on_the_size_of_files_is_waited_out(self):
        self.kit.generate(self.outbox, 3000, seed=load.seed)
        engine = self.engine()
        engine.start(limit=limit_files)
        self.expect_complaint(engine, "documents.db")
        resource.prlimit(engine.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.finish(engine)

    def test_a_full_disk_is_waited_out(self):
        if not is_root():
            return  # mounting needs root; the limit on files above shows the same to everybody
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False).returncode != 0:
            return  # in a container that may not mount
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True)
        self.kit.generate(self.outbox, 3000, seed=load.seed)
        self.documents = disk / "documents.db"
        self.rewrite(f"{self.folder}/documents.db", str(self.documents))
        engine = self.engine().start()
        self.expect_complaint(engine, "documents.db", "full")
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        self.finish(engine)


def limit_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails with EFBIG instead
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))

