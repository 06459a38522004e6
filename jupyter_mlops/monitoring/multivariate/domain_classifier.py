"""Rows of both sides → how well a classifier tells them apart, and by which columns."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy

from jupyter_mlops.errors import need


class Separation(NamedTuple):
    """Cross-validated AUC with its 95 % interval (0.5: not at all), columns by importance, and each current row's score."""

    auc: float
    low: float
    high: float
    columns: tuple[str, ...]
    scores: Any


def domain_classifier(X: Any, Y: Any, names: list[str], *, folds: int = 3, seed: int = 0) -> Separation:
    """Train a logistic model with squares to say from which side a row is, on rows that it then is not asked about.

    Source
    ------
    Lopez-Paz & Oquab 2017, "Revisiting classifier two-sample tests"; interval: Hanley & McNeil 1982.
    """
    need("sklearn", "sklearn")
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    if min(len(X), len(Y)) < 2 * folds:
        raise ValueError(f"the domain classifier needs at least {2 * folds} rows on each side, found {min(len(X), len(Y))}")
    Z = numpy.concatenate([X, Y])
    Z = numpy.concatenate([Z, Z**2], axis=1)
    side: Any = numpy.repeat([0, 1], [len(X), len(Y)])
    model = LogisticRegression(max_iter=200, C=0.1)
    scores = cross_val_predict(model, Z, side, cv=StratifiedKFold(folds, shuffle=True, random_state=seed), method="predict_proba")[:, 1]
    first, second = numpy.sort(scores[: len(X)]), scores[len(X) :]
    wins = numpy.searchsorted(first, second, "left") + numpy.searchsorted(first, second, "right")
    auc, n, m = float(wins.mean() / 2 / len(X)), len(Y), len(X)
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    error = math.sqrt(max(auc * (1 - auc) + (n - 1) * (q1 - auc * auc) + (m - 1) * (q2 - auc * auc), 0.0) / (n * m))
    weights = numpy.abs(model.fit(Z, side).coef_[0]) * Z.std(axis=0)
    order = numpy.argsort(-(weights[: len(names)] + weights[len(names) :]), kind="stable")
    return Separation(auc, max(0.0, auc - 1.96 * error), min(1.0, auc + 1.96 * error), tuple(names[index] for index in order), second)
