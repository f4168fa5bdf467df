"""Client libraries for tests in Python: independent eyes on what the engine leaves in Kafka and MongoDB."""

import sys
from pathlib import Path

from . import cache

_PACKAGES = ("confluent-kafka", "pymongo")


def python() -> Path:
    """An interpreter that has them."""
    wanted = [f"{name}=={cache.VERSIONS[name]}" for name in _PACKAGES]

    def make(folder: Path) -> None:
        cache.run([sys.executable, "-m", "venv", str(folder)], "the clients", folder)
        cache.run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--only-binary=:all:", *wanted], "the clients", folder)

    return cache.cached("-".join(["clients", *(cache.VERSIONS[name] for name in _PACKAGES)]), make) / "bin" / "python"


def fetch() -> None:
    python()
