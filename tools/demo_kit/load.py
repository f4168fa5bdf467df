"""One load: an engine, a generator that fills the outbox, the dashboard, until every event is settled."""

import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .places import Place, read_json
from .words import Failed

ENGINE_ENDED, INTERRUPTED = 5, 130
PATIENCE = 60


@dataclass
class Wishes:
    """What a load is to be like; None leaves it to the place."""

    mix: str = "50/30/20"
    seed: int | None = None
    rate: float | None = None
    poison: str = "0"


def log_level(events: int) -> str:
    """Small loads are told in detail, large ones quietly."""
    return {1: "DEBUG", 2: "DEBUG", 3: "INFO", 4: "WARNING"}.get(len(str(events)), "ERROR")


class Load:
    def __init__(self, place: Place, events: int, wishes: Wishes, folder: Path) -> None:
        self.place, self.events, self.wishes, self.folder = place, events, wishes, folder
        self._status = place.folder.status
        self._engine: subprocess.Popen[bytes] | None = None
        self._generator: subprocess.Popen[bytes] | None = None
        variables = place.environment()
        self._metrics = Path(variables.get("METRICS_FILE") or folder / "metrics.ndjson").resolve()
        self._environment = variables | {"LOG_LEVEL": variables.get("LOG_LEVEL") or log_level(events),
                                         "METRICS_FILE": str(self._metrics)}

    def run(self) -> None:
        """Leaves generator.json, manifest.json, status.json, metrics.ndjson and engine.log in its folder."""
        began = self._metrics.stat().st_size if self._metrics.exists() else 0
        try:
            self._start_engine()
            self._start_generator()
            self._watch()
            self._drain()
        finally:
            for process in (self._generator, self._engine):
                if process and process.poll() is None:
                    process.terminate()
                    process.wait()
        shutil.copyfile(self._status, self.folder / "status.json")
        if self._metrics != self.folder / "metrics.ndjson":
            with self._metrics.open("rb") as all_of_them, (self.folder / "metrics.ndjson").open("wb") as ours:
                all_of_them.seek(began)
                shutil.copyfileobj(all_of_them, ours)

    def _start_engine(self) -> None:
        self._status.unlink(missing_ok=True)
        with (self.folder / "engine.log").open("wb") as log:
            self._engine = subprocess.Popen(
                [self.place.build / "bin" / "sluice", "run", "-c", self.place.config, "--status-file", self._status],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        partitions = self.place.partitions()
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready(partitions):
            if self._engine.poll() is not None:
                raise self._failed("the engine ended at its start")
            if time.monotonic() > deadline:
                raise self._failed(f"the engine did not begin within {PATIENCE} s")
            time.sleep(0.01)

    def _is_ready(self, partitions: int) -> bool:
        """A consumer knows the end of a partition only when it has fetched from it."""
        pipeline = (read_json(self._status).get("pipelines") or [{}])[0]
        read = [one for one in pipeline.get("partitions", []) if one.get("end") is not None]
        return pipeline.get("state") == "running" and len(read) >= partitions

    def _start_generator(self) -> None:
        wishes = self.wishes
        rate = self.place.rate(self.events) if wishes.rate is None else wishes.rate
        # Worlds of several runs must not meet in a database that outlives them.
        seed = random.SystemRandom().randrange(1, 2**62) if wishes.seed is None else wishes.seed
        command = [self.place.build / "bin" / "sluice-kit", "generate", "--json", *self.place.outbox_arguments(),
                   "--events", self.events, "--mix", wishes.mix, "--seed", seed, "--rate", rate, "--poison", wishes.poison,
                   "--manifest", self.folder / "manifest.json"]
        with (self.folder / "generator.json").open("wb") as out, (self.folder / "generator.log").open("wb") as log:
            self._generator = subprocess.Popen([str(word) for word in command], env=self._environment,
                                               stdin=subprocess.DEVNULL, stdout=out, stderr=log)

    def _watch(self) -> None:
        assert self._engine and self._generator
        command = [self.place.build / "bin" / "sluice-kit", "watch", "--status", self._status, "--target", str(self.events),
                   "--pid", str(self._engine.pid)]
        if outbox := getattr(self.place, "outbox", None):  # a file, in which the events' names can be looked up
            command += ["--outbox", outbox]
        with subprocess.Popen(command) as watch:
            try:
                while watch.poll() is None:
                    self._look(watch)
            finally:
                watch.terminate()  # does nothing to one that has ended
        if self._generator.wait() != 0:
            raise self._failed((self.folder / "generator.log").read_text(encoding="utf-8").strip())
        if watch.returncode == INTERRUPTED:
            raise KeyboardInterrupt
        if watch.returncode == ENGINE_ENDED:
            raise self._failed("the engine ended before all events were settled")
        if watch.returncode != 0:
            raise self._failed(f"the progress display ended with {watch.returncode}")

    def _look(self, watch: subprocess.Popen[bytes]) -> None:
        """A generator that failed brings no more events to watch."""
        try:
            watch.wait(0.05)
        except subprocess.TimeoutExpired:
            if self._generator and self._generator.poll() not in (None, 0):
                watch.terminate()

    def _drain(self) -> None:
        """Nothing is in flight any more; the engine ends by itself when asked to."""
        assert self._engine
        os.kill(self._engine.pid, signal.SIGTERM)
        if status := self._engine.wait():
            raise self._failed(f"the engine did not drain: exit status {status}")

    def _failed(self, what: str) -> Failed:
        words = (self.folder / "engine.log").read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        return Failed("\n".join([what, "The engine's last words:", *words] if words else [what]))
