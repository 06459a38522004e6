"""A column's distribution in a few numbers, and how far another sample is from it: KS, PSI, chi-squared."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

BINS = 20


class Distance(NamedTuple):
    """How far two samples are apart: the measure in its own unit, and the probability of so much by chance (1 when it says none)."""

    effect: float
    p_value: float


def reference_of(values: Any) -> dict[str, Any]:
    """Describe the values of a column (a pandas series without nulls): quantile edges, or the counts of categories."""
    import numpy

    if values.dtype.kind in "iuf":
        numbers = numpy.asarray(values, dtype=float)
        numbers = numbers[numpy.isfinite(numbers)]
        edges = numpy.unique(numpy.quantile(numbers, numpy.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
        return {"edges": edges.tolist(), "counts": _binned(numbers, edges).tolist()}
    counts = values.astype(str).value_counts().sort_index()
    return {"categories": counts.index.tolist(), "counts": counts.tolist()}


def _binned(numbers: Any, edges: Any) -> Any:
    """Count numbers in (−∞, e₁], (e₁, e₂], …, (eₖ, ∞)."""
    import numpy

    return numpy.bincount(numpy.searchsorted(edges, numbers, side="left"), minlength=len(edges) + 1)


def counts_in(values: Any, reference: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Count a column as the reference is counted; categories that it has not get a place at the end."""
    import numpy

    if "edges" in reference:
        numbers = numpy.asarray(values, dtype=float)
        return reference["counts"], _binned(numbers[~numpy.isnan(numbers)], numpy.asarray(reference["edges"])).tolist()
    found = values.astype(str).value_counts()
    own = [int(found.get(each, 0)) for each in reference["categories"]]
    return [*reference["counts"], 0], [*own, int(found.sum()) - sum(own)]


def distance(test: str, before: list[int], now: list[int]) -> Distance:
    """Measure two histograms over the same bins.

    ``ks``: D = max |F(e) − G(e)| over the edges (a lower bound of the exact D, within the largest bin), p from Kolmogorov's distribution.
    ``chi_squared``: Cramér's V with the bias taken out, p of the two-sample test. ``psi``: Σ (g − f)·ln(g / f), half a count added to each
    bin, p of the chi-squared test.

    Raises
    ------
    ValueError
        For another test, or an empty sample.

    Source
    ------
    Smirnov 1948; Bergsma 2013, "A bias-correction for Cramér's V"; Siddiqi 2006, "Credit Risk Scorecards".
    """
    import numpy

    f, g = numpy.asarray(before, dtype=float), numpy.asarray(now, dtype=float)
    if not f.sum() or not g.sum():
        raise ValueError("a distribution needs at least one value on each side")
    n, m = f.sum(), g.sum()
    if test == "ks":
        from scipy.special import kolmogorov

        d = float(numpy.abs(numpy.cumsum(f) / n - numpy.cumsum(g) / m).max())
        return Distance(d, float(kolmogorov(d * math.sqrt(n * m / (n + m)))))
    v, p_value = _cramer(f, g)
    if test == "chi_squared":
        return Distance(v, p_value)
    if test == "psi":
        share, other = (f + 0.5) / (f + 0.5).sum(), (g + 0.5) / (g + 0.5).sum()
        return Distance(float(((other - share) * numpy.log(other / share)).sum()), p_value)
    raise ValueError(f"there is no test `{test}`; expected `ks`, `chi_squared` or `psi`")


def _cramer(f: Any, g: Any) -> tuple[float, float]:
    """Test whether two rows of counts have one distribution: the effect, bias-corrected, and the p-value."""
    import numpy
    from scipy.special import chdtrc

    kept = (f + g) > 0
    counts = numpy.stack([f[kept], g[kept]])
    freedom, total = counts.shape[1] - 1, counts.sum()
    if not freedom:
        return 0.0, 1.0
    expected = counts.sum(1, keepdims=True) * counts.sum(0) / total
    statistic = float(((counts - expected) ** 2 / expected).sum())
    phi = max(0.0, statistic / total - freedom / max(total - 1, 1))
    return math.sqrt(phi), float(chdtrc(freedom, statistic))
