"""Expectations → their outcomes by Great Expectations 1.x, on pandas, Spark or a table of a database; without its telemetry."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from jupyter_mlops.data.native import Outcome
from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.provenance.secrecy import redacted
from jupyter_mlops.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.data.suites import Expectation


def evaluate_all(frame: Any, expectations: Sequence[Expectation]) -> list[Outcome]:
    """Evaluate expectations in their order.

    Raises
    ------
    ValueError
        If Great Expectations knows no such expectation, or not with such arguments.
    EnvironmentProblem
        If it is not installed, or the database does not answer.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
    gx = need("great_expectations", "data")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(name="suite")
    for each in expectations:
        name = "".join(word.title() for word in each.type.split("_"))
        made = getattr(gx.expectations, name, None)
        if made is None:
            raise ValueError(f"Great Expectations has no `{each.type}`")
        try:
            suite.add_expectation(made(**each.kwargs))
        except Exception as error:  # pydantic's, of whichever version it carries
            raise ValueError(f"`{each.type}` does not take these arguments: {error}") from None
    results = _batch(context, frame).validate(suite, result_format={"result_format": "COMPLETE"}).results
    # Its results come in an order of its own; each names what it is the result of.
    waiting = [result.to_json_dict() for result in results]
    return [_outcome(_take(waiting, each), positions=hasattr(frame, "iloc")) for each in suite.expectations]


def _batch(context: Any, frame: Any) -> Any:
    sources = context.data_sources
    if isinstance(frame, str):
        address, _, table = frame.rpartition("#")
        add = {"sqlite": sources.add_sqlite, "postgresql": sources.add_postgres}.get(re.split(r"[:+]", address)[0], sources.add_sql)
        try:
            return (
                add("sql", connection_string=address)
                .add_table_asset("table", table_name=table)
                .add_batch_definition_whole_table("all")
                .get_batch()
            )
        except Exception as error:  # each database has its own exceptions
            said = redacted(str(error)).splitlines()[0]
            raise EnvironmentProblem(
                f"the table `{table}` cannot be read: {said}", hint="see that the database answers and has the table"
            ) from None
    if hasattr(frame, "iloc"):
        frame = frame.set_axis(range(len(frame)), axis="index")  # it names rows by index: so they are positions
        return (
            sources.add_pandas("frame")
            .add_dataframe_asset("all")
            .add_batch_definition_whole_dataframe("all")
            .get_batch({"dataframe": frame})
        )
    return sources.add_spark("frame").add_dataframe_asset("all").add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})


def _take(waiting: list[dict[str, Any]], expectation: Any) -> dict[str, Any]:
    config = expectation.configuration.to_json_dict()
    for at, result in enumerate(waiting):
        found = result["expectation_config"]
        own = {key: value for key, value in found["kwargs"].items() if key != "batch_id"}
        if found["type"] == config["type"] and own == config["kwargs"]:
            return waiting.pop(at)
    raise AssertionError(f"no result of `{config['type']}`")


def _outcome(result: dict[str, Any], *, positions: bool) -> Outcome:
    facts, trouble = result["result"], result["exception_info"]
    messages = [
        each["exception_message"] for each in (trouble, *trouble.values()) if isinstance(each, dict) and each.get("exception_message")
    ]
    if messages:
        return Outcome(Verdict.FAIL, str(messages[0]).splitlines()[0])
    if "unexpected_count" not in facts:
        said = facts.get("observed_value")
        return Outcome(Verdict.PASS if result["success"] else Verdict.FAIL, "" if said is None else f"found {said}"[:300])
    whole_column = result["expectation_config"]["type"] == "expect_column_values_to_not_be_null"
    count = facts["element_count"] - (0 if whole_column else facts.get("missing_count") or 0)
    if not count:
        return Outcome(Verdict.INCONCLUSIVE, "there are no values to look at")
    wrong = facts["unexpected_count"]
    rows = tuple(map(int, (facts.get("unexpected_index_list") or ())[:20])) if positions else ()
    return Outcome(Verdict.PASS if result["success"] else Verdict.FAIL, f"{wrong:,} of {count:,} not as expected", rows, wrong)
