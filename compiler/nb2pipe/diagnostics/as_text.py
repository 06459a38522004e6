"""Findings → text for people: headline, place, the line with an underline, why, fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Diagnostic, Label, Severity
from nb2pipe.diagnostics.place import CellText, FileText, concealed, count, in_order, place_of, points_at_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.source import Span

COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
WIDEST = 160
"""A longer line is cut around what is underlined."""
BEFORE = 60


def as_text(diagnostics: Iterable[Diagnostic], file: FileText, *, colour: bool = False) -> str:
    """Render findings one after the other, sorted, each with an empty line after it; no text for no findings."""
    ordered = in_order(diagnostics, file)
    hidden = concealed(ordered)
    return "".join(_one(diagnostic, file, hidden, colour=colour) + "\n" for diagnostic in ordered)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Count findings in words: ``2 errors, 1 note``; ``no findings`` when there are none."""
    counts = [f"{number} {severity.value}{'s' if number != 1 else ''}" for severity, number in count(diagnostics).items() if number]
    return ", ".join(counts) or "no findings"


def _one(diagnostic: Diagnostic, file: FileText, hidden: Sequence[Span], *, colour: bool) -> str:
    rule = diagnostic.violation
    paint = _Paint(COLOURS[diagnostic.severity] if colour else "")
    lines = [f"{paint.strong(f'{diagnostic.severity.value}[{rule.code}]')} {rule.slug}: {_plain(diagnostic.message)}"]
    lines.append(f"  {place_of(diagnostic.span, file)}")
    if diagnostic.span:
        lines += _excerpt(Label(diagnostic.span, rule.label), file, hidden, paint, "^")
    for label in diagnostic.labels:
        lines.append(f"  {place_of(label.span, file)}")
        lines += _excerpt(label, file, hidden, paint, "-")
    lines.append(f"  {paint.faint('why:')} {_plain(rule.text(rule.why))}")
    lines.append(f"  {paint.faint('fix:')} {_plain(rule.text(rule.fix))}")
    lines.append(f"  {paint.faint('more:')} nb2pipe explain {rule.code}")
    return "\n".join(lines) + "\n"


class _Paint:
    """Colours, or none: `code` is the severity's ANSI colour."""

    def __init__(self, code: str) -> None:
        self.code = code

    def strong(self, text: str) -> str:
        return f"\x1b[1;{self.code}m{text}\x1b[0m" if self.code else text

    def faint(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.code else text


def _excerpt(label: Label, file: FileText, hidden: Sequence[Span], paint: _Paint, mark: str) -> list[str]:
    """Quote the line of a span, and underline the span as far as it stays on that line."""
    cell = file.cell(label.span)
    if cell is None or not points_at_code(label.span):
        return []
    number = label.span.start.line
    line = _without_secrets(cell, label.span, hidden)
    first = min(label.span.start.column, len(line))
    last = min(label.span.end.column, len(line)) if label.span.end.line == number else len(line)
    cut = max(0, first - BEFORE) if len(line) > WIDEST else 0
    shown = line[cut : cut + WIDEST]
    before, under = shown[: first - cut], shown[first - cut : max(last, first + 1) - cut]
    gutter = " " * len(str(number))
    dots = "…" if cut else ""
    more = "…" if cut + WIDEST < len(line) else ""
    underline = " " * (_width(before, 0) + len(dots)) + mark * max(1, _width(under, _width(before, 0)))
    text = dots + _expand(_plain(shown)) + more
    comment = f" {label.text}" if label.text else ""
    return [f"    {number} | {text}".rstrip(), f"    {gutter} | {paint.strong(underline)}{comment}".rstrip()]


def _without_secrets(cell: CellText, span: Span, hidden: Sequence[Span]) -> str:
    line = cell.line(span.start.line)
    for secret in hidden:
        if secret.cell == span.cell and secret.start.line <= span.start.line <= secret.end.line:
            first = secret.start.column if secret.start.line == span.start.line else 0
            last = secret.end.column if secret.end.line == span.start.line else len(line)
            line = line[:first] + "•" * (last - first) + line[last:]
    return line


def _plain(text: str) -> str:
    """Replace what a terminal would obey instead of showing, and halves of characters."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character == "\t" else "\N{REPLACEMENT CHARACTER}" for character in text)


def _expand(text: str) -> str:
    """Replace tabs by blanks up to the next multiple of four columns."""
    if "\t" not in text:
        return text
    shown: list[str] = []
    width = 0
    for character in text:
        step = _step(character, width)
        shown.append(" " * step if character == "\t" else character)
        width += step
    return "".join(shown)


def _width(text: str, start: int) -> int:
    """Measure how many terminal columns a text takes when it begins at column `start`."""
    width = start
    for character in text:
        width += _step(character, width)
    return width - start


def _step(character: str, width: int) -> int:
    if character == "\t":
        return 4 - width % 4
    if character < "\u0300":
        return 1
    from unicodedata import category, east_asian_width

    if category(character) in {"Mn", "Me", "Cf"}:
        return 0 if character.isprintable() else 1
    return 2 if east_asian_width(character) in {"W", "F"} else 1
