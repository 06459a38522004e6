"""Rows of evidence, one a second → arrays, one entry for each analysis interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.serving.rollout.records import Evidence

Array = Any
LATENCY_BINS = 256
"""Bin 255 begins at an hour: nothing is slower."""


class Blocks(NamedTuple):
    """What one version did in each interval: float arrays of shape (blocks,), tables of shape (blocks, bins)."""

    requests: Array
    errors: Array
    latency: Array
    predictions: Array
    labels: Array
    label_score: Array
    compared: Array
    agreed: Array


def fold(rows: Sequence[Evidence], start: int, seconds: float, blocks: int, names: Sequence[str]) -> Blocks:
    """Fold the rows of one version into `blocks` intervals of `seconds` from second `start` on; rows outside are left out."""
    import numpy

    place = {name: column for column, name in enumerate(names)}
    counts = [numpy.zeros(blocks) for _ in range(6)]
    latency, predictions = numpy.zeros((blocks, LATENCY_BINS)), numpy.zeros((blocks, len(names)))
    found = Blocks(counts[0], counts[1], latency, predictions, *counts[2:])
    for row in rows:
        block = math.floor((row.second - start) / seconds)
        if not 0 <= block < blocks:
            continue
        found.requests[block] += row.requests
        found.errors[block] += row.errors
        for number, count in row.latency_counts.items():
            found.latency[block, min(number, LATENCY_BINS - 1)] += count
        for name, count in row.prediction_counts.items():
            found.predictions[block, place[name]] += count
        found.labels[block] += row.labels
        found.label_score[block] += row.label_score
        found.compared[block] += row.compared
        found.agreed[block] += row.agreed
    return found


def prediction_names(*many: Sequence[Evidence]) -> list[str]:
    """Name all prediction bins that occur, sorted."""
    return sorted({name for rows in many for row in rows for name in row.prediction_counts})


def quantile_bin(counts: Array, level: float) -> int:
    """Find the bin of a latency histogram in which a quantile lies."""
    import numpy

    running = numpy.cumsum(counts)
    return int(numpy.searchsorted(running, level * running[-1]))


def bin_milliseconds(number: int) -> float:
    """Give the upper edge of a latency bin."""
    return float(2 ** ((number + 1) / 8) / 1000)
