"""Estimators, boosters and matrices of XGBoost."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = """
import numpy as np
import xgboost
X = np.array([[0.0, 3.0], [1.0, 1.0], [2.0, 5.0], [3.0, 2.0]])
y = np.array([0, 1, 0, 1])
other = xgboost.DMatrix(X, y)
"""
ESTIMATOR = """
    fit score: X, y
    predict predict_proba apply: X
    set_params: n_estimators=3
    get_params get_booster get_xgb_params get_num_boosting_rounds:
"""

FAMILY = Family(
    name="xgboost",
    library="xgboost",
    slow=True,
    samples=(
        *(
            Sample(owner=f"xgboost.{kind}", setup=SETUP, make=f"xgboost.{kind}(n_estimators=2){fit}", calls=table(ESTIMATOR), only=True)
            for kind in ("XGBClassifier", "XGBRegressor")
            for fit in ("", ".fit(X, y)")
        ),
        Sample(
            owner="xgboost.Booster",
            setup=SETUP,
            make="xgboost.train({'max_depth': 2}, other, 2)",
            calls=table("""
                predict: other
                update: other, 3
                set_param: 'eta', 0.5
                set_attr: best='1'
                get_dump get_score num_features save_config copy attributes:
            """),
            only=True,
        ),
        Sample(
            owner="xgboost",
            module=True,
            setup=SETUP + "x = xgboost\n",
            calls=table("DMatrix: X, y\ntrain: {'max_depth': 2}, other, 2"),
            only=True,
        ),
    ),
)
