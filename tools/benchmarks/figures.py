"""From measurements to figures."""

from statistics import median


def figures(events, usage, **more):
    return {
        "events": events,
        "wall_s": round(usage.wall_s, 4),
        "cpu_s": round(usage.cpu_s, 4),
        "cpu_us_per_event": round(usage.cpu_s * 1e6 / events, 3),
        "events_per_s": round(events / usage.wall_s, 1),
        "peak_rss_mb": round(usage.peak_rss_mb, 1),
        **more,
    }


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_of(runs):
    """The run whose wall time is the median, so that its figures belong together."""
    return sorted(runs, key=lambda run: run["wall_s"])[len(runs) // 2]


def beside(loops, runs):
    """How many events the engine gets through, of the loop's: medians of the pairs that ran one after the other."""
    pairs = list(zip(loops, runs, strict=True))
    return {
        "of_loop_per_cpu": round(median(loop["cpu_us_per_event"] / run["cpu_us_per_event"] for loop, run in pairs), 3),
        "of_loop_per_s": round(median(run["events_per_s"] / loop["events_per_s"] for loop, run in pairs), 3),
    }


class Case:
    """prepare() once, run() several times, close() in any case. With a loop, run_loop() before each run()."""

    loop = None  # the name of its figures

    def close(self):
        pass
