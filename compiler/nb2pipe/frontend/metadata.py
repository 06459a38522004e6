"""JSON under ``nb2pipe`` in a notebook's or a cell's metadata → the tags that say the same, and the notebook's own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result
from nb2pipe.frontend.tags import FLAGS, VERBS
from nb2pipe.ir.notebook import Tag
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.source import Span

DEFAULTS = (
    *("gpu", "cpu", "memory", "disk", "retry", "timeout", "cache", "image", "ignore", "encoding"),
    *("secret", "volume", "env", "node", "toleration", "label", "annotation"),
)
"""What a notebook may set for all of its steps."""

NOTEBOOK_KEYS = ("name", "description", "image", "pickle", "runtime", "defaults")
CHOICES = {"pickle": ("sealed", "forbid"), "runtime": ("embed", "image")}
"""Settings of a notebook that are one of a few words; the first is the default."""
SEPARATORS = {"env": "=", "node": "=", "encoding": "=", "label": ":", "annotation": ":"}
"""Verbs whose value may be an object, and what stands between key and value in a tag."""


@record(kw_only=True)
class NotebookSettings:
    """What the notebook says about the whole pipeline; None where it says nothing."""

    name: str | None = None
    description: str = ""
    image: str | None = None
    pickle: str = "sealed"
    runtime: str = "embed"


def notebook_settings(notebook: Notebook) -> Result[NotebookSettings]:
    """Read the notebook's settings; what cannot be used is NB116 and left out."""
    settings = notebook.settings
    found = [_unknown(key, NOTEBOOK_KEYS, None) for key in settings if key not in (*NOTEBOOK_KEYS, "kale")]
    texts: dict[str, str] = {}
    for key in NOTEBOOK_KEYS[:-1]:
        value = settings.get(key)
        if value is None:
            continue
        if isinstance(value, str) and (key not in CHOICES or value in CHOICES[key]):
            texts[key] = value
        else:
            found.append(_unusable(key, " or ".join(f"`{word}`" for word in CHOICES[key]) if key in CHOICES else "text", None))
    found += _check_defaults(settings)
    return Result(
        NotebookSettings(
            name=texts.get("name") or None,
            description=texts.get("description", ""),
            image=texts.get("image") or None,
            pickle=texts.get("pickle", "sealed"),
            runtime=texts.get("runtime", "embed"),
        ),
        tuple(found),
    )


def tags_of_defaults(settings: Mapping[str, object]) -> Result[tuple[Tag, ...]]:
    """Turn the notebook's ``defaults`` into tags; its ``image`` is one of them."""
    defaults = settings.get("defaults")
    given = dict(defaults) if isinstance(defaults, dict) else {}
    if settings.get("image"):
        given.setdefault("image", settings["image"])
    return _tags({key: value for key, value in given.items() if key in DEFAULTS}, None)


def tags_of_metadata(settings: Mapping[str, object], place: Span | None) -> Result[tuple[Tag, ...]]:
    """Turn a cell's ``nb2pipe`` metadata into tags."""
    if not settings:
        return Result(())
    return _tags(settings, place)


def _check_defaults(settings: Mapping[str, object]) -> list[Diagnostic]:
    from nb2pipe.frontend.arguments import Unusable, read_argument

    defaults = settings.get("defaults", {})
    if not isinstance(defaults, dict):
        return [_unusable("defaults", 'an object, such as `{"cpu": 2}`', None)]
    found = [_unknown(f"defaults.{key}", DEFAULTS, None) for key in defaults if key not in DEFAULTS]
    tags = tags_of_defaults(settings)
    found += tags.diagnostics
    for tag in tags.value or ():
        try:
            read_argument(tag.verb, tag.argument)
        except Unusable as unusable:
            found.append(_unusable(f"defaults: {tag.text}", str(unusable), None))
    return found


def _tags(settings: Mapping[str, object], place: Span | None) -> Result[tuple[Tag, ...]]:
    tags: list[Tag] = []
    found: list[Diagnostic] = []
    for verb, value in settings.items():
        if verb not in VERBS and verb not in FLAGS:
            found.append(_unknown(verb, (*FLAGS, *VERBS), place))
            continue
        try:
            tags += [
                Tag(verb=verb, argument=argument, text=f"{verb}:{argument}" if argument else verb) for argument in _arguments(verb, value)
            ]
        except TypeError:
            found.append(_unusable(verb, _expected(verb), place))
    return Result(tuple(tags), tuple(found))


def _arguments(verb: str, value: object) -> Iterator[str]:
    """Write JSON as the arguments of tags; `TypeError` when the verb has no such form."""
    if verb in FLAGS:
        if not isinstance(value, bool):
            raise TypeError(verb)
        if value:
            yield ""
        return
    if isinstance(value, list):
        for item in value:
            yield _argument(verb, item)
    elif isinstance(value, dict) and verb in SEPARATORS:
        for key, item in value.items():
            yield f"{key}{SEPARATORS[verb]}{_argument(verb, item)}"
    else:
        yield _argument(verb, value)


def _argument(verb: str, value: object) -> str:
    if isinstance(value, bool):
        if verb != "cache":
            raise TypeError(verb)
        return "on" if value else "off"
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError(verb)


def _expected(verb: str) -> str:
    if verb in FLAGS:
        return "`true` or `false`"
    return "text, an object of texts or a list of texts" if verb in SEPARATORS else "text, a number or a list of them"


def _unusable(setting: str, expected: str, place: Span | None) -> Diagnostic:
    from nb2pipe.rules.nb116 import SettingUnusable

    return SettingUnusable(setting=setting, expected=expected).at(place)


def _unknown(setting: str, known: tuple[str, ...], place: Span | None) -> Diagnostic:
    from nb2pipe.frontend.nearest import nearest

    close = nearest(setting.rpartition(".")[2], known)
    return _unusable(setting, f"`{close}`" if close else "one of " + ", ".join(f"`{key}`" for key in known), place)
