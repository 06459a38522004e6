"""Escaping is reversible and leaves nothing to interpret."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.runtime import ports, spec, values
from nb2pipe.emit.braces import escape, escape_value, unescape

TEXTS = st.text(alphabet="{}~$(a", max_size=40) | st.text()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(TEXTS)
def test_unescape_undoes_escape_in_both_halves(text: str) -> None:
    assert unescape(escape(text)) == text
    assert spec.unescape(escape(text)) == text
    assert ports.escape(text) == escape(text)


@given(TEXTS)
def test_an_escaped_text_holds_nothing_that_argo_or_the_kubelet_expands(text: str) -> None:
    assert not re.search(r"\{\{|\$\$|\$\(", escape(text))


@given(TEXTS)
def test_a_text_without_pairs_is_not_changed(text: str) -> None:
    if not re.search(r"\{~*\{|\$~*[$(]", text):
        assert escape(text) == text


@given(VALUES)
def test_values_come_back_at_any_depth(value: object) -> None:
    escaped = escape_value(value)
    assert values.map_strings(spec.unescape, escaped) == value
