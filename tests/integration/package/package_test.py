#!/usr/bin/env python3
"""The Debian packages: what is in them, how they are installed, kept and removed."""
import os
import re
import stat
import subprocess
import tempfile
import unittest

from installation import PACKAGES, UNIT, Root

PROGRAM = ["etc/default/sluice", "etc/sluice/example.yaml", UNIT, "usr/bin/sluice", "usr/lib/sluice/plugins/activity.so",
           "usr/lib/sluice/plugins/notify.so", "usr/share/doc/sluice/copyright", "usr/share/doc/sluice/operating.md",
           "usr/share/doc/sluice/examples/activity.yaml", "usr/share/man/man1/sluice.1.gz"]
SDK = ["usr/include/sluice/abi.h", "usr/include/sluice/plugin.hpp", "usr/lib/cmake/sluice-sdk/sluice-sdk-config.cmake",
       "usr/share/doc/sluice-dev/copyright"]
ELSEWHERE = re.compile(r"(etc/(default/sluice|sluice/)|lib/systemd/system/sluice@|usr/(bin/sluice$|include/sluice/|lib/"
                       r"(sluice|cmake/sluice-sdk)/|share/(doc/sluice(-dev)?/|lintian/overrides/sluice$|man/man1/sluice)))")


def fields(package):
    text = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^([\w-]+): (.*)$", text, re.MULTILINE))


class Packages(unittest.TestCase):
    def test_say_what_they_are_and_need(self):
        [program] = PACKAGES.glob("sluice_*.deb")
        [sdk] = PACKAGES.glob("sluice-dev_*_all.deb")
        about = fields(program)
        self.assertEqual((about["Package"], about["Section"]), ("sluice", "database"))
        self.assertIn("native sink engine", about["Description"])
        for library in ("libc6", "librdkafka1", "libmongoc-1.0-0", "libsqlite3-0", "libyaml-cpp0.7"):
            self.assertRegex(about["Depends"], rf"\b{re.escape(library)}\b")
        self.assertNotRegex(about["Depends"], r"-dev\b|gtest|benchmark")
        self.assertEqual(fields(sdk)["Package"], "sluice-dev")
        self.assertEqual(fields(sdk)["Version"], about["Version"])

    def test_hold_what_belongs_there_with_the_rights_it_needs(self):
        root = Root(self)
        root.install()
        files = root.files()
        for file in PROGRAM + SDK:
            self.assertIn(file, files)
        self.assertEqual([file for file in files if not ELSEWHERE.match(file)], [])
        for file in files:
            mode = stat.S_IMODE((root.path / file).stat().st_mode)
            self.assertEqual(mode, 0o755 if file == "usr/bin/sluice" else 0o644, file)
        for package in PACKAGES.glob("*.deb"):
            contents = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True)
            self.assertEqual({line.split()[1] for line in contents.stdout.splitlines()}, {"root/root"})
        for file in ("usr/bin/sluice", "usr/lib/sluice/plugins/activity.so", "usr/lib/sluice/plugins/notify.so"):
            linked = subprocess.run(["ldd", root.path / file], capture_output=True, text=True, check=True).stdout
            self.assertNotIn("not found", linked)
            dynamic = subprocess.run(["readelf", "-d", root.path / file], capture_output=True, text=True, check=True)
            self.assertNotRegex(dynamic.stdout, "RPATH|RUNPATH")

    def test_every_file_below_etc_is_the_administrators_to_change(self):
        root = Root(self)
        root.install()
        listed = root.dpkg("--status", "sluice")
        below = [file for file in root.files() if file.startswith("etc/")]
        self.assertEqual(sorted(re.findall(r"^ /(etc/\S+) ", listed, re.MULTILINE)), below)
        changed = root.path / "etc/sluice/example.yaml"
        changed.write_text("# mine\n")
        root.install()
        self.assertEqual(changed.read_text(), "# mine\n")

    def test_enable_no_service_and_leave_nothing_when_purged(self):
        root = Root(self)
        root.install()
        self.assertFalse((root.path / "etc/systemd").exists())
        for folder in ("var/lib/private/sluice/example", "var/lib/sluice/example"):
            (root.path / folder).mkdir(parents=True)
            (root.path / folder / "engine.db").touch()
        root.dpkg("--remove", "sluice", "sluice-dev")
        self.assertTrue((root.path / "var/lib/sluice/example/engine.db").exists())
        self.assertIn("etc/sluice/example.yaml", root.files())
        root.dpkg("--purge", "sluice", "sluice-dev")
        self.assertEqual(root.files(), [])
        for folder in ("etc/sluice", "usr/lib/sluice", "var/lib/sluice", "var/lib/private/sluice"):
            self.assertFalse((root.path / folder).exists(), folder)

    def test_a_purge_leaves_configurations_that_somebody_wrote(self):
        root = Root(self)
        root.install()
        mine = root.path / "etc/sluice/orders.yaml"
        mine.write_text("sluice: 1\n")
        root.dpkg("--purge", "sluice", "sluice-dev")
        self.assertEqual(root.files(), ["etc/sluice/orders.yaml"])

    def test_the_program_finds_its_plugins_wherever_it_is(self):
        root = Root(self)
        root.install()
        with tempfile.TemporaryDirectory(prefix="sluice-empty-") as empty:
            listed = subprocess.run([root.path / "usr/bin/sluice", "plugins", "list"], cwd=empty, env={"PATH": os.environ["PATH"]},
                                    capture_output=True, text=True, check=False)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("activity", listed.stdout)
        self.assertIn("notify", listed.stdout)


class Unit(unittest.TestCase):
    def analyze(self, *arguments):
        return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)

    def test_is_one_that_systemd_understands(self):
        root = Root(self)
        root.install()
        folder = root.path / "lib/systemd/system"
        unit = folder / "sluice@.service"
        unit.write_text(unit.read_text().replace("/usr/bin/sluice", f"{root.path}/usr/bin/sluice"))
        judged = self.analyze("verify", "--man=no", "--recursive-errors=no", str(folder / "sluice@example.service"))
        about_it = [line for line in judged.stderr.splitlines() if "sluice" in line]
        self.assertEqual((about_it, judged.returncode), ([], 0), judged.stderr)

    def test_exposes_little(self):
        root = Root(self)
        root.install()
        judged = self.analyze("security", "--offline=true", f"--root={root.path}", "--threshold=15", "sluice@example.service")
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)


if __name__ == "__main__":
    unittest.main()
