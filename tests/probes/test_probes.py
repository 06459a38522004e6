"""Each notebook in `notebooks/` prints the same whole and step by step, or is refused with the code that its first line names."""

from __future__ import annotations

from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent / "notebooks").glob("*.py"))


def expectation(path: Path) -> str:
    """Return the first line of a notebook when it says what is expected, else nothing."""
    with path.open(encoding="utf-8") as file:
        line = file.readline().strip()
    return line if line.startswith(("# expect:", "# xfail:", "# slow")) else ""


def cases(*, refused: bool) -> list[object]:
    """List the notebooks that must be refused, or those that must run."""
    found = []
    for path in NOTEBOOKS:
        expected = expectation(path)
        if expected.startswith("# expect:") is not refused:
            continue
        marks = [pytest.mark.slow] if expected.startswith("# slow") else []
        if "xfail:" in expected:
            marks.append(pytest.mark.xfail(reason=expected.partition("xfail:")[2].strip()))
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


@pytest.mark.parametrize("probe", cases(refused=False), indirect=True)
def test_steps_print_what_the_notebook_prints(probe) -> None:
    whole = probe.whole()
    assert whole, "a probe prints its results"
    assert probe.stepwise() == whole


@pytest.mark.parametrize(("probe", "code"), [(*each.values, expectation(each.values[0])[10:].strip()) for each in cases(refused=True)],
                         indirect=["probe"], ids=[each.id for each in cases(refused=True)])  # fmt: skip
def test_what_cannot_be_split_is_refused(probe, code) -> None:
    checked = probe.check()
    assert checked.pipeline is None
    assert code in {each.code for each in checked.diagnostics if each.severity.value == "error"}
