"""Upload a compiled package to Kubeflow Pipelines, run it (once, or on a schedule) and follow the run to its end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.client import open_client, translated, upload, version_name
from jupyter_mlops.submit.cluster_run import Submission, follow_run
from jupyter_mlops.submit.connection import Access, connect
from jupyter_mlops.submit.package import read_package
from jupyter_mlops.submit.parameters import bind_parameters
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_mlops.submit.events import Listener

__all__ = ["Submission", "submit"]

MOST_PARAMETER_BYTES = 10_000  # what the API documents for one run's input
_EXACT_INTEGER = 2**53


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
    if not wait:
        return made
    return follow_run(client, connection, package, made, namespace=namespace, values=values, listener=listener, poll_seconds=poll_seconds)


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
