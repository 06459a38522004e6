"""A fitted model, or numbers by column → how much of what the model goes by each column carries."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def shares_of_importance(model: Any, importance: Mapping[str, float] | None, columns: list[str]) -> dict[str, float]:
    """Give shares of importance by column, largest first; they add up to 1.

    Parameters
    ----------
    model : object or None
        A fitted estimator, or a pipeline whose last step is one: its `feature_importances_`, else the sizes of its `coef_` (comparable
        only where features have one scale). Columns go by `feature_names_in_` of the model; without it, by the order of `columns`.
    importance : mapping of str to float or None
        Numbers by column that the caller measured; they win over the model's.
    columns : list of str
        Columns of the reference; a transformed feature such as ``scale__age`` or ``land_de`` counts for its column.

    Raises
    ------
    TypeError
        If the model says nothing of its features.
    ValueError
        If a number is negative or not finite, or there are not as many as columns.
    """
    if importance is None:
        if model is None:
            return {}
        importance = _of_model(model, columns)
    sums: dict[str, float] = {}
    for name, value in importance.items():
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"an importance is finite and not negative, found {value} for `{name}`")
        column = _column(name, columns)
        sums[column] = sums.get(column, 0.0) + float(value)
    total = sum(sums.values())
    return {name: round(value / total, 4) for name, value in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))} if total else {}


def _of_model(model: Any, columns: list[str]) -> dict[str, float]:
    import numpy

    steps = getattr(model, "steps", None)
    last = steps[-1][1] if steps else model
    sizes = getattr(last, "feature_importances_", None)
    if sizes is None and getattr(last, "coef_", None) is not None:
        sizes = numpy.abs(numpy.atleast_2d(last.coef_)).mean(axis=0)
    if sizes is None:
        raise TypeError(f"`{type(last).__name__}` has neither `feature_importances_` nor `coef_`; give `importance=` numbers by column")
    names = getattr(last, "feature_names_in_", None)
    if names is None and steps and len(steps) > 1 and hasattr(model[:-1], "get_feature_names_out"):
        names = model[:-1].get_feature_names_out()
    if names is None:
        names = getattr(model, "feature_names_in_", columns)
    if len(names) != len(sizes):
        raise ValueError(f"the model has {len(sizes)} features, {len(names)} names were found; give `importance=` numbers by column")
    return dict(zip(map(str, names), (float(size) for size in sizes), strict=True))


def _column(name: str, columns: list[str]) -> str:
    """Find a transformed feature's column: the longest that it begins with, after scikit-learn's name of the step."""
    if name in columns:
        return name
    bare = name.rsplit("__", maxsplit=1)[-1]
    return max((column for column in columns if bare == column or bare.startswith(f"{column}_")), key=len, default=name)
