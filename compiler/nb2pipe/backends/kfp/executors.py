"""A step → its container: image, command, environment and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.quantities import parse_quantity

if TYPE_CHECKING:
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Resources, Step

DEFAULT_IMAGE = "python:3.12"


def container_spec(step: Step, command: list[str], arguments: list[str]) -> dict[str, Json]:
    """Build the container of one step."""
    container: dict[str, Json] = {"image": DEFAULT_IMAGE if step.image is None else step.image, "command": command, "args": arguments}
    if step.policy.environment:
        container["env"] = [{"name": name, "value": value} for name, value in step.policy.environment]
    resources = _resources(step.resources)
    if resources:
        container["resources"] = resources
    return container


def _resources(resources: Resources) -> dict[str, Json]:
    """Requests equal limits, in the quantities of today's backend and in the plain numbers that older ones read."""
    spec: dict[str, Json] = {}
    for word, text, unit in (("Cpu", resources.cpu, 1.0), ("Memory", resources.memory, 1e9)):
        if text:
            spec |= {f"resource{word}Request": text, f"resource{word}Limit": text}
            number = parse_quantity(text)
            if number is not None:
                spec |= {f"{word.lower()}Request": float(number) / unit, f"{word.lower()}Limit": float(number) / unit}
    accelerator = resources.accelerator
    if accelerator:
        # Servers older than 2.14 know only `type` and `count`.
        spec["accelerator"] = {
            "resourceType": accelerator.resource,
            "resourceCount": str(accelerator.count),
            "type": accelerator.resource,
            "count": accelerator.count,
        }
    return spec
