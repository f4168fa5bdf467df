#!/usr/bin/env python3
"""Runs a page of the documentation: every ```sh block, in order, as a reader would.

  run_page.py [--path FOLDER]... [--env NAME=VALUE]... [--link PATH]... PAGE.md

The blocks share one shell and one fresh folder; the first command that fails ends the run, with the block's
line. Where a ```text block follows a ```sh block, each of its lines must occur in that block's output, in
order; a line "…" stands for anything. A block ```cpp file=NAME or ```yaml file=NAME (any language) is written
to that file, as the reader would save it.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(\w+)?[ \t]*(?:file=(\S+))?[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def blocks(page: str):
    """(line, language, file, text) of each fenced block."""
    for found in FENCE.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        yield line, found[1] or "", found[2], found[3]


def steps(page: str):
    """The page as steps: ("run", line, commands, expected lines) and ("write", line, file, text)."""
    made = []
    for line, language, file, text in blocks(page):
        if file:
            made.append(["write", line, file, text])
        elif language == "sh":
            made.append(["run", line, text, []])
        elif language == "text" and made and made[-1][0] == "run":
            made[-1][3] = [each.strip() for each in text.splitlines() if each.strip() not in ("", "…")]
    return made


def missing(expected, output):
    """The first expected line that does not occur after those before it, or None."""
    at = 0
    for line in expected:
        found = output.find(line, at)
        if found < 0:
            return line
        at = found + len(line)
    return None


def run_page(page: pathlib.Path, environment, links=()) -> str | None:
    """What went wrong, or None."""
    with tempfile.TemporaryDirectory(prefix="sluice-docs-") as folder:
        state = pathlib.Path(folder) / ".shell-state"
        work = pathlib.Path(folder) / "work"
        work.mkdir()
        for link in links:
            (work / link.name).symlink_to(link.resolve())
        state.write_text(f"cd '{work}'\n")
        for kind, line, *step in steps(page.read_text(encoding="utf-8")):
            where = f"{page.name}:{line}"
            if kind == "write":
                here = subprocess.run(["bash", "-c", f". '{state}'; pwd"], capture_output=True, text=True, check=True)
                target = pathlib.Path(here.stdout.strip()) / step[0]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(step[1], encoding="utf-8")
                continue
            commands, expected = step
            # The folder and the variables of one block are there in the next.
            script = f". '{state}'\nset -euo pipefail\n{commands}\n{{ declare -px; echo \"cd '$PWD'\"; }} > '{state}'\n"
            ran = subprocess.run(["bash", "-c", script], env=environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            print(f"--- {where}\n{commands}{ran.stdout}", end="")
            if ran.returncode != 0:
                return f"{where}: ended with status {ran.returncode}"
            line_missing = missing(expected, ran.stdout)
            if line_missing is not None:
                return f"{where}: the output has no line \"{line_missing}\" (in this place)"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", action="append", default=[], help="a folder to put before PATH")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--link", action="append", default=[], type=pathlib.Path,
                        help="a file or folder that the reader has at hand, under its name")
    parser.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join(arguments.path + [environment["PATH"]])
    environment.update(each.split("=", 1) for each in arguments.env)
    wrong = run_page(arguments.page, environment, arguments.link)
    if wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
