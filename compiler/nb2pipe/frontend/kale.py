"""What a Kale notebook means: its metadata → our settings, its merging rules → the tags that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result
from nb2pipe.frontend.tags import translate
from nb2pipe.ir.notebook import CellKind, Tag
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.ir.notebook import Cell, Notebook

FOLLOWED = frozenset(("step", "parameters", "setup", "pipeline-metrics"))
"""Tags whose cell an untagged cell continues; `skip` is passed over."""


def translate_metadata(kale: object) -> Result[dict[str, object]]:
    """Turn ``kubeflow_notebook`` metadata into settings of ours; unknown keys are ignored, as are those that Kale ignores."""
    settings: dict[str, object] = {"kale": True}
    found: list[Diagnostic] = []
    if not isinstance(kale, dict):
        return Result(settings)
    for key, ours in (
        ("pipeline_name", "name"),
        ("pipeline_description", "description"),
        ("docker_image", "image"),
        ("base_image", "image"),
    ):
        value = kale.get(key)
        if isinstance(value, str) and value:
            settings[ours] = value
    defaults: dict[str, object] = {}
    if isinstance(kale.get("enable_caching"), bool):
        defaults["cache"] = kale["enable_caching"]
    volumes = kale.get("volumes")
    for volume in volumes if isinstance(volumes, list) else ():
        argument, finding = _volume(volume)
        if argument:
            _append(defaults, "volume", argument)
        if finding:
            found.append(finding)
    for tag in _step_defaults(kale.get("steps_defaults")):
        verb, _, argument = (translate(tag) or "").partition(":")
        if argument and verb in {"label", "annotation", "secret"}:
            _append(defaults, verb, argument)
        elif argument and verb in {"gpu", "cpu", "memory", "disk", "image", "cache"}:
            defaults[verb] = argument
    if defaults:
        settings["defaults"] = defaults
    return Result(settings, tuple(found))


def tags_that_count(cell: Cell, tags: tuple[Tag, ...], notebook: Notebook) -> Result[tuple[Tag, ...]]:
    """Apply Kale's merging rules to the tags of one cell.

    An untagged cell continues the block above it, whatever that is; of the cells of a step only the first one's settings count.
    """
    place = _place_of(tags)
    above = [other for other in notebook.cells[: cell.index] if other.kind is CellKind.CODE]
    if place is None:
        followed = next((tag for other in reversed(above) if (tag := _place_of(other.tags)) and tag.verb in FOLLOWED), None)
        continues = (followed,) if followed and followed.verb != "step" else ()
        return Result((*continues, *tags))
    if place.verb != "step" or not any(_same(place, _place_of(other.tags)) for other in above):
        return Result(tags)
    from nb2pipe.rules.nb114 import TagWithoutEffect

    span = Span(cell.id, Pos(1, 0), Pos(1, 0))
    reason = "in a Kale notebook the first cell of a step decides"
    counting = tuple(tag for tag in tags if tag.verb in {"step", "ignore"})
    return Result(counting, tuple(TagWithoutEffect(tag=tag.text, reason=reason).at(span) for tag in tags if tag not in counting))


def _same(tag: Tag, other: Tag | None) -> bool:
    return other is not None and (tag.verb, tag.argument) == (other.verb, other.argument)


def _place_of(tags: Iterable[Tag]) -> Tag | None:
    return next((tag for tag in tags if tag.verb in FOLLOWED or tag.verb == "skip"), None)


def _append(defaults: dict[str, object], verb: str, argument: str) -> None:
    existing = defaults.setdefault(verb, [])
    if isinstance(existing, list):
        existing.append(argument)


def _step_defaults(defaults: object) -> list[str]:
    """Read ``steps_defaults``, which is a list of tags or an object of lists and texts."""
    if isinstance(defaults, list):
        return [tag for tag in defaults if isinstance(tag, str)]
    tags: list[str] = []
    for key, value in defaults.items() if isinstance(defaults, dict) else ():
        match key, value:
            case ("labels" | "annotations" | "limits", dict()):
                tags += [f"{key[:-1]}:{name}:{item}" for name, item in value.items()]
            case ("base_image" | "image", str()):
                tags.append(f"image:{value}")
            case ("enable_caching", bool()):
                tags.append(f"cache:{'enabled' if value else 'disabled'}")
            case _:
                pass
    return tags


def _volume(volume: object) -> tuple[str | None, Diagnostic | None]:
    if not isinstance(volume, dict):
        return None, None
    name, path, kind = volume.get("name"), volume.get("mount_point"), volume.get("type")
    if kind == "pvc" and isinstance(name, str) and isinstance(path, str):
        return f"{name}:{path}", None
    from nb2pipe.rules.nb114 import TagWithoutEffect

    return None, TagWithoutEffect(tag=f"volume {name} ({kind})", reason="only claims that exist (type `pvc`) are mounted").at(None)
