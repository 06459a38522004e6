"""Two profiles → what changed, column by column, under one error budget.

The rule: a column drifts when its q-value is below `q` and the lower end of the effect's interval is above the minimum effect. Many columns
cannot then alarm by chance, nor many rows on nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_mlops.monitoring import measuring
from jupyter_mlops.monitoring.results import ColumnResult, Status
from jupyter_mlops.monitoring.sketch import Profile
from jupyter_mlops.monitoring.statistics.false_discovery import q_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MINIMUM_EFFECT = 0.02
"""D or V: two of a hundred rows on another side of some threshold. Smaller changes are real in large samples, and move no model."""

BLIND = 0.5
"""With too few rows to see an effect this large, "steady" would say nothing."""


def compare(
    reference: Profile,
    current: Profile,
    *,
    columns: Iterable[str] | None = None,
    minimum_effect: float = MINIMUM_EFFECT,
    q: float = 0.05,
    exact: Mapping[str, float] | None = None,
) -> list[ColumnResult]:
    """Compare a table with its reference: data drift, training-serving skew, a stale evaluation set and prediction drift are all this.

    Parameters
    ----------
    reference, current : Profile
        The second best made with ``like=`` the first.
    columns : iterable of str or None
        Which; by default all of the reference and, as new ones, those only in `current`. Times are tested only when named: they move by themselves.
    minimum_effect : float
        Effects (Kolmogorov-Smirnov's D, Cramér's V, difference of missing shares) that do not matter; in [0, 1).
    q : float
        Share of false alarms among all alarms to accept; in (0, 1).
    exact : mapping of str to float or None
        Columns whose D is known exactly from a second look at the data.

    Returns
    -------
    list of ColumnResult
        In the reference's order, new columns last.

    Raises
    ------
    ValueError
        If a limit is out of its range or a column is in neither profile.
    """
    if not 0 <= minimum_effect < 1:
        raise ValueError(f"`minimum_effect` is from 0 to below 1, found {minimum_effect}")
    if not 0 < q < 1:
        raise ValueError(f"`q` is between 0 and 1, found {q}")
    names = list(dict.fromkeys([*reference.columns, *current.columns] if columns is None else columns))
    for name in names:
        if name not in reference.columns and name not in current.columns:
            raise ValueError(
                f"there is no column `{name}`; the columns are {', '.join(f'`{known}`' for known in list(reference.columns)[:20])}"
            )
    results = [measuring.measure(name, reference, current, named=columns is not None, exact=(exact or {}).get(name)) for name in names]
    return judge(results, reference, current, minimum_effect=minimum_effect, q=q)


def judge(results: list[ColumnResult], reference: Profile, current: Profile, *, minimum_effect: float, q: float) -> list[ColumnResult]:
    """Give each measured column its q-values and its verdict."""
    adjusted = q_values([result.p for result in results] + [result.missing_p for result in results])
    tests = sum(not math.isnan(value) for value in adjusted)
    judged = []
    for index, result in enumerate(results):
        told = result.with_(q=adjusted[index], missing_q=adjusted[len(results) + index])
        told = told.with_(detectable=measuring.detectable(told, reference, current, minimum_effect=minimum_effect, alpha=q / max(tests, 1)))
        judged.append(_verdict(told, minimum_effect, q))
    return judged


def _verdict(result: ColumnResult, least: float, q: float) -> ColumnResult:
    """Apply the rule."""
    if result.status is not Status.STEADY:
        return result
    measure = "D" if result.test == "Kolmogorov-Smirnov" else "V"
    if result.missing_q < q and result.missing_low > least:
        moved = f"missing values went from {result.missing:.1%} to {result.missing_now:.1%}"
        return result.with_(status=Status.DRIFT, reason=moved)
    if result.q < q and result.low > least:
        return result.with_(
            status=Status.DRIFT, reason=f"the distribution moved: {measure} = {result.effect:.3g}, at least {result.low:.3g}"
        )
    if not result.test:
        return result.with_(status=Status.NOT_TESTED, reason=result.reason or "nothing to compare")
    if result.detectable > BLIND:
        return result.with_(status=Status.CANNOT_TELL, reason="too few rows: even a change of half the rows could go unseen")
    if result.q < q:
        return result.with_(reason=f"a change is real but may be as small as {result.low:.2g}, below {least:g}")
    return result.with_(reason=f"no change seen; one of {result.detectable:.2g} would be")
