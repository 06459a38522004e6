"""Groups, labels and decisions, collapsed to counts → demographic parity and equalized odds differences with intervals, as Fairlearn's values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.resampling import of_counts

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

    def value(draws: NDArray[Any]) -> NDArray[Any]:
        return _difference(NAMES[name], draws.reshape(len(draws), -1, 4))

    return of_counts(used.reshape(-1), value, confidence, seed, rectified=True), rates


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


def _difference(name: str, cells: NDArray[Any]) -> NDArray[Any]:
    """Give the largest difference for tables of shape (replicates, groups, 4): label × decision."""
    if name == "demographic_parity_difference":
        return _spread(cells[:, :, 1] + cells[:, :, 3], cells.sum(axis=2))
    hits = _spread(cells[:, :, 3], cells[:, :, 2] + cells[:, :, 3])
    if name == "equal_opportunity_difference":
        return hits
    return numpy.maximum(hits, _spread(cells[:, :, 1], cells[:, :, 0] + cells[:, :, 1]))


def _spread(top: NDArray[Any], bottom: NDArray[Any]) -> NDArray[Any]:
    shares = numpy.divide(top, bottom, out=numpy.full(top.shape, numpy.nan), where=bottom > 0)
    return numpy.nanmax(shares, axis=1) - numpy.nanmin(shares, axis=1)


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
