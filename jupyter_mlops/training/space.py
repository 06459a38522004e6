"""A search space → points in it. ``(1, 9)`` are integers, ``(0.1, 1.0)`` numbers, ``(1e-4, 1e-1, "log")`` by order of magnitude, ``[…]`` choices."""

from __future__ import annotations

import math
import random
from typing import Any, NamedTuple


class Range(NamedTuple):
    """One parameter: whole numbers or not, both ends included, by order of magnitude or evenly."""

    low: float
    high: float
    whole: bool
    log: bool


Space = dict[str, "Range | list[Any]"]


def read_space(given: Any) -> Space:
    """Read a space as people write it.

    Raises
    ------
    TypeError
        If it is no dict of tuples and lists.
    ValueError
        If it is empty, or a range is.
    """
    if not isinstance(given, dict):
        raise TypeError(f"a space is a dict of names, not `{type(given).__name__}`")
    if not given:
        raise ValueError("the space is empty: there is nothing to search")
    return {str(name): _dimension(name, said) for name, said in given.items()}


def _dimension(name: str, said: Any) -> Range | list[Any]:
    if isinstance(said, list):
        if not said or any(not isinstance(each, str | int | float | bool | None) for each in said):
            raise ValueError(f"`{name}` needs choices that are texts, numbers, booleans or None; found `{said}`")
        return said
    numbers = said[:2] if isinstance(said, tuple) and len(said) in (2, 3) else ()
    if (
        len(numbers) != 2
        or any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers)
        or said[2:] not in ((), ("log",))
    ):
        raise TypeError(f'`{name}` is `(low, high)`, `(low, high, "log")` or a list of choices, not `{said!r}`')
    low, high = numbers
    if not (math.isfinite(low) and math.isfinite(high) and low <= high) or (said[2:] and low <= 0):
        raise ValueError(f"`{name}={said}` is no range: low must not be above high, and must be above 0 for `log`")
    return Range(low, high, isinstance(low, int) and isinstance(high, int), bool(said[2:]))


def draw_points(space: Space, count: int, seed: int) -> list[dict[str, Any]]:
    """Draw points evenly: every range is cut into `count` parts and each part is used once (Latin hypercube; McKay and others, 1979)."""
    points: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, dimension in space.items():
        source = random.Random(f"{seed} {name}")  # noqa: S311 - a seeded search, not a secret
        parts = [(at + source.random()) / count for at in range(count)]
        source.shuffle(parts)
        for point, part in zip(points, parts, strict=True):
            point[name] = _at(dimension, part)
    return points


def _at(dimension: Range | list[Any], part: float) -> Any:
    if isinstance(dimension, list):
        return dimension[int(part * len(dimension))]
    low, high, whole, log = dimension
    top = high + whole
    value = math.exp(math.log(low) + part * (math.log(top) - math.log(low))) if log else low + part * (top - low)
    return min(int(value), int(high)) if whole else min(value, high)


def suggest(trial: Any, space: Space) -> dict[str, Any]:
    """Ask an Optuna trial for a point."""
    point = {}
    for name, dimension in space.items():
        if isinstance(dimension, list):
            point[name] = trial.suggest_categorical(name, dimension)
        elif dimension.whole:
            point[name] = trial.suggest_int(name, int(dimension.low), int(dimension.high), log=dimension.log)
        else:
            point[name] = trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log)
    return point
