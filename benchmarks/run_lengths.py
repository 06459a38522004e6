"""Simulate stationary streams → the parameter of each detector at which false alarms are a given number of events apart, on average.

``python -m benchmarks.run_lengths`` rewrites ``jupyter_mlops/monitoring/streams/run_lengths.json`` (a few minutes; the same numbers each time).
DDM and EDDM watch error rates of 5, 10 and 30 %, the worst of the three counts; ADWIN and Page-Hinkley standard normal values.
A parameter is calibrated for a run length when so many events give at most one alarm each, and it is the most sensitive one of its grid.
"""

from __future__ import annotations

import json
from pathlib import Path

TARGET = Path(__file__).parents[1] / "jupyter_mlops/monitoring/streams/run_lengths.json"
LENGTHS = (10_000, 100_000, 1_000_000)
EVENTS = 4
"""Run lengths simulated for each setting."""

GRID = {
    "page_hinkley": ("threshold", [50, 75, 100, 150, 200, 250, 300, 350, 400, 500, 600, 800]),
    "ddm": ("drift_threshold", [3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 10.0]),
    "eddm": ("beta", [0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.3]),
    "adwin": ("delta", [0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002]),
}


def false_alarms(name: str, setting: dict[str, float], events: int) -> int:
    """Count alarms on streams in which nothing happens; the worst stream counts."""
    import numpy

    from jupyter_mlops.monitoring.streams import load, replay

    random = numpy.random.default_rng(7)
    if load(name).binary:
        streams = [(random.random(events) < rate).astype(float) for rate in (0.05, 0.1, 0.3)]
    else:
        streams = [random.normal(size=events)]
    return max(len(replay(name, stream, **setting)) for stream in streams)


def main() -> int:
    """Simulate and write."""
    table: dict[str, dict[str, float]] = {}
    for name, (parameter, values) in GRID.items():
        rest = list(values)
        for length in LENGTHS:
            events = max(EVENTS * length, 400_000)
            while rest and false_alarms(name, {parameter: rest[0]}, events) > events / length:
                rest.pop(0)
            if rest:
                table.setdefault(name, {})[str(length)] = rest[0]
        print(name, table.get(name), flush=True)
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
