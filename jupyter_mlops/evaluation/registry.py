"""A registry reference such as ``models:/churn@champion`` → the model, or the plain statement that there is none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = ("sqlite", "file", "")


class Missing(LookupError):
    """The registry answers, and has no such model, version or alias."""


def is_reference(model: object) -> bool:
    """Tell ``models:/churn@champion`` and ``@champion`` from other strings."""
    return isinstance(model, str) and model.startswith(("models:/", "@"))


def load(reference: str, *, name: str = "") -> tuple[Any, str]:
    """Load a registered model; give it and ``name v3``.

    The registry is the local one under `place.home()`, unless MLFLOW_REGISTRY_URI or MLFLOW_TRACKING_URI names another: a model is a program,
    and it comes only from where somebody said. MLflow's own loader reads it.

    Raises
    ------
    Missing
        When the registry has no such model or alias.
    EnvironmentProblem
        When the registry cannot be reached, or MLflow is not installed.
    ValueError
        For ``@alias`` without a `name`.
    """
    model, _, alias = reference.removeprefix("models:/").partition("@")
    model = model or name
    if not model:
        raise ValueError(f"`{reference}` names no model; write `models:/NAME@ALIAS`, or pass `name`")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    uri = address()
    if uri.startswith("sqlite:///") and not os.path.exists(uri.removeprefix("sqlite:///")):  # noqa: PTH110 - may be relative, as SQLite takes it
        raise Missing(f"there is no model registry yet, so no `{model}`")
    mlflow = need("mlflow", "track")
    client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
    with _impatient():
        try:
            if alias:
                version = client.get_model_version_by_alias(model, alias)
            else:
                plain, _, number = model.partition("/")
                version = client.get_model_version(plain, number or _newest(client, plain))
        except mlflow.exceptions.MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
                raise Missing(f"the registry has no `{reference}`" + f" for `{model}`" * (not reference.startswith("models:/"))) from None
            raise _unreachable(uri) from error
        except Exception as error:  # each store raises its own: requests, SQLAlchemy, sqlite3
            raise _unreachable(uri) from error
        return _loaded(mlflow, client, version), f"{version.name} v{version.version}"


def address() -> str:
    """Give the registry's address: the one that is said, else the local store."""
    said = os.environ.get("MLFLOW_REGISTRY_URI") or os.environ.get("MLFLOW_TRACKING_URI")
    return said or f"sqlite:///{(home() / 'mlflow.db').absolute()}"


def without_credentials(uri: str) -> str:
    """Leave out a user and a password: a report is read by many."""
    parts = urlsplit(uri)
    host = parts.hostname or ""
    return urlunsplit(parts._replace(netloc=host + (f":{parts.port}" if parts.port else ""))) if "@" in parts.netloc else uri


def _newest(client: Any, model: str) -> str:
    found = [int(each.version) for each in client.search_model_versions(f"name = '{model}'")]
    if not found:
        raise Missing(f"the registry has no model `{model}`")
    return str(max(found))


def _loaded(mlflow: Any, client: Any, version: Any) -> Any:
    """Load by the model's own flavour: probabilities are lost behind the general one."""
    where = _plain(client.get_model_version_download_uri(version.name, version.version))
    try:
        flavours = mlflow.models.get_model_info(where).flavors
        for flavour in ("sklearn", "xgboost", "lightgbm", "tensorflow", "keras"):
            if flavour in flavours and hasattr(mlflow, flavour):
                return getattr(mlflow, flavour).load_model(where)
        return mlflow.pyfunc.load_model(where)
    except Exception as error:  # whatever the flavour's loader raises
        raise EnvironmentProblem(
            f"`{version.name}` v{version.version} is registered, but its files cannot be loaded: {type(error).__name__}",
            hint="log the model again, or move the alias to a version that loads",
        ) from error


def _plain(where: str) -> str:
    """Make a path of a ``file:`` address: MLflow gives such addresses and does not find its own files there."""
    return url2pathname(urlsplit(where).path) if where.startswith("file:") else where


def _unreachable(uri: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"the model registry `{without_credentials(uri)}` cannot be reached", hint="check MLFLOW_REGISTRY_URI and MLFLOW_TRACKING_URI"
    )


def _impatient() -> Any:
    """Ask a registry once and not for two minutes: a gate that waits is worse than one that says what is wrong."""
    from contextlib import contextmanager

    @contextmanager
    def asking() -> Iterator[None]:
        wanted = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "15"}
        added = [key for key in wanted if key not in os.environ]
        os.environ.update({key: wanted[key] for key in added})
        try:
            yield
        finally:
            for key in added:
                os.environ.pop(key, None)

    return asking()
