"""The grammar and the form of tags, as an editor draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused
from jupyter_mlops.server.documents import path_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyter_mlops.server.context import Context
    from nb2pipe.described import TaggedCell, Value
    from nb2pipe.form import Form

Json = dict[str, Any]


def grammar(_context: Context) -> Json:
    """Answer `grammar`: every tag, and the fields of the form."""
    from nb2pipe.described import FIELDS, TAGS, is_flag

    return {
        "verbs": [{"verb": verb, "shape": each.shape, "help": each.help, "flag": is_flag(verb)} for verb, each in TAGS.items()],
        "fields": [
            {
                "name": field.name,
                "title": field.title,
                "help": field.help,
                "kind": field.kind,
                "group": field.group,
                "placeholder": field.placeholder,
                "choices": _choices(field.choices),
            }
            for field in FIELDS
        ],
    }


def form(context: Context, body: Mapping[str, Any]) -> Json:
    """Answer `form`: what the tags of the selected cells say, after the changes if there are some.

    Raises
    ------
    Refused
        When a selected cell is not in the notebook.
    """
    from nb2pipe.api import tag_form

    notebook = body["notebook"]
    changes = {name: tuple(value) if isinstance(value, list) else value for name, value in body.get("changes", {}).items()}
    without_code = {**notebook, "cells": [{**cell, "source": ""} for cell in notebook["cells"]]}
    filled = tag_form(text_of(without_code), path_of(context, notebook), list(_selected(notebook, body["cells"])), changes)
    return {**_form(filled), "choices": dict(_suggested(notebook, context))}


def _selected(notebook: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[TaggedCell]:
    """Pick the selected cells that hold code; on others tags mean nothing."""
    from nb2pipe.described import TaggedCell
    from nb2pipe.source import CellId

    known = {cell["id"]: cell for cell in reversed(notebook["cells"])}
    for identity in dict.fromkeys(wanted):
        if identity not in known:
            raise Refused(404, f"the notebook has no cell `{identity}`", "send the notebook as it is now")
        cell = known[identity]
        if cell["type"] == "code":
            yield TaggedCell(id=CellId(identity), tags=tuple(cell["tags"]), settings=cell["settings"])


def _form(filled: Form) -> Json:
    return {
        "values": {name: _written(value) for name, value in filled.values.items()},
        "mixed": list(filled.mixed),
        "problems": dict(filled.problems),
        "cells": [{"id": str(cell.id), "tags": list(cell.tags), "settings": dict(cell.settings)} for cell in filled.cells],
        "other": list(filled.other),
    }


def _written(value: Value) -> str | bool | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def _suggested(notebook: Mapping[str, Any], context: Context) -> Iterator[tuple[str, list[Json]]]:
    """Suggest the notebook's steps, values and accelerators, then the cluster's, then the usual ones."""
    from nb2pipe.completion import values_for
    from nb2pipe.described import ACCELERATORS
    from nb2pipe.form import accelerators_named, steps_named

    tags = [tuple(cell["tags"]) for cell in notebook["cells"] if cell["type"] == "code"]
    names = steps_named(tags)
    yield "step", _choices((name, "") for name in names)
    yield "after", _choices((name, "") for name in names)
    usual = dict(ACCELERATORS)
    of_cluster = {name: usual.get(name, "a resource of the cluster") for name in context.accelerators.known()}
    known = {**{name: usual.get(name, "used in this notebook") for name in accelerators_named(tags)}, **of_cluster}
    yield "gpu-resource", _choices({**known, **{name: title for name, title in usual.items() if name not in known}}.items())
    outline = context.outline(notebook, fresh=False)
    for verb in ("foreach", "when", "metrics", "classification", "html", "markdown"):
        yield verb, _choices(values_for(verb, outline))


def _choices(choices: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"value": value, "title": title} for value, title in choices]
