"""Two profiles → how far each column has moved, by the words of the policy's language, and whether that is more than noise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.policy import Measure

if TYPE_CHECKING:
    from jupyter_mlops.monitoring.results import ColumnResult
    from jupyter_mlops.monitoring.sketch import Profile

MINIMUM_EFFECT = 0.05


def movements(reference: Profile, current: Profile, *, minimum_effect: float = MINIMUM_EFFECT) -> dict[str, dict[str, Any]]:
    """Compare all columns of the reference by the rule of `ml.drift`.

    Parameters
    ----------
    reference, current : Profile
        The second made ``like=`` the first.
    minimum_effect : float
        The effect below which a movement is not called drift, however sure it is.

    Returns
    -------
    dict
        By column, JSON values: ``effects``, ``drifted``, ``status``, and perhaps ``note``. A column that is missing, has no values or another
        type has no effects and a note; whoever reads it must not take that for quiet.
    """
    from jupyter_mlops.monitoring.comparison import compare

    results = compare(reference, current, minimum_effect=minimum_effect)
    return {each.column: _written(each) for each in results if each.column in reference.columns}


def _written(result: ColumnResult) -> dict[str, Any]:
    main = {"Kolmogorov-Smirnov": Measure.KS, "chi-squared": Measure.CRAMER}.get(result.test)
    numbers = {
        main: result.effect,
        Measure.PSI: result.psi,
        Measure.JENSEN_SHANNON: result.jensen_shannon,
        Measure.WASSERSTEIN: result.wasserstein,
    }
    effects = {measure.value: number for measure, number in numbers.items() if measure is not None and math.isfinite(number)}
    written: dict[str, Any] = {"effects": effects, "drifted": result.alarming, "status": result.status.value}
    quiet = result.status.value in {"drift", "steady"} and bool(effects)
    if notes := dict.fromkeys(filter(None, ["" if quiet else result.reason, *result.notes])):
        written["note"] = "; ".join(notes)
    return written
