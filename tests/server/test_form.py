"""The form of a cell's tags."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import code, validator

from jupyter_mlops.server.context import Context, Refused
from jupyter_mlops.server.form import form, grammar
from nb2pipe.described import FIELDS, TAGS, TaggedCell
from nb2pipe.form import change_fields, read_fields
from nb2pipe.frontend.tags import FLAGS, VERBS
from nb2pipe.source import CellId

CONTEXT = Context(root=Path.cwd())
TEXTS = st.sampled_from(
    "mine step:a block:b skip gate deploy gpu:1 gpu:amd.com/gpu:2 limit:cpu:2 cpu:4 env:A=1 env:B=2 papermill-error-cell-tag after:x "
    "prev:y on-exit cache:7d ignore:NB301 stp:a memory:4Gi".split()
)
VALUES = {
    "text": st.sampled_from(["", "x", "4Gi", "2", "amd.com/gpu", "not usable!"]),
    "number": st.sampled_from(["", "0", "3", "many"]),
    "choice": st.sampled_from(["", "step", "skip", "gate", "monitor"]),
    "flag": st.booleans(),
    "list": st.lists(st.sampled_from(["A=1", "B=2", "C=3", "x", "NB301"]), max_size=4),
}
CHANGES = st.fixed_dictionaries({}, optional={field.name: VALUES[field.kind] for field in FIELDS})


def filled(notebook, cells, **changes):
    answer = form(CONTEXT, body={"notebook": notebook, "cells": cells, "changes": changes})
    assert [error.message for error in validator("Form").iter_errors(answer)] == []
    return answer


def one(tags, settings=None, **changes):
    notebook = code(("x = 1", tags))
    notebook["cells"][0]["settings"] = settings or {}
    return filled(notebook, ["cell-0"], **changes)


def said(answer):
    return {name: value for name, value in answer["values"].items() if value}


def test_the_grammar_in_words_is_the_grammar():
    assert sorted(TAGS) == sorted((*FLAGS, *VERBS))
    answer = grammar(CONTEXT)
    assert [error.message for error in validator("Grammar").iter_errors(answer)] == []
    of_fields = {"place": "step", "role": "gate", "gpu-resource": "gpu"}
    assert {of_fields.get(field["name"], field["name"]) for field in answer["fields"]} <= set(TAGS)


@pytest.mark.parametrize(("verb", "shape"), [(verb, each.shape) for verb, each in TAGS.items()])
def test_every_example_of_a_tag_can_be_used(verb, shape):
    tags = [shape] if verb in {"step", "parameters", "setup", "skip"} else ["step:train", shape]
    assert one(tags)["problems"] == {}


def test_a_form_says_what_the_tags_say():
    answer = one(["mine", "step:train", "gpu:amd.com/gpu:2", "env:A=1", "env:B=2", "gate"])
    assert said(answer) == {
        "place": "step",
        "step": "train",
        "role": "gate",
        "gpu": "2",
        "gpu-resource": "amd.com/gpu",
        "env": ["A=1", "B=2"],
    }
    assert answer["other"] == ["mine"]


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        (["mine", "step:a", "x:y", "cpu:2"], {"step": "b"}, ["mine", "step:b", "x:y", "cpu:2"]),
        (["mine", "gpu:1"], {"step": "b"}, ["mine", "step:b", "gpu:1"]),
        (["step:a", "gpu:1", "mine"], {"gpu-resource": "amd.com/gpu"}, ["step:a", "gpu:amd.com/gpu:1", "mine"]),
        (["step:a", "gpu:1", "mine"], {"gpu": ""}, ["step:a", "mine"]),
        (["step:a"], {"gpu-resource": "amd.com/gpu"}, ["step:a", "gpu:amd.com/gpu:1"]),
        (["env:A=1", "mine", "env:B=2"], {"env": ["B=2", "C=3", "D=4"]}, ["env:B=2", "mine", "env:C=3", "env:D=4"]),
        (["env:A=1", "mine", "env:B=2"], {"env": []}, ["mine"]),
        (["cpu:1", "cpu:2"], {"cpu": "4"}, ["cpu:4"]),
        (["step:a", "gate"], {"role": "deploy"}, ["step:a", "deploy"]),
        (["step:a", "cpu:2"], {"place": "skip"}, ["skip", "cpu:2"]),
        (["step:a", "cpu:2"], {"step": ""}, ["cpu:2"]),
        (["step:a"], {"on-exit": True}, ["step:a", "on-exit"]),
        (["block:a", "prev:b", "limit:cpu:2"], {"memory": "4Gi"}, ["block:a", "prev:b", "limit:cpu:2", "memory:4Gi"]),
    ],
)
def test_a_change_touches_only_the_tags_that_it_is_about(before, changes, after):
    assert one(before, **changes)["cells"][0]["tags"] == after


def test_a_change_takes_the_setting_of_the_metadata_away_that_said_otherwise():
    answer = one(["step:a"], {"cpu": 2, "memory": "4Gi"}, cpu="4")
    assert answer["cells"] == [{"id": "cell-0", "tags": ["step:a", "cpu:4"], "settings": {"memory": "4Gi"}}]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"step": "my step"}, "step", "`my step` cannot be a step name; write `my_step`"),
        ({"place": "step"}, "step", "a step needs a name, such as `train`"),
        ({"cpu": "lots"}, "cpu", "`cpu:lots` cannot be used: expected cores, such as `cpu:2` or `cpu:500m`"),
        (
            {"gpu-resource": "gpu"},
            "gpu-resource",
            "`gpu` cannot be used: expected a Kubernetes resource, such as `nvidia.com/gpu`",
        ),
        (
            {"env": ["MODE"]},
            "env",
            "`env:MODE` cannot be used: expected a variable and its value, such as `env:MODE=fast`",
        ),
    ],
)
def test_what_cannot_be_used_is_said_and_not_written(changes, field, message):
    answer = one(["cpu:1"], **changes)
    assert answer["problems"] == {field: message}
    assert answer["cells"][0]["tags"] == ["cpu:1"]


def test_what_a_cell_says_against_itself_stands_at_the_field():
    assert one(["step:a", "foreach:x", "on-exit"])["problems"] == {"foreach": "`foreach:x` conflicts with `on-exit`"}


def test_cells_that_differ_are_changed_together():
    notebook = code(("x = 1", ["step:a", "cpu:1"]), ("y = x", ["step:a", "cpu:2", "mine"]), "z = y")
    assert filled(notebook, ["cell-0", "cell-1"])["mixed"] == ["cpu"]
    answer = filled(notebook, ["cell-0", "cell-1"], cpu="4")
    assert [cell["tags"] for cell in answer["cells"]] == [["step:a", "cpu:4"], ["step:a", "cpu:4", "mine"]]
    assert (answer["mixed"], answer["values"]["cpu"]) == ([], "4")


def test_the_steps_of_the_notebook_are_suggested():
    notebook = code(("x = 1", ["step:load"]), ("y = x", ["step:train"]))
    assert [choice["value"] for choice in filled(notebook, ["cell-1"])["choices"]["after"]] == ["load", "train"]


def test_values_that_fit_are_suggested():
    notebook = code(("grid = [1, 2]\ngood = 3 > 2\nscore = 0.5", ["step:load"]))
    choices = filled(notebook, ["cell-0"])["choices"]
    assert [[choice["value"] for choice in choices[verb]] for verb in ("foreach", "when", "metrics")] == [["grid"], ["good"], ["score"]]


def test_text_has_no_form_and_an_unknown_cell_is_refused():
    notebook = code(("x = 1", []))
    notebook["cells"][0]["type"] = "markdown"
    assert filled(notebook, ["cell-0"], step="a")["cells"] == []
    with pytest.raises(Refused, match="the notebook has no cell `gone`"):
        filled(notebook, ["gone"])


@given(st.lists(TEXTS, max_size=6), CHANGES)
def test_any_change_of_any_tags_has_an_answer_and_keeps_what_is_not_ours(tags, changes):
    answer = one(tags, **changes)
    foreign = [text for text in tags if text in {"mine", "papermill-error-cell-tag", "stp:a"}]
    assert [text for text in answer["cells"][0]["tags"] if text in foreign] == foreign


@given(st.lists(TEXTS, max_size=6))
def test_saying_what_is_said_already_changes_nothing(tags):
    cell = TaggedCell(id=CellId("a"), tags=tuple(tags), settings={})
    assert change_fields(cell, read_fields(cell)) == cell
