"""Pictures as inline SVG, coloured by the page's style sheet: no script, nothing fetched. Each has a text for those who
cannot see it."""

from html import escape

_WIDTH, _HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 14, 16, 34


def nice_steps(top: float, wanted: int = 4) -> list[float]:
    """Round numbers from 0 to at least the top."""
    raw = max(top, 1e-9) / wanted
    power = 10.0 ** (len(str(int(raw))) - 1 if raw >= 1 else -next(n for n in range(1, 12) if raw * 10**n >= 1))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    steps = [0.0]
    while steps[-1] < top:
        steps.append(steps[-1] + step)
    return steps


def milliseconds(value: float) -> str:
    """Short enough for a tile: 2.1 ms, 480 ms, 12.4 s."""
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"


def short(number: float) -> str:
    if number >= 10_000:
        return f"{number / 1000:,.0f}k"
    return f"{number:,.0f}" if number == int(number) or number >= 100 else f"{number:,.3g}"


def _svg(title: str, body: list[str], height: float = _HEIGHT) -> str:
    return (f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}" class="chart">'
            f"<title>{escape(title)}</title>{''.join(body)}</svg>")


def _text(x: float, y: float, text: str, anchor: str = "middle", kind: str = "tick") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'


class _Frame:
    """The plane between two axes."""

    def __init__(self, width: float, top: float) -> None:
        self.steps_y = nice_steps(top)
        self.steps_x = [step for step in nice_steps(width, 6) if step <= width]
        self._width, self._top = max(width, 1e-9), self.steps_y[-1]

    def x(self, value: float) -> float:
        return _LEFT + value / self._width * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self._top * (_HEIGHT - _TOP - _BOTTOM)

    def axes(self, unit_x: str) -> list[str]:
        lines = [f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{self.y(step):.1f}" y2="{self.y(step):.1f}" class="grid"/>'
                 for step in self.steps_y]
        return [*lines, *(_text(_LEFT - 8, self.y(step) + 4, short(step), "end") for step in self.steps_y),
                *(_text(self.x(step), _HEIGHT - _BOTTOM + 18, f"{short(step)} {unit_x}") for step in self.steps_x)]


def throughput(series: list[list[float]], average: float) -> str:
    if len(series) < 2:
        return '<p class="quiet">too short for a curve</p>'
    frame = _Frame(series[-1][0], max(rate for _, rate in series))
    points = " ".join(f"{frame.x(time):.1f},{frame.y(rate):.1f}" for time, rate in series)
    floor = frame.y(0)
    level = frame.y(average)
    return _svg(f"events a second over time, {average:,.0f} on average", [
        *frame.axes("s"),
        f'<polygon points="{frame.x(0):.1f},{floor:.1f} {points} {frame.x(series[-1][0]):.1f},{floor:.1f}" class="area"/>',
        f'<polyline points="{points}" class="curve"/>',
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{level:.1f}" y2="{level:.1f}" class="mark"/>',
        _text(_WIDTH - _RIGHT, level - 6, f"average {average:,.0f}/s", "end", "label")])


def latency(histogram: dict, total: dict[str, float]) -> str:
    counts, width = histogram["counts"], histogram["width_ms"]
    if not counts:
        return '<p class="quiet">no event told its times</p>'
    frame = _Frame(len(counts) * width, max(counts))
    bars = [f'<rect x="{frame.x(at * width) + 0.5:.1f}" y="{frame.y(count):.1f}" '
            f'width="{max(frame.x(width) - frame.x(0) - 1, 0.5):.1f}" height="{frame.y(0) - frame.y(count):.1f}" '
            f'rx="1.5" class="bar"><title>{at * width:.1f} to {(at + 1) * width:.1f} ms: {count:,}</title></rect>'
            for at, count in enumerate(counts) if count]
    marks = []
    for row, name in enumerate(("p50", "p95", "p99")):
        x = frame.x(total[name])
        left = x > _WIDTH * 0.8
        marks += [f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{frame.y(0):.1f}" class="mark"/>',
                  _text(x - 5 if left else x + 5, _TOP + 10 + row * 16, f"{name} {milliseconds(total[name])}",
                        "end" if left else "start", "label")]
    return _svg(f"how many events took how long from row to document: half of them below {total['p50']:.1f} ms",
                [*frame.axes("ms"), *bars, *marks])


def stages(rows: list[tuple[str, dict[str, float]]]) -> str:
    """A bar for each load: where the mean time of an event goes."""
    height, left = 34, 92
    body = []
    for row, (name, parts) in enumerate(rows):
        y, x = row * height + 4, float(left)
        total = sum(parts.values()) or 1
        body.append(_text(left - 10, y + 17, name, "end", "label"))
        for stage, mean in parts.items():
            width = mean / total * (_WIDTH - left - _RIGHT)
            body.append(f'<rect x="{x:.1f}" y="{y}" width="{max(width - 1.5, 0.5):.1f}" height="24" rx="3" class="{stage}">'
                        f"<title>{stage}: {mean:.2f} ms, {mean / total:.0%}</title></rect>")
            if width > 64:
                body.append(_text(x + width / 2, y + 16.5, milliseconds(mean), kind="inside"))
            x += width
    words = "; ".join(f"{name} events: " + ", ".join(f"{stage} {mean:.1f} ms" for stage, mean in parts.items())
                      for name, parts in rows)
    return _svg(f"the mean of each stage: {words}", body, len(rows) * height + 4)
