"""Rows of several columns on both sides → whether they moved together, though each column alone may look the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from jupyter_mlops.monitoring.pairing import Pair
    from jupyter_mlops.monitoring.sources import Source

ROWS = 10_000
"""How many rows of a side are looked at: spread evenly over the data."""


def compare_rows(both: Pair, method: str) -> dict[str, Any]:
    """Test the numeric columns of both sides together.

    Parameters
    ----------
    both : Pair
        With rows on both sides, not only profiles.
    method : str
        "mmd" (exact up to 5,000 rows a side, the block test above) or "classifier".

    Raises
    ------
    ValueError
        If the method is another, a side has no rows to look at, or there is no numeric column.
    """
    if method not in {"mmd", "classifier"}:
        raise ValueError(f"`multivariate` is `mmd` or `classifier`, found `{method}`")
    if both.reference_source is None or both.current_source is None:
        raise ValueError("a test of whole rows needs the rows of both sides, found a profile")
    names = [
        name
        for name, sketch in both.reference.columns.items()
        if sketch.family == "numeric" and not sketch.type.startswith(("timestamp", "date"))
    ]
    names = [name for name in names if name in both.current.columns and both.current.columns[name].family == "numeric"]
    if not names:
        raise ValueError("a test of whole rows needs numeric columns on both sides, found none")
    X, Y = (_rows(source, names) for source in (both.reference_source, both.current_source))
    middle, spread = numpy.median(X, axis=0), numpy.subtract(*numpy.percentile(X, [75, 25], axis=0))
    spread = numpy.where(spread > 0, spread, 1.0)
    X, Y = (numpy.clip((side - middle) / spread, -5, 5) for side in (X, Y))
    if method == "classifier":
        from jupyter_mlops.monitoring.multivariate.domain_classifier import domain_classifier

        found = domain_classifier(X, Y, names)
        sentence = f"a classifier tells both sides apart with AUC {found.auc:.3f} ({found.low:.3f} to {found.high:.3f}), most by {', '.join(found.columns[:3])}"
        return {"method": method, "auc": found.auc, "low": found.low, "high": found.high, "sentence": sentence}
    from jupyter_mlops.monitoring.multivariate.block_mmd import block_mmd
    from jupyter_mlops.monitoring.multivariate.exact_mmd import exact_mmd

    test = exact_mmd(X, Y) if max(len(X), len(Y)) <= 5000 else block_mmd(X, Y)
    sentence = f"taken together, {len(names)} numeric columns {'moved' if test.p < 0.05 else 'show no move'}: MMD² = {test.statistic:.3g}, p = {test.p:.2g}"
    return {"method": method, "statistic": test.statistic, "p": test.p, "sentence": sentence}


def _rows(source: Source, names: list[str]) -> Any:
    """Take evenly spread rows that have all values."""
    from jupyter_mlops.monitoring.chunks import dense

    step, parts, seen = max(1, source.rows // ROWS), [], 0
    for batch in source.parts(names):
        start = -seen % step
        parts.append(numpy.stack([dense(batch.column(name))[start::step] for name in names], axis=1))
        seen += batch.num_rows
    whole = numpy.concatenate(parts)
    whole = whole[numpy.isfinite(whole).all(axis=1)]
    if len(whole) < 4:
        raise ValueError(f"a test of whole rows needs at least 4 rows with all values on each side, found {len(whole)}")
    return whole
