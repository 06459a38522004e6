"""Verbs name what they were given: the data that was read, the model that was tracked."""

import gc

import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as ml
from jupyter_mlops.provenance import Entity
from jupyter_mlops.provenance.origins import ORIGIN, origin_of, origins_of, remember


class Thing:
    pass


def test_a_model_is_remembered_for_as_long_as_it_lives():
    thing, entity = Thing(), Entity("model", "runs:/1/model")
    remember(thing, entity)
    assert origin_of(thing) == entity
    assert origin_of(Thing()) is None
    del thing
    gc.collect()
    assert origin_of(Thing()) is None


def test_what_is_cut_from_a_frame_comes_from_the_same_data():
    frame = pd.DataFrame({"a": [1, 2, 3]})
    frame.attrs[ORIGIN] = {"name": "a", "uri": "a.csv", "digest": "sha256:1", "version": ""}
    assert origins_of((frame[1:], frame["a"]), frame, 3) == (Entity("dataset", "a.csv", "sha256:1"),)


@pytest.mark.slow
def test_a_registered_model_leads_back_to_its_gate_its_run_and_its_data(tmp_path, monkeypatch):
    from sklearn.linear_model import LogisticRegression

    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    chance = np.random.default_rng(0)
    table = pd.DataFrame(chance.normal(size=(600, 2)), columns=["a", "b"])
    table.assign(y=(table["a"] + chance.normal(size=600) * 0.3 > 0).astype(int)).to_csv("rows.csv", index=False)
    frame = ml.dataset("rows.csv").frame()
    model = LogisticRegression().fit(frame[["a", "b"]][:300], frame["y"][:300])
    with ml.track("fit") as run:
        run.log_data(frame)
        run.log_model(model)
    verdict = ml.gate(model, frame[300:], target="y", rules=[{"metric": "accuracy", "rule": "at_least", "value": 0.6}], name="rows")
    ml.register(model, "rows", example=frame[["a", "b"]][:5], gate=verdict)
    kinds = [line.split()[0] for line in ml.lineage("model:rows@1").upstream().text().splitlines()[1:]]
    assert {"dataset", "report", "model"} <= set(kinds)
    assert "rows.csv" in ml.lineage("model:rows@1").upstream().text()
