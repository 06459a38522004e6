"""A run → what each of its steps was made from, as one text: equal texts mean the same code and the same inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.running.places import PACKAGE
from jupyter_mlops.submit.atomic import read_json
from jupyter_mlops.submit.package import read_package
from jupyter_mlops.submit.package_plan import planned_steps
from jupyter_mlops.submit.plan import digest_of_json

if TYPE_CHECKING:
    from jupyter_mlops.server.running.places import Place


def step_keys(place: Place) -> dict[str, str]:
    """Return the key of each step by label; steps that did not come to run here have none."""
    if place.job["kind"] == "kubeflow":
        return _of_package(place)
    record = read_json(place.folder / "run.json")
    entries: list[dict[str, Any]] = record["steps"] if isinstance(record, dict) else []
    return {each["step"] if each["item"] is None else f"{each['step']}[{each['item']}]": each["key"] for each in entries if each["key"]}


def _of_package(place: Place) -> dict[str, str]:
    """What runs on a cluster is known by its container and by what is above it: who made its inputs, and the parameters."""
    package = read_package((place.folder / PACKAGE).read_text(encoding="utf-8", errors="surrogatepass"))
    found: dict[str, str] = {}
    for name, step in planned_steps(package).items():
        makers = {port: [found.get(source.step, ""), source.port] for port, source in step.inputs.items()}
        found[name] = digest_of_json([step.command, step.arguments, makers, place.job["values"]])
    return found
