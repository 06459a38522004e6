"""Groups, labels and decisions, collapsed to counts → demographic parity and equalized odds differences with intervals, as Fairlearn's values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.resampling import REPLICATES, drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.predictions import Answers, Truth

NAMES = {
    "demographic_parity_difference": "demographic_parity_difference",
    "demographic_parity_diff": "demographic_parity_difference",
    "demographic_parity": "demographic_parity_difference",
    "equalized_odds_difference": "equalized_odds_difference",
    "equalized_odds_diff": "equalized_odds_difference",
    "equalized_odds": "equalized_odds_difference",
    "equal_opportunity_difference": "equal_opportunity_difference",
    "equal_opportunity": "equal_opportunity_difference",
}


def estimate(
    name: str, truth: Truth, answers: Answers, groups: NDArray[Any], *, confidence: float, seed: int | None, least: int = 30
) -> tuple[Estimate, list[dict[str, Any]]]:
    """Estimate the largest difference between groups, and give each group's rates.

    Demographic parity: of the share decided positive. Equalized odds: the larger of the differences of true and false positive rates. Equal
    opportunity: of true positive rates. Groups of fewer than `least` rows are listed and left out.

    Parameters
    ----------
    name : str
        A key of `NAMES`.
    truth, answers : Truth, Answers
        Two classes, n rows.
    groups : array, shape (n,)
        Which group each row is of; missing values make a group of their own.
    confidence : float
        One-sided.
    seed : int
        Of the resampling.
    least : int
        Rows.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in NAMES:
        raise ValueError(
            f"the fairness metric `{name}` is not known; there are {', '.join(f'`{each}`' for each in sorted(set(NAMES.values())))}"
        )
    if not truth.binary:
        return undefined(truth.n, confidence, "differences between groups need two classes"), []
    labels, codes = coded(groups)
    cells = codes * 4 + truth.flags * 2 + (answers.codes == truth.positive)
    table = numpy.bincount(cells, minlength=4 * len(labels)).reshape(-1, 4)
    kept = table.sum(axis=1) >= least
    rates = [_rates(label, row, bool(used)) for label, row, used in zip(labels, table, kept, strict=True)]
    if kept.sum() < 2:
        return undefined(truth.n, confidence, f"fewer than two groups have {least} rows"), rates
    used = table[kept]
    if "odds" in name and (used[:, :2].sum(axis=1) == 0).any() | (used[:, 2:].sum(axis=1) == 0).any():
        return undefined(truth.n, confidence, "a group has labels of one class only"), rates

    return _interval(NAMES[name], used.astype(float), confidence, seed), rates


def _interval(name: str, table: NDArray[Any], confidence: float, seed: int | None) -> Estimate:
    """Estimate the largest difference of a table of shape (groups, 4).

    Noise alone makes the groups differ, and which pair differs most is found on the same rows. From below, the largest difference of what
    the rates miss their truth by is taken off: range(seen) ≤ range(true) + range(noise) whatever the truth is. From above, the percentile
    of the draws is already too high by the same noise.
    """
    n = int(table.sum())
    value = float(_difference(name, table[None])[0])
    if seed is None:
        return Estimate(value=value, low=numpy.nan, high=numpy.nan, n=n, confidence=confidence, method="")
    smooth = table + 0.5  # a group without a miss is not sure never to miss
    draws = drawn(smooth.reshape(-1), n, seed).reshape(-1, *table.shape)
    high = max(float(numpy.nanquantile(_difference(name, draws), confidence)), value)
    low = max(0.0, value - float(numpy.nanquantile(_difference(name, draws, smooth), confidence)))
    method = f"bootstrap of counts ({REPLICATES:,} replicates), of the largest difference"
    return Estimate(value=value, low=low, high=high, n=n, confidence=confidence, method=method)


def coded(values: NDArray[Any]) -> tuple[list[str], NDArray[Any]]:
    """Number the distinct values of a column in their order as text; missing ones are ``(missing)``."""
    if values.dtype.kind in "biu":
        found, codes = numpy.unique(values, return_inverse=True)
        return [str(each) for each in found.tolist()], codes.reshape(-1)
    pandas = sys.modules.get("pandas")
    if pandas is not None:  # never loaded for this, but where it is, it numbers a million texts ten times as fast
        codes, found = pandas.factorize(values, use_na_sentinel=False)
        return _in_order([_label(each) for each in list(found)], codes)
    known: dict[Any, int] = {}
    codes = numpy.asarray([known.setdefault(each, len(known)) for each in values.tolist()], dtype=numpy.int64)
    return _in_order([_label(each) for each in known], codes)


def _label(value: Any) -> str:
    return "(missing)" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN is missing


def _in_order(labels: list[str], codes: NDArray[Any]) -> tuple[list[str], NDArray[Any]]:
    """Sort labels, join equal ones, and number again."""
    ordered = sorted(set(labels))
    place = {label: at for at, label in enumerate(ordered)}
    return ordered, numpy.asarray([place[label] for label in labels], dtype=numpy.int64)[codes]


def _difference(name: str, cells: NDArray[Any], around: NDArray[Any] | None = None) -> NDArray[Any]:
    """Give the largest difference for tables of shape (replicates, groups, 4), label × decision; with `around`, that of the deviations."""
    parts = {
        "demographic_parity_difference": (((1, 3), (0, 1, 2, 3)),),
        "equal_opportunity_difference": (((3,), (2, 3)),),
        "equalized_odds_difference": (((3,), (2, 3)), ((1,), (0, 1))),
    }[name]
    found = []
    for top, bottom in parts:
        shares = _shares(cells, top, bottom)
        if around is not None:
            shares = shares - _shares(around[None], top, bottom)
        found.append(numpy.nanmax(shares, axis=1) - numpy.nanmin(shares, axis=1))
    return numpy.maximum.reduce(found)


def _shares(cells: NDArray[Any], top: tuple[int, ...], bottom: tuple[int, ...]) -> NDArray[Any]:
    """Divide sums of cells; nothing of nothing is not known."""
    counted, whole = cells[:, :, list(top)].sum(axis=2), cells[:, :, list(bottom)].sum(axis=2)
    return numpy.divide(counted, whole, out=numpy.full(counted.shape, numpy.nan), where=whole > 0)


def _rates(label: str, row: NDArray[Any], used: bool) -> dict[str, Any]:
    false, hit = int(row[0] + row[1]), int(row[2] + row[3])
    return {
        "group": label,
        "n": false + hit,
        "selected": float(row[1] + row[3]) / max(false + hit, 1),
        "true_positive_rate": float(row[3]) / hit if hit else None,
        "false_positive_rate": float(row[1]) / false if false else None,
        "judged": used,
    }
