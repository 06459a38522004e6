"""What the model goes by ranks what moved; the report's lineage names the data it compared."""

import json

import numpy
import pandas
import pytest

import jupyter_mlops as ml
from jupyter_mlops.monitoring.importance import shares_of_importance


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))


def sides():
    random = numpy.random.default_rng(0)
    made = [pandas.DataFrame(random.normal(size=(5000, 3)), columns=["a", "b", "c"]) for _ in range(2)]
    made[1]["b"] += 0.5
    return made


def test_a_column_that_matters_and_moved_is_said_first():
    report = ml.drift(*sides(), importance={"a": 1.0, "b": 3.0})
    assert report.importance == {"b": 0.75, "a": 0.25}
    assert "1 moved: b (75%)" in report.text()
    assert "1 moved: b (75%)" in report.html()


def test_a_fitted_model_says_what_it_goes_by():
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    before, now = sides()
    model = make_pipeline(StandardScaler(), LinearRegression()).fit(before, 3 * before["a"] + before["b"])
    report = ml.drift(before, now, model=model)
    assert report.importance["a"] == pytest.approx(0.75, abs=0.02)
    assert "1 moved: b" in report.text()


def test_what_says_nothing_of_its_features_is_refused():
    with pytest.raises(TypeError, match="importance="):
        shares_of_importance(object(), None, ["a"])
    with pytest.raises(ValueError, match="not negative"):
        shares_of_importance(None, {"a": -1.0}, ["a"])
    assert shares_of_importance(None, {"scale__a": 1, "land_de": 1, "land_fr": 2}, ["a", "land"]) == {"land": 0.75, "a": 0.25}


def test_lineage_names_the_data_that_was_compared(tmp_path):
    before, now = sides()
    before.to_csv(tmp_path / "before.csv", index=False)
    ml.drift(ml.dataset(tmp_path / "before.csv").frame(), now)
    events = "".join(path.read_text(errors="ignore") for path in (tmp_path / "home").rglob("*.jsonl") if path.is_file())
    assert any("before.csv" in json.dumps(json.loads(line).get("inputs", [])) for line in events.splitlines() if line.startswith("{"))
