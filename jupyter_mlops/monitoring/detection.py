"""`ml.drift`: a reference and current data → which columns moved, how much, since when, in which slices, and so what."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.monitoring import groups, predictions
from jupyter_mlops.monitoring.comparison import MINIMUM_EFFECT, compare
from jupyter_mlops.monitoring.importance import shares_of_importance
from jupyter_mlops.monitoring.numeric import NumericSketch
from jupyter_mlops.monitoring.pairing import Pair, pair
from jupyter_mlops.monitoring.pictures import picture
from jupyter_mlops.monitoring.refresh import segment_to_refresh
from jupyter_mlops.monitoring.results import ColumnResult, Status
from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ORDER = list(Status)


@dataclass(frozen=True, repr=False)
class DriftReport(Report):
    """What `ml.drift` found.

    `columns`: the results, alarms first, then by effect; `verdict`; `drifted`: names of columns that alarm; `metrics`: numbers by name.
    """

    kind: ClassVar[str] = "drift"

    columns: tuple[ColumnResult, ...]
    verdict: Verdict
    rows: tuple[int, int]
    minimum_effect: float
    q: float
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    since: dict[str, dict[str, Any]] = field(default_factory=dict)
    slices: tuple[dict[str, Any], ...] = ()
    refresh: tuple[dict[str, Any], ...] = ()
    performance: dict[str, Any] | None = None
    multivariate: dict[str, Any] | None = None
    importance: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def drifted(self) -> tuple[str, ...]:
        """Names of the columns that somebody has to look at, strongest first."""
        return tuple(result.column for result in self.columns if result.alarming)

    @property
    def metrics(self) -> dict[str, float]:
        """Numbers for a tracker or a policy: ``drifted``, ``psi.COLUMN``, ``effect.COLUMN`` …."""
        numbers = {"drifted": float(len(self.drifted)), "tested": float(sum(bool(result.test) for result in self.columns))}
        for result in self.columns:
            for name in ("effect", "psi", "jensen_shannon", "wasserstein", "p", "q"):
                value = getattr(result, name)
                if not math.isnan(value):
                    numbers[f"{name}.{result.column}"] = value
        return numbers

    def view(self) -> dict[str, Any]:
        """Give all facts that are drawn; at most 100 kB for 50 columns."""
        return {
            "title": "Drift",
            "verdict": self.verdict.value,
            "headline": self._headline(),
            "rows": list(self.rows),
            "minimum_effect": self.minimum_effect,
            "q": self.q,
            "columns": [_row(result) | self.pictures.get(result.column, {}) for result in self.columns],
            "since": self.since,
            "slices": list(self.slices)[:30],
            "refresh": list(self.refresh),
            "performance": self.performance,
            "multivariate": self.multivariate,
            "importance": dict(list(self.importance.items())[:50]),
            "notes": list(self.notes),
        }

    def _headline(self) -> str:
        tested = sum(bool(result.test) for result in self.columns)
        if self.verdict is Verdict.INCONCLUSIVE:
            return f"cannot tell: {self.rows[1]:,} rows against {self.rows[0]:,} are too few to see a change in any column"
        if not self.drifted:
            return f"no drift: none of {tested} columns moved by more than {self.minimum_effect:g}"
        listed = ", ".join(f"`{name}`" for name in self.drifted[:5]) + (" …" if len(self.drifted) > 5 else "")
        return f"drift in {len(self.drifted)} of {len(self.columns)} columns: {listed}"


def drift(
    reference: Any,
    current: Any,
    *,
    columns: Iterable[str] | None = None,
    problem: Any = None,
    minimum_effect: float | None = None,
    q: float = 0.05,
    slices: Sequence[str] | None = None,
    time: str | None = None,
    windows: int = 12,
    predictions: str | None = None,
    multivariate: str | None = None,
    model: Any = None,
    importance: Mapping[str, float] | None = None,
    blocks: tuple[Verdict, ...] = (Verdict.FAIL, Verdict.INCONCLUSIVE),
) -> DriftReport:
    """Compare current data with a reference: which columns moved, how much, since when, in which slices, and so what.

    A column alarms only when its q-value (Benjamini-Hochberg over all columns) is below `q` and the lower end of the 95 % interval of its
    effect is above `minimum_effect`.

    Parameters
    ----------
    reference, current : frame, path, pattern, list of paths, Arrow dataset or Profile
        A profile of the training data is enough; slices need the reference's rows.
    columns : iterable of str or None
        Which; by default all, but times only when named.
    problem : Problem or None
        The card that slices, time column and minimum effect are taken from; by default the current one.
    minimum_effect : float or None
        Effects that do not matter: D for numbers, Cramér's V for categories. By default the card's, else 0.02.
    q : float
        Share of false alarms to accept among all alarms.
    slices : sequence of str or None
        Columns of categories within which to compare as well.
    time : str or None
        The time column of `current`: say since when, in `windows` windows of equal length.
    predictions : str or None
        The column of predicted probabilities (then performance is estimated without labels) or predicted values.
    multivariate : str or None
        "mmd" or "classifier": whether the numeric columns moved together, though each may look the same.
    model, importance : fitted model, mapping of str to float, or None
        What the model goes by (`feature_importances_`, `coef_`), or numbers by column: the report says which columns that matter moved.
    blocks : tuple of Verdict
        Verdicts that stop a pipeline step.

    Raises
    ------
    ValueError, TypeError
        If an argument is not as said here, or a frame has no columns.
    EnvironmentProblem
        If a path names nothing.
    Rejected
        In a pipeline step, for a verdict in `blocks`.
    """
    card = _card(problem)
    least = minimum_effect if minimum_effect is not None else getattr(card, "drift_minimum_effect", None)
    least = MINIMUM_EFFECT if least is None else least
    named = None if columns is None else list(columns)
    extra = [name for name in [time, predictions, *(slices or ())] if name]
    both = pair(reference, current, None if named is None else dict.fromkeys([*named, *extra]))
    _known(both, extra)
    found = compare(both.reference, both.current, columns=named, minimum_effect=least, q=q, exact=both.exact)
    ordered = tuple(sorted(found, key=lambda one: (ORDER.index(one.status), -(0.0 if math.isnan(one.effect) else one.effect), one.column)))
    weights = shares_of_importance(model, importance, list(both.reference.columns))
    report = DriftReport(
        ordered,
        _verdict(ordered),
        (both.reference.rows, both.current.rows),
        least,
        q,
        importance=weights,
        **_details(
            both,
            ordered,
            least,
            q,
            time or _column(card, "time_column", both),
            windows,
            slices if slices is not None else [name for name in getattr(card, "slices", ()) if name in both.reference.columns],
            predictions,
            multivariate,
        ),
    )
    _record(report, reference, current)
    return deliver(report, report.verdict, blocks=blocks)


def _card(problem: Any) -> Any:
    if problem is not None:
        return problem
    from jupyter_mlops import framing

    return framing.current() if hasattr(framing, "current") else None


def _column(card: Any, name: str, both: Pair) -> str | None:
    column = getattr(card, name, None)
    return column if column in both.current.columns else None


def _known(both: Pair, names: list[str]) -> None:
    for name in names:
        if name not in both.current.columns:
            raise ValueError(
                f"the current data has no column `{name}`; its columns are {', '.join(f'`{one}`' for one in list(both.current.columns)[:20])}"
            )


def _verdict(results: tuple[ColumnResult, ...]) -> Verdict:
    if any(result.alarming for result in results):
        return Verdict.FAIL
    if any(result.status is Status.CANNOT_TELL for result in results):
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def _details(
    both: Pair,
    results: tuple[ColumnResult, ...],
    least: float,
    q: float,
    time: str | None,
    windows: int,
    slices: Sequence[str],
    score: str | None,
    multivariate: str | None,
) -> dict[str, Any]:
    """Everything that is said beside the verdict."""
    before, now = both.reference.columns, both.current.columns
    comparable = [one.column for one in results if one.test]
    moved = [one.column for one in results if one.status is Status.DRIFT and one.test]
    notes = []
    told: dict[str, Any] = {"pictures": {name: picture(before[name], now[name]) for name in comparable}}
    grown = [{"column": name, **segment} for name in moved[:5] if (segment := segment_to_refresh(before[name], now[name]))]
    told["refresh"] = tuple(grown)
    if time is not None and both.current_source is not None and moved:
        chosen = [name for name in moved if name != time][:20]
        told["since"] = groups.windows(both.reference, both.current_source, time, chosen, count=windows, minimum_effect=least, q=q)
    if slices and both.reference_source is not None and both.current_source is not None:
        tested = [name for name in comparable if name not in slices]
        found = [
            one
            for by in slices
            for one in groups.slices(both.reference, both.reference_source, both.current_source, by, tested, minimum_effect=least, q=q)
        ]
        told["slices"] = tuple(found)
    elif slices:
        notes.append("slices need the rows of the reference; only a profile was given")
    if score is not None and score in before:
        first, second = before[score], now[score]
        told["performance"] = (
            predictions.track(first, second) if isinstance(first, NumericSketch) and isinstance(second, NumericSketch) else None
        )
    if multivariate is not None:
        from jupyter_mlops.monitoring.multivariate import compare_rows

        told["multivariate"] = compare_rows(both, multivariate)
    return told | {"notes": tuple(notes)}


def _row(result: ColumnResult) -> dict[str, Any]:
    numbers = ("effect", "low", "high", "p", "q", "detectable", "psi", "jensen_shannon", "wasserstein", "missing", "missing_now")
    values = {name: None if math.isnan(getattr(result, name)) else float(f"{getattr(result, name):.4g}") for name in numbers}
    new = [[name[:40], rows] for name, rows in result.new_categories[:5]]
    return {
        "column": result.column,
        "status": result.status.value,
        "reason": result.reason,
        "test": result.test,
        **values,
        "new": new,
        "notes": list(result.notes),
    }


def _record(report: DriftReport, *things: Any) -> None:
    from jupyter_mlops.provenance import Entity, record
    from jupyter_mlops.provenance.origins import origins_of

    facets = {"drifted": list(report.drifted), "verdict": report.verdict.value}
    record("drift", inputs=origins_of(*things), outputs=(Entity("report", "drift", facets=facets),))
