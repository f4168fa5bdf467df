#!/usr/bin/env python3
"""The Containerfile as far as it can be judged without a container engine: what it copies and installs exists, and its
command works with the installed program. An image is not built."""
import json
import pathlib
import re
import subprocess
import unittest

from installation import PACKAGES, Root

SOURCES = pathlib.Path(__file__).resolve().parents[3]


def instructions():
    text = re.sub(r"^#.*\n", "", (SOURCES / "Containerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


class Containerfile(unittest.TestCase):
    def of(self, name):
        return [arguments for instruction, arguments in instructions() if instruction == name]

    def test_copies_what_there_is(self):
        for arguments in self.of("COPY"):
            *sources, _ = arguments.split()
            if sources[0] == "--from=build":
                [pattern] = sources[1:]
                self.assertEqual(len(list(PACKAGES.glob(pathlib.Path(pattern).name))), 1, pattern)
                continue
            for source in sources:
                self.assertTrue((SOURCES / source).exists(), source)

    def test_runs_scripts_and_presets_that_there_are(self):
        commands = " ".join(self.of("RUN"))
        for script in re.findall(r"\btools/\w+", commands):
            self.assertTrue((SOURCES / script).stat().st_mode & 0o111, script)
        presets = json.loads((SOURCES / "CMakePresets.json").read_text())["configurePresets"]
        [preset] = re.findall(r"--preset (\w+)", commands)
        self.assertIn(preset, [each["name"] for each in presets])

    def test_installs_packages_of_debian(self):
        commands = " ".join(self.of("RUN"))
        [installed] = re.findall(r"apt-get install -y --no-install-recommends ([^&]*)", commands)
        [program] = PACKAGES.glob("sluice_*.deb")
        depends = subprocess.run(["dpkg-deb", "--field", program, "Depends"], capture_output=True, text=True, check=True)
        wanted = [name for name in installed.split() if not name.startswith("/")]
        wanted += [each.split()[0] for each in depends.stdout.split(",")]
        known = subprocess.run(["dpkg-query", "--show", *wanted], capture_output=True, text=True, check=False)
        self.assertEqual(known.stderr, "")

    def test_runs_the_program_as_a_user_without_rights(self):
        root = Root(self)
        root.install()
        [entry], [command] = map(json.loads, self.of("ENTRYPOINT")), map(json.loads, self.of("CMD"))
        [user] = self.of("USER")
        self.assertNotIn("0", user.split(":"))
        helped = subprocess.run([f"{root.path}{entry[0]}", *command, "--help"], capture_output=True, text=True, check=False)
        self.assertEqual(helped.returncode, 0, helped.stderr)
        self.assertIn("/etc/sluice/sluice.yaml", command)

    def test_starts_from_one_image_of_debian_12(self):
        self.assertEqual({each.split()[0] for each in self.of("FROM")}, {"docker.io/library/debian:12-slim"})


if __name__ == "__main__":
    unittest.main()
