"""Random Fourier features see a move of whole rows, and nothing where nothing moved."""

import numpy
import pytest

from jupyter_mlops.monitoring.multivariate.fourier_mmd import fourier_mmd


def test_fourier_features_find_a_move_and_give_the_same_each_time():
    random = numpy.random.default_rng(0)
    before, now = random.normal(size=(800, 5)), random.normal(size=(700, 5)) + 0.3
    assert fourier_mmd(before, now, permutations=200).p < 0.01
    assert fourier_mmd(before, now, permutations=200) == fourier_mmd(before, now, permutations=200)


def test_fourier_features_seldom_alarm_on_equal_rows():
    random = numpy.random.default_rng(1)
    found = [fourier_mmd(*random.normal(size=(2, 200, 4)), features=64, permutations=99).p <= 0.05 for _ in range(60)]
    assert sum(found) <= 9


def test_one_row_is_refused():
    with pytest.raises(ValueError, match="at least 2 rows"):
        fourier_mmd(numpy.ones((1, 2)), numpy.ones((5, 2)))
