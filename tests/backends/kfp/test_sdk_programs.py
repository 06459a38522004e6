"""Programs that the SDK compiles to the same meaning as the pipelines that they stand for.

Without postponed annotations, since the SDK reads those of its components.
"""

from typing import List  # noqa: UP035 - the SDK knows no other spelling

import pytest
import yaml

from nb2pipe.backends.kfp.validator import validate
from nb2pipe.ir.pipeline import (
    Accelerator,
    ArtifactType,
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

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


# What the SDK compiles: one function for each program, and the pipeline that should mean the same.
INT, BOOL, LIST = ParameterType.INT, ParameterType.BOOL, ParameterType.LIST
DATASET, MODEL = ArtifactType.DATASET, ArtifactType.MODEL
DEPTHS, SEED = Parameter(name="depths", type=LIST, default="[2, 4]"), Parameter(name="seed", type=INT, default="3")


@pytest.fixture
def ours(make):
    """The steps that the components above stand for."""

    class Ours:
        @staticmethod
        def load(**fields):
            return make.step(
                "load", outputs=(make.port("raw", artifact=DATASET), make.port("good", parameter=BOOL)), parameters=("seed",), **fields
            )

        @staticmethod
        def train(*, when: str | None = None, loop: str | None = "depths"):
            flag = (make.port("good", parameter=BOOL),) if when else ()
            return make.step(
                "train",
                inputs=(make.port("raw", artifact=DATASET), *flag),
                outputs=(make.port("model", artifact=MODEL),),
                parameters=(loop or "depth",),
                control=Control(foreach=loop, when=when),
            )

        @staticmethod
        def choose():
            return make.step("choose", inputs=(make.port("model", artifact=MODEL, collect=Collect.LAST),))

    return Ours


def program_data(sdk, parts):
    @sdk.dsl.pipeline(name="program")
    def program(seed: int = 3, depth: int = 5):
        loaded = parts.load(seed=seed)
        trained = parts.train(raw=loaded.outputs["raw"], depth=depth)
        parts.tell(model=trained.outputs["model"])
        parts.note().after(trained)

    return program


def pipeline_data(make, ours):
    steps = (
        ours.load(),
        ours.train(loop=None),
        make.step("tell", inputs=(make.port("model", artifact=MODEL),)),
        make.step("note", control=Control(after=("train",))),
    )
    edges = (make.edge("load", "train", "raw"), make.edge("train", "tell", "model"))
    return make.pipeline("program", *steps, edges=edges, parameters=(SEED, Parameter(name="depth", type=INT, default="5")))


def program_fan_out(sdk, parts):
    @sdk.dsl.pipeline(name="program")
    def program(depths: List[int] = [2, 4], seed: int = 3):  # noqa: B006, UP006
        loaded = parts.load(seed=seed)
        with sdk.dsl.ParallelFor(depths) as depth:
            trained = parts.train(raw=loaded.outputs["raw"], depth=depth)
        parts.choose(model=sdk.dsl.Collected(trained.outputs["model"]))

    return program


def pipeline_fan_out(make, ours):
    edges = (make.edge("load", "train", "raw"), make.edge("train", "choose", "model"))
    return make.pipeline("program", ours.load(), ours.train(), ours.choose(), edges=edges, parameters=(DEPTHS, SEED))


def program_condition_in_fan_out(sdk, parts):
    @sdk.dsl.pipeline(name="program")
    def program(depths: List[int] = [2, 4], seed: int = 3):  # noqa: B006, UP006
        loaded = parts.load(seed=seed)
        with sdk.dsl.ParallelFor(depths) as depth, sdk.dsl.If(loaded.outputs["good"] == True):  # noqa: E712
            trained = parts.train(raw=loaded.outputs["raw"], depth=depth)
        parts.choose(model=sdk.dsl.Collected(trained.outputs["model"]))

    return program


def pipeline_condition_in_fan_out(make, ours):
    edges = (make.edge("load", "train", "raw"), make.edge("load", "train", "good"), make.edge("train", "choose", "model"))
    return make.pipeline("program", ours.load(), ours.train(when="good"), ours.choose(), edges=edges, parameters=(DEPTHS, SEED))


def program_condition(sdk, parts):
    @sdk.dsl.pipeline(name="program")
    def program(seed: int = 3, depth: int = 5):
        loaded = parts.load(seed=seed)
        with sdk.dsl.If(loaded.outputs["good"] == True):  # noqa: E712
            trained = parts.train(raw=loaded.outputs["raw"], depth=depth)
            parts.tell(model=trained.outputs["model"])

    return program


def pipeline_condition(make, ours):
    inputs = (make.port("model", artifact=MODEL), make.port("good", parameter=BOOL))
    tell = make.step("tell", inputs=inputs, control=Control(when="good"))
    pairs = [("load", "train", "raw"), ("load", "train", "good"), ("train", "tell", "model"), ("load", "tell", "good")]
    edges = tuple(make.edge(*pair) for pair in pairs)
    parameters = (SEED, Parameter(name="depth", type=INT, default="5"))
    return make.pipeline("program", ours.load(), ours.train(when="good", loop=None), tell, edges=edges, parameters=parameters)


def program_exit_handler(sdk, parts):
    @sdk.dsl.pipeline(name="program")
    def program(depths: List[int] = [2, 4], seed: int = 3):  # noqa: B006, UP006
        with sdk.dsl.ExitHandler(parts.mail()):
            loaded = parts.load(seed=seed)
            with sdk.dsl.ParallelFor(depths) as depth:
                trained = parts.train(raw=loaded.outputs["raw"], depth=depth)
            parts.choose(model=sdk.dsl.Collected(trained.outputs["model"]))

    return program


def pipeline_exit_handler(make, ours):
    mail = make.step("mail", control=Control(on_exit=True))
    edges = (make.edge("load", "train", "raw"), make.edge("train", "choose", "model"))
    return make.pipeline("program", ours.load(), ours.train(), ours.choose(), mail, edges=edges, parameters=(DEPTHS, SEED))


def program_settings(sdk, parts):
    kubernetes = sdk.kubernetes

    @sdk.dsl.pipeline(name="program")
    def program(seed: int = 3):
        task = parts.load(seed=seed).set_caching_options(False)
        task.set_retry(2, backoff_duration="10s", backoff_factor=2.0, backoff_max_duration="2592000s")
        task.set_cpu_request("500m").set_cpu_limit("500m").set_memory_request("4Gi").set_memory_limit("4Gi")
        task.set_accelerator_type("nvidia.com/gpu").set_accelerator_limit(2).set_env_variable("LEVEL", "info")
        kubernetes.use_secret_as_env(task, "database", {"password": "PASSWORD"})
        kubernetes.mount_pvc(task, "data", mount_path="/data")
        kubernetes.empty_dir_mount(task, "shared-memory", "/dev/shm", medium="Memory")
        kubernetes.add_node_selector(task, "pool", "big")
        kubernetes.add_toleration(task, key="dedicated", operator="Equal", value="ml", effect="NoExecute")
        kubernetes.add_toleration(task, key="nvidia.com/gpu", operator="Exists", effect="NoSchedule")
        kubernetes.add_pod_label(task, "team", "churn")
        kubernetes.add_pod_annotation(task, "note", "it's on")
        kubernetes.set_timeout(task, 60)

    return program


def pipeline_settings(make, ours):
    policy = Policy(
        retries=2,
        timeout_seconds=60,
        cache=False,
        environment=(("LEVEL", "info"),),
        secrets=(Secret(secret="database", key="password", variable="PASSWORD"),),
        volumes=(Volume(claim="data", path="/data"),),
        node_selector=(("pool", "big"),),
        tolerations=(Toleration(key="dedicated", operator="Equal", value="ml", effect="NoExecute"),),
        labels=(("team", "churn"),),
        annotations=(("note", "it's on"),),
    )
    resources = Resources(cpu="500m", memory="4Gi", accelerator=Accelerator(resource="nvidia.com/gpu", count=2))
    return make.pipeline("program", ours.load(policy=policy, resources=resources), parameters=(SEED,))


CASES = {
    "data": (program_data, pipeline_data),
    "fan_out": (program_fan_out, pipeline_fan_out),
    "condition": (program_condition, pipeline_condition),
    "condition_in_fan_out": (program_condition_in_fan_out, pipeline_condition_in_fan_out),
    "exit_handler": (program_exit_handler, pipeline_exit_handler),
    "settings": (program_settings, pipeline_settings),
}


@pytest.fixture
def compiled(sdk, parts, tmp_path, request):
    """The documents that the SDK compiles for a case."""
    path = tmp_path / "program.yaml"
    sdk.compiler.Compiler().compile(CASES[request.param][0](sdk, parts), str(path))
    return request.param, list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("compiled", CASES, indirect=True)
def test_same_meaning_as_the_sdk(compiled, make, ours, documents, plain, read_graph):
    """Graph, groups, types, policies and platform settings equal what the SDK compiles for the same pipeline."""
    case, theirs = compiled
    mine = documents(CASES[case][1](make, ours))
    assert meaning(plain(mine), read_graph) == meaning(plain(theirs), read_graph)


@pytest.mark.parametrize("compiled", CASES, indirect=True)
def test_validator_has_nothing_against_the_sdk(compiled):
    """What the SDK compiles is good to our validator, but for its retry cap where it is left at an hour."""
    assert validate(compiled[1]) == ()


def meaning(documents: list[dict], read_graph) -> dict:
    """A normal form in which only names that nobody sees are gone: of groups, of their inputs, of a fan-out's item."""
    [spec, *platforms] = documents
    graph = read_graph(spec)
    kinds = {path: tuple(kind(part) for part in path) for path in (*graph.places.values(), *graph.waits, *graph.triggers, *graph.iterators)}
    renamed = {"run-status": "status", "depths-item": "depth"}
    steps = {}
    for name, place in graph.places.items():
        component = spec
        task = spec["root"]
        for part in place:
            task = component["root"]["dag"]["tasks"][part] if component is spec else component["dag"]["tasks"][part]
            component = spec["components"][task["componentRef"]["name"]]
        container = spec["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
        steps[name] = {
            "place": kinds[place],
            "inputs": {
                renamed.get(port, port): definition
                for word in ("parameters", "artifacts")
                for port, definition in component.get("inputDefinitions", {}).get(word, {}).items()
                if port != "good"  # a step's own flag is an input of ours only
            },
            "outputs": component.get("outputDefinitions"),
            "policy": {key: task.get(key) for key in ("cachingOptions", "retryPolicy")},
            "container": {key: container.get(key) for key in ("image", "env", "resources")},
            "platform": [
                platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"][component["executorLabel"]] for platform in platforms
            ],
        }
    return {
        "root": spec["root"].get("inputDefinitions"),
        "steps": steps,
        "edges": {(*edge[:3], renamed.get(edge[3], edge[3])) for edge in graph.edges if edge[3] != "good"},
        "waits": {kinds[path]: {(kind(later), kind(earlier)) for later, earlier in pairs} for path, pairs in graph.waits.items()},
        "triggers": {kinds[path]: trigger for path, trigger in graph.triggers.items()},
        "iterators": {kinds[path]: source for path, source in graph.iterators.items()},
    }


def kind(task_id: str) -> str:
    """A task id without the number that tells groups apart."""
    stem, _, number = task_id.rpartition("-")
    return stem if number.isdecimal() else task_id
