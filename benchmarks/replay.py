"""How fast a log of a million events is replayed, beside River fed with the same events one at a time; both must alarm at the same places.

Page-Hinkley, DDM and EDDM get the calibration of one false alarm in a million events, ADWIN River's own parameters. A ratio is taken in a turn.
"""

from __future__ import annotations

import time

from benchmarks.measure import Goal, ratio
from benchmarks.report import Section

EVENTS = 1_000_000
SETTINGS: dict[str, dict[str, float]] = {
    "adwin": {},
    "page_hinkley": {"run_length": 1_000_000},
    "ddm": {"run_length": 1_000_000},
    "eddm": {"run_length": 1_000_000},
}


def run(rounds: int = 3) -> Section:
    """Replay and feed in turns."""
    import numpy

    from jupyter_mlops.monitoring.streams import detector, load, replay

    values = numpy.random.default_rng(0).normal(size=EVENTS)
    seconds: dict[str, list[float]] = {}
    failures, goals = [], []
    for name, settings in SETTINGS.items():
        log = (values > 1.6).astype(float) if load(name).binary else values
        ours, rivers = f"{name}, replayed", f"{name}, River"
        goals.append(Goal(name=rivers, against=ours, least=2.0))
        replay(name, log[:100_000], **settings)
        for _ in range(rounds):
            begin = time.process_time()
            found = replay(name, log, **settings).tolist()
            middle = time.process_time()
            live, alarms = detector(name, **settings)._river, []  # noqa: SLF001 - River without our wrapper is the rival
            for place, value in enumerate(log.tolist()):
                live.update(value)
                if live.drift_detected:
                    alarms.append(place)
            seconds.setdefault(rivers, []).append(time.process_time() - middle)
            seconds.setdefault(ours, []).append(middle - begin)
            if found != alarms:
                failures.append(f"{name} alarms at {found[:5]}, River at {alarms[:5]}")
    speeds = ", ".join(f"{name} {EVENTS / min(times) / 1e6:.1f} M/s" for name, times in seconds.items())
    return Section(
        title=f"Replay of {EVENTS:,} events, CPU seconds",
        seconds=seconds,
        ratios=[ratio(seconds, goal) for goal in goals],
        notes=[f"Best round: {speeds}."],
        failures=failures,
    )
