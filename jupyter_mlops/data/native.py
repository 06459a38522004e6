"""The expectations that most suites are made of, on pandas, without the four seconds that Great Expectations takes to be imported.

Their outcome is that of Great Expectations, which a test shows; only what it calls a success for want of any value is "cannot tell" here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.data.distributions import counts_in, distance
from jupyter_mlops.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.data.suites import Expectation


class Outcome(NamedTuple):
    """What came of one expectation: the verdict, what was found, and the positions of the rows that are not as expected."""

    verdict: Verdict
    found: str
    rows: tuple[int, ...] = ()
    unexpected: int = 0


FEWEST = 20
"""Below so many values, no shift that a person would call one can be told from chance."""


def kind_of(column: Any) -> str:
    """Tell the kind of a column's values: boolean, integer, number, datetime or text, whatever holds them."""
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        return "boolean"
    if types.is_integer_dtype(column.dtype):
        return "integer"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    if types.is_datetime64_any_dtype(column.dtype):
        return "datetime"
    return "text"


def knows(expectation: Expectation) -> bool:
    """Tell whether an expectation, with these arguments, is evaluated here."""
    check = CHECKS.get(expectation.type)
    return check is not None and set(expectation.kwargs) <= check[1]


def evaluate(frame: Any, expectation: Expectation) -> Outcome:
    """Evaluate one expectation that `knows` says yes to."""
    check, _ = CHECKS[expectation.type]
    column = expectation.kwargs.get("column")
    if column is None or expectation.type == "expect_column_to_exist":
        return check(frame, expectation.kwargs)
    if column not in frame.columns:
        return Outcome(Verdict.FAIL, f"there is no column `{column}`")
    try:
        return check(frame[column], expectation.kwargs)
    except TypeError:  # values that do not compare with the bounds
        return Outcome(Verdict.FAIL, f"`{column}` holds {kind_of(frame[column])}, which does not compare with what is expected")


def _exists(frame: Any, kwargs: dict[str, Any]) -> Outcome:
    there = kwargs["column"] in frame.columns
    return Outcome(Verdict.PASS if there else Verdict.FAIL, "it is there" if there else f"there is no column `{kwargs['column']}`")


def _columns(frame: Any, kwargs: dict[str, Any]) -> Outcome:
    wanted, there = set(kwargs.get("column_set") or ()), set(frame.columns)
    absent, more = sorted(map(str, wanted - there)), sorted(map(str, there - wanted))
    wrong = [f"missing {', '.join(f'`{each}`' for each in absent)}"] if absent else []
    if more and kwargs.get("exact_match", True):
        wrong.append(f"unknown {', '.join(f'`{each}`' for each in more)}")
    return Outcome(Verdict.FAIL, "; ".join(wrong)) if wrong else Outcome(Verdict.PASS, f"{len(there)} columns")


def _row_count(frame: Any, kwargs: dict[str, Any]) -> Outcome:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    fits = (low is None or len(frame) >= low) and (high is None or len(frame) <= high)
    return Outcome(Verdict.PASS if fits else Verdict.FAIL, f"{len(frame):,} rows")


def _kind(column: Any, kwargs: dict[str, Any]) -> Outcome:
    found, wanted = kind_of(column), kwargs["kind"]
    if len(column) and column.isna().all():
        return Outcome(Verdict.INCONCLUSIVE, "all values are missing: the kind cannot be told")
    if kwargs.get("finite") and found == "number":
        endless = abs(column) == math.inf
        if endless.any():
            rows = tuple(map(int, endless.to_numpy(dtype=bool, na_value=False).nonzero()[0][:20]))
            return Outcome(Verdict.FAIL, f"{int(endless.sum()):,} of {len(column):,} are infinite", rows, int(endless.sum()))
    whole = found == "integer" and wanted == "number"  # integers are numbers; a batch without fractions is no change
    return Outcome(Verdict.PASS if found == wanted or whole else Verdict.FAIL, f"{found} ({column.dtype})")


def _not_null(column: Any, kwargs: dict[str, Any]) -> Outcome:
    return _judge(column.isna().to_numpy(), len(column), kwargs, "missing")


def _between(column: Any, kwargs: dict[str, Any]) -> Outcome:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if kind_of(column) == "text" and any(isinstance(each, int | float) for each in (low, high)):
        raise TypeError
    bad = column.isna() & False
    if low is not None:
        bad |= (column <= low if kwargs.get("strict_min") else column < low).fillna(value=False)
    if high is not None:
        bad |= (column >= high if kwargs.get("strict_max") else column > high).fillna(value=False)
    return _judge(bad.to_numpy(dtype=bool), int(column.notna().sum()), kwargs, "outside")


def _in_set(column: Any, kwargs: dict[str, Any]) -> Outcome:
    bad = (~column.isin(kwargs.get("value_set") or ())) & column.notna()
    return _judge(bad.to_numpy(), int(column.notna().sum()), kwargs, "not among them")


def _unique(column: Any, kwargs: dict[str, Any]) -> Outcome:
    bad = column.duplicated(keep=False) & column.notna()
    return _judge(bad.to_numpy(), int(column.notna().sum()), kwargs, "repeated")


def _judge(bad: Any, count: int, kwargs: dict[str, Any], word: str) -> Outcome:
    """Compare the share of values that are not as expected with `mostly`."""
    if not count:
        return Outcome(Verdict.INCONCLUSIVE, "there are no values to look at")
    wrong = int(bad.sum())
    passed = (count - wrong) / count >= kwargs.get("mostly", 1)
    rows = tuple(map(int, bad.nonzero()[0][:20])) if wrong else ()
    return Outcome(Verdict.PASS if passed else Verdict.FAIL, f"{wrong:,} of {count:,} {word}", rows, wrong)


def _distribution(column: Any, kwargs: dict[str, Any]) -> Outcome:
    values, reference = column.dropna(), kwargs["reference"]
    if not len(values):
        return Outcome(Verdict.INCONCLUSIVE, "there are no values to look at")
    if ("edges" in reference) != (values.dtype.kind in "iuf"):
        return Outcome(
            Verdict.FAIL,
            f"{kind_of(column)} ({column.dtype}), and the reference is of {'numbers' if 'edges' in reference else 'categories'}",
        )
    if len(values) < FEWEST:
        return Outcome(Verdict.INCONCLUSIVE, f"of {len(values):,} values no distribution can be told (at least {FEWEST})")
    before, now = counts_in(values, reference)
    test, limit, alpha = kwargs.get("test", "ks" if "edges" in reference else "chi_squared"), kwargs["at_most"], kwargs.get("alpha", 0.001)
    effect, chance = distance(test, before, now)
    said = f"{test.replace('_', '-')} {effect:.3g}, at most {limit:g}; p = {chance:.2g}"
    return Outcome(Verdict.FAIL if effect > limit and chance < alpha else Verdict.PASS, said)


Check = tuple["Callable[[Any, dict[str, Any]], Outcome]", set[str]]
CHECKS: dict[str, Check] = {
    "expect_column_to_exist": (_exists, {"column"}),
    "expect_table_columns_to_match_set": (_columns, {"column_set", "exact_match"}),
    "expect_table_row_count_to_be_between": (_row_count, {"min_value", "max_value"}),
    "expect_column_values_to_not_be_null": (_not_null, {"column", "mostly"}),
    "expect_column_values_to_be_between": (_between, {"column", "mostly", "min_value", "max_value", "strict_min", "strict_max"}),
    "expect_column_values_to_be_in_set": (_in_set, {"column", "mostly", "value_set"}),
    "expect_column_values_to_be_unique": (_unique, {"column", "mostly"}),
    "expect_column_kind_to_be": (_kind, {"column", "kind", "finite"}),
    "expect_column_distribution_to_match": (_distribution, {"column", "reference", "test", "at_most", "alpha"}),
}
