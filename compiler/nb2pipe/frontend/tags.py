"""Tag texts of one cell → tags of the grammar, and findings about the texts that are none.

This is the only place that knows how a tag is written. What a tag's argument may be is in `arguments`, what a cell's tags mean
together in `settings`. Kale's words are translated here, before anything else sees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Result
from nb2pipe.frontend.nearest import nearest
from nb2pipe.ir.notebook import Tag
from nb2pipe.source import CellId, Pos, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = ("parameters", "setup", "skip", "on-exit", "raises-exception", "validate", "gate", "deploy", "monitor")
"""Tags that are one word."""

VERBS = (
    *("step", "after", "gpu", "cpu", "memory", "disk", "retry", "timeout", "cache", "image", "foreach", "when", "ignore"),
    *("metrics", "classification", "html", "markdown", "encoding"),
    *("secret", "volume", "env", "node", "toleration", "label", "annotation"),
)
"""Tags that take an argument after a colon."""

SHAPES = {
    "step": "step:NAME",
    "after": "after:STEP",
    "gpu": "gpu:1",
    "cpu": "cpu:2",
    "memory": "memory:4Gi",
    "disk": "disk:10Gi",
    "retry": "retry:3",
    "timeout": "timeout:2h",
    "cache": "cache:off",
    "foreach": "foreach:NAME",
    "when": "when:NAME",
    "ignore": "ignore:NB301",
}
"""Verbs that are hardly anything else when they stand alone, and how to write them."""

KALE_FLAGS = {"imports": "setup", "functions": "setup", "pipeline-parameters": "parameters", "pipeline-metrics": "pipeline-metrics"}
KALE_VERBS = ("block", "prev", "limit", "report", "notebook")
KALE_SPECIAL = frozenset(("skip", *KALE_FLAGS))
NO_TAGS: Result[tuple[Tag, ...]] = Result((), ())


def is_kale(texts: Sequence[str]) -> bool:
    """Say whether a cell has a tag that only Kale writes."""
    return any(text in KALE_FLAGS or text.partition(":")[0] in KALE_VERBS for text in texts)


def is_tag(text: str) -> bool:
    """Say whether a text is written like a tag of ours or of Kale's; its argument may still be unusable."""
    verb, colon, _ = text.partition(":")
    return verb in VERBS or verb in KALE_VERBS if colon else text in FLAGS or text in KALE_FLAGS


def parse_tags(texts: Sequence[str], cell: CellId, *, kale: bool = False, code: bool = True) -> Result[tuple[Tag, ...]]:
    """Turn what the file says into tags, and say which texts are none.

    Parameters
    ----------
    texts : sequence of str
        ``metadata.tags`` as in the file.
    cell : CellId
        Where findings are placed.
    kale : bool
        The notebook was written for Kale: the first of its special tags decides alone.
    code : bool
        The cell holds code; on other cells our tags have no effect.
    """
    if not texts:
        return NO_TAGS
    place = Span(cell, Pos(1, 0), Pos(1, 0))
    if not code:
        return Result((), tuple(_on_text(text, place) for text in texts if is_tag(text.strip())))
    tags: list[Tag] = []
    found: list[Diagnostic] = []
    special = next((text for text in texts if text in KALE_SPECIAL), None) if kale else None
    for text in dict.fromkeys(text.strip() for text in texts):
        if special and text != special and is_tag(text) and not text.startswith("ignore:"):
            found.append(_eclipsed(text, special, place))
            continue
        if kale and text in {"step:", "block:", "prev:"}:
            found.append(_nameless(text, place))
            continue
        tag, finding = _parse(text, place)
        if tag:
            tags.append(tag)
        if finding:
            found.append(finding)
    return Result(tuple(tags), tuple(found))


def _parse(text: str, place: Span) -> tuple[Tag | None, Diagnostic | None]:
    verb, colon, argument = text.partition(":")
    if text in FLAGS:
        return Tag(verb=text, argument="", text=text), None
    if colon and verb in VERBS and not (verb == "cache" and argument in {"enabled", "disabled"}):
        return Tag(verb=verb, argument=argument.strip(), text=text), None
    if text in KALE_FLAGS or (colon and (verb in KALE_VERBS or verb == "cache")):
        return _parse_kale(text, place)
    return None, _not_a_tag(text, place)


def _parse_kale(text: str, place: Span) -> tuple[Tag | None, Diagnostic | None]:
    from nb2pipe.rules.nb113 import KaleTag
    from nb2pipe.rules.nb115 import KaleFeatureMissing

    ours = translate(text)
    if text == "pipeline-metrics":
        return Tag(verb=text, argument="", text=text), KaleTag(tag=text, meaning="`metrics:NAME` on the steps that make them").at(place)
    if text.startswith("report:"):
        return None, KaleTag(tag=text, meaning="nothing, since every step that displays something has a report").at(place)
    if ours is None:
        reason = "a step is made of cells of this notebook" if text.startswith("notebook:") else "there is no such resource here"
        return None, KaleFeatureMissing(tag=text, reason=reason).at(place)
    verb, _, argument = ours.partition(":")
    return Tag(verb=verb, argument=argument, text=text), KaleTag(tag=text, meaning=f"`{ours}`").at(place)


def translate(text: str) -> str | None:
    """Turn a tag of Kale's into ours; None when there is none, the text itself when it is not Kale's."""
    verb, _, argument = text.partition(":")
    if text in KALE_FLAGS:
        return KALE_FLAGS[text]
    match verb:
        case "block":
            return f"step:{argument}"
        case "prev":
            return f"after:{argument}"
        case "cache" if argument in {"enabled", "disabled"}:
            return "cache:on" if argument == "enabled" else "cache:off"
        case "limit":
            return _translate_limit(argument)
        case "notebook" | "report":
            return None
    return text


def _translate_limit(argument: str) -> str | None:
    resource, _, quantity = argument.rpartition(":")
    if resource in {"cpu", "memory"}:
        return f"{resource}:{quantity}"
    if resource == "ephemeral-storage":
        return f"disk:{quantity}"
    if resource == "nvidia.com/gpu":
        return f"gpu:{quantity}"
    return f"gpu:{resource}:{quantity}" if "/" in resource else None


def _not_a_tag(text: str, place: Span) -> Diagnostic:
    from nb2pipe.rules.nb101 import UnknownTag
    from nb2pipe.rules.nb111 import ForeignTag
    from nb2pipe.rules.nb112 import TagValueUnusable

    verb, colon, argument = text.partition(":")
    if colon and verb.strip() in FLAGS:
        return TagValueUnusable(tag=text, expected=f"`{verb.strip()}` alone").at(place)
    meant = _meant(text, verb, colon, argument)
    return UnknownTag(tag=text, nearest=meant).at(place) if meant else ForeignTag(tag=text).at(place)


def _meant(text: str, verb: str, colon: str, argument: str) -> str | None:
    """Guess which tag of ours a text was meant to be; None for a text that is another tool's."""
    if not colon:
        for separator in ("=", " "):
            verb, colon, argument = text.partition(separator)
            if colon and argument.strip() and nearest(verb.strip().lower(), VERBS):
                break
        else:
            word = text.lower().replace("_", "-")
            return SHAPES.get(word) or nearest(word, (*FLAGS, *KALE_FLAGS))
    close = nearest(verb.strip().lower(), (*VERBS, *KALE_VERBS))
    return f"{close}:{argument.strip()}" if close else None


def _on_text(text: str, place: Span) -> Diagnostic:
    from nb2pipe.rules.nb105 import TagOnTextCell

    return TagOnTextCell(tag=text.strip()).at(place)


def _nameless(text: str, place: Span) -> Diagnostic:
    """Note what Kale's panel writes when a name is left out: the cell has no tag."""
    from nb2pipe.rules.nb113 import KaleTag

    return KaleTag(tag=text, meaning="the same as no tag").at(place)


def _eclipsed(text: str, special: str, place: Span) -> Diagnostic:
    from nb2pipe.rules.nb114 import TagWithoutEffect

    return TagWithoutEffect(tag=text, reason=f"in a Kale notebook `{special}` decides alone").at(place)
