"""Drifted columns → which rows the training data now lacks: the segments that grew most."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring import histograms
from jupyter_mlops.monitoring.categorical import CategoricalSketch
from jupyter_mlops.monitoring.numeric import NumericSketch
from jupyter_mlops.monitoring.sketch import Sketch


def segment_to_refresh(before: Sketch, now: Sketch, *, bins: int = 10) -> dict[str, Any] | None:
    """Give the tenth of the reference's range, or the category, whose share of rows grew most.

    Returns
    -------
    dict or None
        `segment` (text), `before` and `now` (shares); None where nothing can be said.
    """
    if isinstance(before, CategoricalSketch) and isinstance(now, CategoricalSketch) and before.values and now.values:
        names, first, second = histograms.aligned(before, now)
        gain = second / second.sum() - first / first.sum()
        best = int(gain.argmax())
        return _said(f"= {names[best] or 'others'}", first[best] / first.sum(), second[best] / second.sum())
    if not (isinstance(before, NumericSketch) and isinstance(now, NumericSketch)) or not before.values or not now.values:
        return None
    limits = numpy.unique([histograms.quantile(before, share) for share in numpy.arange(1, bins) / bins])
    if not len(limits) or not numpy.array_equal(before.edges, now.edges):
        return None
    places = 2 * numpy.searchsorted(before.edges, limits) + 2  # cells up to and with the limit's own
    shares = [
        numpy.diff(numpy.concatenate([[0], numpy.cumsum(side.cells)[places - 1], [side.values]])) / side.values for side in (before, now)
    ]
    best = int((shares[1] - shares[0]).argmax())
    low = "" if best == 0 else f"> {limits[best - 1]:.4g}"
    high = "" if best == len(limits) else f"≤ {limits[best]:.4g}"
    return _said(" and ".join(part for part in (low, high) if part), shares[0][best], shares[1][best])


def _said(segment: str, before: float, now: float) -> dict[str, Any] | None:
    return {"segment": segment, "before": round(float(before), 4), "now": round(float(now), 4)} if now > before else None
