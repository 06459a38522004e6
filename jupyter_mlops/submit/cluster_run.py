"""A run on a cluster → followed to its end, whoever started it; found again, stopped, tried again, listed with the others there."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import home
from jupyter_mlops.submit.client import open_client, translated
from jupyter_mlops.submit.cluster_artifacts import ClusterArtifacts
from jupyter_mlops.submit.connection import Access, Connection, connect, read_log
from jupyter_mlops.submit.events import RunStarted, State, StepEnded, StepResult, StepStarted
from jupyter_mlops.submit.follow import FINAL, TaskState, failure, fold, tasks_of
from jupyter_mlops.submit.headline import quote
from jupyter_mlops.submit.lineage_events import LineageEvents
from jupyter_mlops.submit.package import Package, read_package
from jupyter_mlops.submit.package_plan import depths, planned_steps
from jupyter_mlops.submit.step_cells import notebook_of
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from jupyter_mlops.submit.events import ArtifactResult, Listener

_STATES = {"SUCCEEDED": State.SUCCEEDED, "FAILED": State.FAILED, "SKIPPED": State.SKIPPED, "CANCELED": State.STOPPED}
_LOST_POLLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of it; `state` in KFP's words, ``SCHEDULED`` for a recurring run, ``SUBMITTED`` when nobody waited; `log` of the step that failed."""

    pipeline: str
    pipeline_id: str
    version_id: str
    run_id: str
    url: str
    state: str
    exit: int
    steps: tuple[TaskState, ...] = ()
    failed_step: str = ""
    reason: str = ""
    headline: str = ""
    log: str = field(default="", repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON data (schema `nb2pipe.submission/1`)."""
        return {
            "schema": "nb2pipe.submission/1",
            "pipeline": self.pipeline,
            "pipeline_id": self.pipeline_id,
            "version_id": self.version_id,
            "run_id": self.run_id,
            "url": self.url,
            "state": self.state,
            "exit": self.exit,
            "steps": [{"step": step.step, "state": step.state, "count": step.count, "reason": step.reason} for step in self.steps],
            "failed_step": self.failed_step,
            "reason": self.reason,
            "headline": self.headline,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRun:
    """A run in the list of a cluster; `state` in KFP's words, times None where the server says none."""

    run_id: str
    name: str
    state: str
    url: str
    created: datetime | None
    finished: datetime | None
    parameters: Mapping[str, Any]


def attach(
    package_text: str,
    run_id: str,
    *,
    access: Access,
    namespace: str | None = None,
    values: Mapping[str, Any] | None = None,
    again: bool = False,
    listener: Listener | None = None,
    poll_seconds: float = 5.0,
) -> Submission:
    """Follow a run that was submitted before.

    Parameters
    ----------
    package_text : str
        The package that was submitted.
    again : bool
        When it has failed or was cancelled, let the cluster try what did not succeed once more.

    Raises
    ------
    Nb2PipeError
        If the cluster does not answer, or does not know the run.
    """
    package = read_package(package_text)
    connection = connect(access)
    client = open_client(connection, namespace)
    with translated(connection, namespace):
        state = client.get_run(run_id).state
        if again and state in {"FAILED", "CANCELED"}:
            client._run_api.run_service_retry_run(run_id=run_id)  # noqa: SLF001 - the client has no method of its own for it
    made = Submission(
        pipeline=package.name,
        pipeline_id="",
        version_id="",
        run_id=run_id,
        url=f"{connection.url}/#/runs/details/{run_id}",
        state=state,
        exit=0,
    )
    return follow_run(
        client, connection, package, made, namespace=namespace, values=values or {}, listener=listener, poll_seconds=poll_seconds
    )


def terminate(run_id: str, *, access: Access, namespace: str | None = None) -> None:
    """Stop a run on its cluster.

    Raises
    ------
    Nb2PipeError
        If the cluster does not answer, or refuses.
    """
    connection = connect(access)
    client = open_client(connection, namespace)
    with translated(connection, namespace):
        client.terminate_run(run_id)


def list_runs(*, access: Access, namespace: str | None = None, most: int = 50) -> tuple[ClusterRun, ...]:
    """List the newest runs of a cluster.

    Raises
    ------
    Nb2PipeError
        If the cluster does not answer, or refuses.
    """
    connection = connect(access)
    client = open_client(connection, namespace)
    with translated(connection, namespace):
        runs = client.list_runs(page_size=most, sort_by="created_at desc", namespace=namespace).runs or ()
    return tuple(
        ClusterRun(
            run_id=run.run_id,
            name=run.display_name or run.run_id,
            state=run.state or "PENDING",
            url=f"{connection.url}/#/runs/details/{run.run_id}",
            created=run.created_at,
            finished=run.finished_at if run.state in FINAL else None,
            parameters=dict((run.runtime_config.parameters if run.runtime_config else None) or {}),
        )
        for run in runs
    )


def follow_run(
    client: Any,
    connection: Connection,
    package: Package,
    made: Submission,
    *,
    namespace: str | None,
    values: Mapping[str, Any],
    listener: Listener | None,
    poll_seconds: float,
) -> Submission:
    """Follow a run to its end; an interrupt only stops following.

    Raises
    ------
    Nb2PipeError
        When the server has not answered for some time.
    """
    steps = planned_steps(package)
    tell = LineageEvents(
        pipeline=package.name,
        notebook=notebook_of(steps.values()),
        steps=steps,
        parameters=values,
        home=home(),
        directory=Path.cwd(),
        after=listener,
        here=False,
    )
    tasks = tasks_of(package.spec, package.steps)
    artifacts = ClusterArtifacts(connection, package, tasks)
    tell(RunStarted(run=made.run_id, pipeline=package.name, steps=tuple(dict.fromkeys(tasks.values())), resumed=False))
    seen: dict[str, str] = {}
    lost = 0
    try:
        while True:
            try:
                with translated(connection, namespace):
                    run = client.get_run(made.run_id)
                lost = 0
            except Nb2PipeError:
                lost += 1
                if lost >= _LOST_POLLS:
                    raise
            else:
                states = fold(run, tasks)
                _report(states, seen, tell, functools.partial(artifacts.of_step, run))
                if run.state in FINAL:
                    tell.close(run.state)
                    return _ended(connection, made, run, states)
            time.sleep(poll_seconds)
    except KeyboardInterrupt:
        return replace(made, state="RUNNING", exit=130, reason="following was interrupted; the run goes on")


def _report(
    states: tuple[TaskState, ...], seen: dict[str, str], tell: LineageEvents, artifacts: Callable[[str], dict[str, ArtifactResult]]
) -> None:
    depth = depths(tell.steps)
    for state in sorted(states, key=lambda state: depth.get(state.step, 0)):  # what enters a step is known when it is told of
        if seen.get(state.step) == state.state:
            continue
        if state.state == "RUNNING" or (state.state in _STATES and seen.get(state.step) in {None, "PENDING"}):
            tell(StepStarted(label=state.step, attempt=1))
        if state.state in _STATES and seen.get(state.step) not in _STATES:
            made = artifacts(state.step) if state.state == "SUCCEEDED" else {}
            result = StepResult(
                step=state.step, item=None, state=_STATES[state.state], seconds=0.0, attempts=1, reason=state.reason, artifacts=made
            )
            tell(StepEnded(result=result))
        seen[state.step] = state.state


def _ended(connection: Connection, made: Submission, run: Any, states: tuple[TaskState, ...]) -> Submission:
    if run.state == "SUCCEEDED":
        return replace(made, state=run.state, exit=0, steps=states)
    broken = failure(states)
    log = ""
    for pod in broken.pods if broken else ():
        log = read_log(connection, made.run_id, pod)
        if log:
            break
    said = run.error.message if run.error and run.error.message else ""
    reason = (broken.reason if broken else "") or said or "the server gives no reason"
    if broken and not log and broken.pods:
        reason += f" (kubectl logs {broken.pods[0]} -c main)"
    return replace(
        made,
        state=run.state,
        exit=1,
        steps=states,
        failed_step=broken.step if broken else "",
        reason=reason,
        headline=quote(log.split("\n")),
        log=log,
    )
