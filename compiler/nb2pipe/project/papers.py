"""A project → its `pyproject.toml` and its `README.md`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nb2pipe.ir.text import pipeline_mermaid
from nb2pipe.project.model import annotation_of, default_of

if TYPE_CHECKING:
    from nb2pipe.ir.pipeline import Step
    from nb2pipe.project.model import Project


def pyproject_text(project: Project, requirements: list[str], python: str | None) -> str:
    """Write the package's metadata."""
    parts = tuple(int(part) for part in (python or "").split(".")[:2] if part.isdigit())
    least = max((3, 10), parts) if len(parts) == 2 else (3, 10)
    listed = "".join(f"    {json.dumps(each)},\n" for each in requirements)
    dependencies = f"dependencies = [\n{listed}]" if requirements else "dependencies = []"
    return f"""{project.origin}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{project.name}"
version = "0.1.0"
description = {json.dumps(f"The steps of {project.notebook} as a package", ensure_ascii=False)}
readme = "README.md"
requires-python = ">={least[0]}.{least[1]}"
{dependencies}

[project.scripts]
{project.name} = "{project.package}.__main__:main"

[dependency-groups]
test = ["pytest"]

[tool.hatch.build.targets.wheel]
packages = ["src/{project.package}"]

[tool.pytest.ini_options]
pythonpath = ["src"]
testpaths = ["tests"]
"""


def readme_text(project: Project, local: list[str]) -> str:
    """Write what a person needs to know."""
    pipeline = project.pipeline
    parts = [
        f"<!-- {project.origin.removeprefix('# ')} -->\n# {project.name}",
        pipeline.description,
        f"The steps of `{project.notebook}` as plain Python functions, one module each, in `src/{project.package}/steps/`.",
        f"`src/{project.package}/pipeline.py` calls them in order.",
        f"```console\npip install -e .\npython -m {project.package}\n```\n\n```console\npip install pytest\npytest\n```",
        "Paths of files are relative to the folder that you start it in, as in the notebook.",
        _parameters(project),
        f"```mermaid\n{pipeline_mermaid(pipeline).rstrip()}\n```",
        _settings(project),
    ]
    if local:
        names = ", ".join(f"`{name}`" for name in local)
        parts.append(f"The notebook imports files that stood beside it and are not part of this project: {names}.\nCopy them to `src/`.")
    return "\n\n".join(part for part in parts if part) + "\n"


def _parameters(project: Project) -> str:
    rows = [
        f"| `--{each.name.replace('_', '-')}` | `{annotation_of(each)}` | {f'`{default_of(each)}`' if default_of(each) else 'required'} | {each.description} |"
        for each in project.pipeline.parameters
    ]
    return "| parameter | type | default | |\n| --- | --- | --- | --- |\n" + "\n".join(rows).replace(" |  |", " | |") if rows else ""


def _settings(project: Project) -> str:
    """List what the tags ask of a cluster: in one process nobody does it."""
    rows = [(step.name, text) for step in project.pipeline.steps if (text := _setting(step))]
    if not rows:
        return ""
    listed = "\n".join(f"- `{name}`: {text}" for name, text in rows)
    return f"The notebook asks for this on a cluster; here it has no effect:\n\n{listed}"


def _setting(step: Step) -> str:
    resources, policy = step.resources, step.policy
    found = [f"{name} {value}" for name, value in (("cpu", resources.cpu), ("memory", resources.memory), ("disk", resources.disk)) if value]
    found += [f"{resources.accelerator.count} × {resources.accelerator.resource}"] if resources.accelerator else []
    found += [f"image {step.image}"] if step.image else []
    found += [f"{policy.retries} retries"] if policy.retries else []
    found += [f"a limit of {policy.timeout_seconds} seconds"] if policy.timeout_seconds else []
    found += [f"secret {each.secret}/{each.key} as {each.variable}" for each in policy.secrets]
    found += [f"volume {each.claim} at {each.path}" for each in policy.volumes]
    return ", ".join([*found, *(f"{name}={value}" for name, value in policy.environment)])
