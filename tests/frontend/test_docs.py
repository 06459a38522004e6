"""The page of the tags leaves out no word of the grammar; `tests/docs/test_tags.py` reads every tag of it."""

from __future__ import annotations

import re
from pathlib import Path

from nb2pipe.frontend.metadata import DEFAULTS, NOTEBOOK_KEYS
from nb2pipe.frontend.tags import FLAGS, KALE_FLAGS, KALE_VERBS, VERBS

PAGE = (Path(__file__).parents[2] / "compiler/docs/tags.md").read_text(encoding="utf-8")
OURS, KALE = PAGE.split("## Kale's tags")


def words(text: str) -> set[str]:
    """List the verbs and flags in the first column of the tables."""
    cells = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
    return {tag.partition(":")[0] for cell in cells for tag in re.findall(r"`([^`]+)`", cell)}


def test_every_word_of_the_grammar_is_on_the_page() -> None:
    assert words(OURS) == {*FLAGS, *VERBS}
    assert words(KALE) == {*KALE_FLAGS, *KALE_VERBS, "cache"}


def test_every_setting_is_on_the_page() -> None:
    settings = OURS.split("## Settings in metadata")[1]
    assert re.findall(r"^- `(\w+)`:", settings, re.MULTILINE) == list(NOTEBOOK_KEYS)
    (line,) = [line for line in settings.split("\n") if line.startswith("`defaults` may hold")]
    assert re.findall(r"`([a-z]+)`", line)[1:] == list(DEFAULTS)
