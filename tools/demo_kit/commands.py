"""The commands of tools/demo."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import quick, report, shown, variables
from .folder import Folder
from .load import Load, Wishes, log_level
from .places import ROOT, Embedded, Place, read_json
from .services import Services
from .stack import Stack
from .options import parse
from .words import Failed, grouped, say

CHECK_FAILED = 8
_PLACES = {place.name: place for place in (Embedded, Stack, Services)}


class Demo:
    """One call: a command, the place it is for, and the folder it shares with others."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder = Folder(Path(options.folder))
        given = variables.given(options.env_file) if options.stack else dict(os.environ)
        theirs = options.stack and not options.fresh and any(given.get(name) for name in variables.NAMED_SERVICES)
        asked = Services if theirs else Stack if options.stack else Embedded
        kind = _PLACES[self.folder["place"]] if self.folder.is_there else asked
        if kind is not asked and options.command != "cleanup" and (
                options.stack or options.command in ("setup", "full")):
            raise Failed(f"{self.folder.path} is set up for '{kind.name}', not for '{asked.name}': clean it up first")
        if kind is Services and not options.stack:
            given = variables.given(options.env_file)
        self.place: Place = kind(self.folder, build(options), given)

    def run(self) -> int:
        return getattr(self, self.options.command)()

    def setup(self) -> int:
        if self.folder.is_there:
            say("cleaning up what is there from before")
            self.cleanup()
        say(f"setting up: {self.place.title}")
        self.folder.keep(place=self.place.name)
        try:
            self.place.set_up()
            self.folder.keep(ready=True, before=self.place.counts())
        except BaseException:
            self.cleanup()
            raise
        say(f"ready; the folder is {self.folder.path}")
        return 0

    def load(self, events: int | None = None) -> int:
        self._needs_setup()
        events = events or self.options.events or int(self.place.given.get("TARGET_EVENTS") or 100)
        before = self.place.counts()
        wishes = Wishes(self.options.mix, self.options.seed, self.options.rate, self.options.poison)
        load = Load(self.place, events, wishes, self.folder.new_load(events))
        say(f"\n{grouped(events)} events, log level {self.place.environment().get('LOG_LEVEL') or log_level(events)}: "
            f"{load.folder / 'engine.log'}")
        load.run()
        if events <= 10:
            shown.events_of(load)
        shown.counts(before, self.place.counts())
        return 0

    def monitor(self) -> int:
        """Until it is left: loads may come and go."""
        self._needs_setup()
        target = ["--target", str(self.options.target)] if self.options.target else []
        command = [self.place.build / "bin" / "sluice", "top", self.folder.status, *target]
        if not sys.stdout.isatty() and not target:
            command.append("--once")
        return subprocess.run(command, check=False).returncode

    def verify(self) -> int:
        self._needs_setup()
        if not self.folder.loads():
            raise Failed("there is nothing to verify: no load has run yet (tools/demo load 100)")
        say("\nchecking every event and every document")
        found = self.folder.path / "verification.json"
        found.unlink(missing_ok=True)
        checked = subprocess.run([self.place.build / "bin" / "sluice-kit", "verify", *self.place.verify_arguments(),
                                  "--json-file", found], env=self.place.environment(), stdin=subprocess.DEVNULL, check=False)
        verification = read_json(found)
        if not verification:
            raise Failed(f"the verifier ended with {checked.returncode}")
        shown.samples(verification)
        whole = report.make(self.place, verification, self.folder["before"], self.place.counts())
        target = Path(self.options.report).resolve()
        report.write(whole, target, self.place)
        report.tell(whole)
        say(f"{'PASSED' if whole['passed'] else 'FAILED'}: {target / 'demo_report.html'}, demo_report.json, "
            "demo_verification.json")
        return 0 if whole["passed"] else CHECK_FAILED

    def full(self) -> int:
        self.setup()
        try:
            for events in self.options.loads:
                self.load(events)
            return self.verify()
        finally:
            if self.options.keep:
                say(f"kept: {self.folder.path}; `cleanup` ends and removes it")
            else:
                self.cleanup()

    def cleanup(self) -> int:
        if not self.folder.is_there:
            say(f"nothing to clean up: {self.folder.path}")
            return 0
        self.place.clean_up()
        self.folder.remove()
        say(f"removed {self.folder.path}")
        return 0

    def _needs_setup(self) -> None:
        if not self.folder.is_set_up:
            stack = " --stack" if self.options.stack else ""
            raise Failed(f"nothing is set up in {self.folder.path}: tools/demo{stack} setup")


def build(options: argparse.Namespace) -> Path:
    """The programs: those of a build that is named, or of the release build, brought up to date."""
    if options.build:
        return Path(options.build).resolve()
    if options.stack:
        subprocess.run([ROOT / "tools" / "install", "services"], check=True)
    subprocess.run([ROOT / "tools" / "build", "release"], check=True)
    return ROOT / "build" / "release"


def has_clients() -> bool:
    try:
        import confluent_kafka
        import pymongo
    except ImportError:
        return False
    return True


def needs_clients(options: argparse.Namespace) -> bool:
    """Servers are looked at with clients that only tools/services/python has."""
    if options.command == "quick" or has_clients():
        return False
    folder = Folder(Path(options.folder))
    return options.stack or (folder.is_there and folder["place"] != Embedded.name)


def main(words: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    options = parse(words)
    try:
        if needs_clients(options):
            program = ROOT / "tools" / "services" / "python"
            os.execv(program, [str(program), str(Path(__file__).with_name("__main__.py")), *words])
        if options.command == "quick":
            return quick.run(options, build(options))
        return Demo(options).run()
    except Failed as failed:
        text = variables.without_secrets(str(failed), dict(os.environ))
        print(f"FAILED: {text}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"FAILED: {failed.cmd[0]} ended with {failed.returncode}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
