"""Run a compiled pipeline on this machine: each step in a fresh process, in parallel, cached, and to be continued after a kill."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.cache import Cache
from jupyter_mlops.submit.contract import DIGEST
from jupyter_mlops.submit.events import ArtifactResult, Listener, RunEnded, RunResult, RunStarted, State, StepResult
from jupyter_mlops.submit.graph import Graph, Instance
from jupyter_mlops.submit.headline import headline
from jupyter_mlops.submit.keys import environment_tag
from jupyter_mlops.submit.lineage_events import LineageEvents, lineage_folder
from jupyter_mlops.submit.parameters import bind_parameters
from jupyter_mlops.submit.plan import Plan, digest_of_json, read_plan
from jupyter_mlops.submit.process import Guardian
from jupyter_mlops.submit.record import RunFolder, open_run
from jupyter_mlops.submit.scheduler import Scheduler
from jupyter_mlops.submit.story import Story
from jupyter_mlops.submit.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RECORD_EVERY_SECONDS = 0.2


def run(
    document: Mapping[str, Any],
    *,
    parameters: Mapping[str, Any] | None = None,
    directory: Path | None = None,
    state: Path | None = None,
    workers: int | None = None,
    listener: Listener | None = None,
    fresh: bool = False,
    backoff_seconds: float = 1.0,
    grace_seconds: float = 5.0,
    keep_going: bool = False,
    around: Callable[[list[str]], list[str]] | None = None,
    folder: RunFolder | None = None,
) -> RunResult:
    """Run a local plan to its end.

    Parameters
    ----------
    document : mapping
        The plan, schema `nb2pipe.pipeline/1`.
    parameters : mapping, optional
        Values of pipeline parameters, by name, of their declared types.
    directory : Path, optional
        Where the steps run: the notebook's folder, so that relative paths mean what they mean in the notebook; default: here.
    state : Path, optional
        Where runs and the cache are kept; default: `.nb2pipe` in `directory`.
    workers : int, optional
        How many steps run at once; default: the processors that this process may use.
    listener : callable, optional
        Gets every event (`jupyter_mlops.submit.events`), in this thread.
    fresh : bool
        Run every step anew: neither the cache nor an interrupted run is used (results are still stored).
    backoff_seconds : float
        How long a failed step waits before its first retry; doubled each time.
    grace_seconds : float
        How long a step that must stop may take after SIGTERM before it is killed.
    keep_going : bool
        After a failure, run what does not depend on it.
    around : callable, optional
        Changes the command line of every step just before it starts; what a step is cached under stays what it was.
    folder : RunFolder, optional
        A run that the caller has locked, to begin or to go on with: steps that it completed with the same code and inputs are not run
        again. Default: the last run of this plan and these values if it was interrupted, else a new one.

    Returns
    -------
    RunResult
        With `exit` 0, or 1 when a step failed, or 128 + n when signal n (2 or 15) interrupted the run.

    Raises
    ------
    Nb2PipeError
        For a broken plan, a wrong parameter, a state directory that cannot be used, or a run that is going on already.
    """
    plan = read_plan(document)
    values = bind_parameters(parameters or {}, plan.parameters)
    directory = (directory or Path.cwd()).resolve()
    state = (state or directory / ".nb2pipe").absolute()
    chosen = open_run(state, run_identity(plan, values, directory), fresh=fresh) if folder is None else nullcontext(folder)
    with chosen as opened:
        cache = Cache(state / "cache")
        cache.sweep()
        home = lineage_folder(state)
        listener = LineageEvents(
            pipeline=plan.name,
            notebook=plan.notebook,
            steps=plan.steps,
            parameters=values,
            home=home,
            directory=directory,
            after=Story(opened.path, after=listener),
        )
        session = _Session(plan, values, opened, listener)
        guardian = Guardian()
        scheduler = Scheduler(
            session.graph,
            opened,
            workers=workers or _processors(),
            backoff_seconds=backoff_seconds,
            grace_seconds=grace_seconds,
            listener=listener,
            keep_going=keep_going,
        )
        worker = Worker(
            cache=cache,
            directory=directory,
            environment=environment_tag(),
            guardian=guardian,
            post=scheduler.post,
            fresh=fresh,
            around=around,
            variables={"NB2PIPE_RUN": opened.id, "NB2PIPE_HOME": str(home)},
        )
        session.begin()
        try:
            scheduler.run(worker, result_of=session.result_of, changed=session.changed)
        finally:
            guardian.close()
        return session.end(scheduler)


def run_identity(plan: Plan, values: Mapping[str, Any], directory: Path) -> str:
    """Digest what makes two runs the same; `values` are all parameters as `bind_parameters` gives them."""
    return digest_of_json({"plan": plan.digest, "parameters": values, "directory": str(directory)})


class _Session:
    """What a run says while it goes: its record, its events, its result."""

    def __init__(self, plan: Plan, parameters: dict[str, Any], folder: RunFolder, listener: Listener | None) -> None:
        self.graph = Graph(plan, parameters)
        self._plan = plan
        self._parameters = parameters
        self._folder = folder
        self._listener = listener or (lambda _event: None)
        self._began = self._recorded = time.monotonic()

    def begin(self) -> None:
        self._record("running")
        self._listener(
            RunStarted(run=self._folder.id, pipeline=self._plan.name, steps=tuple(self._plan.steps), resumed=self._folder.resumed),
        )

    def changed(self) -> None:
        """Keep the record up to date, not more often than anybody looks; what is complete is known from the steps' own records."""
        if time.monotonic() - self._recorded >= _RECORD_EVERY_SECONDS:
            self._record("running")

    def end(self, scheduler: Scheduler) -> RunResult:
        for instance in self.graph.instances():
            if not instance.state.ended:
                instance.state = State.NOT_RUN
        if scheduler.interrupted is not None:
            state, code = "interrupted", 128 + scheduler.interrupted
        else:
            failed = any(instance.state in {State.FAILED, State.STOPPED} for instance in self.graph.instances())
            state, code = ("failed", 1) if failed else ("succeeded", 0)
        self._record(state)
        result = RunResult(
            pipeline=self._plan.name,
            run=self._folder.id,
            state=state,
            exit=code,
            seconds=time.monotonic() - self._began,
            directory=self._folder.path,
            steps=tuple(self.result_of(instance) for instance in self.graph.instances()),
        )
        self._listener(RunEnded(result=result))
        return result

    def result_of(self, instance: Instance) -> StepResult:
        log = self._folder.step(instance.step.name, instance.item).log
        return StepResult(
            step=instance.step.name,
            item=instance.item,
            state=instance.state,
            seconds=instance.seconds,
            exit_code=instance.exit_code,
            attempts=instance.attempts,
            reason=instance.reason,
            headline=headline(log) if instance.state is State.FAILED and instance.exit_code not in {None, 0} else "",
            log=log if log.exists() else None,
            artifacts={
                port: ArtifactResult(path=items[0].path, digest=items[0].digest, metadata=items[0].metadata, type=items[0].type)
                for port, items in instance.values.artifacts.items()
            },
            parameters=dict(instance.values.parameters),
        )

    def _record(self, state: str) -> None:
        self._folder.write(
            {
                "run": self._folder.id,
                "pipeline": self._plan.name,
                "notebook": self._plan.notebook,
                "plan": self._plan.digest,
                "parameters": self._parameters,
                "state": state,
                "steps": [_entry(instance) for instance in self.graph.instances()],
            }
        )
        self._recorded = time.monotonic()


def _entry(instance: Instance) -> dict[str, Any]:
    return {
        "step": instance.step.name,
        "item": instance.item,
        "state": instance.state.value,
        "order": instance.order,
        "attempts": instance.attempts,
        "key": instance.key,
        "exit_code": instance.exit_code,
        "reason": instance.reason,
        "seconds": round(instance.seconds, 3),
        "digests": {port: items[0].digest or items[0].metadata.get(DIGEST) for port, items in instance.values.artifacts.items()},
    }


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
