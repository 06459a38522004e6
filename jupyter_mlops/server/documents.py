"""The notebook of a request → a document of format 4, as the compiler reads it from a file; outputs were never sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def path_of(context: Context, notebook: Mapping[str, Any]) -> str:
    """Say where a notebook lies, which decides what its imports find; one that jupytext keeps as a script is a notebook here.

    Raises
    ------
    Refused
        When that is outside the server's folder.
    """
    path = context.file(notebook["path"] or "untitled.ipynb")
    return str(path.with_suffix(".ipynb") if path.suffix == ".py" else path)


def document_of(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Make the document."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": notebook["metadata"],
        "cells": [_cell(cell) for cell in notebook["cells"]],
    }


def text_of(notebook: Mapping[str, Any]) -> str:
    """Write the document as a file would hold it."""
    return json.dumps(document_of(notebook), ensure_ascii=False)


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if cell["tags"]:
        metadata["tags"] = cell["tags"]
    if cell["settings"]:
        metadata["nb2pipe"] = cell["settings"]
    common = {"cell_type": cell["type"], "id": cell["id"], "metadata": metadata, "source": cell["source"]}
    return {**common, "execution_count": cell["execution_count"], "outputs": []} if cell["type"] == "code" else common
