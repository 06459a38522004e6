"""Rows of both sides → the block test (B-test): the maximum mean discrepancy in linear time, with a normal null distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy

from jupyter_mlops.monitoring.multivariate.kernel import KernelTest, bandwidth, gaussian


def block_mmd(X: Any, Y: Any, *, block: int = 200, seed: int = 0) -> KernelTest:
    """Average the unbiased MMD² of blocks of rows; blocks are independent, so their mean over its standard error is normal.

    Parameters
    ----------
    X, Y : float array, shape (n, d) and (m, d)
        At least four blocks of rows; they are shuffled, because neighbours in a log are alike.
    block : int
        Rows of each side in a block.

    Source
    ------
    Zaremba, Gretton & Blaschko 2013, "B-tests: low variance kernel two-sample tests".
    """
    random = numpy.random.default_rng(seed)
    count = min(len(X), len(Y)) // block
    if count < 4:
        raise ValueError(f"the block test needs at least {4 * block} rows on each side, found {min(len(X), len(Y))}")
    width = bandwidth(X, Y)
    first, second = (side[random.permutation(len(side))[: count * block]].astype(numpy.float32) for side in (X, Y))
    values = []
    for start in range(0, count * block, block):
        x, y = first[start : start + block], second[start : start + block]
        within = [(float(gaussian(side, side, width).sum(dtype=float)) - block) / (block * (block - 1)) for side in (x, y)]
        values.append(sum(within) - 2 * float(gaussian(x, y, width).mean(dtype=float)))
    mean, error = float(numpy.mean(values)), float(numpy.std(values, ddof=1)) / math.sqrt(count)
    return KernelTest(mean, 0.5 * math.erfc(mean / error / math.sqrt(2)) if error else 1.0)
