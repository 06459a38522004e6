"""The page of tags, tag by tag: what it shows is what the compiler reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nb2pipe.frontend.arguments import read_argument
from nb2pipe.frontend.tags import parse_tags, translate
from nb2pipe.source import CellId

ROOT = Path(__file__).resolve().parents[2]
OURS, KALES = (ROOT / "compiler" / "docs" / "tags.md").read_text(encoding="utf-8").split("## Kale's tags")
ROWS = re.compile(r"^\| (.+?) \| (.+?) \|$", flags=re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def shown(page: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in ROWS.findall(page) if not row[0].startswith(("---", "tag", "Kale's"))]


TAGS = [text for cell, _ in shown(OURS) for text in CODE.findall(cell)]


def test_the_page_shows_tags():
    assert len(TAGS) > 40


@pytest.mark.parametrize("text", TAGS)
def test_every_tag_on_the_page_is_read_without_a_finding(text):
    result = parse_tags([text], CellId("cell"))
    assert [finding.message for finding in result.diagnostics] == []
    (tag,) = result.value
    if tag.argument and tag.verb != "step":
        read_argument(tag.verb, tag.argument)


def test_the_table_of_kales_tags_is_the_translation():
    wrong = []
    for theirs, ours in shown(KALES):
        left, right = CODE.findall(theirs), CODE.findall(ours)
        if not right or left == ["pipeline-metrics"] or len(right) not in {1, len(left)}:
            continue
        wrong += [
            (text, mine)
            for text, mine in zip(left, right * len(left) if len(right) == 1 else right, strict=False)
            if translate(text) != mine
        ]
    assert wrong == []
