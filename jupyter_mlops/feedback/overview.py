"""A monitor's history → the facts that its widget draws: the last windows, the columns that moved most, since when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.policy import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_mlops.feedback.evidence import Movement, Window
    from jupyter_mlops.feedback.history import Judged
    from jupyter_mlops.feedback.watch import Monitor

MOST_WINDOWS = 48
MOST_COLUMNS = 24


def overview(monitor: Monitor) -> dict[str, Any]:
    """Give the view of a monitor; times are those of the data, in UTC."""
    judged = monitor.history.windows()[-MOST_WINDOWS:]
    windows = monitor.windows()[-MOST_WINDOWS:]
    columns = _columns(windows)
    drifting = [each for each in columns if each["drifted"] and each["drifted"][-1]]
    return {
        "title": f"Monitor of {monitor.model}",
        "model": monitor.model,
        "every_seconds": monitor.every_seconds,
        "reference": "given" if monitor.reference is not None else "the first window",
        "labels": monitor.labels is not None,
        "windows": [_window(window, row) for window, row in zip(windows, judged, strict=True)],
        "columns": columns[:MOST_COLUMNS],
        "columns_in_all": len(columns),
        "drifting": [each["name"] for each in drifting],
        "prediction": _column("the prediction", [window.prediction for window in windows], windows),
        "alarms": sorted({alarm for window in windows for alarm in window.alarms}),
        "notes": _notes(judged),
    }


def moment(seconds: float) -> str:
    """Write a time of the data for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _window(window: Window, judged: Judged) -> dict[str, Any]:
    made: dict[str, Any] = {
        "start": moment(window.start),
        "rows": window.rows,
        "labelled": window.labelled,
        "version": judged.version,
        "alarms": list(window.alarms),
        "drifted": sum(each.drifted for each in window.features.values()),
        "metrics": {name: [_short(each.value), _short(each.low), _short(each.high)] for name, each in sorted(window.metrics.items())},
        "estimates": {name: [_short(each.value), _short(each.low), _short(each.high)] for name, each in sorted(window.estimates.items())},
    }
    return made | ({"note": judged.body["note"]} if "note" in judged.body else {})


def _columns(windows: Sequence[Window]) -> list[dict[str, Any]]:
    names = sorted({name for window in windows for name in window.features})
    made = [_column(name, [window.features.get(name) for window in windows], windows) for name in names]
    # What moves now first, then what moved furthest.
    return sorted(
        made, key=lambda each: (not each["drifted"][-1], -max((value or 0.0 for value in each["effect"]), default=0.0), each["name"])
    )


def _column(name: str, movements: Sequence[Movement | None], windows: Sequence[Window]) -> dict[str, Any]:
    drifted = [each is not None and each.drifted for each in movements]
    since = None
    for window, moved in zip(reversed(windows), reversed(drifted), strict=True):
        if not moved:
            break
        since = moment(window.start)
    return {
        "name": name,
        "effect": [None if each is None else _effect(each.effects) for each in movements],
        "psi": [
            None if each is None or Measure.PSI.value not in each.effects else _short(each.effects[Measure.PSI.value]) for each in movements
        ],
        "drifted": drifted,
        "since": since,
    }


def _effect(effects: Mapping[str, float]) -> float | None:
    """The effect between 0 and 1 that the verdict is about: D of numbers, V of categories."""
    found = next((effects[each.value] for each in (Measure.KS, Measure.CRAMER) if each.value in effects), None)
    return None if found is None else _short(found)


def _notes(judged: Sequence[Judged]) -> list[str]:
    """What the newest judged window could not compare."""
    last = next((window for window in reversed(judged) if "features" in window.body), None)
    if last is None:
        return []
    return [f"`{name}`: {each['note']}" for name, each in sorted(last.body["features"].items()) if "note" in each]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
