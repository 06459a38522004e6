"""What every backend is: a name, a table of what it can do, rules for names, and two pure functions.

`check` reports what the orchestrator cannot do with this pipeline as findings, each of which names the step and the setting; `emit` writes the
files.  Neither touches the disk, the clock or an SDK.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from nb2pipe.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.ir.bundle import Bundle
    from nb2pipe.ir.pipeline import Pipeline, Port, Step


class Capability(Enum):
    """Something a notebook can ask for; the value is what people call it."""

    PARAMETERS = "pipeline parameters"
    ARTIFACTS = "typed artifacts"
    REPORTS = "metrics and reports"
    DISPLAY = "what cells show, as HTML"
    ORDER = "order without data (`after:`)"
    CONDITION = "conditions (`when:`)"
    FAN_OUT = "fan-out over a list (`foreach:`)"
    FAN_IN = "gathering a fan-out"
    EXIT_HANDLER = "exit steps (`on-exit`)"
    CPU_AND_MEMORY = "CPU and memory"
    DISK = "ephemeral disk (`disk:`)"
    ACCELERATOR = "accelerators (`gpu:`)"
    IMAGE = "an image for each step"
    RETRY = "retries"
    TIMEOUT = "timeouts"
    CACHE = "caching on and off"
    CACHE_EXPIRY = "a cache that expires (`cache:DURATION`)"
    SECRET = "secrets as environment variables"
    VOLUME = "volumes"
    READ_ONLY_VOLUME = "read-only volumes"
    NODE_SELECTOR = "node selectors"
    TOLERATION = "tolerations"
    LABELS = "labels and annotations"
    ENVIRONMENT = "environment variables"


class Level(Enum):
    """How far a backend supports a capability."""

    YES = "yes"
    NOT_IMPLEMENTED = "not implemented"
    NOT_YET = "not yet"
    NEVER = "never"


@record()
class Support:
    """A level with its reason: the link to wait for, or why it cannot be."""

    level: Level
    detail: str = ""


YES = Support(Level.YES)
NOT_IMPLEMENTED = Support(Level.NOT_IMPLEMENTED)


def not_yet(link: str) -> Support:
    """The orchestrator itself cannot do it yet; `link` is where it is being discussed."""
    return Support(Level.NOT_YET, link)


def never(reason: str) -> Support:
    """It makes no sense on this orchestrator."""
    return Support(Level.NEVER, reason)


@record(kw_only=True)
class NamePolicy:
    """Which names an orchestrator takes, as regular expressions; other names are translated, and shown to people as they are."""

    pipeline: str
    step: str


@record(kw_only=True)
class Finding:
    """Something in the user's settings that a backend cannot carry out.

    `code` is the diagnostic to make of it (NB701 capability-missing, NB702 name-not-allowed, NB703 resource-not-expressible, NB704 size-over-budget, NB705 runtime-over-budget), `step` the step's
    name (None when the pipeline is meant), `field` the setting as the tag grammar calls it, `found` its value as text, and `message` one sentence
    that says what was found and what was expected. For a size, `what` is too large and `budget` the bytes that it may have.
    """

    code: str
    step: str | None
    field: str
    found: str
    message: str
    what: str = ""
    budget: int = 0


class Backend(Protocol):
    """One orchestrator."""

    @property
    def name(self) -> str:
        """The word after ``--backend``."""

    @property
    def capabilities(self) -> Mapping[Capability, Support]:
        """The one table of truth for gaps: it has every capability."""

    @property
    def names(self) -> NamePolicy:
        """Which names the orchestrator takes."""

    def check(self, pipeline: Pipeline) -> tuple[Finding, ...]:
        """Find what this backend cannot carry out, in step order; empty when `emit` will succeed."""

    def emit(self, pipeline: Pipeline) -> Bundle:
        """Write the files: the same pipeline gives the same bytes.

        Raises
        ------
        InternalError
            If the pipeline breaks an invariant, or has findings that the caller ignored.
        """


def control_port(step: Step, name: str | None) -> Port | None:
    """The input of `step` that carries the list or flag `name`, or None when it is a pipeline parameter."""
    for port in step.inputs:
        if port.parameter is not None and port.collect is None and (port.name == name or name in port.names):
            return port
    return None


def seen_inside(step: Step) -> Step:
    """The step as its container sees it: of the list of its own fan-out only the one item arrives, under a name of its own."""
    foreach = step.control.foreach
    if foreach is None:
        return step
    listed = control_port(step, foreach)
    return replace(
        step,
        parameters=tuple(name for name in step.parameters if listed or name != foreach),
        inputs=tuple(port for port in step.inputs if port is not listed),
    )


def capability_gaps(backend: Backend, pipeline: Pipeline) -> tuple[Finding, ...]:
    """Find every setting that needs a capability which the backend's table denies."""
    found = []
    for step in pipeline.steps:
        for capability, field, value in _needs(step):
            support = backend.capabilities[capability]
            if support.level is not Level.YES:
                reason = f": {support.detail}" if support.detail else ""
                message = f"backend `{backend.name}` cannot express {capability.value}{reason}"
                found.append(Finding(code="NB701", step=step.name, field=field, found=value, message=message))
    return tuple(found)


def _needs(step: Step) -> Iterator[tuple[Capability, str, str]]:
    """Yield the capabilities a step needs, with the setting that asks for each and its value."""
    yield from _control_needs(step)
    resources, policy = step.resources, step.policy
    if resources.cpu or resources.memory:
        yield Capability.CPU_AND_MEMORY, "cpu" if resources.cpu else "memory", resources.cpu or resources.memory or ""
    if resources.disk:
        yield Capability.DISK, "disk", resources.disk
    if resources.accelerator:
        yield Capability.ACCELERATOR, "gpu", f"{resources.accelerator.resource}:{resources.accelerator.count}"
    if step.image:
        yield Capability.IMAGE, "image", step.image
    if policy.retries:
        yield Capability.RETRY, "retry", str(policy.retries)
    if policy.timeout_seconds is not None:
        yield Capability.TIMEOUT, "timeout", f"{policy.timeout_seconds}s"
    if policy.cache is False:
        yield Capability.CACHE, "cache", "off"
    elif policy.cache is not True:
        yield Capability.CACHE_EXPIRY, "cache", f"{policy.cache}s"
    yield from _pod_needs(step)


def _control_needs(step: Step) -> Iterator[tuple[Capability, str, str]]:
    """Yield the needs of parameters, ports and control flow."""
    control = step.control
    if step.parameters:
        yield Capability.PARAMETERS, "parameters", ", ".join(step.parameters)
    if step.outputs:
        yield Capability.ARTIFACTS, "outputs", ", ".join(port.name for port in step.outputs)
    if step.reports:
        yield Capability.REPORTS, "reports", ", ".join(report.name for report in step.reports)
    if step.displays:
        yield Capability.DISPLAY, "display", step.name
    if control.after:
        yield Capability.ORDER, "after", ", ".join(control.after)
    if control.when:
        yield Capability.CONDITION, "when", control.when
    if control.foreach:
        yield Capability.FAN_OUT, "foreach", control.foreach
    gathered = [port.name for port in step.inputs if port.collect]
    if gathered:
        yield Capability.FAN_IN, "inputs", ", ".join(gathered)
    if control.on_exit:
        yield Capability.EXIT_HANDLER, "on-exit", step.name


def _pod_needs(step: Step) -> Iterator[tuple[Capability, str, str]]:
    """Yield the needs of the Kubernetes settings."""
    policy = step.policy
    for secret in policy.secrets:
        yield Capability.SECRET, "secrets", secret.secret
    for volume in policy.volumes:
        yield Capability.READ_ONLY_VOLUME if volume.read_only else Capability.VOLUME, "volumes", volume.claim
    if policy.node_selector:
        yield Capability.NODE_SELECTOR, "node_selector", ", ".join(key for key, _ in policy.node_selector)
    if policy.tolerations:
        yield Capability.TOLERATION, "tolerations", ", ".join(toleration.key for toleration in policy.tolerations)
    if policy.labels or policy.annotations:
        yield Capability.LABELS, "labels", ", ".join(key for key, _ in policy.labels + policy.annotations)
    if policy.environment:
        yield Capability.ENVIRONMENT, "environment", ", ".join(key for key, _ in policy.environment)
