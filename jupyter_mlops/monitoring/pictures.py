"""Two sketches of a column → shares of the same bins, small enough to be kept in a notebook."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.monitoring import histograms
from jupyter_mlops.monitoring.categorical import CategoricalSketch
from jupyter_mlops.monitoring.numeric import NumericSketch
from jupyter_mlops.monitoring.sketch import Sketch


def picture(before: Sketch, now: Sketch) -> dict[str, Any]:
    """Shares of the same bins, in hundredths of a percent."""
    if isinstance(before, NumericSketch) and isinstance(now, NumericSketch):
        limits, shares = histograms.equal_width((before, now))
        return {
            "range": [float(f"{limits[0]:.6g}"), float(f"{limits[-1]:.6g}")],
            "histogram": [(side * 10000).round().astype(int).tolist() for side in shares],
        }
    assert isinstance(before, CategoricalSketch)
    assert isinstance(now, CategoricalSketch)
    names, first, second = histograms.aligned(before, now)
    top = sorted(
        range(len(names)), key=lambda index: (-max(first[index] / max(before.values, 1), second[index] / max(now.values, 1)), index)
    )[:12]
    sides = [
        [round(10000 * int(side[index]) / max(sketch.values, 1)) for index in top] for side, sketch in ((first, before), (second, now))
    ]
    return {"categories": [names[index][:40] or "(others)" for index in top], "histogram": sides}
