"""The tags of cells → a form of fields, and changes of fields → the tags that say so.

A change touches the tags it is about and nothing else: order, other tools' tags and every text that still says what is wanted stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.described import FIELDS, TaggedCell, Value
from nb2pipe.formcheck import problems_of
from nb2pipe.frontend.metadata import tags_of_metadata
from nb2pipe.frontend.settings import LIFECYCLE, PLACES
from nb2pipe.frontend.tags import FLAGS, parse_tags
from nb2pipe.record import record
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nb2pipe.ir.notebook import Notebook, Tag

GPU = "nvidia.com/gpu"
KINDS = {field.name: field.kind for field in FIELDS}


@record(kw_only=True)
class Form:
    """The form of some cells: values (None where they differ, which `mixed` names), problems, the cells as they are after the changes."""

    values: Mapping[str, Value]
    mixed: tuple[str, ...]
    problems: Mapping[str, str]
    cells: tuple[TaggedCell, ...]
    other: tuple[str, ...]


def fill_form(notebook: Notebook, cells: Sequence[TaggedCell], changes: Mapping[str, Value]) -> Form:
    """Make the form of cells of a notebook, after changes; a change that cannot be used is not written, and is a problem of its field."""
    wanted = {name: _of_kind(KINDS[name], value) for name, value in changes.items() if name in KINDS}
    refused = {
        name: text for cell in cells for name, text in problems_of(notebook, cell, _meant(read_fields(cell), wanted), wanted).items()
    }
    unusable = {_owner(name) for name in refused}
    usable = {name: value for name, value in wanted.items() if _owner(name) not in unusable}
    changed = tuple(change_fields(cell, usable) for cell in cells)
    every = [{**read_fields(cell), **{name: value for name, value in wanted.items() if name not in usable}} for cell in changed]
    first = every[0] if every else {}
    mixed = tuple(name for name in KINDS if any(values.get(name) != first.get(name) for values in every))
    standing: dict[str, str] = {}
    for cell in changed:
        standing.update(problems_of(notebook, cell, read_fields(cell), {}))
    others = dict.fromkeys(text for cell in changed for text in cell.tags if _tag(text) is None)
    return Form(
        values={name: None if name in mixed else first.get(name) for name in KINDS},
        mixed=mixed,
        problems={name: text for name, text in {**standing, **refused}.items() if name in KINDS},
        cells=changed,
        other=tuple(others),
    )


def read_fields(cell: TaggedCell) -> dict[str, Value]:
    """Say what a cell's tags and settings mean, field by field; of several that contradict each other the first counts."""
    values: dict[str, Value] = {}
    for tag in (*filter(None, map(_tag, cell.tags)), *(tags_of_metadata(cell.settings, None).value or ())):
        for name, value in _fields_of(tag):
            if KINDS[name] == "list":
                known = values.setdefault(name, ())
                assert isinstance(known, tuple)
                values[name] = (*dict.fromkeys((*known, str(value))),)
            else:
                values.setdefault(name, value)
    if values.get("place") != "step":
        values.pop("step", None)
    return values


def change_fields(cell: TaggedCell, changes: Mapping[str, Value]) -> TaggedCell:
    """Return a cell that says what is wanted; fields that are not named, or say it already, stay as they are."""
    before = read_fields(cell)
    after = _meant(before, changes)
    tags, settings = cell.tags, dict(cell.settings)
    for name in dict.fromkeys(_owner(field) for field in (*before, *after) if before.get(field) != after.get(field)):
        verbs = _verbs(name)
        tags = _replaced(tags, lambda tag, verbs=verbs: tag.verb in verbs, _texts(name, after), first=name == "place")  # type: ignore[misc]
        settings = {key: value for key, value in settings.items() if key not in verbs}
    return TaggedCell(id=cell.id, tags=tags, settings=settings)


def steps_named(tags: Iterable[Sequence[str]]) -> list[str]:
    """List the steps that the tags of cells name, in order."""
    said = (tag for texts in tags for tag in map(_tag, texts) if tag is not None)
    return list(dict.fromkeys(tag.argument for tag in said if tag.verb == "step" and tag.argument))


def accelerators_named(tags: Iterable[Sequence[str]]) -> list[str]:
    """List the kinds of accelerators that the tags of cells ask for, in order."""
    said = (tag for texts in tags for tag in map(_tag, texts) if tag is not None and tag.verb == "gpu")
    return list(dict.fromkeys(tag.argument.rpartition(":")[0] or GPU for tag in said))


def _meant(before: Mapping[str, Value], changes: Mapping[str, Value]) -> dict[str, Value]:
    """Say what all fields are after a change: a name makes it a step, another place takes the name away, a kind of accelerator means one."""
    after = {**before, **changes}
    if changes.get("step") and "place" not in changes:
        after["place"] = "step"
    if "step" in changes and not changes["step"] and before.get("place") == "step" and "place" not in changes:
        after["place"] = None
    if after.get("place") != "step":
        after["step"] = None
    if changes.get("gpu-resource") and not after.get("gpu") and "gpu" not in changes:
        after["gpu"] = "1"
    if not after.get("gpu"):
        after["gpu-resource"] = None
    return {name: value for name, value in after.items() if value not in (None, "", False, ())}


def _fields_of(tag: Tag) -> Iterable[tuple[str, str | bool]]:
    if tag.verb in PLACES:
        yield "place", tag.verb
        if tag.verb == "step":
            yield "step", tag.argument
    elif tag.verb in LIFECYCLE:
        yield "role", tag.verb
    elif tag.verb == "gpu":
        resource, _, count = tag.argument.rpartition(":")
        yield "gpu", count
        if resource and resource != GPU:
            yield "gpu-resource", resource
    else:
        yield tag.verb, True if tag.verb in FLAGS else tag.argument


def _owner(field: str) -> str:
    """Name the field whose tag a field is part of."""
    return {"step": "place", "gpu-resource": "gpu"}.get(field, field)


def _verbs(name: str) -> tuple[str, ...]:
    return PLACES if name == "place" else LIFECYCLE if name == "role" else (name,)


def _texts(name: str, values: Mapping[str, Value]) -> list[str]:
    """Write what a field says as tags."""
    value = values.get(name)
    if isinstance(value, tuple):
        return [f"{name}:{each}" for each in value]
    if not value:
        return []
    if name == "place":
        return [f"step:{values.get('step') or ''}" if value == "step" else str(value)]
    if name == "gpu":
        resource = values.get("gpu-resource")
        return [f"gpu:{resource}:{value}" if resource and resource != GPU else f"gpu:{value}"]
    return [str(value)] if name == "role" else [name] if value is True else [f"{name}:{value}"]


def _replaced(tags: Sequence[str], is_about: Callable[[Tag], bool], wanted: Sequence[str], *, first: bool) -> tuple[str, ...]:
    """Write the wanted tags where the old ones stood: more of them follow the last, fewer leave the others out."""
    parsed = [_tag(text) for text in tags]
    slots = [at for at, tag in enumerate(parsed) if tag is not None and is_about(tag)]
    written = {_plain(tag): tags[at] for at, tag in enumerate(parsed) if tag is not None and at in slots}
    new = [written.get(text, text) for text in wanted]
    if not slots:
        own = next((at for at, tag in enumerate(parsed) if tag is not None), len(tags)) if first else len(tags)
        return (*tags[:own], *new, *tags[own:])
    placed = {at: [text] for at, text in zip(slots, new, strict=False)}
    placed.setdefault(slots[-1], [])
    placed[slots[-1]] = [*placed[slots[-1]], *new[len(slots) :]]
    return tuple(text for at, old in enumerate(tags) for text in (placed.get(at, []) if at in slots else [old]))


def _plain(tag: Tag) -> str:
    return f"{tag.verb}:{tag.argument}" if tag.argument else tag.verb


def _tag(text: str) -> Tag | None:
    return next(iter(parse_tags([text], CellId("")).value or ()), None)


def _of_kind(kind: str, value: Value) -> Value:
    """Take what an editor sent as a value of the field's kind, without blanks around it; None when it is empty."""
    if kind == "flag":
        return bool(value) or None
    texts = [each.strip() for each in (value if isinstance(value, tuple) else ("" if value is None or isinstance(value, bool) else value,))]
    if kind == "list":
        return tuple(dict.fromkeys(filter(None, texts))) or None
    return " ".join(texts).strip() or None
