"""A tag that is being typed → what it could become in this notebook, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.described import ACCELERATORS, CACHES, TAGS
from nb2pipe.frontend.nearest import nearest
from nb2pipe.frontend.tags import FLAGS, VERBS, parse_tags
from nb2pipe.record import record
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nb2pipe.ir.notebook import Tag
    from nb2pipe.outline import Outline

MOST = 50
VALUES = {
    "foreach": ("list", "tuple", "set", "range", "dict", "numpy.ndarray", "pandas.Index", "pandas.Series"),
    "when": ("bool",),
    "metrics": ("float", "int", "dict"),
    "classification": ("dict", "numpy.ndarray", "list"),
    "html": ("str",),
    "markdown": ("str",),
}
"""Verbs that are about a value, and what fits, the best first."""

ENCODINGS = {
    "numpy": ("npy",),
    "pandas": ("arrow-frame", "arrow-series", "arrow-index"),
    "polars": ("polars-frame", "polars-series"),
    "pyarrow": ("arrow",),
    "sklearn": ("skops",),
    "tensorflow": ("tensorflow-tensor", "savedmodel"),
    "keras": ("keras",),
    "torch": ("torch-weights", "torch"),
    "plotly": ("plotly-json",),
    **dict.fromkeys(("dict", "list", "tuple", "int", "float", "bool", "str"), ("json",)),
}
"""What the libraries' values are written as; anything can be a sealed pickle."""

USUAL = {
    "cpu": ("1", "2", "4", "8"),
    "memory": ("2Gi", "4Gi", "8Gi", "16Gi", "32Gi"),
    "disk": ("10Gi", "50Gi", "100Gi"),
    "retry": ("1", "2", "3"),
    "timeout": ("15m", "1h", "2h", "12h", "1d"),
    "image": ("python:3.12-slim",),
    "toleration": ("nvidia.com/gpu",),
}


@record()
class Completion:
    """A whole tag, or a verb with its colon, and what it means."""

    text: str
    help: str


def complete_tag(typed: str, tags: Iterable[Sequence[str]], outline: Outline, accelerators: Iterable[str] = ()) -> list[Completion]:
    """Complete a tag: `tags` are those of all cells as they are written, `accelerators` the cluster's resources."""
    verb, colon, argument = typed.strip().partition(":")
    known = [tag for texts in tags for text in texts for tag in parse_tags([text], CellId("")).value or ()]
    if not colon:
        found = [*_verbs(verb), *_steps(verb, known)]
    elif verb in VERBS:
        found = [Completion(f"{verb}:{value}", why or TAGS[verb].help) for value, why in _arguments(verb, known, outline, accelerators)]
        found = _matching(found, argument.lower(), len(verb) + 1)
    else:
        close = nearest(verb.lower(), VERBS)
        found = [Completion(f"{close}:{argument}", TAGS[close].help)] if close else []
    return list({each.text: each for each in reversed(found)}.values())[::-1][:MOST]


def _verbs(typed: str) -> list[Completion]:
    every = [Completion(verb if verb in FLAGS else f"{verb}:", each.help) for verb, each in TAGS.items()]
    found = _matching(every, typed.lower(), 0)
    if not found and (close := nearest(typed.lower(), TAGS)):
        found = [each for each in every if each.text.rstrip(":") == close]
    return found


def _steps(typed: str, known: Iterable[Tag]) -> list[Completion]:
    """Offer steps by their own names too: who types `tr` may mean `step:train`."""
    if not typed:
        return []
    return [Completion(f"step:{name}", TAGS["step"].help) for name in _said("step", known) if name.lower().startswith(typed.lower())]


def _matching(completions: Iterable[Completion], typed: str, start: int) -> list[Completion]:
    """Keep what holds the text, what begins with it first; the order within both stays."""
    every = list(completions)
    first = [each for each in every if each.text[start:].lower().startswith(typed)]
    return [*first, *(each for each in every if each not in first and typed in each.text[start:].lower())]


def _arguments(verb: str, known: list[Tag], outline: Outline, accelerators: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Offer what this notebook says elsewhere first, then what is usual."""
    match verb:
        case "step" | "after":
            yield from ((name, "") for name in _said("step", known))
        case "foreach" | "when" | "metrics" | "classification" | "html" | "markdown":
            yield from values_for(verb, outline)
        case "encoding":
            for name, kind in outline.types.items():
                for encoding in (
                    (*ENCODINGS.get(kind.partition(".")[0], ()), "pickle") if kind not in {"module", "function", "class"} else ()
                ):
                    yield f"{name}={encoding}", f"`{name}` is written as {encoding}"
        case "ignore":
            yield from _codes(outline)
        case "gpu":
            yield from ((value, "") for value in (*_said("gpu", known), "1", "2"))
            resources = dict.fromkeys(accelerators, "a resource of the cluster") | dict(ACCELERATORS[1:])
            yield from ((f"{resource}:1", why) for resource, why in resources.items())
        case "cache":
            yield from CACHES
        case _:
            yield from ((value, "") for value in (*_said(verb, known), *USUAL.get(verb, ())))
            yield TAGS[verb].shape.partition(":")[2], "an example"


def _said(verb: str, known: Iterable[Tag]) -> list[str]:
    return list(dict.fromkeys(tag.argument for tag in known if tag.verb == verb and tag.argument))


def values_for(verb: str, outline: Outline) -> Iterator[tuple[str, str]]:
    """List the names that a verb may be about, each with what it holds; last those of which nothing is known."""
    for kind in VALUES[verb]:
        yield from ((name, f"`{name}` is a {kind}") for name, type_ in outline.types.items() if type_ == kind)
    yield from ((name, f"what `{name}` is cannot be told") for name, kind in outline.types.items() if not kind)


def _codes(outline: Outline) -> Iterator[tuple[str, str]]:
    from nb2pipe.diagnostics.catalogue import CATALOGUE, rule

    found = list(dict.fromkeys(each.code for each in outline.diagnostics))
    yield from ((code, f"{rule(code).slug}, found in this notebook") for code in found)
    yield from ((code, rule(code).slug) for code in CATALOGUE if code not in found)
