"""A suite of expectations ↔ its JSON: Great Expectations' own format, and what that has no words for under ``meta.jupyter_mlops``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from jupyter_mlops.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = ("expect_column_kind_to_be", "expect_column_distribution_to_match")
"""Expectations that are ours: Great Expectations 1.x has no KS and no chi-squared, and its types are those of one engine."""


class Expectation(NamedTuple):
    """One expectation, as Great Expectations writes it."""

    type: str
    kwargs: dict[str, Any]

    def says(self) -> str:
        """Say it in words."""
        known = _WORDS.get(self.type)
        if known is not None:
            return known(self.kwargs) + _share(self.kwargs)
        words = self.type.removeprefix("expect_").replace("_", " ")
        rest = {key: value for key, value in self.kwargs.items() if key not in ("column", "reference") and value is not None}
        told = ", ".join(f"{key.replace('_', ' ')} {_short(value)}" for key, value in rest.items())
        return words.removeprefix("column ") + (f": {told}" if told else "")


def _share(kwargs: dict[str, Any]) -> str:
    mostly = kwargs.get("mostly", 1)
    return f" (for {100 * mostly:g} % of values)" if mostly != 1 else ""


def _range(kwargs: dict[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None or high is None:
        return f"at least {_short(low)}" if high is None else f"at most {_short(high)}"
    return f"between {_short(low)} and {_short(high)}"


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "expect_table_columns_to_match_set": lambda kwargs: f"the columns {_short(kwargs.get('column_set'))}",
    "expect_table_row_count_to_be_between": lambda kwargs: f"rows {_range(kwargs)}",
    "expect_column_values_to_not_be_null": lambda _: "no value missing",
    "expect_column_values_to_be_between": _range,
    "expect_column_values_to_be_in_set": lambda kwargs: f"one of {_short(kwargs.get('value_set'))}",
    "expect_column_values_to_be_unique": lambda _: "no value twice",
    "expect_column_kind_to_be": lambda kwargs: f"kind {kwargs['kind']}" + (", finite" if kwargs.get("finite") else ""),
    "expect_column_distribution_to_match": lambda kwargs: (
        f"distributed as before ({kwargs.get('test', 'ks').replace('_', '-')} at most {_short(kwargs['at_most'])})"
    ),
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Suite(Report):
    """Expectations of one table."""

    kind: ClassVar[str] = "validation"

    name: str
    expectations: tuple[Expectation, ...]
    meta: dict[str, Any] = field(default_factory=dict)

    def view(self) -> dict[str, Any]:
        """Give what is drawn."""
        listed = [{"column": str(each.kwargs.get("column", "")), "says": each.says()} for each in self.expectations]
        return {"title": self.name, "verdict": "", "expectations": listed}

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON that Great Expectations 1.x reads."""
        plain = [{"type": each.type, "kwargs": each.kwargs, "meta": {}} for each in self.expectations if each.type not in OWN]
        own = [{"type": each.type, "kwargs": each.kwargs} for each in self.expectations if each.type in OWN]
        meta = {key: value for key, value in self.meta.items() if key != "jupyter_mlops"}
        return {"name": self.name, "expectations": plain, "meta": {**meta, **({"jupyter_mlops": {"expectations": own}} if own else {})}}

    def save(self, path: str | Path) -> Path:
        """Write the suite as JSON, at once; a line for each fact, for review."""
        target = Path(path)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_text(json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return partial.replace(target)


def suite_of(given: Any) -> Suite:
    """Take a suite, a path of its JSON, its dict, or a suite object of Great Expectations.

    Raises
    ------
    TypeError
        If it is none of these.
    ValueError
        If the JSON is no suite, or the suite is empty.
    """
    if isinstance(given, Suite):
        return given
    if isinstance(given, str | os.PathLike):
        try:
            given = json.loads(Path(given).read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"`{Path(given).name}` is not JSON: {error}") from None
    elif hasattr(given, "to_json_dict"):
        given = given.to_json_dict()
    if not isinstance(given, dict):
        raise TypeError(f"a suite is a `Suite`, a path, a dict or a suite of Great Expectations, not `{type(given).__name__}`")
    meta = given.get("meta") or {}
    listed = [*(given.get("expectations") or ()), *(meta.get("jupyter_mlops", {}).get("expectations") or ())]
    if not listed:
        raise ValueError(f"the suite `{given.get('name', '')}` holds no expectations: it would pass anything")
    if any(not isinstance(each, dict) or not isinstance(each.get("type"), str) for each in listed):
        raise ValueError("an expectation of the suite has no `type`; expected the JSON of Great Expectations 1.x")
    made = tuple(Expectation(each["type"], dict(each.get("kwargs") or {})) for each in listed)
    return Suite(name=str(given.get("name") or "suite"), expectations=made, meta=dict(meta))


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
