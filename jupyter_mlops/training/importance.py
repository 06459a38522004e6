"""Values of a parameter and of the objective → the share of variance that the parameter explains alone."""

from __future__ import annotations

from typing import Any

GROUPS = 5


def explained(settings: list[Any], values: list[float]) -> float:
    """Give ε² = (SS_between − (k − 1)·MS_within) / SS_total, at least 0, with k groups; 0 where nothing can be told."""
    groups = _groups(settings, values)
    n, k = len(values), len(groups)
    if k < 2 or n <= k:
        return 0.0
    mean = sum(values) / n
    total = sum((value - mean) ** 2 for value in values)
    between = sum(len(group) * (sum(group) / len(group) - mean) ** 2 for group in groups)
    if total <= 0:
        return 0.0
    return max(0.0, (between - (k - 1) * (total - between) / (n - k)) / total)


def _groups(settings: list[Any], values: list[float]) -> list[list[float]]:
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in settings) or len(set(settings)) <= GROUPS:
        found: dict[str, list[float]] = {}
        for setting, value in zip(settings, values, strict=True):
            found.setdefault(repr(setting), []).append(value)
        return list(found.values())
    order = sorted(range(len(values)), key=lambda at: settings[at])
    return [part for part in ([values[at] for at in order[start::1][: -(-len(order) // GROUPS)]] for start in _starts(len(order))) if part]


def _starts(count: int) -> range:
    return range(0, count, -(-count // GROUPS))
