"""The text of a local plan (`nb2pipe.pipeline/1`, see `compiler/docs/step-json.md`) → steps that the scheduler trusts.

Everything that the scheduler relies on is checked here, once: names that exist, edges that go forward, fan-outs that agree.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "nb2pipe.pipeline/1"
EXECUTOR_INPUT = "{{$}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A pipeline parameter; without `required`, `default` is used when no value is given."""

    name: str
    type: str
    required: bool
    default: Any = None
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an input comes from; `collect` is set when it gathers a fan-out."""

    step: str
    port: str
    collect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What leaves a step at a port: an artifact of a KFP type, or a typed parameter."""

    artifact: str | None = None
    parameter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of the plan; the fields are those of the schema."""

    name: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    inputs: Mapping[str, Source]
    outputs: Mapping[str, Output]
    after: tuple[str, ...] = ()
    foreach: str | None = None
    when: str | None = None
    on_exit: bool = False
    retries: int = 0
    timeout_seconds: float | None = None
    cache: bool | int = True
    image: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()  # environment variables whose values are not to be repeated
    fan_out: str | None = None  # equal for the steps that run once per item of the same list

    def follows_per_item(self, producer: PlannedStep) -> bool:
        """Whether this step waits for the same item of `producer` only, not for all its items."""
        gathers = any(source.collect for source in self.inputs.values() if source.step == producer.name)
        return self.fan_out is not None and self.fan_out == producer.fan_out and not gathers


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A checked plan; `steps` are in topological order, by name."""

    name: str
    notebook: str
    parameters: tuple[Parameter, ...]
    steps: Mapping[str, PlannedStep]
    digest: str


def read_plan(document: Mapping[str, Any]) -> Plan:
    """Check a plan and give its parts names.

    Raises
    ------
    Nb2PipeError
        If the document is not a plan of the version that this runner knows, or contradicts itself.
    """
    schema = document.get("schema")
    if schema != SCHEMA:
        raise Nb2PipeError(
            f"the pipeline file has schema `{schema}`, this runner reads `{SCHEMA}`", hint="nb2pipe compile NOTEBOOK --backend local"
        )
    try:
        parameters = tuple(_parameter(item) for item in document["parameters"])
        drafts = [_step(item) for item in document["steps"]]
        name, notebook = str(document["name"]), str(document.get("notebook", ""))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _broken(f"a required key is missing or has the wrong type ({type(error).__name__}: {error})") from error
    steps: dict[str, PlannedStep] = {}
    for draft in drafts:
        _check(draft, steps, {parameter.name for parameter in parameters})
        steps[draft.name] = draft
    return Plan(name=name, notebook=notebook, parameters=parameters, steps=steps, digest=digest_of_json(document))


def digest_of_json(value: object) -> str:
    """SHA-256 of canonical JSON: sorted keys, no blanks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def _parameter(item: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=item["name"],
        type=item["type"],
        required="default" not in item,
        default=item.get("default"),
        optional=bool(item.get("optional", False)),
    )


def _step(item: Mapping[str, Any]) -> PlannedStep:
    inputs = {
        port: Source(step=source["step"], port=source["port"], collect=source.get("collect")) for port, source in item["inputs"].items()
    }
    outputs = {port: Output(artifact=output.get("artifact"), parameter=output.get("parameter")) for port, output in item["outputs"].items()}
    foreach = item.get("foreach")
    source = inputs.get(foreach) if foreach else None
    return PlannedStep(
        name=item["name"],
        command=tuple(item["command"]),
        arguments=tuple(item["arguments"]),
        parameters=tuple(item.get("parameters", ())),
        inputs=inputs,
        outputs=outputs,
        after=tuple(item.get("after", ())),
        foreach=foreach,
        when=item.get("when"),
        on_exit=bool(item.get("on_exit", False)),
        retries=int(item.get("retries", 0)),
        timeout_seconds=item.get("timeout_seconds"),
        cache=item.get("cache", True),
        image=item.get("image"),
        environment=dict(item.get("environment", {})),
        secrets=tuple(item.get("secrets", ())),
        fan_out=None if foreach is None else f"{source.step}.{source.port}" if source else foreach,
    )


def _check(step: PlannedStep, earlier: Mapping[str, PlannedStep], parameters: set[str]) -> None:
    """Refuse a step that names what does not exist, or that only a cycle could order."""
    where = f"step `{step.name}`"
    if step.name in earlier:
        raise _broken(f"two steps are called `{step.name}`")
    if not step.name or step.name.startswith(".") or "/" in step.name or "\0" in step.name:
        raise _broken(f"`{step.name}` cannot be the name of a folder")
    for name in sorted(set(step.parameters) - parameters):
        raise _broken(f"{where} reads the parameter `{name}`, which the pipeline does not have")
    for name in step.after:
        if name not in earlier:
            raise _broken(f"{where} comes after `{name}`, which does not stand above it")
    for port, source in step.inputs.items():
        _check_input(step, port, source, earlier)
    for key, control in (("foreach", step.foreach), ("when", step.when)):
        if control is not None and control not in step.parameters and control not in step.inputs:
            raise _broken(f"`{key}` of {where} names `{control}`, which is neither a parameter nor an input of it")
    if EXECUTOR_INPUT not in step.arguments:
        raise _broken(f"{where} has no argument `{EXECUTOR_INPUT}`")
    if not step.command:
        raise _broken(f"{where} has no command")


def _check_input(step: PlannedStep, port: str, source: Source, earlier: Mapping[str, PlannedStep]) -> None:
    where = f"input `{port}` of step `{step.name}`"
    producer = earlier.get(source.step)
    if producer is None:
        raise _broken(f"{where} comes from `{source.step}`, which does not stand above it")
    if producer.on_exit:
        raise _broken(f"{where} comes from the exit handler `{source.step}`, which runs last")
    output = producer.outputs.get(source.port)
    if output is None:
        raise _broken(f"{where} comes from `{source.step}`, which has no output `{source.port}`")
    if source.collect and producer.fan_out is None:
        raise _broken(f"{where} collects from `{source.step}`, which runs only once")
    if not source.collect and producer.fan_out is not None and producer.fan_out != step.fan_out:
        raise _broken(f"{where} comes from `{source.step}`, which runs once per item, without collecting")
    if port in {step.foreach, step.when} and output.parameter is None:
        raise _broken(f"{where} controls the step, so `{source.step}` must give it as a parameter")


def _broken(message: str) -> Nb2PipeError:
    return Nb2PipeError(f"the pipeline file contradicts itself: {message}", hint="nb2pipe compile NOTEBOOK --backend local")
