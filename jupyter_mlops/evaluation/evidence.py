"""Models and held-out rows → the answers to compare, and the checks that came out on the way; what makes a verdict meaningless is a failed check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.evaluation import columns, hygiene, memory, registry
from jupyter_mlops.evaluation.hygiene import Check
from jupyter_mlops.evaluation.predictions import BASELINES, Answers, Truth, Unusable, answers_of, known_classes, truth_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.settings import Plan


@dataclass(slots=True, kw_only=True)
class Evidence:
    """What a gate judges. `features` is what models are asked with; `champion` and `baseline` are None where there is none."""

    table: Any
    features: Any
    target: NDArray[Any]
    truth: Truth | None = None
    challenger: Answers | None = None
    champion: Answers | None = None
    baseline: Answers | float | None = None
    model: Any = None
    versions: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    digest: str = ""


def open_table(data: Any, target: Any, features: Any) -> Evidence:
    """Read ``data`` (a table, or ``(features, target)``) into the rows, what models see of them, and the labels.

    Raises
    ------
    ValueError
        When the target is not said or no column, or its length is another.
    """
    if isinstance(data, tuple):
        if len(data) != 2:
            raise ValueError(f"`data` is a table or a pair (features, target), not {len(data)} things")
        seen, labels = data
        found = numpy.asarray(labels.to_numpy() if hasattr(labels, "to_numpy") else labels)
        is_table = isinstance(seen, Mapping) or hasattr(seen, "columns")
        return Evidence(table=seen if is_table else {"row": numpy.arange(len(found))}, features=seen, target=found)
    if target is None:
        raise ValueError("`target` names the column of `data` that is predicted; a problem card with `target` does too")
    if not isinstance(target, str):
        return Evidence(table=data, features=data, target=numpy.asarray(target.to_numpy() if hasattr(target, "to_numpy") else target))
    labels = columns.column(data, target)
    seen = columns.only(data, features) if features is not None else columns.without(data, [target])
    return Evidence(table=data, features=seen, target=labels)


def ask(evidence: Evidence, plan: Plan, sides: Mapping[str, Any], *, classification: bool) -> None:
    """Get everybody's answers, and write down who cannot be judged."""
    models = {"challenger": sides["challenger"]}
    for side in ("challenger", "champion"):
        if sides[side] is not None:
            models[side] = _fetched(evidence, plan, side, sides[side])
    if hygiene.refused(evidence.checks):
        return
    evidence.model = models["challenger"]
    known = known_classes(evidence.model)
    evidence.truth = truth_of(evidence.target, classification=classification, positive=plan.positive, known=known)
    evidence.challenger = _answered(evidence, "challenger", models["challenger"])
    if models.get("champion") is not None:
        evidence.champion = _answered(evidence, "champion", models["champion"])
    baseline = sides["baseline"]
    if isinstance(baseline, int | float) and not isinstance(baseline, bool):
        evidence.baseline = float(baseline)
    elif baseline is not None:
        evidence.baseline = _answered(evidence, "baseline", baseline)


def inspect(evidence: Evidence, plan: Plan, *, training: Any, evaluated_at: object) -> None:
    """Check the rows themselves, before any model is asked."""
    checks = evidence.checks
    checks += plan.notes
    rows = len(evidence.target)
    if rows == 0:
        checks.append(Check(name="rows", status="fail", found="there are no rows", fix="hold out rows to judge on"))
        return
    if columns.names(evidence.table) and columns.height(evidence.table) != rows:
        raise ValueError(f"`data` has {columns.height(evidence.table):,} rows and the target {rows:,}")
    checks.append(hygiene.answerable(evidence.target))
    checks += hygiene.without_variation(evidence.features)
    end = training.get("end") if isinstance(training, Mapping) and "end" in training else None
    rows_seen = training.get("digests") if isinstance(training, Mapping) and ({"end", "digests"} & set(training)) else training
    if rows_seen is None:
        checks.append(Check(name="rows not in training", status="warning", found="not checked: pass the training rows as `training`"))
    else:
        checks.append(hygiene.overlap(evidence.table, rows_seen, 0.0))
        end = end if end is not None else hygiene.training_end(rows_seen, plan.time)
    if plan.time is None:
        checks.append(Check(name="time order", status="warning", found="not checked: name the time column as `time`"))
    else:
        checks += hygiene.order(evidence.table, plan.time, end)
        checks.append(hygiene.age(evidence.table, plan.time, evaluated_at, plan.max_age_days))


def count_use(evidence: Evidence, plan: Plan) -> None:
    """Digest the rows with their labels, and check how often they have decided."""
    assert evidence.challenger is not None
    words = columns.row_digests(evidence.table) + columns.row_digests({"": evidence.target})
    evidence.digest = columns.data_digest(words)
    evidence.checks.append(hygiene.reuse(memory.uses(evidence.digest, evidence.challenger.digest), plan.max_uses))


def _fetched(evidence: Evidence, plan: Plan, side: str, model: Any) -> Any:
    """Load a registry reference; no champion is a fact to be told, no registry is a reason not to judge."""
    if not registry.is_reference(model):
        if isinstance(model, str) and model not in BASELINES:
            raise ValueError(f"the {side} `{model}` is no registry reference (`models:/NAME@ALIAS`, `@ALIAS`) and no baseline")
        return model
    try:
        loaded, evidence.versions[side] = registry.load(model, name=plan.name)
        return loaded
    except registry.Missing as error:
        status = "warning" if side == "champion" else "fail"
        found = f"{error}: compared with the baseline only" if side == "champion" else str(error)
        evidence.checks.append(Check(name=side, status=status, found=found, fix="" if side == "champion" else "register it first"))
    except EnvironmentProblem as error:
        evidence.checks.append(Check(name=side, status="fail", found=str(error).partition("\n")[0], fix=error.hint))
    return None


def _answered(evidence: Evidence, side: str, model: Any) -> Answers | None:
    features = evidence.features
    named = getattr(model, "feature_names_in_", None)
    have = columns.names(features) if not isinstance(features, numpy.ndarray) else []
    if named is not None and set(named) <= set(have):
        features = columns.only(features, [str(name) for name in named])
    assert evidence.truth is not None
    try:
        return answers_of(side, model, features, evidence.truth)
    except Unusable as error:
        text = str(error)
        found = text if text.startswith(side) else f"the {side} {text}"
        evidence.checks.append(Check(name=side, status="fail", found=found, fix="a model answers every row with a finite value"))
        return None
