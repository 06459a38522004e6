"""What runs: images, commands, resources, text that somebody on the way would change, sizes, containers taken for the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.quantities import parse_quantity
from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.tree import component_path, components, field, items, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.emit.yaml import Json

RUNTIME_BYTES = 10_000
OUR_ARGUMENTS = 5  # name, runtime, step.json, body, executor input
STEP_BYTES = 100_000
PIPELINE_BYTES = 700_000
# The driver itself makes and deletes volumes; these images are never run.
_DUMMY_IMAGES = ("argostub/createpvc", "argostub/deletepvc")
# The tags that Argo replaces; it leaves any other `{{…}}` alone.
_ARGO = re.compile(
    r"\{\{\s*(=|(workflow|inputs|outputs|steps|tasks|item|pod\.name|node\.name|retries|lastRetry|cronworkflow|io\.argoproj)\b)[^{}]*\}?\}",
    re.ASCII,
)
_KUBELET = re.compile(r"\$\$|\$\([A-Za-z_][A-Za-z0-9_.-]*\)", re.ASCII)
_PLACEHOLDER = re.compile(r"\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\['([^']*)'\]")


def check_containers(spec: Json, platform: Json) -> list[Problem]:
    """Check all executors of both documents, and the documents' size."""
    problems: list[Problem] = []
    executors = field(spec, "deploymentSpec", "executors")
    size = _bytes({name: part for name, part in field(spec).items() if name != "deploymentSpec"}) + _bytes(platform)
    for label, executor in executors.items():
        container = field(executor, "container")
        own = _bytes(container)
        size += own
        if container:
            path = f"deploymentSpec.executors.{label}.container"
            problems += _container(container, path)
            if own > STEP_BYTES:
                problems.append(Problem(path, "step-size", f"the container is {own} bytes; the driver loses more than {STEP_BYTES}"))
    for name, component in components(spec).items():
        own = _bytes(component)
        if own > STEP_BYTES:
            message = f"component `{name}` is {own} bytes; it is one argument of its driver, and Linux takes no more than 128 KiB"
            problems.append(Problem(component_path(name), "component-size", message))
    problems += _collisions(spec)
    problems += _placeholders(spec)
    problems += _templates(spec, platform)
    problems += _platform(platform, executors)
    if size > PIPELINE_BYTES:
        problems.append(Problem("", "pipeline-size", f"the documents are {size} bytes; a workflow may not exceed {PIPELINE_BYTES}"))
    return problems


def _container(container: Json, path: str) -> Iterator[Problem]:
    image = text(container, "image")
    if not image or image.split() != [image]:
        yield Problem(f"{path}.image", "image", f"`{image}` is not the name of an image" if image else "the container has no image")
    command, arguments = items(container, "command"), items(container, "args")
    if not command and not image.startswith(_DUMMY_IMAGES):
        yield Problem(f"{path}.command", "command", "the container has no command, and the launcher does not know the image's own")
    for index, argument in enumerate(arguments):
        found = _KUBELET.search(str(argument)) if "$" in str(argument) else None
        if found:
            message = f"Kubernetes replaces `{found[0]}` in arguments"
            yield Problem(f"{path}.args[{index}]", "kubernetes-expansion", message)
    if len(arguments) == OUR_ARGUMENTS and arguments[-1] == "{{$}}" and len(str(arguments[1])) > RUNTIME_BYTES:
        message = (
            f"the embedded runtime is {len(str(arguments[1]))} bytes; at most {RUNTIME_BYTES} fit: split the step, "
            "or install jupyter-mlops in its image and compile with `--runtime image`"
        )
        yield Problem(f"{path}.args[1]", "runtime-size", message)
    yield from _resources(field(container, "resources"), f"{path}.resources")


def _resources(resources: dict[str, Json], path: str) -> Iterator[Problem]:
    sizes = {}
    for word in ("Cpu", "Memory"):
        for bound in ("Request", "Limit"):
            name = f"resource{word}{bound}"
            found = text(resources, name)
            if not found or "{{$" in found:
                continue
            number = parse_quantity(found)
            if number is None or number <= 0:
                yield Problem(f"{path}.{name}", "quantity", f"`{found}` is not a positive Kubernetes quantity, such as `500m` or `4Gi`")
            else:
                sizes[word, bound] = number
        if (word, "Request") in sizes and (word, "Limit") in sizes and sizes[word, "Request"] > sizes[word, "Limit"]:
            yield Problem(path, "quantity", f"the {word.lower()} request is more than the limit")
    count = text(resources, "accelerator", "resourceCount")
    if count and "{{$" not in count and not (count.isascii() and count.isdecimal() and int(count) > 0):
        yield Problem(f"{path}.accelerator.resourceCount", "quantity", f"`{count}` is not a positive number of devices")
    if field(resources, "accelerator") and not (text(resources, "accelerator", "resourceType") or text(resources, "accelerator", "type")):
        yield Problem(f"{path}.accelerator", "quantity", "the accelerator has no resource name, so the driver ignores it")


def _collisions(spec: Json) -> Iterator[Problem]:
    """Components whose containers are equal share one interface in the backend: the first one's."""
    alike: dict[tuple[Json, ...], list[tuple[str, dict[str, Json]]]] = {}
    executors = field(spec, "deploymentSpec", "executors")
    for name, component in components(spec).items():
        container = field(executors.get(text(component, "executorLabel")), "container")
        if not container:
            continue
        others = alike.setdefault(tuple(items(container, "args")), [])
        for other, theirs in others:
            same = components(spec)[other]
            if theirs == container and any(same.get(word) != component.get(word) for word in ("inputDefinitions", "outputDefinitions")):
                message = f"`{name}` has the very container of `{other}`, so the backend gives it that one's inputs and outputs"
                yield Problem(component_path(name), "container-collision", message)
                break
        others.append((name, container))


def _placeholders(spec: Json) -> Iterator[Problem]:
    """Placeholders in a container name inputs and outputs of its component."""
    executors = field(spec, "deploymentSpec", "executors")
    for component in components(spec).values():
        label = text(component, "executorLabel")
        container = field(executors.get(label), "container")
        words = items(container, "command") + items(container, "args")
        for way, word, name in (found for part in words if "{{$." in str(part) for found in _PLACEHOLDER.findall(str(part))):
            if name not in field(component, f"{way[:-1]}Definitions", word):
                message = f"a placeholder names `{name}`, which is none of the component's {way[:-1]} {word}"
                yield Problem(f"deploymentSpec.executors.{label}.container", "placeholder", message)


def _templates(spec: Json, platform: Json) -> Iterator[Problem]:
    """Everything in the documents rides through Argo's templating."""
    parts = [(name, field(spec).get(name)) for name in ("root", "components", "deploymentSpec")]
    for part, value in (*parts, ("platform", platform)):
        for path, found in strings(value, part):
            tag = _ARGO.search(found) if "{{" in found else None
            if tag:
                yield Problem(path, "argo-template", f"Argo replaces `{tag[0][:40]}`")
    for name, component in components(spec).items():
        for parameter, declared in field(component, "inputDefinitions", "parameters").items():
            for path, found in strings(
                field(declared).get("defaultValue"), f"{component_path(name)}.inputDefinitions.parameters.{parameter}"
            ):
                if "{{$" in found and text(declared, "parameterType") != "STRING":
                    yield Problem(path, "placeholder", "the launcher replaces a placeholder inside a list or object without escaping")


def _platform(platform: Json, executors: dict[str, Json]) -> Iterator[Problem]:
    for name, single in field(platform, "platforms").items():
        path = f"platform.platforms.{name}"
        for label in field(single, "deploymentSpec", "executors"):
            if label not in executors:
                yield Problem(f"{path}.deploymentSpec.executors.{label}", "missing-executor", f"there is no executor `{label}`")
        workspace = field(single, "pipelineConfig", "workspace")
        if workspace and not items(workspace, "kubernetes", "pvcSpecPatch", "accessModes"):
            message = "a workspace without access modes is refused unless the administrator set a default"
            yield Problem(f"{path}.pipelineConfig.workspace", "workspace-access", message)


def _bytes(value: Json) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
