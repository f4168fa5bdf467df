"""Every file of configs/ is valid as it stands, with nothing in the environment but where its secrets are."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

CONFIGS = pathlib.Path(__file__).resolve().parents[3] / "configs"
SECRETS = {"kafka-password": "geheim", "mongodb-uri": "mongodb://anna:geheim@localhost/"}


class Configs(unittest.TestCase):
    def test_every_example_is_valid_and_shows_no_secret(self):
        files = sorted(CONFIGS.glob("*.yaml"))
        self.assertIn("activity.yaml", [file.name for file in files])
        with tempfile.TemporaryDirectory(prefix="sluice-configs-") as secrets:
            for name, text in SECRETS.items():
                (pathlib.Path(secrets) / name).write_text(text)
            environment = {"SLUICE_PLUGIN_PATH": os.environ["SLUICE_PLUGINS"], "SECRETS": secrets}
            for file in files:
                with self.subTest(file=file.name):
                    done = subprocess.run([os.environ["SLUICE"], "validate", "-c", file], env=environment,
                                          capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                    self.assertNotIn("geheim", done.stdout + done.stderr)

    def test_the_connectors_take_every_secret_from_the_environment(self):
        for file in (CONFIGS / "debezium").glob("*.json"):
            with self.subTest(file=file.name):
                self.assertEqual(json.loads(file.read_text())["config"]["database.password"], "${env:POSTGRES_PASSWORD}")


if __name__ == "__main__":
    unittest.main()
