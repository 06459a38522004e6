"""Upload a compiled package to Kubeflow Pipelines, run it (once, or on a schedule) and follow the run to its end."""

from __future__ import annotations

import functools
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import home
from jupyter_mlops.submit.client import open_client, translated, upload, version_name
from jupyter_mlops.submit.cluster_artifacts import ClusterArtifacts
from jupyter_mlops.submit.connection import Access, Connection, connect, read_log
from jupyter_mlops.submit.events import RunStarted, State, StepEnded, StepResult, StepStarted
from jupyter_mlops.submit.follow import FINAL, TaskState, failure, fold, tasks_of
from jupyter_mlops.submit.headline import quote
from jupyter_mlops.submit.lineage_events import LineageEvents
from jupyter_mlops.submit.package import Package, read_package
from jupyter_mlops.submit.package_plan import depths, planned_steps
from jupyter_mlops.submit.parameters import bind_parameters
from jupyter_mlops.submit.step_cells import notebook_of
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jupyter_mlops.submit.events import ArtifactResult, Listener

MOST_PARAMETER_BYTES = 10_000  # what the API documents for one run's input
_EXACT_INTEGER = 2**53
_STATES = {"SUCCEEDED": State.SUCCEEDED, "FAILED": State.FAILED, "SKIPPED": State.SKIPPED, "CANCELED": State.STOPPED}
_LOST_POLLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of it; `state` in KFP's words, ``SCHEDULED`` for a recurring run, ``SUBMITTED`` when nobody waited."""

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


def submit(
    package_text: str,
    *,
    endpoint: str,
    parameters: Mapping[str, Any] | None = None,
    experiment: str = "Default",
    namespace: str | None = None,
    run_name: str | None = None,
    token: str | None = None,
    cookies: str | None = None,
    ca_file: str | None = None,
    verify: bool = True,
    service_account: str | None = None,
    schedule: str | None = None,
    wait: bool = True,
    listener: Listener | None = None,
    poll_seconds: float = 5.0,
) -> Submission:
    """Upload, run, follow.

    The same package is uploaded once: its version is called by its content. A pipeline of the same name gets a new version.

    Parameters
    ----------
    package_text : str
        The compiled YAML.
    endpoint : str
        Address of the KFP API, or of Kubeflow's dashboard.
    parameters : mapping, optional
        Values of pipeline parameters, by name.
    namespace : str, optional
        The profile to run in; needed where Kubeflow has several users.
    token, cookies : str, optional
        A bearer token, or the session cookie of a browser.
    schedule : str, optional
        A cron expression of five fields, or six with seconds first: makes a recurring run instead of a run.
    wait : bool
        Follow the run to its end. An interrupt only stops following: the run goes on.
    poll_seconds : float
        How often the run is looked at.

    Returns
    -------
    Submission
        With `exit` 0, 1 for a run that failed or was cancelled, 130 when following was interrupted.

    Raises
    ------
    Nb2PipeError
        If the package, a parameter, the endpoint or the login is not usable, each with what to do.
    """
    package = read_package(package_text)
    given = parameters or {}
    values = {name: value for name, value in bind_parameters(given, package.parameters).items() if name in given}
    _check_sizes(values)
    cron = None if schedule is None else _cron(schedule)
    connection = connect(Access(endpoint=endpoint, token=token, cookies=cookies, ca_file=ca_file, verify=verify))
    if connection.multi_user and not namespace:
        raise Nb2PipeError("this Kubeflow has several users, so a run needs a namespace (your profile's name)", hint="--namespace NAME")
    client = open_client(connection, namespace)
    with translated(connection, namespace):
        pipeline_id, version_id = upload(client, package, namespace)
        experiment_id = client.create_experiment(name=experiment, namespace=namespace).experiment_id
        common = {
            "experiment_id": experiment_id,
            "job_name": run_name or f"{package.name} {version_name(package)}",
            "params": values,
            "pipeline_id": pipeline_id,
            "version_id": version_id,
            "service_account": service_account,
        }
        if cron is not None:
            recurring = client.create_recurring_run(cron_expression=cron, no_catchup=True, **common)
            url = f"{connection.url}/#/recurringrun/details/{recurring.recurring_run_id}"
            return Submission(
                pipeline=package.name,
                pipeline_id=pipeline_id,
                version_id=version_id,
                run_id=recurring.recurring_run_id,
                url=url,
                state="SCHEDULED",
                exit=0,
            )
        run = client.run_pipeline(**common)
    made = Submission(
        pipeline=package.name,
        pipeline_id=pipeline_id,
        version_id=version_id,
        run_id=run.run_id,
        url=f"{connection.url}/#/runs/details/{run.run_id}",
        state="SUBMITTED",
        exit=0,
    )
    steps = planned_steps(package)
    lineage = LineageEvents(
        pipeline=package.name,
        notebook=notebook_of(steps.values()),
        steps=steps,
        parameters=values,
        home=home(),
        directory=Path.cwd(),
        after=listener,
        here=False,
    )
    return _follow(client, connection, package, made, namespace, lineage, poll_seconds) if wait else made


def _follow(
    client: Any, connection: Connection, package: Package, made: Submission, namespace: str | None, tell: LineageEvents, poll_seconds: float
) -> Submission:
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
        return _copy(made, state="RUNNING", exit=130, reason="following was interrupted; the run goes on")


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
        return _copy(made, state=run.state, exit=0, steps=states)
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
    return _copy(
        made,
        state=run.state,
        exit=1,
        steps=states,
        failed_step=broken.step if broken else "",
        reason=reason,
        headline=quote(log.split("\n")),
    )


def _copy(made: Submission, **changes: Any) -> Submission:
    from dataclasses import replace

    return replace(made, **changes)


def _check_sizes(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        size = len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if size > MOST_PARAMETER_BYTES:
            raise Nb2PipeError(
                f"parameter `{name}` has {size} bytes; Kubeflow Pipelines takes {MOST_PARAMETER_BYTES}",
                hint="put the data in a store and pass its address",
            )
        for number in _integers(value):
            if abs(number) > _EXACT_INTEGER:
                raise Nb2PipeError(
                    f"parameter `{name}` holds {number}; Kubeflow carries numbers as doubles, exact to 2**53", hint="pass it as text"
                )


def _integers(value: object) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _integers(item)


def _cron(schedule: str) -> str:
    """KFP's cron has six fields, seconds first."""
    fields = schedule.split()
    if len(fields) not in {5, 6} or not all(re.fullmatch(r"[\w*/,?#-]+", field) for field in fields):
        raise Nb2PipeError(f"`{schedule}` is not a cron expression of five fields (or six, seconds first)", hint="--schedule '0 9 * * 1-5'")
    return " ".join(["0", *fields] if len(fields) == 5 else fields)
