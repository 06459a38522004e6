"""Lineage for other systems: a table of names, each a function that is loaded when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

EXPORTERS = {
    "openlineage": "jupyter_mlops.provenance.exporters.openlineage_http:export",
    "mlflow": "jupyter_mlops.provenance.exporters.mlflow_tags:export",
    "mlmd": "jupyter_mlops.provenance.exporters.mlmd_documents:export",
}


def export(name: str, **named: Any) -> Any:
    """Export by the exporter of that name; what it takes and gives is in its own docstring.

    Raises
    ------
    ValueError
        If there is no such exporter.
    """
    if name not in EXPORTERS:
        raise ValueError(f"there is no exporter `{name}`; there are {', '.join(f'`{known}`' for known in EXPORTERS)}")
    module, _, function = EXPORTERS[name].partition(":")
    return getattr(import_module(module), function)(**named)
