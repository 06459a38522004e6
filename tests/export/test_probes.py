"""Each probe, exported as a project, prints what its notebook prints, or is refused with the reason."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nb2pipe.api import export_file

PROBES = Path(__file__).parents[1] / "probes"
NOTEBOOKS = sorted((PROBES / "notebooks").glob("*.py"))
_spec = importlib.util.spec_from_file_location("probe_runs", PROBES / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
probe_runs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(probe_runs)

REFUSED: dict[str, str] = {
    "e9_metaclass_and_init_subclass": "several steps use the class",
    "f14_unbound_after_except": "`globals()` asks for names",
    "f4_shadowed_builtins": "`del max` brings the built-in `max` back",
    "r11_globals_and_exec_with_constant_text": "`exec()` asks for names",
    "r13_format_with_globals": "`globals()` asks for names",
    "r41_dunder_and_underscore_names": "private to a class",
    "r46_very_many_names": "`globals()` asks for names",
    "u20_globals_reads_names_that_could_cross": "`globals()` asks for names",
}
"""Notebooks that cannot be exported, with words of the reason."""

DIFFERENT: dict[str, str] = {
    "g12_pip_line_and_comment_only_cells": "a step says in its log that it installs nothing; a project does not",
    "g13_timeit_does_not_bind": "a step prints the value that it times; a project, like IPython, does not",
    "j1_parameters_of_every_type": "a step gets `[1, 2.5]` as `[1.0, 2.5]` from KFP; a project keeps what the notebook says",
    "s1_pandas_in_place_and_views": "warnings go to standard error, with a place in a module instead of a cell",
    "s9_matplotlib_figure_over_two_steps": "a project does not display the figure that a cell leaves open",
    "t9_state_machine_through_methods_of_a_held_object": "the class is one of the project's module, which its repr says",
}
"""Notebooks whose project answers differently, with the reason."""


def says(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def probe_of(path: Path, folder: Path):
    """Read a probe. The model that a last line ``model.fit(…)`` displays is not printed by a project, so the notebook shall not display it either."""
    probe = probe_runs.Probe(path, folder)
    probe.text = re.sub(r"(?m)^(\w.*\.fit\(.*\))$", r"\1;", probe.text)
    return probe


def exported(path: Path, folder: Path):
    """Export a probe; its first line may be about another test."""
    notebook = folder / "probe.py"
    notebook.write_text(probe_of(path, folder).text, encoding="utf-8")
    return export_file(str(notebook), str(folder / "project"))


def runs() -> list[object]:
    found = []
    for path in NOTEBOOKS:
        if says(path).startswith("# expect:") or "xfail:" in says(path) or path.stem in REFUSED:
            continue
        marks = [pytest.mark.xfail(reason=DIFFERENT[path.stem])] if path.stem in DIFFERENT else []
        found.append(pytest.param(path, id=path.stem, marks=marks))
    return found


def python(project: Path, folder: Path, *words: str) -> str:
    """Run Python with the project on its path, in a folder of its own."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PYTHONPATH": str(project / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("path", runs())
def test_project_prints_what_the_notebook_prints(path: Path, tmp_path: Path) -> None:
    checked, files = exported(path, tmp_path)
    assert files, [each.message for each in checked.diagnostics]
    project = tmp_path / "project"
    printed = python(project, tmp_path / "here", "-m", "probe").splitlines()
    assert [probe_runs.CHANCE.sub("…", line) for line in printed] == probe_of(path, tmp_path).whole()
    assert " passed" in python(
        project, tmp_path / "there", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(project), str(project / "tests")
    )


@pytest.mark.parametrize("stem", sorted(REFUSED))
def test_what_has_no_plain_form_is_refused(stem: str, tmp_path: Path) -> None:
    checked, files = exported(PROBES / "notebooks" / f"{stem}.py", tmp_path)
    assert not files
    assert not (tmp_path / "project").exists()
    assert any(each.code == "NB706" and REFUSED[stem] in each.message for each in checked.diagnostics)
