"""Every block of every rule's page is checked as it stands: exactly the findings that it expects, and no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from nb2pipe.api import check_text
from nb2pipe.diagnostics.catalogue import BY_BACKEND, BY_CONTAINER, BY_VERIFIER, CATALOGUE, PREVIEW, page, rule

RULES = Path(__file__).parents[2] / "compiler/nb2pipe/rules"
EXPECTATION = re.compile(r'# (error|warning|note): \[(NB\d{3})\](?: "(.*)")?\s*$')
SECTIONS = ["What it does", "Why it matters here", "Example", "Use instead", "References"]


@dataclass(frozen=True)
class Block:
    """One fenced block: the page, its place, its kind and its text."""

    code: str
    number: int
    kind: str
    text: str


def blocks() -> list[Block]:
    found = []
    for code in CATALOGUE:
        fences = re.findall(r"```(cells|notebook)\n(.*?)\n```", page(code), re.DOTALL)
        found += [Block(code, number, kind, text) for number, (kind, text) in enumerate(fences)]
    return found


def read_expectations(block: Block) -> tuple[str, list[tuple[int, str, str, str]]]:
    """Take the expectations on lines of their own out of a block; each is about the next line, as one at a line's end is about its line."""
    lines: list[str] = []
    expected: list[tuple[int, str, str, str]] = []
    waiting: list[tuple[str, str, str]] = []
    for line in block.text.split("\n"):
        match = EXPECTATION.search(line)
        if match and not line[: match.start()].strip():
            waiting.append((match[1], match[2], match[3] or ""))
            continue
        lines.append(line)
        here = [*waiting, *([(match[1], match[2], match[3] or "")] if match else [])]
        expected += [(len(lines), *expectation) for expectation in here]
        waiting = []
    return "\n".join(lines), expected


def line_of_cells(text: str) -> list[int]:
    """List the line of each cell's marker; a finding about a whole cell is expected there or at its first line."""
    return [number for number, line in enumerate(text.split("\n"), 1) if re.match(r"# ?%%(\s|$)", line)]


@pytest.mark.parametrize("block", blocks(), ids=lambda block: f"{block.code}-{block.number}")
def test_block_has_exactly_the_findings_it_expects(block: Block) -> None:
    text, expected = read_expectations(block)
    found = check_text(text, "page.py" if block.kind == "cells" else "page.ipynb")
    markers = line_of_cells(text) if block.kind == "cells" else []
    left = [(d.severity.value, d.code, d.message, lines_of(d, markers)) for d in found]
    for line, severity, code, words in expected:
        fits = [item for item in left if item[:2] == (severity, code) and words in item[2] and (not item[3] or line in item[3])]
        assert fits, f"line {line}: no {severity} [{code}] {words!r} among {left}"
        left.remove(fits[0])
    assert not left, f"not expected: {left}"


def lines_of(diagnostic, markers: list[int]) -> set[int]:
    """Say on which lines of the block a finding may be expected; empty for a finding about the file."""
    if diagnostic.span is None or not diagnostic.span.cell or not markers:
        return set()
    marker = markers[int(diagnostic.span.cell.removeprefix("cell-"))]
    line = marker + diagnostic.span.start.line
    return {line, marker} if diagnostic.span.start.line == 1 and diagnostic.span.start.column == 0 else {line}


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - PREVIEW - BY_BACKEND - BY_CONTAINER - BY_VERIFIER - {"NB007"}))
def test_every_reported_rule_is_constructed_by_its_page(code: str) -> None:
    assert any(f"[{code}]" in block.text for block in blocks() if block.code == code)


def test_table_modules_and_pages_agree() -> None:
    modules = {path.stem for path in RULES.glob("nb*.py")}
    pages = {path.stem for path in RULES.glob("nb*.md")}
    assert modules == pages == {code.lower() for code in CATALOGUE}


@pytest.mark.parametrize("code", CATALOGUE)
def test_class_is_what_the_table_and_the_page_say(code: str) -> None:
    loaded, text = rule(code), page(code)
    status = "preview" if code in PREVIEW else "stable"
    assert loaded.code == code
    assert text.startswith(f"# {code} {loaded.slug}\n\n{loaded.severity.value} · {status} · since {loaded.since} · ")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    assert ("not reported yet" in text) == (code in PREVIEW)


@pytest.mark.parametrize("code", CATALOGUE)
def test_messages_follow_the_house_style(code: str) -> None:
    loaded = rule(code)
    for text in (loaded.message, loaded.why, loaded.fix):
        assert not text.endswith(".")
        assert not re.search(r"\b(please|invalid|illegal)\b", text, re.IGNORECASE)
        assert text[0] in "`{" or text[0].islower() or text.startswith("Kale")
    assert len(loaded.slug.split("-")) <= 5
    assert (loaded.__doc__ or "").strip().endswith((".", "colon."))


def test_slugs_are_unique() -> None:
    slugs = [rule(code).slug for code in CATALOGUE]
    assert len(set(slugs)) == len(slugs)


def test_pages_keep_one_sentence_per_line() -> None:
    for code in CATALOGUE:
        prose = re.sub(r"```.*?```|^- .*$|`[^`\n]*`", "", page(code), flags=re.DOTALL | re.MULTILINE)
        for line in prose.split("\n"):
            assert not re.search(r"[.!?] [A-Z]", line), f"{code}: {line}"


def test_links_between_pages_lead_somewhere() -> None:
    for code in CATALOGUE:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page(code)):
            assert (RULES / target).exists(), f"{code}: {target}"
