"""Which estimators draw from NumPy's global generator is what the library does."""

from __future__ import annotations

import inspect
import warnings

import numpy as np
import pytest
from scipy.stats import uniform
from sklearn.linear_model import LogisticRegression
from sklearn.utils import all_estimators

from nb2pipe.analysis.knowledge.randomness import SKLEARN_CLASSES

DATA_DEPENDS = frozenset("GaussianRandomProjection PCA SparseRandomProjection TSNE".split())
"""They draw for some shapes of data or some settings that are common, so they count as drawing."""

NOT_FOLLOWED = frozenset(
    "AffinityPropagation ElasticNet ElasticNetCV Lasso LassoCV MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV".split()
)
"""They make a generator but their numbers do not depend on it, unless `selection="random"` is asked for."""


def estimators() -> list[object]:
    """List the classes of scikit-learn that take a `random_state`."""
    found = [(name, class_) for name, class_ in all_estimators() if "random_state" in inspect.signature(class_).parameters]
    return [pytest.param(class_, id=name) for name, class_ in found if name not in DATA_DEPENDS | NOT_FOLLOWED]


@pytest.mark.parametrize("class_", estimators())
def test_an_estimator_draws_when_it_is_fitted_just_if_the_table_says_so(class_: type) -> None:
    """Fitting without `random_state` moves NumPy's generator for the classes of the table, and for no other."""
    needed = {"estimator": LogisticRegression(), "base_estimator": LogisticRegression(), "param_distributions": {"C": uniform(0.1, 1)}}
    required = {
        name: needed[name] for name, each in inspect.signature(class_).parameters.items() if each.default is each.empty and name in needed
    }
    data = np.abs(np.random.RandomState(0).rand(60, 6))
    classes = (data[:, 0] > 0.5).astype(int)
    before = np.random.get_state()[1:3]  # noqa: NPY002 - the generator that is looked at
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for target in (classes, data[:, 1], np.c_[classes, classes], None):
            try:
                class_(**required).fit(data, target) if target is not None else class_(**required).fit(data)
            except (ValueError, TypeError, IndexError):
                continue
            break
        else:
            pytest.fail("no sample fits")
    after = np.random.get_state()[1:3]  # noqa: NPY002
    moved = before[1] != after[1] or bool((before[0] != after[0]).any())
    assert moved == (class_.__name__ in SKLEARN_CLASSES)
