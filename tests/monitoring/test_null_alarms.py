"""Fifty columns that do not move: at most one report in twenty alarms, at any sizes of both sides."""

import numpy
import pyarrow
import pytest

from jupyter_mlops.monitoring.comparison import compare
from jupyter_mlops.monitoring.pairing import pair

SHAPES = (
    lambda random, n: random.normal(size=n),
    lambda random, n: random.lognormal(size=n),
    lambda random, n: random.gamma(2.0, size=n),
    lambda random, n: random.integers(0, 1000, n).astype(float),
    lambda random, n: random.standard_cauchy(n),
    lambda random, n: random.random(n),
    lambda random, n: random.poisson(3, n).astype(float),
    lambda random, n: numpy.where(random.random(n) < 0.3, 0.0, random.exponential(size=n)),
)


def table(random, n):
    columns = {}
    for index in range(40):
        values = SHAPES[index % 8](random, n)
        lost = (random.random(n) < 0.05) & (index % 5 == 0)
        columns[f"n{index}"] = pyarrow.array(numpy.where(lost, numpy.nan, values), from_pandas=True)
    for index, many in enumerate((2, 3, 4, 5, 8, 12, 20, 50, 100, 200)):
        weight = numpy.ones(many) if index % 2 else 1 / numpy.arange(1, many + 1)
        columns[f"c{index}"] = pyarrow.array(random.choice(many, size=n, p=weight / weight.sum()).astype(str))
    return pyarrow.table(columns)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("n", "m", "reports"), [(200, 200, 60), (1000, 200, 60), (200, 1000, 60), (10_000, 1000, 40), (100_000, 100_000, 3)]
)
def test_at_most_one_report_in_twenty_alarms(n, m, reports):
    alarms = 0
    for seed in range(reports):
        random = numpy.random.default_rng([n, m, seed])
        both = pair(table(random, n), table(random, m))
        alarms += any(result.alarming for result in compare(both.reference, both.current, exact=both.exact))
    assert alarms <= 0.05 * reports
