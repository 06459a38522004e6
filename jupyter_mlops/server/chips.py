"""What a cell or a step asks for → small marks: a word and a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nb2pipe.ir.notebook import Tag
    from nb2pipe.ir.pipeline import Step

Chip = dict[str, str]

_SENTENCES = {
    "gpu": "asks for {}",
    "cpu": "asks for {} cores",
    "memory": "asks for {} of memory",
    "disk": "asks for {} of disk",
    "retry": "is tried {} more times when it fails",
    "timeout": "is stopped after {}",
    "cache": "cache: {}",
    "image": "runs in {}",
    "after": "not before {} has ended",
    "foreach": "once for each item of {}",
    "when": "only if {} is true",
    "on-exit": "at the end, whatever happened",
    "secret": "gets the secret {}",
    "volume": "mounts {}",
    "env": "with {}",
    "node": "on nodes with {}",
    "toleration": "tolerates {}",
    "metrics": "reports {} as metrics",
    "classification": "reports {} as a confusion matrix",
    "html": "shows {} as a page",
    "markdown": "shows {} as a page",
    "raises-exception": "goes on when this cell raises",
}
"""The verbs of the grammar that are shown as marks; places, roles and `ignore` are shown otherwise."""

_SHORT = {
    "retry": "{} retries",
    "image": "image",
    "on-exit": "on exit",
    "raises-exception": "may raise",
    "secret": "secret",
    "volume": "volume",
}


def of_tags(tags: Iterable[Tag]) -> list[Chip]:
    """Return the marks of a cell."""
    return [_chip(tag.verb, tag.argument) for tag in tags if tag.verb in _SENTENCES]


def of_step(step: Step) -> list[Chip]:
    """Return the marks of a step, whoever said it: a tag, the metadata or a default."""
    return [_chip(verb, argument) for verb, argument in _asked(step)]


def _asked(step: Step) -> Iterator[tuple[str, str]]:
    resources, control, policy = step.resources, step.control, step.policy
    if resources.accelerator is not None and resources.accelerator.count:
        device = resources.accelerator
        yield "gpu", f"{device.count}" if device.resource == "nvidia.com/gpu" else f"{device.resource}:{device.count}"
    for verb in ("cpu", "memory", "disk"):
        if value := getattr(resources, verb):
            yield verb, str(value)
    for verb, name in (("foreach", control.foreach), ("when", control.when)):
        if name:
            yield verb, name
    if control.on_exit:
        yield "on-exit", ""
    if policy.retries:
        yield "retry", str(policy.retries)
    if policy.timeout_seconds:
        yield "timeout", f"{policy.timeout_seconds} s"
    if policy.cache is False:
        yield "cache", "off"
    if step.image:
        yield "image", step.image


def _chip(verb: str, argument: str) -> Chip:
    what = _devices(argument) if verb == "gpu" else argument
    text = what if verb == "gpu" else _SHORT.get(verb, f"{verb} {{}}").format(argument)
    return {"kind": verb, "text": text, "title": _SENTENCES[verb].format(what)}


def _devices(argument: str) -> str:
    """Write ``1`` as ``1 GPU`` and ``amd.com/gpu:2`` as ``2 × amd.com/gpu``."""
    resource, _, count = argument.rpartition(":")
    if not resource or resource == "nvidia.com/gpu":
        return f"{count} GPU{'s' * (count != '1')}"
    return f"{count} × {resource}"
