"""What the KFP documents hold, fact by fact; the traps of the backend are in `validator/__init__.py`."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
import yaml

from nb2pipe.backends.kfp import BACKEND
from nb2pipe.ir.pipeline import Accelerator, Collect, Control, Parameter, ParameterType, Policy, Resources, Toleration, Volume

INT, FLOAT, STR, BOOL, LIST, DICT = ParameterType


@pytest.fixture
def root_parameters(make, documents):
    """Definitions of pipeline parameters as they are emitted."""

    def emit(*parameters) -> dict:
        return documents(make.pipeline("p", make.step("s"), parameters=parameters))[0]["root"]["inputDefinitions"]["parameters"]

    return emit


@pytest.fixture
def one_step(make, documents):
    """The task, the container and the Kubernetes settings of a single step."""

    def emit(**fields) -> tuple[dict, dict, dict]:
        spec, *platform = documents(make.pipeline("p", make.step("s", **fields)))
        pods = platform[0]["platforms"]["kubernetes"]["deploymentSpec"]["executors"] if platform else {}
        return spec["root"]["dag"]["tasks"]["s"], spec["deploymentSpec"]["executors"]["exec-s"]["container"], pods.get("exec-s", {})

    return emit


def test_default_makes_a_parameter_optional(root_parameters):
    """Trap 9: the driver checks the type of a non-optional input even when nothing was given."""
    assert root_parameters(Parameter(name="a", type=INT, default="3")) == {
        "a": {"parameterType": "NUMBER_INTEGER", "defaultValue": 3, "isOptional": True}
    }
    assert root_parameters(Parameter(name="a", type=INT, default=None)) == {"a": {"parameterType": "NUMBER_INTEGER"}}
    assert root_parameters(Parameter(name="a", type=INT, default="null", optional=True)) == {
        "a": {"parameterType": "NUMBER_INTEGER", "isOptional": True}
    }


def test_defaults_are_escaped_at_any_depth(root_parameters):
    """Traps 2 and 11: no default holds what Argo, the kubelet or the launcher replaces."""
    default = json.dumps({"{{a}}": ["{{$.inputs.parameters['x']}}", "$(X) $$", "{~{"]})
    emitted = root_parameters(Parameter(name="a", type=DICT, default=default))["a"]["defaultValue"]
    assert emitted == {"{~{a}}": ["{~{$.inputs.parameters['x']}}", "$~(X) $~$", "{~~{"]}


@pytest.mark.parametrize(
    ("default", "item"),
    [
        ("[1,2]", "NUMBER_INTEGER"),
        ("[1,2.5]", "NUMBER_DOUBLE"),
        ("[true]", "BOOLEAN"),
        ('["a"]', "STRING"),
        ('[{"a":1}]', "STRUCT"),
        ("[[1]]", "LIST"),
        ('[1,"a"]', "STRING"),
        ("[true,1]", "STRING"),
        ("[]", "STRING"),
        (None, "STRING"),
    ],
)
def test_type_of_an_item(make, documents, default, item):
    """Trap 8: types are strict, so an item has the type that all of the default's items share, and else travels as text."""
    step = make.step("s", parameters=("xs",), control=Control(foreach="xs"))
    spec = documents(make.pipeline("p", step, parameters=(Parameter(name="xs", type=LIST, default=default),)))[0]
    types = [spec["components"][name]["inputDefinitions"]["parameters"]["xs-item"] for name in ("comp-for-loop-1", "comp-s")]
    assert types == [{"parameterType": item}] * 2


def test_the_code_is_in_the_cache_key(kfp, documents, make):
    """Trap 6: the key holds arguments as written, so the code is one of them."""
    args = [
        documents(make.pipeline("p", make.step("s", code)))[0]["deploymentSpec"]["executors"]["exec-s"]["container"]["args"]
        for code in ("a = 1\n", "a = 2\n")
    ]
    assert args[0] != args[1]


def test_no_step_installs_anything(make):
    """Trap 10: no command of ours asks an index for packages."""
    spec, *_ = yaml.safe_load_all(BACKEND.emit(make.pipeline("p", make.step("s"))).files[0].text)
    command = spec["deploymentSpec"]["executors"]["exec-s"]["container"]["command"]
    assert command[:3] == ["python3", "-u", "-c"]
    assert not re.search(r"\b(pip|ensurepip|urllib|subprocess)\b", command[3])


def test_a_step_reads_everything_from_the_executor_input(feature, documents):
    """Trap 13: the only placeholder is the executor input, where lists are whole."""
    for executor in documents(feature)[0]["deploymentSpec"]["executors"].values():
        words = executor["container"]["command"] + executor["container"]["args"]
        assert [word for word in words if "{{" in word] == ["{{$}}"]


def test_retry_really_retries(one_step):
    """Traps 5 and 18: the cap is a month, and all fields are there."""
    task, _, _ = one_step(policy=Policy(retries=3))
    assert task["retryPolicy"] == {"maxRetryCount": 3, "backoffDuration": "10s", "backoffFactor": 2.0, "backoffMaxDuration": "2592000s"}


@pytest.mark.parametrize(("cache", "options"), [(True, {"enableCache": True}), (False, {})])
def test_cache(one_step, cache, options):
    assert one_step(policy=Policy(cache=cache))[0]["cachingOptions"] == options


def test_gpu_step_gets_shared_memory_and_tolerates_the_taint(one_step):
    """Data loaders need shared memory, and GPU nodes are tainted by vendor."""
    _, container, pod = one_step(resources=Resources(accelerator=Accelerator(resource="nvidia.com/mig-1g.10gb", count=2)))
    assert container["resources"]["accelerator"] == {
        "resourceType": "nvidia.com/mig-1g.10gb",
        "resourceCount": "2",
        "type": "nvidia.com/mig-1g.10gb",
        "count": 2,
    }
    assert pod == {
        "emptyDirMounts": [{"volumeName": "shared-memory", "mountPath": "/dev/shm", "medium": "Memory"}],
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
    }


def test_the_users_own_gpu_settings_stay(one_step):
    """A volume at the path and a toleration of the taint are not doubled."""
    policy = Policy(
        tolerations=(Toleration(key="nvidia.com/gpu", operator="Equal", value="a"),), volumes=(Volume(claim="shm", path="/dev/shm"),)
    )
    _, _, pod = one_step(resources=Resources(accelerator=Accelerator(resource="nvidia.com/gpu", count=1)), policy=policy)
    assert "emptyDirMounts" not in pod
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Equal", "value": "a", "effect": "NoSchedule"}]


def test_quantities_for_old_and_new_servers(one_step):
    """The exact quantity, and the plain numbers in cores and gigabytes that older servers read."""
    resources = one_step(resources=Resources(cpu="500m", memory="4Gi"))[1]["resources"]
    assert resources == {
        "resourceCpuRequest": "500m",
        "resourceCpuLimit": "500m",
        "cpuRequest": 0.5,
        "cpuLimit": 0.5,
        "resourceMemoryRequest": "4Gi",
        "resourceMemoryLimit": "4Gi",
        "memoryRequest": 4.294967296,
        "memoryLimit": 4.294967296,
    }


def test_platform_document_only_where_needed(documents, feature_of):
    """Most pipelines are one document."""
    assert [len(documents(feature_of(name))) for name in ("two_steps", "retry", "gpu", "secret")] == [1, 2, 2, 2]


def test_a_step_in_a_fan_out_gets_its_item_only(documents, feature_of):
    """The list itself would put every item into the cache key of each: it stays outside, unless another step reads it."""
    spec = documents(feature_of("fan_out"))[0]
    assert list(spec["components"]["comp-score"]["inputDefinitions"]["parameters"]) == ["depths-item"]
    assert list(spec["components"]["comp-choose"]["inputDefinitions"]["parameters"]) == ["depths", "depth"]


def test_gathered_outputs_are_lists_from_the_fan_out_on(documents, feature_of):
    """Inside the fan-out a value is one, at its border it is a list, whether parameter or artifact."""
    components = documents(feature_of("fan_out"))[0]["components"]
    assert components["comp-for-loop-1"]["outputDefinitions"]["parameters"] == {"train--depth": {"parameterType": "LIST"}}
    assert components["comp-for-loop-1"]["outputDefinitions"]["artifacts"]["score--scores"]["isArtifactList"] is True
    assert "isArtifactList" not in components["comp-score"]["outputDefinitions"]["artifacts"]["scores"]


def test_a_list_is_read_beside_its_own_items(make, documents):
    """The backend takes the list away inside an iteration: a step there that reads the same list otherwise gets it by another door."""
    xs = make.port("xs", parameter=LIST)
    steps = [
        make.step("plan", outputs=(xs,)),
        make.step("each", inputs=(xs,), outputs=(make.port("y"),), control=Control(foreach="xs")),
        make.step("use", inputs=(make.port("y"), xs, make.port("whole", parameter=LIST)), control=Control(foreach="xs")),
    ]
    edges = (
        make.edge("plan", "each", "xs"),
        make.edge("each", "use", "y"),
        make.edge("plan", "use", "xs"),
        make.cross("plan", "xs", "use", "whole"),
    )
    spec = documents(make.pipeline("p", *steps, edges=edges))[0]
    loop = spec["root"]["dag"]["tasks"]["for-loop-1"]
    assert loop["parameterIterator"] == {"items": {"inputParameter": "plan--xs"}, "itemInput": "xs-item"}
    assert set(loop["inputs"]["parameters"]) == {"plan--xs", "plan--xs-2"}
    inner = spec["components"]["comp-for-loop-1"]["dag"]["tasks"]["use"]["inputs"]["parameters"]
    assert inner == {"whole": {"componentInputParameter": "plan--xs-2"}, "xs-item": {"componentInputParameter": "xs-item"}}


def test_consumer_outside_a_condition(documents, feature_of):
    """What a conditional step makes leaves its DAG by an output, of its own type."""
    spec = documents(feature_of("condition"))[0]
    assert spec["root"]["dag"]["tasks"]["tell"]["inputs"]["parameters"] == {
        "url": {"taskOutputParameter": {"producerTask": "condition-1", "outputParameterKey": "deploy--url"}}
    }
    assert spec["components"]["comp-condition-1"]["outputDefinitions"]["parameters"] == {"deploy--url": {"parameterType": "STRING"}}


def test_collect_from_two_steps_with_one_name(make, documents):
    """Two steps of a fan-out may call their outputs alike: the doors are told apart by the step."""
    loop = Control(foreach="xs")
    steps = [make.step(name, outputs=(make.port("y"),), parameters=("xs",), control=loop) for name in ("a", "b")]
    last = make.step("c", inputs=(make.port("y", collect=Collect.LAST), make.port("z", collect=Collect.LAST)))
    edges = (make.edge("a", "c", "y"), make.cross("b", "y", "c", "z"))
    spec = documents(make.pipeline("p", *steps, last, edges=edges, parameters=(Parameter(name="xs", type=LIST, default="[1]"),)))[0]
    keys = {
        port: each["taskOutputArtifact"]["outputArtifactKey"]
        for port, each in spec["root"]["dag"]["tasks"]["c"]["inputs"]["artifacts"].items()
    }
    assert keys == {"y": "a--y", "z": "b--y"}


def test_exit_steps_are_one_task(documents, feature_of):
    """The backend keeps one exit template for a body: several exit steps go into one DAG, which passes the status on."""
    spec = documents(feature_of("exit_handlers"))[0]
    assert list(spec["root"]["dag"]["tasks"]) == ["exit-handler-1", "exit-steps-1"]
    leaving = spec["root"]["dag"]["tasks"]["exit-steps-1"]
    assert leaving["triggerPolicy"] == {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    assert leaving["inputs"]["parameters"]["run-status"] == {"taskFinalStatus": {"producerTask": "exit-handler-1"}}


def test_two_hundred_steps(make, documents):
    """A pipeline at the limits of the size budget is written and read back."""
    names = [f"step{number}" for number in range(200)]
    steps = [make.step(name, inputs=(make.port("x"),) if at else (), outputs=(make.port("x"),)) for at, name in enumerate(names)]
    edges = tuple(make.edge(first, second, "x") for first, second in pairwise(names))
    assert len(documents(make.pipeline("long", *steps, edges=edges))[0]["root"]["dag"]["tasks"]) == 200
