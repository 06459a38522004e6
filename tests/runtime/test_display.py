"""Displays: text in the log, one self-contained page."""

from __future__ import annotations

import html.parser
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

RICH = """
class Rich:
    def __init__(self, **forms): self.__dict__.update({f"_repr_{k}_": (lambda v=v: v) for k, v in forms.items()})
    def __repr__(self): return "<rich>"
"""


def page(done: Any) -> str:
    """Read the page of a step and check that it is whole, and needs nothing from outside."""
    assert (done.status, done.stderr) == (0, "")
    text: str = done.path("display").read_text()
    html.parser.HTMLParser().feed(text)
    assert text.startswith("<!doctype html>")
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", text)
    assert done.artifact("display")["metadata"] == {}
    return text


def fragments(text: str) -> list[tuple[str, str]]:
    """Give (cell, HTML) of each display."""
    sections = re.findall(r"<section><h2>(.*?)</h2>\n(.*?)</section>", text, re.DOTALL)
    return [(cell, part) for cell, body in sections for part in re.findall(r"<div>(.*?)</div>\n", body, re.DOTALL)]


def test_each_cell_has_a_section_and_text_is_escaped(run_step: Callable[..., Any]) -> None:
    done = run_step("display('<b>', 2)\n'a & b'", "x = 1", "object()", displays=True)
    assert done.stdout.splitlines()[:3] == ["cell 1 │ '<b>'", "cell 1 │ 2", "cell 1 │ 'a & b'"]
    assert fragments(page(done)) == [
        ("cell 1", "<pre>&#x27;&lt;b&gt;&#x27;</pre>"),
        ("cell 1", "<pre>2</pre>"),
        ("cell 1", "<pre>&#x27;a &amp; b&#x27;</pre>"),
        ("cell 3", "<pre>&lt;object object at 0x…&gt;</pre>"),
    ]


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ("html='<i>h</i>', png=b'x'", "<i>h</i>"),
        ("svg='<svg/>'", "<svg/>"),
        ("png=b'\\x89P'", '<img alt="" src="data:image/png;base64,iVA=">'),
        ("png='iVA='", '<img alt="" src="data:image/png;base64,iVA=">'),
        ("markdown='# <t>'", "<pre># &lt;t&gt;</pre>"),
        ("html=None, latex='$x$'", "<pre>$x$</pre>"),
        ("mimebundle={'text/plain': 'p', 'text/html': '<u>'}", "<u>"),
        ("mimebundle=({'image/svg+xml': '<svg/>'}, {})", "<svg/>"),
        ("", "<pre>&lt;rich&gt;</pre>"),
    ],
)
def test_the_richest_form_is_shown(run_step: Callable[..., Any], forms: str, expected: str) -> None:
    done = run_step(RICH, f"Rich({forms})", displays=True)
    assert fragments(page(done)) == [("cell 2", expected)]
    assert done.stdout == "cell 2 │ <rich>\n"


def test_a_broken_repr_does_not_stop_the_step(run_step: Callable[..., Any]) -> None:
    code = "class Broken:\n    def __repr__(self): return 1 / 0\n    def _repr_html_(self): return 1 / 0"
    done = run_step(code, "display(Broken(), Broken)", displays=True)
    assert page(done)
    assert done.stdout.splitlines()[0] == "cell 2 │ <Broken: ZeroDivisionError in its repr>"


def test_the_page_of_equal_runs_is_equal(run_step: Callable[..., Any]) -> None:
    code = "import pandas as pd\npd.DataFrame({'a': [1]})"
    first, second = (page(run_step(code, "object()", displays=True)) for _ in range(2))
    assert first == second
    assert '<table border="1" class="dataframe">' in first


def test_matplotlib_figures_are_shown_where_the_notebook_shows_them(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import matplotlib.pyplot as plt\nfor i in range(2):\n    plt.plot([i])\n    plt.show()",
        "fig, ax = plt.subplots()",
        "fig",
        "print(plt.get_fignums())",
        displays=True,
        imports=("matplotlib",),
    )
    shown = fragments(page(done))
    assert [cell for cell, _ in shown] == ["cell 1", "cell 1", "cell 2", "cell 3"]
    assert all(part.startswith('<img alt="" src="data:image/png;base64,iVBOR') for _, part in shown)
    assert shown[0][1] != shown[1][1] or shown[1][1] != shown[2][1]
    assert done.stdout.splitlines()[-1] == "cell 4 │ []"


def test_plotly_figures_bring_their_code_once(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import plotly.graph_objects as go\nfig = go.Figure(go.Scatter(y=[1, 2]))\nfig.show()", "fig", displays=True, imports=("plotly",)
    )
    text = done.path("display").read_text()
    assert (done.status, done.stderr) == (0, "")
    assert text.count('class="plotly-graph-div"') == 2
    assert text.count("plotly.js v") >= 1
    assert [f'id="figure-{n}"' in text for n in (1, 2)] == [True, True]
    assert len(text) < 2 * 4_700_000


def test_ipython_displays_are_captured(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "from IPython.display import display, HTML, Markdown, clear_output\ndisplay(HTML('<b>x</b>'))\nMarkdown('# t')",
        displays=True,
        imports=("IPython",),
    )
    assert fragments(page(done)) == [("cell 1", "<b>x</b>"), ("cell 1", "<pre># t</pre>")]


def test_ipython_is_stood_in_for_where_it_is_missing(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import IPython\nfrom IPython.display import display, HTML, Markdown, Image, clear_output\nimport base64",
        "display(HTML('<b>x</b>'), Markdown('# t'), Image(b'\\x89PNG'))\ndisplay(1); clear_output(); display({'text/html': '<i>'}, raw=True)",
        displays=True,
        imports=("IPython",),
        python=(sys.executable, "-I", "-S"),
    )
    assert fragments(page(done)) == [("cell 2", "<i>")]
    assert done.stdout.count("cell 2 │") == 5


def test_ipython_is_stood_in_for_in_a_step_without_a_page(run_step: Callable[..., Any]) -> None:
    done = run_step("from IPython.display import display, HTML\ndisplay(2)", imports=("IPython",), python=(sys.executable, "-I", "-S"))
    assert (done.stderr, done.stdout) == ("", "cell 1 │ 2\n")


def test_a_step_without_a_page_still_logs_displays(run_step: Callable[..., Any]) -> None:
    assert run_step("display(5)").stdout == "cell 1 │ 5\n"


def test_a_long_text_is_cut(run_step: Callable[..., Any]) -> None:
    done = run_step("list(range(10000))")
    assert len(done.stdout) < 10_100
    assert done.stdout.endswith("… (58890 characters)\n")
