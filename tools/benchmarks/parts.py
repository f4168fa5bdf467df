"""The parts: every program *_bench of the build, run by Google Benchmark."""

import json
import subprocess

TO_US = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}


def measure(build):
    figures = []
    for program in sorted((build / "bench").glob("*_bench")):
        done = subprocess.run([program, "--benchmark_format=json"], check=True, capture_output=True, text=True)
        for one in json.loads(done.stdout)["benchmarks"]:
            if one.get("run_type") == "aggregate":
                continue
            per_event = one.get("items_per_second")
            cpu_us = 1e6 / per_event if per_event else one["cpu_time"] * TO_US[one["time_unit"]]
            figures.append({
                "name": f"parts/{program.name.removesuffix('_bench')}/{one['name'].removeprefix('BM_')}",
                "events": one["iterations"],
                "wall_s": round(one["real_time"] * TO_US[one["time_unit"]] * one["iterations"] / 1e6, 4),
                "cpu_s": round(one["cpu_time"] * TO_US[one["time_unit"]] * one["iterations"] / 1e6, 4),
                "cpu_us_per_event": round(cpu_us, 4),
                "events_per_s": round(1e6 / cpu_us, 1),
                "peak_rss_mb": 0,
            })
    return figures
