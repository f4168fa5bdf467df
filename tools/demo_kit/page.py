"""The report as one page: its style and pictures are inside, it needs no script, and follows light and dark."""

import json
from html import escape
from pathlib import Path

from . import charts
from .figures import MEANING

_STYLE = Path(__file__).with_name("page.css")
_PLACES = {"embedded": "files alone", "stack": "the real stack", "services": "your services"}


def page(report: dict) -> str:
    loads = report["loads"]
    shown = max(loads, key=lambda load: load["events"])
    parts = [_head(report), _cards(report, shown), _section("Loads", _loads(loads)),
             _section(f"Throughput, {shown['events']:,} events",
                      charts.throughput(shown["throughput"]["series"], shown["throughput"]["average_per_s"]),
                      "events a second whose documents became durable"),
             _section(f"Latency from row to document, {shown['events']:,} events",
                      charts.latency(shown["histogram"], shown["latency_ms"].get("total", {})) + _slower(shown),
                      "events by their time from T0 to T5"),
             _section("Where the time goes, T0 → T5", charts.stages([_bar(load) for load in loads]) + _legend(shown),
                      "mean of each stage"),
             _section("Checks", _checks(report["verification"]),
                      "every document computed again from the outbox, by a program that knows nothing of the engine"),
             _section("Before and after", _counts(report)), _section("The newest documents", _documents(report))]
    title = f"sluice demo: {'passed' if report['passed'] else 'FAILED'}"
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{title}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
            '<meta name="color-scheme" content="light dark"/>\n'
            f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style></head>\n<body><main>\n" + "\n".join(parts)
            + "\n</main></body></html>")


def _section(title: str, body: str, note: str = "") -> str:
    quiet = f'<p class="quiet">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{quiet}{body}</section>"


def _head(report: dict) -> str:
    verdict = "passed" if report["passed"] else "failed"
    return (f'<header><h1>sluice <span>demo on {escape(_PLACES[report["place"]])}</span></h1>'
            f'<p class="verdict {verdict}">{"✓ passed" if report["passed"] else "✗ failed"}</p>'
            f'<p class="quiet">{escape(report["title"])} · {escape(report["time"].replace("T", " ").replace("+00:00", " UTC"))}'
            "</p></header>")


def _cards(report: dict, shown: dict) -> str:
    events, checks = report["verification"]["events"], report["verification"]["checks"]
    held = sum(check["passed"] for check in checks)
    settled = events["applied"] + events["dead_letters"]
    integrity = 100.0 * min(settled, events["outbox"]) / max(events["outbox"], 1)
    cards = [("integrity", f"{integrity:.4g} %", f"{held} of {len(checks)} checks held"),
             ("events", f"{events['outbox']:,}", f"{events['applied']:,} applied, {events['dead_letters']:,} dead letters"),
             ("throughput", f"{shown['throughput']['average_per_s']:,.0f}/s",
              f"{shown['throughput']['peak_per_s']:,.0f}/s at the peak")]
    cards += [(f"{target['name']} T0→T5", charts.milliseconds(target["measured_ms"]),
               f"{'✓' if target['held'] else '✗'} target {target['limit_ms']:.0f} ms") for target in shown["targets"]]
    return '<div class="cards">' + "".join(
        f'<div class="card"><p class="name">{escape(name)}</p><p class="value">{escape(value)}</p>'
        f'<p class="quiet">{escape(note)}</p></div>' for name, value, note in cards) + "</div>"


def _table(head: list[str], rows: list[list[str]], texts: int = 1) -> str:
    """The first columns hold text, the others numbers. Cells are markup already."""
    def cells(kind: str, row: list[str]) -> str:
        return "".join(f'<{kind}{"" if at < texts else " class=number"}>{cell}</{kind}>'.replace("=number", '="number"')
                       for at, cell in enumerate(row))
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{cells("th", head)}</tr></thead><tbody>{body}</tbody></table></div>'


def _loads(loads: list[dict]) -> str:
    rows = []
    for load in loads:
        total = load["latency_ms"].get("total", {})
        kept = all(target["held"] for target in load["targets"])
        rows.append([f"{load['events']:,}", f"{load['applied']:,}", f"{load['dead_letters']:,}",
                     f"{load['throughput']['average_per_s']:,.0f}", f"{load['throughput']['peak_per_s']:,.0f}",
                     *(f"{total.get(name, 0):.1f}" for name in ("p50", "p95", "p99", "max")),
                     f'<span class="{"good" if kept else "bad"}">{"✓ met" if kept else "✗ missed"}</span>'])
    return _table(["events", "applied", "dead letters", "rate/s", "peak/s", "p50 ms", "p95 ms", "p99 ms", "max ms",
                   "latency targets"], rows, 0)


def _slower(load: dict) -> str:
    slower = load["histogram"]["slower"]
    return (f'<p class="quiet">{slower:,} slower ones are to the right of this picture; the slowest took '
            f'{load["latency_ms"]["total"]["max"]:,.1f} ms</p>') if slower else ""


def _bar(load: dict) -> tuple[str, dict[str, float]]:
    return f"{load['events']:,}", {stage: one["avg"] for stage, one in load["latency_ms"].items() if stage != "total"}


def _legend(load: dict) -> str:
    meaning = MEANING if "capture" in load["latency_ms"] else MEANING | {"lag": "row inserted → read by sluice"}
    rows = [[f'<i class="key {stage}"></i>{stage}' if stage != "total" else "<b>total</b>", escape(meaning[stage]),
             *(f"{one[name]:.1f}" for name in ("avg", "p50", "p95", "p99")),
             f"{one['share']:.0%}" if "share" in one else "100%"] for stage, one in load["latency_ms"].items()]
    return _table([f"stage, {load['events']:,} events", "", "mean ms", "p50", "p95", "p99", "share"], rows, 2)


def _checks(verification: dict) -> str:
    rows = []
    for check in verification["checks"]:
        examples = "".join(f"<br/><code>{escape(str(example)[:300])}</code>" for example in check["examples"] or [])
        mark = '<span class="good">✓ held</span>' if check["passed"] else '<span class="bad">✗ failed</span>'
        rows.append([mark, escape(check["name"].replace("_", " ")), escape(check["claim"]) + examples,
                     f"{check['looked_at']:,}", f"{check['violations']:,}"])
    return _table(["", "check", "what must hold", "looked at", "wrong"], rows, 3)


def _counts(report: dict) -> str:
    before, after = report["counts"]["before"], report["counts"]["after"]
    expected = report["verification"].get("collections", {})
    return _table(["", "before", "after", "expected"],
                  [[escape(name), f"{before.get(name, 0):,}", f"{after.get(name, 0):,}",
                    f"{expected.get(name, {}).get('expected', report['verification']['events']['outbox']):,}"]
                   for name in after])


def _documents(report: dict) -> str:
    return "".join(f"<details><summary>{escape(name)}</summary>" + "".join(
        f"<pre>{escape(json.dumps(document, indent=2, ensure_ascii=False))}</pre>" for document in documents[:2])
        + "</details>" for name, documents in report["verification"].get("latest", {}).items())
