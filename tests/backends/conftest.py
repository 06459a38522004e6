"""Feature pipelines, backends and goldens that the tests of this folder share."""

from __future__ import annotations

import pytest

from nb2pipe.backends.kfp import Kfp
from nb2pipe.backends.local import Local
from nb2pipe.emit import braces
from nb2pipe.ir.pipeline import (
    Accelerator,
    ArtifactType,
    Chunk,
    ChunkKind,
    Collect,
    Control,
    Edge,
    Endpoint,
    Gate,
    Parameter,
    ParameterType,
    Pipeline,
    Policy,
    Port,
    Report,
    Resources,
    Secret,
    Step,
    Toleration,
    Volume,
)
from nb2pipe.source import CellId

INT, FLOAT, STR, BOOL, LIST, DICT = ParameterType


def step(name: str, code: str = "pass\n", **fields) -> Step:
    """A step of one cell."""
    chunk = Chunk(kind=ChunkKind.CELL, cell=CellId(f"cell-{name}"), number=1, line=1, text=code)
    return Step(name=name, cells=(chunk.cell,), body=(chunk,), **fields)


def port(name: str, **fields) -> Port:
    """A port that carries the notebook name it is called after."""
    return Port(name=name, names=(name,), **fields)


def edge(source: str, target: str, port: str) -> Edge:
    """A value that keeps its name."""
    return Edge(producer=Endpoint(step=source, port=port), consumer=Endpoint(step=target, port=port))


def cross(source: str, output: str, target: str, port: str) -> Edge:
    """A value that changes its port's name."""
    return Edge(producer=Endpoint(step=source, port=output), consumer=Endpoint(step=target, port=port))


def pipeline(name: str, *steps: Step, edges: tuple[Edge, ...] = (), parameters: tuple[Parameter, ...] = ()) -> Pipeline:
    return Pipeline(name=name, notebook=f"{name}.ipynb", steps=steps, edges=edges, parameters=parameters)


DATASET, MODEL = ArtifactType.DATASET, ArtifactType.MODEL
DEPTHS = Parameter(name="depths", type=LIST, default="[2,4,6]")


def features() -> dict[str, Pipeline]:
    """One pipeline for each feature of a backend."""
    return {made.name: made for made in (*plain_features(), *control_features(), *pod_features())}


def plain_features() -> list[Pipeline]:
    """Data, parameters, reports, names."""
    raw = port("raw", artifact=DATASET)
    parameters = tuple(
        Parameter(name=name, type=kind, default=default, optional=optional, description=text)
        for name, kind, default, optional, text in [
            ("depth", INT, "6", False, "how deep a tree may be"),
            ("rate", FLOAT, "1.0", False, ""),
            ("title", STR, '"{{workflow.name}} costs $(PRICE) or $$ «𝄞»\\n"', False, ""),
            ("fast", BOOL, "true", False, ""),
            ("sizes", LIST, '[1,2.5,"{{=1}}",null]', False, ""),
            ("options", DICT, '{"a":{"{{b}}":[]}}', False, ""),
            ("seed", INT, "null", True, ""),
            ("region", STR, None, False, "where to read from"),
        ]
    )
    kinds = [ArtifactType.METRICS, ArtifactType.CLASSIFICATION_METRICS, ArtifactType.HTML, ArtifactType.MARKDOWN]
    return [
        pipeline(
            "two_steps",
            step("load", "raw = read()\nprint(f'{{raw}}')\n", outputs=(raw,)),
            step("train", "model = fit(raw)\n", inputs=(raw,), outputs=(port("model", artifact=MODEL),)),
            edges=(edge("load", "train", "raw"),),
        ),
        pipeline("parameters", step("use", parameters=tuple(each.name for each in parameters)), step("other"), parameters=parameters),
        pipeline(
            "reports",
            step("evaluate", reports=tuple(Report(port=f"r-{kind.value.lower()}", name="r", kind=kind) for kind in kinds), displays=True),
        ),
        pipeline(
            "gate",
            step("evaluate", outputs=(port("accuracy", parameter=FLOAT),)),
            step("check", "assert accuracy >= 0.9\n", inputs=(port("accuracy", parameter=FLOAT),), gate=Gate(), role="gate"),
            edges=(edge("evaluate", "check", "accuracy"),),
        ),
        pipeline("order", step("a"), step("b", control=Control(after=("a",))), step("c", control=Control(after=("a", "b")))),
        pipeline(
            "Odd names, größe",
            step("load data"),
            step("load_data", control=Control(after=("load data",))),
            step("load-data"),
            step("load-data-driver"),
            step("odd-names-gr-e"),
            step("for-loop-1"),
            step("größe", outputs=(port("größe"),)),
            step("x" * 80, inputs=(port("größe"),)),
            edges=(edge("größe", "x" * 80, "größe"),),
        ),
    ]


def control_features() -> list[Pipeline]:
    """Fan-out, conditions, exit steps."""
    scores, model, good = port("scores"), port("model", artifact=MODEL), port("good", parameter=BOOL)
    gathered = port("scores", collect=Collect.MERGE)
    loop = Control(foreach="depths")
    return [
        pipeline(
            "fan_out",
            step("load", outputs=(port("raw", artifact=DATASET),)),
            step(
                "train",
                inputs=(port("raw", artifact=DATASET),),
                outputs=(model, port("depth", parameter=INT)),
                parameters=("depths", "seed"),
                control=loop,
            ),
            step("score", inputs=(model,), outputs=(scores,), parameters=("depths",), control=loop),
            step("choose", inputs=(gathered, port("depth", parameter=INT, collect=Collect.LAST)), parameters=("depths",)),
            edges=(
                edge("load", "train", "raw"),
                edge("train", "score", "model"),
                edge("score", "choose", "scores"),
                edge("train", "choose", "depth"),
            ),
            parameters=(DEPTHS, Parameter(name="seed", type=INT, default="0")),
        ),
        pipeline(
            "fan_out_of_step",
            step("plan", outputs=(port("files", parameter=LIST),)),
            step("read", inputs=(port("files", parameter=LIST),), outputs=(scores,), control=Control(foreach="files")),
            step("join", inputs=(gathered, port("files", parameter=LIST))),
            edges=(edge("plan", "read", "files"), edge("read", "join", "scores"), edge("plan", "join", "files")),
        ),
        pipeline(
            "condition",
            step("evaluate", outputs=(good, port("report"))),
            step(
                "deploy",
                inputs=(good, port("report")),
                outputs=(port("url", parameter=STR), model),
                parameters=("stage",),
                control=Control(when="good"),
            ),
            step("warm", control=Control(when="good", after=("deploy",)), inputs=(good,)),
            step("tell", inputs=(port("url", parameter=STR), model)),
            edges=(
                edge("evaluate", "deploy", "good"),
                edge("evaluate", "deploy", "report"),
                edge("evaluate", "warm", "good"),
                edge("deploy", "tell", "url"),
                edge("deploy", "tell", "model"),
            ),
            parameters=(Parameter(name="stage", type=STR, default='"test"'),),
        ),
        pipeline(
            "condition_in_fan_out",
            step("train", outputs=(model,), parameters=("depths",), control=loop),
            step(
                "tune",
                inputs=(model,),
                outputs=(scores,),
                parameters=("depths", "thorough"),
                control=Control(foreach="depths", when="thorough"),
            ),
            step("choose", inputs=(gathered,)),
            edges=(edge("train", "tune", "model"), edge("tune", "choose", "scores")),
            parameters=(DEPTHS, Parameter(name="thorough", type=BOOL, default="true")),
        ),
        pipeline(
            "two_fan_outs",
            step("train", outputs=(scores,), parameters=("depths",), control=loop),
            step("choose", inputs=(gathered,), outputs=(port("best", artifact=MODEL),)),
            step("check", inputs=(port("best", artifact=MODEL),), parameters=("depths",), control=loop),
            step("last", control=Control(after=("check",))),
            edges=(edge("train", "choose", "scores"), edge("choose", "check", "best")),
            parameters=(DEPTHS,),
        ),
        pipeline(
            "exit_handler",
            step("train", outputs=(scores,), parameters=("depths",), control=loop),
            step("choose", inputs=(gathered,), parameters=("title",)),
            step("mail", parameters=("title",), control=Control(on_exit=True)),
            edges=(edge("train", "choose", "scores"),),
            parameters=(DEPTHS, Parameter(name="title", type=STR, default='"run"')),
        ),
        pipeline(
            "exit_handlers",
            step("train"),
            step("collect", outputs=(port("logs"),), control=Control(on_exit=True)),
            step("mail", inputs=(port("logs"),), parameters=("title",), control=Control(on_exit=True)),
            step("clean", parameters=("careful",), control=Control(on_exit=True, when="careful")),
            edges=(edge("collect", "mail", "logs"),),
            parameters=(Parameter(name="title", type=STR, default='"run"'), Parameter(name="careful", type=BOOL, default="false")),
        ),
    ]


def pod_features() -> list[Pipeline]:
    """Everything about the container and its pod."""
    gpu = Resources(accelerator=Accelerator(resource="nvidia.com/mig-1g.10gb", count=1), cpu="4", memory="16Gi")
    return [
        pipeline("gpu", step("train", resources=gpu, image="registry.example/train@sha256:0123")),
        pipeline("retry", step("load", policy=Policy(retries=3)), step("train", policy=Policy(retries=1, timeout_seconds=3600))),
        pipeline("cache_off", step("load", policy=Policy(cache=False))),
        pipeline("secret", step("load", policy=Policy(secrets=(Secret(secret="database", key="password", variable="PASSWORD"),)))),
        pipeline(
            "pod",
            step(
                "train",
                resources=Resources(cpu="500m", memory="512Mi", accelerator=Accelerator(resource="amd.com/gpu", count=2)),
                policy=Policy(
                    node_selector=(("pool", "big"),),
                    tolerations=(Toleration(key="amd.com/gpu", operator="Equal", value="present", effect="NoExecute"),),
                    volumes=(Volume(claim="data", path="/data"), Volume(claim="shared", path="/dev/shm")),
                    labels=(("team", "churn"),),
                    annotations=(("example.com/note", "it's on"),),
                    environment=(("LEVEL", "info"), ("TF_CPP_MIN_LOG_LEVEL", "2")),
                ),
            ),
        ),
    ]


FEATURES = features()


def stub_container(pipeline: Pipeline, step: Step) -> tuple[list[str], list[str]]:
    """A container as `stepfiles.container` makes it, without the runtime: goldens change with the backend alone."""
    body = braces.escape("".join(chunk.text for chunk in step.body))
    return ["python3", "-u", "-c", "<bootstrap>"], [step.name, "<runtime>", "<step.json>", body, "{{$}}"]


def pytest_generate_tests(metafunc) -> None:
    if "feature" in metafunc.fixturenames:
        metafunc.parametrize("feature", FEATURES.values(), ids=list(FEATURES))
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", [Kfp(stub_container), Local(stub_container)], ids=["kfp", "local"])


@pytest.fixture
def make():
    """The makers of pipelines: step, port, edge, pipeline."""

    class Make:
        pass

    make = Make()
    make.step, make.port, make.edge, make.cross, make.pipeline = step, port, edge, cross, pipeline
    return make


@pytest.fixture
def feature_of():
    """A feature pipeline by name."""
    return FEATURES.__getitem__


@pytest.fixture
def kfp():
    """The KFP backend with a container that holds no runtime."""
    return Kfp(stub_container)


@pytest.fixture
def local():
    """The local backend with a container that holds no runtime."""
    return Local(stub_container)


@pytest.fixture
def feature_names():
    """The stems of the golden files."""
    return {"odd_names" if " " in name else name for name in FEATURES}
