"""What made what: verbs note it as OpenLineage events, an index answers questions about it, a graph shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.provenance.entity import Entity
from jupyter_mlops.provenance.events import record

if TYPE_CHECKING:
    from jupyter_mlops.provenance.lineage_report import lineage

__all__ = ["Entity", "lineage", "record"]


def __getattr__(name: str) -> object:
    """Load the questions when the first is asked: every verb imports this package to `record`."""
    if name != "lineage":
        raise AttributeError(f"module `jupyter_mlops.provenance` has no `{name}`")
    from jupyter_mlops.provenance import lineage_report

    return lineage_report.lineage
