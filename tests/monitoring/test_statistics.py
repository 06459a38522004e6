"""Our statistics say what SciPy's do, digit for digit."""

import numpy
import pytest
import scipy.spatial.distance
import scipy.stats

from jupyter_mlops.monitoring.statistics.chi_squared import chi_squared
from jupyter_mlops.monitoring.statistics.cramers_v import cramers_v
from jupyter_mlops.monitoring.statistics.false_discovery import q_values
from jupyter_mlops.monitoring.statistics.jensen_shannon import jensen_shannon
from jupyter_mlops.monitoring.statistics.kolmogorov_distribution import p_value, survival
from jupyter_mlops.monitoring.statistics.kolmogorov_smirnov import kolmogorov_smirnov
from jupyter_mlops.monitoring.statistics.wasserstein import wasserstein


@pytest.mark.parametrize("seed", range(40))
def test_distance_and_p_value_equal_scipys(seed):
    random = numpy.random.default_rng(seed)
    n, m = random.integers(2, 3000, 2)
    a, b = random.normal(size=n), random.normal(size=m) + 0.1 * (seed % 3)
    if seed % 2:
        a, b = a.round(1), b.round(1)
    if seed % 7 == 0:
        a[0] = numpy.inf
    expected = scipy.stats.ks_2samp(a, b, method="asymp")
    distance = kolmogorov_smirnov(a, b)
    assert abs(distance - expected.statistic) < 1e-12
    assert abs(p_value(distance, n, m) - expected.pvalue) < 1e-12


@pytest.mark.parametrize("n", [1, 2, 3, 10, 139, 140, 141, 1000, 5000, 30001])
def test_every_branch_of_the_kolmogorov_distribution_equals_scipys(n):
    for z in numpy.linspace(0.05, 4, 20):
        x = z / numpy.sqrt(n)
        assert abs(survival(n, x) - scipy.stats.kstwo.sf(x, n)) < 1e-12


@pytest.mark.parametrize("seed", range(10))
def test_chi_squared_equals_scipys(seed):
    random = numpy.random.default_rng(seed)
    table = random.integers(0, 50, (2, 3 + seed)) + 1
    expected = scipy.stats.chi2_contingency(table, correction=False)
    found = chi_squared(*table)
    assert abs(found.statistic - expected.statistic) < 1e-12 * max(1, expected.statistic)
    assert abs(found.p - expected.pvalue) < 1e-12


def test_wasserstein_jensen_shannon_and_q_values_equal_scipys():
    random = numpy.random.default_rng(0)
    a, b = random.normal(size=500), random.gamma(2, size=300)
    assert wasserstein(a, b) == pytest.approx(scipy.stats.wasserstein_distance(a, b), abs=1e-12)
    r, c = random.integers(0, 9, (2, 20))
    assert jensen_shannon(r, c) == pytest.approx(scipy.spatial.distance.jensenshannon(r, c, base=2), abs=1e-12)
    p = random.random(30)
    assert q_values(p) == pytest.approx(scipy.stats.false_discovery_control(p), abs=1e-12)


def test_cramers_v_does_not_depend_on_how_large_the_window_is():
    shares, moved = numpy.array([0.5, 0.3, 0.2]), numpy.array([0.4, 0.35, 0.25])
    effects = []
    for m in (10_000, 1_000_000):
        first, second = (shares * 1_000_000).astype(int), (moved * m).astype(int)
        test = chi_squared(first, second)
        effects.append(cramers_v(test.statistic, test.freedom, first.sum(), second.sum()))
    assert effects[0].value == pytest.approx(effects[1].value, abs=0.01)
    assert all(effect.low <= effect.value <= effect.high for effect in effects)


def test_empty_samples_are_refused():
    with pytest.raises(ValueError, match="found an empty one"):
        kolmogorov_smirnov([], [1.0])
    with pytest.raises(ValueError, match="found an empty one"):
        chi_squared([0, 0], [1, 2])
