"""Answers → counts per version and second, which the rollout's controller judges; kept in memory for one second, then in the database."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.rollout.records import Evidence
from jupyter_mlops.serving.rollout.store import latency_bin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.serving.rollout.store import Store

TEXTS = 64
"""How many different texts a histogram tells apart; what comes later counts as "other"."""


class _Counts:
    def __init__(self) -> None:
        self.requests = self.errors = self.compared = self.agreed = 0
        self.latency: Counter[int] = Counter()
        self.predictions: Counter[str] = Counter()

    def row(self, model: str, version: int, second: int) -> Evidence:
        return Evidence(
            model,
            str(version),
            second,
            self.requests,
            self.errors,
            dict(self.latency),
            dict(self.predictions),
            compared=self.compared,
            agreed=self.agreed,
        )


class EvidenceCounter:
    """Counts in memory and adds them to the database every `interval_seconds`; what a killed process had not written is lost, a second's worth."""

    def __init__(self, store: Store, *, interval_seconds: float = 1.0, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int, int], _Counts] = {}
        self._stop = threading.Event()
        self._interval = interval_seconds
        self._thread = threading.Thread(target=self._work, name="evidence", daemon=True)
        self._thread.start()

    def answered(self, model: str, version: int, microseconds: float, outputs: Mapping[str, Any]) -> None:
        """Count one answer of a version."""
        bins = prediction_bins(outputs)
        with self._lock:
            counts = self._at(model, version)
            counts.requests += 1
            counts.latency[latency_bin(microseconds)] += 1
            for name, rows in bins.items():
                known = name in counts.predictions or len(counts.predictions) < TEXTS or name[:1] in "+-0"
                counts.predictions[name if known else "other"] += rows

    def failed(self, model: str, version: int, microseconds: float) -> None:
        """Count one request that the version failed."""
        with self._lock:
            counts = self._at(model, version)
            counts.requests += 1
            counts.errors += 1
            counts.latency[latency_bin(microseconds)] += 1

    def compared(self, model: str, version: int, *, agreed: bool) -> None:
        """Count one request that a version in shadow and the answering one both answered."""
        with self._lock:
            counts = self._at(model, version)
            counts.compared += 1
            counts.agreed += agreed

    def flush(self) -> None:
        """Write what there is."""
        with self._lock:
            taken, self._counts = self._counts, {}
        if taken:
            self._store.add_evidence(counts.row(model, version, second) for (model, version, second), counts in sorted(taken.items()))

    def close(self) -> None:
        """Stop, and write the rest."""
        self._stop.set()
        self._thread.join()
        self.flush()

    def _at(self, model: str, version: int) -> _Counts:
        key = (model, version, int(self._clock()))
        if key not in self._counts:
            self._counts[key] = _Counts()
        return self._counts[key]

    def _work(self) -> None:
        while not self._stop.wait(self._interval):
            self.flush()


def prediction_bins(outputs: Mapping[str, Any]) -> dict[str, int]:
    """Count the rows of one answer by bin of their prediction.

    The first output with a row for each row counts, `probabilities` and `scores` before others. Several numbers a row (scores of classes):
    the place of the largest, "2". One number in [0, 1]: a twentieth, "0.35". Any other number: a quarter of an octave, "+2^3.25". Text: itself.
    """
    names = sorted(outputs, key=lambda name: (name not in {"probabilities", "scores"}, name))
    array = next((outputs[name] for name in names if outputs[name].ndim), None)
    if array is None or not array.size:
        return {}
    rows = array.reshape(array.shape[0], -1)
    if array.dtype == object:
        return dict(Counter(_text(value) for value in rows[:, 0]))
    if rows.shape[1] > 1:
        return {str(place): count for place, count in Counter(rows.argmax(axis=1).tolist()).items()}
    return dict(Counter(number_bin(value) for value in rows[:, 0].tolist()))


def number_bin(value: float) -> str:
    """Name the bin of one number."""
    value = float(value)
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf"
    if 0 <= value <= 1:
        return f"{min(math.floor(value * 20), 19) / 20:.2f}"
    return f"{'-' if value < 0 else '+'}2^{math.floor(math.log2(abs(value)) * 4) / 4:.2f}"


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
