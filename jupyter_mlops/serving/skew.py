"""The same rows through the notebook's code and through the served model → do they agree, and where not.

Training-serving skew is any difference between the two: another scaling, another order of columns, text encoded otherwise, a forgotten
default. Numbers must agree within a tolerance, everything else exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN_ROWS = 10


@dataclass(frozen=True, repr=False)
class Skew(Report):
    """What was compared. `differing` counts rows; `first` holds the first of them: (row, output, notebook's value, served value)."""

    kind: ClassVar[str] = "skew"
    verdict: Verdict
    reason: str
    rows: int
    differing: int
    largest: float
    tolerance: float
    first: tuple[tuple[int, str, str, str], ...] = ()

    def view(self) -> dict[str, Any]:
        """Give the facts that are drawn."""
        return {
            "title": "Training-serving skew",
            "verdict": self.verdict.value,
            "reason": self.reason,
            "rows": self.rows,
            "differing": self.differing,
            "largest": self.largest,
            "tolerance": self.tolerance,
            "first": [list(each) for each in self.first],
        }


def check_skew(notebook: Callable[[Any], Any], served: str | Path | Any, rows: Any, *, tolerance: float = 1e-5) -> Skew:
    """Compare both paths on the same raw rows.

    Parameters
    ----------
    notebook : callable
        Raw rows → predictions, by the notebook's own code: preprocessing and model.
    served : folder, or callable
        An exported model; or raw rows → predictions by a running server.
    rows : frame, dict of columns, or array, shape (n, …)
        Raw rows, as clients send them.
    tolerance : float
        How far two numbers may be apart: |a − b| ≤ tolerance · max(1, |a|).

    Returns
    -------
    Skew
        PASS, FAIL, or INCONCLUSIVE when there is no row to compare.

    Raises
    ------
    Rejected
        In a pipeline step, unless it passes.
    """
    report = compare(notebook, served, rows, tolerance)
    return deliver(report, report.verdict)


def compare(notebook: Callable[[Any], Any], served: str | Path | Any, rows: Any, tolerance: float) -> Skew:
    """Do the comparison of `check_skew`, wherever we are."""
    count = _length(rows)
    if count == 0:
        return Skew(Verdict.INCONCLUSIVE, "there is no row to compare", 0, 0, 0.0, tolerance)
    answer = served if callable(served) else ask_folder(Path(served))
    return _judge(_outputs(notebook(rows)), _outputs(answer(rows)), count, tolerance)


def ask_folder(folder: Path) -> Callable[[Any], Any]:
    """Load an exported model; gives the function raw rows → outputs by name."""
    from jupyter_mlops.serving.export import columns_of
    from jupyter_mlops.serving.server.signature import DEFAULT, NUMPY
    from jupyter_mlops.serving.server.versions import load_servable

    servable = load_servable(folder)
    expected = servable.signatures[DEFAULT].inputs

    def ask(rows: Any) -> Any:
        columns = columns_of(rows)
        if len(expected) == 1 and len(columns) == 1:
            columns = {next(iter(expected)): next(iter(columns.values()))}
        missing = sorted(expected.keys() - columns.keys())
        if missing:
            raise ValueError(f"the served model wants columns that the rows lack: {', '.join(missing)}")
        typed = {name: _cast(columns[name], NUMPY[tensor.dtype]) for name, tensor in expected.items()}
        return servable.run(DEFAULT, typed)

    return ask


def _cast(array: Any, kind: str) -> Any:
    return array if kind == "object" or str(array.dtype) == kind else array.astype(kind)


def _outputs(value: Any) -> dict[str, Any]:
    import numpy

    if hasattr(value, "to_numpy") and not isinstance(value, dict):
        value = value.to_numpy()
    named = value if isinstance(value, dict) else {"outputs": value}
    return {str(name): numpy.asarray(each.numpy() if hasattr(each, "numpy") else each) for name, each in named.items()}


def _judge(one: dict[str, Any], other: dict[str, Any], rows: int, tolerance: float) -> Skew:
    import numpy

    if len(one) == 1 and len(other) > 1:  # the notebook has a plain array: it is the scores, or the label
        chosen = _matching(next(iter(one.values())), other)
        one, other = {chosen: next(iter(one.values()))}, {chosen: other[chosen]}
    elif len(one) == len(other) == 1:
        one = {next(iter(other)): next(iter(one.values()))}
    if one.keys() != other.keys():
        reason = f"the notebook gives {', '.join(sorted(one))}, the served model {', '.join(sorted(other))}"
        return Skew(Verdict.FAIL, reason, rows, rows, float("inf"), tolerance)
    bad: Any = numpy.zeros(rows, bool)
    largest, found = 0.0, []
    for name in sorted(one):
        mine, theirs = _row_major(one[name]), _row_major(other[name])
        if mine.shape != theirs.shape or mine.shape[0] != rows:
            reason = f"`{name}` has shape {list(mine.shape)} in the notebook and {list(theirs.shape)} served"
            return Skew(Verdict.FAIL, reason, rows, rows, float("inf"), tolerance)
        differs, distance = _difference(mine, theirs, tolerance)
        largest = max(largest, distance)
        found += [(int(row), name, _show(mine[row]), _show(theirs[row])) for row in numpy.flatnonzero(differs)[:SHOWN_ROWS]]
        bad |= differs
    count = int(bad.sum())
    reason = f"{count} of {rows} rows differ between the notebook and the served model" if count else f"{rows} rows agree"
    return Skew(Verdict.FAIL if count else Verdict.PASS, reason, rows, count, largest, tolerance, tuple(sorted(found)[:SHOWN_ROWS]))


def _matching(array: Any, outputs: dict[str, Any]) -> str:
    same = [
        name
        for name, each in sorted(outputs.items())
        if each.shape == array.shape and (each.dtype.kind == "f") == (array.dtype.kind == "f")
    ]
    return same[0] if same else min(outputs)


def _row_major(array: Any) -> Any:
    import numpy

    if array.dtype.kind in "OUST":
        text = [value.decode() if isinstance(value, bytes) else str(value) for value in array.reshape(-1).tolist()]
        array = numpy.array(text, object).reshape(array.shape)
    return array.reshape(array.shape[0] if array.ndim else 1, -1)


def _difference(mine: Any, theirs: Any, tolerance: float) -> tuple[Any, float]:
    import numpy

    if mine.dtype.kind not in "fiub" or theirs.dtype.kind not in "fiub":
        differs = (mine.astype(str) != theirs.astype(str)).any(axis=1)
        return differs, float("inf") if differs.any() else 0.0
    a, b = mine.astype("float64"), theirs.astype("float64")
    same_special = (numpy.isnan(a) & numpy.isnan(b)) | (a == b)
    with numpy.errstate(invalid="ignore"):
        distance = numpy.where(same_special, 0.0, numpy.abs(a - b))
    distance = numpy.where(numpy.isnan(distance), numpy.inf, distance)
    differs = (distance > tolerance * numpy.maximum(1.0, numpy.nan_to_num(numpy.abs(a), posinf=1.0))).any(axis=1)
    return differs, float(distance.max(initial=0.0))


def _show(row: Any) -> str:
    values = [f"{value:.6g}" if isinstance(value, float) else str(value) for value in row[:4].tolist()]
    return ", ".join(values) + (", …" if len(row) > 4 else "")


def _length(rows: Any) -> int:
    if isinstance(rows, dict):
        return len(next(iter(rows.values()), ()))
    return len(rows)
