"""`ml.gate`: challenger, champion and baseline on the same time-ordered held-out rows → a verdict that stands on intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.evaluation import comparing, evidence, freshness, hygiene, memory, settings
from jupyter_mlops.evaluation.decision import decide
from jupyter_mlops.evaluation.metrics import compared, find
from jupyter_mlops.evaluation.predictions import BASELINES, Answers
from jupyter_mlops.evaluation.proportions import mcnemar
from jupyter_mlops.evaluation.verdict import GateReport, overall
from jupyter_mlops.report import Verdict, deliver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy

    from jupyter_mlops.evaluation.evidence import Evidence
    from jupyter_mlops.evaluation.settings import Plan
    from jupyter_mlops.framing import Problem


def gate(
    challenger: Any,
    data: Any,
    *,
    target: Any = None,
    champion: Any = None,
    baseline: Any = None,
    rules: Any = None,
    slices: Any = None,
    fairness: Any = None,
    calibration: Any = None,
    latency: Mapping[str, Any] | None = None,
    size: Any = None,
    skew: Mapping[str, Any] | None = None,
    time: str | None = None,
    training: Any = None,
    features: Sequence[str] | None = None,
    evaluated_at: object = None,
    max_age_days: float | None = None,
    max_uses: int | None = None,
    max_eval_drift: float | None = None,
    live: Any = None,
    problem: Problem | None = None,
    confidence: float | None = None,
    on_inconclusive: str | None = None,
    min_n: int | None = None,
    correction: str = "fdr",
    name: str | None = None,
) -> GateReport:
    """Judge whether a challenger may take the champion's place.

    Every rule is decided on an interval: PASS when it lies wholly on the good side, FAIL when wholly on the bad one, INCONCLUSIVE when the
    rows cannot tell, and then the report names how many could. A challenger that is truly worse than a rule allows is promoted with
    probability 1 − `confidence` at most. Comparisons are paired: everybody answers the same rows. Rows that were in training, rows out of
    time order, rows that are too old or used too often are refused: the verdict is FAIL and nothing is judged.

    Parameters
    ----------
    challenger : model, callable, array or str
        Something with `predict_proba` or `predict`, a function features → answers, the answers themselves, shape (n,) or (n, classes), or a
        registry reference (``models:/churn@challenger``).
    data : table or (features, target)
        The held-out rows in order of time; pandas, Polars, Arrow or a mapping of arrays.
    target : str or array, optional
        The column that is predicted, or the labels themselves.
    champion : as `challenger`, optional
        What serves now. A reference that the registry does not have is said in the report, and the baseline alone is compared with.
    baseline : as `challenger`, float or str, optional
        What a model has to beat: also a value of the metric, or ``"majority"``, ``"prior"``, ``"mean"``, ``"median"``.
    rules : list of mappings, mapping or path, optional
        ``{"metric": "roc_auc", "rule": "non_inferior", "against": "champion", "margin": 0.005}``; `rule` is ``non_inferior``, ``superior``,
        ``at_least``, ``at_most`` or ``equal``, `against` is ``champion``, ``baseline`` or ``fixed`` (with `value`), a `margin` such as
        ``"1%"`` is relative. A mapping, or a JSON or YAML file, may hold the other sections too. Unless said: what the problem card implies.
    slices : list or mapping, optional
        Columns (a tuple is a cross), or ``{"by": …, "min_n": 200, "margin": 0.02, "require": "non_inferior" | "no_harm" | "report_only"}``.
    fairness : mapping or list, optional
        ``{"group": "sex", "metric": "equalized_odds_difference", "at_most": 0.05, "min_n": 30}``.
    calibration : float or mapping, optional
        The largest expected calibration error: ``{"at_most": 0.03}``.
    latency : mapping, optional
        ``{"p50_ms": 20, "p99_ms": 80, "batch": 1, "warmup": 50, "n": 1000, "model": packaged}``; `packaged` is a model, a callable that asks
        an endpoint, or a SavedModel's folder.
    size : int or mapping, optional
        The most bytes: ``{"max_bytes": 10_000_000, "model": packaged}``.
    skew : mapping, optional
        ``{"served": endpoint, "rows": 500, "max_abs_diff": 1e-6}``: the same rows through the notebook's model (the challenger, unless
        ``"notebook"`` is given) and through what serves must give the same predictions. Each side is a callable, a model or the predictions;
        `rows` is how many of the held-out rows, or raw rows of their own.
    time : str, optional
        The column that says when a row became known.
    training : table, uint64 array or mapping, optional
        The training rows, their `row_digests`, or ``{"end": last_time, "digests": array}``.
    features : list of str, optional
        The columns that models see; all but the target, or those that a model was fitted with, unless said.
    evaluated_at : datetime or str, optional
        The time of the evaluation; now unless said.
    max_age_days, max_uses, max_eval_drift : number, optional
        How old the newest row may be, how many other challengers may have been judged on these rows, how far the rows may be from `live`.
    live : profile, optional
        A profile of live traffic (`ml.profile`).
    problem : Problem, optional
        The card that defaults come from; the current one unless said.
    confidence : float, optional
        One-sided; 0.95 unless said.
    on_inconclusive : str, optional
        ``"block"`` (unless said), ``"need_n"``, or ``"shadow"``: a step goes on, and the challenger may only shadow.
    min_n : int, optional
        Rows below which nothing is judged; 200 unless said.
    correction : str
        Of rows that fail by chance, over all rows: ``"fdr"`` or ``"holm"``.
    name : str, optional
        Of the model; the card's unless said.

    Returns
    -------
    GateReport
        In a pipeline step a verdict other than PASS raises `Rejected` instead.

    Raises
    ------
    ValueError, TypeError
        For arguments that make no sense.
    EnvironmentProblem
        When a package that is asked for is missing.
    """
    from jupyter_mlops import framing

    card = problem if problem is not None else framing.current()
    given = {key: value for key, value in locals().items() if key not in {"framing", "card"}}
    table = data[0] if isinstance(data, tuple) else data
    tabular = table if isinstance(table, dict) or hasattr(table, "columns") else None
    plan = settings.resolve(given, tabular, card)
    found = evidence.open_table(data, target if target is not None else plan.target, features)
    evidence.inspect(found, plan, training=training, evaluated_at=evaluated_at)
    found.checks += freshness.compare(found.table, live, plan.max_eval_drift)
    fallback = card.baseline if card is not None and card.baseline is not None else None
    sides = {"challenger": challenger, "champion": champion, "baseline": baseline if baseline is not None else fallback}
    return _concluded(_report(plan, found, sides), found, challenger, data)


def _report(plan: Plan, found: Evidence, sides: dict[str, Any]) -> GateReport:
    """Judge, or refuse to."""
    classification = _is_classification(plan, found)
    if not hygiene.refused(found.checks):
        if sides["baseline"] is None and not _has_reference(sides["champion"], plan):
            sides["baseline"] = "majority" if classification else "mean"
        evidence.ask(found, plan, sides, classification=classification)
        if found.champion is None and found.baseline is None and not hygiene.refused(found.checks) and not plan.rules:
            sides["baseline"] = "majority" if classification else "mean"
            evidence.ask(found, plan, {**sides, "champion": None}, classification=classification)
    if not hygiene.refused(found.checks):
        evidence.count_use(found, plan)
    if hygiene.refused(found.checks):
        return GateReport(
            name=plan.name,
            verdict=Verdict.FAIL,
            n=len(found.target),
            confidence=plan.confidence,
            checks=tuple(found.checks),
            versions=found.versions,
        )
    return _judged(plan, found)


def _judged(plan: Plan, found: Evidence) -> GateReport:
    rules = comparing.rules_of(plan, found)
    rows = [comparing.of_rule(rule, plan, found) for rule in rules]
    fair, groups = comparing.of_fairness(plan, found)
    calibrated, curve = comparing.of_calibration(plan, found)
    package, latency = comparing.of_package(plan, found)
    parts, small = comparing.of_slices(plan, found, rules[0]) if plan.slicing.by and rules else ([], [])
    decided = tuple(decide([*rows, *fair, *calibrated, *package, *parts], plan.confidence, plan.correction))
    assert found.challenger is not None
    digests = {"data": found.digest, "challenger": found.challenger.digest}
    if found.champion is not None:
        digests["champion"] = found.champion.digest
    return GateReport(
        name=plan.name,
        verdict=overall(decided),
        n=len(found.target),
        confidence=plan.confidence,
        rows=decided,
        checks=tuple(found.checks),
        values=comparing.points(plan, found),
        tests=tuple(_tests(found)),
        curve=tuple(curve),
        groups=tuple(groups),
        small=tuple(small),
        latency=latency,
        versions=found.versions,
        digests=digests,
        on_inconclusive=plan.on_inconclusive,
        correction=plan.correction,
    )


def _tests(found: Evidence) -> list[dict[str, Any]]:
    """Give the paired tests of "no difference" between challenger and champion (or baseline)."""
    truth, mine = found.truth, found.challenger
    other = found.champion if found.champion is not None else found.baseline
    if truth is None or not truth.classes or mine is None or not isinstance(other, Answers):
        return []
    right, theirs = mine.codes == truth.codes, other.codes == truth.codes
    wins, losses = int((right & ~theirs).sum()), int((theirs & ~right).sum())
    shown = f"challenger alone right on {wins:,} rows, {other.name} alone on {losses:,}"
    tests = [{"test": "McNemar, exact", "p": mcnemar(wins, losses), "detail": shown}]
    if truth.binary and mine.scores is not None and other.scores is not None:
        area, p = compared(truth, mine, other, 0.95)
        if area.defined:
            tests.append({"test": "DeLong, paired AUC", "p": p, "detail": f"difference of the AUCs {area.value:+.4f}"})
    return tests


def _concluded(report: GateReport, found: Evidence, challenger: Any, data: Any) -> GateReport:
    """Remember, note in the lineage, and hand over."""
    from jupyter_mlops.provenance import Entity, record
    from jupyter_mlops.provenance.origins import origin_of, origins_of, remember

    digests = report.digests
    if not report.refused:
        memory.keep(
            report.digest, report.verdict.value, report.view(), data=digests["data"], challenger=digests["challenger"], name=report.name
        )
    sides = [
        (origin_of(challenger) if side == "challenger" else None)
        or Entity("model", report.name, version=found.versions.get(side, "").rpartition(" v")[2] or digests[side])
        for side in ("challenger", "champion")
        if side in digests
    ]
    rows = origins_of(data) or (Entity("dataset", f"held-out rows of {report.name}", version=digests.get("data", "")),)
    made = Entity("report", f"gate {report.name}", version=report.digest)
    record("gate", inputs=(*rows, *sides), outputs=(made,), facets={"gate": report.facet()})
    remember(report, made)
    blocks = (Verdict.FAIL,) if report.on_inconclusive == "shadow" else (Verdict.FAIL, Verdict.INCONCLUSIVE)
    return deliver(report, report.verdict, blocks=blocks)


def _is_classification(plan: Plan, found: Evidence) -> bool:
    """Tell by the metrics, else by the labels: text, booleans and a few whole numbers are classes."""
    metrics = [rule.metric for rule in plan.rules] or ([find(plan.metric, plan.higher_is_better)] if plan.metric else [])
    named = [metric for metric in metrics if metric.function is None]
    if named:
        return not any(metric.regression for metric in named)
    labels: numpy.ndarray[Any, Any] = found.target
    if labels.dtype.kind in "OUSb":
        return True
    return labels.dtype.kind in "iu" and len(set(labels.tolist())) <= 20


def _has_reference(champion: Any, plan: Plan) -> bool:
    return champion is not None or any(rule.against == "fixed" for rule in plan.rules) or plan.good_enough is not None


__all__ = ["BASELINES", "gate"]
