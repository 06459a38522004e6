"""A local run writes lineage: each step, what it read and wrote, by the digests of the control plane."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import jupyter_mlops
from jupyter_mlops.provenance.lineage_report import lineage
from jupyter_mlops.submit.local import run

pytestmark = pytest.mark.usefixtures("no_home")


@pytest.fixture
def no_home(monkeypatch):
    for name in ("NB2PIPE_HOME", "NB2PIPE_RUN", "NB2PIPE_STEP"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def chain(pipelines):
    """Make the plan load → train, and a step beside them that may fail."""

    def make(rate=1, beside=""):
        return pipelines.plan(
            pipelines.step("load", "out('rows', [1, 2])", outputs=("rows",)),
            pipelines.step("train", f"out('model', [sum(I['rows'][0]) * {rate}])", inputs={"rows": "load.rows"}, outputs=("model",)),
            *([pipelines.step("beside", beside)] if beside else []),
        )

    return make


def read(folder):
    return [json.loads(line) for line in (folder / ".nb2pipe" / "lineage" / "events.jsonl").read_text().splitlines()]


def test_each_step_starts_and_completes_within_the_run(chain, tmp_path):
    result = run(chain(), directory=tmp_path)
    told = [(event["eventType"], event["job"]["name"].rpartition(".")[2]) for event in read(tmp_path)]
    assert told == [
        ("START", told[0][1]),
        ("START", "load"),
        ("COMPLETE", "load"),
        ("START", "train"),
        ("COMPLETE", "train"),
        ("COMPLETE", told[0][1]),
    ]
    digest = result.digests()["train.model"]
    train = read(tmp_path)[4]
    assert train["outputs"][0]["facets"]["version"]["datasetVersion"] == digest
    assert train["inputs"][0]["facets"]["version"]["datasetVersion"] == result.digests()["load.rows"]


def test_a_failed_step_says_why(chain, tmp_path):
    run(chain(beside="raise SystemExit(3)"), directory=tmp_path, workers=1)
    failed = [event for event in read(tmp_path) if event["eventType"] == "FAIL" and "parent" in event["run"]["facets"]]
    assert [event["job"]["name"].rpartition(".")[2] for event in failed] == ["beside"]
    assert "status 3" in failed[0]["run"]["facets"]["errorMessage"]["message"]
    assert failed[0]["outputs"] == []


def test_steps_know_their_run_and_their_project(pipelines, tmp_path):
    code = "out('seen', [os.environ['NB2PIPE_RUN'], os.environ['NB2PIPE_HOME'], os.environ['NB2PIPE_STEP']])"
    result = run(pipelines.plan(pipelines.step("look", code, outputs=("seen",))), directory=tmp_path)
    seen = json.loads((result.steps[0].artifacts["seen"].path / "value.json").read_text())
    assert seen == [result.run, str(tmp_path / ".nb2pipe"), "look"]


def test_the_name_of_the_run_does_not_change_what_is_cached(chain, tmp_path):
    run(chain(), directory=tmp_path)
    again = run(chain(), directory=tmp_path)
    assert {step.state.value for step in again.steps} == {"cached"}


def test_a_cached_step_is_lineage_of_its_run_too(chain, tmp_path):
    run(chain(), directory=tmp_path)
    again = run(chain(), directory=tmp_path)
    part = lineage(run=again.run, home_folder=tmp_path / ".nb2pipe")
    assert {node.title.rpartition("/")[2] for node in part.nodes} >= {"load.rows", "train.model"}


def test_two_runs_differ_in_what_the_changed_step_made(chain, tmp_path):
    first, second = run(chain(), directory=tmp_path), run(chain(rate=2), directory=tmp_path)
    changes = lineage(home_folder=tmp_path / ".nb2pipe").difference(first.run, second.run).changes
    assert [entry["name"].rpartition("/")[2] for entry in changes["results"]] == ["train.model"]
    assert changes["environment"] == []


def test_a_file_that_the_code_names_is_read_or_written(pipelines, tmp_path):
    (tmp_path / "in.csv").write_text("1")
    code = "pathlib.Path('made.csv').write_text(pathlib.Path('in.csv').read_text() + '2')"
    run(pipelines.plan(pipelines.step("copy", code)), directory=tmp_path)
    part = lineage("made.csv", home_folder=tmp_path / ".nb2pipe").upstream()
    assert "in.csv" in {node.title for node in part.nodes}


def test_a_journal_that_cannot_be_written_does_not_fail_the_run(chain, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "file"))
    with pytest.warns(RuntimeWarning, match="lineage is not recorded"):
        assert run(chain(), directory=tmp_path).exit == 0


def test_a_file_that_a_step_names_is_what_ml_dataset_records(pipelines, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.csv").write_text("a\n1\n")
    code = f"sys.path.insert(0, {str(Path(jupyter_mlops.__file__).parents[1])!r})\nimport jupyter_mlops as ml\n"
    code += "ml.dataset('./data/in.csv'); ml.dataset(str(pathlib.Path.cwd() / 'data' / 'in.csv'))"
    result = run(pipelines.plan(pipelines.step("copy", code)), directory=tmp_path)
    assert result.exit == 0
    part = lineage(home_folder=tmp_path / ".nb2pipe")
    assert [node.name for node in part.nodes if node.kind == "dataset"] == ["data/in.csv"]
    told = [event["inputs"] for event in read(tmp_path) if event["eventType"] == "COMPLETE" and event["inputs"]]
    assert len(told) == 3, "both calls and the step"
