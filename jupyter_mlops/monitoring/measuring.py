"""One column in two profiles → its statistics, not yet judged: the judgement needs all columns."""

from __future__ import annotations

import math

from jupyter_mlops.monitoring import histograms
from jupyter_mlops.monitoring.categorical import CategoricalSketch
from jupyter_mlops.monitoring.numeric import NumericSketch
from jupyter_mlops.monitoring.results import ColumnResult, Status
from jupyter_mlops.monitoring.sketch import Profile, Sketch
from jupyter_mlops.monitoring.statistics import kolmogorov_smirnov as ks
from jupyter_mlops.monitoring.statistics.chi_squared import chi_squared, pool_rare
from jupyter_mlops.monitoring.statistics.cramers_v import cramers_v
from jupyter_mlops.monitoring.statistics.jensen_shannon import jensen_shannon
from jupyter_mlops.monitoring.statistics.kolmogorov_distribution import p_value
from jupyter_mlops.monitoring.statistics.missingness import difference_of_shares, share_p_value
from jupyter_mlops.monitoring.statistics.population_stability import population_stability_index
from jupyter_mlops.monitoring.statistics.wasserstein import wasserstein_of_cells

POWER = 0.8416
"""The normal quantile of 0.8: "would show in four of five cases"."""


def measure(name: str, reference: Profile, current: Profile, *, named: bool, exact: float | None) -> ColumnResult:
    """Measure one column; what makes a comparison impossible is its status already."""
    before, now = reference.columns.get(name), current.columns.get(name)
    if before is None or now is None:
        there = before or now
        assert there is not None
        lost = now is None
        reason = "the current data does not have it" if lost else "the reference does not have it; nothing can be said about it"
        return ColumnResult(name, kind_of(there), Status.MISSING if lost else Status.NEW, reason)
    result = _missing_values(ColumnResult(name, kind_of(before), notes=_notes(before, now)), before, now)
    if not before.values or not now.values:
        return _without_values(result, before, now)
    if kind_of(before) != kind_of(now):
        return result.with_(status=Status.CHANGED_TYPE, reason=f"it was `{before.type}` and is `{now.type}`")
    if kind_of(before) == "time" and not named:
        return result.with_(status=Status.NOT_TESTED, reason="a time moves on by itself; name it in `columns=` to test it")
    if isinstance(before, NumericSketch) and isinstance(now, NumericSketch):
        return _numbers(result, before, now, exact)
    if isinstance(before, CategoricalSketch) and isinstance(now, CategoricalSketch):
        return _categories(result, before, now)
    return result.with_(reason=f"no distribution is kept of `{before.type}`")


def kind_of(sketch: Sketch) -> str:
    """Name the family of a column, times apart from numbers."""
    return "time" if sketch.family == "numeric" and sketch.type.startswith(("timestamp", "date")) else sketch.family


def detectable(result: ColumnResult, reference: Profile, current: Profile, *, minimum_effect: float, alpha: float) -> float:
    """Give the smallest true effect that the rule would find in four of five cases at these sizes, when tested at `alpha`."""
    if not result.test:
        return math.nan
    n, m = reference.columns[result.column].values, current.columns[result.column].values
    if result.test == "Kolmogorov-Smirnov":
        threshold = max(ks.critical_distance(n, m, alpha), minimum_effect + ks.radius(n, m))
        return min(1.0, threshold + POWER * 0.5 * math.sqrt(1 / n + 1 / m))
    from scipy.special import chdtri

    freedom = max(1, round(result.bounds[1]))
    unit = math.sqrt((n + m) / (n * m)) / 2
    return min(1.0, max(math.sqrt(float(chdtri(freedom, alpha))), minimum_effect / unit + 1.96) * unit + POWER * unit)


def _missing_values(result: ColumnResult, before: Sketch, now: Sketch) -> ColumnResult:
    if not before.rows or not now.rows:
        return result
    found = (before.nulls, before.rows, now.nulls, now.rows)
    p = share_p_value(*found) if before.nulls or now.nulls else math.nan
    shares = {"missing": before.nulls / before.rows, "missing_now": now.nulls / now.rows}
    return result.with_(**shares, missing_p=p, missing_low=difference_of_shares(*found).low)


def _without_values(result: ColumnResult, before: Sketch, now: Sketch) -> ColumnResult:
    """Say what can be said when a side has no value at all."""
    if not before.rows or not now.rows:
        side = "reference" if not before.rows else "current data"
        return result.with_(status=Status.CANNOT_TELL, reason=f"the {side} has no rows")
    if not before.values and not now.values:
        return result.with_(status=Status.NOT_TESTED, reason="it has no value on either side")
    return result.with_(reason="it had no value in the reference" if not before.values else "it has no value any more")


def _numbers(result: ColumnResult, before: NumericSketch, now: NumericSketch, exact: float | None) -> ColumnResult:
    if len(before.edges) != len(now.edges) or (before.edges != now.edges).any():
        if not (before.exact or now.exact):
            raise ValueError(
                f"column `{result.column}` was counted at different edges; make the current profile with `like=` the reference"
            )
        before, now = _same_edges(before, now)
    n, m = before.values, now.values
    bounds = ks.bounds_of_cells(before.cells, now.cells) if exact is None else ks.Bounds(exact, exact)
    half = ks.radius(n, m)
    bins = histograms.equal_frequency(before, now)
    return result.with_(
        test="Kolmogorov-Smirnov",
        effect=bounds.low,
        low=max(0.0, bounds.low - half),
        high=min(1.0, bounds.high + half),
        bounds=tuple(bounds),
        p=p_value(bounds.low, n, m),
        psi=population_stability_index(*bins),
        jensen_shannon=jensen_shannon(*bins),
        wasserstein=wasserstein_of_cells(before.edges, before.cells, now.cells),
    )


def _same_edges(before: NumericSketch, now: NumericSketch) -> tuple[NumericSketch, NumericSketch]:
    """Count both at the edges of the coarser one: possible where the other is exact."""
    from numpy import repeat

    from jupyter_mlops.monitoring.numeric import count_sorted

    if before.exact and now.exact:
        from numpy import union1d

        edges = union1d(before.edges, now.edges)
        return before.at(edges), now.at(edges)
    fine, coarse = (before, now) if before.exact else (now, before)
    again = count_sorted(repeat(fine.edges, fine.cells[1::2]), coarse.edges, nulls=fine.nulls, type=fine.type)
    return (again, coarse) if before.exact else (coarse, again)


def _categories(result: ColumnResult, before: CategoricalSketch, now: CategoricalSketch) -> ColumnResult:
    names, first, second = histograms.aligned(before, now)
    unheard = (
        tuple((name, int(rows)) for name, was, rows in zip(names, first, second, strict=True) if name and not was and rows)
        if not before.other
        else ()
    )
    pooled = pool_rare(first, second)
    test = chi_squared(*pooled)
    result = result.with_(new_categories=unheard[:20])
    if unheard:
        many = f"{len(unheard)} new categories" if len(unheard) > 1 else f"new category `{unheard[0][0]}`"
        result = result.with_(notes=(*result.notes, f"{many} in {sum(rows for _, rows in unheard):,} rows"))
    if not test.freedom and not (before.constant and now.constant):
        few = min(before.values, now.values) < 10
        reason = "no category is frequent enough to compare: an identifier or free text"
        return result.with_(status=Status.CANNOT_TELL, reason="too few rows") if few else result.with_(reason=reason)
    effect = cramers_v(test.statistic, test.freedom, before.values, now.values)
    return result.with_(
        test="chi-squared",
        effect=effect.value,
        low=effect.low,
        high=effect.high,
        bounds=(test.statistic, float(test.freedom)),
        p=test.p,
        psi=population_stability_index(*pooled),
        jensen_shannon=jensen_shannon(*pooled),
    )


def _notes(before: Sketch, now: Sketch) -> tuple[str, ...]:
    notes = []
    if before.type != now.type and kind_of(before) == kind_of(now):
        notes.append(f"type `{before.type}` → `{now.type}`")
    if isinstance(before, NumericSketch) and isinstance(now, NumericSketch) and now.infinities:
        notes.append(f"{now.infinities:,} infinite values" + ("" if before.infinities else ", none in the reference"))
    if now.constant:
        notes.append("constant on both sides" if before.constant else "one value only, several in the reference")
    return tuple(notes)
