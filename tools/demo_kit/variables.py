"""The reference system's variables: from the environment, a `.env` file, or their defaults. Secrets are known here, so that
they can be kept out of everything that is shown."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from .words import Failed

NAMED_SERVICES = ("POSTGRES_HOST", "KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")
DEFAULTS = {
    "POSTGRES_HOST": "localhost", "POSTGRES_PORT": "5432", "POSTGRES_DB": "activity_db",
    "KAFKA_BOOTSTRAP_SERVERS": "localhost:9092", "KAFKA_TOPIC": "postgres.activity.event_outbox",
    "KAFKA_GROUP_ID": "event-processor-group",
    "MONGODB_URI": "mongodb://localhost:27017", "MONGODB_DATABASE": "activity_read",
}
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*")


def read_env_file(path: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if not match:
            raise Failed(f"{path}:{number}: not NAME=VALUE")
        name, value = match.groups()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[name] = value[1:-1] if quoted else value.partition(" #")[0].rstrip()
    return found


def given(env_file: str | None) -> dict[str, str]:
    """The environment over the file that is named, or over `.env` of this folder."""
    path = Path(env_file) if env_file else Path(".env")
    if env_file and not path.is_file():
        raise Failed(f"{path}: there is no such file (--env-file)")
    return (read_env_file(path) if path.is_file() else {}) | dict(os.environ)


def with_defaults(variables: dict[str, str]) -> dict[str, str]:
    return DEFAULTS | {name: value for name, value in variables.items() if value}


def secrets(variables: dict[str, str]) -> list[str]:
    found = [variables.get("POSTGRES_PASSWORD", ""), variables.get("SLUICE_ADMIN_TOKEN", "")]
    login = re.match(r"\w+(?:\+\w+)?://([^/?]*)@", variables.get("MONGODB_URI", ""))
    if login:
        password = login[1].partition(":")[2]
        found += [login[1], password, unquote(password)]
    return sorted({one for one in found if len(one) > 3}, key=len, reverse=True)


def without_secrets(text: str, variables: dict[str, str]) -> str:
    for secret in secrets(variables):
        text = text.replace(secret, "***")
    return text
