"""Copies of live requests → a version that nobody hears: its errors, latency and answers are counted, and compared with the answer given."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.server.status import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.serving.server.core import Answer
    from jupyter_mlops.serving.server.evidence import EvidenceCounter
    from jupyter_mlops.serving.server.versions import VersionTable

TOLERANCE = 1e-3
"""How far two numbers may be apart, relative and absolute, to agree."""


class Shadows:
    """A few threads that ask versions in shadow; when they cannot keep up, copies are dropped, never answers."""

    def __init__(self, versions: VersionTable, evidence: EvidenceCounter, *, threads: int = 1, waiting: int = 256) -> None:
        self._versions = versions
        self._evidence = evidence
        self._queue: queue.Queue[tuple[str, int, Answer]] = queue.Queue(waiting)
        self.dropped = 0
        for number in range(threads):
            threading.Thread(target=self._work, name=f"shadow-{number}", daemon=True).start()

    def submit(self, model: str, version: int, answer: Answer) -> None:
        """Copy one request; returns at once."""
        try:
            self._queue.put_nowait((model, version, answer))
        except queue.Full:
            self.dropped += 1

    def _work(self) -> None:
        while True:
            model, version, answer = self._queue.get()
            try:
                self._ask(model, version, answer)
            except Exception:  # a copy must never hurt: the version counts as failing
                self._evidence.failed(model, version, 1)
            finally:
                self._queue.task_done()

    def drain(self) -> None:
        """Wait until all copies so far are answered."""
        self._queue.join()

    def _ask(self, model: str, version: int, answer: Answer) -> None:
        started = time.perf_counter()
        try:
            with self._versions.use(model, version) as servable:
                outputs = servable.run(answer.signature, answer.inputs)
        except Refused:
            self._evidence.failed(model, version, (time.perf_counter() - started) * 1e6)
            return
        self._evidence.answered(model, version, (time.perf_counter() - started) * 1e6, outputs)
        self._evidence.compared(model, version, agreed=agree(answer.outputs, outputs))


def agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two answers mean the same: scores of classes name the same class in every row, other numbers are within `TOLERANCE`."""
    import numpy

    if one.keys() != other.keys():
        return False
    for name, array in one.items():
        against = other[name]
        if array.shape != against.shape or array.dtype.kind != against.dtype.kind:
            return False
        if array.dtype.kind == "f" and array.ndim == 2 and array.shape[1] > 1:
            same = bool((array.argmax(axis=1) == against.argmax(axis=1)).all())
        elif array.dtype.kind == "f":
            same = bool(numpy.allclose(array, against, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))
        else:
            same = bool((array == against).all())
        if not same:
            return False
    return True
