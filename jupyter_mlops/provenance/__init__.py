"""What made what: verbs note it as OpenLineage events, an index answers questions about it, a graph shows it."""

from __future__ import annotations

from jupyter_mlops.provenance.entity import Entity
from jupyter_mlops.provenance.events import record

__all__ = ["Entity", "record"]
