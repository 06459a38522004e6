"""A graph and a worker → a finished run. One thread decides everything here; threads of the worker only send messages.

When a step fails, steps that run are left to finish (their results are cached, so no work is lost), nothing else starts, and then the
exit handlers run. An interrupt stops everything at once and leaves the run to be continued.
"""

from __future__ import annotations

import heapq
import queue
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.contract import StepFaultError
from jupyter_mlops.submit.events import Event, Listener, State, StepEnded, StepOutput, StepRetried, StepStarted, Tick
from jupyter_mlops.submit.graph import RUN_STATUS, Graph, Instance
from jupyter_mlops.submit.worker import Lines, Message, Outcome, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_mlops.submit.events import StepResult
    from jupyter_mlops.submit.process import StepProcess
    from jupyter_mlops.submit.record import RunFolder
    from jupyter_mlops.submit.worker import Worker

_LONGEST_WAIT_SECONDS = 300.0


class Scheduler:
    """Runs a graph with at most `workers` steps at once.

    `result_of` turns an instance into what listeners see; `changed` is called after every batch of messages, to keep the record up to date.
    """

    def __init__(
        self,
        graph: Graph,
        folder: RunFolder,
        *,
        workers: int,
        backoff_seconds: float,
        grace_seconds: float,
        listener: Listener | None,
        keep_going: bool = False,
    ) -> None:
        self._graph = graph
        self._folder = folder
        self._workers = workers
        self._backoff = backoff_seconds
        self._grace = grace_seconds
        self._listener = listener
        self._keep_going = keep_going
        self._tick: float | None = getattr(listener, "tick_seconds", None)
        self._messages: queue.SimpleQueue[tuple[Instance | None, Message | int]] = queue.SimpleQueue()
        self._ready: list[tuple[tuple[int, int], Instance]] = []
        self._retries: list[tuple[float, tuple[int, int], Instance]] = []
        self._alarms: list[tuple[float, tuple[int, int], int, int, Instance]] = []  # when to send which signal to which attempt
        self._active: dict[Instance, StepProcess | None] = {}
        self._began: dict[Instance, float] = {}
        self._timed_out: set[Instance] = set()
        self._exiting = False
        self._count = 0
        self.failed = False
        self.interrupted: int | None = None

    def post(self, instance: Instance | None, message: Message | int) -> None:
        """Tell the scheduler something, from any thread or signal handler."""
        self._messages.put((instance, message))

    def run(self, worker: Worker, *, result_of: Callable[[Instance], StepResult], changed: Callable[[], None]) -> None:
        """Run everything; returns when nothing is left to do."""
        self._worker, self._result_of = worker, result_of
        with self._signals():
            try:
                self._offer(self._graph.begin())
                while self._launch():
                    self._receive()
                    changed()
            except BaseException:
                self._signal_all(signal.SIGKILL)
                raise

    def _offer(self, decided: list[Instance]) -> None:
        """Queue what may run, and spread the news of what ended without running."""
        pending = list(decided)
        while pending:
            instance = pending.pop(0)
            if instance.state is State.WAITING:
                heapq.heappush(self._ready, (instance.rank, instance))
            else:
                self.failed |= instance.state is State.FAILED
                self._tell(StepEnded(result=self._result_of(instance)))
                pending += self._graph.after(instance)

    def _launch(self) -> bool:
        """Start what there is room for; False when the run is over."""
        halted = self.interrupted is not None or (self.failed and not self._exiting and not self._keep_going)
        if halted:
            self._drop()
        now = time.monotonic()
        while not halted and self._retries and self._retries[0][0] <= now and len(self._active) < self._workers:
            self._start(heapq.heappop(self._retries)[2])
        while not halted and self._ready and len(self._active) < self._workers:
            self._start(heapq.heappop(self._ready)[1])
        if self._active or self._retries:
            return True
        if self._exiting or self.interrupted is not None:
            return False
        self._exiting = True
        self._offer(self._graph.begin_exit())
        return self._launch()

    def _drop(self) -> None:
        """Nothing new starts: what waits for its turn did not run, what waits for another attempt has failed."""
        for _, instance in self._ready:
            instance.state = State.NOT_RUN
        for _, _, instance in self._retries:
            self._end(instance, State.FAILED if self.interrupted is None else State.STOPPED)
        self._ready, self._retries = [], []

    def _start(self, instance: Instance) -> None:
        try:
            inputs = self._graph.inputs(instance)
        except StepFaultError as error:
            instance.reason = str(error)
            self._end(instance, State.FAILED)
            return
        if instance.step.on_exit:
            inputs.parameters[RUN_STATUS] = self._status()
        if instance.attempts == 0:
            instance.order = self._count = self._count + 1
            self._began[instance] = time.monotonic()
        instance.attempts += 1
        instance.state = State.RUNNING
        self._active[instance] = None
        folder = self._folder.step(instance.step.name, instance.item)
        threading.Thread(target=self._worker.perform, args=(instance, inputs, folder, instance.attempts), daemon=True).start()

    def _receive(self) -> None:
        """Wait for messages, or for the next moment at which something is due, and act."""
        try:
            instance, message = self._messages.get(timeout=self._patience())
        except queue.Empty:
            self._tell(Tick())
        else:
            self._act(instance, message)
            while not self._messages.empty():
                self._act(*self._messages.get())
        now = time.monotonic()
        while self._alarms and self._alarms[0][0] <= now:
            _, _, number, attempt, late = heapq.heappop(self._alarms)
            self._alarm(late, attempt, number)

    def _patience(self) -> float | None:
        moments = [queue_[0][0] for queue_ in (self._retries, self._alarms) if queue_]
        wait = max(0.0, min(moments) - time.monotonic()) if moments else None
        return self._tick if wait is None else wait if self._tick is None else min(wait, self._tick)

    def _act(self, instance: Instance | None, message: Message | int) -> None:
        if isinstance(message, int):
            self._interrupt(message)
            return
        assert instance is not None
        match message:
            case Lines(lines=lines):
                self._tell(StepOutput(label=instance.label, lines=lines))
            case Started(process=process):
                self._watch(instance, process)
            case Outcome():
                self._finish(instance, message)

    def _watch(self, instance: Instance, process: StepProcess) -> None:
        self._active[instance] = process
        if self.interrupted is not None:
            process.signal(signal.SIGTERM)
        if instance.step.timeout_seconds is not None:
            self._set_alarm(instance, instance.step.timeout_seconds, signal.SIGTERM)
        self._tell(StepStarted(label=instance.label, attempt=instance.attempts))

    def _set_alarm(self, instance: Instance, seconds: float, number: int) -> None:
        heapq.heappush(self._alarms, (time.monotonic() + seconds, instance.rank, number, instance.attempts, instance))

    def _alarm(self, instance: Instance, attempt: int, number: int) -> None:
        """The attempt is still there after its time: ask it to end, and later make it."""
        process = self._active.get(instance)
        if process is None or instance.attempts != attempt:
            return
        if number == signal.SIGTERM:
            self._timed_out.add(instance)
            self._set_alarm(instance, self._grace, signal.SIGKILL)
        process.signal(number)

    def _finish(self, instance: Instance, outcome: Outcome) -> None:
        del self._active[instance]
        instance.key, instance.values, instance.exit_code, instance.reason = outcome.key, outcome.values, outcome.exit_code, outcome.reason
        late = instance in self._timed_out
        self._timed_out.discard(instance)
        state = outcome.state
        if late and state is State.FAILED:
            instance.reason = f"it was stopped after its time limit of {instance.step.timeout_seconds:g} s"
        if self.interrupted is not None and state is State.FAILED:
            state, instance.reason = State.STOPPED, "the run was interrupted"
        if state is State.FAILED and instance.attempts <= instance.step.retries and (self._exiting or not self.failed or self._keep_going):
            wait = min(self._backoff * 2 ** (instance.attempts - 1), _LONGEST_WAIT_SECONDS)
            instance.state = State.WAITING
            heapq.heappush(self._retries, (time.monotonic() + wait, instance.rank, instance))
            self._tell(StepRetried(label=instance.label, reason=instance.reason, wait_seconds=wait))
            return
        self._end(instance, state)

    def _end(self, instance: Instance, state: State) -> None:
        instance.state = state
        began = self._began.get(instance)
        instance.seconds = 0.0 if began is None else time.monotonic() - began
        self._offer([instance])

    def _status(self) -> dict[str, Any]:
        """The final status of the run as KFP gives it to an exit task."""
        failed = [instance for instance in self._graph.instances() if instance.state is State.FAILED]
        status: dict[str, Any] = {"state": "FAILED" if failed else "SUCCEEDED"}
        if failed:
            status["pipelineTaskName"] = failed[0].step.name
            status["error"] = {"code": 1, "message": f"step `{failed[0].label}` failed: {failed[0].reason}"}
        return status

    def _interrupt(self, number: int) -> None:
        """The first signal asks the steps to end, the second does not ask."""
        again = self.interrupted is not None
        self.interrupted = self.interrupted or number
        self._signal_all(signal.SIGKILL if again else signal.SIGTERM)
        for instance in self._active:
            self._set_alarm(instance, self._grace, signal.SIGKILL)

    def _signal_all(self, number: int) -> None:
        for process in list(self._active.values()):
            if process is not None:
                process.signal(number)

    def _tell(self, event: Event) -> None:
        if self._listener is not None:
            self._listener(event)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn SIGINT and SIGTERM into messages; only the main thread of a process may."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, lambda caught, _: self.post(None, caught)) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
