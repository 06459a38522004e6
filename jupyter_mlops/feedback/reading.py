"""What the history holds → `Window`s, the evidence of a policy: metrics of labelled answers and alarms of detectors are counted here, anew each time.

Labels arrive late, so a window's metric is of the labels that are known by now. Detectors replay the errors of the version that answers now, in
the order in which their labels came; an alarm belongs to the window of the answer at which it went off.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.evidence import Movement, Reading, Window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.feedback.history import Judged, Labelled
    from jupyter_mlops.feedback.policy import Detector

Z = 1.6448536269514722  # both ends of an interval hold with 95 %, one at a time


def windows_of(
    judged: Sequence[Judged], errors: Sequence[Labelled], *, ranks: Mapping[str, int], detectors: Sequence[Detector]
) -> tuple[Window, ...]:
    """Give the judged windows as a policy's evidence.

    Parameters
    ----------
    judged : sequence of Judged
        Oldest first.
    errors : sequence of Labelled
        In the order in which labels came.
    ranks : mapping
        Place of a feature by importance, from 1.
    detectors : sequence of Detector
        What watches the errors.
    """
    by_window: dict[float, list[Labelled]] = defaultdict(list)
    spans = sorted((window.start, window.end) for window in judged)
    for each in errors:
        if (start := _start(spans, each.at)) is not None:
            by_window[start].append(each)
    alarms = _alarms(errors, spans, judged, detectors)
    return tuple(
        Window(
            start=window.start,
            end=window.end,
            rows=window.rows,
            labelled=len(by_window[window.start]),
            features={name: _movement(body, ranks.get(name, 0)) for name, body in window.body.get("features", {}).items()},
            prediction=_movement(window.body["prediction"], 0) if window.body.get("prediction") else None,
            alarms=tuple(sorted(alarms.get(window.start, ()))),
            metrics=metrics_of(by_window[window.start], classes=bool(window.body.get("classes", True))),
            estimates={name: Reading(*numbers) for name, numbers in window.body.get("estimates", {}).items()},
        )
        for window in judged
    )


def metrics_of(errors: Sequence[Labelled], *, classes: bool) -> dict[str, Reading]:
    """Measure labelled answers: `accuracy` and `error_rate` of classes (Wilson's interval), `mae` of numbers (normal interval).

    Source
    ------
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927)
    """
    n = len(errors)
    if not n:
        return {}
    mean = sum(each.error for each in errors) / n
    if classes:
        middle = (mean + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(mean * (1 - mean) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        low, high = max(middle - half, 0.0), min(middle + half, 1.0)
        return {"accuracy": Reading(1 - mean, 1 - high, 1 - low), "error_rate": Reading(mean, low, high)}
    spread = math.sqrt(sum((each.error - mean) ** 2 for each in errors) / (n - 1)) if n > 1 else math.inf
    half = Z * spread / math.sqrt(n)
    return {"mae": Reading(mean, mean - half, mean + half)}


def _movement(body: Mapping[str, Any], rank: int) -> Movement:
    return Movement(effects=body["effects"], drifted=body["drifted"], rank=rank)


def _start(spans: Sequence[tuple[float, float]], at: float) -> float | None:
    """Find the judged window that an answer lies in; what came after the last one belongs to none yet."""
    from bisect import bisect_right

    place = bisect_right(spans, (at, math.inf))
    return spans[place - 1][0] if place and at < spans[place - 1][1] else None


def _alarms(
    errors: Sequence[Labelled], spans: Sequence[tuple[float, float]], judged: Sequence[Judged], detectors: Sequence[Detector]
) -> dict[float, set[str]]:
    version = next((window.version for window in reversed(judged) if window.version is not None), None)
    stream = [each for each in errors if each.version == version]
    found: dict[float, set[str]] = defaultdict(set)
    if not stream:
        return found
    from jupyter_mlops.feedback.detectors import alarms_of

    values = [each.error for each in stream]
    for detector in detectors:
        for place in alarms_of(detector, values):
            start = _start(spans, stream[place].at)
            if start is not None:
                found[start].add(detector.value)
    return found
