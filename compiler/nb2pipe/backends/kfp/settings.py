"""One step's settings → what Kubernetes would refuse of them, found while the user still sees the cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.backends.base import Finding
from nb2pipe.backends.kfp.quantities import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.ir.pipeline import Policy, Step

_SUBDOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_SECRET_KEY = re.compile(r"[-._A-Za-z0-9]{1,253}\Z")
_VARIABLE = re.compile(r"[-._A-Za-z][-._A-Za-z0-9]*\Z")
_LABEL = re.compile(r"([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?\Z")
_EFFECTS = ("", "NoSchedule", "PreferNoSchedule", "NoExecute")


def check_settings(step: Step) -> Iterator[Finding]:
    """Find settings of a step that the cluster would refuse or misread."""
    yield from _resources(step)
    yield from _names(step)
    yield from _tolerations(step)
    yield from _volumes(step)
    yield from _templates(step)


def template_finding(step: Step | None, field: str, found: str) -> Iterator[Finding]:
    """Report text that Argo would take for a template; a setting, unlike code, has nobody to undo an escape."""
    if "{{" in found:
        message = f"`{field}` holds `{{{{`, which Argo takes for the beginning of a template"
        yield Finding(code="NB703", step=step.name if step else None, field=field, found=found, message=message)


def _resources(step: Step) -> Iterator[Finding]:
    def bad(field: str, found: object, message: str) -> Finding:
        return Finding(code="NB703", step=step.name, field=field, found=str(found), message=message)

    for field, found, example in (("cpu", step.resources.cpu, "`2` or `500m`"), ("memory", step.resources.memory, "`4Gi` or `500M`")):
        if found is not None:
            number = parse_quantity(found)
            if number is None or number <= 0:
                yield bad(field, found, f"`{found}` is not a positive Kubernetes quantity, such as {example}")
    accelerator = step.resources.accelerator
    if accelerator:
        domain, slash, name = accelerator.resource.partition("/")
        if not (slash and _SUBDOMAIN.match(domain) and name and _LABEL.match(name)):
            message = f"`{accelerator.resource}` is not the name of an extended resource, such as `nvidia.com/gpu`"
            yield bad("gpu", accelerator.resource, message)
        if accelerator.count < 1:
            yield bad("gpu", accelerator.count, f"a step asks for at least one device, not {accelerator.count}")
    if step.image is not None and (not step.image or step.image.split() != [step.image]):
        yield bad("image", step.image, f"`{step.image}` is not the name of an image" if step.image else "the image is empty")
    if step.policy.timeout_seconds is not None and step.policy.timeout_seconds < 1:
        yield bad("timeout", step.policy.timeout_seconds, f"a timeout is at least one second, not {step.policy.timeout_seconds}")
    if step.policy.retries < 0:
        yield bad("retry", step.policy.retries, f"a step is retried 0 or more times, not {step.policy.retries}")


def _names(step: Step) -> Iterator[Finding]:
    for field, name, pattern, rule in _named(step.policy):
        if not pattern.match(name):
            message = f"`{name}` is not allowed as {rule} in Kubernetes"
            yield Finding(code="NB702", step=step.name, field=field, found=name, message=message)
    for field, key in _keyed(step.policy):
        prefix, slash, name = key.rpartition("/")
        if not name or not _LABEL.match(name) or (slash and not _SUBDOMAIN.match(prefix)):
            message = f"`{key}` is not allowed as the key of a label or annotation in Kubernetes"
            yield Finding(code="NB702", step=step.name, field=field, found=key, message=message)


def _named(policy: Policy) -> Iterator[tuple[str, str, re.Pattern[str], str]]:
    for secret in policy.secrets:
        yield "secrets", secret.secret, _SUBDOMAIN, "the name of a secret"
        yield "secrets", secret.key, _SECRET_KEY, "the key of a secret"
        yield "secrets", secret.variable, _VARIABLE, "an environment variable"
    for volume in policy.volumes:
        yield "volumes", volume.claim, _SUBDOMAIN, "the name of a volume claim"
    for name, _ in policy.environment:
        yield "environment", name, _VARIABLE, "an environment variable"
    for _, value in policy.labels:
        yield "labels", value, _LABEL, "the value of a label"
    for _, value in policy.node_selector:
        yield "node_selector", value, _LABEL, "the value of a label"


def _keyed(policy: Policy) -> Iterator[tuple[str, str]]:
    for field, pairs in (("labels", policy.labels), ("annotations", policy.annotations), ("node_selector", policy.node_selector)):
        for key, _ in pairs:
            yield field, key


def _tolerations(step: Step) -> Iterator[Finding]:
    for toleration in step.policy.tolerations:
        is_known = toleration.operator in {"Exists", "Equal"} and toleration.effect in _EFFECTS
        has_right_value = not toleration.value if toleration.operator == "Exists" else bool(toleration.key)
        if not (is_known and has_right_value):
            message = (
                f"a toleration is `Exists` without a value or `Equal` with a key, and its effect one of {', '.join(_EFFECTS[1:])}, not "
                f"`{toleration.operator}` with value `{toleration.value}` and effect `{toleration.effect}`"
            )
            yield Finding(code="NB703", step=step.name, field="tolerations", found=toleration.key, message=message)


def _volumes(step: Step) -> Iterator[Finding]:
    seen: set[str] = set()
    for volume in step.policy.volumes:
        path = volume.path.rstrip("/")
        if not path.startswith("/") or ":" in path:
            message = f"a volume is mounted at an absolute path without colons, not at `{volume.path}`"
            yield Finding(code="NB703", step=step.name, field="volumes", found=volume.path, message=message)
        elif path in seen:
            message = f"two volumes are mounted at `{volume.path}`"
            yield Finding(code="NB703", step=step.name, field="volumes", found=volume.path, message=message)
        seen.add(path)


def _templates(step: Step) -> Iterator[Finding]:
    if step.image:
        yield from template_finding(step, "image", step.image)
    for field, pairs in (("environment", step.policy.environment), ("annotations", step.policy.annotations)):
        for _, value in pairs:
            yield from template_finding(step, field, value)
