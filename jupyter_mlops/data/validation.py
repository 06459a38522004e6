"""`ml.validate(frame, suite)`: a table and expectations → a verdict, with the rows that broke it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.data.native import Outcome, evaluate, knows
from jupyter_mlops.data.suites import OWN, Expectation, Suite, suite_of
from jupyter_mlops.report import Report, Verdict, deliver

if TYPE_CHECKING:
    import os

SHOWN_ROWS, SHOWN_COLUMNS = 10, 8


@dataclass(frozen=True, kw_only=True, repr=False)
class Validation(Report):
    """What came of each expectation; `rows` are some of the rows that are not as expected."""

    kind: ClassVar[str] = "validation"

    name: str
    verdict: Verdict
    row_count: int | None
    expectations: tuple[Expectation, ...]
    outcomes: tuple[Outcome, ...]
    rows: tuple[tuple[dict[str, str], ...], ...]
    digest: str = ""

    @property
    def success(self) -> bool:
        """Whether everything is as expected."""
        return self.verdict is Verdict.PASS

    @property
    def failures(self) -> tuple[Expectation, ...]:
        """The expectations that are not met."""
        pairs = zip(self.expectations, self.outcomes, strict=True)
        return tuple(each for each, outcome in pairs if outcome.verdict is Verdict.FAIL)

    @property
    def metrics(self) -> dict[str, float]:
        """How many expectations there are, and how many failed or could not be told."""
        told = [outcome.verdict for outcome in self.outcomes]
        return {
            "expectations": len(told),
            "failed_expectations": told.count(Verdict.FAIL),
            "inconclusive_expectations": told.count(Verdict.INCONCLUSIVE),
        }

    def view(self) -> dict[str, Any]:
        """Give what is drawn."""
        listed = [
            {
                "column": str(each.kwargs.get("column", "")),
                "says": each.says(),
                "verdict": outcome.verdict.value,
                "found": outcome.found,
                "unexpected": outcome.unexpected,
                "rows": list(rows),
            }
            for each, outcome, rows in zip(self.expectations, self.outcomes, self.rows, strict=True)
        ]
        return {
            "title": self.name,
            "verdict": self.verdict.value,
            "row_count": self.row_count,
            "digest": self.digest,
            "expectations": listed,
        }


def validate(frame: Any, suite: Suite | str | os.PathLike[str] | dict[str, Any] | Any, *, engine: str = "auto") -> Validation:
    """Compare a table with what is expected of it.

    In a pipeline step anything but PASS stops the step.

    Parameters
    ----------
    frame : pandas, polars or Spark frame, Arrow table, Dataset, or str
        The table; a text is a database's address with ``#table`` at its end: ``"sqlite:///shop.db#orders"``.
    suite : Suite, path, dict, or suite of Great Expectations
        What is expected.
    engine : str
        ``"auto"`` evaluates the usual expectations itself and asks Great Expectations for others; ``"gx"`` asks it for all but ours.

    Returns
    -------
    Validation
        PASS, FAIL, or INCONCLUSIVE where nothing fails and some expectation had no value to look at.

    Raises
    ------
    TypeError, ValueError
        If the frame is no table, or the suite is none.
    EnvironmentProblem
        If Great Expectations is needed and is not installed, or a database does not answer.
    """
    if engine not in ("auto", "gx"):
        raise ValueError(f"`engine={engine}` is neither `auto` nor `gx`")
    expected, table = suite_of(suite), _table(frame)
    rows = len(table) if hasattr(table, "iloc") else None
    outcomes = _evaluate(table, expected.expectations, engine)
    told = {outcome.verdict for outcome in outcomes}
    worst = next((each for each in (Verdict.FAIL, Verdict.INCONCLUSIVE) if each in told), Verdict.PASS)
    if rows == 0 and worst is Verdict.PASS:
        worst = Verdict.INCONCLUSIVE  # a table without rows shows nothing
    shown = tuple(_rows(table, each, outcome) for each, outcome in zip(expected.expectations, outcomes, strict=True))
    origin = (getattr(table, "attrs", None) or {}).get("jupyter_mlops.origin", {})
    report = Validation(
        name=expected.name,
        verdict=worst,
        row_count=rows,
        expectations=expected.expectations,
        outcomes=tuple(outcomes),
        rows=shown,
        digest=str(origin.get("digest", "")),
    )
    _note(report, origin)
    return deliver(report, worst)


def _table(frame: Any) -> Any:
    """Give a pandas frame, a Spark frame or a database's address."""
    if hasattr(frame, "frame") and hasattr(frame, "digest"):
        return frame.frame()
    if isinstance(frame, str):
        if "#" not in frame or "://" not in frame:
            raise ValueError(f"`{frame}` is no database's table; expected an address with `#table`, a frame, or `ml.dataset(…)`")
        return frame
    module = type(frame).__module__.partition(".")[0]
    if module in ("pyarrow", "polars") and hasattr(frame, "to_pandas"):
        return frame.to_pandas()
    if module in ("pandas", "pyspark") and hasattr(frame, "columns"):
        return frame
    raise TypeError(f"a table is expected (pandas, polars, Spark, Arrow, `ml.dataset`), not `{type(frame).__name__}`")


def _evaluate(table: Any, expectations: tuple[Expectation, ...], engine: str) -> list[Outcome]:
    """Evaluate each expectation where that is possible, and give the outcomes in order."""
    pandas = hasattr(table, "iloc")
    ours = {at for at, each in enumerate(expectations) if pandas and knows(each) and (engine == "auto" or each.type in OWN)}
    outcomes = {at: evaluate(table, expectations[at]) for at in sorted(ours)}
    strange = [at for at, each in enumerate(expectations) if each.type in OWN and at not in ours]
    outcomes.update({at: Outcome(Verdict.INCONCLUSIVE, "not evaluated on such a table") for at in strange})
    rest = [at for at in range(len(expectations)) if at not in outcomes]
    if rest:
        from jupyter_mlops.data.with_gx import evaluate_all

        outcomes.update(zip(rest, evaluate_all(table, [expectations[at] for at in rest]), strict=True))
    return [outcomes[at] for at in range(len(expectations))]


def _rows(table: Any, expectation: Expectation, outcome: Outcome) -> tuple[dict[str, str], ...]:
    """Show some of the rows that are not as expected: the index, the column in question first, then others."""
    if outcome.verdict is not Verdict.FAIL or not outcome.rows:
        return ()
    first = expectation.kwargs.get("column")
    names = [first, *(name for name in table.columns if name != first)][:SHOWN_COLUMNS]
    some = table.iloc[list(outcome.rows[:SHOWN_ROWS])]
    return tuple(
        {"": _cell(index), **{str(name): _cell(value) for name, value in zip(names, values, strict=True)}}
        for index, values in zip(some.index, some[names].itertuples(index=False, name=None), strict=True)
    )


def _cell(value: Any) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _note(report: Validation, origin: dict[str, Any]) -> None:
    from jupyter_mlops.provenance import Entity, record

    inputs = (Entity("dataset", str(origin["uri"]), str(origin["digest"])),) if origin else ()
    record("validate", inputs=inputs, facets={"validation": {"suite": report.name, "verdict": report.verdict.value, **report.metrics}})
