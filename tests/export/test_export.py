"""The project that an export writes: its files, its folder, and the command."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops.submit.local import run as run_plan
from nb2pipe.api import compile_pipeline, export_file
from nb2pipe.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "example_notebooks"
LINE = re.compile(r"cell (\d+) │ ?(.*)")
DOCS = ROOT / "compiler" / "docs" / "export.md"


def written(tmp_path: Path, text: str) -> Path:
    """Export a percent script; return the folder of the package."""
    notebook = tmp_path / "churn.py"
    notebook.write_text(text, encoding="utf-8")
    checked, files = export_file(str(notebook), str(tmp_path / "out"))
    assert files, [each.message for each in checked.diagnostics]
    return tmp_path / "out" / "src" / "churn"


def body(path: Path) -> str:
    """Return the source of the step's function."""
    text = path.read_text(encoding="utf-8")
    node = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == path.stem)
    return ast.get_source_segment(text, node) or ""


TWO_STEPS = """# %% parameters
depth = 3
columns = ["a"]
# %% step:load
rows = [depth, 2]
# %% step:train
rows.append(len(columns))
print(rows)
"""


def test_a_step_is_a_function_of_its_inputs_and_parameters(tmp_path):
    package = written(tmp_path, TWO_STEPS)
    assert body(package / "steps" / "train.py") == (
        "def train(*, rows: list, columns: list | None = None) -> None:\n"
        '    """Step `train`: cell 3 of the notebook."""\n'
        "    columns = ['a'] if columns is None else copy.deepcopy(columns)\n"
        "    rows.append(len(columns))\n"
        "    print(rows)"
    )


def test_the_same_notebook_gives_the_same_bytes(tmp_path):
    first, second = (tmp_path / name for name in ("first", "second"))
    for folder in (first, second):
        export_file(str(EXAMPLES / "01_tabular.ipynb"), str(folder))
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert [(first / name).read_bytes() for name in names] == [(second / name).read_bytes() for name in names]


def test_every_file_says_where_it_is_from(tmp_path):
    written(tmp_path, TWO_STEPS)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert len(files) == 11
    assert [path for path in files if "From churn.py (sha256 " not in path.read_text(encoding="utf-8").partition("\n")[0]] == []


def test_an_export_is_written_over_by_the_next(tmp_path):
    written(tmp_path, TWO_STEPS)
    package = written(tmp_path, TWO_STEPS.replace("step:train", "step:fit"))
    assert sorted(path.name for path in (package / "steps").iterdir()) == ["__init__.py", "fit.py", "load.py"]


@pytest.mark.parametrize("name", ["notes.txt", "src/churn/pipeline.py"])
def test_what_somebody_wrote_is_not_written_over(name, tmp_path, capsys):
    package = written(tmp_path, TWO_STEPS)
    (tmp_path / "out" / name).write_text("mine", encoding="utf-8")
    assert main(["export", str(tmp_path / "churn.py"), "-o", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert f"holds `{name}`, which no export wrote" in error
    assert "hint: choose a new folder" in error
    assert (tmp_path / "out" / name).read_text(encoding="utf-8") == "mine"
    assert (package / "steps" / "train.py").exists()


def test_caches_of_tools_are_no_obstacle(tmp_path):
    package = written(tmp_path, TWO_STEPS)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "pipeline.pyc").write_bytes(b"")
    assert written(tmp_path, TWO_STEPS) == package


def test_no_part_of_an_export_stays_when_the_folder_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    notebook = tmp_path / "churn.py"
    notebook.write_text(TWO_STEPS, encoding="utf-8")
    assert main(["export", str(notebook), "-o", str(tmp_path / "file" / "out")]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["churn.py", "file"]


def test_json_lists_the_files(tmp_path, capsys):
    notebook = tmp_path / "churn.py"
    notebook.write_text(TWO_STEPS, encoding="utf-8")
    assert main(["export", str(notebook), "-o", str(tmp_path / "out"), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["output"] == str(tmp_path / "out")
    assert all((tmp_path / "out" / name).is_file() for name in printed["files"])
    assert "src/churn/pipeline.py" in printed["files"]


def test_a_notebook_with_errors_is_not_exported(tmp_path, capsys):
    notebook = tmp_path / "churn.py"
    notebook.write_text("# %% step:a\nprint(nowhere)\n", encoding="utf-8")
    assert main(["export", str(notebook), "-o", str(tmp_path / "out")]) == 1
    assert "NB201" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_requirements_are_pinned_where_the_notebook_says_the_version(tmp_path):
    (tmp_path / "requirements.txt").write_text("scikit-learn==1.5.2\n", encoding="utf-8")
    text = "# %% step:a\n%pip install pandas==2.2.3\nimport os, pandas, sklearn, yaml\nprint(os.sep, pandas, sklearn, yaml)\n"
    written(tmp_path, text)
    project = (tmp_path / "out" / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dependencies = [\n    "pandas==2.2.3",\n    "PyYAML",\n    "scikit-learn==1.5.2",\n]' in project


def test_a_definition_of_several_steps_is_written_once(tmp_path):
    package = written(tmp_path, "# %% step:a\ndef double(x):\n    return 2 * x\ny = double(1)\n# %% step:b\nprint(double(y))\n")
    texts = {path.name: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    assert [name for name, text in texts.items() if "def double" in text] == ["definitions.py"]
    assert "from ..definitions import double" in texts["a.py"]


def test_a_star_import_names_what_is_used(tmp_path):
    package = written(tmp_path, "# %% step:a\nfrom math import *\nx = floor(pi)\ne = 3\nprint(e)\n# %% step:b\nprint(x, e, ceil(0.5))\n")
    assert "    from math import ceil, e, floor, pi\n    x = floor(pi)\n" in body(package / "steps" / "a.py")
    done = subprocess.run([sys.executable, "-m", "churn"], cwd=package.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "3\n3 3 1\n"


def test_text_cells_become_comments(tmp_path):
    package = written(tmp_path, "# %% [markdown]\n# # Load\n# Rows of 2024.\n# %% step:a\nx = 1\nprint(x)\n")
    assert "    # # Load\n    # Rows of 2024.\n    x = 1" in body(package / "steps" / "a.py")


def test_a_magic_without_effect_is_said_to_have_none(tmp_path):
    package = written(tmp_path, "# %% step:a\n%matplotlib inline\nprint(1)\n")
    assert "pass  # %matplotlib inline: steers a notebook, nothing to do here" in body(package / "steps" / "a.py")


def test_lines_of_a_text_keep_their_indentation(tmp_path):
    package = written(tmp_path, '# %% step:a\ntext = """one\n  two\n"""\nprint(text)\n')
    assert '    text = """one\n  two\n"""\n    print(text)' in body(package / "steps" / "a.py")


def test_a_condition_skips_its_step(tmp_path):
    package = written(
        tmp_path, "# %% parameters\ndeploy = False\n# %% step:a\nx = 1\n# %% step:b when:deploy\ny = x\n# %% step:c\nprint(y)\n"
    )
    text = (package / "pipeline.py").read_text(encoding="utf-8")
    assert "    b_outputs = None\n    if deploy:\n        b_outputs = b(x=a_outputs.x)\n" in text
    assert "    if deploy:\n        c(y=b_outputs.y)\n" in text


def test_a_step_between_the_cells_of_another_changes_a_copy(tmp_path):
    text = "# %% step:make\nx = [1]\n# %% step:read\nn = len(x)\n# %% step:change\nx.append(2)\nm = len(x)\n# %% step:read\nprint(n, m)\n"
    package = written(tmp_path, text)
    done = subprocess.run([sys.executable, "-m", "churn"], cwd=package.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "1 2\n"


def test_an_exit_step_runs_whatever_happened(tmp_path):
    text = "# %% step:a\nprint(1 / 0)\n# %% step:bye on-exit\nimport os\nprint(os.environ['NB2PIPE_RUN_STATE'])\n"
    package = written(tmp_path, text)
    done = subprocess.run([sys.executable, "-m", "churn"], cwd=package.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "FAILED\n")
    assert "ZeroDivisionError" in done.stderr


def test_a_test_of_the_project_fails_when_its_step_changes(tmp_path):
    package = written(tmp_path, TWO_STEPS)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    assert subprocess.run(run, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 0
    step = package / "steps" / "load.py"
    # of another length: within one second, bytecode is told from its source by the size alone
    step.write_text(step.read_text(encoding="utf-8").replace("rows = [depth, 2]", "rows = (depth, 20)"), encoding="utf-8")
    assert subprocess.run(run, cwd=tmp_path / "out", capture_output=True, check=False).returncode == 1


def test_the_docs_name_every_kind_of_file(tmp_path):
    text = "# %% step:a\n!echo one\nclass C:\n    pass\nc = C()\n# %% step:b\nprint(type(c) is C)\n"
    package = written(tmp_path, text)
    shown = DOCS.read_text(encoding="utf-8")
    files = [path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    patterns = {name.replace("churn", "PACKAGE").replace("/a.py", "/STEP.py").replace("_a.py", "_STEP.py") for name in files}
    named = {
        name for name in patterns if name.split("/")[-1] not in ("__init__.py", "b.py", "test_b.py", "conftest.py", ".nb2pipe-export.json")
    }
    assert package.is_dir()
    assert [name for name in sorted(named) if f"`{name}`" not in shown] == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "silent"), [("01_tabular", {14, 15}), ("03_sweep", set())])
def test_example_passes_its_own_tests_and_prints_what_its_pipeline_prints(name, silent, tmp_path):
    """`silent` are the cells that end with ``model.fit(…)``: a project does not print the model."""
    checked, files = export_file(str(EXAMPLES / f"{name}.ipynb"), str(tmp_path / "out"))
    assert files, [each.message for each in checked.diagnostics]
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore"]
    done = subprocess.run(tests, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    package = next((tmp_path / "out" / "src").iterdir())
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", package.name], cwd=package.parent, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [line for cell, line in printed_by_pipeline(checked.pipeline, tmp_path) if cell not in silent]


def printed_by_pipeline(pipeline, tmp_path: Path) -> list[tuple[int, str]]:
    """Run a pipeline step by step; list the lines that each cell prints or displays, in the order of the cells."""
    plan = json.loads(compile_pipeline(pipeline, backend="local").files[0].text)
    result = run_plan(plan, directory=tmp_path, state=tmp_path / "state", fresh=True, workers=1)
    assert result.exit == 0
    lines = [LINE.fullmatch(line) for step in result.steps if step.log for line in step.log.read_text(encoding="utf-8").splitlines()]
    return sorted(((int(line[1]), line[2]) for line in lines if line), key=lambda pair: pair[0])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["01_tabular", "03_sweep"])
def test_ruff_has_nothing_to_say_but_about_the_notebooks_own_code(name, tmp_path):
    export_file(str(EXAMPLES / f"{name}.ipynb"), str(tmp_path / "out"))
    ruff = [Path(sys.executable).with_name("ruff"), "check", "--isolated", "--select", "E4,E7,E9,F", "--output-format", "json", "."]
    found = json.loads(subprocess.run(ruff, cwd=tmp_path / "out", capture_output=True, text=True, check=False).stdout)
    own = ["F841"]  # a name that a cell binds and no other reads
    assert [each for each in found if each["code"] not in own] == []
