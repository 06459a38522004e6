"""Each example notebook: an ordinary notebook, a golden pipeline, and a run whose numbers are the notebook's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "example_notebooks"
GOLDEN = Path(__file__).parent / "golden"

# The names whose values are compared: step and metrics port's name in the pipeline, variable in the notebook.
METRICS = {
    "01_tabular": {"evaluate": "scores"},
    "02_tensorflow": {"evaluate": "accuracy"},
    "03_sweep": {"choose": "sweep", "refit": "final"},
}
# Plays servers and customers around its pipeline, and uses the verbs: its run is `tests/feedback/test_lifecycle.py`.
LIFECYCLE = "04_lifecycle"
NAMES = sorted([*METRICS, LIFECYCLE])


def nb2pipe(*arguments: str, python_path: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    import os

    environment = os.environ | {"PYTHONPATH": python_path}
    return subprocess.run(
        [sys.executable, "-m", "nb2pipe", *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )


def cells(name: str) -> list[dict]:
    return json.loads((EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def test_every_example_is_in_the_table():
    assert sorted(path.stem for path in EXAMPLES.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
class TestFile:
    def test_is_valid_with_stable_cell_ids(self, name):
        document = json.loads((EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
        import nbformat

        nbformat.validate(nbformat.from_dict(document))
        identities = [cell["id"] for cell in document["cells"]]
        assert len(set(identities)) == len(identities)
        assert [identity for identity in identities if not re.fullmatch(r"[a-z][a-z-]*", identity)] == []

    def test_holds_no_outputs(self, name):
        code = [cell for cell in cells(name) if cell["cell_type"] == "code"]
        assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []

    def test_needs_nothing_of_ours(self, name):
        if name == LIFECYCLE:
            pytest.skip("it shows the verbs")
        source = "\n".join("".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code")
        assert re.findall(r"jupyter_mlops|nb2pipe|%|!pip", source) == re.findall(r"(?<=\d )%", source)


@pytest.mark.parametrize("name", NAMES)
def test_checks_clean(name, python_path, tmp_path):
    result = nb2pipe("check", str(EXAMPLES / f"{name}.ipynb"), python_path=python_path, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def without_runtime(text: str) -> str:
    """Leave out what changes with every line of the step runtime, which has tests of its own: the packed runtime and the digest over all."""
    text = re.sub(r"^( *- )\S{3000,}$", r"\1(the step runtime)", text, flags=re.MULTILINE)
    return re.sub(r"^# Content sha256:[0-9a-f]{64}$", "# Content sha256:(of all below)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_compiles_to_the_golden(name, golden, python_path, tmp_path):
    shutil.copy(EXAMPLES / f"{name}.ipynb", tmp_path)
    result = nb2pipe("compile", f"{name}.ipynb", "-o", f"{name}.yaml", python_path=python_path, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    text = without_runtime((tmp_path / f"{name}.yaml").read_text(encoding="utf-8"))
    assert text.count("(the step runtime)") == len(
        {tag for cell in cells(name) for tag in cell["metadata"].get("tags", []) if tag.startswith("step:")}
    )
    golden(GOLDEN / f"{name}.yaml", text)


@pytest.fixture(scope="module")
def executed():
    """Run a notebook top to bottom with nbclient, once: what each cell printed, and the values asked for."""
    import nbclient
    import nbformat

    done: dict[str, tuple[dict[str, list[str]], dict[str, object]]] = {}

    def run(name: str):
        if name not in done:
            notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
            wanted = ", ".join(f"{variable!r}: {variable}" for variable in METRICS[name].values())
            probe = nbformat.v4.new_code_cell(f"import json\nprint(json.dumps({{{wanted}}}))", id="probe")
            notebook.cells.append(probe)
            nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(EXAMPLES)}}).execute()
            printed = {
                cell.id: "".join(
                    output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout"
                ).splitlines()
                for cell in notebook.cells
                if cell.cell_type == "code"
            }
            done[name] = printed, json.loads(printed.pop("probe")[-1])
        return done[name]

    return run


@pytest.fixture(scope="module")
def ran(tmp_path_factory, python_path):
    """Run an example's pipeline, once: the result, and every line of every step's log."""
    done: dict[str, tuple[dict, str]] = {}

    def run(name: str):
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            shutil.copy(EXAMPLES / f"{name}.ipynb", folder)
            result = nb2pipe("run", f"{name}.ipynb", "--format", "json", python_path=python_path, cwd=folder)
            assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
            outcome = json.loads(result.stdout)
            logs = [Path(outcome["directory"]) / step["log"] for step in outcome["steps"] if step["log"]]
            done[name] = outcome, "\n".join(path.read_text(encoding="utf-8") for path in logs)
        return done[name]

    return run


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(METRICS))
class TestRun:
    def test_every_step_succeeds(self, name, ran):
        outcome, _ = ran(name)
        assert {step["step"]: step["state"] for step in outcome["steps"]} == {step["step"]: "succeeded" for step in outcome["steps"]}
        tagged = {tag.split(":")[1] for cell in cells(name) for tag in cell["metadata"].get("tags", []) if tag.startswith("step:")}
        assert {step["step"] for step in outcome["steps"]} == tagged

    def test_the_metrics_are_the_numbers_of_the_notebook(self, name, ran, executed):
        outcome, _ = ran(name)
        _, values = executed(name)
        for step_name, variable in METRICS[name].items():
            (step,) = (step for step in outcome["steps"] if step["step"] == step_name)
            (metrics,) = (
                artifact["metadata"]
                for artifact in step["artifacts"].values()
                if artifact["type"].endswith("Metrics") and "Classification" not in artifact["type"]
            )
            numbers = {key: value for key, value in metrics.items() if isinstance(value, int | float)}
            value = values[variable]
            assert numbers == (value if isinstance(value, dict) else {variable: value})

    def test_every_line_that_the_notebook_prints_is_printed_by_a_step(self, name, ran, executed):
        _, log = ran(name)
        printed, _ = executed(name)
        # A library's own message may name a temporary folder.
        lines = [line for cell in printed.values() for line in cell if line.strip() and not line.startswith("INFO:")]
        assert len(lines) >= 4
        ends = log.splitlines()
        assert [line for line in lines if not any(end.endswith(line) for end in ends)] == []


@pytest.mark.slow
def test_a_broken_expectation_stops_the_first_example(tmp_path, python_path):
    """Real data, made wrong in one place: the pipeline stops in `validate`, and says which expectation failed."""
    source = (EXAMPLES / "01_tabular.ipynb").read_text(encoding="utf-8")
    assert "min_value=500" in source
    (tmp_path / "broken.ipynb").write_text(source.replace("min_value=500", "min_value=5000"), encoding="utf-8")
    result = nb2pipe("run", "broken.ipynb", "--format", "json", python_path=python_path, cwd=tmp_path)
    assert result.returncode == 1
    states = {step["step"]: step for step in json.loads(result.stdout)["steps"]}
    assert {name: step["state"] for name, step in states.items()} == {
        "load": "succeeded",
        "validate": "failed",
        **dict.fromkeys(("features", "linear", "forest", "evaluate", "gate", "choose"), "not run"),
    }
    assert "expect_table_row_count_to_be_between" in states["validate"]["headline"]


@pytest.mark.slow
def test_the_gate_stops_the_first_example(tmp_path, python_path):
    shutil.copy(EXAMPLES / "01_tabular.ipynb", tmp_path)
    result = nb2pipe("run", "01_tabular.ipynb", "-p", "minimum_accuracy=0.999", "--format", "json", python_path=python_path, cwd=tmp_path)
    assert result.returncode == 1
    states = {step["step"]: step for step in json.loads(result.stdout)["steps"]}
    assert (states["gate"]["state"], states["choose"]["state"]) == ("failed", "not run")
    assert "NB804" in states["gate"]["headline"]
