"""What sluice says of itself, of a configuration, of plugins and of events that are tried."""
import json
import unittest

from cli_case import CHECK_FAILED, CONFIGURATION, PLUGINS, PLUGIN_REFUSED, USAGE, CommandLine
from harness.plain_events import user


class Help(CommandLine):
    def test_every_command_has_help_with_an_example(self):
        for command in (["run"], ["validate"], ["try"], ["schema"], ["resume"], ["plugins", "list"],
                        ["plugins", "inspect"], ["dead-letters", "list"], ["dead-letters", "show"],
                        ["dead-letters", "replay"], ["dead-letters", "discard"], ["positions", "show"],
                        ["positions", "reset"], ["new", "plugin"]):
            with self.subTest(command):
                self.assertIn("Example:\n  ", self.run_sluice(*command, "--help").stdout)

    def test_the_whole_help_names_the_exit_statuses(self):
        self.assertIn("6 stopped by its breaker", self.run_sluice("--help").stdout)

    def test_the_version_is_one_line(self):
        self.assertRegex(self.run_sluice("--version").stdout, r"^sluice \d+\.\d+\.\d+\n$")

    def test_a_command_that_there_is_not_is_a_mistake_of_usage(self):
        self.assertIn("validate", self.run_sluice("verify", status=USAGE).stderr)
        self.run_sluice(status=USAGE)
        self.run_sluice("run", "--no-such-option", status=USAGE)


class Validate(CommandLine):
    def test_a_good_configuration_is_valid(self):
        self.pipeline()
        self.assertIn("Valid.", self.run_sluice("validate").stdout)
        self.assertTrue(self.json_of("validate")["valid"])

    def test_a_mistake_is_shown_with_its_place(self):
        self.pipeline()
        text = (self.folder / "sluice.yaml").read_text().replace("routes:", "rootes:")
        self.write("sluice.yaml", text)
        self.assertIn("rootes", self.run_sluice("validate", status=CONFIGURATION).stdout)
        problems = self.json_of("validate", status=CONFIGURATION)["problems"]
        self.assertTrue(any("routes" in problem["message"] and problem["line"] > 0 for problem in problems))
        self.run_sluice("run", status=CONFIGURATION)

    def test_a_missing_file_is_a_mistake_of_configuration(self):
        self.run_sluice("validate", "-c", "nowhere.yaml", status=CONFIGURATION)

    def test_a_plugin_of_another_version_is_refused(self):
        self.pipeline(versions=">=9")
        self.assertIn(">=9", self.run_sluice("validate", status=PLUGIN_REFUSED).stdout)
        self.events()
        self.assertIn(">=9", self.run_sluice("run", status=PLUGIN_REFUSED).stderr)

    def test_a_renamed_pipeline_is_noticed_in_the_store(self):
        self.pipeline()
        self.events(user(1))
        self.run_sluice("run")
        self.run_sluice("validate", "--connect")
        text = (self.folder / "sluice.yaml").read_text().replace("  people:\n", "  persons:\n")
        self.write("sluice.yaml", text)
        self.assertIn("people", self.run_sluice("validate", "--connect", status=CHECK_FAILED).stdout)


class Try(CommandLine):
    def test_it_prints_the_changes_and_stores_nothing(self):
        self.pipeline()
        report = self.json_of("try", stdin=json.dumps(user(1)) + "\n")
        self.assertEqual(report[0]["outcome"], "handled")
        self.assertEqual(report[0]["changes"][0]["collection"], "users")
        self.assertFalse((self.folder / "people.db").exists())

    def test_an_event_that_would_be_a_dead_letter_fails_the_check(self):
        self.pipeline()
        self.events({"type": "Strange", "id": "1", "payload": {}}, {"type": "Unwanted", "id": "2", "payload": {}})
        report = self.json_of("try", "events.ndjson", status=CHECK_FAILED)
        self.assertEqual([one["outcome"] for one in report], ["refused", "ignored"])
        self.assertEqual(report[0]["code"], "route.no_match")

    def test_records_with_their_place_are_recognised(self):
        self.pipeline()
        record = {"topic": "t", "partition": 0, "offset": 7, "key": "k", "payload": json.dumps(user(1))}
        self.assertEqual(self.json_of("try", stdin=json.dumps(record) + "\n")[0]["outcome"], "handled")


class Plugins(CommandLine):
    def test_they_are_listed_without_being_loaded(self):
        listed = self.json_of("plugins", "list", "--plugin-path", PLUGINS)
        self.assertIn("activity", [plugin.get("name") for plugin in listed])

    def test_what_is_no_plugin_is_listed_with_the_reason(self):
        self.write("stranger.so", "no library")
        listed = self.json_of("plugins", "list", "--plugin-path", str(self.folder), status=PLUGIN_REFUSED)
        self.assertIn("refused", listed[0])
        self.run_sluice("plugins", "inspect", str(self.folder / "stranger.so"), status=PLUGIN_REFUSED)

    def test_one_is_inspected_with_its_components_when_loaded(self):
        self.assertNotIn("components", self.json_of("plugins", "inspect", "activity", "--plugin-path", PLUGINS))
        loaded = self.json_of("plugins", "inspect", "activity", "--load", "--plugin-path", PLUGINS)
        self.assertIn("user_created", [component["name"] for component in loaded["components"]])

    def test_a_new_one_is_written_once(self):
        self.run_sluice("new", "plugin", "orders")
        self.assertTrue((self.folder / "orders" / "orders.cpp").exists())
        self.run_sluice("new", "plugin", "orders", status=CHECK_FAILED)
        self.run_sluice("new", "plugin", "Bad-Name", status=USAGE)


class Schema(CommandLine):
    def test_it_is_json(self):
        self.assertIn("$schema", json.loads(self.run_sluice("schema").stdout))

    def test_the_reference_is_a_page(self):
        self.assertTrue(self.run_sluice("schema", "--markdown").stdout.startswith("# "))

if __name__ == "__main__":
    unittest.main()
