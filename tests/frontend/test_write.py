"""Tags written into a notebook's text: nothing else changes."""

from __future__ import annotations

import json
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend.write import set_tags, write_tags

CELL = {
    "cell_type": "code",
    "execution_count": 3,
    "id": "a",
    "metadata": {},
    "outputs": [{"data": {"text/plain": '"tags": ["x"] \\" }{'}}],
    "source": "x = 1",
}
STYLES = {
    "Jupyter's": {"indent": 1, "sort_keys": True},
    "four blanks": {"indent": 4},
    "tabs": {"indent": "\t"},
    "one line": {},
    "compact": {"separators": (",", ":")},
    "escaped": {"indent": 2, "ensure_ascii": True},
}


def text_of(*metadata, **style) -> str:
    cells = [CELL | {"metadata": one} for one in metadata]
    document = {
        "cells": cells,
        "metadata": {"é": "漢😀", "nan": float("nan")},
        "nbformat": 4,
        "nbformat_minor": 5,
        "unknown": [1.0, 1e10],
    }
    return json.dumps(document, **({"ensure_ascii": False} | style))


def tags_in(text: str) -> list[object]:
    return [cell["metadata"].get("tags") for cell in json.loads(text)["cells"]]


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"tags": ["old"]},
        {"tags": []},
        {"a": 1, "z": {"b": 2}},
        {"z": 1, "a": 2},
        {"a": 1, "tags": ["old", "two"], "z": 2},
        {"collapsed": True},
    ],
)
def test_tags_are_set_and_only_they_differ(style, metadata) -> None:
    before = text_of({"tags": ["first"]}, metadata, **style)
    after = set_tags(before, {1: ["step:a", 'q"\\é']})
    assert tags_in(after) == [["first"], ["step:a", 'q"\\é']]
    expected = text_of({"tags": ["first"]}, metadata | {"tags": ["step:a", 'q"\\é']}, **style)
    assert json.loads(after)["cells"] == json.loads(expected)["cells"]
    if metadata.get("tags") != []:
        assert set_tags(after, {1: metadata.get("tags", [])}) == before


def test_jupyters_own_form_is_met_exactly() -> None:
    style = {"indent": 1, "sort_keys": True}
    for before, after in [
        ({}, {"tags": ["a", "b"]}),
        ({"jupyter": {}, "x": 1}, {"jupyter": {}, "tags": ["a"], "x": 1}),
        ({"tags": ["x"]}, {"tags": []}),
    ]:
        written = set_tags(text_of(before, **style) + "\n", {0: after["tags"]})
        expected = after if after["tags"] else {}
        assert written == text_of(expected, **style) + "\n"


def test_cell_without_metadata_gets_some() -> None:
    assert json.loads(set_tags('{"cells": [{"cell_type": "code", "source": ""}]}', {0: ["skip"]}))["cells"][0]["metadata"] == {
        "tags": ["skip"]
    }
    assert json.loads(set_tags('{"cells": [{}]}', {0: ["skip"]}))["cells"] == [{"metadata": {"tags": ["skip"]}}]


def test_windows_line_ends_and_byte_order_mark_stay() -> None:
    before = "\ufeff" + text_of({}, indent=1).replace("\n", "\r\n")
    after = set_tags(before, {0: ["a"]})
    assert "\n" not in after.replace("\r\n", "")
    assert after.startswith("\ufeff")
    assert set_tags(after, {0: []}) == before


TAG = st.text(max_size=8)
METADATA = st.dictionaries(
    st.sampled_from(["a", "tags2", "zz", 'k"', "}"]), st.sampled_from([1, "x", [], {}, {"tags": ["no"]}, '"tags": [', None, 1.5])
)


@settings(max_examples=80, deadline=None)
@given(st.lists(METADATA, min_size=1, max_size=4), st.lists(TAG, max_size=3), st.sampled_from(list(STYLES.values())), st.data())
def test_adding_and_removing_tags_gives_the_same_bytes(metadata, tags, style, data) -> None:
    before = text_of(*metadata, **style)
    index = data.draw(st.integers(0, len(metadata) - 1))
    after = set_tags(before, {index: tags})
    assert tags_in(after)[index] == (tags or None)
    assert set_tags(after, {index: []}) == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": 1}', '{"cells": [1]}', '{"nbformat": 3, "worksheets": []}', "[" * 100_000])
def test_what_is_no_notebook_of_format_4_is_refused(text) -> None:
    with pytest.raises(Nb2PipeError):
        set_tags(text, {0: ["a"]})


def test_missing_cell_is_refused() -> None:
    with pytest.raises(Nb2PipeError, match="no cell 2"):
        set_tags(text_of({}), {1: ["a"]})


def test_file_is_replaced_in_one_move_and_keeps_its_permissions(tmp_path) -> None:
    path = tmp_path / "nb.ipynb"
    path.write_text(text_of({}, indent=1), encoding="utf-8")
    path.chmod(0o640)
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    write_tags(str(link), {0: ["step:a"]})
    assert link.is_symlink()
    assert tags_in(path.read_text(encoding="utf-8")) == [["step:a"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.ipynb", "nb.ipynb"]


def test_unreadable_file_is_about_the_environment(tmp_path) -> None:
    with pytest.raises(Nb2PipeError, match="cannot read"):
        write_tags(str(tmp_path / "no.ipynb"), {0: ["a"]})
