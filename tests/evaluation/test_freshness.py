"""Held-out rows that no longer look like live traffic are not judged."""

import numpy as np
import pandas
import pytest

import jupyter_mlops as ml


@pytest.mark.parametrize(("shift", "expected"), [(0.0, "pass"), (1.0, "fail")])
def test_rows_unlike_live_traffic_are_not_judged(shift, expected):
    rng = np.random.default_rng(0)
    rows = pandas.DataFrame({"x": rng.normal(size=3000), "y": rng.integers(0, 2, 3000)})
    live = ml.profile(pandas.DataFrame({"x": rng.normal(size=3000) + shift}))
    report = ml.gate(rng.random(3000), rows, target="y", baseline="majority", live=live, max_eval_drift=0.1)
    assert [check.status for check in report.checks if check.name == "like live traffic"] == [expected]
    assert report.refused == (expected == "fail")
