"""A terminal for tests: a program on a pseudo-terminal, and what a person would see of it.

It understands what the dashboard may send and nothing else: any other sequence, or a character beyond the right edge,
is an error.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

PATIENCE = 60  # seconds; longer than any machine under load needs
SEQUENCE = re.compile(r"\x1b\[(\?)?([0-9;]*)([A-Za-z])")


class Screen:
    def __init__(self, columns, rows):
        self.modes = {"1049": False, "25": True, "7": True}
        self.main = ""  # what came on the main screen
        self.colours = set()
        self.resize(columns, rows)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def feed(self, text):
        """Returns what is not yet a whole sequence."""
        while text:
            if text[0] != "\x1b":
                self._put(text[0])
                text = text[1:]
                continue
            match = SEQUENCE.match(text)
            if not match:
                if len(text) > 20:
                    raise AssertionError(f"an unknown sequence: {text[:20]!r}")
                return text
            self._obey(*match.groups())
            text = text[match.end():]
        return ""

    def _put(self, character):
        if not self.modes["1049"]:
            self.main += character
            return
        width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if ord(character) < 32 or self.column + width > self.columns:
            raise AssertionError(f"{character!r} at column {self.column} of row {self.row}:\n{self.text()}")
        self.cells[self.row][self.column] = character
        self.column += width

    def _obey(self, private, parameters, command):
        if private and command in "hl" and parameters in self.modes:
            self.modes[parameters] = command == "h"
        elif command == "H":
            self.row, self.column = (int(number) - 1 for number in parameters.split(";"))
            assert self.row < self.rows, f"row {self.row} of {self.rows}"
        elif command == "K" and not parameters:
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif command == "J" and parameters == "2":
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif command == "m":
            self.colours.add(parameters)
        else:
            raise AssertionError(f"an unknown sequence: {private} {parameters} {command}")


class Terminal:
    """Runs a program in a terminal of this size."""

    def __init__(self, command, environment, columns=80, rows=24):
        self.screen = Screen(columns, rows)
        self._master, self._slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self._slave)
        self._rest = ""
        self._bytes = b""
        self.process = subprocess.Popen(
            command, env=environment, stdin=self._slave, stdout=self._slave, stderr=subprocess.PIPE,
            preexec_fn=self._take_terminal)

    def _take_terminal(self):
        os.setsid()
        fcntl.ioctl(self._slave, termios.TIOCSCTTY, 0)

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self._master, text.encode())

    def signal(self, number):
        self.process.send_signal(number)

    def _read(self, seconds):
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        self._bytes += os.read(self._master, 65536)
        text = self._bytes.decode(errors="ignore")
        self._bytes = self._bytes[len(text.encode()):]
        self._rest = self.screen.feed(self._rest + text)
        return True

    def wait_for(self, seen):
        """Until the screen holds a text, or a condition of it is true."""
        condition = seen if callable(seen) else lambda text: seen in text
        end = time.monotonic() + PATIENCE
        while not condition(self.screen.text()):
            if time.monotonic() > end or (not self._read(0.2) and self.process.poll() is not None):
                raise AssertionError(f"never seen: {seen}\n{self.screen.text()}\n{self.screen.main}")

    def end(self):
        """The exit status, once the program has ended and all it wrote is read."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"does not end:\n{self.screen.text()}")
            self._read(0.2)
        while self._read(0):
            pass
        return self.process.returncode

    def is_as_it_was(self):
        return (self.screen.modes == {"1049": False, "25": True, "7": True}
                and termios.tcgetattr(self._slave) == self.before)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.process.stderr.close()
        os.close(self._master)
        os.close(self._slave)
