"""Models, metrics and statistics of river, which learn one example at a time."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = "from river import compose, drift, linear_model, metrics, preprocessing, stats, tree\n"
SETUP += "example = {'a': 1.0, 'b': 2.0}\nscaler = preprocessing.StandardScaler()\nmodel = linear_model.LogisticRegression()\n"
MODEL = """
    learn_one: example, True | example
    predict_one predict_proba_one transform_one: example
    clone:
"""

FAMILY = Family(
    name="river",
    library="river",
    samples=(
        *(
            Sample(owner=f"river.{path}", setup=SETUP, make=made, calls=table(MODEL), only=True)
            for path, made in (
                ("linear_model.LogisticRegression", "linear_model.LogisticRegression()"),
                ("preprocessing.StandardScaler", "preprocessing.StandardScaler()"),
                ("tree.HoeffdingTreeClassifier", "tree.HoeffdingTreeClassifier()"),
                ("compose.Pipeline", "compose.Pipeline(scaler, model)"),
            )
        ),
        Sample(owner="river.metrics.Accuracy", setup=SETUP, make="metrics.Accuracy()", calls=table("update: True, True\nget:"), only=True),
        Sample(owner="river.stats.Mean", setup=SETUP, make="stats.Mean()", calls=table("update: 3.0\nget:"), only=True),
        Sample(owner="river.drift.ADWIN", setup=SETUP, make="drift.ADWIN()", calls=table("update: 3.0"), only=True),
    ),
)
