"""Makes notebooks for the tests of the front end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nb2pipe.frontend import read_text


def notebook_text(*cells: dict[str, Any], **metadata: Any) -> str:
    """Write a notebook of format 4; a cell's keys override those of an empty code cell."""
    whole = [
        {"cell_type": "code", "id": f"id{index}", "metadata": {}, "source": "", "outputs": [], "execution_count": None} | cell
        for index, cell in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": whole})


@pytest.fixture
def write_notebook():
    return notebook_text


@pytest.fixture
def read_cells():
    """Read a notebook of code cells given as ``(tags, source)``."""

    def read(*cells: tuple[list[str], str], **metadata: Any):
        return read_text(notebook_text(*({"metadata": {"tags": tags}, "source": source} for tags, source in cells), **metadata), "nb.ipynb")

    return read
