"""The YAML writer: every reader loads back the exact value."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nb2pipe.emit.yaml import dump_documents

LOADERS = [yaml.SafeLoader] + ([yaml.CSafeLoader] if hasattr(yaml, "CSafeLoader") else [])
TEXT = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \t\n\n  #:-'\"|>&*!%@`{}[],\\~é𝄞")))
KEYS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PITFALLS = [
    "y", "Y", "n", "N", "yes", "No", "ON", "off", "true", "False", "null", "Null", "~", "", " ", "0x1F", "0o17", "017", "0b1", "1_000", "1e3",
    "1.5e3", "1E+3", ".5", "5.", "+1", "-0", ".inf", "-.INF", ".nan", "nan", "inf", "190:20:30", "1:2", "2026-01-02", "2026-01-02T03:04:05Z", "=",
    "<<", "-", "--", "---", "...", "?", ":", "- a", "? a", "a: b", "a:", "a #b", "#a", "a#b", "&a", "*a", "!a", "!!str", "%a", "@a", "`a", "{a", "[a",
    "]a", "}a", ",a", "'a", '"a', "a'b", 'a"b', "a\\b", " a", "a ", "\ta", "a\t", "\u0085", "\u2028", "\ufeff", "\x7f", "\x00", "\x1b", "é", "𝄞",
    "\ufffe", "python:3.12", "a/b", "a, b", "a(b)",
]  # fmt: skip
BLOCKS = [
    "a\nb", "a\nb\n", "a\nb\n\n", "a\n\n\nb\n\n\n", "\na", "\n\n", "\n", "  a\nb", "\n  a\nb", "\ta\nb", "\n\ta\n", "a \nb  \n", "a\n \n", "a\n  ", "a\n\t",
    " \na", "  \n a", "#a\nb", "a\n#b", "- a\n- b", "a: b\nc: d\n", "---\na", "a\n---\nb\n", "...\na", "a\n...\n", "%a\nb", "a\r\nb", "a\rb\n", "é\n𝄞\n",
    "a\n\ufeffb", "a\u2028b\n", "a\x85\n", "a\n\x00", "a\n\x7f\n", "|\na", "a\n'b'\n\"c\"\n\\d", "\n \n", "\n\n a\n", "a\n\n", " \n", "\t\n", "a\n \n\n",
]  # fmt: skip


def read(text: str, loader: type) -> list[object]:
    return list(yaml.load_all(text, loader))


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", PITFALLS + BLOCKS)
def test_text_stays_text_in_every_place(text: str, loader: type) -> None:
    """A string is loaded back as itself at the root, in a list, as a value, deeper, and before something else."""
    documents = [text, [text, text], {"k": text, "l": [text, {"m": text, "n": [[text]]}]}, {"a": {"b": {"c": text}}, "z": text}]
    assert read(dump_documents(documents), loader) == documents


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", [text for text in PITFALLS if text])
def test_a_key_stays_text(text: str, loader: type) -> None:
    """A key is loaded back as itself, whatever it looks like."""
    assert read(dump_documents([{text: {text: 1}}]), loader) == [{text: {text: 1}}]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("number", [0, -1, 2**70, 0.0, -0.5, 1e16, 1e-7, 1.5e300, 5e-324, 3.0, math.inf, -math.inf])
def test_a_number_keeps_value_and_type(number: float, loader: type) -> None:
    """Integers stay integers and floats floats, also in the exponent form that YAML 1.1 is strict about."""
    [loaded] = read(dump_documents([number]), loader)
    assert (loaded, type(loaded)) == (number, type(number))


@pytest.mark.parametrize("loader", LOADERS)
@settings(max_examples=300, deadline=None)
@given(st.lists(DATA, min_size=1, max_size=3))
@example(["a\n"])
@example([[["a\n"], "b"]])
def test_any_data_is_loaded_back(loader: type, documents: list[object]) -> None:
    """Plain data of any shape survives; the writer has no special cases left to find."""
    assert read(dump_documents(documents), loader) == documents


def test_lone_surrogates_are_escaped() -> None:
    """A lone surrogate, which no encoding can hold, is written as an escape."""
    text = dump_documents(["a\n\ud800"])
    assert text == '"a\\n\\ud800"\n'


def test_code_is_a_literal_block() -> None:
    """Users review the file: their code stands there as they wrote it."""
    code = "if good:\n    print('{x}')\n"
    assert dump_documents([{"args": ["train", code], "flag": True}]) == (
        "args:\n- train\n- |\n  if good:\n      print('{x}')\nflag: true\n"
    )


def test_indent_indicator_only_where_needed() -> None:
    """Text whose first line begins with white space says how deep the block is; all other text does not."""
    assert dump_documents([{"a": "  x\ny"}]) == "a: |2-\n    x\n  y\n"
    assert dump_documents([["\n\tx\n\n"]]) == "- |2+\n\n  \tx\n\n"


def test_json_text_is_in_single_quotes() -> None:
    """JSON inside YAML stays readable."""
    assert dump_documents([{"a": '{"k":"it\'s"}'}]) == "a: '{\"k\":\"it''s\"}'\n"


def test_empty_collections() -> None:
    """Empty collections are written in flow style, the only form there is."""
    assert dump_documents([{"a": {}, "b": [], "c": None}]) == "a: {}\nb: []\nc: null\n"


@pytest.mark.parametrize("value", [{1: 2}, {"a": {3}}, [b"x"], {"a": 1j}])
def test_other_types_are_refused(value: object) -> None:
    """What is not plain data is a bug of the caller."""
    with pytest.raises(TypeError):
        dump_documents([value])  # type: ignore[list-item]


def test_a_key_no_reader_accepts_is_refused() -> None:
    """Readers stop looking for a key's colon after 1024 characters."""
    with pytest.raises(ValueError, match="longer than 1000"):
        dump_documents([{"k" * 1001: 1}])
