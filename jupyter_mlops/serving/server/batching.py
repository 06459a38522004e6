"""Requests of many clients → few calls of the model: rows that arrive together are fed together, and each client gets its own back.

The parameters and their meaning are TF Serving's. A batch that fails is asked again request by request, so that one client's bad row does
not fail the others.

Source
------
TF Serving, batching/README.md; servables/tensorflow/session_bundle_config.proto, `BatchingParameters`
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.serving.server.signature import Servable


class Batching(NamedTuple):
    """How to batch.

    `max_batch_size` and `allowed_batch_sizes` count rows (allowed sizes rise, and end with the largest); `batch_timeout_micros` is how long
    the first row of a batch may wait for others, in microseconds; `max_enqueued_batches` full batches may wait before requests are refused.
    """

    max_batch_size: int = 32
    batch_timeout_micros: int = 1000
    max_enqueued_batches: int = 64
    num_batch_threads: int = 2
    allowed_batch_sizes: tuple[int, ...] = ()

    def check(self) -> Batching:
        """Refuse parameters that TF Serving refuses."""
        if min(self.max_batch_size, self.num_batch_threads, self.max_enqueued_batches) < 1 or self.batch_timeout_micros < 0:
            raise ValueError("batching needs sizes and threads of at least 1 and a timeout of at least 0")
        sizes = self.allowed_batch_sizes
        if sizes and (list(sizes) != sorted(set(sizes)) or sizes[-1] != self.max_batch_size):
            raise ValueError(f"`allowed_batch_sizes` must rise and end with `max_batch_size` {self.max_batch_size}; found {list(sizes)}")
        return self


class _Task(NamedTuple):
    key: tuple[Any, ...]
    signature: str
    inputs: Mapping[str, Any]
    rows: int
    deadline: float
    answer: Future[dict[str, Any]]


class Batched:
    """A servable that batches."""

    def __init__(self, servable: Servable, parameters: Batching) -> None:
        self.signatures = servable.signatures
        self._servable = servable
        self._parameters = parameters.check()
        self._queue: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._closed = False
        for number in range(parameters.num_batch_threads):
            threading.Thread(target=self._work, name=f"batch-{number}", daemon=True).start()

    def run(self, signature: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Wait for a batch to fill, and for its answer."""
        rows = {array.shape[0] if array.ndim else 0 for array in inputs.values()}
        if len(rows) != 1 or 0 in rows:
            return self._servable.run(signature, inputs)  # no batch: there is no first dimension that all share
        size = rows.pop()
        parameters = self._parameters
        if size > parameters.max_batch_size:
            raise wrong(f"Task size {size} is larger than maximum input batch size {parameters.max_batch_size}")
        key = (signature, *((name, array.dtype.str, array.shape[1:]) for name, array in sorted(inputs.items())))
        task = _Task(key, signature, inputs, size, time.monotonic() + parameters.batch_timeout_micros / 1e6, Future())
        with self._changed:
            if sum(each.rows for each in self._queue) + size > parameters.max_enqueued_batches * parameters.max_batch_size:
                raise Refused(Code.UNAVAILABLE, "The batch scheduling queue to which this task was submitted is full")
            self._queue.append(task)
            self._changed.notify_all()
        return task.answer.result()

    def close(self) -> None:
        """End the threads; nobody waits any more, because a version is unloaded after its last answer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while batch := self._next():
            try:
                self._answer(batch)
            except Exception as error:  # a fault of ours must not leave clients waiting
                for task in batch:
                    if not task.answer.done():
                        task.answer.set_exception(error)

    def _next(self) -> list[_Task]:
        """Wait until a batch is full or its first row has waited long enough; empty when closed."""
        with self._changed:
            while not self._closed:
                if not self._queue:
                    self._changed.wait()
                    continue
                batch = self._first_batch()
                wait = batch[0].deadline - time.monotonic()
                if wait <= 0 or sum(task.rows for task in batch) >= self._parameters.max_batch_size:
                    taken = set(map(id, batch))
                    self._queue = deque(task for task in self._queue if id(task) not in taken)
                    return batch
                self._changed.wait(wait)
        return []

    def _first_batch(self) -> list[_Task]:
        first, batch, rows = self._queue[0], [], 0
        for task in self._queue:
            if task.key == first.key and rows + task.rows <= self._parameters.max_batch_size:
                batch.append(task)
                rows += task.rows
        return batch

    def _answer(self, batch: list[_Task]) -> None:
        rows = sum(task.rows for task in batch)
        try:
            outputs = self._servable.run(batch[0].signature, self._concatenate(batch, rows))
        except Refused as error:
            self._alone(batch, error)
            return
        padded = self._padded(rows)
        strange = [name for name, array in outputs.items() if not array.ndim or array.shape[0] != padded]
        if strange:
            strangers = Refused(
                Code.FAILED_PRECONDITION,
                f"Batched output tensor's 0th dimension does not equal the sum of the 0th dimension sizes of the input tensors: {strange[0]}",
            )
            for task in batch:
                task.answer.set_exception(strangers)
            return
        start = 0
        for task in batch:
            task.answer.set_result({name: array[start : start + task.rows] for name, array in outputs.items()})
            start += task.rows

    def _alone(self, batch: list[_Task], error: Refused) -> None:
        for task in batch:
            try:
                if len(batch) == 1:
                    raise error
                task.answer.set_result(self._servable.run(task.signature, task.inputs))
            except Refused as own:
                task.answer.set_exception(own)

    def _concatenate(self, batch: list[_Task], rows: int) -> dict[str, Any]:
        import numpy

        extra, first = self._padded(rows) - rows, batch[0].inputs
        if len(batch) == 1 and not extra:
            return dict(first)
        return {name: numpy.concatenate([task.inputs[name] for task in batch] + [first[name][:1]] * extra) for name in first}

    def _padded(self, rows: int) -> int:
        return next((size for size in self._parameters.allowed_batch_sizes if size >= rows), rows)
