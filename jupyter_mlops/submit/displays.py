"""What one cell displayed in two runs → where that differs: text, results, HTML as text, figures by pixels, errors.

Memory addresses do not count, numbers are equal within the tolerance of `compare`, and what a carriage return overwrites was not seen.
Standard error is not compared: warnings depend on which process raises them first.
"""

from __future__ import annotations

import base64
import html
import io
import math
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.compare import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHANNEL_TOLERANCE = 8
"""Of 255: how far one colour of a pixel may move."""

RICH = {"text/html": "html", "image/svg+xml": "html", "image/png": "figure", "image/jpeg": "figure"}
"""MIME types of a notebook's outputs → the form that a step's page shows, richest first."""

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w)")


def of_outputs(outputs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Turn the outputs of an executed cell into a record as the step's recorder makes it."""
    record: dict[str, Any] = {"stdout": "", "stderr": "", "shown": [], "error": None}
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            record[output["name"]] += output["text"]
        elif kind == "error":
            record["error"] = {"name": output["ename"], "text": output["evalue"]}
        else:
            data = output["data"]
            form = {"text": data.get("text/plain", "")}
            rich = next((mime for mime in RICH if mime in data), None)
            record["shown"].append(form | ({RICH[rich]: data[rich]} if rich else {}))
    return record


def differences(whole: Mapping[str, Any], isolated: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what differs: ``{"kind": "stdout" | "display" | "figure" | "error", "difference"}``."""
    found: list[dict[str, Any]] = []
    one, other = (_raised(record["error"]) for record in (whole, isolated))
    if one != other:
        found.append({"kind": "error", "difference": f"{one} against {other}"})
        if not whole["error"]:  # what came after it is missing, and that is no second finding
            return found
    said = text_difference(seen(whole["stdout"]), seen(isolated["stdout"]))
    if said:
        found.append({"kind": "stdout", "difference": said})
    shown = zip_longest(distinct(whole["shown"]), distinct(isolated["shown"]))
    for place, (form, opposite) in enumerate(shown, 1):
        kind, said = _form_difference(form, opposite)
        if said:
            found.append({"kind": kind, "index": place, "difference": said})
    return found


def _raised(error: Mapping[str, str] | None) -> str:
    text = f"{error['name']}: {' '.join(error['text'].split())}" if error else "no error"
    return _ADDRESS.sub("0x…", text)[:200]


def seen(text: str) -> str:
    """Give what a reader sees: behind a carriage return a line begins anew."""
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    return "\n".join(lines).rstrip("\n")


def distinct(shown: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Leave out a figure that the cell has shown already: Jupyter shows one again that is also the cell's result, a step's page does not."""
    figures = [form.get("figure", "").strip() for form in shown]
    return [form for place, form in enumerate(shown) if not figures[place] or figures[place] not in figures[:place]]


def text_difference(whole: str, isolated: str) -> str | None:
    """Quote the first line that differs; numbers are compared as numbers where the text around them is the same."""
    one, other = (_ADDRESS.sub("0x…", text) for text in (whole, isolated))
    if _same(one, other):
        return None
    lines = zip_longest(one.split("\n"), other.split("\n"))
    number, (line, opposite) = next((number, pair) for number, pair in enumerate(lines, 1) if None in pair or not _same(pair[0], pair[1]))
    return f"line {number}: {_quoted(line)} against {_quoted(opposite)}"


def _same(one: str, other: str) -> bool:
    return one == other or (_NUMBER.sub("#", one) == _NUMBER.sub("#", other) and _close(_NUMBER.findall(one), _NUMBER.findall(other)))


def _close(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(a == b or ("." in a + b and math.isclose(float(a), float(b), rel_tol=TOLERANCE)) for a, b in zip(one, other, strict=True))


def _quoted(line: str | None) -> str:
    if line is None:
        return "nothing"
    return repr(line if len(line) <= 80 else line[:77] + "…")


def _form_difference(whole: Mapping[str, str] | None, isolated: Mapping[str, str] | None) -> tuple[str, str | None]:
    if whole is None or isolated is None:
        present = _named(whole or isolated or {})
        return (
            "figure" if present == "a figure" else "display"
        ), f"{present} against nothing" if isolated is None else f"nothing against {present}"
    if "figure" in whole or "figure" in isolated:
        if "figure" in whole and "figure" in isolated:
            return "figure", picture_difference(base64.b64decode(whole["figure"]), base64.b64decode(isolated["figure"]))
        return "figure", f"{_named(whole)} against {_named(isolated)}"
    if "html" in whole and "html" in isolated:
        return "display", text_difference(text_of_html(whole["html"]), text_of_html(isolated["html"]))
    return "display", text_difference(whole["text"].strip(), isolated["text"].strip())


def _named(form: Mapping[str, str]) -> str:
    return "a figure" if "figure" in form else _quoted(form["text"].split("\n", 1)[0])


def text_of_html(source: str) -> str:
    """Give the text of HTML, a line for each row or block: ids and styles say nothing to a reader."""
    text = re.sub(r"(?is)<(style|script)\b.*?</\1>", "", source)
    text = re.sub(r"(?i)</?(tr|p|div|li|h\d|br|pre|table)\b[^>]*>", "\n", text)
    lines = (" ".join(html.unescape(re.sub(r"<[^>]*>", " ", line)).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def picture_difference(whole: bytes, isolated: bytes) -> str | None:
    """Say how many pixels of two pictures differ by more than a shade; None when none does."""
    if whole == isolated:
        return None
    try:
        from PIL import Image, ImageChops
    except ImportError:
        return "the pictures' bytes differ, and Pillow is not installed to compare their pixels"
    one, other = (Image.open(io.BytesIO(data)).convert("RGBA") for data in (whole, isolated))
    if one.size != other.size:
        return "{}×{} pixels against {}×{}".format(*one.size, *other.size)
    channels = ImageChops.difference(one, other).split()
    most = channels[0]
    for channel in channels[1:]:
        most = ImageChops.lighter(most, channel)
    moved = sum(most.histogram()[CHANNEL_TOLERANCE + 1 :])
    total = one.size[0] * one.size[1]
    return f"{moved} of {total} pixels differ" if moved else None
