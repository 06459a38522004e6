"""Findings as text for people."""

from __future__ import annotations

import pytest

from nb2pipe.diagnostics.as_text import as_text, summary
from nb2pipe.diagnostics.model import Diagnostic, Severity
from nb2pipe.diagnostics.place import CellText, FileText, in_order
from nb2pipe.rules.nb201 import NameReadBeforeDefinition
from nb2pipe.rules.nb305 import SecretLiteral
from nb2pipe.source import CellId


def test_the_look(file, findings) -> None:
    (finding,) = {each for each in findings if each.code == "NB201"}
    assert as_text([finding], file) == (
        "error[NB201] name-read-before-definition: `df` is read in step `train` but no earlier step defines it\n"
        "  churn.ipynb › cell 5 (step train), line 1, column 13\n"
        "    1 | model = fit(df)\n"
        "      |             ^^ read here\n"
        "  churn.ipynb › cell 2 (step load), line 2, column 5\n"
        "    2 | del df\n"
        "      |     -- deleted here\n"
        "  why: each step runs in its own container; it receives only what earlier steps produce\n"
        "  fix: define `df` in a cell tagged `step:` above, or make it a parameter\n"
        "  more: nb2pipe explain NB201\n"
        "\n"
    )


def test_order_is_file_cell_line_column_code_and_equals_are_said_once(file, findings) -> None:
    expected = [
        ("NB001", "not a notebook: it is empty"),
        ("NB001", "not a notebook: it is broken"),
        ("NB106", None),
        ("NB201", None),
        ("NB111", None),
    ]
    for shuffled in (findings, findings[::-1]):
        ordered = in_order(shuffled, file)
        assert [(each.code, message and each.message) for each, (_, message) in zip(ordered, expected, strict=True)] == expected


def test_places_of_files_and_whole_cells_quote_nothing(file, findings) -> None:
    text = as_text([each for each in findings if each.code in {"NB001", "NB111"}], file)
    assert "  churn.ipynb\n  why" in text
    assert "  churn.ipynb, line 3, column 5\n  why" in text
    assert "  churn.ipynb › cell 7\n  why" in text


@pytest.mark.parametrize(
    ("source", "first", "last", "shown", "underline"),
    [
        ("x = df", 4, 6, "x = df", "    ^^"),
        ("\tx = df", 5, 7, "    x = df", "        ^^"),
        ("a\tdf", 2, 4, "a   df", "    ^^"),
        ("漢字 = df", 5, 7, "漢字 = df", "       ^^"),
        ("x = '漢字'", 5, 7, "x = '漢字'", "     ^^^^"),
        ("e\u0301 = df", 5, 7, "e\u0301 = df", "    ^^"),
        ("x = '😀' + df", 10, 12, "x = '😀' + df", "           ^^"),
        ("x = ", 4, 4, "x =", "    ^"),
        ("x", 40, 50, "x", " ^"),
        ("\x1b[2J df", 5, 7, "\N{REPLACEMENT CHARACTER}[2J df", "     ^^"),
        ("'\ud800' df", 4, 6, "'\N{REPLACEMENT CHARACTER}' df", "    ^^"),
        ("\u200b\u202edf", 2, 4, "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}df", "  ^^"),
    ],
)
def test_underline_stands_under_what_is_meant(span, source, first, last, shown, underline) -> None:
    file = FileText(path="nb", cells={CellId("a"): CellText(number=1, source=source)})
    lines = as_text([SecretlessRule.at(span("a", 1, first, last))], file).split("\n")
    assert lines[2:4] == [f"    1 | {shown}".rstrip(), f"      | {underline} read here"]


SecretlessRule = NameReadBeforeDefinition(name="df", step="s")


def test_span_over_lines_is_underlined_to_the_end_of_its_first(file, span) -> None:
    assert "    2 | x = '''\n      |     ^^^ read here\n" in as_text([SecretlessRule.at(span("b", 2, 4, 3, 4))], file)


def test_gutter_is_as_wide_as_the_number(span) -> None:
    file = FileText(path="nb", cells={CellId("a"): CellText(number=1, source="\n" * 99 + "df")})
    assert "    100 | df\n        | ^^ read here\n" in as_text([SecretlessRule.at(span("a", 100, 0, 2))], file)


def test_long_line_is_cut_around_the_span(span) -> None:
    source = "x" * 1000 + "df" + "y" * 1000
    file = FileText(path="nb", cells={CellId("a"): CellText(number=1, source=source)})
    quoted, underlined = as_text([SecretlessRule.at(span("a", 1, 1000, 1002))], file).split("\n")[2:4]
    assert len(quoted) < 180
    at = underlined.index("^")
    assert quoted[at : at + 2] == "df"
    assert quoted.endswith("…")
    assert "| …x" in quoted


def test_secrets_are_hidden_in_every_quote_of_their_line(span) -> None:
    file = FileText(path="nb", cells={CellId("a"): CellText(number=1, source="password = 'hunter2'; df")})
    found = [SecretlessRule.at(span("a", 1, 22, 24)), SecretLiteral(name="the value of `password`").at(span("a", 1, 11, 20))]
    text = as_text(found, file)
    assert "hunter2" not in text
    assert text.count("password = •••••••••; df") == 2


def test_colour_only_when_asked(file, findings) -> None:
    plain, coloured = as_text(findings, file), as_text(findings, file, colour=True)
    assert "\x1b" not in plain
    import re

    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert "\x1b[1;31merror[NB201]\x1b[0m" in coloured


def test_nothing_to_say() -> None:
    assert as_text([], FileText(path="nb")) == ""
    assert summary([]) == "no findings"


def test_summary_counts_the_worst_first(findings) -> None:
    assert summary(set(findings)) == "3 errors, 1 warning, 1 note"


def test_findings_are_values(findings) -> None:
    assert findings[1] == findings[-1]
    assert len(set(findings)) == 5
    assert isinstance(findings[0], Diagnostic)
    assert findings[0].severity is Severity.NOTE
