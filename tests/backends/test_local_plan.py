"""The local plan is what docs/step-json.md says."""

from __future__ import annotations

import json

import pytest

from nb2pipe.backends.local import BACKEND
from nb2pipe.errors import InternalError
from nb2pipe.ir.pipeline import Collect, Control, Parameter, ParameterType, Policy, Resources

LIST = ParameterType.LIST


@pytest.fixture
def plan(feature_of, local):
    """The plan of a feature pipeline."""
    return lambda name: json.loads(local.emit(feature_of(name)).files[0].text)


def test_keys_of_plan_and_step(plan):
    """Every key of the schema is there, whatever the step uses."""
    two = plan("two_steps")
    assert [*two] == ["schema", "name", "notebook", "parameters", "steps"]
    assert (two["schema"], two["name"], two["notebook"]) == ("nb2pipe.pipeline/1", "two_steps", "two_steps.ipynb")
    keys = ["name", "command", "arguments", "parameters", "inputs", "outputs", "after"]
    keys += ["foreach", "when", "on_exit", "retries", "timeout_seconds", "cache", "environment", "secrets"]
    assert [[*step] for step in two["steps"]] == [keys] * 2


def test_inputs_and_outputs(plan):
    load, train = plan("two_steps")["steps"]
    assert (load["outputs"], train["inputs"], train["after"]) == (
        {"raw": {"artifact": "Dataset"}},
        {"raw": {"step": "load", "port": "raw"}},
        ["load"],
    )
    [evaluate] = plan("reports")["steps"]
    assert evaluate["outputs"]["r-metrics"] == {"artifact": "Metrics"}
    assert evaluate["outputs"]["display"] == {"artifact": "HTML"}


def test_default_only_where_there_is_one(plan):
    """A parameter without a default must be given; defaults are escaped like all values on their way to a step."""
    parameters = {each.pop("name"): each for each in plan("parameters")["parameters"]}
    assert parameters["region"] == {"type": "str", "optional": False}
    assert parameters["seed"] == {"type": "int", "default": None, "optional": True}
    assert parameters["sizes"]["default"] == [1, 2.5, "{~{=1}}", None]


def test_fan_out_of_a_parameter_and_of_a_step(plan):
    """`foreach` names a parameter or an input of the plan; step.json, inside, leaves the list out."""
    train = plan("fan_out")["steps"][1]
    assert (train["foreach"], train["parameters"]) == ("depths", ["depths", "seed"])
    read = plan("fan_out_of_step")["steps"][1]
    assert (read["foreach"], read["inputs"]) == ("files", {"files": {"step": "plan", "port": "files"}})
    choose = plan("fan_out")["steps"][3]
    assert choose["inputs"]["scores"] == {"step": "score", "port": "scores", "collect": "merge"}


def test_the_container_does_not_ask_for_the_list(make):
    """The runtime gets `NAME-item`; a list it was told to expect would be missing."""
    step = make.step("s", parameters=("xs", "n"), control=Control(foreach="xs"))
    parameters = tuple(Parameter(name=name, type=LIST, default="[1]") for name in ("xs", "n"))
    text = BACKEND.emit(make.pipeline("p", step, parameters=parameters)).files[0].text
    document = json.loads(json.loads(text)["steps"][0]["arguments"][2])
    assert (document["foreach"], [each["name"] for each in document["parameters"]]) == ("xs", ["n"])


def test_exit_steps_follow_all_others(plan):
    steps = {step["name"]: step for step in plan("exit_handlers")["steps"]}
    assert {name: step["after"] for name, step in steps.items()} == {
        "train": [],
        "collect": ["train"],
        "mail": ["train", "collect"],
        "clean": ["train"],
    }
    assert [name for name, step in steps.items() if step["on_exit"]] == ["collect", "mail", "clean"]


def test_steps_are_in_an_order_that_can_run(make, local):
    """A split notebook may name a later step first: the plan sorts, and keeps notebook order where it is free."""
    steps = [make.step("c", control=Control(after=("a",))), make.step("b"), make.step("a")]
    plan = json.loads(local.emit(make.pipeline("p", *steps)).files[0].text)
    assert [step["name"] for step in plan["steps"]] == ["b", "a", "c"]


def test_file_name_is_safe(make, local):
    assert str(local.emit(make.pipeline("a/b:c", make.step("s"))).entry) == "a-b-c.pipeline.json"


def test_settings_of_a_cluster_are_findings(make, local):
    """What this machine does not heed is said, by step and setting."""
    found = local.check(make.pipeline("p", make.step("s", resources=Resources(cpu="2"), policy=Policy(cache=60))))
    assert [(each.code, each.step, each.field, each.found) for each in found] == [("NB701", "s", "cpu", "2")]
    assert found[0].message.startswith("backend `local` cannot express CPU and memory: steps are processes on this machine")


def test_broken_pipelines_are_our_bug(make, local):
    for broken in (make.pipeline("p"), make.pipeline("p", make.step("a", inputs=(make.port("x", collect=Collect.LAST),)))):
        with pytest.raises(InternalError, match="NB901 broken-invariant"):
            local.emit(broken)
