"""Processes that outlive the command that started them: known by number and time of start, so that no stranger who got an
old number is ever ended."""

import os
import signal
import time
from pathlib import Path


def _stat(pid: int) -> list[str]:
    """The fields after the name, of which the first is the state; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def note(pid: int) -> dict[str, int]:
    """What is kept of a process: enough to know it again."""
    return {"pid": pid, "started": int(_stat(pid)[19])}


def runs(noted: dict[str, int]) -> bool:
    fields = _stat(noted["pid"])
    return bool(fields) and fields[0] not in "ZX" and int(fields[19]) == noted["started"]


def end(noted: dict[str, int], patience: float = 30) -> None:
    """SIGTERM, and SIGKILL when that does not help."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        if not runs(noted):
            return
        os.kill(noted["pid"], number)
        deadline = time.monotonic() + seconds
        while runs(noted) and time.monotonic() < deadline:
            time.sleep(0.02)
