"""Each notebook in `notebooks/` prints the same whole and step by step, or is refused with the code that its first line names."""

from __future__ import annotations

from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent / "notebooks").glob("*.py"))


def first_line(path: Path) -> str:
    """Return what the first line of a notebook says of it, or nothing."""
    with path.open(encoding="utf-8") as file:
        line = file.readline().strip()
    return line[2:] if line.startswith(("# expect:", "# xfail:", "# slow")) else ""


def notebooks_that_run() -> list[object]:
    """List those that are not refused: ``slow``, ``xfail: reason`` or ``slow xfail: reason``."""
    found = []
    for path in NOTEBOOKS:
        said, _, reason = first_line(path).partition("xfail: ")
        if not said.startswith("expect:"):
            marks = [pytest.mark.slow] if said.startswith("slow") else []
            marks += [pytest.mark.xfail(reason=reason)] if reason else []
            found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


def refused_notebooks() -> list[object]:
    """List those with ``expect: CODE``."""
    said = {path: first_line(path) for path in NOTEBOOKS}
    return [pytest.param(path, text[8:], id=path.stem) for path, text in said.items() if text.startswith("expect: ")]


@pytest.mark.parametrize("probe", notebooks_that_run(), indirect=True)
def test_steps_print_what_the_notebook_prints(probe) -> None:
    whole = probe.whole()
    assert whole, "a probe prints its results"
    assert probe.stepwise() == whole


@pytest.mark.parametrize(("probe", "code"), refused_notebooks(), indirect=["probe"])
def test_what_cannot_be_split_is_refused(probe, code) -> None:
    checked = probe.check()
    assert checked.pipeline is None
    assert code in {each.code for each in checked.diagnostics if each.severity.value == "error"}
