"""What a whole gate costs, beside Fairlearn's bootstrap and a bootstrap of rows, in one run: ``python -m benchmarks.gate``.

CPU seconds of this process, one thread, after imports. The peers do a part of the work only: Fairlearn two metrics for five groups with 10
replicates, the bootstrap of rows the accuracy alone with 200.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def cost(work: Callable[[], Any]) -> float:
    """Give the CPU seconds of one call."""
    before = time.process_time()
    work()
    return round(time.process_time() - before, 3)


def held_out(n: int) -> tuple[dict[str, Any], Any, Any]:
    """Make n rows and the scores of two models."""
    import numpy as np

    rng = np.random.default_rng(n)
    x = rng.normal(size=n)
    rows = {
        "y": (rng.random(n) < 1 / (1 + np.exp(-2 * x))).astype(int),
        "group": rng.choice(list("abcde"), n),
        "country": rng.choice(["DE", "FR", "NL", "US"], n),
        "at": np.datetime64("2026-01-01", "s") + np.arange(n).astype("timedelta64[m]"),
    }
    return rows, *(1 / (1 + np.exp(-2 * x + rng.normal(size=n) * noise)) for noise in (0.1, 0.4))


def main() -> int:
    """Measure and print."""
    os.environ["NB2PIPE_HOME"] = tempfile.mkdtemp()
    import numpy as np
    from fairlearn.metrics import MetricFrame, selection_rate
    from sklearn.metrics import accuracy_score

    import jupyter_mlops as ml

    rules = [{"metric": metric, "rule": "non_inferior"} for metric in ("roc_auc", "accuracy", "log_loss", "ece")]
    settings: dict[str, Any] = {"target": "y", "time": "at", "rules": rules, "slices": ["country"], "calibration": 0.05}
    small, mine, other = held_out(1000)
    ml.gate(mine, small, champion=other, **settings)  # imports
    found: dict[str, float] = {}
    for n in (100_000, 1_000_000):
        rows, mine, other = held_out(n)
        fair = {"group": "group", "at_most": 0.1}
        found[f"gate, {n:,} rows"] = cost(lambda m=mine, r=rows, o=other, f=fair: ml.gate(m, r, champion=o, fairness=f, **settings))
    rows, mine, other = held_out(100_000)
    said, right = (mine >= 0.5).astype(int), rows["y"]
    metrics = {"accuracy": accuracy_score, "selected": selection_rate}
    frame = {"y_true": right, "y_pred": said, "sensitive_features": rows["group"], "n_boot": 10, "ci_quantiles": [0.05, 0.95]}
    found["Fairlearn, 100,000 rows, 10 replicates"] = cost(lambda: MetricFrame(metrics=metrics, **frame))
    gain = (said == right).astype(float) - ((other >= 0.5) == right)
    rng = np.random.default_rng(0)
    found["bootstrap of rows, 100,000 rows, 200 replicates"] = cost(
        lambda: [gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(200)]
    )
    goals = {"gate, 100,000 rows": 0.3, "gate, 1,000,000 rows": 3.0}
    for name, seconds in found.items():
        goal = f"  (goal: {goals[name]})" if name in goals else ""
        print(f"{seconds:8.3f} CPU s  {name}{goal}", file=sys.stderr)
    print(json.dumps(found))
    return 0 if all(found[name] <= most for name, most in goals.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
