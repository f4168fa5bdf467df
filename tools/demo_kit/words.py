"""What is said to the person who runs the demo."""

import sys


class Failed(Exception):
    """The demo cannot go on; the text says what happened and what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def grouped(number: float) -> str:
    return f"{number:,.0f}"


def agreed(question: str, yes: bool) -> bool:
    """An explicit yes, by --yes or by a person at a terminal."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise Failed(f"{question}\nThis needs a yes: run it in a terminal, or add --yes")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
