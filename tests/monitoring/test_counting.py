"""Counting a chunk at edges without sorting it gives what sorting it gives."""

import numpy
import pytest

from jupyter_mlops.monitoring.counting import count
from jupyter_mlops.monitoring.numeric import count_sorted, edges_of_sorted


@pytest.mark.parametrize("seed", range(10))
def test_counts_equal_those_of_the_sorted_chunk(seed):
    random = numpy.random.default_rng(seed)
    n = 60_000
    values = [
        random.normal(size=n),
        random.lognormal(sigma=2, size=n),
        random.integers(0, 1000, n).astype(float),
        random.standard_cauchy(n),
        numpy.where(random.random(n) < 0.3, 0.0, random.exponential(size=n)),
    ][seed % 5]
    edges = edges_of_sorted(numpy.sort(values[:20_000]), 1024)
    if seed > 4:
        values[:4] = [numpy.nan, numpy.inf, -numpy.inf, 1e300]
        values[4] += 0.5
    found, expected = count(values, edges, nulls=3), count_sorted(numpy.sort(values), edges, nulls=3)
    assert found.cells.tolist() == expected.cells.tolist()
    for name in ("nulls", "negative_infinities", "positive_infinities", "minimum", "maximum"):
        assert getattr(found, name) == getattr(expected, name)
