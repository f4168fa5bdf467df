"""Java programs that start fast: the first compiler only, the serial collector, classes from an archive."""

import shutil
from pathlib import Path

from .server import Failed

HEAP = "-Xmx160m"  # enough for a broker and for a Connect worker in tests


def java(jars: Path, main: str, *arguments: str, system: dict[str, str] | None = None) -> list[str]:
    program = shutil.which("java")
    if not program:
        raise Failed("Kafka needs Java 17, which is not installed: run tools/install services")
    return [program, HEAP, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable",
            "-Djava.awt.headless=true", *(f"-D{name}={value}" for name, value in (system or {}).items()),
            "-cp", f"{jars}/*", main, *arguments]


def properties(settings: dict[str, object]) -> str:
    return "".join(f"{name}={str(value).lower() if isinstance(value, bool) else value}\n"
                   for name, value in settings.items())


LOGGING = """log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
"""
