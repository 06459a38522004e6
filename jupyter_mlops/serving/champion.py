"""A registered SavedModel → a model that MLflow's `pyfunc` loads, so that gates and batch jobs ask exactly what is served.

`_load_pyfunc` is the name that MLflow looks for in a loader module.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Champion:
    """Raw rows → what the served model answers."""

    def __init__(self, folder: Path) -> None:
        from jupyter_mlops.serving.skew import ask_folder

        self._ask = ask_folder(folder)

    def predict(self, rows: Any, params: Any = None) -> Any:  # noqa: ARG002 - MLflow's signature
        """Answer rows: one array for a model of one output, else a dict of them."""
        if list(getattr(rows, "columns", [])) == list(range(getattr(rows, "shape", (0, 0))[-1])):
            rows = rows.to_numpy()  # MLflow makes a frame of an array
        outputs = self._ask(rows)
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs


def _load_pyfunc(path: str) -> Champion:
    return Champion(Path(path))
