"""Kale's and papermill's words in a notebook, said in ours; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.documents import path_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def convert(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `convert`."""
    from nb2pipe.api import convert_source
    from nb2pipe.described import TaggedCell
    from nb2pipe.source import CellId

    cells = [TaggedCell(id=CellId(cell["id"]), tags=tuple(cell["tags"]), settings=cell["settings"]) for cell in body["cells"]]
    converted = convert_source(text_of(body), path_of(context, body), cells, body["metadata"])
    return {
        "cells": [{"id": str(cell.id), "tags": list(cell.tags), "settings": dict(cell.settings)} for cell in converted.cells],
        "metadata": None if converted.settings is None else dict(converted.settings),
        "useless": list(converted.useless),
    }
