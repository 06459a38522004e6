"""What a whole gate costs, beside Fairlearn's bootstrap and a bootstrap of rows, in one run: ``python -m benchmarks gate``.

CPU seconds of this process, one thread, after imports. The peers do a part of the work only: Fairlearn two metrics for five groups with 10
replicates, the bootstrap of rows the accuracy alone with 200. The goals are absolute because they are the specification's.
"""

from __future__ import annotations

import os
import tempfile
import time
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Goal, Ratio
from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SMALL, LARGE = 100_000, 1_000_000
GOALS = {SMALL: 0.3, LARGE: 3.0}
"""Rows → the most CPU seconds of a gate."""


def cost(work: Callable[[], Any]) -> float:
    """Give the CPU seconds of one call."""
    before = time.process_time()
    work()
    return time.process_time() - before


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


def run(rounds: int = 2) -> Section:
    """Measure each gate `rounds` times and the peers once."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("NB2PIPE_HOME")
        os.environ["NB2PIPE_HOME"] = folder
        try:
            seconds = {f"gate, {n:,} rows": list(_ours(n, rounds)) for n in (SMALL, LARGE)}
        finally:
            os.environ.pop("NB2PIPE_HOME")
            if before is not None:
                os.environ["NB2PIPE_HOME"] = before
    seconds |= _theirs(SMALL)
    ratios = [
        Ratio(goal=Goal(name=f"gate, {n:,} rows", against=f"{most} CPU s", most=1.0), value=min(seconds[f"gate, {n:,} rows"]) / most)
        for n, most in GOALS.items()
    ]
    ours = min(seconds[f"gate, {SMALL:,} rows"])
    ratios += [Ratio(goal=Goal(name=name, against="the whole gate"), value=values[0] / ours) for name, values in _theirs_of(seconds)]
    return Section(title="Gate: AUC, accuracy, log-loss, ECE, calibration, 5 groups, 4 slices, intervals", seconds=seconds, ratios=ratios)


def _ours(n: int, rounds: int) -> Iterator[float]:
    import jupyter_mlops as ml

    rules = [{"metric": metric, "rule": "non_inferior"} for metric in ("roc_auc", "accuracy", "log_loss", "ece")]
    settings: dict[str, Any] = {"target": "y", "time": "at", "rules": rules, "slices": ["country"], "calibration": 0.05}
    settings["fairness"] = {"group": "group", "at_most": 0.1}
    few, mine, other = held_out(1000)
    ml.gate(mine, few, champion=other, **settings)  # imports
    rows, mine, other = held_out(n)
    for _ in range(rounds):
        yield cost(lambda: ml.gate(mine, rows, champion=other, **settings))


def _theirs(n: int) -> dict[str, list[float]]:
    import numpy as np
    from fairlearn.metrics import MetricFrame, selection_rate
    from sklearn.metrics import accuracy_score

    rows, mine, other = held_out(n)
    said, right = (mine >= 0.5).astype(int), rows["y"]
    metrics = {"accuracy": accuracy_score, "selected": selection_rate}
    frame = {"y_true": right, "y_pred": said, "sensitive_features": rows["group"], "n_boot": 10, "ci_quantiles": [0.05, 0.95]}
    gain = (said == right).astype(float) - ((other >= 0.5) == right)
    rng = np.random.default_rng(0)

    def of_rows() -> list[float]:
        return [gain[rng.integers(0, n, n)].mean() for _ in range(200)]

    return {
        f"Fairlearn, {n:,} rows, 10 replicates": [cost(lambda: MetricFrame(metrics=metrics, **frame))],
        f"bootstrap of rows, {n:,} rows, 200 replicates": [cost(of_rows)],
    }


def _theirs_of(seconds: Mapping[str, list[float]]) -> Iterator[tuple[str, list[float]]]:
    return ((name, values) for name, values in seconds.items() if not name.startswith("gate"))


if __name__ == "__main__":
    from benchmarks.report import as_text

    print(as_text([run()]))
