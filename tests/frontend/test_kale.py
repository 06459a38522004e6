"""Notebooks written for Kale: tags, merging rules, notebook metadata."""

from __future__ import annotations

import pytest

from nb2pipe.frontend.metadata import notebook_settings
from nb2pipe.frontend.settings import settings_of
from nb2pipe.frontend.tags import translate
from nb2pipe.ir.pipeline import Accelerator, Policy, Resources, Secret, Volume


def settings(notebook, index: int):
    return settings_of(notebook.cells[index], notebook)


@pytest.mark.parametrize(
    ("kale", "ours"),
    {
        "imports": "setup",
        "functions": "setup",
        "pipeline-parameters": "parameters",
        "block:load": "step:load",
        "step:load": "step:load",
        "prev:load": "after:load",
        "limit:nvidia.com/gpu:2": "gpu:2",
        "limit:amd.com/gpu:1": "gpu:amd.com/gpu:1",
        "limit:cpu:2": "cpu:2",
        "limit:memory:4Gi": "memory:4Gi",
        "limit:ephemeral-storage:1Gi": "disk:1Gi",
        "limit:something:1": None,
        "cache:enabled": "cache:on",
        "cache:disabled": "cache:off",
        "cache:1d": "cache:1d",
        "annotation:a/b:c:d": "annotation:a/b:c:d",
        "notebook:x": None,
        "report:enabled": None,
        "skip": "skip",
    }.items(),
)
def test_translation_of_a_tag(kale, ours) -> None:
    assert translate(kale) == ours


def test_the_first_special_tag_decides_alone(read_cells) -> None:
    result = read_cells((["step:a", "imports", "skip", "limit:nvidia.com/gpu:1"], "import x"))
    assert [tag.text for tag in result.value.cells[0].tags] == ["imports"]
    assert sorted(finding.code for finding in result.diagnostics) == ["NB113", "NB114", "NB114", "NB114"]
    assert settings(result.value, 0).value.setup


def test_of_the_cells_of_a_step_only_the_first_ones_settings_count(read_cells) -> None:
    cells = [
        (["block:a", "limit:nvidia.com/gpu:1"], "x = 1"),
        (["block:b", "prev:a"], "y"),
        (["block:a", "prev:b", "limit:nvidia.com/gpu:2"], "z"),
    ]
    notebook = read_cells(*cells).value
    first, second = settings(notebook, 0), settings(notebook, 2)
    assert first.value.resources.accelerator == Accelerator(resource="nvidia.com/gpu", count=1)
    assert (second.value.step, second.value.resources, second.value.control.after) == ("a", Resources(), ())
    assert [finding.code for finding in second.diagnostics] == ["NB114", "NB114"]


def test_untagged_cells_continue_the_block_above_and_skip_is_passed_over(read_cells) -> None:
    cells = [
        ([], "lost"),
        (["imports"], "import a"),
        ([], "import b"),
        (["skip"], "?"),
        ([], "import c"),
        (["block:a"], "x = 1"),
        ([], "y = 1"),
    ]
    notebook = read_cells(*cells).value
    assert [settings(notebook, index).value.setup for index in range(7)] == [False, True, True, False, True, False, False]


def test_untagged_cells_of_other_notebooks_do_not_continue_a_setup_cell(read_cells) -> None:
    notebook = read_cells((["setup"], "import a"), ([], "x = 1")).value
    assert not settings(notebook, 1).value.setup


def test_metrics_cell_names_what_it_prints_or_mentions(read_cells) -> None:
    source = 'print(loss)\nprint("accuracy:", accuracy)\nf1\nprint(f"{auc:.3f}")\nunused = other'
    notebook = read_cells((["block:a"], "loss = 1"), (["pipeline-metrics"], source)).value
    assert settings(notebook, 1).value.metrics == ("loss", "accuracy", "f1", "auc")


def test_features_without_an_equivalent_are_errors(read_cells) -> None:
    result = read_cells((["notebook:x"], "# x.ipynb"), (["block:a", "limit:fpga:1"], "x = 1"))
    assert [finding.code for finding in result.diagnostics if finding.severity.value == "error"] == ["NB115", "NB115"]


def test_foreign_tags_of_a_kale_notebook_are_notes(read_cells) -> None:
    result = read_cells((["block:a", "hide-input", "raises-exception"], "x = 1"))
    assert {finding.code for finding in result.diagnostics} == {"NB111", "NB113"}


def test_empty_name_is_no_tag_as_in_kale(read_cells) -> None:
    result = read_cells((["block:a"], "x = 1"), (["block:", "prev:"], "y = 1"))
    assert result.value.cells[1].tags == ()
    assert {finding.code for finding in result.diagnostics} == {"NB113"}


def test_empty_name_in_another_notebook_is_nb103(read_cells) -> None:
    notebook = read_cells((["step:"], "x = 1")).value
    assert [finding.code for finding in settings(notebook, 0).diagnostics] == ["NB103"]


KALE = {
    "pipeline_name": "titanic-ml",
    "pipeline_description": "who survives",
    "experiment_name": "ignored",
    "docker_image": "old:1",
    "base_image": "new:2",
    "enable_caching": False,
    "autosnapshot": True,
    "anything": {"else": 1},
    "volumes": [
        {"name": "data", "mount_point": "/data", "type": "pvc", "size": 5},
        {"name": "new", "mount_point": "/new", "type": "new_pvc"},
    ],
    "steps_defaults": ["label:team:x", "limit:nvidia.com/gpu:2", "limit:memory:4Gi", "cache:enabled", "secret:a:b:C"],
}


def test_notebook_metadata_becomes_settings(read_cells) -> None:
    result = read_cells((["step:a", "limit:nvidia.com/gpu:1", "label:team:own"], "x = 1"), kubeflow_notebook=KALE)
    assert {finding.code for finding in result.diagnostics} == {"NB113", "NB114"}
    whole = notebook_settings(result.value)
    assert (whole.value.name, whole.value.description, whole.value.image) == ("titanic-ml", "who survives", "new:2")
    own = settings(result.value, 0)
    assert own.diagnostics == ()
    assert own.value.resources == Resources(memory="4Gi", accelerator=Accelerator(resource="nvidia.com/gpu", count=1))
    assert own.value.policy == Policy(
        cache=True,
        labels=(("team", "own"),),
        secrets=(Secret(secret="a", key="b", variable="C"),),
        volumes=(Volume(claim="data", path="/data"),),
    )
    assert own.value.image == "new:2"


def test_step_defaults_as_an_object(read_cells) -> None:
    defaults = {"labels": {"a": "b"}, "limits": {"nvidia.com/gpu": "1"}, "base_image": "x:1", "enable_caching": False, "retry_max_count": 3}
    result = read_cells((["step:a"], "x = 1"), kubeflow_notebook={"steps_defaults": defaults})
    own = settings(result.value, 0).value
    assert (own.image, own.policy.cache, own.policy.labels) == ("x:1", False, (("a", "b"),))
    assert own.resources.accelerator == Accelerator(resource="nvidia.com/gpu", count=1)


@pytest.mark.parametrize(
    "metadata", [None, [], "x", {}, {"volumes": 3, "steps_defaults": 7, "pipeline_name": 5}, {"volumes": [None, {}], "steps_defaults": [1]}]
)
def test_strange_metadata_is_tolerated(metadata, read_cells) -> None:
    result = read_cells((["step:a"], "x = 1"), kubeflow_notebook=metadata)
    assert result.value is not None
    assert {finding.severity.value for finding in result.diagnostics} <= {"warning"}


def test_own_settings_go_before_kales(read_cells) -> None:
    result = read_cells((["step:a"], "x = 1"), kubeflow_notebook={"pipeline_name": "a"}, nb2pipe={"name": "b"})
    assert notebook_settings(result.value).value.name == "b"
