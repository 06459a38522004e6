"""How often a healthy canary is rolled back in an hour, and how soon a bad one: our guard beside the rules in use, on the same simulated traffic.

All rules see the same requests. The stable version fails 0.8 % of them, the canary gets 10 % of the traffic. "Count rule": success below 99 % in
five checks of a minute each, cumulative, as Flagger counts. "Peeked z-test": two proportions at 5 %, looked at each minute. "Ours": the errors
guard as the controller runs it, at each interval of ten seconds.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.report import Section
from jupyter_mlops.serving.rollout.blocks import Blocks
from jupyter_mlops.serving.rollout.guards import Arms, errors
from jupyter_mlops.serving.rollout.judge import ERRORS_SHARE
from jupyter_mlops.serving.rollout.spec import Guards

if TYPE_CHECKING:
    from numpy.typing import NDArray

INTERVAL, HOUR, MINUTE = 10, 3600, 60
FAILING, SHARE = 0.008, 0.1


class Rule(NamedTuple):
    """What a rule did over many hours: the share of them with a rollback, and with one within five minutes; the median minutes until it."""

    rolled_back: float
    within_five: float
    median_minutes: float


def simulate(per_second: int, worse: float, hours: int, *, seed: int = 0) -> dict[str, Rule]:
    """Simulate hours of a canary that fails `worse` times as often as the stable version."""
    random = np.random.default_rng(seed)
    shape = (hours, HOUR // INTERVAL)
    ours = random.binomial(per_second * INTERVAL, SHARE, shape)
    theirs = per_second * INTERVAL - ours
    failed, stable_failed = random.binomial(ours, FAILING * worse), random.binomial(theirs, FAILING)
    guard = [_guard(*(table[hour].astype(float) for table in (failed, ours, stable_failed, theirs))) for hour in range(hours)]
    minutes = [table.reshape(hours, -1, MINUTE // INTERVAL).sum(axis=2) for table in (failed, ours, stable_failed, theirs)]
    return {
        "count rule": _rule(_count_rule(minutes[0], minutes[1]), 1.0),
        "peeked z-test": _rule(_z_test(*minutes), 1.0),
        "ours": _rule(np.array(guard), INTERVAL / MINUTE),
    }


def run(hours: int = 1000) -> Section:
    """Fill the table; a goal that is missed is a failure of the section."""
    begin = time.process_time()
    lines = ["| requests/s | canary | rule | rolled back | within 5 min | median min |", "| --- | --- | --- | --- | --- | --- |"]
    failures = []
    for per_second in (10, 100, 1000):
        for worse in (1.0, 2.0, 5.0):
            for name, rule in simulate(per_second, worse, hours).items():
                lines.append(
                    f"| {per_second} | {worse:g}x | {name} | {rule.rolled_back:.1%} | {rule.within_five:.1%} | {rule.median_minutes:.1f} |"
                )
                if name == "ours" and worse == 1 and rule.rolled_back > 0.01:
                    failures.append(f"a healthy canary is rolled back in {rule.rolled_back:.1%} of hours at {per_second}/s")
                if name == "ours" and (worse, per_second) == (2, 100) and rule.median_minutes > 5:
                    failures.append(f"a doubled error rate takes {rule.median_minutes:.1f} minutes at 100/s")
    spent = time.process_time() - begin
    title = f"Rollout: false and late rollbacks, {hours} simulated hours a line"
    return Section(title=title, seconds={"all simulations": [spent]}, notes=["\n".join(lines)], failures=failures)


def _guard(
    failed: NDArray[np.float64], ours: NDArray[np.float64], stable_failed: NDArray[np.float64], theirs: NDArray[np.float64]
) -> NDArray[np.bool_]:
    nothing = np.zeros((1, 256))
    blank = Blocks(ours, failed, nothing, nothing, ours, ours, ours, ours)
    before = Blocks(np.zeros(1), np.zeros(1), nothing, nothing, ours, ours, ours, ours)
    limits = Guards()
    found = errors(
        Arms(blank, blank._replace(requests=theirs, errors=stable_failed), before, concurrent=True), limits, limits.alpha * ERRORS_SHARE
    )
    crossed: NDArray[np.bool_] = found.against >= found.bar
    return crossed


def _count_rule(failed: NDArray[np.int64], requests: NDArray[np.int64]) -> NDArray[np.bool_]:
    breached: NDArray[np.bool_] = np.cumsum(failed / np.maximum(requests, 1) > 0.01, axis=1) >= 5
    return breached


def _z_test(
    failed: NDArray[np.int64], ours: NDArray[np.int64], stable_failed: NDArray[np.int64], theirs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    a, n, b, m = (np.cumsum(table, axis=1) for table in (failed, ours, stable_failed, theirs))
    pooled = (a + b) / (n + m)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-12) * (1 / np.maximum(n, 1) + 1 / np.maximum(m, 1)))
    worse: NDArray[np.bool_] = (a / np.maximum(n, 1) - b / np.maximum(m, 1)) / spread > 1.645
    return worse


def _rule(crossed: NDArray[np.bool_], minutes: float) -> Rule:
    hit = crossed.any(axis=1)
    when = np.where(hit, (crossed.argmax(axis=1) + 1) * minutes, math.inf)
    return Rule(float(hit.mean()), float((when <= 5).mean()), float(np.median(when)))
