"""A connection → `kfp.Client`, quiet and with errors in one sentence; a package → its version on the server."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.connection import explain
from jupyter_mlops.submit.package import INSTALL_KFP
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_mlops.submit.connection import Connection
    from jupyter_mlops.submit.package import Package


def open_client(connection: Connection, namespace: str | None) -> Any:
    """Make a `kfp.Client` for an API that has answered; Nb2PipeError when kfp is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it announces, each time, which servers it works with
            import kfp

            access = connection.access
            with contextlib.redirect_stdout(io.StringIO()):
                return kfp.Client(
                    host=connection.url,
                    namespace=namespace or "kubeflow",
                    existing_token=access.token,
                    cookies=access.cookies,
                    ssl_ca_cert=access.ca_file,
                    verify_ssl=access.verify,
                )
    except ImportError as error:
        raise Nb2PipeError("submitting needs the package kfp, which is not installed", hint=INSTALL_KFP) from error


@contextlib.contextmanager
def translated(connection: Connection, namespace: str | None) -> Iterator[None]:
    """Keep the client's prints off standard output, and turn what it raises into a sentence."""
    from kfp_server_api import ApiException  # type: ignore[import-untyped]
    from urllib3.exceptions import HTTPError

    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (ApiException, HTTPError, OSError, ValueError, TimeoutError) as error:
        raise explain(error, connection, namespace) from error


def upload(client: Any, package: Package, namespace: str | None) -> tuple[str, str]:
    """Make sure that the server has this very package; return the ids of the pipeline and the version."""
    pipeline_id = _find_pipeline(client, package.name, namespace)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{package.name}.yaml"
        path.write_text(package.text, encoding="utf-8")
        if pipeline_id is None:
            made = client.upload_pipeline(str(path), pipeline_name=package.name, namespace=namespace)
            versions = client.list_pipeline_versions(made.pipeline_id, sort_by="created_at desc").pipeline_versions
            return made.pipeline_id, versions[0].pipeline_version_id
        name = f"{package.name}-{version_name(package)}"
        same = client.list_pipeline_versions(pipeline_id, filter=_equals(name)).pipeline_versions
        if same:
            return pipeline_id, same[0].pipeline_version_id
        version = client.upload_pipeline_version(str(path), pipeline_version_name=name, pipeline_id=pipeline_id)
        return pipeline_id, version.pipeline_version_id


def _find_pipeline(client: Any, name: str, namespace: str | None) -> str | None:
    found = client.list_pipelines(filter=_equals(name), namespace=namespace).pipelines
    return found[0].pipeline_id if found else None


def _equals(name: str) -> str:
    return json.dumps({"predicates": [{"operation": "EQUALS", "key": "display_name", "stringValue": name}]})


def version_name(package: Package) -> str:
    """What a version of this content is called."""
    return hashlib.sha256(package.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
