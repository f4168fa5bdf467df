"""What separate calls of the demo share: a folder with what was set up, the loads and their files."""

import json
import shutil
from pathlib import Path

from .words import Failed

_MARK = "demo.json"


class Folder:
    """Only a folder that is new, empty or the demo's own is ever used, since it is removed at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._state: dict = {}
        if (self.path / _MARK).is_file():
            self._state = json.loads((self.path / _MARK).read_text(encoding="utf-8"))
        elif self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise Failed(f"{self.path} holds something else than a demo; name another folder (--folder)")

    @property
    def is_set_up(self) -> bool:
        return bool(self._state.get("ready"))

    @property
    def is_there(self) -> bool:
        return bool(self._state)

    @property
    def status(self) -> Path:
        """Of the engine that runs, or ran last."""
        return self.path / "status.json"

    def __getitem__(self, name: str):
        return self._state[name]

    def get(self, name: str, otherwise=None):
        return self._state.get(name, otherwise)

    def keep(self, **values) -> None:
        """Written at once: the next call may come after a crash of this one."""
        self._state |= values
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self.path / f"{_MARK}.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(self._state, indent=2), encoding="utf-8")
        new.rename(self.path / _MARK)

    def new_load(self, events: int) -> Path:
        number = len(list(self.path.glob("load-*"))) + 1
        folder = self.path / f"load-{number:02}-{events}"
        folder.mkdir(mode=0o700, parents=True)
        return folder

    def loads(self) -> list[Path]:
        """Those that brought events, in their order."""
        return sorted(file.parent for file in self.path.glob("load-*/manifest.json"))

    def remove(self) -> None:
        if self.path.exists():
            shutil.rmtree(self.path)
        self._state = {}
