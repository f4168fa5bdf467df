"""The servers' programs: fetched once with Maven, cargo and pip, kept outside of the build folder.

What is in the cache is complete: it is made in a folder beside its place and renamed. A lock of its own for each lets two
callers fetch at once.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from .server import Failed, say

SERVICES = Path(__file__).resolve().parent.parent


def versions() -> dict[str, str]:
    lines = (line.partition("#")[0].split() for line in (SERVICES / "versions").read_text().splitlines())
    return {words[0]: words[1] for words in lines if words}


VERSIONS = versions()
ROOT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluice" / "services"


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """The cache's entry of this name; `make` fills the folder it is given when there is none."""
    place = ROOT / name
    if place.exists():
        return place
    ROOT.mkdir(parents=True, exist_ok=True)
    with _locked(name):
        if place.exists():
            return place
        for left in ROOT.glob(f".{name}.*/"):  # by a caller that was killed
            shutil.rmtree(left, ignore_errors=True)
        say(f"fetching {name}, once")
        made = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=ROOT))
        try:
            make(made)
            made.chmod(0o755)
            made.rename(place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return place


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (ROOT / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command: list[str], what: str, folder: Path, **options) -> None:
    """Runs a fetching program; its output is shown only when it fails, after a second try (a mirror may be slow)."""
    if not shutil.which(command[0]):
        raise Failed(f"{what} needs '{Path(command[0]).name}', which is not installed: run tools/install services")
    for last in (False, True):
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", **options)
        if done.returncode == 0:
            return
        if last:
            raise Failed(f"{what} could not be fetched: {' '.join(command)}\n{done.stdout[-3000:]}")


def jars(name: str, artifacts: list[str], leave_out: tuple[str, ...] = ()) -> Path:
    """The folder with these Maven artifacts (group:artifact:version) and all they need, but for what starts with
    `leave_out`."""

    def make(folder: Path) -> None:
        (folder / "pom.xml").write_text(_pom(artifacts))
        run(["mvn", "-B", "-q", "dependency:copy-dependencies", "-DincludeScope=runtime",
             f"-DoutputDirectory={folder}"], name, folder)
        for jar in folder.glob("*.jar"):
            if jar.name.startswith(leave_out or ("\0",)):
                jar.unlink()

    return cached(name, make)


def _pom(artifacts: list[str]) -> str:
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>"
        for group, artifact, version in (artifact.split(":") for artifact in artifacts))
    return ('<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>sluice</groupId><artifactId>services</artifactId><version>1</version><packaging>pom</packaging>"
            f"<dependencies>{dependencies}</dependencies></project>\n")
