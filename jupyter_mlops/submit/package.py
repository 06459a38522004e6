"""A compiled KFP package (YAML text) → what the ways to run it need to know: name, parameters, which task is which step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.plan import Parameter
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TYPES = {"NUMBER_INTEGER": "int", "NUMBER_DOUBLE": "float", "STRING": "str", "BOOLEAN": "bool", "LIST": "list", "STRUCT": "dict"}
INSTALL_KFP = "pip install 'jupyter-mlops[kfp]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """`steps`: component name without ``comp-`` → the step's name; `artifacts`: step → output port → artifact type; `secrets`: step → variables."""

    text: str
    name: str
    parameters: tuple[Parameter, ...]
    steps: Mapping[str, str]
    artifacts: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, tuple[str, ...]]
    spec: Mapping[str, Any]


def read_package(text: str) -> Package:
    """Parse a compiled package: the pipeline, and what it asks of Kubernetes.

    Raises
    ------
    Nb2PipeError
        If the text is not a KFP v2 pipeline, or PyYAML is missing.
    """
    try:
        import yaml
    except ImportError as error:
        raise Nb2PipeError("reading a compiled pipeline needs PyYAML, which is not installed", hint=INSTALL_KFP) from error
    try:
        spec, *platform = [*yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))] or [None]
    except yaml.YAMLError as error:
        raise Nb2PipeError(f"the pipeline file is not YAML: {error}", hint="nb2pipe compile NOTEBOOK -o FILE.yaml") from error
    if not isinstance(spec, dict) or not str(spec.get("schemaVersion", "")).startswith("2."):
        raise Nb2PipeError("the file is not a compiled KFP v2 pipeline", hint="nb2pipe compile NOTEBOOK -o FILE.yaml")
    try:
        return Package(
            text=text,
            name=spec["pipelineInfo"]["name"],
            parameters=tuple(_parameters(spec)),
            steps=dict(_steps(spec)),
            artifacts={step: _artifacts(spec, component) for component, step in _steps(spec)},
            secrets={step: tuple(_secrets(spec, platform, component)) for component, step in _steps(spec)},
            spec=spec,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Nb2PipeError(
            f"the compiled pipeline lacks a required field: {error}", hint="nb2pipe compile NOTEBOOK -o FILE.yaml"
        ) from error


def _parameters(spec: Mapping[str, Any]) -> Iterator[Parameter]:
    for name, field in spec["root"].get("inputDefinitions", {}).get("parameters", {}).items():
        given = "defaultValue" in field
        yield Parameter(
            name=name,
            type=_TYPES.get(field["parameterType"], "str"),
            required=not given,
            default=field.get("defaultValue"),
            optional=bool(field.get("isOptional")) and not given,
        )


def _steps(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    executors = spec["deploymentSpec"]["executors"]
    for name, component in spec["components"].items():
        if "executorLabel" in component:
            arguments = executors[component["executorLabel"]]["container"].get("args", [])
            key = name.removeprefix("comp-")
            yield key, str(arguments[0]) if arguments else key


def _artifacts(spec: Mapping[str, Any], component: str) -> dict[str, str]:
    outputs = spec["components"][f"comp-{component}"].get("outputDefinitions", {}).get("artifacts", {})
    return {port: field["artifactType"]["schemaTitle"].removeprefix("system.") for port, field in outputs.items()}


def _secrets(spec: Mapping[str, Any], platform: Sequence[Mapping[str, Any]], component: str) -> Iterator[str]:
    """Name the environment variables that hold secrets."""
    label = spec["components"][f"comp-{component}"]["executorLabel"]
    for document in platform:
        executors = document["platforms"].get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
        for secret in executors.get(label, {}).get("secretAsEnv", ()):
            yield from (key["envVar"] for key in secret["keyToEnv"])
