"""Real servers for measurements and faults: tools/services/up as an object."""

import subprocess
from pathlib import Path

UP = Path(__file__).resolve().parent.parent / "services" / "up"


class Services:
    """Servers from the start of a `with` to its end; `address` holds what `up` prints of them."""

    def __init__(self, *servers, options=()):
        self.command = [str(UP), *options, *servers]
        self.address = {}

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("# ready"):
                return self
            name, _, value = line.strip().partition("=")
            self.address[name] = value
        raise RuntimeError(f"{' '.join(self.command)} ended with {self.process.wait()}")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def tell(self, command):
        """A command such as "kill kafka"; its answer."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise RuntimeError(f"{command}: {answer}")
        return answer
