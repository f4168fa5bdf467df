"""The section "The real thing" of README.md, as its reader would follow it: `tools/services/up debezium mongodb`."""

import os
import re
import signal
import subprocess
import unittest

from end_to_end.world import BUILD, ROOT, wait_until

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    def test_a_row_becomes_a_document_by_the_commands_of_the_page(self):
        section = (ROOT / "README.md").read_text(encoding="utf-8").split("## The real thing")[1].split("\n## ")[0]
        preparation, insertion, look = (block.replace("build/release", os.path.relpath(BUILD, ROOT)) for block in BLOCK.findall(section))
        self.assertIn("tools/services/up debezium mongodb", preparation)
        shell = subprocess.Popen(["bash", "-euc", insertion + "wait %1"], cwd=ROOT, stdout=subprocess.DEVNULL,
                                 start_new_session=True)
        self.addCleanup(shell.wait)
        self.addCleanup(lambda: shell.poll() is None and os.killpg(shell.pid, signal.SIGKILL))

        def seen():
            self.assertIsNone(shell.poll(), "the shell ended")
            return subprocess.run(["bash", "-euc", look], cwd=ROOT, check=True, capture_output=True, text=True).stdout

        wait_until(lambda: "anna_rivera_991" in seen(), "the document")
