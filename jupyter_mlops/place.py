"""The stack of a verb's call → where it was called: a cell of a notebook, a cell in a pipeline step, or a plain program.

The step runtime compiles each cell under the name ``churn.ipynb › cell 5 (step train)`` (`runtime/cells.py`), so the stack itself says
that a step is running; nothing is configured.
"""

from __future__ import annotations

import os
import re
import sys
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

_STEP_CELL = re.compile(r"(?P<notebook>.+) › cell (?P<cell>\d+) \(step (?P<step>.+)\)")


class Where(Enum):
    """The three kinds of places."""

    NOTEBOOK = "notebook"
    STEP = "step"
    PROGRAM = "program"


class Place(NamedTuple):
    """Where a verb was called.

    `cell` is the cell's number in a step (from 1, all kinds of cells counted) and its id in a notebook; `run` is the run's name where the
    runner says it (``NB2PIPE_RUN``). What is not known is "".
    """

    where: Where
    notebook: str = ""
    cell: str = ""
    step: str = ""
    run: str = ""


def here() -> Place:
    """Find the innermost cell of a notebook on the stack."""
    run = os.environ.get("NB2PIPE_RUN", "")
    frame: Any = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller's code
    while frame:
        match = _STEP_CELL.fullmatch(frame.f_code.co_filename)
        if match:
            return Place(Where.STEP, match["notebook"], match["cell"], match["step"], run)
        frame = frame.f_back
    shell = kernel_shell()
    if shell is None:
        return Place(Where.PROGRAM, Path(sys.argv[0]).name if sys.argv else "", "", "", run)
    try:
        cell = str(shell.parent_header["metadata"]["cellId"])
    except (AttributeError, KeyError, TypeError):  # a front end that does not say
        cell = ""
    return Place(Where.NOTEBOOK, Path(os.environ.get("JPY_SESSION_NAME", "")).name, cell, "", run)


def kernel_shell() -> Any:
    """Give the shell of the Jupyter kernel that we run in, or None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return shell if hasattr(shell, "kernel") else None


def home() -> Path:
    """Give the folder that keeps what lifecycle verbs remember: ``$NB2PIPE_HOME``, else the nearest ``.nb2pipe`` above, else one here.

    It holds ``mlflow.db`` and ``mlruns/`` (tracking, registry), ``lineage/``, ``serving/``, ``monitoring/``. Nobody makes it before writing to it.
    """
    named = os.environ.get("NB2PIPE_HOME")
    if named:
        return Path(named)
    start = Path.cwd()
    return next((folder / ".nb2pipe" for folder in (start, *start.parents) if (folder / ".nb2pipe").is_dir()), start / ".nb2pipe")
