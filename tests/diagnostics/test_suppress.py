"""Silencing findings."""

from __future__ import annotations

from nb2pipe.diagnostics.suppress import apply_suppressions
from nb2pipe.frontend import read_text
from nb2pipe.frontend.lint import lint

TEXT = "# %% step:a{tags}\neval('1')\nx = open('a.txt')\n# %%\neval('2')\n"


def codes(text: str, **settings) -> list[tuple[str, str | None]]:
    import json

    from nb2pipe.frontend.percent import read_percent

    notebook = read_percent(text, "nb.py").value
    if settings:
        cells = [
            {"cell_type": cell.kind.value, "source": cell.source, "metadata": {"tags": [tag.text for tag in cell.tags]}}
            for cell in notebook.cells
        ]
        notebook = read_text(json.dumps({"cells": cells, "metadata": {"nb2pipe": settings}}), "nb.ipynb").value
    return [(each.code, each.span and each.span.cell) for each in apply_suppressions(notebook, lint(notebook))]


def test_a_cells_tag_silences_its_code_in_this_cell_only() -> None:
    assert codes(TEXT.format(tags=" ignore:NB209")) == [("NB301", "cell-0"), ("NB209", "cell-1")]


def test_unused_suppression_is_nb109_and_follows_the_others() -> None:
    assert codes(TEXT.format(tags=" ignore:NB304")) == [("NB209", "cell-0"), ("NB301", "cell-0"), ("NB209", "cell-1"), ("NB109", "cell-0")]


def test_codes_that_checking_never_reports_are_not_called_unused() -> None:
    assert "NB109" not in {code for code, _ in codes(TEXT.format(tags=" ignore:NB803 ignore:NB703 ignore:NB601"))}


def test_cell_metadata_and_small_letters_work_too() -> None:
    assert codes(TEXT.format(tags=' nb2pipe={"ignore": ["nb209", "NB301"]}')) == [("NB209", "cell-1")]


def test_the_notebooks_defaults_silence_everywhere_and_are_never_unused() -> None:
    assert codes(TEXT.format(tags=""), defaults={"ignore": ["NB209", "NB304"]}) == [("NB301", "cell-0")]


def test_a_finding_about_the_file_stays() -> None:
    result = read_text('{"cells": [], "metadata": {"nb2pipe": {"defaults": {"ignore": "NB008"}}}}', "nb.ipynb")
    assert [each.code for each in apply_suppressions(result.value, result.diagnostics)] == ["NB008"]
