"""The generator and the verifier, as programs; and configurations of the reference system."""

import json
import subprocess
from pathlib import Path


class Kit:
    def __init__(self, build):
        self.binary = str(Path(build) / "bin" / "sluice-kit")

    def generate(self, out, events, form="outbox", **options):
        """Options are the command's: mix, seed, poison, rate, batch."""
        command = [self.binary, "generate", "--out", str(out), "--format", form, "--events", str(events), "--json"]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def verify(self, outbox, documents, dead_letters=None):
        """Nothing, or the verifier's table of what does not hold."""
        command = [self.binary, "verify", "--outbox", str(outbox), "--documents", str(documents)]
        if dead_letters is not None:
            command += ["--dead-letters", str(dead_letters)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return None if done.returncode == 0 else done.stdout + done.stderr


ALL_HANDLERS = """
    plugins: { activity: ">=1.0 <2" }
    handlers:
      statistics: { use: activity.user_statistics }
    routes:
      - { on: UserCreated,       to: [activity.user_created, statistics] }
      - { on: ActivityCreated,   to: [activity.activity_created, statistics] }
      - { on: ParticipantJoined, to: [activity.participant_joined, statistics] }
      - { otherwise: dead_letter }
"""


def write_config(path, pipeline):
    """A file with one pipeline, `reference`; `pipeline` are its keys, as YAML indented by four."""
    Path(path).write_text(f"sluice: 1\npipelines:\n  reference:\n{pipeline.rstrip()}\n", encoding="utf-8")
    return path


def embedded(folder, extra="", handlers=ALL_HANDLERS):
    """The outbox, documents and dead letters of a folder, and the configuration that joins them."""
    folder = Path(folder)
    pipeline = f"""
    source: {{ sqlite: {{ path: "{folder}/outbox.db" }} }}
    decode: {{ outbox_row: {{}} }}
    store: {{ sqlite: {{ path: "{folder}/documents.db" }} }}
    dead_letters: {{ file: {{ path: "{folder}/dead_letters.ndjson" }} }}
    limits: {{ events: 2000 }}
{extra}
{handlers.strip(chr(10))}"""
    return write_config(folder / "pipeline.yaml", pipeline)
