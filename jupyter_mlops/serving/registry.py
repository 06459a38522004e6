"""Model versions in an MLflow registry: written with their seal and their gate's verdict, found by number or alias.

The registry is the local one (``home()/mlflow.db``) unless MLFLOW_REGISTRY_URI, MLFLOW_TRACKING_URI or an argument names another.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXPERIMENT = "registered models"


class Registered(NamedTuple):
    """One version: its folder as it is served, the seal of that folder, the gate's verdict ("" if there was none)."""

    name: str
    version: str
    source: str
    digest: str
    gate: str
    aliases: tuple[str, ...] = ()


def registry_uri(given: str | None = None) -> str:
    """Give the registry's address."""
    said = given or os.environ.get("MLFLOW_REGISTRY_URI") or os.environ.get("MLFLOW_TRACKING_URI")
    return said or f"sqlite:///{(home() / 'mlflow.db').absolute()}"


def models_folder(name: str) -> Path:
    """Say where versions of a model lie as they are served: TF Serving's base path, with numbered folders."""
    return home().absolute() / "serving" / "models" / name


def create_version(name: str, folder: Path, tags: Mapping[str, str], *, uri: str | None = None) -> str:
    """Upload a model's files and make a version of them; gives its number.

    Raises
    ------
    EnvironmentProblem
        If the registry cannot be reached.
    """
    client, mlflow = _client(uri)
    with _reached(registry_uri(uri)):
        run = client.create_run(_experiment(client, registry_uri(uri)), run_name=f"register {name}")
        client.log_artifacts(run.info.run_id, str(folder), "model")
        client.set_terminated(run.info.run_id)
        try:
            client.create_registered_model(name)
        except mlflow.exceptions.MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        made = client.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id, tags=dict(tags))
    return str(made.version)


def set_alias(name: str, alias: str, version: str, *, uri: str | None = None) -> None:
    """Point an alias such as "champion" at a version."""
    client, _ = _client(uri)
    with _reached(registry_uri(uri)):
        client.set_registered_model_alias(name, alias, version)


def set_tag(name: str, version: str, key: str, value: str, *, uri: str | None = None) -> None:
    """Write one tag of a version."""
    client, _ = _client(uri)
    with _reached(registry_uri(uri)):
        client.set_model_version_tag(name, version, key, value)


def find_version(name: str, version: str = "@challenger", *, uri: str | None = None) -> Registered:
    """Find a version by its number ("3") or by an alias ("@champion").

    Raises
    ------
    LookupError
        If there is no such model, version or alias.
    EnvironmentProblem
        If the registry cannot be reached.
    """
    client, mlflow = _client(uri)
    with _reached(registry_uri(uri)):
        try:
            by_alias = version.startswith("@")
            found = client.get_model_version_by_alias(name, version[1:]) if by_alias else client.get_model_version(name, version)
        except mlflow.exceptions.MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                raise LookupError(f"the registry has no `{version}` of model `{name}`") from None
            raise
    tags = found.tags
    source = tags.get("nb2pipe.source") or str(models_folder(name) / str(found.version))
    return Registered(
        name, str(found.version), source, tags.get("nb2pipe.digest", ""), tags.get("nb2pipe.gate", ""), tuple(sorted(found.aliases))
    )


def _client(uri: str | None) -> tuple[Any, Any]:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    mlflow = need("mlflow", "track")
    address = registry_uri(uri)
    if address.startswith("sqlite:"):
        home().mkdir(parents=True, exist_ok=True)
    with _reached(address):
        return mlflow.MlflowClient(tracking_uri=address, registry_uri=address), mlflow


def _experiment(client: Any, uri: str) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    local = uri.startswith("sqlite:")
    # A plain path: MLflow looks for the files of a `file:` URI as if it were one.
    return str(client.create_experiment(EXPERIMENT, str(home().absolute() / "mlruns") if local else None))


class _reached:  # noqa: N801 - reads as a word: `with _reached(uri):`
    """Turns what a registry's library raises into one sentence without credentials."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, EnvironmentProblem | LookupError | ValueError) or not isinstance(error, Exception):
            return
        shown = self._uri.rpartition("@")[2]
        raise EnvironmentProblem(
            f"the model registry at `{shown}` does not answer: {type(error).__name__}", hint="check MLFLOW_TRACKING_URI"
        ) from error
