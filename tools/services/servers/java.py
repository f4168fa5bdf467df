"""Java programs that start fast: the first compiler only, the serial collector, and classes from an archive."""

import re
import shutil
from pathlib import Path
from typing import Callable

from . import cache
from .server import Failed

MEASURED: list[str] = []  # what the JVM chooses by itself: slow to start, fast to run
QUICK_START = ["-Xmx160m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable"]


def java(options: list[str], jars: Path, main: str, configuration: Path, arguments: list[str]) -> list[str]:
    """A program of these jars, which logs as the file beside its configuration says."""
    logging = configuration.with_name("log4j.properties")
    logging.write_text(LOGGING)
    return [_program(), *options, f"-Dlog4j.configuration=file:{logging}", "-cp", f"{jars}/*", main, *arguments]


def quick_start(name: str, train: Callable[[Path, list[str]], None]) -> list[str]:
    """The JVM's options for a quick start of the program of this name.

    The archive of its classes halves the time; it is made once, by a run of `train`, which starts and stops the program
    in the folder it is given, with the options it is given. Another JDK needs another archive.
    """

    def make(entry: Path) -> None:
        run = entry / "run"
        run.mkdir()
        train(run, [*QUICK_START, f"-XX:ArchiveClassesAtExit={entry / 'classes.jsa'}"])
        shutil.rmtree(run)

    entry = cache.cached(f"{name}-classes-jdk{_release()}", make)
    return [*QUICK_START, f"-XX:SharedArchiveFile={entry / 'classes.jsa'}"]


def properties(settings: dict[str, object]) -> str:
    return "".join(f"{name}={str(value).lower() if isinstance(value, bool) else value}\n"
                   for name, value in settings.items())


def _program() -> str:
    program = shutil.which("java")
    if not program:
        raise Failed("Kafka needs Java 17, which is not installed: run tools/install services")
    return program


def _release() -> str:
    release = Path(_program()).resolve().parent.parent / "release"
    found = re.search(r'JAVA_VERSION="(.*)"', release.read_text()) if release.exists() else None
    return found.group(1) if found else "unknown"


LOGGING = """log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
"""
