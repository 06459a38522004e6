"""A notebook and a policy become a notebook that detects first and runs the same steps only when it must."""

from __future__ import annotations

import json

import pytest

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.feedback.recurring import recurring_path, write_recurring

POLICY = "age > 30 days; at most once a day"
DEFINITION = 'return ml.retrain_when("age > 30 days; at most once a day", model="toy")'


def cell(name: str, source: str, *tags: str, kind: str = "code") -> dict:
    made = {"cell_type": kind, "id": name, "metadata": {"tags": list(tags)} if tags else {}, "source": source}
    return made | ({"execution_count": 3, "outputs": []} if kind == "code" else {})


CELLS = [
    cell("title", "# Toy", kind="markdown"),
    cell("parameters", "rows = 10\nseed = 1", "parameters"),
    cell("imports", "import numpy as np", "setup"),
    cell("about-load", "## Load", kind="markdown"),
    cell("load", "x = np.arange(rows)", "step:load"),
    cell("train", "model = float(x.mean()) + seed", "step:train"),
    cell("gate", "assert model > 1", "step:gate", "gate"),
    cell("deploy", "print('deployed', model)", "step:deploy", "deploy", "after:gate"),
    cell("about-play", "## Traffic", kind="markdown"),
    cell("play", "print('traffic')", "skip"),
    cell("watch", "print('watching')", "step:watch", "monitor"),
]


def notebook(folder, cells=CELLS, settings=None):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata | ({"nb2pipe": settings} if settings else {}), "nbformat": 4, "nbformat_minor": 5}
    path = folder / "toy.ipynb"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def pipeline(path):
    from nb2pipe.api import check_file

    checked = check_file(str(path))
    assert [each.message for each in checked.diagnostics] == []
    return checked.pipeline


def test_the_same_steps_run_when_the_policy_wants_them(tmp_path):
    made = pipeline(write_recurring(notebook(tmp_path), DEFINITION, POLICY))
    assert {step.name: (step.control.when, step.control.on_exit) for step in made.steps} == {
        "detect": (None, False),
        **dict.fromkeys(("load", "train", "gate", "deploy"), ("retraining_wanted", False)),
        "settle": (None, True),
    }


def test_the_steps_are_the_notebooks_own(tmp_path):
    source = notebook(tmp_path)
    before = {step.name: [chunk.text for chunk in step.body] for step in pipeline(source).steps}
    after = {step.name: [chunk.text for chunk in step.body] for step in pipeline(write_recurring(source, DEFINITION, POLICY)).steps}
    assert {name: after[name] for name in ("load", "train", "gate", "deploy")} == {
        name: before[name] for name in ("load", "train", "gate", "deploy")
    }


def test_no_step_answers_from_the_cache(tmp_path):
    made = pipeline(write_recurring(notebook(tmp_path), DEFINITION, POLICY))
    assert {step.policy.cache for step in made.steps} == {False}


def test_parameters_stay_parameters_and_the_time_is_one(tmp_path):
    made = pipeline(write_recurring(notebook(tmp_path), DEFINITION, POLICY))
    assert {each.name: each.default for each in made.parameters} == {"rows": "10", "seed": "1", "retraining_now": "0.0"}


def test_a_notebook_without_parameters_gets_the_time(tmp_path):
    cells = [each for each in CELLS if each["id"] != "parameters"]
    cells = [each | {"source": each["source"].replace("rows", "10").replace("seed", "1")} for each in cells]
    made = pipeline(write_recurring(notebook(tmp_path, cells), DEFINITION, POLICY))
    assert [each.name for each in made.parameters] == ["retraining_now"]


def test_what_watches_and_what_plays_is_left_out(tmp_path):
    document = json.loads(write_recurring(notebook(tmp_path), DEFINITION, POLICY).read_text(encoding="utf-8"))
    assert {"about-play", "play", "watch"} & {each["id"] for each in document["cells"]} == set()
    assert "about-load" in {each["id"] for each in document["cells"]}


def test_the_same_notebook_gives_the_same_bytes(tmp_path):
    first = write_recurring(notebook(tmp_path), DEFINITION, POLICY).read_bytes()
    assert write_recurring(notebook(tmp_path), DEFINITION, POLICY).read_bytes() == first
    assert recurring_path(tmp_path / "toy.ipynb").read_bytes() == first


def test_it_is_a_valid_notebook(tmp_path):
    import nbformat

    nbformat.validate(nbformat.read(write_recurring(notebook(tmp_path), DEFINITION, POLICY), as_version=4))


def test_it_compiles_for_kubeflow_with_a_condition_and_an_exit_handler(tmp_path):
    import yaml

    from nb2pipe.api import compile_pipeline

    spec = next(iter(yaml.safe_load_all(compile_pipeline(pipeline(write_recurring(notebook(tmp_path), DEFINITION, POLICY))).entry_text)))
    conditions = [
        task["triggerPolicy"]["condition"]
        for component in spec["components"].values()
        for task in component.get("dag", {}).get("tasks", {}).values()
        if "condition" in task.get("triggerPolicy", {})
    ]
    assert len(conditions) == 1
    assert "retraining_wanted" in conditions[0]
    assert spec["root"]["dag"]["tasks"]["settle"]["triggerPolicy"]["strategy"] == "ALL_UPSTREAM_TASKS_COMPLETED"


def without(name: str) -> list[dict]:
    return [each for each in CELLS if each["id"] != name]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([*without("gate"), cell("gate", "print(model)", "step:gate")], "has no step with the role `gate`: nothing would judge"),
        (without("deploy"), "has no step with the role `deploy`: nothing would put"),
        (
            [*without("deploy"), cell("deploy", "print('deployed', model)", "step:deploy", "deploy")],
            "step `deploy` of `toy.ipynb` does not wait for a gate",
        ),
        (
            [*without("train"), cell("maybe", "b = rows > 1", "step:b"), cell("train", "model = 3.0", "step:train", "when:b")],
            "runs when `b`; expected no condition",
        ),
        ([*CELLS, cell("name", "retraining_wanted = 1", "skip")], "uses the name `retraining_wanted`"),
    ],
)
def test_a_notebook_that_cannot_be_retrained_safely_is_refused(tmp_path, cells, message):
    order = {each["id"]: place for place, each in enumerate(CELLS)}
    with pytest.raises(ValueError, match=message):
        write_recurring(notebook(tmp_path, sorted(cells, key=lambda each: order.get(each["id"], 5))), DEFINITION, POLICY)


def test_a_notebook_with_errors_is_named(tmp_path):
    with pytest.raises(EnvironmentProblem, match=r"`toy.ipynb` is no pipeline yet"):
        write_recurring(notebook(tmp_path, [*CELLS, cell("wrong", "x =", "step:wrong")]), DEFINITION, POLICY)
    with pytest.raises(EnvironmentProblem, match=r"`none.ipynb` cannot be read"):
        write_recurring(tmp_path / "none.ipynb", DEFINITION, POLICY)
