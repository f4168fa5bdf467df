"""Figures as a table for people."""

COLUMNS = [
    ("name", "", "{}"),
    ("events", "", "{:,}"),
    ("wall_s", "wall s", "{:.3f}"),
    ("cpu_s", "cpu s", "{:.3f}"),
    ("cpu_us_per_event", "cpu µs/event", "{:,.2f}"),
    ("events_per_s", "events/s", "{:,.0f}"),
    ("of_loop_per_cpu", "of the loop, a CPU s", "{:.2f}"),
    ("of_loop_per_s", "of the loop, a s", "{:.2f}"),
    ("peak_rss_mb", "peak MB", "{:.1f}"),
    ("p50_ms", "p50 ms", "{:.2f}"),
    ("p99_ms", "p99 ms", "{:.2f}"),
]


def table(figures):
    rows = [[title or key for key, title, _ in COLUMNS]]
    for one in figures:
        rows.append([form.format(one[key]) if one.get(key) else "" for key, _, form in COLUMNS])
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
