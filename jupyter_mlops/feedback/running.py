"""One run of a monitor: windows that have ended → judged rows of its history; labels that have come → errors."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.history import History, Judged
from jupyter_mlops.feedback.judging import judge, prediction_table
from jupyter_mlops.feedback.labels import errors_of, predictions, read_labels
from jupyter_mlops.feedback.served import Served, first_time, predictions_folder, read_served
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from jupyter_mlops.feedback.watch import Monitor
    from jupyter_mlops.monitoring.sketch import Profile

MOST_WINDOWS = 1000
"""How many windows one run looks at; the next run goes on."""


def run(monitor: Monitor, now: float) -> None:
    """Judge what has ended by `now` and is not judged yet, oldest first; then join labels."""
    history, folder = monitor.history, predictions_folder(monitor.model)
    if all(each is None or isinstance(each, str) for each in (monitor.labels, monitor.reference)):
        history.define(monitor.definition())  # what only this process has cannot go on in another
    done = history.windows()
    start = done[-1].end if done else _floor(first_time(folder), monitor.every_seconds)
    if start is not None:
        for _ in range(MOST_WINDOWS):
            end = start + monitor.every_seconds
            if end + monitor.late_seconds > now:
                break
            served = _read(monitor, folder, start, end)
            if not served.rows:  # nobody asked: go on with the next window that has answers
                following = _floor(first_time(folder, end), monitor.every_seconds)
                if following is None or following + monitor.every_seconds + monitor.late_seconds > now:
                    break
                start = following
                continue
            _judge(monitor, history, served, start, end)
            start = end
    _join(monitor, history, folder, now)


def _judge(monitor: Monitor, history: History, served: Served, start: float, end: float) -> None:
    window = judge(
        served,
        start,
        end,
        reference=_reference(monitor, served),
        before=_before(monitor, served),
        minimum_rows=monitor.minimum_rows,
        minimum_effect=monitor.minimum_effect,
        output=monitor.output,
    )
    if history.add_window(window):
        _tell_lineage(monitor, window)


def _read(monitor: Monitor, folder: Path, start: float, end: float) -> Served:
    served = read_served(folder, start, end, exclude=monitor.exclude)
    if monitor.sample >= 1 or not served.rows:
        return served
    import numpy

    from jupyter_mlops.serving.server.prediction_log import in_sample

    ids = served.about.column("prediction_id").to_pylist()
    kept = numpy.flatnonzero([in_sample(each.rpartition("/")[0], monitor.sample) for each in ids])
    return Served(*(table.take(kept) for table in served))


def _floor(at: float | None, every: float) -> float | None:
    return None if at is None else math.floor(at / every) * every


def _reference(monitor: Monitor, served: Served) -> Profile | None:
    """Read the reference; without one the first window that is large enough is it."""
    from jupyter_mlops.monitoring.sketch import Profile, profile

    if isinstance(monitor.reference, Profile):
        return monitor.reference
    path = Path(monitor.reference) if monitor.reference is not None else _kept(monitor.model, "inputs")
    if path.is_file():
        return Profile.load(path)
    if monitor.reference is not None:
        from jupyter_mlops.errors import EnvironmentProblem

        raise EnvironmentProblem(f"the reference `{path.name}` is not there", hint="ml.profile(training_data).save(path)")
    if served.rows >= monitor.minimum_rows and served.inputs.num_columns:
        _save(profile(served.inputs), path)
    return None


def _before(monitor: Monitor, served: Served) -> Profile | None:
    """Read what the version that answers predicted at first; in its first window that is kept."""
    from jupyter_mlops.monitoring.sketch import Profile, profile

    if served.rows < monitor.minimum_rows:
        return None
    versions = served.about.column("version").to_pylist()
    version = min(set(versions), key=lambda each: (-versions.count(each), each))
    path = _kept(monitor.model, f"predictions-v{version}")
    if path.is_file():
        return Profile.load(path)
    values, classes = predictions(served, monitor.output)
    own = [value for value, each in zip(values, versions, strict=True) if each == version]
    _save(profile(prediction_table(own, classes=classes)), path)
    return None


def _kept(model: str, name: str) -> Path:
    return home() / "monitoring" / "references" / model / f"{name}.json"


def _save(made: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)


def _join(monitor: Monitor, history: History, folder: Path, now: float) -> None:
    if monitor.labels is None:
        return
    labels = read_labels(monitor.labels)
    known = {each.prediction_id for each in history.errors()}
    if labels.num_rows and not set(labels.column("prediction_id").to_pylist()) <= known:
        served = _read(monitor, folder, 0.0, now)
        history.add_errors((each for each in errors_of(served, labels, output=monitor.output) if each.prediction_id not in known), seen=now)


def _tell_lineage(monitor: Monitor, window: Judged) -> None:
    from jupyter_mlops.provenance import Entity, record

    drifted = sorted(name for name, each in window.body.get("features", {}).items() if each["drifted"])
    model = Entity("model", monitor.model, "" if window.version is None else str(window.version))
    report = Entity(
        "report", f"monitor/{monitor.model}", f"{window.start:.0f}", facets={"driftReport": {"rows": window.rows, "drifted": drifted}}
    )
    record("monitor", inputs=(model, Entity("dataset", f"predictions/{monitor.model}")), outputs=(report,))
