"""The questions about lineage, on the small life of a model."""

from __future__ import annotations

import pytest

import jupyter_mlops as ml
from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.provenance import Entity, record
from jupyter_mlops.provenance.lineage_report import lineage
from jupyter_mlops.provenance.sources import keep


def titles(part):
    return {node.title for node in part.nodes}


def test_what_made_this_is_everything_above(churn):
    assert titles(lineage("model:churn").upstream()) == {
        "churn",
        "churn/features",
        "s3://lake/raw.parquet",
        "churn.ipynb#1",
        "churn.ipynb#2",
    }


def test_what_this_made_is_everything_below(churn):
    part = lineage("churn/features").downstream()
    assert [(node.kind, node.title) for node in part.nodes] == [("dataset", "churn/features"), ("model", "churn"), ("deployment", "churn")]


def test_a_changed_cell_touches_live_deployments_through_data_and_model(churn):
    impact = lineage("churn.ipynb#1").impact()
    assert impact.headline == ("a change of `churn.ipynb#1` touches 1 dataset, 1 model, 1 deployment; live: `churn @3` (100 % of requests)")


def test_a_changed_dataset_touches_live_deployments(churn):
    assert "live: `churn @3`" in lineage("s3://lake/raw.parquet").impact().headline


def test_a_rolled_back_deployment_is_not_live(churn):
    record("deploy", (), (Entity("deployment", "churn", "3", {"deployment": {"state": "rolled_back", "traffic": 0.0}}),))
    assert lineage("churn.ipynb#1").impact().live == {}


def test_depth_ends_the_walk(churn):
    assert titles(lineage("s3://lake/raw.parquet", depth=1).downstream()) == {"s3://lake/raw.parquet", "churn/features"}


def test_an_input_without_a_version_is_the_newest_one(churn):
    record("gate", (Entity("model", "churn"),), (Entity("report", "gate churn", "1"),))
    assert [node.version for node in lineage("gate churn").upstream().nodes if node.kind == "model"] == ["3"]


def test_a_cell_with_two_outputs_makes_no_false_edges(project, cell):
    a, b = Entity("dataset", "a", "1"), Entity("dataset", "b", "1")
    cell(1, "sha256:c", (a, b), (Entity("dataset", "x", "1", made_from=(a,)), Entity("dataset", "y", "1", made_from=(b,))))
    assert titles(lineage("a").downstream()) == {"a", "x"}


def test_what_was_made_from_an_older_version_is_stale(churn, cell):
    cell(1, "sha256:c1", (Entity("dataset", "s3://lake/raw.parquet", "sha256:9999"),), (), run="0002-bbb")
    part = lineage("churn/features")
    stale = {node.kind: part.stale[node.id] for node in part.nodes if node.id in part.stale}
    raw = "`s3://lake/raw.parquet` is now 9999"
    assert stale == {"dataset": raw, "model": f"{raw}, by way of `churn/features`", "deployment": f"{raw}, by way of `churn`"}


def test_what_was_made_anew_from_the_newest_is_not_stale(churn, cell):
    raw = Entity("dataset", "s3://lake/raw.parquet", "sha256:9999")
    cell(1, "sha256:c1", (raw,), (Entity("dataset", "churn/features", "sha256:5555"),), run="0002-bbb")
    part = lineage("model:churn")
    assert {node.kind for node in part.nodes if node.id in part.stale} == {"model", "deployment"}, "old features are history"
    assert part.stale[next(node.id for node in part.nodes if node.kind == "model")] == "`churn/features` is now 5555"


def test_an_index_that_cannot_be_written_is_a_problem_of_the_environment(churn):
    (churn / "lineage" / "lineage.db").mkdir()
    with pytest.raises(EnvironmentProblem, match=r"^the index of lineage cannot be written") as caught:
        lineage()
    assert "NB2PIPE_HOME" in caught.value.hint


def test_a_broken_index_says_that_it_may_be_deleted(churn):
    (churn / "lineage" / "lineage.db").write_bytes(b"no database" * 1000)
    with pytest.raises(EnvironmentProblem, match="the index of lineage is broken"):
        lineage()


def test_two_runs_differ_only_in_what_changed(project, cell):
    keep("x = 1\ny = 2\n", "aa" * 32)
    keep("x = 1\ny = 3\n", "bb" * 32)
    raw = Entity("dataset", "raw", "sha256:1")
    cell(1, "sha256:" + "aa" * 32, (raw,), (Entity("model", "m", "sha256:10"),), run="0001-aaa")
    cell(1, "sha256:" + "bb" * 32, (raw,), (Entity("model", "m", "sha256:20"),), run="0002-bbb")
    difference = lineage().difference("0001", "0002")
    assert difference.changes == {
        "runs": ["0001-aaa", "0002-bbb"],
        "code": [
            {"name": "churn.ipynb#1", "before": "aaaaaaaa", "after": "bbbbbbbb", "lines": ["@@ -1,2 +1,2 @@", " x = 1", "-y = 2", "+y = 3"]}
        ],
        "data": [],
        "parameters": [],
        "environment": [],
        "metrics": [],
        "results": [{"name": "m", "before": "sha256:10", "after": "sha256:20"}],
    }
    assert difference.text().startswith("runs `0001-aaa` and `0002-bbb` differ in 1 of code, 1 of results")
    assert "+y = 3" in difference.html()


def test_tracked_runs_are_compared_by_parameters_metrics_and_data(project):
    for number, rate, score in (("r1", 0.1, 0.8), ("r2", 0.2, 0.9)):
        facets = {"parameters": {"rate": rate, "depth": 3}, "metrics": {"auc": score}, "environment": {"packages": {"numpy": "2.0"}}}
        record("track", (Entity("dataset", "raw", f"v-{number}"),), (Entity("run", number),), facets)
    changes = lineage().difference("r1", "r2").changes
    assert changes["parameters"] == [{"name": "rate", "before": 0.1, "after": 0.2}]
    assert changes["metrics"] == [{"name": "auc", "before": 0.8, "after": 0.9}]
    assert changes["data"] == [{"name": "raw", "before": "v-r1", "after": "v-r2"}]
    assert changes["environment"] == []


def test_a_prediction_leads_to_its_model_data_and_cells(churn):
    import pyarrow as pa
    from pyarrow import parquet

    folder = churn / "monitoring" / "predictions" / "churn"
    folder.mkdir(parents=True)
    rows = {"prediction_id": ["q/0", "q/1"], "request_id": ["q", "q"], "model": ["churn", "churn"], "version": [3, 3], "at": [1, 2]}
    parquet.write_table(pa.table(rows), folder / "a.parquet")
    part = lineage().answered("q/1")
    assert part.headline.startswith("prediction `q/1` was answered at 2 by `churn` version 3; `churn` was made from")
    assert {"s3://lake/raw.parquet", "churn.ipynb#1"} <= titles(part)
    assert titles(lineage().answered("q")) == titles(part)
    with pytest.raises(ValueError, match="no prediction `z` is in the log"):
        lineage().answered("z")


def test_without_a_log_no_prediction_is_found(churn):
    with pytest.raises(EnvironmentProblem, match="no log of predictions"):
        lineage().answered("q")


def test_a_misspelt_name_is_answered_with_near_ones(churn):
    with pytest.raises(ValueError, match="near it are `churn/features`"):
        lineage("churn/featurs")


def test_an_unknown_run_is_answered_with_the_runs_there_are(churn):
    with pytest.raises(ValueError, match="knows no run `zzz`"):
        lineage().difference("zzz", "0001")


def test_a_project_without_events_is_empty_and_stays_untouched(project):
    assert ml.lineage().text() == "lineage holds nothing; nothing of it is live"
    assert not project.exists()
