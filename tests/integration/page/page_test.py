"""The page with a stand-in for the engine behind it, which can say what no engine would."""

import itertools
import unittest

from page_case import PageCase

from harness.stand_in import StandIn, failed, pipeline, status

HOSTILE = [
    '<img src=x onerror="document.title=1">',
    "<script>throw 1</script>",
    "</td></table><h1>hi</h1>",
    "__proto__",
    "constructor",
    "\u202eesrever\u2066 and \x1b[31mred\x07",
    "W" * 5000,
    "&lt;b&gt;",
    "",
    "ünïcödé 名前 🦊",
    '"; DROP TABLE',
]
RUBBISH = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"<html></html>",
    b'{"pipelines": 7, "version": 1}',
    b'{"pipelines": [], "version": 2}',
    b'{"error": "the engine is starting"}',
    b"\xff\xfe",
]
CONTRAST = """(() => {
  const luminance = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const probe = document.body.appendChild(document.createElement("i"));
  const of = (name) => { probe.style.color = `var(${name})`; return luminance(getComputedStyle(probe).color); };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const names = ["--ink", "--quiet", "--accent", "--good", "--done", "--warning", "--bad"];
  const found = names.flatMap((name) => ["--card", "--ground"].map((on) => [name + " on " + on, ratio(of(name), of(on))]));
  const shapes = ["--capture", "--delivery", "--lag", "--processing"].map((name) => [name, ratio(of(name), of("--card")) * 1.5]);
  probe.remove();
  return [...found, ...shapes].filter(([, contrast]) => contrast < 4.5);
})()"""


def running(make):
    """A status that goes on: a second later with each question."""
    seconds = itertools.count()

    def answer():
        second = next(seconds)
        made = make(second)
        return made if isinstance(made, (bytes, dict)) else status(second, *made)

    return answer


class Page(PageCase):
    def serve(self, make, **options):
        engine = StandIn(running(make), **options)
        self.addCleanup(engine.close)
        self.open(engine.url)
        return engine

    def test_figures_are_those_of_the_status(self):
        fixed = pipeline(100, trouble=True, partitions=2)
        self.serve(lambda _: [fixed])
        self.wait_for_pipeline("activity")
        text = self.browser.text
        self.assertEqual(text("#figure-total"), f"{fixed['events']['total']:,}")
        self.assertIn(f"{fixed['events']['applied']:,} applied", text("#figure-applied"))
        self.assertEqual(text("#figure-dead"), f"{fixed['events']['dead_letters']:,}")
        self.assertEqual(text("#figure-rate"), f"{fixed['rates']['now']:,.0f}")
        self.assertEqual(text("#figure-rates"), "average 10,412\npeak 15,104")
        self.assertEqual(text("#figure-p50"), "9.70 ms")
        self.assertEqual(text("#figure-percentiles"), "p95 24.2 ms\np99 38.8 ms")
        self.assertEqual(text("#figure-lag"), f"{sum(one['lag'] for one in fixed['partitions']):,}")
        self.assertEqual(text("#figure-unfinished"), "1,284 unfinished\n1.5 MiB")
        self.assertEqual(
            [row[:3] for row in self.rows("#types")],
            [[name, f"{one['count']:,}", row[2]] for (name, one), row in zip(fixed["types"].items(), self.rows("#types"))],
        )
        self.assertEqual([row[6] for row in self.rows("#partitions")], [f"{one['lag']:,}" for one in fixed["partitions"]])
        self.assertEqual(
            [row[:2] for row in self.rows("#codes")], [[code, f"{count:,}"] for code, count in fixed["errors"].items()]
        )
        self.assertEqual([row[2] for row in self.rows("#errors")], [one["reason"] for one in fixed["last_errors"]])
        self.assertEqual([row[2] for row in self.rows("#events")], [one["id"] for one in fixed["last_events"]])
        self.assertEqual([row[0] for row in self.rows("#stages")][-1], "total")
        self.assertEqual(len(self.rows("#stages")), 5)
        trouble = text("#trouble-lines")
        for part in (
            "mongodb is tried again since",
            "no primary is there",
            "12 dead letters among the last 1,000 events; it opens at 10 %",
            "store.unavailable: 4,021 changes tried again",
            "3 changes wait",
            "activities/6a2f11c0-0000-4000-8000-000000000000",
        ):
            self.assertIn(part, trouble)
        self.expect_nothing_written_to_the_console()
        self.expect_nobody_else_was_asked()

    def test_what_records_bring_never_becomes_markup(self):
        def hostile(second):
            one = pipeline(second, name=HOSTILE[0], trouble=True)
            one["types"] = {text: {"count": 5, "dead_letters": 1} for text in HOSTILE}
            one["last_errors"] = [
                {"code": text, "reason": text, "type": text, "id": text, "topic": text} for text in HOSTILE
            ]
            one["last_events"] = [
                {"type": text, "id": text, "outcome": text, "code": text, "time": text} for text in HOSTILE
            ]
            one["partitions"] = [{"topic": text, "partition": 0} for text in HOSTILE]
            one["targets"] = [{"name": text, "retrying_since": text, "retry_reason": text} for text in HOSTILE]
            one["errors"] = one["retries"] = {text: 3 for text in HOSTILE}
            one["stalled"] = [{"text": text} for text in HOSTILE]
            one["reason"] = one["state"] = HOSTILE[1]
            return [one, {**one, "id": HOSTILE[6]}]

        self.serve(hostile)
        self.wait_for_pipeline(HOSTILE[0])
        for width in (360, 1280, 3840):
            self.browser.resize((width, 900))
            self.expect_no_sideways_scrolling()
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#pipeline img, main script, main h1').length"), 0)
        self.assertIn(HOSTILE[0], [row[0] for row in self.rows("#types")])
        self.assertIn("__proto__", [row[0] for row in self.rows("#types")])
        shown = self.browser.text("body")
        for sign in ("\u202e", "\u2066", "\x1b", "\x07"):
            self.assertNotIn(sign, shown)
        self.expect_nothing_written_to_the_console()
        self.expect_nobody_else_was_asked()

    def test_a_status_with_nothing_in_it_is_shown_empty(self):
        self.serve(
            lambda second: status(
                second,
                {},
                {
                    "id": 7,
                    "types": [],
                    "partitions": {},
                    "events": "x",
                    "latency_ms": None,
                    "last_events": [1, None, {}],
                    "breaker": None,
                },
            )
        )
        self.wait(lambda: self.browser.text("#figure-total") == "0", "figures are there")
        self.assertEqual(self.browser.text("#figure-p50"), "–")
        self.expect_nothing_written_to_the_console()

    def test_rubbish_is_named_and_outlived(self):
        answers = {"now": b""}
        self.serve(lambda second: answers["now"] or [pipeline(second)] if answers["now"] != b"" else b"")
        self.wait(lambda: self.browser.visible("#silence"), "rubbish is noticed")
        for rubbish in RUBBISH:
            answers["now"] = rubbish or b" "
            expected = {RUBBISH[6]: "version 2", RUBBISH[7]: "the engine is starting"}.get(rubbish, "not the status")
            self.wait_for_text("#silence", expected)
        answers["now"] = None
        self.wait_for_pipeline("activity")
        self.assertFalse(self.browser.visible("#silence"))
        self.expect_nothing_written_to_the_console()

    def test_an_engine_that_ends_leaves_its_last_picture_and_is_found_again(self):
        engine = self.serve(lambda second: [pipeline(second)])
        self.wait_for_pipeline("activity")
        engine.close()
        self.wait(lambda: self.browser.visible("#silence"), "the page says that nobody answers")
        self.assertIn("cannot be reached", self.browser.text("#silence"))
        self.assertIn("stale", self.browser.evaluate("document.body.className"))
        self.assertTrue(self.browser.visible("#figures"))
        self.assertIn("does not answer", self.browser.text("#announcement"))
        again = StandIn(running(lambda second: [pipeline(second)]), port=engine.port)
        self.addCleanup(again.close)
        self.wait(lambda: not self.browser.visible("#silence"), "the page goes on by itself")
        self.assertEqual(self.browser.evaluate("document.body.className"), "")
        self.expect_nothing_written_to_the_console()

    def test_a_status_that_stands_still_is_no_news(self):
        frozen = status(5, pipeline(5))
        self.serve(lambda _: frozen)
        self.wait_for_text("#silence", "does not change any more")

    def test_nobody_is_asked_while_the_page_is_hidden(self):
        engine = self.serve(lambda second: [pipeline(second)])
        self.wait_for_pipeline("activity")
        hide = "(Object.defineProperty(document, 'hidden', {value: a[0], configurable: true}), document.dispatchEvent(new Event('visibilitychange')))"
        self.browser.evaluate(hide, True)
        before = engine.asked
        ticks = "new Promise(done => { let n = 0; const tick = () => ++n > 30 ? done(n) : setTimeout(tick, 1000); tick(); })"
        self.browser.evaluate(ticks)  # thirty of the page's seconds
        self.assertLessEqual(engine.asked, before + 1, "one may have been on its way")
        before = engine.asked
        self.browser.evaluate(hide, False)
        self.wait(lambda: engine.asked > before + 3, "it goes on")

    def test_a_token_is_asked_for_and_kept_for_the_tab_alone(self):
        engine = self.serve(lambda second: [pipeline(second)], token="planted-4711")
        self.wait(lambda: self.browser.visible("#token-dialog"), "a token is asked for")
        asked = engine.asked
        self.browser.type("wrong")
        self.browser.press("Enter")
        self.wait_for_text("#token-problem", "refused")
        self.assertEqual(engine.asked, asked + 1, "it does not guess")
        self.browser.type("planted-4711")
        self.browser.press("Enter")
        self.wait_for_pipeline("activity")
        self.assertFalse(self.browser.visible("#token-dialog"))
        self.browser.evaluate("location.reload()")
        self.wait_for_pipeline("activity")
        self.assertNotIn(
            "planted",
            self.browser.evaluate("location.href + document.documentElement.outerHTML + JSON.stringify(localStorage)"),
        )
        self.assertFalse([url for url in self.browser.requests() if "planted" in url])

    def test_ten_pipelines_are_walked_through_by_keys(self):
        self.serve(lambda second: [failed(second)] + [pipeline(second, f"p{n}") for n in range(1, 10)])
        self.wait_for_pipeline("billing")
        self.assertIn("store.denied", self.browser.text("#notices"))
        self.browser.press("Tab", "Tab")
        focus = "document.activeElement.getAttribute('role')"
        self.assertEqual(self.browser.evaluate(focus), "tab")
        for key, name in (
            ("Right", "p1"),
            ("End", "p9"),
            ("Right", "billing"),
            ("Left", "p9"),
            ("Home", "billing"),
            ("Right", "p1"),
        ):
            self.browser.press(key)
            self.wait_for_pipeline(name)
            self.assertEqual(self.browser.evaluate(focus), "tab")
        self.assertEqual(self.browser.evaluate("location.hash"), "#p1")
        stops = []
        while (
            here := self.browser.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.id || document.activeElement.textContent).slice(0, 40)"
            )
        ) not in stops:
            stops.append(here)
            self.browser.press("Tab")
            if self.browser.evaluate("document.activeElement === document.body"):
                break
        for stop in ("window", "Partitions", "Types of events", "Last events"):
            self.assertIn(stop, stops)
        self.browser.evaluate("location.reload()")
        self.wait_for_pipeline("p1")

    def test_everything_that_can_be_used_has_a_name(self):
        self.serve(lambda second: [pipeline(second, trouble=True), pipeline(second, "other")])
        self.wait_for_pipeline("activity")
        nodes = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        used = [
            node
            for node in nodes
            if not node["ignored"]
            and node["role"]["value"]
            in ("button", "combobox", "tab", "tabpanel", "tablist", "region", "img", "image", "table", "textbox")
        ]
        self.assertGreater(len(used), 15)
        self.assertEqual([node["role"]["value"] for node in used if not node.get("name", {}).get("value")], [])

    def test_partitions_and_types_can_be_sorted(self):
        self.serve(lambda second: [pipeline(second, partitions=50, types=100)])
        self.wait_for_pipeline("activity")
        self.assertEqual((len(self.rows("#partitions")), len(self.rows("#types"))), (50, 100))
        number = lambda text: int(text.replace(",", ""))  # noqa: E731
        column = "#partitions th:nth-child(7)"
        for direction, sign in (("descending", -1), ("ascending", 1)):
            self.browser.evaluate("document.querySelector(a[0] + ' button').click()", column)
            self.assertEqual(self.browser.evaluate("document.querySelector(a[0]).ariaSort", column), direction)
            lags = [number(row[6]) for row in self.rows("#partitions")]
            self.assertEqual(lags, sorted(lags, key=lambda lag: sign * lag))
        for width in (360, 1280, 3840):
            self.browser.resize((width, 900))
            self.expect_no_sideways_scrolling()

    def test_light_and_dark_follow_the_system_and_the_switch(self):
        self.serve(lambda second: [pipeline(second)])
        self.wait_for_pipeline("activity")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = self.browser.evaluate(ground)
        self.assertEqual(self.browser.evaluate(CONTRAST), [])
        self.browser.emulate(dark=True)
        dark = self.browser.evaluate(ground)
        self.assertNotEqual(light, dark)
        self.assertEqual(self.browser.evaluate(CONTRAST), [])
        self.browser.click("#theme")
        self.assertEqual(self.browser.evaluate(ground), light)
        self.browser.evaluate("location.reload()")
        self.wait_for_pipeline("activity")
        self.assertEqual(self.browser.evaluate(ground), light, "the choice is remembered")
        self.browser.click("#theme")
        self.browser.emulate(dark=False)
        self.assertEqual(self.browser.evaluate(ground), dark)
        self.browser.evaluate("localStorage.clear()")

    def test_a_chart_is_read_by_keys(self):
        self.serve(lambda second: [pipeline(second)])
        self.wait_for_pipeline("activity")
        self.assertRegex(
            self.browser.evaluate("document.querySelector('#throughput canvas').ariaLabel"), r"now [\d,]+ events/s"
        )
        self.browser.evaluate("document.querySelector('#throughput canvas').focus()")
        self.browser.press("Left")
        self.assertRegex(self.browser.text("#throughput .readout"), r"^[\d,]+ events/s at \d\d:\d\d:\d\d$")

    def test_the_last_hour_is_kept_and_no_more(self):
        self.serve(lambda second: [pipeline(second)])
        self.wait_for_pipeline("activity")
        kept = self.browser.evaluate(
            """import('/page/history.js').then(({History}) => {
          const history = new History();
          const one = {rate: {now: 1}, latency: {count: 0, mean: 0}, lag: 3, lastEvents: [{latency: 2}]};
          for (let n = 0; n < 100000; ++n) history.add({...one, latency: {count: n, mean: 2}}, 1000 * n);
          return [history.times.size, history.times.at(0), history.times.at(3599), history.latency.at(7), history.lag.at(3599)]; })"""
        )
        self.assertEqual(kept, [3600, 96_400_000, 99_999_000, 2, 3])

    def test_memory_and_nodes_stay_as_they_are(self):
        engine = self.serve(
            lambda second: [
                pipeline(second, partitions=50, types=100, trouble=second % 2 == 0),
                pipeline(second, f"p{second % 5}"),
            ]
        )
        self.wait(lambda: engine.asked > 60, "it is warm")
        heap, nodes = self.browser.memory()
        before = engine.asked
        self.wait(lambda: engine.asked > before + 400, "many polls")
        later_heap, later_nodes = self.browser.memory()
        self.assertLess(later_nodes, nodes * 1.2)
        self.assertLess(later_heap, heap + 2_000_000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
