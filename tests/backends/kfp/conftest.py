"""Reading what the KFP backend writes, and the SDK that judges it.

Without postponed annotations, since the SDK reads those of its components.
"""

import warnings
from typing import List  # noqa: UP035 - the SDK knows no other spelling

import pytest
import yaml


@pytest.fixture
def documents(kfp):
    """A pipeline → the documents that the KFP backend writes for it, read back from the YAML."""

    def read(pipeline) -> list[dict]:
        [file] = kfp.emit(pipeline).files
        return list(yaml.safe_load_all(file.text))

    return read


@pytest.fixture(scope="session")
def sdk():
    """The SDK; loading it takes a second."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kfp = pytest.importorskip("kfp")
        for name in ("compiler", "components", "dsl", "kubernetes", "local"):
            pytest.importorskip(f"kfp.{name}")
    return kfp


class Graph:
    """What a PipelineSpec means, whatever its DAGs call their inputs and outputs.

    `edges` are (source, its output, step, its input), where a source in angle brackets is no step; `places` are the task ids on the way to a step;
    `waits` are the pairs of tasks in each DAG of which the first waits for the second; `triggers` and `iterators` belong to tasks, by path.
    """

    def __init__(self, spec: dict) -> None:
        self.spec = spec
        self.edges: set[tuple[str, str, str, str]] = set()
        self.places: dict[str, tuple[str, ...]] = {}
        self.waits: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        self.triggers: dict[tuple[str, ...], dict] = {}
        self.iterators: dict[tuple[str, ...], tuple] = {}
        self._walk([(spec["root"], {})], ())

    def _walk(self, stack: list, path: tuple[str, ...]) -> None:
        component = stack[-1][0]
        tasks = component["dag"]["tasks"]
        self.waits[path] = {(key, other) for key, task in tasks.items() for other in task.get("dependentTasks", ())}
        for key, task in tasks.items():
            place, inner, inputs = (*path, key), self.spec["components"][task["componentRef"]["name"]], task.get("inputs", {})
            sources = {
                name: self._source(stack, kind, binding)
                for kind in ("parameter", "artifact")
                for name, binding in inputs.get(f"{kind}s", {}).items()
            }
            if "triggerPolicy" in task:
                self.triggers[place] = self._trigger(task["triggerPolicy"], sources)
            if "parameterIterator" in task:
                items = task["parameterIterator"]["items"]
                self.iterators[place] = sources[items["inputParameter"]] if "inputParameter" in items else items["raw"]
            if "dag" in inner:
                self._walk([*stack, (inner, task)], place)
                continue
            name = task["taskInfo"]["name"]
            assert name not in self.places, f"{name} is emitted twice"
            self.places[name] = place
            self.edges |= {(*source, name, port) for port, source in sources.items()}

    @staticmethod
    def _trigger(policy: dict, sources: dict) -> dict:
        condition = policy.get("condition", "")
        for name, source in sources.items():
            condition = condition.replace(f"inputs.parameter_values['{name}']", ".".join(source))
        return {"condition": condition, "strategy": policy.get("strategy")}

    def _source(self, stack: list, kind: str, binding: dict) -> tuple[str, str]:
        """Which step's output an input takes, seen from the DAG on top of the stack."""
        component, task = stack[-1]
        [(word, value)] = binding.items()
        if word == f"taskOutput{kind.title()}":
            return self._leave(component, value["producerTask"], kind, value[f"output{kind.title()}Key"])
        if word == "taskFinalStatus":
            return "<status>", value["producerTask"]
        given = task.get("inputs", {}).get(f"{kind}s", {})
        if value in given:
            return self._source(stack[:-1], kind, given[value])
        if value == task.get("parameterIterator", {}).get("itemInput"):
            return "<item>", ".".join(self._source(stack[:-1], kind, given[task["parameterIterator"]["items"]["inputParameter"]]))
        return "<parameter>", value

    def _leave(self, component: dict, task_id: str, kind: str, key: str) -> tuple[str, str]:
        """Which step gives output `key` of a task."""
        task = component["dag"]["tasks"][task_id]
        inner = self.spec["components"][task["componentRef"]["name"]]
        if "dag" not in inner:
            return task["taskInfo"]["name"], key
        output = inner["dag"]["outputs"][f"{kind}s"][key]
        [selector] = output["artifactSelectors"] if kind == "artifact" else [output["valueFromParameter"]]
        return self._leave(inner, selector["producerSubtask"], kind, selector[f"output{kind.title()}Key"])


@pytest.fixture
def read_graph():
    """A PipelineSpec → its `Graph`."""
    return Graph


def as_doubles(documents: list[dict]) -> list[dict]:
    """Documents as the protobuf's JSON shows them: numbers are doubles, the SDK's name is left out."""

    def number(value):
        if isinstance(value, dict):
            return {key: number(each) for key, each in value.items() if key not in {"sdkVersion", "count", "activeDeadlineSeconds"}}
        if isinstance(value, list):
            return [number(each) for each in value]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return number(documents)


@pytest.fixture
def plain():
    """Documents in the form of the protobuf's JSON."""
    return as_doubles


@pytest.fixture(scope="session")
def parts(sdk):
    """Components of the SDK whose names, inputs and outputs are those of the steps below."""
    dsl = sdk.dsl

    def container(*args):
        return dsl.ContainerSpec(image="python:3.12", command=["python3"], args=list(args))

    @dsl.container_component
    def load(seed: int, raw: dsl.Output[dsl.Dataset], good: dsl.OutputPath(bool)):
        return container("load", seed, raw.path, good)

    @dsl.container_component
    def train(raw: dsl.Input[dsl.Dataset], depth: int, model: dsl.Output[dsl.Model]):
        return container("train", raw.path, depth, model.path)

    @dsl.container_component
    def choose(model: dsl.Input[List[dsl.Model]]):  # noqa: UP006
        return container("choose", model)

    @dsl.container_component
    def tell(model: dsl.Input[dsl.Model]):
        return container("tell", model.path)

    @dsl.container_component
    def note():
        return container("note")

    @dsl.container_component
    def mail(status: dsl.PipelineTaskFinalStatus):
        return container("mail", status)

    class Parts:
        pass

    Parts.load, Parts.train, Parts.choose, Parts.tell, Parts.note, Parts.mail = load, train, choose, tell, note, mail
    return Parts
