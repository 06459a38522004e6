"""Rows → the Gaussian kernel's bandwidth, and blocks of the kernel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy


class KernelTest(NamedTuple):
    """`statistic`: an estimate of MMD²; `p`: how probable one as large is when nothing moved."""

    statistic: float
    p: float


def bandwidth(X: Any, Y: Any, *, rows: int = 500) -> float:
    """Give the median squared distance of `rows` evenly spread rows: the median heuristic (Gretton et al. 2012, section 8)."""
    Z = numpy.concatenate([X[:: max(1, len(X) // rows)], Y[:: max(1, len(Y) // rows)]])
    square = (Z**2).sum(axis=1)
    distance = square[:, None] + square - 2 * Z @ Z.T
    median = float(numpy.median(distance[numpy.triu_indices(len(Z), 1)]))
    return median if median > 0 else 1.0


def gaussian(X: Any, Y: Any, width: float) -> Any:
    """Give k(x, y) = exp(−|x − y|² / width) for all pairs, in the precision of `X`."""
    block = X @ Y.T
    block *= 2
    block -= (X**2).sum(axis=1)[:, None]
    block -= (Y**2).sum(axis=1)
    block /= X.dtype.type(width)
    return numpy.exp(numpy.minimum(block, 0, out=block), out=block)
