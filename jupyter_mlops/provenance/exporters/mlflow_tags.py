"""What made a tracked run → tags on that run in MLflow, so that its page says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.provenance.entity import Entity
from jupyter_mlops.provenance.lineage_report import lineage

if TYPE_CHECKING:
    from pathlib import Path

_MOST_CHARACTERS = 5_000
"""MLflow refuses longer values of tags."""


def tags(run_id: str, *, home_folder: Path | None = None) -> dict[str, str]:
    """Make the tags of a run: ``nb2pipe.lineage.cells``, ``.datasets`` and ``.models``, one ``name@version`` a line.

    Raises
    ------
    ValueError
        If lineage knows no such run.
    """
    above = lineage(Entity("run", run_id), home_folder=home_folder).upstream()
    found: dict[str, list[str]] = {}
    for node in above.nodes:
        if node.id not in above.focus:
            found.setdefault(f"nb2pipe.lineage.{node.kind}s", []).append(f"{node.title}@{node.version}" if node.version else node.title)
    return {name: "\n".join(lines)[:_MOST_CHARACTERS] for name, lines in sorted(found.items())}


def export(*, run_id: str, client: Any = None, tracking_uri: str | None = None, home_folder: Path | None = None) -> dict[str, str]:
    """Write the tags; `client` is an ``MlflowClient``, else one of `tracking_uri` is made.

    Raises
    ------
    EnvironmentProblem
        If MLflow is not installed.
    ValueError
        If lineage knows no such run.
    """
    made = tags(run_id, home_folder=home_folder)
    client = client or need("mlflow", "track").tracking.MlflowClient(tracking_uri=tracking_uri)
    for name, value in made.items():
        client.set_tag(run_id, name, value)
    return made
