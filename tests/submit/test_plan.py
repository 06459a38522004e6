"""A plan that contradicts itself is refused before anything runs."""

from __future__ import annotations

import pytest

from jupyter_mlops.submit.plan import read_plan
from nb2pipe.errors import Nb2PipeError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plan: plan.update(schema="nb2pipe.pipeline/2"), "reads `nb2pipe.pipeline/1`"),
        (lambda plan: plan.pop("steps"), "KeyError"),
        (lambda plan: plan["steps"].append(plan["steps"][0]), "two steps are called `a`"),
        (lambda plan: plan["steps"][0].update(name="../a"), "cannot be the name of a folder"),
        (lambda plan: plan["steps"][0].update(parameters=["n"]), "parameter `n`"),
        (lambda plan: plan["steps"][0].update(after=["b"]), "does not stand above"),
        (lambda plan: plan["steps"][1]["inputs"]["x"].update(port="z"), "no output `z`"),
        (lambda plan: plan["steps"][1]["inputs"]["x"].update(step="z"), "comes from `z`"),
        (lambda plan: plan["steps"][1]["inputs"]["x"].update(collect="last"), "runs only once"),
        (lambda plan: plan["steps"][1].update(when="flag"), "neither a parameter nor an input"),
        (lambda plan: plan["steps"][1].update(when="x"), "must give it as a parameter"),
        (lambda plan: plan["steps"][0].update(on_exit=True), "exit handler"),
        (lambda plan: plan["steps"][0].update(arguments=["a"]), "has no argument"),
        (
            lambda plan: (
                plan["steps"][0].update(foreach="xs", parameters=["xs"]) or plan["parameters"].append({"name": "xs", "type": "list"})
            ),
            "collecting",
        ),
    ],
)
def test_a_contradiction_is_named(pipelines, change, message):
    s = pipelines.step
    plan = pipelines.plan(s("a", outputs=["x"]), s("b", inputs={"x": "a.x"}))
    change(plan)
    with pytest.raises(Nb2PipeError, match=message):
        read_plan(plan)
