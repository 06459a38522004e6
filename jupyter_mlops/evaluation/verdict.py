"""The rows of a gate, decided → the report: one verdict, its evidence, what would change it, and who signed it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.evaluation import memory
from jupyter_mlops.report import Report, Verdict

if TYPE_CHECKING:
    from jupyter_mlops.evaluation.decision import Row
    from jupyter_mlops.evaluation.hygiene import Check


PACKAGE = "packaged model"
"""The scope of rows that are about requests and bytes, not about held-out rows."""


@dataclass(frozen=True, kw_only=True, repr=False)
class GateReport(Report):
    """What a gate found.

    `verdict` is PASS when every judged row passes, FAIL when one fails, INCONCLUSIVE otherwise. A gate that `refused` to judge is a FAIL
    without rows; `checks` say why. `values` holds plain numbers, by side (``challenger``, ``champion``, ``baseline``) and metric; `metrics` those of the challenger.
    """

    kind: ClassVar[str] = "gate"

    name: str
    verdict: Verdict
    n: int
    confidence: float
    rows: tuple[Row, ...] = ()
    checks: tuple[Check, ...] = ()
    values: dict[str, dict[str, float]] = field(default_factory=dict)
    tests: tuple[dict[str, Any], ...] = ()
    curve: tuple[dict[str, float], ...] = ()
    groups: tuple[dict[str, Any], ...] = ()
    small: tuple[dict[str, Any], ...] = ()
    latency: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    on_inconclusive: str = "block"
    correction: str = "fdr"

    @property
    def metrics(self) -> dict[str, float]:
        """The challenger's metrics, by name."""
        return dict(self.values.get("challenger", {}))

    @property
    def passed(self) -> bool:
        """Whether the challenger may take the champion's place."""
        return self.verdict is Verdict.PASS

    @property
    def refused(self) -> bool:
        """Whether nothing was judged, because the comparison would mean nothing."""
        return any(check.status == "fail" for check in self.checks)

    @property
    def n_needed(self) -> int | None:
        """The rows with which every undecided row would be decided, most likely; None when all are, or when no number is known."""
        known = [
            row.needed
            for row in self.rows
            if row.judged and row.scope != PACKAGE and row.verdict is Verdict.INCONCLUSIVE and row.needed is not None
        ]
        return max(known, default=None)

    @property
    def digest(self) -> str:
        """The digest of all that is said here: what a signature is under."""
        text = json.dumps(self._facts(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def approvals(self) -> list[dict[str, str]]:
        """Who signed, oldest first: `by`, `note`, `verdict`, `at`."""
        return memory.approvals(self.digest)

    def approve(self, by: str, note: str = "") -> list[dict[str, str]]:
        """Sign this report; give all signatures under it.

        Parameters
        ----------
        by : str
            Who takes the responsibility.
        note : str
            Why; needed when the verdict is not PASS.

        Raises
        ------
        ValueError
            Without a name, or against the verdict without a reason.
        """
        memory.approve(self.digest, self.verdict.value, by, note)
        return self.approvals

    def view(self) -> dict[str, Any]:
        """Give all facts that are drawn."""
        return {**self._facts(), "digest": self.digest, "approvals": self.approvals}

    def facet(self) -> dict[str, Any]:
        """Give the lineage facet: verdict, rules with their evidence, digests of what was judged."""
        view = self._facts()
        kept = ("metric", "scope", "rule", "against", "threshold", "estimate", "low", "high", "n", "needed", "verdict")
        rows = [{key: row[key] for key in kept} for row in view["rows"] if not row["report_only"]]
        return {"verdict": view["verdict"], "rows": rows, "digests": view["digests"], "report": self.digest, "refused": view["refused"]}

    def _facts(self) -> dict[str, Any]:
        rows = [_flat(row) for row in self.rows]
        return {
            "title": f"Gate {self.name}",
            "name": self.name,
            "verdict": self.verdict.value,
            "refused": self.refused,
            "n": self.n,
            "n_needed": self.n_needed,
            "confidence": self.confidence,
            "correction": self.correction,
            "on_inconclusive": self.on_inconclusive,
            "rows": rows,
            "changes": changes(rows)
            if not self.refused
            else [f"{each.found}: {each.fix}" for each in self.checks if each.status == "fail"],
            "checks": [{"name": each.name, "status": each.status, "found": each.found, "fix": each.fix} for each in self.checks],
            "metrics": {side: {key: _number(value) for key, value in found.items()} for side, found in self.values.items()},
            "tests": list(self.tests),
            "curve": list(self.curve),
            "groups": list(self.groups),
            "small": list(self.small),
            "latency": self.latency,
            "versions": self.versions,
            "digests": self.digests,
        }


def overall(rows: tuple[Row, ...]) -> Verdict:
    """Join the rows' verdicts; a gate that judged nothing cannot tell."""
    judged = [row.verdict for row in rows if row.judged]
    if Verdict.FAIL in judged:
        return Verdict.FAIL
    return Verdict.PASS if judged and set(judged) == {Verdict.PASS} else Verdict.INCONCLUSIVE


def changes(rows: list[dict[str, Any]]) -> list[str]:
    """Say, row by row, what would change the verdict; of slices only the worst of each outcome."""
    judged = [row for row in rows if not row["report_only"]]
    if not judged:
        return ["nothing was judged: give a champion, a baseline, or a rule with a value"]
    open_rows = [row for row in judged if row["verdict"] != "pass"]
    if not open_rows:
        closest = min(judged, key=_slack)
        return [f"the closest call is {_title(closest)}: it would stop to pass at {_edge(closest)}"]
    found = []
    for row in sorted(open_rows, key=_slack)[:6]:
        if row["estimate"] is None:
            found.append(f"{_title(row)} cannot be told: {row['note']}")
        elif row["verdict"] == "inconclusive":
            of = "requests" if row["scope"] == PACKAGE else "rows"
            more = f"with about {row['needed']:,} {of} (there are {row['n']:,}), or " if row["needed"] else ""
            found.append(
                f"{_title(row)} would be decided {more}would pass at {_edge(row)}" if more else f"{_title(row)} would pass at {_edge(row)}"
            )
        else:
            found.append(f"{_title(row)} would pass only at {_edge(row)}")
    if len(open_rows) > 6:
        found.append(f"and {len(open_rows) - 6} more rows")
    return found


def _edge(row: dict[str, Any]) -> str:
    """Say the margin or limit at which a row's interval just lies on the good side."""
    end = row["low"] if row["side"] == "above" else row["high"]
    if row["side"] == "inside":
        return f"a margin of {_brief(max(abs(row['low']), abs(row['high'])), row['unit'])}"
    if end is None:
        return "no limit that this many measurements can show"
    if row["rule"] == "non_inferior":
        worst = -end if row["side"] == "above" else end
        return f"a margin of {_brief(max(worst, 0.0), row['unit'])}"
    return f"a limit of {_brief(end, row['unit'])}"


def _title(row: dict[str, Any]) -> str:
    return row["metric"] if row["scope"] == "all rows" else f"{row['metric']} ({row['scope']})"


def _brief(value: float, unit: str) -> str:
    if unit == "relative":
        return f"{100 * value:.3g} %"
    return f"{value:,.0f} {unit}".strip() if abs(value) >= 1000 else f"{value:.3g} {unit}".strip()


def _slack(row: dict[str, Any]) -> float:
    """Measure how far inside the good side an interval lies, in interval widths; the worst rows come first."""
    if row["estimate"] is None or row["threshold"] is None:
        return -math.inf
    low = -math.inf if row["low"] is None else row["low"]
    high = math.inf if row["high"] is None else row["high"]
    width = max(high - low, 1e-12)
    if row["side"] == "inside":
        return float(min(row["threshold"] - high, low + row["threshold"]) / width)
    return float((low - row["threshold"] if row["side"] == "above" else row["threshold"] - high) / width)


def _flat(row: Row) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "scope": row.scope,
        "rule": row.rule,
        "against": row.against,
        "side": row.side,
        "threshold": _number(row.threshold),
        "margin": _number(row.margin),
        "unit": row.unit,
        "value": _number(row.value),
        "other": _number(row.other),
        "estimate": _number(row.estimate.value),
        "low": _number(row.estimate.low),
        "high": _number(row.estimate.high),
        "n": row.estimate.n,
        "method": row.estimate.method,
        "needed": row.needed,
        "verdict": row.verdict.value,
        "report_only": not row.judged,
        "note": row.note,
    }


def _number(value: float | None) -> float | None:
    """Make a number that JSON has, with the digits that mean something."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.10g}")
