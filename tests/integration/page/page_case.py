"""What the tests of the page share: a browser, and the things that must hold whatever it shows."""

import sys
import unittest
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "tools"))

from harness.browser import Browser  # noqa: E402
from harness.engine import wait_until  # noqa: E402

HASTE = 20  # times as fast as for people
# Of a refused token, of an engine that is away: Chromium writes them itself, and nothing can keep it from that.
EXPECTED_IN_CONSOLE = (
    "401 (Unauthorized)",
    "503 (Service Unavailable)",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_INCOMPLETE_CHUNKED_ENCODING",
)
ROWS = "[...document.querySelectorAll(a[0] + ' tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"


class PageCase(unittest.TestCase):
    """The browser is one for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(haste=HASTE)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.resize((1280, 900))
        self.browser.emulate(dark=False)
        self.addCleanup(self.leave)

    def leave(self):
        self.browser.open("about:blank")
        self.browser.console()
        self.browser.requests()

    def open(self, url):
        self.browser.requests()  # a new window asks for things of its own
        self.browser.open(url)
        self.url = url

    def wait(self, condition, what):
        return wait_until(condition, what, patience=60, pause=0.02)

    def wait_for_text(self, selector, part):
        return self.wait(lambda: part in (self.browser.text(selector) or ""), f"{selector} says {part!r}")

    def wait_for_pipeline(self, name):
        self.wait(lambda: self.browser.text("#name") == name, f"the page shows {name}")

    def rows(self, table):
        return self.browser.evaluate(ROWS, table)

    def expect_nothing_written_to_the_console(self):
        self.assertEqual(
            [line for line in self.browser.console() if not any(expected in line for expected in EXPECTED_IN_CONSOLE)], []
        )

    def expect_nobody_else_was_asked(self):
        origin = urlsplit(self.url).netloc
        asked = [url for url in self.browser.requests() if not url.startswith(("about:", "data:", "chrome:"))]
        self.assertTrue(asked)
        self.assertEqual([url for url in asked if urlsplit(url).netloc != origin], [])

    def expect_no_sideways_scrolling(self):
        wide = self.browser.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        self.assertLessEqual(wide[0], wide[1])
