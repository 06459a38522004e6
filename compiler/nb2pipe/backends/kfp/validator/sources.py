"""Where one input or output takes its value from: that it exists, and that its type fits, as the driver compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.tree import field, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.emit.yaml import Json

_NUMBERS = {"NUMBER_INTEGER", "NUMBER_DOUBLE"}
_STRUCTS = {"STRUCT", "TASK_FINAL_STATUS", "TASK_CONFIG"}


def check_parameter(source: Json, declared: Json, path: str, parent: Json, known: Mapping[str, Json]) -> Iterator[Problem]:
    """Check the source of one input parameter of a task in the DAG `parent`."""
    found = ""
    if "componentInputParameter" in field(source):
        name = text(source, "componentInputParameter")
        inputs = field(parent, "inputDefinitions", "parameters")
        if name not in inputs:
            yield Problem(path, "dangling-input", f"this DAG has no input parameter `{name}`")
        found = text(inputs.get(name), "parameterType")
    elif "taskOutputParameter" in field(source):
        output = field(source, "taskOutputParameter")
        outputs, problem = _outputs_of(text(output, "producerTask"), "parameters", path, parent, known)
        if problem:
            yield problem
            return
        key = text(output, "outputParameterKey")
        if key not in outputs:
            yield Problem(path, "output-key", f"task `{text(output, 'producerTask')}` has no output parameter `{key}`")
        found = text(outputs.get(key), "parameterType")
    elif "taskFinalStatus" in field(source):
        producer = text(source, "taskFinalStatus", "producerTask")
        if producer not in field(parent, "dag", "tasks"):
            yield Problem(path, "unknown-task", f"there is no task `{producer}` in this DAG")
        found = "TASK_FINAL_STATUS"
    elif "runtimeValue" in field(source):
        constant = field(source, "runtimeValue").get("constant")
        found = constant_type(constant) if constant is not None else ""
    else:
        yield Problem(path, "missing-input", "the input has no source")
    if text(source, "parameterExpressionSelector"):
        return
    wanted = text(declared, "parameterType")
    if not _fits(found, wanted):
        yield Problem(path, "type-mismatch", f"a {found} is given where a {wanted} is declared")


def check_artifact(source: Json, declared: Json, path: str, parent: Json, known: Mapping[str, Json]) -> Iterator[Problem]:
    """Check the source of one input artifact of a task in the DAG `parent`."""
    if "componentInputArtifact" in field(source):
        name = text(source, "componentInputArtifact")
        given = field(parent, "inputDefinitions", "artifacts")
        if name not in given:
            yield Problem(path, "dangling-input", f"this DAG has no input artifact `{name}`")
        found = field(given.get(name))
    elif "taskOutputArtifact" in field(source):
        output = field(source, "taskOutputArtifact")
        given, problem = _outputs_of(text(output, "producerTask"), "artifacts", path, parent, known)
        if problem:
            yield problem
            return
        key = text(output, "outputArtifactKey")
        if key not in given:
            yield Problem(path, "output-key", f"task `{text(output, 'producerTask')}` has no output artifact `{key}`")
        found = field(given.get(key))
    else:
        yield Problem(path, "missing-input", "the input has no source")
        return
    if found and declared:
        yield from _same_artifact(found, declared, path)
        if (found.get("isArtifactList") is True) != (field(declared).get("isArtifactList") is True):
            words = ("a list of artifacts", "one artifact")
            given_list = found.get("isArtifactList") is True
            message = f"{words[not given_list]} is given where {words[given_list]} is declared"
            yield Problem(path, "type-mismatch", message)


def check_outputs(component: Json, path: str, known: Mapping[str, Json]) -> Iterator[Problem]:
    """Check the outputs of a DAG: each declared one has a source, each source is declared and exists."""
    if not field(component, "dag"):
        return
    for word, single in (("parameters", "parameter"), ("artifacts", "artifact")):
        declared = field(component, "outputDefinitions", word)
        given = field(component, "dag", "outputs", word)
        for name in sorted(declared.keys() ^ given.keys()):
            message = f"output `{name}` is declared but has no source" if name in declared else f"output `{name}` is not declared"
            yield Problem(f"{path}.dag.outputs.{word}.{name}", "output-key", message)
        for name, source in given.items():
            place = f"{path}.dag.outputs.{word}.{name}"
            for selector in _selectors(source):
                outputs, problem = _outputs_of(text(selector, "producerSubtask"), word, place, component, known)
                if problem:
                    yield problem
                    continue
                key = text(selector, f"output{single.title()}Key")
                if key not in outputs:
                    yield Problem(place, "output-key", f"task `{text(selector, 'producerSubtask')}` has no output {single} `{key}`")
                elif name in declared:
                    yield from _same_output(field(outputs[key]), field(declared[name]), place)


def constant_type(value: Json) -> str:
    """The KFP type of a JSON value."""
    names = {bool: "BOOLEAN", int: "NUMBER_INTEGER", float: "NUMBER_DOUBLE", str: "STRING", list: "LIST", dict: "STRUCT"}
    return names.get(type(value), "")


def _selectors(source: Json) -> list[Json]:
    single = field(source).get("valueFromParameter")
    return ([single] if single else []) + items(source, "valueFromOneof", "parameterSelectors") + items(source, "artifactSelectors")


def _outputs_of(producer: str, word: str, path: str, parent: Json, known: Mapping[str, Json]) -> tuple[dict[str, Json], Problem | None]:
    """The outputs of a task in the DAG `parent`, or why there are none to look at."""
    tasks = field(parent, "dag", "tasks")
    if producer not in tasks:
        return {}, Problem(path, "unknown-task", f"there is no task `{producer}` in this DAG")
    component = field(known.get(text(tasks[producer], "componentRef", "name")))
    return field(component, "outputDefinitions", word), None


def _same_output(found: Json, declared: Json, path: str) -> Iterator[Problem]:
    """Compare an inner output with the DAG's; where a fan-out ends, or will further out, the DAG's is a list."""
    inner, outer = text(found, "parameterType"), text(declared, "parameterType")
    if outer != "LIST" and not _fits(inner, outer):
        yield Problem(path, "type-mismatch", f"a {inner} is given where a {outer} is declared")
    yield from _same_artifact(found, declared, path)


def _same_artifact(found: Json, declared: Json, path: str) -> Iterator[Problem]:
    """Compare artifact types; the general ``system.Artifact`` takes and gives all."""
    inner, outer = text(found, "artifactType", "schemaTitle"), text(declared, "artifactType", "schemaTitle")
    if inner and outer and inner != outer and "system.Artifact" not in {inner, outer}:
        yield Problem(path, "type-mismatch", f"a {inner} is given where a {outer} is declared")


def _fits(found: str, wanted: str) -> bool:
    """Whether the driver takes a value of one type for another; STRING takes all, as JSON text."""
    if not found or not wanted or wanted in {found, "STRING"}:
        return True
    return {found, wanted} <= _NUMBERS or {found, wanted} <= _STRUCTS
