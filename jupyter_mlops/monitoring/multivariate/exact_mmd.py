"""Rows of both sides → the exact maximum mean discrepancy with a permutation test, the kernel never stored."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.multivariate.kernel import KernelTest, bandwidth, gaussian

BLOCK = 512


def exact_mmd(X: Any, Y: Any, *, permutations: int = 100, seed: int = 0) -> KernelTest:
    """Test whether two sets of rows come from one distribution.

    MMD² = mean k(x, x′) + mean k(y, y′) − 2 mean k(x, y), without pairs of a row with itself. A permutation gives each row a sign: +1 for one
    side, −1 for the other; with signs S (one column a permutation) all sums are in K S, one matrix product for each block of K.

    Parameters
    ----------
    X, Y : float array, shape (n, d) and (m, d)
        Rows in comparable units; at least 2 each.
    permutations : int
        The smallest p is 1 / (permutations + 1).
    seed : int
        Of the permutations.

    Source
    ------
    Gretton, Borgwardt, Rasch, Schölkopf & Smola 2012, "A kernel two-sample test", equation 3, section 5 for permutations.
    """
    n, m = len(X), len(Y)
    if min(n, m) < 2:
        raise ValueError(f"the maximum mean discrepancy needs at least 2 rows on each side, found {n} and {m}")
    Z = numpy.concatenate([X, Y]).astype(numpy.float32)
    width = bandwidth(X, Y)
    signs: Any = numpy.zeros((n + m, permutations + 1), numpy.float32)
    signs[:n, 0] = 1
    random = numpy.random.default_rng(seed)
    for column in range(1, permutations + 1):
        signs[random.permutation(n + m)[:n], column] = 1
    within, total, rows = numpy.zeros(permutations + 1), 0.0, numpy.zeros(permutations + 1)
    for start in range(0, n + m, BLOCK):
        kernel = gaussian(Z[start : start + BLOCK], Z, width)
        product = kernel @ signs
        part = signs[start : start + BLOCK]
        within += (part * product).sum(axis=0, dtype=float)
        sums = kernel.sum(axis=1, dtype=float)
        rows += sums @ part
        total += float(sums.sum())
    cross = rows - within
    other = total - within - 2 * cross
    values = (within - n) / (n * (n - 1)) + (other - m) / (m * (m - 1)) - 2 * cross / (n * m)
    return KernelTest(float(values[0]), float((1 + (values[1:] >= values[0]).sum()) / (permutations + 1)))
