"""Rows of both sides → the maximum mean discrepancy by random Fourier features, with a permutation test."""

from __future__ import annotations

import math
from typing import Any

import numpy

from jupyter_mlops.monitoring.multivariate.kernel import KernelTest, bandwidth


def fourier_mmd(X: Any, Y: Any, *, features: int = 512, permutations: int = 1000, seed: int = 0) -> KernelTest:
    """Compare mean feature vectors: k(x, y) ≈ z(x)·z(y), z(x) = √(2/D) cos(W x + b), so MMD² ≈ |mean z(x) − mean z(y)|².

    Source
    ------
    Rahimi & Recht 2007, "Random features for large-scale kernel machines"; Zhao & Meng 2015, "FastMMD".
    """
    n, m = len(X), len(Y)
    if min(n, m) < 2:
        raise ValueError(f"the maximum mean discrepancy needs at least 2 rows on each side, found {n} and {m}")
    random = numpy.random.default_rng(seed)
    Z = numpy.concatenate([X, Y]).astype(numpy.float32)
    W = random.normal(scale=math.sqrt(2 / bandwidth(X, Y)), size=(Z.shape[1], features)).astype(numpy.float32)
    mapped = numpy.cos(Z @ W + random.uniform(0, 2 * math.pi, features).astype(numpy.float32)) * numpy.float32(math.sqrt(2 / features))
    total, values = mapped.sum(axis=0, dtype=float), []
    for start in range(0, permutations + 1, 100):
        weights: Any = numpy.zeros((min(100, permutations + 1 - start), n + m), numpy.float32)
        for row in range(len(weights)):
            weights[row, random.permutation(n + m)[:n] if start + row else slice(0, n)] = 1
        sums = (weights @ mapped).astype(float)
        values += ((sums / n - (total - sums) / m) ** 2).sum(axis=1).tolist()
    return KernelTest(values[0], (1 + sum(value >= values[0] for value in values[1:])) / (permutations + 1))
