"""Notebooks on disk → what the front end would send of them; and what the schema says of answers."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from jupyter_mlops.server.bodies import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def sent(path: Path) -> dict[str, Any]:
    """Take from a notebook file what a request says of it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return {"path": path.name, "metadata": document["metadata"], "cells": [_cell(cell, at) for at, cell in enumerate(document["cells"])]}


def code(*cells: str | tuple[str, list[str]]) -> dict[str, Any]:
    """Make a request of code cells, each a text or a text with its tags."""
    pairs = [(cell, []) if isinstance(cell, str) else cell for cell in cells]
    raw = [{"cell_type": "code", "source": text, "metadata": {"tags": tags} if tags else {}} for text, tags in pairs]
    return {"path": "a.ipynb", "metadata": {}, "cells": [_cell(cell, at) for at, cell in enumerate(raw)]}


def _cell(cell: dict[str, Any], at: int) -> dict[str, Any]:
    source = cell["source"]
    return {
        "id": cell.get("id", f"cell-{at}"),
        "type": cell["cell_type"],
        "source": source if isinstance(source, str) else "".join(source),
        "tags": cell["metadata"].get("tags", []),
        "settings": cell["metadata"].get("nb2pipe", {}),
        "execution_count": cell.get("execution_count"),
    }


@functools.cache
def validator(definition: str) -> Draft202012Validator:
    """Return what checks one definition of the schema, to the letter."""
    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": document["$defs"]})
