"""The fields of a cell's form → what is wrong with each, in the words of the diagnostic that the tag would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.described import FIELDS
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.frontend.arguments import RESOURCE, STEP_NAME, Unusable, read_argument, suggested_step_name
from nb2pipe.frontend.settings import LIFECYCLE, PLACES, settings_of
from nb2pipe.frontend.tags import FLAGS, parse_tags
from nb2pipe.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.described import TaggedCell, Value
    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Notebook

CHOICES = {field.name: {value for value, _ in field.choices} for field in FIELDS if field.kind == "choice"}


def problems_of(notebook: Notebook, cell: TaggedCell, values: Mapping[str, Value], changed: Mapping[str, Value]) -> dict[str, str]:
    """Say what cannot be used: with `changed`, of these fields as `values` have them; without, of the whole cell as it is."""
    if not changed:
        return dict(_together(notebook, cell))
    from re import fullmatch

    found: dict[str, str] = {}
    for name in changed:
        value = values.get(name)
        if name == "place" and value == "step" and not values.get("step"):
            found["step"] = "a step needs a name, such as `train`"
        elif name == "step" and isinstance(value, str) and (not fullmatch(STEP_NAME, value) or not value.strip("_-")):
            found[name] = make("NB103", name=value, suggestion=suggested_step_name(value)).at(None).message + _write(
                suggested_step_name(value)
            )
        elif name in CHOICES and value and value not in CHOICES[name] and value not in (*PLACES, *LIFECYCLE):
            found[name] = f"`{value}` is none of " + ", ".join(f"`{each}`" for each in sorted(CHOICES[name]) if each)
        elif name not in CHOICES and name != "step" and name not in FLAGS:
            found.update(_unusable(name, value))
    return found


def _unusable(name: str, value: Value) -> Iterator[tuple[str, str]]:
    from re import fullmatch

    if name == "gpu-resource":
        if isinstance(value, str) and not fullmatch(RESOURCE, value):
            yield name, f"`{value}` cannot be used: expected a Kubernetes resource, such as `nvidia.com/gpu`"
        return
    for argument in value if isinstance(value, tuple) else () if value is None else (str(value),):
        try:
            read_argument(name, argument)
        except Unusable as unusable:
            yield name, make("NB112", tag=f"{name}:{argument}", expected=str(unusable)).at(None).message
            return


def _together(notebook: Notebook, cell: TaggedCell) -> Iterator[tuple[str, str]]:
    """Ask the reader of settings, which knows what contradicts what."""
    known = next((each for each in notebook.cells if each.id == cell.id), None)
    if known is None:
        return
    tags = parse_tags(cell.tags, cell.id, kale="kale" in notebook.settings)
    new = replace(known, tags=tags.value or (), settings=cell.settings)
    cells = tuple(new if each is known else each for each in notebook.cells)
    for diagnostic in (*tags.diagnostics, *settings_of(new, replace(notebook, cells=cells)).diagnostics):
        field = _field_of(diagnostic)
        if field:
            yield (
                field,
                diagnostic.message + (_write(str(getattr(diagnostic.violation, "suggestion", ""))) if diagnostic.code == "NB103" else ""),
            )


def _field_of(diagnostic: Diagnostic) -> str | None:
    if diagnostic.code == "NB103":
        return "step"
    if diagnostic.code not in {"NB102", "NB112", "NB114", "NB116"}:
        return None
    text = str(getattr(diagnostic.violation, "tag", getattr(diagnostic.violation, "setting", "")))
    verb = text.partition(":")[0]
    return "step" if verb == "step" else "place" if verb in PLACES else "role" if verb in LIFECYCLE else verb


def _write(name: str) -> str:
    return f"; write `{name}`" if name else ""
