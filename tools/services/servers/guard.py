"""Whatever happens to this process, its servers end and its folder goes.

A guard is a second process that holds the read end of a pipe whose write end only its caller holds. When the caller is
gone, by kill -9 too, the pipe ends, and the guard removes what is left. A process belongs to a folder when it works in
it: that finds a server's own children as well, and never a stranger who got an old number.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path


def processes_in(folder: Path) -> list[int]:
    inside = f"{folder}/"
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if f"{os.readlink(f'/proc/{entry.name}/cwd')}/".startswith(inside):
                    found.append(int(entry.name))
            except OSError:
                continue  # ended meanwhile, or somebody else's
    return found


def signal_all(folder: Path, number: signal.Signals) -> None:
    for pid in processes_in(folder):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def clear(folder: Path) -> None:
    """Ends every process that works in the folder, and removes it."""
    if not folder.exists():
        return
    deadline = time.monotonic() + 10
    while processes_in(folder) and time.monotonic() < deadline:
        signal_all(folder, signal.SIGKILL)
        time.sleep(0.01)
    _remove_shared_memory(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_shared_memory(folder: Path) -> None:
    """A killed PostgreSQL leaves a segment behind, which its lock file names as key and number in line 7."""
    for lock in folder.glob("**/postmaster.pid"):
        words = (lock.read_text().splitlines() + [""] * 7)[6].split()
        if len(words) == 2:
            subprocess.run(["ipcrm", "-m", words[1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


class Guard:
    """Forks the guard; start it before anything else, so that it inherits nothing but the pipe."""

    def __init__(self, folder: Path) -> None:
        wakes, self._held = os.pipe()  # not inheritable: no server keeps it open
        self._pid = os.fork()
        if self._pid != 0:
            os.close(wakes)
            return
        try:
            os.setpgid(0, 0)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            os.close(self._held)
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.read(wakes, 1)
            clear(folder)
        finally:
            os._exit(0)

    def release(self) -> None:
        """Lets the guard clear the folder now, and waits for it."""
        os.close(self._held)
        os.waitpid(self._pid, 0)
