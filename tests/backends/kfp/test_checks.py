"""What Kubeflow cannot carry out is a finding that names the step and the setting, before anything is written."""

from __future__ import annotations

import json

import pytest

from nb2pipe.backends.base import Finding
from nb2pipe.errors import InternalError
from nb2pipe.ir.pipeline import (
    Accelerator,
    Collect,
    Control,
    Parameter,
    ParameterType,
    Policy,
    Resources,
    Secret,
    Toleration,
    Volume,
)

INT, STR, BOOL, LIST = ParameterType.INT, ParameterType.STR, ParameterType.BOOL, ParameterType.LIST
GPU = "nvidia.com/gpu"
SETTINGS = [
    ({"resources": Resources(disk="10Gi")}, "NB701", "disk", "10Gi"),
    ({"policy": Policy(cache=3600)}, "NB701", "cache", "3600s"),
    ({"policy": Policy(volumes=(Volume(claim="data", path="/data", read_only=True),))}, "NB701", "volumes", "data"),
    ({"resources": Resources(cpu="two")}, "NB703", "cpu", "two"),
    ({"resources": Resources(cpu="0")}, "NB703", "cpu", "0"),
    ({"resources": Resources(memory="4GB")}, "NB703", "memory", "4GB"),
    ({"resources": Resources(memory="-4Gi")}, "NB703", "memory", "-4Gi"),
    ({"resources": Resources(accelerator=Accelerator(resource="gpu", count=1))}, "NB703", "gpu", "gpu"),
    ({"resources": Resources(accelerator=Accelerator(resource=GPU, count=0))}, "NB703", "gpu", "0"),
    ({"image": ""}, "NB703", "image", ""),
    ({"image": "python 3"}, "NB703", "image", "python 3"),
    ({"image": "{{workflow.name}}"}, "NB703", "image", "{{workflow.name}}"),
    ({"policy": Policy(timeout_seconds=0)}, "NB703", "timeout", "0"),
    ({"policy": Policy(retries=-1)}, "NB703", "retry", "-1"),
    ({"policy": Policy(environment=(("A", "{{=1}}"),))}, "NB703", "environment", "{{=1}}"),
    ({"policy": Policy(environment=(("1A", "x"),))}, "NB702", "environment", "1A"),
    ({"policy": Policy(secrets=(Secret(secret="My_Secret", key="k", variable="V"),))}, "NB702", "secrets", "My_Secret"),
    ({"policy": Policy(secrets=(Secret(secret="s", key="k/k", variable="V"),))}, "NB702", "secrets", "k/k"),
    ({"policy": Policy(secrets=(Secret(secret="s", key="k", variable="a b"),))}, "NB702", "secrets", "a b"),
    ({"policy": Policy(volumes=(Volume(claim="Data", path="/data"),))}, "NB702", "volumes", "Data"),
    ({"policy": Policy(volumes=(Volume(claim="data", path="data"),))}, "NB703", "volumes", "data"),
    ({"policy": Policy(volumes=(Volume(claim="a", path="/d"), Volume(claim="b", path="/d/")))}, "NB703", "volumes", "/d/"),
    ({"policy": Policy(labels=(("a b", "x"),))}, "NB702", "labels", "a b"),
    ({"policy": Policy(labels=(("a", "x y"),))}, "NB702", "labels", "x y"),
    ({"policy": Policy(annotations=(("-a", "x y"),))}, "NB702", "annotations", "-a"),
    ({"policy": Policy(node_selector=(("a/b/c", "x"),))}, "NB702", "node_selector", "a/b/c"),
    ({"policy": Policy(tolerations=(Toleration(key="k", operator="Is"),))}, "NB703", "tolerations", "k"),
    ({"policy": Policy(tolerations=(Toleration(key="k", value="v"),))}, "NB703", "tolerations", "k"),
    ({"policy": Policy(tolerations=(Toleration(key="k", effect="Never"),))}, "NB703", "tolerations", "k"),
]
PARAMETERS = [
    (INT, str(2**53 + 1), "NB703"),
    (LIST, f"[{-(2**60)}]", "NB703"),
    (ParameterType.FLOAT, "NaN", "NB703"),
    (ParameterType.DICT, '{"a":[Infinity]}', "NB703"),
    (STR, json.dumps("x" * 10_000), "NB703"),
    (LIST, '[{"\\ud800":1}]', "NB703"),
]


@pytest.fixture
def found(kfp):
    """A pipeline → (code, step, field, found) of its findings."""

    def check(pipeline) -> list[tuple]:
        findings = kfp.check(pipeline)
        assert all(isinstance(each, Finding) and each.message[0].islower() | (each.message[0] == "`") for each in findings)
        return [(each.code, each.step, each.field, each.found) for each in findings]

    return check


@pytest.mark.parametrize(("fields", "code", "field", "value"), SETTINGS)
def test_setting_that_cannot_be(make, found, fields, code, field, value):
    """One finding, at the step and the setting, with the value as the user wrote it."""
    assert found(make.pipeline("p", make.step("good"), make.step("bad", **fields))) == [(code, "bad", field, value)]


@pytest.mark.parametrize(("kind", "default", "code"), PARAMETERS)
def test_parameter_that_cannot_be(make, found, kind, default, code):
    pipeline = make.pipeline("p", make.step("s"), parameters=(Parameter(name="x", type=kind, default=default),))
    assert found(pipeline) == [(code, None, "parameter x", default)]


def test_good_settings_have_no_findings(make, found):
    """Nothing that is right is complained of."""
    policy = Policy(
        retries=3,
        timeout_seconds=1,
        cache=False,
        secrets=(Secret(secret="a.b-c", key="K_1.x", variable="_A"),),
        volumes=(Volume(claim="data", path="/data"), Volume(claim="data", path="/data2")),
        labels=(("example.com/team", ""), ("a", "A_1.x")),
        annotations=(("note", "anything: «goes» $(X) {x}"),),
        node_selector=(("cloud.google.com/gke-accelerator", "nvidia-tesla-t4"),),
        tolerations=(Toleration(key=""), Toleration(key="k", operator="Equal", value="v", effect="")),
        environment=(("A.b-C", "{x} $(A)"),),
    )
    resources = Resources(cpu="1.5", memory="1e9", accelerator=Accelerator(resource="amd.com/gpu", count=8))
    assert found(make.pipeline("p", make.step("s", policy=policy, resources=resources, image="r.io:5000/a/b@sha256:00"))) == []


def test_control_of_the_wrong_type(make, found):
    """A condition is a boolean, a fan-out goes over a list, from a parameter or from a step."""
    parameters = (Parameter(name="n", type=INT, default="1"), Parameter(name="names", type=STR, default='"a"'))
    text = make.port("text", parameter=STR)
    steps = [
        make.step("make", outputs=(text,)),
        make.step("a", parameters=("n",), control=Control(when="n")),
        make.step("b", parameters=("names",), control=Control(foreach="names")),
        make.step("c", inputs=(text,), control=Control(when="text")),
    ]
    pipeline = make.pipeline("p", *steps, edges=(make.edge("make", "c", "text"),), parameters=parameters)
    assert found(pipeline) == [("NB701", "a", "when", "n"), ("NB701", "b", "foreach", "names"), ("NB701", "c", "when", "text")]


def test_null_cannot_enter_a_group(make, found):
    """The backend loses null at the border of a DAG: not where the step stands in the root."""
    nothing = Parameter(name="seed", type=INT, default=None, optional=True)
    flag = Parameter(name="fast", type=BOOL, default="true")
    steps = [make.step("a", parameters=("seed",)), make.step("b", parameters=("seed", "fast"), control=Control(when="fast"))]
    assert found(make.pipeline("p", *steps, parameters=(nothing, flag))) == [("NB701", "b", "parameter seed", "null")]


def test_data_does_not_pass_into_an_exit_step(make, found):
    leaving = Control(on_exit=True)
    x = make.port("x")
    steps = [make.step("a", outputs=(x,)), make.step("b", inputs=(x,), control=leaving)]
    assert found(make.pipeline("p", *steps, edges=(make.edge("a", "b", "x"),))) == [("NB701", "b", "on-exit", "x")]


def test_only_exit_steps(make, found, kfp):
    pipeline = make.pipeline("p", make.step("a", control=Control(on_exit=True)))
    assert found(pipeline) == [("NB701", "a", "on-exit", "a")]
    with pytest.raises(InternalError, match="NB901"):
        kfp.emit(pipeline)


def test_item_by_item_after_gathering(make, found):
    """A step that needs both the one item's value and the gathered ones would have to stand in two DAGs."""
    loop = Control(foreach="items")
    items = Parameter(name="items", type=LIST, default="[1]")
    x, y = make.port("x"), make.port("y")
    steps = [
        make.step("a", outputs=(x,), parameters=("items",), control=loop),
        make.step("b", inputs=(make.port("x", collect=Collect.LAST),), outputs=(y,)),
        make.step("c", inputs=(x, y), parameters=("items",), control=loop),
    ]
    edges = (make.edge("a", "b", "x"), make.edge("b", "c", "y"), make.edge("a", "c", "x"))
    assert found(make.pipeline("p", *steps, edges=edges, parameters=(items,))) == [("NB701", "c", "foreach", "x")]


def test_a_step_that_is_too_large(make, found):
    [(code, step, field, size)] = found(make.pipeline("p", make.step("small"), make.step("large", "x = '" + "x" * 100_000 + "'\n")))
    assert (code, step, field) == ("NB704", "large", "code")
    assert int(size) > 100_000


def test_a_pipeline_that_is_too_large(make, found):
    steps = [make.step(f"s{number}", "x = '" + "x" * 90_000 + "'\n") for number in range(8)]
    [(code, step, field, size)] = found(make.pipeline("p", *steps))
    assert (code, step, field) == ("NB704", None, "code")
    assert int(size) > 700_000


def test_findings_come_before_problems(make, kfp):
    """Whatever the settings, a pipeline without findings is emitted, and one with findings that reach the document is our bug."""
    for fields, *_ in SETTINGS:
        pipeline = make.pipeline("p", make.step("bad", **fields))
        assert kfp.check(pipeline) != ()
    with pytest.raises(
        InternalError, match=r"NB901 .*\n  deploymentSpec\.executors\.exec-bad\.container\.image: the container has no image"
    ):
        kfp.emit(make.pipeline("p", make.step("bad", image="")))


def test_broken_references_are_our_bug(make, kfp):
    """A pipeline that the verifier would have refused is an internal error that names the place."""
    x = make.port("x")
    broken = [
        make.pipeline("p"),
        make.pipeline("p", make.step("a", inputs=(x,))),
        make.pipeline("p", make.step("a"), make.step("b", inputs=(x,)), edges=(make.edge("a", "b", "x"),)),
        make.pipeline("p", make.step("a", parameters=("x",))),
        make.pipeline("p", make.step("a", control=Control(after=("gone",)))),
        make.pipeline("p", make.step("a"), edges=(make.edge("a", "gone", "x"),)),
        make.pipeline("p", make.step("a", control=Control(after=("b",))), make.step("b", control=Control(after=("a",)))),
    ]
    for pipeline in broken:
        with pytest.raises(InternalError, match="NB901 broken-invariant"):
            kfp.emit(pipeline)
