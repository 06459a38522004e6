"""What lineage speaks of: a dataset, a model, a deployment, a report, a run, each at one version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from jupyter_mlops.provenance.secrecy import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["dataset", "model", "deployment", "report", "run"]

KINDS = ("dataset", "model", "deployment", "report", "run")
OWN = "nb2pipe"
"""The OpenLineage namespace of what has no address of its own, and the prefix of our facets."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that is made or used.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    name : str
        Its name or URI; two entities of one kind, name and version are the same thing.
    version : str
        What tells its states apart: a content digest of a dataset, the registry's number of a model. "" when unknown; as an input it then
        means the newest version known at that time.
    facets : mapping
        More about it, JSON values by name (``{"deployment": {"state": "promoted", "traffic": 1.0}}``); see ``facets/*.json``.
    made_from : tuple of Entity, optional
        For an output: the inputs of the same event that it really was made from. Default: all of them.
    """

    kind: Kind
    name: str
    version: str = ""
    facets: Mapping[str, Any] = field(default_factory=dict)
    made_from: tuple[Entity, ...] | None = None

    def address(self) -> tuple[str, str]:
        """Give the OpenLineage namespace and name: those of its naming rules for a URI, so that other producers' events meet ours."""
        name = redacted(self.name)
        if self.kind != "dataset":
            return f"{OWN}:{self.kind}", name
        scheme, separator, rest = name.partition("://")
        if not separator:
            return OWN, name
        if scheme == "file":
            return "file", "/" + rest.lstrip("/")
        authority, _, path = rest.partition("/")
        return f"{scheme}://{authority}", path or "/"
