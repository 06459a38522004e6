"""`ml.propose_suite(frame)`: a table that is all right → what may be expected of the next one like it, with room for chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.data.distributions import reference_of
from jupyter_mlops.data.native import kind_of
from jupyter_mlops.data.suites import Expectation, Suite
from jupyter_mlops.report import deliver

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CATEGORIES = 50


def propose_suite(frame: Any, *, name: str = "proposed", slack: float = 0.1, distributions: bool = True, at_most: float = 0.1) -> Suite:
    """Propose expectations, to be read and changed by people before they count.

    Parameters
    ----------
    frame : pandas frame (or what `ml.validate` takes and pandas can hold)
        A table that is all right; at least one row.
    name : str
        The suite's name.
    slack : float
        How far values may lie outside the range seen, as a share of the range; one in two hundred may lie further.
    distributions : bool
        Whether distributions are expected to stay: KS for numbers, chi-squared for categories.
    at_most : float
        The largest KS distance, or Cramér's V, that is still the same distribution.

    Returns
    -------
    Suite
        Write it with `save`.

    Raises
    ------
    ValueError
        If there are no rows or no columns, or `slack` is negative.
    """
    from jupyter_mlops.data.validation import _table

    table = _table(frame)
    if not len(table) or not len(table.columns):
        raise ValueError(f"nothing can be proposed from a frame of {len(table)} rows and {len(table.columns)} columns")
    if slack < 0:
        raise ValueError(f"`slack={slack}` is negative")
    made = [Expectation("expect_table_columns_to_match_set", {"column_set": [str(each) for each in table.columns], "exact_match": True})]
    for column in table.columns:
        made += _expectations(str(column), table[column], slack, at_most if distributions else None)
    return deliver(Suite(name=name, expectations=tuple(made)))


def _expectations(name: str, column: Any, slack: float, at_most: float | None) -> Iterator[Expectation]:
    values, count = column.dropna(), len(column)
    if not len(values):
        return  # nothing is known of a column without values
    kind = kind_of(column)
    finite = {"finite": True} if kind == "number" and bool((abs(values) < math.inf).all()) else {}
    yield Expectation("expect_column_kind_to_be", {"column": name, "kind": kind, **finite})
    absent = 1 - len(values) / count
    mostly = 1.0 if not absent else _down(1 - absent - 3 * math.sqrt(absent * (1 - absent) / count) - 0.01)
    if mostly > 0:
        yield Expectation("expect_column_values_to_not_be_null", {"column": name, "mostly": mostly})
    try:
        distinct = values.nunique()
    except TypeError:  # lists, dicts: nothing more can be counted
        return
    key = distinct == count >= 20 and kind in ("integer", "text")
    if key:
        yield Expectation("expect_column_values_to_be_unique", {"column": name})
    elif kind in ("integer", "number"):
        yield from _range(name, values, kind, slack)
    elif kind in ("text", "boolean") and distinct <= min(MOST_CATEGORIES, max(2, len(values) / 2)):
        once = int((values.value_counts() == 1).sum())
        # Good and Turing: what was seen once says how much has not been seen yet.
        unseen = {} if not once else {"mostly": _down(1 - 3 * once / len(values))}
        yield Expectation("expect_column_values_to_be_in_set", {"column": name, "value_set": _plain(sorted(values.unique())), **unseen})
    else:
        return
    if at_most is not None and not key and distinct > 1 and (kind != "text" or distinct <= MOST_CATEGORIES):
        counted = values.astype(str) if kind == "boolean" else values
        test = "ks" if kind in ("integer", "number") else "chi_squared"
        kwargs = {"column": name, "test": test, "at_most": at_most, "reference": reference_of(counted)}
        yield Expectation("expect_column_distribution_to_match", kwargs)


def _range(name: str, values: Any, kind: str, slack: float) -> Iterator[Expectation]:
    finite = values[abs(values.astype(float)) < math.inf]
    if not len(finite):
        return
    low, high = float(finite.min()), float(finite.max())
    room = slack * (high - low)
    bounds = [0.0 if low >= 0 > low - room else low - room, high + room]
    if kind == "integer":
        bounds = [math.floor(bounds[0]), math.ceil(bounds[1])]
    kwargs = {"column": name, "min_value": bounds[0], "max_value": bounds[1], "mostly": 0.995}
    yield Expectation("expect_column_values_to_be_between", kwargs if room else {**kwargs, "mostly": 1.0})


def _down(share: float) -> float:
    return max(0.0, math.floor(share * 1000) / 1000)


def _plain(values: list[Any]) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]
