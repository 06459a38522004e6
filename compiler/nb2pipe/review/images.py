"""The Python of a notebook and of its steps' images → the images that have another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Pipeline

VERSION = r"(?:(?:^|/)python:|\bpython-?|\bpy-?)(\d)\.?(\d{1,2})(?![\d])"
"""How images say their Python: ``python:3.12-slim``, ``jupyter:python-3.11``, ``runtime:py310-cpu``."""


def find_mismatches(notebook: Notebook, pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report each step whose image names another version, at its first cell."""
    own = re.match(r"(\d+)\.(\d+)", notebook.python or "")
    for step in pipeline.steps if own else ():
        found = re.search(VERSION, step.image or "")
        if own and found and found.groups() != own.groups():
            from nb2pipe.rules.nb503 import PythonMismatch

            violation = PythonMismatch(notebook=own[0], image=f"{found[1]}.{found[2]}")
            yield violation.at(Span(step.cells[0], Pos(1, 0), Pos(1, 0)))
