"""Steps → a test each: the pipeline runs once with its default parameters, and each step hands on what the analysis says it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.project.model import default_of

if TYPE_CHECKING:
    from nb2pipe.project.model import Function, Project, Value


def conftest_text(project: Project) -> str:
    """Write the fixture that runs the pipeline once."""
    missing = [each.name for each in project.pipeline.parameters if not default_of(each)]
    skip = ""
    if missing:
        names = ", ".join(missing)
        skip = (
            f"    missing = {missing!r}\n    if any(name not in PARAMETERS for name in missing):\n"
            f'        pytest.skip("the notebook gives no default for {names}: write values into PARAMETERS of conftest.py")\n'
        )
    return f'''{project.origin}
"""The pipeline runs once for all tests."""

import pytest

from {project.package}.pipeline import Results, run

PARAMETERS: dict = {{}}


@pytest.fixture(scope="session")
def results() -> Results:
    """Run the pipeline with its default parameters and those of PARAMETERS."""
{skip}    return run(**PARAMETERS)
'''


def test_text(function: Function, project: Project) -> str:
    """Write the tests of one step."""
    step, name = function.step, function.module
    types = {each for value in function.gives for each in value.type.split(" | ")}
    modules = sorted({each.rpartition(".")[0] for each in types if "." in each})
    imports = [*(f"import {module}" for module in modules), *(["import pytest"] if step.control.when else [])]
    head = (
        f'{project.origin}\n"""Step `{step.name}` does what it does in the notebook."""\n\n'
        + "\n".join(imports)
        + ("\n\n" if imports else "")
    )
    head += f"from {project.package}.pipeline import Results\n\n\n"
    guard = ""
    if step.control.when:
        empty = f"results.{name} is None" if function.outputs else f"not results.{name}"
        guard = f'    if {empty}:\n        pytest.skip("its condition {step.control.when} does not hold")\n'
    if not function.outputs:
        return (
            head
            + f'def test_{name}_runs(results: Results) -> None:\n    """The step runs to its end."""\n{guard}    assert results.{name}\n'
        )
    return head + "\n\n".join(_test(function, value, guard) for value in function.gives)


def _test(function: Function, value: Value, guard: str) -> str:
    step, got = function.module, f"results.{function.module}.{value.name}"
    if not value.type or value.type in ("None", "ellipsis"):
        said, checks = ("is None", [f"{got} is None"]) if value.type == "None" else ("has a value", [f"{got} is not None"])
    else:
        said, checks = f"is of type {value.type}", [f"isinstance({got}, {value.type})"]
    if value.type.startswith("pandas.DataFrame"):
        checks.append(f"len({got}) > 0")
    lines = "".join(f"    assert {check}\n" for check in checks)
    return f'def test_{step}_hands_on_{value.name}(results: Results) -> None:\n    """`{value.name}` {said}."""\n{guard}{lines}'
