"""Counting in buckets gives what sorting the whole column gives."""

import numpy
import pytest
import scipy.stats

from jupyter_mlops.monitoring.bucketed import sketch_both
from jupyter_mlops.monitoring.numeric import count_sorted


@pytest.mark.parametrize("seed", range(12))
def test_sketches_and_distance_equal_those_of_sorted_columns(seed):
    random = numpy.random.default_rng(seed)
    n, m = 40_000, 30_000
    a, b = [
        (random.normal(size=n), random.normal(size=m) + 0.1),
        (random.lognormal(sigma=2, size=n), random.lognormal(sigma=2, size=m)),
        (random.integers(0, 4000, n).astype(float), random.integers(0, 4100, m).astype(float)),
        (random.standard_cauchy(n), random.standard_cauchy(m)),
    ][seed % 4]
    if seed > 7:
        b[:3] = [1e6, numpy.inf, numpy.nan]
    first, second, distance = sketch_both(a, b, (0, 2), ("double", "double"))
    for sketch, values, nulls in ((first, a, 0), (second, b, 2)):
        expected = count_sorted(numpy.sort(values), first.edges, nulls=nulls)
        assert sketch.cells.tolist() == expected.cells.tolist()
        assert (sketch.nulls, sketch.infinities, sketch.minimum, sketch.maximum) == (
            expected.nulls,
            expected.infinities,
            expected.minimum,
            expected.maximum,
        )
    known = b[~numpy.isnan(b)]
    assert abs(distance - scipy.stats.ks_2samp(a, known, method="asymp").statistic) < 1e-12
