"""The command line of tools/demo."""

import argparse
import re
from pathlib import Path

COMMANDS = ("setup", "load", "monitor", "verify", "full", "cleanup")
LOADS = [10, 100, 1_000, 10_000]
HERE = Path(__file__).resolve().parents[2]


def _events(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,8}", text) or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("a number from 1 to 1000000")
    return int(text)


def _loads(text: str) -> list[int]:
    return [_events(word) for word in text.split(",")]


def _load_options(parser: argparse.ArgumentParser, seed: int | None) -> None:
    parser.add_argument("--mix", default="50/30/20", metavar="U/A/P", help="shares of users, activities and participants")
    parser.add_argument("--seed", type=int, default=seed, metavar="N", help="one seed makes one world")
    parser.add_argument("--rate", type=float, metavar="N",
                        help="events a second that come into the outbox; 0 is as fast as possible")
    parser.add_argument("--poison", default="0", metavar="PERCENT", help="of the events must be refused, as dead letters")


def parse(words: list[str]) -> argparse.Namespace:
    if not set(words) & set(COMMANDS):
        return _quick(words)
    parser = argparse.ArgumentParser(prog="tools/demo", allow_abbrev=False)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("events", nargs="?", type=_events, help="of `load`: 10, 100, 1000, 10000 or another number")
    parser.add_argument("--stack", action="store_true",
                        help="PostgreSQL, Debezium, Kafka and MongoDB: those that the environment or .env names, else its own")
    parser.add_argument("--fresh", action="store_true", help="its own servers, whatever the environment names")
    parser.add_argument("--env-file", metavar="FILE", help="variables for --stack; .env of this folder by default")
    parser.add_argument("--folder", default=str(HERE / "build" / "demo"), help="what the commands share; cleanup removes it")
    parser.add_argument("--report", default=str(HERE / "build" / "demo-report"), metavar="FOLDER", help="where reports go")
    parser.add_argument("--loads", type=_loads, default=LOADS, metavar="N,N…", help="of `full`")
    parser.add_argument("--target", type=_events, metavar="N", help="of `monitor`: ends there")
    parser.add_argument("--keep", action="store_true", help="`full` leaves everything up")
    parser.add_argument("--build", metavar="FOLDER", help="use the programs of this build instead of making one")
    _load_options(parser, None)
    options = parser.parse_args(words)
    if options.events and options.command != "load":
        parser.error(f"{options.command} takes no number of events")
    return options


def _quick(words: list[str]) -> argparse.Namespace:
    """The embedded demo at once, without commands."""
    parser = argparse.ArgumentParser(prog="tools/demo", allow_abbrev=False)
    parser.add_argument("--events", type=_events, default=10_000)
    parser.add_argument("--json", metavar="FILE", help="write the outcome there")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the databases, logs and reports")
    parser.add_argument("--build", metavar="FOLDER")
    _load_options(parser, 1)
    options = parser.parse_args(words)
    options.command, options.stack = "quick", False
    return options
