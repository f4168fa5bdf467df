"""The main job, live: an outbox fills with events while sluice applies them to documents; then all of it is checked."""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .folder import Folder
from .load import Load, Wishes
from .places import Embedded
from .words import Failed, say


def run(options: argparse.Namespace, build: Path) -> int:
    outcome = Path(options.json).resolve() if options.json else None
    path = Path(tempfile.mkdtemp(prefix="sluice-demo."))
    try:
        place = Embedded(Folder(path), build, dict(os.environ))
        place.set_up()
        say(f"{options.events} events ({options.mix}) come into {place.outbox} and are applied to {place.documents}")
        wishes = Wishes(options.mix, options.seed, options.rate, options.poison)
        load = Load(place, options.events, wishes, place.folder.new_load(options.events))
        load.run()
        return _check(place, load, outcome)
    finally:
        if options.keep:
            say(f"kept: {path}")
        else:
            shutil.rmtree(path, ignore_errors=True)


def _check(place: Embedded, load: Load, outcome: Path | None) -> int:
    say("checking every event and every document")
    verification = load.folder / "verification.json"
    kit = place.build / "bin" / "sluice-kit"
    checked = subprocess.run([kit, "verify", *place.verify_arguments(), "--json-file", verification], check=False)
    if not verification.exists():
        raise Failed(f"the verifier ended with {checked.returncode}")
    return subprocess.run([kit, "summary", "--generator", load.folder / "generator.json", "--status",
                           load.folder / "status.json", "--verification", verification,
                           *(["--json-file", outcome] if outcome else [])], check=False).returncode
