"""What is said to the person who runs the demo."""


class Failed(Exception):
    """The demo cannot go on; the text says what happened and what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def grouped(number: float) -> str:
    return f"{number:,.0f}"
