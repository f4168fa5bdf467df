#!/usr/bin/env python3
"""The runner of documentation pages finds what is wrong with them."""
import os
import pathlib
import tempfile
import unittest

import run_page


class RunPage(unittest.TestCase):
    def wrong_with(self, page: str):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.md"
            path.write_text(page, encoding="utf-8")
            return run_page.run_page(path, dict(os.environ))

    def test_runs_blocks_in_one_folder_with_one_set_of_variables(self):
        self.assertIsNone(self.wrong_with(
            "```sh\nmkdir a\ncd a\nexport WORD=hello\n```\n\ntext\n\n"
            "```yaml file=x.yaml\nkey: 1\n```\n```sh\ntest \"$WORD\" = hello\ngrep -q key x.yaml\n```\n"))

    def test_names_the_line_of_a_block_that_fails(self):
        self.assertEqual(self.wrong_with("# Page\n\n```sh\ntrue\nfalse\ntrue\n```\n"),
                         "page.md:3: ended with status 1")

    def test_leaves_other_languages_alone(self):
        self.assertIsNone(self.wrong_with("```cpp\nexit 1\n```\n"))

    def test_holds_the_output_to_what_the_page_shows(self):
        self.assertIsNone(self.wrong_with("```sh\nprintf 'one\\ntwo\\nthree\\n'\n```\n```text\none\n…\nthree\n```\n"))
        self.assertIn('no line "four"', self.wrong_with("```sh\necho one\n```\n```text\none\nfour\n```\n"))


if __name__ == "__main__":
    unittest.main()
